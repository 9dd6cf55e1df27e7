"""Life as one unit: what happens to the spheres at each grid point, before anything is rendered."""

from __future__ import annotations

import numpy as np

from weaver.dsp.chance import sow
from weaver.dsp.jit import kernel
from weaver.dsp.sizes import SPHERES
from weaver.dsp.units import MEET_SET, PREPARE_LIFE
from weaver.life.hum import hum
from weaver.life.light import glow

SOWN_APART = np.uint64(0x5EED)
"""Mixed into the seed, so that life's chance and the hands' are two."""


@kernel
def life_unit(state):
    """Do what `ask` says."""
    if state.asked == PREPARE_LIFE:
        sow(state.life.chance, state.seed ^ SOWN_APART)
    elif state.asked == MEET_SET:
        meet_set(state)
    else:
        live(state)


@kernel
def meet_set(state):
    """New spheres have come, and nothing has happened to them yet."""


@kernel
def live(state):
    """A cell's length of life."""
    for s in range(SPHERES):
        if state.sphere.awake[s]:
            hum(state, s)
            glow(state, s)
