"""Notes: from a key that goes down to a sphere that is struck, and back."""

from __future__ import annotations

import numpy as np

from weaver.dsp.hands import press_key, release, retune, silence, strike
from weaver.dsp.jit import kernel
from weaver.dsp.sizes import SPHERES
from weaver.engine.voices import FREE, KEY_DOWN, PEDAL, belongs, find_voice, take
from weaver.engine.zones import NOBODY, PADS, cents_of, manager_of, shape
from weaver.model.parameters import HARDNESS, RELEASE_S, VELOCITY_CURVE

RIM = 0.85
"""Where notes strike: near the rim, where the sphere is full-toned."""
BRIGHTEN = 0.3
"""Hardness that full velocity adds: players strike hard with the hard side of the mallet."""
ANY = -1


@kernel
def note_on(state, port, channel, note, velocity):
    """A key went down; False if this note has no sphere or no pitch."""
    table = state.midi_map
    speed = (velocity / 127.0) ** state.parameter[VELOCITY_CURVE]
    if table.mode == PADS:
        s = np.int64(table.note_sphere[note])
        if s < 0 or s >= state.definitions[state.playing].count:
            return False
    else:
        hz = table.note_hz[note]
        if hz <= 0.0:
            return False
        let_go_note(state, port, channel, note)  # the same key twice: the first is over
        s = find_voice(state, hz)
        press_key(state, s, 0.0)
        release(state, s, 0.0)
        retune(state, s, hz, cents_of(state, port, channel))
    take(state, s, port, channel, note)
    shape(state, s, port, channel)
    hardness = state.parameter[HARDNESS] + BRIGHTEN * (velocity / 127.0 - 0.5)
    strike(state, s, speed, min(max(hardness, 0.0), 1.0), RIM)
    return True


@kernel
def let_go(state, s):
    """Nobody holds sphere `s` any more: no pressure; where notes are pitches it dies away."""
    state.midi.voice_held[s] = FREE
    state.midi.voice_pressure[s] = 0.0
    press_key(state, s, 0.0)
    if state.midi_map.mode != PADS:
        release(state, s, state.parameter[RELEASE_S])


@kernel
def pedal_down(state, port, channel):
    """Whether the pedal of this channel, or of its manager, is down."""
    manager = manager_of(state, port, channel)
    if manager != NOBODY:
        return state.midi.sustain[port, manager] != 0
    return state.midi.sustain[port, channel] != 0


@kernel
def let_go_note(state, port, channel, note):
    """A key went up; the pedal may keep its sphere."""
    midi = state.midi
    for s in range(SPHERES):
        if belongs(midi, s, port, channel, note) and midi.voice_held[s] == KEY_DOWN:
            if state.midi_map.mode != PADS and pedal_down(state, port, channel):
                midi.voice_held[s] = PEDAL
                midi.voice_pressure[s] = 0.0
                press_key(state, s, 0.0)
            else:
                let_go(state, s)


@kernel
def release_pedal(state, port, channel):
    """The pedal came up: what only it held is let go."""
    midi = state.midi
    for s in range(SPHERES):
        if midi.voice_held[s] == PEDAL and belongs(midi, s, port, ANY, ANY):
            if not pedal_down(state, port, midi.voice_channel[s]):
                let_go(state, s)


@kernel
def meant(state, s, port, channel):
    """Whether a channel's mode message is meant for the voice of sphere `s`; a manager's is for its zone."""
    midi = state.midi
    if not belongs(midi, s, port, ANY, ANY):
        return False
    return midi.voice_channel[s] == channel or manager_of(state, port, midi.voice_channel[s]) == channel


@kernel
def let_go_all(state, port, channel):
    """All notes off on a channel."""
    for s in range(SPHERES):
        if meant(state, s, port, channel):
            let_go(state, s)


@kernel
def silence_channel(state, port, channel):
    """All sound off on a channel: its voices, ringing ones too; in pads mode every sphere."""
    midi = state.midi
    for s in range(SPHERES):
        ours = midi.voice_port[s] == port and (
            midi.voice_channel[s] == channel or manager_of(state, port, midi.voice_channel[s]) == channel
        )
        if ours or state.midi_map.mode == PADS:
            let_go(state, s)
            silence(state, s)


@kernel
def let_go_port(state, port):
    """A port has gone: whatever it held is let go, its pedals are up, its wheels centred."""
    midi = state.midi
    for s in range(SPHERES):
        if belongs(midi, s, port, ANY, ANY):
            let_go(state, s)


@kernel
def press_note(state, port, channel, note, pressure):
    """Poly pressure: the finger of one key."""
    midi = state.midi
    for s in range(SPHERES):
        if belongs(midi, s, port, channel, note):
            midi.voice_pressure[s] = pressure
            shape(state, s, port, channel)
