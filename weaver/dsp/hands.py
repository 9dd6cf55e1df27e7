"""The gestures as the spheres feel them: each takes effect at the frame the clock is on."""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.contact import brightness_of, land_mallet, set_finger
from weaver.dsp.ears import NEAREST_M, aim_at_once
from weaver.dsp.jit import kernel
from weaver.dsp.limiter import promise
from weaver.dsp.modes import tune
from weaver.dsp.shards import end_shards
from weaver.dsp.sizes import SPHERES, THREADS
from weaver.dsp.spheres import cut, grasp
from weaver.model.gestures import BEND, BIND, DAMP, HUSH, LIFT, PANIC, PLACE, RUB, SOOTHE, TILT
from weaver.model.units import LN_1000

RETUNE_CENTS = 0.05
"""A sphere this near to the pitch of a new note keeps ringing."""


@kernel
def unhush(state, s):
    """A gesture ends a hush; what was falling silent is cut, so that it does not come back."""
    sphere = state.sphere
    if sphere.hush_target[s] < 1.0 or sphere.hush[s] < 1.0:
        cut(state, s)
        sphere.hush[s] = sphere.hush_target[s] = 1.0
        aim_at_once(state, s)


@kernel
def play(state, s, effort):
    """Note that somebody plays sphere `s`, and how hard: whoever listens wants to know."""
    state.touch.played[s] += 1
    state.touch.effort[s] = effort


@kernel
def strike(state, s, velocity, hardness, position):
    """Hit sphere `s`, and tell the limiter what will come of it. Where it was, there is nothing to hit."""
    if state.sphere.broken[s]:
        return
    play(state, s, velocity)
    unhush(state, s)
    grasp(state, s)
    land_mallet(state, s, velocity, hardness, position)
    definition, sphere = state.definitions[state.playing], state.sphere
    level = state.level[1] * 10.0 ** (sphere.lift[s] / 20.0) / max(sphere.distance[s], NEAREST_M)
    tone = brightness_of(sphere.pitch_hz[s], velocity, hardness)
    promise(state.limiter, np.float32(definition.peak[s] * velocity * level * tone))


@kernel
def rub(state, s, pressure, speed, position):
    """Lay a wet finger on sphere `s`, or move it, or with no pressure lift it."""
    touch = state.touch
    if state.sphere.broken[s]:
        return
    if pressure > 0.0:
        if not touch.rubbed[s]:
            play(state, s, pressure)
        unhush(state, s)
        grasp(state, s)
        touch.rubbed[s] = 1
        set_finger(state, s, position)
    touch.pressure_target[s] = pressure
    touch.pace_target[s] = speed


@kernel
def press_key(state, s, pressure):
    """MIDI pressure on sphere `s`: a finger that the key lends, on the rim."""
    touch = state.touch
    if state.sphere.broken[s]:
        return
    if pressure > 0.0 and not touch.rubbed[s]:
        play(state, s, pressure)
        unhush(state, s)
        grasp(state, s)
        touch.rubbed[s] = 1
        set_finger(state, s, 1.0)
    touch.key_pressure[s] = pressure


@kernel
def bind(state, first, second, strength):
    """Tie, retie or untie a pair; with no thread left the gesture is refused."""
    thread = state.thread
    low, high = min(first, second), max(first, second)
    place = -1
    for index in range(THREADS - 1, -1, -1):
        if thread.strength[index] <= 0.0:
            place = index
    for index in range(THREADS):
        if thread.strength[index] > 0.0 and thread.first[index] == low and thread.second[index] == high:
            place = index
    if place < 0 or low == high:
        state.counters.refused_commands += 1
        return
    thread.first[place] = low
    thread.second[place] = high
    thread.strength[place] = strength


@kernel
def hush(state, s):
    """Let sphere `s` fall silent softly; whoever holds it lets go."""
    lift_hands(state, s)
    state.sphere.hush_target[s] = 0.0


@kernel
def lift_hands(state, s):
    """No finger, no hand."""
    touch = state.touch
    touch.pressure_target[s] = touch.key_pressure[s] = touch.soothe_target[s] = 0.0
    state.sphere.damping_target[s] = 0.0


@kernel
def silence(state, s):
    """Stop sphere `s` within a cell, its finger, its hum and its shards; the next gesture finds it as new."""
    lift_hands(state, s)
    cut(state, s)
    end_shards(state.shards, s)
    state.touch.pressure[s] = 0.0
    state.sphere.hush[s] = state.sphere.hush_target[s] = 0.0


@kernel
def panic(state):
    """Silence now: every voice is cut, every hand lifted, every thread untied."""
    for s in range(SPHERES):
        silence(state, s)
    for index in range(THREADS):
        state.thread.strength[index] = 0.0


@kernel
def retune(state, s, hz, wheel):
    """Give sphere `s` the pitch of a note, bent by `wheel` cents; if it rang at another, that is cut, not slid."""
    sphere = state.sphere
    apart = 1200.0 * math.log2(hz / sphere.pitch_hz[s]) + wheel - sphere.wheel[s]
    sphere.wheel[s] = wheel
    if abs(apart) > RETUNE_CENTS:
        cut(state, s)
        sphere.pitch_hz[s] = hz
        sphere.cents[s] = sphere.bend[s] + wheel + sphere.warp[s]
        if sphere.awake[s]:
            tune(state, s)
            aim_at_once(state, s)


@kernel
def slide(state, s, hz):
    """Give sphere `s`, which sounds, another pitch: from where it is it glides there, as to a bend."""
    sphere = state.sphere
    moved = 1200.0 * math.log2(hz / sphere.pitch_hz[s])
    sphere.pitch_hz[s] = hz
    sphere.cents[s] -= moved
    sphere.cents_tuned[s] -= moved
    sphere.cents_aimed[s] -= moved


@kernel
def release(state, s, seconds):
    """Let sphere `s` die away with a T60 of `seconds`, beside its own; 0 takes that back."""
    state.sphere.release[s] = LN_1000 / seconds if seconds > 0.0 else 0.0


@kernel
def gesture(state, kind, s, a, b, c):
    """Do the gesture of code `kind`, which is no strike, to sphere `s`; its arguments are in the units of
    `model.gestures`."""
    sphere = state.sphere
    if kind == RUB:
        rub(state, s, a, b, c)
    elif kind == DAMP:
        sphere.damping_target[s] = a
    elif kind == BEND:
        sphere.bend[s] = a
    elif kind == TILT:
        sphere.tilt_target[s] = a
    elif kind == LIFT:
        sphere.lift_target[s] = a
    elif kind == PLACE:
        sphere.azimuth_target[s] = a
        sphere.distance_target[s] = b
    elif kind == BIND:
        bind(state, s, np.int32(a), b)
    elif kind == HUSH:
        hush(state, s)
    elif kind == PANIC:
        silence(state, s)
    elif kind == SOOTHE:
        state.touch.soothe_target[s] = a
