"""The JACK host's callbacks, native all of them: MIDI in and sound out in one cycle, and word of what happens.

What a controller says goes to the decoder at its frame, and beside it into the slot's lane, for lights and pages.

No Python runs on a thread of JACK's, not even for news: the callbacks leave counts in a record, and a thread of
ours looks at it.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numba import carray, cfunc, from_dtype, types

from weaver.dsp.jit import kernel
from weaver.dsp.sizes import NOTES, PORTS, record
from weaver.engine.address import state_at
from weaver.engine.decoder import EXCLUSIVE, SYSTEM, TRANSPORT
from weaver.engine.hosts.heart import advance_frames, heart, pointer
from weaver.engine.hosts.jack_lanes import (
    LANE_BYTES,
    WIRES,
    compile_lanes,
    copy_next,
    drop_next,
    next_size,
    put,
)
from weaver.engine.hosts.jack_leaving import leave
from weaver.engine.hosts.jack_time import JACK_TIME, follow_jack
from weaver.engine.hosts.libjack import (
    CAPTURE,
    LATENCY_RANGE,
    MIDI_EVENT,
    cycle_start,
    event_count,
    event_get,
    frame_to_us,
    get_latency,
    midi_clear,
    midi_reserve,
    port_buffer,
    set_latency,
    time_us,
)
from weaver.engine.layout import COMMAND
from weaver.engine.mts import schedule_tuning
from weaver.engine.schedule import must_pass, schedule
from weaver.engine.units import NATIVE
from weaver.model.gestures import MIDI
from weaver.model.wires import LONGEST_BYTES

JACK_SLOT = 0
"""The decoder's port slot of `midi_in`, into which JACK merges all that is connected; above it are controllers'."""
FLOOD_HZ, FLOOD_BURST = 4000.0, 512.0
"""Messages a second that a controller may send for long, and at once: ten fingers on a continuous surface send fewer.
Of more only what must pass is heeded, so that no device can fill what others need."""
OUT_BYTES = LANE_BYTES // 4
"""What one cycle moves out for one controller, at most."""
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
    ("clock_out", "u8"),
    ("out_1", "u8"),
    ("out_2", "u8"),
    ("event_address", "u8"),  # of `event`
    ("event", MIDI_EVENT),  # scratch
    ("command", COMMAND),  # scratch
    ("tunings", COMMAND, (NOTES,)),  # scratch
    ("clock_offset_s", "f8"),  # time.monotonic() less JACK's clock; Python writes it
    ("block_frames", "i8"),  # of the latest cycle
    ("load", "f8"),  # time spent in the cycle's sound over the time there is, averaged
    ("xruns", "i8"),  # by JACK's count
    ("xruns_told", "i8"),  # of them in the state's counter
    ("registrations", "i8"),  # ports that came or went
    ("arrivals", "i8"),  # ports that came,
    ("arrived", "u4", (ARRIVALS,)),  # and JACK's numbers of the latest
    ("gone", "i4"),  # 1: the server has dropped us
    ("wires", WIRES),
    ("time", JACK_TIME),
    ("latency_address", "u8"),  # of `latency`
    ("latency", LATENCY_RANGE),  # scratch
)


@kernel
def frame_of(state, event, frames):
    """The frame at which an event of this cycle takes effect."""
    return state.frame + min(np.int64(event.time), frames - 1)


@kernel
def understand(state, cycle, slot, frames):
    """Make `cycle.command` of the MIDI event in `cycle.event`, at its frame. False if it is not for the decoder."""
    event, command = cycle.event, cycle.command
    size = np.int64(min(event.size, MESSAGE_BYTES))
    if size < 1:
        return False
    data = carray(pointer(event.bytes), (size,), np.uint8)
    if data[0] >= SYSTEM and data[0] not in TRANSPORT:
        return False
    command.frame = frame_of(state, event, frames)
    command.kind = MIDI
    command.sphere = -1
    command.source = slot
    for place in range(MESSAGE_BYTES):
        command.values[place] = np.float32(data[place]) if place < size else np.float32(0.0)
    command.values[MESSAGE_BYTES] = np.float32(size)
    return True


@kernel
def understand_tuning(state, cycle, frames):
    """The same of a SysEx message, which may tune many notes; whatever else it is about is not for us."""
    event = cycle.event
    size = np.int64(event.size)
    if size < 1:
        return
    data = carray(pointer(event.bytes), (size,), np.uint8)
    if data[0] == EXCLUSIVE:
        schedule_tuning(state, data, size, frame_of(state, event, frames), cycle.tunings)


@kernel
def admit(wires, slot, must):
    """Whether a controller may say one more thing."""
    if wires.allowance[slot] < 1.0 and not must:
        wires.flood += 1
        return False
    wires.allowance[slot] = max(wires.allowance[slot] - 1.0, 0.0)
    return True


@kernel
def hear(state, cycle, slot):
    """Put the event in `cycle.event` into the slot's lane, with its time on the clock of time.monotonic()."""
    event, wires = cycle.event, cycle.wires
    size = np.int64(event.size)
    if size > LONGEST_BYTES:
        wires.too_long += 1
    elif size > 0:
        time_s = state.host_time_s + np.float64(event.time) / state.sample_rate
        put(wires.inward[slot], time_s, carray(pointer(event.bytes), (size,), np.uint8), size)


@kernel
def receive_all(state, cycle, slot, buffer, frames):
    """All MIDI events of a port in this cycle; JACK has them in order of time, `schedule` sorts those of several."""
    for index in range(event_count(buffer)):
        if event_get(pointer(cycle.event_address), buffer, np.uint32(index)) != 0:
            continue
        is_meant = understand(state, cycle, slot, frames)
        if slot != JACK_SLOT:
            if not admit(cycle.wires, slot, is_meant and must_pass(cycle.command)):
                continue
            hear(state, cycle, slot)
        if is_meant:
            schedule(state, cycle.command)
        else:
            understand_tuning(state, cycle, frames)


@kernel
def tell(wires, slot, buffer):
    """Move what waits for a controller into its port, in order; what does not fit waits for the next cycle.

    What not even an empty port has room for never will be told, and is dropped.
    """
    lane, moved = wires.outward[slot], np.int64(0)
    size = next_size(lane)
    while size > 0 and moved + size <= OUT_BYTES:
        place = midi_reserve(buffer, np.uint32(0), np.uintp(size))
        if place != 0:
            copy_next(lane, carray(pointer(place), (size,), np.uint8), size)
        elif moved == 0:
            wires.refused += 1
        else:
            return
        moved += size
        drop_next(lane, size)
        size = next_size(lane)


@kernel
def serve_controllers(state, cycle, frames):
    """All ports of controllers: what they say, and what they are told."""
    wires, count = cycle.wires, np.int64(frames)
    for slot in range(JACK_SLOT + 1, PORTS):
        if wires.inputs[slot] != 0:
            more = FLOOD_HZ * count / state.sample_rate
            wires.allowance[slot] = min(wires.allowance[slot] + more, FLOOD_BURST)
            receive_all(state, cycle, slot, port_buffer(pointer(wires.inputs[slot]), frames), count)
        if wires.outputs[slot] != 0:
            buffer = port_buffer(pointer(wires.outputs[slot]), frames)
            midi_clear(buffer)
            tell(wires, slot, buffer)
    wires.cycles += 1


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
    follow_jack(state, cycle.time, client, count)
    receive_all(state, cycle, np.int64(JACK_SLOT), port_buffer(pointer(cycle.midi_in), frames), count)
    serve_controllers(state, cycle, frames)
    left, right = port_buffer(pointer(cycle.out_1), frames), port_buffer(pointer(cycle.out_2), frames)
    first = state.frame
    advance_frames(pointer(cycle.state), left, right, np.int64(1), count)
    played, clock = state.midi_out, state.clock_out
    leave(played, played.packets, port_buffer(pointer(cycle.midi_out), frames), first, count)
    leave(clock, clock.packets, port_buffer(pointer(cycle.clock_out), frames), first, count)
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


def _tell_latency(mode, user):
    """JACK's latency callback: our outputs are as late as our input, and our input as our outputs, for there is nothing
    between them but the cycle both are in."""
    cycle = carray(user, (1,))[0]
    latency = pointer(cycle.latency_address)
    if mode == CAPTURE:
        get_latency(pointer(cycle.midi_in), mode, latency)
        set_latency(pointer(cycle.out_1), mode, latency)
        set_latency(pointer(cycle.out_2), mode, latency)
        set_latency(pointer(cycle.midi_out), mode, latency)
    else:
        get_latency(pointer(cycle.out_1), mode, latency)
        set_latency(pointer(cycle.midi_in), mode, latency)


def _note_shutdown(code, reason, user):
    """JACK's shutdown callback: the server is gone, or will no longer have us."""
    carray(user, (1,))[0].gone = 1


class JackCallbacks(NamedTuple):
    """The compiled callbacks, one for each of JACK's hooks; their user data is the address of a CYCLE."""

    process: Any
    xrun: Any
    registration: Any
    latency: Any
    shutdown: Any


@cache
def callbacks() -> JackCallbacks:
    """Compiled, or loaded from disk, at the first call."""
    heart()
    compile_lanes()
    cycle = types.CPointer(from_dtype(CYCLE))
    return JackCallbacks(
        process=cfunc(types.int32(types.uint32, cycle), **NATIVE)(_process),
        xrun=cfunc(types.int32(cycle), **NATIVE)(_count_xrun),
        registration=cfunc(types.void(types.uint32, types.int32, cycle), **NATIVE)(_count_registration),
        latency=cfunc(types.void(types.int32, cycle), **NATIVE)(_tell_latency),
        shutdown=cfunc(types.void(types.int32, types.voidptr, cycle), **NATIVE)(_note_shutdown),
    )
