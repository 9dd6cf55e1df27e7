"""The flicker of a damaged sphere: one erratic signal, that its light, its loudness and its crack have in common.

Noise with equal power in every octave from 0.6 to 10 Hz (1/f), bent like a failing bulb: mostly lit with dips while
the damage is small, mostly dim with flares when it is great.
"""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.chance import draw
from weaver.dsp.jit import kernel
from weaver.dsp.sizes import CELL
from weaver.life.records import FLICKER_OCTAVES

LOWEST_HZ, OCTAVE = 0.6, 2.0
SHARPNESS = 4.0
"""How abruptly the light falls as the noise crosses its threshold."""
FILAMENT_HZ = 20.0
"""Nothing glows or dims faster than this."""
DIP_FROM, DIP_BY_DAMAGE = 1.3, 1.6
"""Threshold of a dip without damage, in standard deviations of the noise; what full damage takes from it."""
FULL_DAMAGE = 0.3
"""Damage from which the light goes out altogether in a dip."""
QUIETER = 0.8
"""Share of the sound that a dip takes."""
SAG_CENTS, WOBBLE_CENTS = -32.0, -14.0
"""What full damage does to the pitch: a stiffness lost, and more in a dip."""


OPEN, GATED = 0.45, 0.6
"""Share of the stiffness that full damage takes from an open crack; how much less that is in full light."""
WIDEST_GAP = 0.6
"""Way to go before a hairline opens, in the units of a mode's state; it closes up with (1 - damage) ** 4."""


@kernel
def stir_noise(state, s, cell_s):
    """Move the noise of sphere `s` on; its value, about normal."""
    noise, chance = state.life.noise[s], state.life.chance
    total = 0.0
    corner = 2.0 * math.pi * LOWEST_HZ * cell_s
    for octave in range(FLICKER_OCTAVES):
        pace = min(corner, 1.0)
        # a one-pole filter of white noise (even over -1..1, variance 1/3), brought to variance 1
        white = (2.0 * draw(chance, s) - 1.0) * math.sqrt(3.0 * (2.0 - pace) / pace)
        noise[octave] += pace * (white - noise[octave])
        total += noise[octave]
        corner *= OCTAVE
    return total / math.sqrt(FLICKER_OCTAVES)


@kernel
def flicker(state, s):
    """At a grid point: let the light of sphere `s` waver as its damage makes it, and what hangs on that."""
    life, sphere = state.life, state.sphere
    damage = sphere.damage[s]
    if damage > 0.0:
        depth = min(damage / FULL_DAMAGE, 1.0)
        over = stir_noise(state, s, CELL / state.sample_rate) - (DIP_FROM - DIP_BY_DAMAGE * damage)
        wanted = 1.0 - depth / (1.0 + math.exp(-SHARPNESS * over))
        life.flicker[s] += (wanted - life.flicker[s]) * min(2.0 * math.pi * FILAMENT_HZ * CELL / state.sample_rate, 1.0)
    else:
        life.flicker[s] = 1.0
    dip = np.float32(1.0) - life.flicker[s]
    sphere.warp[s] = SAG_CENTS * damage * damage + WOBBLE_CENTS * damage * dip
    sphere.delta[s] = OPEN * damage * damage * (1.0 - GATED * life.flicker[s])
    sphere.gap[s] = WIDEST_GAP * (1.0 - damage) ** 4
    sphere.shine_before[s] = sphere.shine[s]
    sphere.shine[s] = life.presence[s] * (1.0 - QUIETER * dip)
