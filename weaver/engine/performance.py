"""The heart of the running instrument: frames go by, commands take effect at theirs.

A block of any length is cut at commands and at grid points, so the same commands give the same samples whatever
the host's block is. `advance` is all that a host's callback calls, live or offline.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from weaver.dsp.hands import gesture, panic, release
from weaver.dsp.install import install, prepare
from weaver.dsp.jit import entry, kernel
from weaver.dsp.render import begin_cell, end_cell, play_span
from weaver.dsp.rings import load_acquire, push_notice, store_release
from weaver.dsp.sizes import CELL, NOTES, PORTS
from weaver.dsp.units import LIFE, LIVE, ask
from weaver.dsp.units import MIDI as MIDI_UNIT
from weaver.engine.address import floats_at, state_at
from weaver.engine.decoder import CALM_MIDI, DECODE, LET_GO_PADS, LOSE_PORT, MAP_NOTES, PREPARE_MIDI, TAKE_MAP
from weaver.engine.in_time import blow, give_up_blows, strike_in_time
from weaver.engine.log import log
from weaver.engine.midi_out import HANDS
from weaver.engine.notices import INSTALLED
from weaver.engine.playing_out import set_out, tell_cell, tell_panic, tell_set
from weaver.engine.schedule import drop_due, gather
from weaver.engine.snapshot import take_snapshot
from weaver.engine.tune import is_tuned, retune_note
from weaver.life.drone import silence_drone
from weaver.life.heart import tap
from weaver.life.transport import JACK, LINK, ask_halt, ask_roll, give_time
from weaver.model.gestures import (
    BEGIN,
    BIND,
    BLOW,
    BY_CODE,
    FINALE,
    HALT,
    HAND,
    INSTALL,
    LET_GO,
    MIDI,
    PANIC,
    PARAMETER,
    PLAY_OUT,
    RETUNE,
    ROLL,
    STRIKE,
    TAP,
    TIME,
    UNDO,
)
from weaver.model.parameters import PARAMETERS
from weaver.model.units import PLAYABLE_HZ

_LOW = np.array([parameter.low for parameter in PARAMETERS], np.float32)
_HIGH = np.array([parameter.high for parameter in PARAMETERS], np.float32)


def _ends(end: str) -> NDArray[np.float32]:
    """float32[code, argument]: one end, "low" or "high", of the range of every gesture's arguments."""
    ends = np.zeros((max(BY_CODE) + 1, 4), np.float32)
    for code, row in BY_CODE.items():
        for place, argument in enumerate(row.arguments):
            ends[code, place] = getattr(argument, end)
    return ends


_LEAST, _MOST = _ends("low"), _ends("high")
LAST = max(BY_CODE)
LOWEST_HZ, HIGHEST_HZ = PLAYABLE_HZ[0] / 2.0, PLAYABLE_HZ[1]
"""Of a note that is tuned; MIDI's tuning messages reach a semitone below the lowest key."""


@kernel
def within(kind, place, value):
    """An argument of a gesture, or the end of its range that it lies beyond."""
    return min(max(value, _LEAST[kind, place]), _MOST[kind, place])


@kernel
def is_sane(state, command):
    """Whether a command names what exists, with numbers that are numbers."""
    for index in range(4):
        if not abs(command.values[index]) < np.float32(1e9):
            return False
    if not -1 <= command.sphere < state.definitions[state.playing].count:
        return False
    if command.kind == PARAMETER:
        return 0 <= command.values[0] < _LOW.shape[0]
    if command.kind == BIND:
        return command.sphere >= 0 and 0 <= command.values[0] < state.definitions[state.playing].count
    if command.kind == BEGIN:
        return state.script.number != state.show.begun  # a show that was staged, and has not begun yet
    if command.kind == HAND:
        return 0 <= command.source < PORTS and (command.values[0] == 0 or command.values[0] == 1)
    if command.kind == TIME:
        return JACK <= command.source <= LINK
    if command.kind == RETUNE:
        hz = command.values[1]
        return 0 <= command.values[0] < NOTES and (hz == 0.0 or LOWEST_HZ <= hz <= HIGHEST_HZ)
    if command.kind == BLOW:
        return command.sphere >= 0
    if command.kind == PLAY_OUT:
        return True
    return STRIKE <= command.kind <= LAST or PARAMETER < command.kind <= LET_GO


@kernel
def log_command(state, command):
    """A command takes effect now."""
    values = command.values
    log(state, command.kind, command.sphere, command.source, values[0], values[1], values[2], values[3])


@kernel
def hand_over(state, command):
    """Give the MIDI unit what is for it, then do what it has made of that.

    What a controller's message becomes is logged in its place; a change of map changes no sound.
    """
    incoming, kind = state.midi.incoming, command.kind
    incoming[0] = command.source
    for place in range(4):
        incoming[1 + place] = np.int64(command.values[place])
    ask(state, MIDI_UNIT, DECODE if kind == MIDI else LOSE_PORT if kind == LET_GO else TAKE_MAP)
    if kind != HAND and state.midi.raw:
        log_command(state, command)
    carry_out(state)


@kernel
def carry_out(state):
    """Do what the MIDI unit has resolved, each as if somebody had sent it."""
    for index in range(state.midi.resolved_count):
        command = state.midi.resolved[index]
        if command.kind <= PARAMETER and is_sane(state, command):
            log_command(state, command)
            do(state, command)
        else:
            state.counters.refused_commands += 1


@kernel
def fall_silent(state):
    """Panic: spheres and audience are silent now, and MIDI holds nothing; pads are let go by who called for it."""
    panic(state)
    give_up_blows(state)
    tell_panic(state)
    silence_drone(state)
    ask(state, MIDI_UNIT, CALM_MIDI)
    state.midi.panicked = 1


@kernel
def let_go_hands(state):
    """After a panic: let go what pads of controllers hold. Apart from it, because such a pad may have called it."""
    state.midi.panicked = 0
    for port in range(PORTS):
        state.midi.incoming[0] = port
        ask(state, MIDI_UNIT, LET_GO_PADS)
        carry_out(state)


@kernel
def perform(state, command):
    """Do one command at the frame the clock is on."""
    kind = command.kind
    if not is_sane(state, command):
        state.counters.refused_commands += 1
        return
    values = command.values
    if kind == MIDI or kind == LET_GO or kind == HAND:
        hand_over(state, command)
    elif kind == BLOW:
        blow(state, np.int64(command.sphere), values[0], values[1], values[2], np.int64(command.source))
    elif kind == PLAY_OUT:
        set_out(state, values[0], values[1], values[2], values[3])
    elif kind != RETUNE or not is_tuned(state, np.int64(values[0]), values[1]):
        log_command(state, command)
        do(state, command)


@kernel
def do(state, command):
    """Do a command that is neither MIDI nor about a port."""
    kind, a, b, c = command.kind, command.values[0], command.values[1], command.values[2]
    if kind == PARAMETER:
        index = np.int64(a)
        state.target[index] = min(max(b, _LOW[index]), _HIGH[index])
    elif kind == INSTALL:
        install(state)
        ask(state, MIDI_UNIT, MAP_NOTES)
        tell_set(state)
        push_notice(state, INSTALLED, -1, np.float32(0), np.float32(0), np.float32(0), np.float32(0))
    elif kind == UNDO:
        state.life.undo = 1
    elif kind == BEGIN:
        state.show.begin = 1
    elif kind == FINALE:
        state.show.end = 1
    elif kind == PANIC and command.sphere < 0:
        fall_silent(state)
    elif kind == TAP:
        tap(state)
    elif kind == ROLL:
        ask_roll(state, within(kind, 0, a))
    elif kind == HALT:
        ask_halt(state)
    elif kind == TIME:
        give_time(state, np.int64(command.source), a, b, c, command.values[3])
    elif kind == RETUNE:
        retune_note(state, np.int64(a), b)
    else:
        a, b, c = within(kind, 0, a), within(kind, 1, b), within(kind, 2, c)
        first = np.int64(command.sphere)
        last = first + 1
        if first < 0:
            first, last = np.int64(0), np.int64(state.definitions[state.playing].count)
        for s in range(first, last):
            if kind == STRIKE:
                release(state, s, 0.0)
                strike_in_time(state, s, a, b, c, np.int64(HANDS))
            else:
                gesture(state, kind, s, a, b, c)


@kernel
def perform_due(state):
    """Do all commands whose frame has come; how many frames there are until the next one."""
    done = 0
    while True:
        if state.midi.panicked:
            let_go_hands(state)
        if done >= state.waiting or state.pending[done].frame > state.frame:
            break
        perform(state, state.pending[done])
        done += 1
    if done:
        drop_due(state, done)
    return state.pending[0].frame - state.frame if state.waiting else np.int64(1 << 40)


@kernel
def advance(state, left, right, stride, frames):
    """Render the next `frames` frames: frame n goes to left[n * stride] and right[n * stride].

    Parameters
    ----------
    left, right : float32[at least (frames - 1) * stride + 1]
        Two channels, apart (stride 1) or interleaved (stride 2, `right` one sample on).
    """
    panics = load_acquire(state.commands.panics)
    if panics != state.panics_done:
        state.panics_done = panics
        log(state, PANIC, -1, 0, np.float32(0), np.float32(0), np.float32(0), np.float32(0))
        fall_silent(state)
    gather(state)
    done = np.int64(0)
    while done < frames:
        until_next = perform_due(state)
        at = state.frame % CELL
        if at == 0:
            ask(state, LIFE, LIVE)
            begin_cell(state)
        span = min(frames - done, CELL - at, until_next)
        play_span(state, at, at + span)
        for n in range(span):
            left[(done + n) * stride] = state.mix[0, at + n]
            right[(done + n) * stride] = state.mix[1, at + n]
        state.frame += span
        done += span
        if at + span == CELL:
            end_cell(state)
            tell_cell(state)
            take_snapshot(state)
    state.counters.blocks += 1
    store_release(state.log.until, state.frame)


@entry
def boot(address):
    """Make a new state, whose first definition is filled, ready for its first frame."""
    state = state_at(address)
    give_up_blows(state)  # of before a restart: no log that begins here has them
    prepare(state)
    ask(state, MIDI_UNIT, PREPARE_MIDI)


@entry
def render(address, out_address, frames):
    """Advance into float32[frames, 2] at an address. For whoever has no host: offline, and the silent host."""
    out = floats_at(out_address, 2 * frames)
    advance(state_at(address), out, out[1:], 2, frames)
