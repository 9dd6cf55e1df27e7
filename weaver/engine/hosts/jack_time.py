"""JACK's transport, natively: where somebody on the server keeps bars and beats, we are told by a command, and logged.

Only what cannot be reckoned from what was said before is said: a start, a stop, another tempo, another place.
"""

from __future__ import annotations

import numpy as np
from numba import carray

from weaver.dsp.jit import kernel
from weaver.dsp.rings import write_packet
from weaver.dsp.sizes import record
from weaver.engine.hosts.heart import pointer
from weaver.engine.hosts.libjack import (
    BBT_OFFSET_VALID,
    BBT_VALID,
    POSITION,
    POSITION_BYTES,
    ROLLING,
    transport_query,
)
from weaver.engine.layout import COMMAND
from weaver.engine.schedule import schedule
from weaver.life.transport import JACK
from weaver.model.gestures import TIME

SAME_BEATS = 1e-3
"""Nearer than this to where it should be, the song has not been moved."""
SAME_BPM = 1e-6
QUARTER = 4.0
"""Of a whole note; JACK's beats may be other parts of one."""

JACK_TIME = record(
    ("position_address", "u8"),  # of `position`
    ("position", "u1", (POSITION_BYTES,)),  # a POSITION, with room for what later versions of JACK add
    ("bpm", "f8"),  # what was said last; 0 none
    ("beat", "f8"),  # and where that was, by now
    ("rolling", "i4"),
    ("command", COMMAND),  # scratch
)


@kernel
def beat_of(position, bpm, sample_rate):
    """Quarter notes from the song's beginning to this cycle's, where all bars are as long as this one."""
    bars = (position.bar - 1) * np.float64(position.beats_per_bar)
    beats = bars + (position.beat - 1) + position.tick / max(position.ticks_per_beat, 1.0)
    if position.valid & BBT_OFFSET_VALID:
        beats += position.bbt_offset / sample_rate * bpm / 60.0
    return beats * QUARTER / max(np.float64(position.beat_type), 1.0)


@kernel
def time_of(position, sample_rate):
    """Tempo and beat of a position; 0 both where nobody says them, or what is said are no numbers."""
    bpm = position.beats_per_minute
    if not position.valid & BBT_VALID or not bpm > 0.0:
        return 0.0, 0.0
    beat = beat_of(position, bpm, sample_rate)
    return (bpm, beat) if abs(bpm) < np.inf and abs(beat) < np.inf else (0.0, 0.0)


@kernel
def follow_jack(state, time, client, frames):
    """At a cycle's start: tell the transport what JACK's does, if that is news."""
    position = carray(pointer(time.position_address), (1,), POSITION)[0]
    rolling = 1 if transport_query(client, pointer(time.position_address)) == ROLLING else 0
    bpm, beat = time_of(position, state.sample_rate)
    moved = abs(beat - time.beat) > SAME_BEATS and bpm > 0.0
    if moved or rolling != time.rolling or abs(bpm - time.bpm) > SAME_BPM:
        command, whole = time.command, np.floor(beat)
        command.source = JACK
        write_packet(command, state.frame, TIME, -1, bpm, whole, beat - whole, rolling)
        schedule(state, command)
        time.beat = beat
    time.bpm, time.rolling = bpm, rolling
    if rolling:
        time.beat += frames * bpm / (60.0 * state.sample_rate)
