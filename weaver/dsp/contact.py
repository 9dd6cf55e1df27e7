"""The two ways to set a sphere ringing: a mallet that hits it, a wet finger that goes round it.

Both act at a point: they feel the surface move there, and push on every mode as strongly as it is felt there. The
mallet has the mass 1, so forces are in its speed per second and a strike's momentum is its speed.
"""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.chance import draw
from weaver.dsp.jit import kernel, reduction
from weaver.dsp.modes import couple, find_heights, find_waves
from weaver.dsp.touched import feel

SOFTEST_S, HARDEST_S = 0.003, 0.00012
"""Time a mallet at speed 1 stays in contact: felt, and glass on glass."""
STIFFENING = 0.4
"""Contact time falls as speed ** -STIFFENING. Hertz alone gives 1/5; felt stiffens as it is pressed, with
exponents of 2 to 4 in the force law, which gives 1/3 to 3/5 (Hall & Askenfelt, JASA 83, 1627, 1988)."""
HERTZ_TIME, HERTZ_ENERGY = 2.943, 1.25
"""A sphere of mass m at speed v on k x^1.5 stays 2.943 x_max / v, with k x_max^2.5 = 1.25 m v^2 (Hertz)."""
CONTACT_LOSS = 0.35
"""Hunt & Crossley's lambda times the speed of impact: the rebound keeps about (1 - lambda)/(1 + lambda) of it."""
GIVE = 0.05
"""Mass of the mallet beside the modal mass of the sphere: how much the surface yields."""
LONGEST_CONTACT_S = 0.03
LEAST_SPEED = 1e-3
STRUCK_FROM, STRUCK_SPREAD = 0.35, 0.25
"""Radians around where mallets land: no two on the same spot, and off the axes, so that every mode is struck."""

FINGER_SPEED = np.float32(0.9)
"""Speed of the finger at pace 1, in the units of a mode's state; the tone grows to about this."""
STRIBECK = 0.09
"""Slip at which friction is strongest; beyond it the finger slips the more easily the faster it slips."""
KINETIC = np.float32(0.2)
"""Friction of a fast slip beside the strongest: what brakes a ringing sphere under a finger held still."""
FINGER_FORCE = np.float32(340.0)
"""Push of a pace-1, pressure-1 finger per second."""
TURNS_PER_S = 0.8
"""Turns around the rim per second at pace 1."""
WETNESS = np.float32(0.25)
"""Share of the friction that is noise: the squeak before the tone."""
GRAIN_HZ = 1800.0
ONE, TWO = np.float32(1.0), np.float32(2.0)
PER_STRIBECK, PEAK = np.float32(1.0 / STRIBECK), TWO * (ONE - KINETIC)
GRAIN_RADIANS = np.float32(2.0 * math.pi * GRAIN_HZ)


@reduction
def foretell(re, im, step_re, step_im, finger, mallet, crack, used):
    """Speed under the finger in the next frame: without forces, and for a unit of the finger's, mallet's, crack's."""
    ahead = by_finger = by_mallet = by_crack = np.float32(0.0)
    for k in range(used):
        ahead += finger[k] * (step_re[k] * re[k] - step_im[k] * im[k])
        by_finger += finger[k] * step_re[k] * finger[k]
        by_mallet += finger[k] * step_re[k] * mallet[k]
        by_crack += finger[k] * step_re[k] * crack[k]
    return ahead, by_finger, by_mallet, by_crack


@kernel
def feel_surface(state, s):
    """Feel how the surface of sphere `s` moves under finger, mallet and crack, when one has moved or is new."""
    touch, bank, used = state.touch, state.bank, state.bank.used[s]
    re, im, step_re, step_im = bank.re[s], bank.im[s], bank.step_re[s], bank.step_im[s]
    finger, mallet = bank.finger[s], bank.mallet[s]
    touch.slide[s] = feel(finger, re, used)
    touch.sink[s] = feel(bank.reach[s], im, used)
    touch.yawn[s] = feel(bank.gape[s], im, used)
    ahead, by_finger, by_mallet, by_crack = foretell(re, im, step_re, step_im, finger, mallet, bank.crack[s], used)
    touch.ahead[s] = ahead
    touch.answer[s, 0], touch.answer[s, 1], touch.answer[s, 2] = by_finger, by_mallet, by_crack


@kernel
def contact_time_s(speed, hardness):
    """How long a mallet at this speed stays in contact."""
    return SOFTEST_S * (HARDEST_S / SOFTEST_S) ** hardness * max(speed, LEAST_SPEED) ** -STIFFENING


@kernel
def brightness_of(pitch_hz, speed, hardness):
    """Share of a mallet's momentum that a tone of `pitch_hz` gets, beside that of the reference mallet.

    The spectrum of a push of length t falls off beyond f = 1 / (2 t), as 1 / (1 + (2 f t)^2) within a third.
    """
    here, reference = 2.0 * pitch_hz * contact_time_s(speed, hardness), 2.0 * pitch_hz * contact_time_s(speed, 0.5)
    return (1.0 + reference * reference) / (1.0 + here * here)


@kernel
def land_mallet(state, s, velocity, hardness, position):
    """Bring a mallet to the surface of sphere `s`; from this frame on it pushes.

    Force law k x^1.5 (1 + lambda v), Hunt & Crossley (J. Appl. Mech. 42, 440, 1975). Stiffness is found from
    the contact time wanted, so that hardness means the same at every sample rate and on every sphere.
    """
    touch, bank, definition = state.touch, state.bank, state.definitions[state.playing]
    angle = STRUCK_FROM + STRUCK_SPREAD * draw(state.sphere.chance, s)
    find_waves(bank.waves, angle)
    find_heights(definition, s, position, bank.mallet[s])
    couple(definition, s, bank.waves, bank.mallet[s], bank.mallet[s])
    radians = 2.0 * math.pi * state.sphere.pitch_hz[s]
    for k in range(definition.modes[s]):
        bank.reach[s, k] = GIVE * bank.mallet[s, k] / (radians * definition.ratio[s, k])
    speed = max(velocity, LEAST_SPEED)
    contact_s = contact_time_s(speed, hardness)
    deepest = contact_s * speed / HERTZ_TIME
    touch.struck[s] = 1
    touch.speed[s] = speed
    touch.impact[s] = speed
    touch.stiffness[s] = HERTZ_ENERGY * speed * speed / deepest**2.5
    feel_surface(state, s)
    touch.depth[s] = touch.sink[s]  # the surface is where it is
    touch.patience[s] = np.int32(LONGEST_CONTACT_S * state.sample_rate)


@kernel
def push_mallet(touch, s, frame_s, sink):
    """One frame of the mallet on a surface that has given way by `sink`: the momentum it gives."""
    touch.depth[s] += touch.speed[s] * frame_s
    depth = touch.depth[s] - sink
    touch.patience[s] -= 1
    if touch.patience[s] <= 0 or (depth <= 0.0 and touch.speed[s] <= 0.0):
        touch.struck[s] = 0
        return np.float32(0.0)
    depth = max(depth, 0.0)
    loss = 1.0 + CONTACT_LOSS * touch.speed[s] / touch.impact[s]
    given = touch.stiffness[s] * depth * math.sqrt(depth) * max(loss, 0.0) * frame_s
    touch.speed[s] -= given
    return np.float32(given)


@kernel
def lay_finger(state, s):
    """Feel the modes of sphere `s` where its finger is in this cell."""
    bank = state.bank
    find_waves(bank.waves, state.touch.angle[s])
    couple(state.definitions[state.playing], s, bank.waves, bank.finger_height[s], bank.finger[s])


@kernel
def set_finger(state, s, position):
    """Put the finger of sphere `s` at a height.

    A finger is wide beside a high mode's waves, so it feels them less; that is why rubbing sings the lowest.
    """
    heights, definition = state.bank.finger_height[s], state.definitions[state.playing]
    state.touch.place[s] = position
    find_heights(definition, s, position, heights)
    for k in range(definition.modes[s]):
        heights[k] /= max(definition.ratio[s, k], np.float32(0.5))


@kernel
def push_finger(state, s, frame_s, slide):
    """One frame of the finger on a surface that slides by: friction, strongest at a small slip (Stribeck).

    F = p ((1 - k) 2x / (1 + x^2) + k x / (1 + |x|)), x = slip / STRIBECK, k = KINETIC: rises as a sticking bristle,
    peaks near 1, falls as 1/x to the sliding friction k. The falling part feeds the mode, as in a bowed string;
    where the surface outruns a slow finger the rising part brakes it.
    """
    touch = state.touch
    white = TWO * draw(state.sphere.chance, s) - ONE
    touch.grain[s] += (white - touch.grain[s]) * min(GRAIN_RADIANS * frame_s, ONE)
    x = (FINGER_SPEED * touch.pace[s] - slide) * PER_STRIBECK
    away, far = ONE + abs(x), ONE + x * x
    law = x * (PEAK * away + KINETIC * far) / (far * away)  # one division: this is the inner loop's longest wait
    return FINGER_FORCE * frame_s * touch.pressure[s] * law * (ONE + WETNESS * touch.grain[s])
