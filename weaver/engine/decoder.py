"""MIDI bytes to gestures, natively: the one decoder, whatever brought the bytes.

The JACK host calls it inside its process callback, at each event's own frame; other inputs send the same bytes
through the command ring. What a message means is looked up in `midi_map`, which `mapping` compiles. Nothing here
trusts a byte: what is cut short or out of range is counted by reason and ignored.
"""

from __future__ import annotations

import numpy as np

from weaver.dsp.jit import kernel
from weaver.dsp.rings import push_notice
from weaver.dsp.sizes import CHANNELS, NOTES, PORTS
from weaver.engine.controls import control
from weaver.engine.hand import map_of
from weaver.engine.hand_pads import forget_pads, let_go_pads
from weaver.engine.hand_port import lose_hand, resolve, take_map
from weaver.engine.midi_out import is_daws
from weaver.engine.notes import let_go_note, let_go_port, lift_pedals, note_on, press_note
from weaver.engine.notices import PROGRAM
from weaver.engine.out_notes import RELEASED
from weaver.engine.status import (
    CHANNEL_PRESSURE,
    CONTROL,
    NOTE_OFF,
    NOTE_ON,
    PITCH_BEND,
    POLY_PRESSURE,
    PROGRAM_CHANGE,
)
from weaver.engine.voices import forget_voices
from weaver.engine.zones import (
    BY_CHANNEL,
    LOWER,
    MEMBER_RANGE,
    MOST_MEMBERS,
    MPE,
    UNSAID,
    bend_channel,
    reset_channel,
    set_zone,
    spread,
)
from weaver.life.clock_out import CLOCK_TICK, CONTINUE, POSITION, START, STOP
from weaver.life.ticks import locate, resume, start, stop, tick
from weaver.model.parameters import STOP_RELEASES

REASONS = (
    *("cut short", "no status", "data out of range", "no sphere for note", "control without use", "no such port"),
    *("tuning of a wrong length", "more tunings than there is room for"),
)
"""Why a message was ignored, by its place in `midi.ignored`."""
CUT_SHORT, NO_STATUS, BAD_DATA, NO_SPHERE, NO_USE, NO_PORT, WRONG_LENGTH, NO_ROOM = range(len(REASONS))
MOST_REASONS = len(REASONS)
HANDLED = -1
HALF = 0.5

DECODE, PREPARE_MIDI, CALM_MIDI, MAP_NOTES, LOSE_PORT, TAKE_MAP, LET_GO_PADS = range(7)
"""What the unit can be asked."""

SYSTEM = EXCLUSIVE = 0xF0
"""The first of the system messages is SysEx."""
TRANSPORT = (POSITION, CLOCK_TICK, START, CONTINUE, STOP)
"""The system messages that are for the decoder."""


@kernel
def midi_unit(state):
    """All of MIDI as one unit: do what `ask` says."""
    incoming = state.midi.incoming
    state.midi.resolved_count = 0
    state.midi.raw = 1
    if state.asked == DECODE:
        decode(state, incoming[0], incoming[1], incoming[2], incoming[3], incoming[4])
    elif state.asked == PREPARE_MIDI:
        prepare_midi(state)
    elif state.asked == CALM_MIDI:
        calm_midi(state)
    elif state.asked == MAP_NOTES:
        map_notes(state)
    elif state.asked == TAKE_MAP:
        take_map(state, incoming[0], incoming[1])
    elif state.asked == LET_GO_PADS:
        let_go_pads(state, incoming[0])
    else:
        vanish(state, incoming[0])


@kernel
def prepare_midi(state):
    """Every port and channel as after power-up. For senders that never say: in mpe mode a lower zone of fifteen, and
    where a channel is a sphere the bends of such a zone."""
    midi = state.midi
    for port in range(PORTS):
        midi.lower[port] = midi.upper[port] = 0
        for channel in range(CHANNELS):
            midi.volume[port, channel] = 1.0
            midi.timbre[port, channel] = 0.0
            midi.bend_range[port, channel] = MEMBER_RANGE if state.midi_map.mode == BY_CHANNEL else UNSAID
        if state.midi_map.mode == MPE:
            set_zone(state, port, LOWER, MOST_MEMBERS)
    calm_midi(state)
    map_notes(state)


@kernel
def calm_midi(state):
    """After a panic: nothing is held, no pedal is down, every wheel is centred; what was set up stays."""
    forget_voices(state)
    for port in range(PORTS):
        for channel in range(CHANNELS):
            reset_channel(state, port, channel)


@kernel
def map_notes(state):
    """A set has come on stage: notes from its base note on are its spheres, and nobody holds any."""
    forget_voices(state)
    forget_pads(state)
    definition = state.definitions[state.playing]
    for note in range(NOTES):
        s = note - definition.base_note
        state.midi_map.note_sphere[note] = s if 0 <= s < definition.count else -1


@kernel
def decode(state, port, status, first, second, length):
    """Do what one MIDI message says, at the frame the clock is on. `length` counts the bytes there are.

    A clock's are not counted: they say nothing of whether anybody plays. Of an exclusive message that its reader
    (`engine.mts`) refuses only the status comes here, and in `first` why.
    """
    midi = state.midi
    if status in TRANSPORT:
        keep_time(state, port, status, first, second, length)
        return
    if status == EXCLUSIVE:
        midi.raw = 0  # no take has it
        midi.ignored[min(max(first, 0), MOST_REASONS - 1)] += 1
        return
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
def keep_time(state, port, status, first, second, length):
    """A message of MIDI's clock."""
    if port < 0 or port >= PORTS:
        state.midi.ignored[NO_PORT] += 1
    elif status == CLOCK_TICK:
        tick(state, port)
    elif status == START:
        start(state, port)
        state.heart.tap_beat = 0.0  # a clock that starts is a later wish than taps
    elif status == CONTINUE:
        resume(state, port)
    elif status == STOP:
        stop(state, port)
        if state.target[STOP_RELEASES] >= HALF and is_daws(port):
            let_go_port(state, port)
            lift_pedals(state, port)
    elif length < 3:
        state.midi.ignored[CUT_SHORT] += 1
    elif not (0 <= first <= 127 and 0 <= second <= 127):
        state.midi.ignored[BAD_DATA] += 1
    else:
        locate(state, port, second * 128 + first)


@kernel
def understand(state, port, status, first, second, length):
    """HANDLED, or the reason why the message means nothing."""
    if status < NOTE_OFF or status > 0xFF or length < 1:
        return NO_STATUS
    kind, channel = status & 0xF0, np.int64(status & 0x0F)
    if kind == SYSTEM:
        return HANDLED  # sensing and the like: not for the spheres
    short = kind == PROGRAM_CHANGE or kind == CHANNEL_PRESSURE
    if length < (2 if short else 3):
        return CUT_SHORT
    if first < 0 or first > 127 or (not short and (second < 0 or second > 127)):
        return BAD_DATA
    if map_of(state, port).on:
        hand = state.hand[port]
        if resolve(state, port, status, first, second, length):
            hand.taken += 1
            state.midi.raw = 0
            return HANDLED
        if not map_of(state, port).falls:
            hand.unclaimed += 1
            state.midi.raw = 0
            return NO_USE
    return follow_mode(state, port, kind, channel, first, second)


@kernel
def follow_mode(state, port, kind, channel, first, second):
    """Do what a whole message means in the mode; HANDLED, or the reason why it means nothing."""
    if kind == CONTROL:
        return HANDLED if control(state, port, channel, first, second) else NO_USE
    if kind == NOTE_ON and second > 0:
        return HANDLED if note_on(state, port, channel, first, second) else NO_SPHERE
    if kind == NOTE_OFF or kind == NOTE_ON:
        let_go_note(state, port, channel, first, second if kind == NOTE_OFF else RELEASED)
    elif kind == POLY_PRESSURE:
        press_note(state, port, channel, first, np.float32(second / 127.0))
    elif kind == CHANNEL_PRESSURE:
        state.midi.pressure[port, channel] = first / 127.0
        spread(state, port, channel)
    elif kind == PITCH_BEND:
        bend_channel(state, port, channel, (second * 128 + first - 8192) / 8192.0)
    else:
        push_notice(state, PROGRAM, -1, np.float32(first), np.float32(channel), np.float32(port), np.float32(0.0))
    return HANDLED


@kernel
def vanish(state, port):
    """A port has gone: what it held is let go, its wheels are centred and its pedals up; the others play on."""
    if port < 0 or port >= PORTS:
        state.midi.ignored[NO_PORT] += 1
        return
    let_go_port(state, port)
    lose_hand(state, port)
    for channel in range(CHANNELS):
        at_rest = state.midi.bend[port, channel] == 0.0 and state.midi.expression[port, channel] == 1.0
        reset_channel(state, port, channel)
        if not at_rest:  # else on pads, where all ports share the spheres, it would undo what others say
            spread(state, port, channel)
