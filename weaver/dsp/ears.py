"""Where a sphere is heard: its modes' complex weights at the left and the right ear.

Modal synthesis lets any linear filter on a sphere's sound be a weight on its modes. So level, spectral tilt,
distance, air, the head's shadow and the time between the ears all live in these weights, cost nothing per frame,
and delay nothing.
"""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.jit import copy_into, kernel
from weaver.model.parameters import TILT_DB, TURN_DEG

EAR_ANGLES = (0.3, 0.62)
"""Radians around a sphere that the left and the right ear look at, so that the members of a multiplet differ
between the ears; close together and off the symmetry axes, so that no mode is lost to either or to mono."""
EARS_APART_S = 0.00066
"""Longest time between the ears (Woodworth's sphere of 8.75 cm: (pi/2 + 1) r / c)."""
SHADOW_DB, SHADOW_HZ = 9.0, 1800.0
"""What the head takes from the far ear at high frequencies, and where that begins to matter."""
NEAREST_M, REFERENCE_M = 0.5, 2.0
AIR_DB_PER_M_KHZ2 = 0.0035
"""Air at 20 C and 50 % humidity takes 0.02 to 0.2 dB per metre at 2 to 8 kHz (ISO 9613-1), roughly with f squared."""
PIVOT_HZ, LOWEST_HZ = 1000.0, 1.0
WIDTH = 0.6
"""How far the level alone goes to the near ear: the rest is shadow and time."""
FADE_FROM, FADE_TO = 0.40, 0.45
"""Of the sample rate: modes fade out between these, so that a bend upwards loses them without a click."""
DB = math.log(10.0) / 20.0
"""Nepers per decibel."""


@kernel
def lateral(state, azimuth):
    """How far to the right of the head is what stands at an azimuth in degrees, -1..1."""
    return math.sin(math.radians(azimuth + state.parameter[TURN_DEG]))


@kernel
def share(shaded):
    """Gains at the near and the far ear of what is `shaded` (0..1) of the way to one side."""
    return math.sqrt(0.5 * (1.0 + WIDTH * shaded)), math.sqrt(0.5 * (1.0 - WIDTH * shaded))


@kernel
def place_between_ears(ears, k, hz, near, shaded, near_gain, far_gain):
    """Weigh mode `k` of float32[4, modes]: at the far ear later, and in the head's shadow. `near` is 0 for left."""
    far = 1 - near
    ears[2 * near, k] = near_gain
    ears[2 * near + 1, k] = 0.0
    far_gain *= math.exp(-DB * SHADOW_DB * shaded * hz / (hz + SHADOW_HZ))
    delay = 2.0 * math.pi * hz * EARS_APART_S * shaded
    ears[2 * far, k] = far_gain * math.cos(delay)
    ears[2 * far + 1, k] = -far_gain * math.sin(delay)


@kernel
def air_and_tilt(octaves, khz, distance, tilt):
    """Gain of a partial by the air on its way and by the tilt of the spectrum: dB per octave from the pivot."""
    level_db = tilt * octaves - AIR_DB_PER_M_KHZ2 * khz * khz * distance
    return math.exp(DB * min(level_db, 24.0))


@kernel
def below_nyquist(hz, sample_rate):
    """1 for what may be heard at this rate, fading to 0 towards half of it."""
    return min(max((FADE_TO - hz / sample_rate) / (FADE_TO - FADE_FROM), 0.0), 1.0)


@kernel
def aim(state, s):
    """Weigh the modes of sphere `s` for both ears, as it is now placed, lifted and tilted."""
    sphere, definition, ears = state.sphere, state.definitions[state.playing], state.bank.ears[s]
    distance = max(sphere.distance[s], NEAREST_M)
    tilt = sphere.tilt[s] + state.parameter[TILT_DB]
    level = math.exp(DB * sphere.lift[s]) * sphere.hush[s] * REFERENCE_M / distance
    pitch = sphere.pitch_hz[s] * 2.0 ** (sphere.cents[s] / 1200.0)
    side = lateral(state, sphere.azimuth[s])
    sphere.cents_aimed[s] = sphere.cents[s]
    near = 1 if side > 0.0 else 0
    far, shaded = 1 - near, abs(side)
    to_near, to_far = share(shaded)
    near_level, far_level = level * to_near, level * to_far
    sphere.hum_gain[s, near] = near_level
    sphere.hum_gain[s, far] = far_level
    above_pivot = math.log2(max(pitch, LOWEST_HZ) / PIVOT_HZ)
    for k in range(definition.modes[s]):
        hz = pitch * definition.ratio[s, k]
        gain = definition.gain[s] * definition.weight[s, k] * below_nyquist(hz, state.sample_rate)
        gain *= air_and_tilt(above_pivot + definition.octaves[s, k], 0.001 * hz, distance, tilt)
        near_gain = near_level * gain * definition.seen[s, near, k]
        far_gain = far_level * gain * definition.seen[s, far, k]
        place_between_ears(ears, k, hz, near, shaded, near_gain, far_gain)


@kernel
def aim_at_once(state, s):
    """Aim without a fade: for a sphere that does not sound yet."""
    aim(state, s)
    stay(state, s)


@kernel
def stay(state, s):
    """Where the sphere is heard now is where it was heard before."""
    copy_into(state.bank.ears_before[s], state.bank.ears[s])


@kernel
def room_send(distance):
    """How much of a sphere's sound goes to the room: nearly the same from anywhere, as in a hall."""
    return np.float32(math.sqrt(max(distance, NEAREST_M) / REFERENCE_M))
