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
from weaver.engine.voices import FREE

PADS, KEYS, MPE = 0, 1, 2
"""Modes of the decoder: a note is a sphere; a note is a pitch; a channel is a note."""
NOBODY = -1
LOWER, UPPER = 0, 15
"""Channels, from 0, that may manage a zone."""
MEMBER_RANGE, MANAGER_RANGE = 48.0, 2.0
"""Semitones of bend that a zone starts with."""


@kernel
def manager_of(state, port, channel):
    """The channel that manages this member channel, or NOBODY."""
    midi = state.midi
    if state.midi_map.mode != MPE:
        return NOBODY
    if 1 <= channel <= midi.lower[port]:
        return LOWER
    if UPPER - midi.upper[port] <= channel < UPPER:
        return UPPER
    return NOBODY


@kernel
def cents_of(state, port, channel):
    """Bend of a note on this channel, its manager's included."""
    midi = state.midi
    semitones = midi.bend[port, channel] * midi.bend_range[port, channel]
    manager = manager_of(state, port, channel)
    if manager != NOBODY:
        semitones += midi.bend[port, manager] * midi.bend_range[port, manager]
    return 100.0 * semitones


@kernel
def swell_of(midi, port, channel):
    """Level of a channel in dB: volume and expression, each 40 log10 (General MIDI's recommendation)."""
    product = midi.volume[port, channel] * midi.expression[port, channel]
    return 40.0 * math.log10(max(product, 1e-3))


@kernel
def shape(state, s, port, channel):
    """Give sphere `s` what its channel says."""
    midi, sphere = state.midi, state.sphere
    manager = manager_of(state, port, channel)
    sphere.wheel[s] = cents_of(state, port, channel)
    timbre, pressure = midi.timbre[port, channel], midi.pressure[port, channel]
    swell = swell_of(midi, port, channel)
    if manager != NOBODY:
        timbre += midi.timbre[port, manager]
        pressure = max(pressure, midi.pressure[port, manager])
        swell = swell_of(midi, port, manager)
    sphere.timbre[s] = timbre
    sphere.swell[s] = swell
    held = midi.voice_held[s] != FREE
    press_key(state, s, max(pressure, midi.voice_pressure[s]) if held else np.float32(0.0))


@kernel
def speaks_for(state, s, port, channel):
    """Whether what this channel says is meant for sphere `s`, as its own or as its manager."""
    midi = state.midi
    if state.midi_map.mode == PADS:
        return True
    if midi.voice_port[s] != port or (state.midi_map.mode == MPE and midi.voice_held[s] == FREE):
        return False
    return midi.voice_channel[s] == channel or manager_of(state, port, midi.voice_channel[s]) == channel


@kernel
def spread(state, port, channel):
    """A channel has said something new: tell the spheres it is meant for."""
    midi = state.midi
    pads = state.midi_map.mode == PADS
    for s in range(np.int64(state.definitions[state.playing].count)):
        if speaks_for(state, s, port, channel):
            shape(state, s, port, channel if pads else np.int64(midi.voice_channel[s]))


@kernel
def reset_channel(state, port, channel):
    """Bend, pressure, timbre, expression and pedal as after power-up (RP-015), bend range and volume kept."""
    midi = state.midi
    midi.bend[port, channel] = midi.pressure[port, channel] = midi.timbre[port, channel] = 0.0
    midi.expression[port, channel] = 1.0
    midi.sustain[port, channel] = 0
    midi.rpn_coarse[port, channel] = midi.rpn_fine[port, channel] = 127


@kernel
def set_zone(state, port, manager, members):
    """An MPE Configuration Message: a zone of `members` channels; the other gives way where they would overlap."""
    midi = state.midi
    members = min(max(members, 0), 15)
    if manager == LOWER:
        midi.lower[port] = members
        midi.upper[port] = min(midi.upper[port], max(14 - members, 0))
    else:
        midi.upper[port] = members
        midi.lower[port] = min(midi.lower[port], max(14 - members, 0))
    for channel in range(CHANNELS):
        reset_channel(state, port, channel)
        member = manager_of(state, port, channel) != NOBODY
        midi.bend_range[port, channel] = MEMBER_RANGE if member else MANAGER_RANGE
