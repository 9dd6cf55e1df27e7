"""Wear: what damage makes of a sphere's modes while it rings linearly.

A crack breaks the symmetry that holds the members of a multiplet together: they spread, and beat. And it takes energy
at its faces: the quality falls, of high modes first. Both are designed after what damaged resonators do, with the
sizes chosen by ear: split = s0 (1 + 8 D), and a little for multiplets that had none; Q = Q0 (1 - 0.85 D) for the
lowest mode, and the more the higher. What a crack does that is not linear is in `crack`.
"""

from __future__ import annotations

import math

from weaver.dsp.jit import kernel

SPLIT_GROWTH = 8.0
"""Full damage adds so many of the healthy splits."""
SPLIT_LEAST = 0.006
"""And so much of the frequency, where there was no split."""
QUALITY_LOST = 0.85
"""Share of the lowest mode's quality that full damage takes."""
HIGHER = 0.25
"""Each octave above makes the loss a power higher by this."""
WEAR_STEP = 1.0 / 512.0
"""Damage that makes new coefficients: two cents of the widest split."""


@kernel
def wear(state, s):
    """Frequencies and losses of the modes of sphere `s` for the damage it has."""
    sphere, bank, definition = state.sphere, state.bank, state.definitions[state.playing]
    damage = sphere.damage[s]
    sphere.damage_worn[s] = damage
    dulled = -math.log(1.0 - QUALITY_LOST * damage)
    for k in range(definition.modes[s]):
        bank.worn_ratio[s, k] = definition.ratio[s, k] + definition.crooked[s, k] * damage
        higher = 1.0 + HIGHER * max(definition.octaves[s, k], 0.0)
        bank.worn_loss[s, k] = definition.loss[s, k] * math.exp(dulled * higher)
