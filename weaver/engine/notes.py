"""Notes: from a key that goes down to a sphere that is struck, and back."""

from __future__ import annotations

import numpy as np

from weaver.dsp.hands import press_key, release, retune, silence
from weaver.dsp.jit import kernel
from weaver.dsp.sizes import CHANNELS, SPHERES
from weaver.engine.in_time import strike_in_time
from weaver.engine.out_notes import RELEASED, tell_release
from weaver.engine.voices import (
    FREE,
    KEY_DOWN,
    NONE,
    PEDAL,
    belongs,
    find_free,
    find_quietest_held,
    find_ringing,
    surplus,
    take,
)
from weaver.engine.zones import BY_CHANNEL, PADS, are_spheres, cents_of, lay_key_finger, leader_of, pedal_down, shape
from weaver.model.parameters import HARDNESS, RELEASE_S, VELOCITY_CURVE

RIM = 0.85
"""Where notes strike: near the rim, where the sphere is full-toned."""
BRIGHTEN = 0.3
"""Hardness that full velocity adds: players strike hard with the hard side of the mallet."""
ANY = -1


@kernel
def find_voice(state, hz):
    """The sphere that shall sound a note of `hz`; others are let go for it where too many are held."""
    s = find_ringing(state, hz)
    if s == NONE or state.midi.voice_held[s] == FREE:
        for _ in range(surplus(state)):
            let_go(state, find_quietest_held(state), RELEASED)
            state.counters.stolen_voices += 1
    return s if s != NONE else find_free(state, hz)


@kernel
def mallet_speed(state, velocity):
    """How fast the mallet comes for a velocity, 0..1 both."""
    return velocity ** state.parameter[VELOCITY_CURVE]


@kernel
def mallet_hardness(state, velocity):
    """How hard the mallet is for a velocity, 0..1 both."""
    return min(max(state.parameter[HARDNESS] + BRIGHTEN * (velocity - 0.5), 0.0), 1.0)


@kernel
def note_on(state, port, channel, note, velocity):
    """A key went down; False if this note has no sphere or no pitch."""
    table = state.midi_map
    if are_spheres(state):
        s = np.int64(table.note_sphere[note]) if table.mode == PADS else channel
        if s < 0 or s >= state.definitions[state.playing].count:
            return False
    else:
        hz = table.note_hz[note]
        if hz <= 0.0:
            return False
        let_go_note(state, port, channel, note, RELEASED)  # the same key twice: the first is over
        s = find_voice(state, hz)
        press_key(state, s, 0.0)
        release(state, s, 0.0)
        retune(state, s, hz, cents_of(state, port, channel))
    take(state, s, port, channel, note)
    shape(state, s, port, channel)
    speed, hardness = mallet_speed(state, velocity / 127.0), mallet_hardness(state, velocity / 127.0)
    strike_in_time(state, s, speed, hardness, RIM, port)
    return True


@kernel
def let_go(state, s, velocity):
    """Nobody holds sphere `s` any more: no pressure; where notes are pitches it dies away.

    `velocity` : of the release, 0 to 127.
    """
    state.midi.voice_held[s] = FREE
    state.midi.voice_pressure[s] = 0.0
    press_key(state, s, 0.0)
    if not are_spheres(state):
        release(state, s, state.parameter[RELEASE_S])
        tell_release(state, s, velocity)


@kernel
def let_go_note(state, port, channel, note, velocity):
    """A key went up; the pedal may keep its sphere."""
    midi = state.midi
    for s in range(SPHERES):
        if belongs(midi, s, port, channel, note) and midi.voice_held[s] == KEY_DOWN:
            if not pedal_down(state, port, channel):
                let_go(state, s, velocity)
                continue
            midi.voice_held[s] = PEDAL
            if not are_spheres(state):  # a pad's finger stays where the pedal keeps it
                press_key(state, s, 0.0)


@kernel
def release_pedal(state, port, channel):
    """The pedal came up: what only it held is let go."""
    midi = state.midi
    for s in range(SPHERES):
        if midi.voice_held[s] == PEDAL and belongs(midi, s, port, ANY, ANY):
            if not pedal_down(state, port, midi.voice_channel[s]):
                let_go(state, s, RELEASED)


@kernel
def meant(state, s, port, channel):
    """Whether a channel's mode message is meant for the latest voice of sphere `s`; a manager's is for its zone."""
    midi = state.midi
    if midi.voice_port[s] != port:
        return False
    own = np.int64(midi.voice_channel[s])
    return own == channel or leader_of(state, port, own) == channel


@kernel
def let_go_all(state, port, channel):
    """All notes off on a channel."""
    for s in range(SPHERES):
        if state.midi.voice_held[s] != FREE and meant(state, s, port, channel):
            let_go(state, s, RELEASED)


@kernel
def silence_channel(state, port, channel):
    """All sound off on a channel: its voices, ringing ones too; its sphere; in pads mode every sphere."""
    mode = state.midi_map.mode
    for s in range(SPHERES):
        if mode == PADS or (mode == BY_CHANNEL and s == channel) or meant(state, s, port, channel):
            let_go(state, s, RELEASED)
            silence(state, s)


@kernel
def let_go_port(state, port):
    """A port has gone: whatever it held is let go."""
    for s in range(SPHERES):
        if belongs(state.midi, s, port, ANY, ANY):
            let_go(state, s, RELEASED)


@kernel
def lift_pedals(state, port):
    """No pedal of a port is down any more."""
    for channel in range(CHANNELS):
        state.midi.sustain[port, channel] = 0


@kernel
def press_note(state, port, channel, note, pressure):
    """Poly pressure: the finger of one key."""
    midi = state.midi
    for s in range(SPHERES):
        if belongs(midi, s, port, channel, note):
            midi.voice_pressure[s] = pressure
            lay_key_finger(state, s)
