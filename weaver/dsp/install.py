"""A set takes the stage: the spheres of a definition as they are before anybody has touched them."""

from __future__ import annotations

import numpy as np

from weaver.dsp.chance import sow
from weaver.dsp.jit import fill, kernel
from weaver.dsp.limiter import prepare_limiter
from weaver.dsp.modes import still
from weaver.dsp.sizes import SPHERES, THREADS
from weaver.dsp.spheres import cut, wake
from weaver.dsp.units import LIFE, MEET_SET, PREPARE_LIFE, PREPARE_ROOM, ROOM, ask
from weaver.model.gestures import gesture_named
from weaver.model.parameters import PARAMETERS

_PARAMETERS = len(PARAMETERS)
FINGER_AT = gesture_named("rub").arguments[2].default
"""Where a finger is said to be before there was one."""
_PLAYERS = tuple(parameter.is_players for parameter in PARAMETERS)


@kernel
def take_place(state, s):
    """Sphere `s` of the playing definition, untouched and at its own pitch and place."""
    sphere, touch, definition = state.sphere, state.touch, state.definitions[state.playing]
    sphere.pitch_hz[s] = definition.pitch_hz[s]
    sphere.bend[s] = sphere.wheel[s] = sphere.cents[s] = 0.0
    sphere.damping[s] = sphere.damping_target[s] = sphere.release[s] = 0.0
    sphere.tilt[s] = sphere.tilt_target[s] = sphere.timbre[s] = 0.0
    sphere.lift[s] = sphere.lift_target[s] = sphere.swell[s] = 0.0
    sphere.azimuth[s] = sphere.azimuth_target[s] = definition.azimuth_deg[s]
    sphere.distance[s] = sphere.distance_target[s] = definition.distance_m[s]
    sphere.hush[s] = sphere.hush_target[s] = 1.0
    sphere.vigour[s] = sphere.energy[s] = sphere.light[s] = sphere.peak[s] = 0.0
    sphere.pulse[s] = np.float32(s * 0.381966 % 1.0)  # golden ratio: no two breathe together
    sphere.damage[s] = sphere.damage_worn[s] = sphere.warp[s] = sphere.delta[s] = 0.0
    sphere.shine[s] = sphere.shine_before[s] = 1.0
    sphere.broken[s] = 0
    touch.struck[s] = touch.rubbed[s] = touch.played[s] = 0
    touch.soothe[s] = touch.soothe_target[s] = touch.effort[s] = 0.0
    touch.place[s] = FINGER_AT
    touch.pressure[s] = touch.pressure_target[s] = touch.pace[s] = touch.key_pressure[s] = 0.0
    still(state.bank, s)
    fill(state.bank.mallet[s], 0.0)
    fill(state.bank.finger[s], 0.0)
    fill(state.bank.crack[s], 0.0)
    fill(state.bank.gape[s], 0.0)
    sphere.rattles[s] = 0
    hums = definition.hum[s] > 0.0 and s < definition.count
    if hums or sphere.hum_re[s] != 0.0 or sphere.hum_im[s] != 0.0:  # one that hummed before fades
        wake(state, s)


@kernel
def install(state):
    """Let the definition that Python has prepared take over at this frame; what rings fades out beside it."""
    for s in range(SPHERES):
        cut(state, s)
        state.sphere.awake[s] = state.sphere.held[s] = 0
    for index in range(THREADS):
        state.thread.strength[index] = 0.0
    state.playing = 1 - state.playing
    for index in range(_PARAMETERS):
        if not _PLAYERS[index]:
            state.target[index] = state.definitions[state.playing].parameters[index]
    for s in range(SPHERES):
        take_place(state, s)
    ask(state, LIFE, MEET_SET)


@kernel
def prepare(state):
    """Make a zeroed state ready for its first frame at its sample rate, with its seed, and install its set."""
    sow(state.sphere.chance, state.seed)
    prepare_limiter(state.limiter, state.sample_rate)
    ask(state, ROOM, PREPARE_ROOM)
    ask(state, LIFE, PREPARE_LIFE)
    state.playing = 1
    for index in range(_PARAMETERS):
        state.target[index] = state.definitions[0].parameters[index]
    install(state)
    for index in range(_PARAMETERS):
        state.parameter[index] = state.target[index]
    state.level[1] = 10.0 ** (state.target[0] / 20.0)
    state.wet_level[1] = 10.0 ** (state.target[1] / 20.0)
