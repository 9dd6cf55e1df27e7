"""MIDI's clock, told: 24 ticks a quarter note whether the song rolls or not, each at the very frame it falls on.

A song that starts at its beginning is told by Start; from elsewhere by its position and Continue, which have to wait
for a sixteenth, because MIDI knows no places between. One that is moved while it rolls is stopped and continued. All of
it is put into a ring; who sends it is the host's affair.
"""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.jit import kernel
from weaver.dsp.rings import load_acquire, store_release
from weaver.dsp.sizes import CELL, CLOCK_EVENTS, record
from weaver.life.tempi import TICKS
from weaver.life.ticks import TICKS_PER_SIXTEENTH

POSITION, CLOCK_TICK, START, CONTINUE, STOP = 0xF2, 0xF8, 0xFA, 0xFB, 0xFC
"""Messages of MIDI's clock."""
LAST_SIXTEENTH = (1 << 14) - 1
NEARLY = 1e-6
"""Of a tick: a beat is summed up cell by cell, and a hair's breadth before a tick is on it."""
ADRIFT_TICKS = 2.0
"""Further off than this, time has gone by without ticks: they are not made up for."""
HALF = 0.5
"""Of a tick: a song that was moved begins with the nearest, for what is followed may be a little on already."""
AT_REST, WAITING, ROLLING = range(3)
"""What has been told of the song: that it stands; nothing yet, though it rolls; that it rolls."""

# One message for a MIDI port, and when it leaves.
OUT_EVENT = record(
    ("frame", "i8"),
    ("size", "i4"),
    ("data", "u1", (4,)),
)

CLOCK_OUT = record(
    ("on", "i4"),  # 1: somebody sends what is put here
    ("told", "i4"),  # AT_REST...
    ("tick", "i8"),  # the next to be told
    ("first", "i8"),  # the one that Continue waits for
    ("lost", "i8"),
    ("written", "i8", (8,)),
    ("read", "i8", (8,)),
    ("packets", OUT_EVENT, (CLOCK_EVENTS,)),
)


@kernel
def put_event(ring, packets, room, frame, size, status, first, second):
    """Put a message into a ring in which so many may wait; False, and counted, if nobody took the others out.

    `packets` : OUT_EVENT[a power of two], the ring's.
    """
    written = ring.written[0]
    if written - load_acquire(ring.read) >= room:
        ring.lost += 1
        return False
    packet = packets[written % packets.shape[0]]
    packet.frame = frame
    packet.size = size
    packet.data[0] = status
    packet.data[1] = first
    packet.data[2] = second
    store_release(ring.written, written + 1)
    return True


@kernel
def tell_clock(state, frame, size, status, first, second):
    """Put a message of the clock's into its ring."""
    ring = state.clock_out
    put_event(ring, ring.packets, CLOCK_EVENTS, frame, size, status, first, second)


@kernel
def tell_continue(state, frame):
    """The song goes on at tick `first`, which is on a sixteenth."""
    ring = state.clock_out
    sixteenth = min(ring.first // TICKS_PER_SIXTEENTH, LAST_SIXTEENTH)
    if ring.first == 0:
        tell_clock(state, frame, 1, START, 0, 0)
    else:
        tell_clock(state, frame, 3, POSITION, sixteenth & 0x7F, sixteenth >> 7)
        tell_clock(state, frame, 1, CONTINUE, 0, 0)
    ring.told = ROLLING


@kernel
def tell_moves(state):
    """Say that the song stopped, or that it starts or was moved, as far as that can be said now."""
    ring, transport = state.clock_out, state.transport
    if ring.told != AT_REST and (transport.moved or not transport.rolling):
        if ring.told == ROLLING:
            tell_clock(state, state.frame, 1, STOP, 0, 0)
        ring.told = AT_REST
    ticks = transport.pulse * TICKS
    if abs(ring.tick - ticks) > ADRIFT_TICKS or transport.moved:
        ring.tick = np.int64(math.ceil(ticks - (HALF if transport.moved else NEARLY)))
    if ring.told == AT_REST and transport.rolling:
        ring.first = max(-(-ring.tick // TICKS_PER_SIXTEENTH), 0) * TICKS_PER_SIXTEENTH
        ring.told = WAITING
        if ring.first == ring.tick:
            tell_continue(state, state.frame)


@kernel
def send_clock(state):
    """At a grid point, once time has been kept: all that is told until the next."""
    ring, transport = state.clock_out, state.transport
    if not ring.on:
        if ring.told == ROLLING:
            tell_clock(state, state.frame, 1, STOP, 0, 0)
        ring.told = AT_REST
        return
    tell_moves(state)
    while True:
        ahead = (float(ring.tick) - transport.pulse * TICKS - NEARLY) / TICKS
        if transport.step <= 0.0 or ahead >= transport.step * CELL - NEARLY / TICKS:
            return
        frame = state.frame + np.int64(max(math.ceil(ahead / transport.step), 0.0))
        if ring.told == WAITING and ring.tick == ring.first:
            tell_continue(state, frame)
        tell_clock(state, frame, 1, CLOCK_TICK, 0, 0)
        ring.tick += 1
