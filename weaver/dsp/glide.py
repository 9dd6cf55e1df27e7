"""What the player moves glides: parameters, pitch, place, level, hands. Once every cell, so at the control rate.

Coefficients of pitch and decay step from cell to cell, which a rotating mode takes without a jump; weights at the
ears and gains are faded over the cell's frames, so that nothing is heard but the movement.
"""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.contact import TURNS_PER_S, lay_finger
from weaver.dsp.ears import aim, stay
from weaver.dsp.jit import kernel
from weaver.dsp.modes import tune
from weaver.dsp.sizes import CELL
from weaver.dsp.wear import WEAR_STEP, wear
from weaver.model.parameters import (
    HUM_DB,
    LEVEL_DB,
    PARAMETERS,
    ROOM_BRIGHTNESS,
    ROOM_SIZE_M,
    ROOM_T60_S,
    RUB_SPEED,
    TILT_DB,
    TURN_DEG,
    VIBRATO_CENTS,
    VIBRATO_HZ,
    WET_DB,
)

GLIDE_S, BEND_S, HAND_S, HUSH_S = 0.02, 0.008, 0.012, 0.35
"""Time constants: level and place, pitch, hand and finger, a hush."""
THERE = 1e-4
"""Within this of its target, a glide has arrived."""
NEAR_CENTS = 0.02
AIM_CENTS = 25.0
"""The ears are aimed anew when the pitch has moved by this: the shadow of the head changes slowly with it."""
SILENT_DB = -59.9
"""A level at the bottom of its range is silence."""
_SMOOTHING_S = tuple(parameter.smoothing_ms / 1000.0 for parameter in PARAMETERS)


@kernel
def glided(now, target, seconds, cell_s):
    """`now` a cell later on its way to `target`, exponentially with that time constant; it arrives."""
    if abs(target - now) < THERE or seconds <= 0.0:
        return np.float32(target)
    return np.float32(now + (target - now) * (1.0 - math.exp(-cell_s / seconds)))


@kernel
def linear_gain(level_db):
    return np.float32(10.0 ** (level_db / 20.0)) if level_db > SILENT_DB else np.float32(0.0)


@kernel
def glide_parameters(state):
    """Move all parameters a cell's length towards their targets, and what hangs on them."""
    cell_s = CELL / state.sample_rate
    turned = state.parameter[TURN_DEG] != state.target[TURN_DEG]
    state.turned = turned or state.parameter[TILT_DB] != state.target[TILT_DB]
    for index, seconds in enumerate(_SMOOTHING_S):
        state.parameter[index] = glided(state.parameter[index], state.target[index], seconds, cell_s)
    state.vibrato_phase += state.parameter[VIBRATO_HZ] * cell_s
    state.vibrato_phase -= math.floor(state.vibrato_phase)
    state.level[0] = state.level[1]
    state.level[1] = linear_gain(state.parameter[LEVEL_DB])
    state.wet_level[0] = state.wet_level[1]
    state.wet_level[1] = linear_gain(state.parameter[WET_DB])
    state.hum_level = linear_gain(state.parameter[HUM_DB])
    state.room.t60_s = state.target[ROOM_T60_S]  # the room glides by itself
    state.room.size_m = state.target[ROOM_SIZE_M]
    state.room.brightness = state.target[ROOM_BRIGHTNESS]


@kernel
def glide_pitch(state, s):
    """Bend and the hand's damping; coefficients are made anew where they moved."""
    sphere = state.sphere
    cell_s = CELL / state.sample_rate
    wanted = sphere.bend[s] + sphere.wheel[s]
    wanted += state.parameter[VIBRATO_CENTS] * math.sin(2.0 * math.pi * state.vibrato_phase) + sphere.warp[s]
    left = wanted - sphere.cents[s]
    there = abs(left) < NEAR_CENTS
    sphere.cents[s] = wanted if there else sphere.cents[s] + left * (1.0 - math.exp(-cell_s / BEND_S))
    sphere.damping[s] = glided(sphere.damping[s], sphere.damping_target[s], HAND_S, cell_s)
    moved = sphere.cents[s] != sphere.cents_tuned[s] or sphere.damping[s] != sphere.damping_tuned[s]
    moved |= sphere.release[s] != sphere.release_tuned[s]
    if abs(sphere.damage[s] - sphere.damage_worn[s]) > WEAR_STEP:
        wear(state, s)
        moved = True
    if moved:
        tune(state, s)


@kernel
def glide_place(state, s):
    """Tilt, level, place and hush; the ears are aimed anew where they moved."""
    sphere = state.sphere
    cell_s = CELL / state.sample_rate
    tilt = sphere.tilt_target[s] + sphere.timbre[s]
    lift = sphere.lift_target[s] + sphere.swell[s]
    moved = sphere.tilt[s] != tilt or sphere.lift[s] != lift or sphere.hush[s] != sphere.hush_target[s]
    moved |= sphere.azimuth[s] != sphere.azimuth_target[s] or sphere.distance[s] != sphere.distance_target[s]
    moved |= state.turned or abs(sphere.cents[s] - sphere.cents_aimed[s]) > AIM_CENTS
    if sphere.aimed[s]:
        stay(state, s)
    sphere.aimed[s] = moved
    if moved:
        sphere.tilt[s] = glided(sphere.tilt[s], tilt, GLIDE_S, cell_s)
        sphere.lift[s] = glided(sphere.lift[s], lift, GLIDE_S, cell_s)
        sphere.hush[s] = glided(sphere.hush[s], sphere.hush_target[s], HUSH_S, cell_s)
        sphere.azimuth[s] = glided(sphere.azimuth[s], sphere.azimuth_target[s], GLIDE_S, cell_s)
        sphere.distance[s] = glided(sphere.distance[s], sphere.distance_target[s], GLIDE_S, cell_s)
        aim(state, s)


@kernel
def glide_finger(state, s):
    """The finger presses and moves on; once it has left, the sphere is no longer rubbed."""
    touch = state.touch
    cell_s = CELL / state.sample_rate
    pressure, pace = touch.pressure_target[s], touch.pace_target[s]
    if touch.key_pressure[s] > pressure:
        pressure, pace = touch.key_pressure[s], state.parameter[RUB_SPEED]
    touch.pressure[s] = glided(touch.pressure[s], pressure, HAND_S, cell_s)
    touch.pace[s] = glided(touch.pace[s], pace, HAND_S, cell_s)
    if pressure <= 0.0 and touch.pressure[s] <= 0.0:
        touch.rubbed[s] = 0
        return
    touch.angle[s] = (touch.angle[s] + 2.0 * math.pi * TURNS_PER_S * touch.pace[s] * cell_s) % (2.0 * math.pi)
    lay_finger(state, s)
