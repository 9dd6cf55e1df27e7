"""Who plays which sphere: notes find a sphere, hold it, and let it go.

In `keys` and `mpe` a sphere is a voice. A note goes to the sphere that rings at its very pitch, or else to a free
one, which is given its pitch: the silent ones first, the nearest in pitch best, so that a note keeps the body its
size fits; when all are sounding, the quietest. When all that may be held are held, one of them is let go for it.
"""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.jit import kernel
from weaver.dsp.sizes import SPHERES
from weaver.model.parameters import VOICES

FREE, KEY_DOWN, PEDAL = 0, 1, 2
NONE = -1
AUDIBLE_DB = -70.0
"""Level below which a voice counts as silent, beside a full strike."""
LOUDEST_DB = 100.0
"""Beyond every level there is: that of a sphere just struck, whose energy nobody has measured yet."""
SOUNDING, UNDER_KEY = 1e3, 1e3
"""Added to a candidate's cost: any silent voice comes before any sounding one, any that only the pedal holds
before any under a key."""
SAME_PITCH = 1e-4


@kernel
def level_of(state, s):
    """How much sphere `s` sounds, in dB of its energy, which is measured at grid points: a new strike is not in it."""
    if state.sphere.held[s] and (state.touch.struck[s] or not state.touch.rubbed[s]):
        return LOUDEST_DB
    return 10.0 * math.log10(max(state.sphere.energy[s], 1e-10))


@kernel
def cost_of(state, s, hz):
    """How little a free sphere fits a note of `hz`: octaves away while it is silent, its level once it sounds."""
    level = level_of(state, s)
    if level < AUDIBLE_DB:
        return abs(math.log2(hz / state.definitions[state.playing].pitch_hz[s]))
    return level - AUDIBLE_DB + SOUNDING


@kernel
def find_free(state, hz):
    """The free sphere that fits a note of `hz` best; NONE if all are held."""
    best, least = np.int64(NONE), np.inf
    for s in range(state.definitions[state.playing].count):
        if state.midi.voice_held[s] == FREE and cost_of(state, s, hz) < least:
            best, least = np.int64(s), cost_of(state, s, hz)
    return best


@kernel
def find_ringing(state, hz):
    """The sphere that rings at this very pitch and is under no key, to be struck again as a bell is; or NONE."""
    for s in range(state.definitions[state.playing].count):
        if state.midi.voice_held[s] != KEY_DOWN and level_of(state, s) >= AUDIBLE_DB:
            if abs(state.sphere.pitch_hz[s] / hz - 1.0) < SAME_PITCH:
                return np.int64(s)
    return np.int64(NONE)


@kernel
def find_quietest_held(state):
    """The held sphere that is missed least; NONE if none is held."""
    best, least = np.int64(NONE), np.inf
    for s in range(SPHERES):
        held = state.midi.voice_held[s]
        cost = level_of(state, s) + (UNDER_KEY if held == KEY_DOWN else 0.0)
        if held != FREE and cost < least:
            best, least = np.int64(s), cost
    return best


@kernel
def surplus(state):
    """How many voices must be let go before one more may be held."""
    held = 0
    for s in range(SPHERES):
        held += state.midi.voice_held[s] != FREE
    return held + 1 - min(np.int64(state.definitions[state.playing].count), np.int64(state.parameter[VOICES]))


@kernel
def take(state, s, port, channel, note):
    """Sphere `s` is held by a key from now on."""
    midi = state.midi
    midi.voice_held[s] = KEY_DOWN
    midi.voice_port[s] = port
    midi.voice_channel[s] = channel
    midi.voice_note[s] = note
    midi.voice_pressure[s] = 0.0


@kernel
def forget_voices(state):
    """No sphere is held, and none remembers who played it."""
    midi = state.midi
    for s in range(SPHERES):
        midi.voice_held[s] = FREE
        midi.voice_port[s] = midi.voice_channel[s] = midi.voice_note[s] = NONE
        midi.voice_pressure[s] = 0.0


@kernel
def belongs(midi, s, port, channel, note):
    """Whether the voice is that of this port, channel and note; -1 is any."""
    return (
        midi.voice_held[s] != FREE
        and midi.voice_port[s] == port
        and (channel < 0 or midi.voice_channel[s] == channel)
        and (note < 0 or midi.voice_note[s] == note)
    )
