"""What comes from a controller's port: its messages, another map for it, and that it has gone."""

from __future__ import annotations

import numpy as np

from weaver.dsp.jit import kernel
from weaver.dsp.sizes import ACTIONS, CHANNELS
from weaver.engine.control_numbers import CENTRE_7, CENTRE_14, FINE, norm_of
from weaver.engine.hand import ABSOLUTE_14, NONE, PARAMETER_TURN, TURN, UNKNOWN, map_of, place_of
from weaver.engine.hand_knobs import is_relative, nudge, ticks_of, turn
from weaver.engine.hand_pads import let_go_pads, lift, lose_positions, press, squeeze, squeeze_channel
from weaver.engine.status import CHANNEL_PRESSURE, CONTROL, NOTE_OFF, NOTE_ON, PITCH_BEND, POLY_PRESSURE

LONG_AGO = -(1 << 40)
"""Frames: when an encoder was turned that never was."""


@kernel
def find_action(table, kind, channel, number):
    """The place of the action that a message is for, or NONE. Lower halves of 14 bits are for their upper halves'."""
    if kind == CONTROL:
        index = place_of(table, table.cc[channel, number])
        if index == NONE and FINE <= number < 2 * FINE:
            index = place_of(table, table.cc[channel, number - FINE])
            if index != NONE and table.action[index].encoding != ABSOLUTE_14:
                return np.int64(NONE)
        return index
    if kind == PITCH_BEND:
        return place_of(table, table.bend[channel])
    if kind == CHANNEL_PRESSURE:
        return place_of(table, table.pressure[channel])
    if kind == NOTE_ON or kind == NOTE_OFF or kind == POLY_PRESSURE:
        return place_of(table, table.note[channel, number])
    return np.int64(NONE)


@kernel
def position_of(state, port, kind, channel, first, second):
    """Where a control says that it stands, 0..1."""
    if kind == PITCH_BEND:
        return norm_of(second * 128 + first, CENTRE_14)
    if kind == CHANNEL_PRESSURE:
        return norm_of(first, CENTRE_7)
    if first < FINE:
        state.hand[port].coarse[channel, first] = second
    elif first < 2 * FINE:
        table = map_of(state, port)
        if place_of(table, table.cc[channel, first]) == NONE:  # so it is here as a lower half
            return norm_of(np.int64(state.hand[port].coarse[channel, first - FINE]) * 128 + second, CENTRE_14)
    return norm_of(second, CENTRE_7)


@kernel
def resolve(state, port, status, first, second, length):
    """Leave what this whole message of a controller becomes in `midi.resolved`; False if no control claims it."""
    table = map_of(state, port)
    kind, channel = status & 0xF0, status & 0x0F
    index = find_action(table, kind, channel, first)
    if index == NONE:
        return kind == CHANNEL_PRESSURE and squeeze_channel(state, port, channel, first / 127.0)
    action = table.action[index]
    if not -1 <= action.sphere < state.definitions[state.playing].count:
        return True
    if kind == POLY_PRESSURE:
        squeeze(state, port, index, second / 127.0)
    elif action.kind != TURN and action.kind != PARAMETER_TURN:
        if kind == NOTE_OFF or second == 0:
            lift(state, port, index)
        elif kind == NOTE_ON or kind == CONTROL:
            press(state, port, index, second)
    elif kind == CONTROL and is_relative(action.encoding):
        nudge(state, port, index, ticks_of(action.encoding, second))
    elif kind != NOTE_ON and kind != NOTE_OFF:
        turn(state, port, index, position_of(state, port, kind, channel, first, second))
    return True


@kernel
def take_map(state, port, place):
    """Put the other map of a port in force: what was held is let go, and knobs have to be caught again.

    A control is known by what it sends, so where it stands outlives a change of its place in the map.
    """
    let_go_pads(state, port)
    hand, old = state.hand[port], map_of(state, port)
    hand.map = place
    new = map_of(state, port)
    for index in range(ACTIONS):
        hand.written[index] = UNKNOWN
    for channel in range(CHANNELS):
        for number in range(128):
            follow(hand, new, old, new.cc[channel, number], old.cc[channel, number])
        follow(hand, new, old, new.bend[channel], old.bend[channel])
        follow(hand, new, old, new.pressure[channel], old.pressure[channel])
    for index in range(ACTIONS):
        hand.hardware[index] = hand.written[index]
        hand.written[index] = UNKNOWN
        hand.turned_frame[index] = LONG_AGO
        hand.caught[index] = 0


@kernel
def follow(hand, new, old, index, index_before):
    """Note in `written` where a control stands, if both maps have it."""
    here, before = place_of(new, index), place_of(old, index_before)
    if here != NONE and before != NONE:
        hand.written[here] = hand.hardware[before]


@kernel
def lose_hand(state, port):
    """A controller has gone: what it held is let go, and nobody knows where its knobs stand."""
    let_go_pads(state, port)
    lose_positions(state, port)
