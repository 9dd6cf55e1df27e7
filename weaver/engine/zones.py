"""What a channel says about the notes on it: bend, pressure, timbre, level; and MPE's zones of channels.

MPE (M1-100-UM v1.1): a lower zone is managed by channel 1 with members from 2 upwards, an upper zone by channel 16
with members from 15 downwards. A note's bend is its member's plus its manager's, each by its own range.
"""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.hands import press_key
from weaver.dsp.jit import kernel
from weaver.dsp.sizes import CHANNELS
from weaver.engine.voices import FREE, KEY_DOWN, PEDAL
from weaver.model.parameters import BEND_RANGE

PADS, KEYS, MPE, BY_CHANNEL = range(4)
"""Modes of the decoder: a note is a sphere; a note is a pitch; a channel is a note; a channel is a sphere."""
NOBODY = -1
LOWER, UPPER = 0, 15
"""Channels, from 0, that may manage a zone."""
MOST_MEMBERS = 15
MEMBER_RANGE, MANAGER_RANGE = 48.0, 2.0
"""Semitones of bend that a zone starts with."""
UNSAID = -1.0
"""A bend range that no RPN 0 has set: the parameter's."""


@kernel
def are_spheres(state):
    """Whether notes are for spheres, which keep their own pitch and ring on; else they are pitches."""
    return state.midi_map.mode == PADS or state.midi_map.mode == BY_CHANNEL


@kernel
def manager_in(lower, upper, channel):
    """The channel that manages this one where the zones have so many members, or NOBODY."""
    if 1 <= channel <= lower:
        return LOWER
    if UPPER - upper <= channel < UPPER:
        return UPPER
    return NOBODY


@kernel
def manager_of(state, port, channel):
    """The channel that manages this member channel, or NOBODY."""
    if state.midi_map.mode != MPE:
        return NOBODY
    return manager_in(state.midi.lower[port], state.midi.upper[port], channel)


@kernel
def leader_of(state, port, channel):
    """Whose volume and pedal count for the notes on this channel: its manager's, or its own."""
    manager = manager_of(state, port, channel)
    return channel if manager == NOBODY else np.int64(manager)


@kernel
def pedal_down(state, port, channel):
    """Whether the pedal of this channel, or of its manager, is down."""
    return state.midi.sustain[port, leader_of(state, port, channel)] != 0


@kernel
def range_of(state, port, channel):
    """Bend range of a channel in semitones."""
    said = state.midi.bend_range[port, channel]
    return said if said >= 0.0 else state.target[BEND_RANGE]


@kernel
def cents_of(state, port, channel):
    """Bend of a note on this channel, its manager's included."""
    midi = state.midi
    semitones = midi.bend[port, channel] * range_of(state, port, channel)
    manager = manager_of(state, port, channel)
    if manager != NOBODY:
        semitones += midi.bend[port, manager] * range_of(state, port, manager)
    return 100.0 * semitones


@kernel
def swell_of(midi, port, channel):
    """Level of a channel in dB: volume and expression, each 40 log10 (General MIDI's recommendation)."""
    product = midi.volume[port, channel] * midi.expression[port, channel]
    return 40.0 * math.log10(max(product, 1e-3))


@kernel
def lay_key_finger(state, s):
    """The finger that whoever holds sphere `s` lends it: the key's, its channel's or its manager's, the firmest.

    What only the pedal holds keeps the finger it has. Where notes are spheres the pedal also keeps a finger from
    growing lighter, so that a sphere goes on singing while the hands are elsewhere.
    """
    midi, held = state.midi, state.midi.voice_held[s]
    if held == PEDAL:
        return
    pressure = np.float32(0.0)
    if held == KEY_DOWN:
        port, channel = midi.voice_port[s], np.int64(midi.voice_channel[s])
        pressure = max(midi.pressure[port, channel], midi.voice_pressure[s])
        pressure = max(pressure, midi.pressure[port, leader_of(state, port, channel)])
        if are_spheres(state) and pedal_down(state, port, channel):
            pressure = max(pressure, state.touch.key_pressure[s])
    press_key(state, s, pressure)


@kernel
def shape(state, s, port, channel):
    """Give sphere `s` what its channel says."""
    midi, sphere = state.midi, state.sphere
    sphere.swell[s] = swell_of(midi, port, leader_of(state, port, channel))
    if state.midi_map.mode == MPE and midi.voice_held[s] != KEY_DOWN:
        return  # the key is up: its channel may speak for another note by now
    manager = manager_of(state, port, channel)
    timbre = midi.timbre[port, channel]
    sphere.timbre[s] = timbre if manager == NOBODY else timbre + midi.timbre[port, manager]
    sphere.wheel[s] = cents_of(state, port, channel)
    lay_key_finger(state, s)


@kernel
def speaks_for(state, s, port, channel):
    """Whether what this channel says is meant for sphere `s`, as its own or as its manager."""
    midi = state.midi
    if state.midi_map.mode == PADS:
        return True
    if state.midi_map.mode == BY_CHANNEL:
        return s == channel
    if midi.voice_port[s] != port or (state.midi_map.mode == MPE and midi.voice_held[s] == FREE):
        return False
    return midi.voice_channel[s] == channel or manager_of(state, port, midi.voice_channel[s]) == channel


@kernel
def spread(state, port, channel):
    """A channel has said something new: tell the spheres it is meant for."""
    midi = state.midi
    own = not are_spheres(state)
    for s in range(np.int64(state.definitions[state.playing].count)):
        if speaks_for(state, s, port, channel):
            shape(state, s, port, np.int64(midi.voice_channel[s]) if own else channel)


@kernel
def bend_channel(state, port, channel, bend):
    """A pitch wheel moved to -1..1. A manager's also moves, by as much, the notes that only its pedal holds."""
    midi = state.midi
    moved_cents = 100.0 * (bend - midi.bend[port, channel]) * range_of(state, port, channel)
    midi.bend[port, channel] = bend
    if state.midi_map.mode == MPE:
        for s in range(np.int64(state.definitions[state.playing].count)):
            if midi.voice_held[s] == PEDAL and midi.voice_port[s] == port:
                if leader_of(state, port, np.int64(midi.voice_channel[s])) == channel:
                    state.sphere.wheel[s] += moved_cents
    spread(state, port, channel)


@kernel
def reset_channel(state, port, channel):
    """Bend, pressure, expression and pedal as after power-up (RP-015); volume, ranges and sound controls stay."""
    midi = state.midi
    midi.bend[port, channel] = midi.pressure[port, channel] = 0.0
    midi.expression[port, channel] = 1.0
    midi.sustain[port, channel] = 0
    midi.rpn_coarse[port, channel] = midi.rpn_fine[port, channel] = 127


@kernel
def set_zone(state, port, manager, members):
    """An MPE Configuration Message: a zone of `members` channels; the other gives way where they would overlap.

    Channels that enter or leave the zone start afresh, with its ranges; those of the other zone stay as they are.
    """
    midi = state.midi
    members = min(max(members, 0), MOST_MEMBERS)
    lower, upper = midi.lower[port], midi.upper[port]
    if manager == LOWER:
        midi.lower[port] = members
    else:
        midi.upper[port] = members
    if members > 0:  # both managers need a channel of their own
        room = max(MOST_MEMBERS - 1 - members, 0)
        if manager == LOWER:
            midi.upper[port] = min(upper, room)
        else:
            midi.lower[port] = min(lower, room)
    for channel in range(CHANNELS):
        now = manager_in(midi.lower[port], midi.upper[port], channel)
        if channel == manager or now == manager or now != manager_in(lower, upper, channel):
            reset_channel(state, port, channel)
            midi.timbre[port, channel] = 0.0
            midi.bend_range[port, channel] = UNSAID if now == NOBODY else MEMBER_RANGE
    if members > 0:
        midi.bend_range[port, manager] = MANAGER_RANGE
