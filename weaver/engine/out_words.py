"""Messages that leave: what has been said on each channel, so that only what is new is said, and not too often.

No two control changes leave on one channel at one frame: a DAW gives those back in the reverse order (measured with
Ardour 7.3, whose events of one time are a set without order).
"""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.jit import kernel
from weaver.dsp.sizes import CELL, CHANNELS
from weaver.engine.control_numbers import CENTRE_7
from weaver.engine.midi_out import EACH_A_CHANNEL, MPE_LOWER, MPE_UPPER, tell_midi
from weaver.engine.out_record import CONTROLS
from weaver.engine.status import CHANNEL_PRESSURE, CONTROL, NOTE_OFF, NOTE_ON, PITCH_BEND
from weaver.engine.zones import LOWER, UPPER
from weaver.model.midi_out import BEND_SEMITONES

NOTHING = -1
"""No note, no sphere, nothing said."""
APART = 4 * CELL
"""Frames between two bends, pressures or values of one control."""
CENTRE_BEND, HIGHEST_BEND = 8192, 16383
STEPS_PER_CENT = CENTRE_BEND / (100.0 * BEND_SEMITONES)
HIGHEST = 127
LONG_AGO = -(1 << 40)
"""Frames."""


@kernel
def forget_said(out):
    """Nobody knows what stands at the other end."""
    for channel in range(CHANNELS):
        out.bend[channel] = out.pressure[channel] = NOTHING
        out.bend_frame[channel] = out.pressure_frame[channel] = LONG_AGO
        for number in range(CONTROLS):
            out.control[channel, number] = NOTHING
            out.control_frame[channel, number] = LONG_AGO


@kernel
def is_mpe(form):
    """Whether what leaves is MPE."""
    return form == MPE_LOWER or form == MPE_UPPER


@kernel
def manager_channel(form):
    """The channel that manages the zone of an MPE form."""
    return np.int64(LOWER if form == MPE_LOWER else UPPER)


@kernel
def note_channel(form, place):
    """The channel at a place among those for notes: members from the manager's neighbour on, or all from the first."""
    if form == EACH_A_CHANNEL:
        return np.int64(place)
    return np.int64(LOWER + 1 + place if form == MPE_LOWER else UPPER - 1 - place)


@kernel
def bend_of(cents):
    """Cents as a bend of BEND_SEMITONES, 14 bits."""
    return np.int64(min(max(math.floor(CENTRE_BEND + cents * STEPS_PER_CENT + 0.5), 0.0), HIGHEST_BEND))


@kernel
def control_of(norm):
    """0..1 as a control's value: the inverse of `control_numbers.norm_of`, so that it comes back as it was."""
    norm = min(max(norm, 0.0), 1.0)
    if norm < 0.5:
        return np.int64(math.floor(2.0 * CENTRE_7 * norm + 0.5))
    return np.int64(math.floor(CENTRE_7 + 2.0 * (CENTRE_7 - 1.0) * (norm - 0.5) + 0.5))


@kernel
def tell_bend(state, frame, channel, value, apart):
    """Say a bend if it is another, and the last was so many frames ago."""
    out = state.midi_out
    if out.bend[channel] == value or frame - out.bend_frame[channel] < apart:
        return
    if tell_midi(state, frame, 3, PITCH_BEND | channel, value & 0x7F, value >> 7, False):
        out.bend[channel] = value
        out.bend_frame[channel] = frame


@kernel
def tell_pressure(state, frame, channel, value, apart):
    """Say a channel pressure likewise."""
    out = state.midi_out
    if out.pressure[channel] == value or frame - out.pressure_frame[channel] < apart:
        return
    if tell_midi(state, frame, 2, CHANNEL_PRESSURE | channel, value, 0, False):
        out.pressure[channel] = value
        out.pressure_frame[channel] = frame


@kernel
def say_control(state, frame, channel, number, value):
    """Say a control change; False if it has to wait, because another was said there at this frame, or for room."""
    out = state.midi_out
    if out.any_control_frame[channel] == frame:
        return False
    if not tell_midi(state, frame, 3, CONTROL | channel, number, value, False):
        return False
    out.any_control_frame[channel] = frame
    return True


@kernel
def tell_control(state, frame, channel, number, value, apart):
    """Say a control change if the value is another, and the last of it was so many frames ago."""
    out = state.midi_out
    if out.control[channel, number] == value or frame - out.control_frame[channel, number] < apart:
        return
    if say_control(state, frame, channel, number, value):
        out.control[channel, number] = value
        out.control_frame[channel, number] = frame


@kernel
def tell_note_on(state, frame, channel, key, velocity):
    """False if there is no room."""
    return tell_midi(state, frame, 3, NOTE_ON | channel, key, velocity, False)


@kernel
def tell_note_off(state, frame, channel, key, velocity):
    """There is always room."""
    tell_midi(state, frame, 3, NOTE_OFF | channel, key, velocity, True)
