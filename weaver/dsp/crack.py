"""The breathing crack: two faces that touch while the surface swings one way, and part when it swings the other.

While it stands open by more than a gap, the crack takes a share `delta` of the stiffness it is felt with away: of what
all modes together resist there, so that nothing ever buckles. So the pitch
falls with the force of the playing, harmonics 2f, 3f, 4f appear, and any two modes make sums and differences: the
three signs by which a cracked bell is known. As the force acts on every mode as strongly as it is coupled where the
crack is, all of that comes by itself. For a lone mode without a gap the pitch is known in closed form,
f / f0 = 2 sqrt(1 - delta) / (1 + sqrt(1 - delta)).

The faces also radiate by themselves: the buzz. Their force has a corner where they part; it is rounded over about the
way that the surface goes in a frame, so that what would lie beyond half the sample rate is not made, nor folded back.
"""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.jit import kernel
from weaver.dsp.modes import couple, find_heights, find_waves
from weaver.dsp.sizes import MODES

BEVEL = 0.9
"""Rounding of the corner, in frames of the surface's greatest speed."""
RATTLE = np.float32(4.0)
"""Sound of the faces themselves, beside the speed of the surface that opens them."""
LEAST_DELTA, LEAST_HEARD, LEAST_RATIO = 0.002, 1e-6, np.float32(0.4)
LEAST_GIVE = 0.05
"""A crack on the nodes of all modes has nothing to push against."""
QUICKEST = 1.0
"""Radians a frame of ratio 1 beyond which a crack resists no more: modes are held below half the sample rate."""
HALF = np.float32(0.5)


@kernel
def place_crack(state, s, longitude, height):
    """Let the crack that breathes lie there: `longitude` in rad, `height` 0 near the pole to 1 on the rim."""
    bank, definition = state.bank, state.definitions[state.playing]
    crack, gape = bank.crack[s], bank.gape[s]
    find_waves(bank.waves, longitude)
    find_heights(definition, s, height, crack)
    couple(definition, s, bank.waves, crack, crack)
    total = 0.0
    for k in range(MODES):
        if k >= definition.modes[s]:
            crack[k] = 0.0
        gape[k] = crack[k] / max(definition.ratio[s, k], LEAST_RATIO)
        total += gape[k] * gape[k]
    state.sphere.gape_norm[s] = math.sqrt(total)
    state.sphere.give[s] = max(total, LEAST_GIVE)


@kernel
def breathe(state, s):
    """At a grid point: whether the crack of sphere `s` will open in this cell, and how sharply."""
    sphere, definition = state.sphere, state.definitions[state.playing]
    rattled, sphere.rattles[s] = sphere.rattles[s], 0
    if sphere.delta[s] < LEAST_DELTA or sphere.broken[s]:
        return
    pitch_hz = sphere.pitch_hz[s] * 2.0 ** (sphere.cents[s] / 1200.0)  # a share of more than is resisted would buckle
    turn = min(2.0 * math.pi * pitch_hz / state.sample_rate, QUICKEST)
    breath = math.hypot(sphere.hum_re[s], sphere.hum_im[s]) / definition.gain[s]
    widest = math.sqrt(sphere.energy[s]) * sphere.gape_norm[s] + breath
    heard = sphere.hum_gain[s, 0] * definition.gain[s]
    sphere.hum_scale[s] = 1.0 / heard if heard > LEAST_HEARD else 0.0
    sphere.stiffness[s] = turn / sphere.give[s]
    sphere.buzz[s] = definition.gain[s] / turn
    sphere.bevel[s] = BEVEL * turn * widest
    sphere.rattles[s] = widest > sphere.gap[s]
    if not rattled:
        state.touch.parted[s] = 0.0


@kernel
def beyond(way, bevel):
    """How far `way` is above 0, with a corner rounded by `bevel`."""
    return HALF * (way + np.float32(math.sqrt(way * way + bevel * bevel)))


@kernel
def part(sphere, s, yawn, n):
    """What pushes the faces of the crack apart in frame `n` of the cell, beside the stiffness they lose."""
    way = yawn + sphere.hum_scale[s] * sphere.hum[s, 0, n] - sphere.gap[s]
    return sphere.delta[s] * beyond(way, sphere.bevel[s])
