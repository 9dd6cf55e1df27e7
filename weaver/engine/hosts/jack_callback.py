"""The JACK host's callbacks, native all of them: MIDI in and sound out in one cycle, and word of what happens.

No Python runs on a thread of JACK's, not even for news: the callbacks leave counts in a record, and a thread of
ours looks at it.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numba import carray, cfunc, from_dtype, types

from weaver.dsp.jit import kernel
from weaver.dsp.sizes import record
from weaver.engine.address import state_at
from weaver.engine.decoder import SYSTEM, TRANSPORT
from weaver.engine.hosts.heart import advance_frames, heart, pointer
from weaver.engine.hosts.libjack import (
    MIDI_EVENT,
    cycle_start,
    event_count,
    event_get,
    frame_to_us,
    midi_clear,
    port_buffer,
    time_us,
)
from weaver.engine.layout import COMMAND
from weaver.engine.schedule import schedule
from weaver.engine.units import NATIVE
from weaver.model.gestures import MIDI

JACK_SLOT = 0
"""The decoder's port slot: JACK merges all that is connected to `midi_in` into one."""
LOAD_S = 0.5
"""Over this time the load is averaged."""
MESSAGE_BYTES = 3
MICROSECONDS = 1e6

ARRIVALS = 256
"""Ports that may come between two looks of ours without one being missed."""

CYCLE = record(
    ("state", "u8"),  # addresses: of STATE,
    ("client", "u8"),  # and of libjack's objects
    ("midi_in", "u8"),
    ("midi_out", "u8"),
    ("out_1", "u8"),
    ("out_2", "u8"),
    ("event_address", "u8"),  # of `event`
    ("event", MIDI_EVENT),  # scratch
    ("command", COMMAND),  # scratch
    ("clock_offset_s", "f8"),  # time.monotonic() less JACK's clock; Python writes it
    ("block_frames", "i8"),  # of the latest cycle
    ("load", "f8"),  # time spent in the cycle's sound over the time there is, averaged
    ("xruns", "i8"),  # by JACK's count
    ("xruns_told", "i8"),  # of them in the state's counter
    ("registrations", "i8"),  # ports that came or went
    ("arrivals", "i8"),  # ports that came,
    ("arrived", "u4", (ARRIVALS,)),  # and JACK's numbers of the latest
    ("gone", "i4"),  # 1: the server has dropped us
)


@kernel
def receive(state, cycle, frames):
    """Put the MIDI event in `cycle.event` among the waiting, at its frame."""
    event, command = cycle.event, cycle.command
    size = np.int64(min(event.size, MESSAGE_BYTES))
    if size < 1:
        return
    data = carray(pointer(event.bytes), (size,), np.uint8)
    if data[0] >= SYSTEM and data[0] not in TRANSPORT:
        return
    command.frame = state.frame + min(np.int64(event.time), frames - 1)
    command.kind = MIDI
    command.sphere = -1
    command.source = JACK_SLOT
    for place in range(MESSAGE_BYTES):
        command.values[place] = np.float32(data[place]) if place < size else np.float32(0.0)
    command.values[MESSAGE_BYTES] = np.float32(size)
    schedule(state, command)


@kernel
def receive_all(state, cycle, buffer, frames):
    """All MIDI events of this cycle; JACK has them in order of time."""
    for index in range(event_count(buffer)):
        if event_get(pointer(cycle.event_address), buffer, np.uint32(index)) == 0:
            receive(state, cycle, frames)


def _process(frames, user):
    """JACK's process callback: one cycle."""
    began_us = time_us()
    cycle = carray(user, (1,))[0]
    count = np.int64(frames)
    state = state_at(np.intp(cycle.state))
    client = pointer(cycle.client)
    began_s = np.float64(frame_to_us(client, cycle_start(client))) / MICROSECONDS
    state.host_time_s = began_s + cycle.clock_offset_s
    state.host_frame = state.frame
    state.counters.underflows += cycle.xruns - cycle.xruns_told
    cycle.xruns_told = cycle.xruns
    cycle.block_frames = count
    receive_all(state, cycle, port_buffer(pointer(cycle.midi_in), frames), count)
    midi_clear(port_buffer(pointer(cycle.midi_out), frames))
    left, right = port_buffer(pointer(cycle.out_1), frames), port_buffer(pointer(cycle.out_2), frames)
    advance_frames(pointer(cycle.state), left, right, np.int64(1), count)
    period_s = count / state.sample_rate
    load = np.float64(time_us() - began_us) / MICROSECONDS / period_s
    cycle.load += (load - cycle.load) * min(period_s / LOAD_S, 1.0)
    return 0


def _count_xrun(user):
    """JACK's xrun callback, on its thread for news."""
    carray(user, (1,))[0].xruns += 1
    return 0


def _count_registration(port, is_new, user):
    """JACK's port registration callback, on its thread for news."""
    cycle = carray(user, (1,))[0]
    if is_new:
        cycle.arrived[cycle.arrivals % ARRIVALS] = port
        cycle.arrivals += 1
    cycle.registrations += 1


def _note_shutdown(code, reason, user):
    """JACK's shutdown callback: the server is gone, or will no longer have us."""
    carray(user, (1,))[0].gone = 1


class JackCallbacks(NamedTuple):
    """The compiled callbacks, one for each of JACK's hooks; their user data is the address of a CYCLE."""

    process: Any
    xrun: Any
    registration: Any
    shutdown: Any


@cache
def callbacks() -> JackCallbacks:
    """Compiled, or loaded from disk, at the first call."""
    heart()
    cycle = types.CPointer(from_dtype(CYCLE))
    return JackCallbacks(
        process=cfunc(types.int32(types.uint32, cycle), **NATIVE)(_process),
        xrun=cfunc(types.int32(cycle), **NATIVE)(_count_xrun),
        registration=cfunc(types.void(types.uint32, types.int32, cycle), **NATIVE)(_count_registration),
        shutdown=cfunc(types.void(types.int32, types.voidptr, cycle), **NATIVE)(_note_shutdown),
    )
