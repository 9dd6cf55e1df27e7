"""The light a sphere gives: what every surface shows follows the same signals that are heard."""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.jit import kernel
from weaver.dsp.sizes import CELL

FULL_LIGHT = 1.2
"""Root of a sphere's energy that lights it fully: a strike at about half speed."""
BRIGHTEN_S, DIM_S = 0.015, 0.35
"""The eye is slower than the ear: light rises at once and lingers."""
HUM_LIGHT = 0.22
"""Light at the height of the hum's pulse, when nothing else sounds."""


@kernel
def glow(state, s):
    """Move the light of sphere `s` towards what its energy and its hum make of it."""
    sphere, definition = state.sphere, state.definitions[state.playing]
    ringing = min(math.sqrt(sphere.energy[s]) / FULL_LIGHT, 1.0)
    resting = 0.0
    if definition.hum[s] > 0.0:
        resting = HUM_LIGHT * min(math.hypot(sphere.hum_re[s], sphere.hum_im[s]) / definition.hum[s], 2.0)
    wanted = np.float32(max(math.sqrt(ringing), resting) * sphere.hush[s])
    seconds = BRIGHTEN_S if wanted > sphere.light[s] else DIM_S
    cell_s = CELL / state.sample_rate
    sphere.light[s] += (wanted - sphere.light[s]) * np.float32(min(cell_s / seconds, 1.0))
