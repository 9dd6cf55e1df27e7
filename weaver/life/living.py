"""What happens to every sphere that is awake, at each grid point, before anything is rendered."""

from __future__ import annotations

from weaver.dsp.jit import kernel
from weaver.dsp.sizes import SPHERES
from weaver.life.hum import hum
from weaver.life.light import glow


@kernel
def live(state):
    """Every sphere that is awake breathes and glows."""
    for s in range(SPHERES):
        if state.sphere.awake[s]:
            hum(state, s)
            glow(state, s)
