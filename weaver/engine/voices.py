"""Who plays which sphere: notes find a sphere, hold it, and let it go.

In `keys` and `mpe` a sphere is a voice: a note takes the nearest fitting free sphere, which gets its pitch. Free
are those that no key holds; among them the silent ones first, the nearest in pitch best, so that a note keeps the
body its size fits. When all are sounding, the quietest is taken; a held one only when all are held.
"""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.jit import kernel
from weaver.model.parameters import VOICES

FREE, KEY_DOWN, PEDAL = 0, 1, 2
AUDIBLE = 1e-7
"""Energy below which a voice counts as silent: 70 dB under a full strike."""
SOUNDING, HELD = 1e3, 1e6
"""Added to a candidate's cost: any silent voice comes before any sounding one, and that before any held one."""


@kernel
def cost_of(state, s, hz):
    """How little sphere `s` fits a note of `hz`: octaves away while it is silent, its level once it sounds."""
    midi, sphere = state.midi, state.sphere
    if sphere.energy[s] < AUDIBLE and midi.voice_held[s] == FREE:
        return abs(math.log2(hz / state.definitions[state.playing].pitch_hz[s]))
    level = 100.0 + 10.0 * math.log10(max(sphere.energy[s], 1e-10))
    return level + SOUNDING + (HELD if midi.voice_held[s] != FREE else 0.0)


@kernel
def find_voice(state, hz):
    """The sphere that shall sound a note of `hz`."""
    midi, sphere = state.midi, state.sphere
    count = min(state.definitions[state.playing].count, np.int32(state.parameter[VOICES]))
    best, least = np.int64(0), np.inf
    for s in range(count):
        cost = cost_of(state, s, hz)
        if midi.voice_held[s] == FREE and abs(sphere.pitch_hz[s] / hz - 1.0) < 1e-4:
            cost = -1.0  # it has this very pitch: struck again, as a bell is
        if cost < least:
            best, least = s, cost
    if least >= HELD:
        state.counters.stolen_voices += 1
    return best


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
def belongs(midi, s, port, channel, note):
    """Whether the voice is that of this port, channel and note; -1 is any."""
    return (
        midi.voice_held[s] != FREE
        and midi.voice_port[s] == port
        and (channel < 0 or midi.voice_channel[s] == channel)
        and (note < 0 or midi.voice_note[s] == note)
    )
