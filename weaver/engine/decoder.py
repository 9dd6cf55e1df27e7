"""MIDI bytes to gestures, natively: the one decoder, whatever brought the bytes.

The JACK host calls it inside its process callback, at each event's own frame; other inputs send the same bytes
through the command ring. What a message means is looked up in `midi_map`, which `mapping` compiles. Nothing here
trusts a byte: what is cut short or out of range is counted by reason and ignored.
"""

from __future__ import annotations

import numpy as np

from weaver.dsp.jit import kernel
from weaver.dsp.sizes import CHANNELS, NOTES, PORTS, SPHERES
from weaver.engine.controls import control
from weaver.engine.notes import let_go_note, let_go_port, note_on, press_note
from weaver.engine.notices import PROGRAM
from weaver.engine.ring import push_notice
from weaver.engine.voices import FREE
from weaver.engine.zones import MPE, reset_channel, set_zone, spread
from weaver.model.parameters import BEND_RANGE

REASONS = ("cut short", "no status", "data out of range", "no sphere for note", "control without use", "no such port")
"""Why a message was ignored, by its place in `midi.ignored`."""
CUT_SHORT, NO_STATUS, BAD_DATA, NO_SPHERE, NO_USE, NO_PORT = range(len(REASONS))
HANDLED = -1

NOTE_OFF, NOTE_ON, POLY_PRESSURE, CONTROL = 0x80, 0x90, 0xA0, 0xB0
PROGRAM_CHANGE, CHANNEL_PRESSURE, PITCH_BEND, SYSTEM = 0xC0, 0xD0, 0xE0, 0xF0


@kernel
def prepare_midi(state):
    """Every port and channel as after power-up; in mpe mode a lower zone of fifteen, for senders that never say."""
    midi = state.midi
    for port in range(PORTS):
        midi.lower[port] = midi.upper[port] = 0
        for channel in range(CHANNELS):
            reset_channel(state, port, channel)
            midi.volume[port, channel] = 1.0
            midi.bend_range[port, channel] = state.target[BEND_RANGE]
        if state.midi_map.mode == MPE:
            set_zone(state, port, 0, 15)
    definition = state.definitions[state.playing]
    for note in range(NOTES):
        s = note - definition.base_note
        state.midi_map.note_sphere[note] = s if 0 <= s < definition.count else -1
    for s in range(SPHERES):
        midi.voice_held[s] = FREE
        midi.voice_port[s] = midi.voice_channel[s] = midi.voice_note[s] = -1


@kernel
def decode(state, port, status, first, second, length):
    """Do what one MIDI message says, at the frame the clock is on. `length` counts the bytes there are."""
    midi = state.midi
    midi.events += 1
    if port < 0 or port >= PORTS:
        midi.ignored[NO_PORT] += 1
        return
    midi.port_events[port] += 1
    midi.last[0], midi.last[1], midi.last[2], midi.last[3] = status, first, second, port
    reason = understand(state, port, status, first, second, length)
    if reason != HANDLED:
        midi.ignored[reason] += 1


@kernel
def understand(state, port, status, first, second, length):
    """HANDLED, or the reason why the message means nothing."""
    if status < NOTE_OFF or status > 0xFF or length < 1:
        return NO_STATUS
    kind, channel = status & 0xF0, np.int64(status & 0x0F)
    if kind == SYSTEM:
        return HANDLED  # clock, sensing, exclusive: not for the spheres
    short = kind == PROGRAM_CHANGE or kind == CHANNEL_PRESSURE
    if length < (2 if short else 3):
        return CUT_SHORT
    if first < 0 or first > 127 or (not short and (second < 0 or second > 127)):
        return BAD_DATA
    if kind == CONTROL:
        return HANDLED if control(state, port, channel, first, second) else NO_USE
    if kind == NOTE_ON and second > 0:
        return HANDLED if note_on(state, port, channel, first, second) else NO_SPHERE
    if kind == NOTE_OFF or kind == NOTE_ON:
        let_go_note(state, port, channel, first)
    elif kind == POLY_PRESSURE:
        press_note(state, port, channel, first, np.float32(second / 127.0))
    elif kind == CHANNEL_PRESSURE:
        state.midi.pressure[port, channel] = first / 127.0
        spread(state, port, channel)
    elif kind == PITCH_BEND:
        bend = (second * 128 + first - 8192) / 8192.0
        state.midi.bend[port, channel] = bend
        spread(state, port, channel)
    else:
        push_notice(state, PROGRAM, -1, np.float32(first), np.float32(channel), np.float32(port), np.float32(0.0))
    return HANDLED


@kernel
def vanish(state, port):
    """A port has gone: what it held is let go, and it starts afresh when it comes back."""
    if 0 <= port < PORTS:
        let_go_port(state, port)
        for channel in range(CHANNELS):
            reset_channel(state, port, channel)
            spread(state, port, channel)
