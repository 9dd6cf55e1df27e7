"""Control changes: what a knob, a pedal or a wheel does, by the compiled table; and registered parameters."""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.jit import kernel
from weaver.dsp.sizes import CHANNELS, SPHERES
from weaver.engine.control_numbers import (
    ALL_SOUND_OFF,
    CENTRE_7,
    CENTRE_14,
    DATA_COARSE,
    DATA_DOWN,
    DATA_FINE,
    DATA_UP,
    FINE,
    LOCAL_CONTROL,
    MODULATION,
    NRPN_COARSE,
    NRPN_FINE,
    RESET_CONTROLLERS,
    RPN_BEND_RANGE,
    RPN_COARSE,
    RPN_FINE,
    RPN_MPE,
    WIDEST_BEND,
    norm_of,
)
from weaver.engine.in_lanes import hear_number, lift_hand
from weaver.engine.notes import let_go_all, meant, release_pedal, silence_channel
from weaver.engine.zones import LOWER, MPE, NOBODY, UPPER, manager_of, range_of, reset_channel, set_zone, spread

UNUSED, TO_PARAMETER, SUSTAIN, VOLUME, EXPRESSION, TIMBRE = range(6)
"""What a control may be in the compiled table; the rest is the standard's own."""


@kernel
def control(state, port, channel, number, value):
    """One control change; False if this number has no use here."""
    if number >= ALL_SOUND_OFF:
        return channel_mode(state, port, channel, number)
    if number == DATA_COARSE or number == DATA_FINE or number == DATA_UP or number == DATA_DOWN:
        return enter_data(state, port, channel, number, value)
    if RPN_FINE <= number <= RPN_COARSE or NRPN_FINE <= number <= NRPN_COARSE:
        select_parameter(state.midi, port, channel, number, value)
        return True
    midi = state.midi
    if number < FINE:
        midi.coarse[port, channel, number] = value
    elif number < 2 * FINE and is_lower_half(state.midi_map, number):
        pair = np.int64(midi.coarse[port, channel, number - FINE]) * 128 + value
        return turn_knob(state, port, channel, number - FINE, norm_of(pair, CENTRE_14))
    return turn_knob(state, port, channel, number, norm_of(value, CENTRE_7))


@kernel
def is_lower_half(table, number):
    """Whether the table has nothing for a control of 32 to 63 itself, but for that whose lower half it may be."""
    return table.cc_kind[number] == UNUSED and table.cc_kind[number - FINE] != UNUSED


@kernel
def turn_knob(state, port, channel, number, norm):
    """Do what the table says a control of this number does at 0..1. An MPE member has no say but in its timbre."""
    table, midi = state.midi_map, state.midi
    kind = table.cc_kind[number]
    if kind != TIMBRE and manager_of(state, port, channel) != NOBODY:
        return False
    low, high = table.cc_low[number], table.cc_high[number]
    value = low * (high / low) ** norm if table.cc_exponential[number] else low + (high - low) * norm
    if kind == TO_PARAMETER:
        state.target[table.cc_parameter[number]] = value
        return True
    if kind == SUSTAIN:
        midi.sustain[port, channel] = norm >= 0.5
        if norm < 0.5:
            release_pedal(state, port, channel)
    elif kind == VOLUME:
        midi.volume[port, channel] = norm
    elif kind == EXPRESSION:
        midi.expression[port, channel] = norm
    elif kind == TIMBRE:
        midi.timbre[port, channel] = value
    else:
        return hear_number(state, port, channel, number, norm)
    spread(state, port, channel)
    return True


@kernel
def channel_mode(state, port, channel, number):
    """120 to 127: sound off, reset, notes off; the mode messages are notes off too (MIDI 1.0)."""
    if number == LOCAL_CONTROL:
        return False
    if number == ALL_SOUND_OFF:
        silence_channel(state, port, channel)
    elif number == RESET_CONTROLLERS:
        reset_controllers(state, port, channel)
    else:
        let_go_all(state, port, channel)
    return True


@kernel
def reset_controllers(state, port, channel):
    """Wheels, pressures and pedals to their rest; a manager's are its whole zone's."""
    for s in range(SPHERES):
        if meant(state, s, port, channel):
            state.midi.voice_pressure[s] = 0.0
    for other in range(CHANNELS):
        if other == channel or manager_of(state, port, other) == channel:
            reset_channel(state, port, other)
            spread(state, port, other)
    lift_hand(state, channel)
    release_pedal(state, port, channel)
    if state.midi_map.cc_kind[MODULATION] == TO_PARAMETER:
        turn_knob(state, port, channel, MODULATION, 0.0)


@kernel
def select_parameter(midi, port, channel, number, value):
    """Choose what data entry changes; a non-registered parameter deselects."""
    if number == RPN_COARSE:
        midi.rpn_coarse[port, channel] = value
    elif number == RPN_FINE:
        midi.rpn_fine[port, channel] = value
    else:
        midi.rpn_coarse[port, channel] = midi.rpn_fine[port, channel] = 127


@kernel
def enter_data(state, port, channel, number, value):
    """Data entry for the selected registered parameter: bend range (0) and MPE configuration (6)."""
    midi = state.midi
    if midi.rpn_coarse[port, channel] != 0:
        return False
    selected = midi.rpn_fine[port, channel]
    if selected == RPN_BEND_RANGE:
        now = range_of(state, port, channel)
        if number == DATA_COARSE:
            now = np.float32(value)
        elif number == DATA_FINE:
            now = np.float32(math.floor(now) + min(value, 99) / 100.0)
        else:
            now += np.float32(1.0 if number == DATA_UP else -1.0)
        set_bend_range(state, port, channel, min(max(now, np.float32(0.0)), np.float32(WIDEST_BEND)))
        return True
    if selected == RPN_MPE and number == DATA_COARSE and state.midi_map.mode == MPE:
        if channel == LOWER or channel == UPPER:
            for other in range(CHANNELS):
                let_go_all(state, port, other)
            set_zone(state, port, channel, value)
            return True
    return False


@kernel
def set_bend_range(state, port, channel, semitones):
    """For a member channel the whole zone's (MPE 1.1, 2.4); otherwise the channel's own."""
    manager = manager_of(state, port, channel)
    for other in range(CHANNELS):
        if other == channel or (manager != NOBODY and manager_of(state, port, other) == manager):
            state.midi.bend_range[port, other] = semitones
            spread(state, port, other)
