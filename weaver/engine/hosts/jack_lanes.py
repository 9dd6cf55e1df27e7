"""Lanes: bytes of controllers between JACK's thread and one of ours, a pair for each port slot.

Each is a ring of bytes with a ring of packets beside it that says where one message ends; single producer, single
consumer, as in `dsp.rings`. A lane of its own for each slot keeps a controller that floods, or one that takes nothing
in, from holding up another.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numba import carray, types

from weaver.dsp.jit import entry, kernel
from weaver.dsp.rings import load_acquire, store_release
from weaver.dsp.sizes import PORTS, record
from weaver.engine.address import bytes_at
from weaver.engine.hosts.heart import pointer

LANE_BYTES, LANE_PACKETS = 1 << 14, 1 << 9
"""What a lane holds: 16 of the longest messages, or 512 short ones."""

_PACKET = record(("time_s", "f8"), ("size", "i8"))
LANE = record(
    ("written", "i8", (8,)),  # packets: the producer's,
    ("read", "i8", (8,)),  # and the consumer's
    ("filled", "i8"),  # bytes: the producer's own,
    ("emptied", "i8", (8,)),  # and the consumer's
    ("lost", "i8"),  # messages for which there was no room
    ("packets", _PACKET, (LANE_PACKETS,)),
    ("bytes", "u1", (LANE_BYTES,)),
)
WIRES = record(
    ("inputs", "u8", (PORTS,)),  # addresses of controllers' ports by slot, 0 for none; Python writes them
    ("outputs", "u8", (PORTS,)),
    ("cycles", "i8"),
    ("allowance", "f8", (PORTS,)),  # messages that a slot may send just now
    ("flood", "i8"),  # messages beyond that
    ("too_long", "i8"),
    ("refused", "i8"),  # messages that not even an empty port would take
    ("inward", LANE, (PORTS,)),
    ("outward", LANE, (PORTS,)),
)


@kernel
def room_in(lane, size):
    """Whether the producer can put in a message of so many bytes."""
    packets = lane.written[0] - load_acquire(lane.read)
    return packets < LANE_PACKETS and lane.filled - load_acquire(lane.emptied) + size <= LANE_BYTES


@kernel
def put(lane, time_s, data, size):
    """The producer's side: put a message in, or count that there was no room. `data` : uint8[size]."""
    if not room_in(lane, size):
        lane.lost += 1
        return False
    for index in range(size):
        lane.bytes[(lane.filled + index) % LANE_BYTES] = data[index]
    packet = lane.packets[lane.written[0] % LANE_PACKETS]
    packet.time_s = time_s
    packet.size = size
    lane.filled += size
    store_release(lane.written, lane.written[0] + 1)
    return True


@kernel
def next_size(lane):
    """The consumer's side: how long the next message is, 0 if there is none."""
    read = lane.read[0]
    if load_acquire(lane.written) == read:
        return np.int64(0)
    return lane.packets[read % LANE_PACKETS].size


@kernel
def copy_next(lane, data, size):
    """The consumer's side: copy the next message, of this size. `data` : uint8[size]."""
    start = lane.emptied[0]
    for index in range(size):
        data[index] = lane.bytes[(start + index) % LANE_BYTES]


@kernel
def drop_next(lane, size):
    """The consumer's side: done with the next message, of this size."""
    store_release(lane.emptied, lane.emptied[0] + size)
    store_release(lane.read, lane.read[0] + 1)


@kernel
def wires_at(address):
    """The WIRES at an address."""
    return carray(pointer(np.uint64(address)), (1,), WIRES)[0]


@entry
def put_message(address, slot, data_address, size):
    """Python's side: one message out to a slot. False if there is no room."""
    return put(wires_at(address).outward[slot], 0.0, bytes_at(data_address, size), size)


@entry
def take_message(address, slot, out_address):
    """Python's side: the next message of a slot, to LONGEST_BYTES at an address: its size, 0 if none, and time."""
    lane = wires_at(address).inward[slot]
    size = next_size(lane)
    if size == 0:
        return size, 0.0
    time_s = lane.packets[lane.read[0] % LANE_PACKETS].time_s
    copy_next(lane, bytes_at(out_address, size), size)
    drop_next(lane, size)
    return size, time_s


@entry
def has_message(address):
    """Python's side: whether any slot has said something."""
    inward = wires_at(address).inward
    for slot in range(inward.shape[0]):
        if next_size(inward[slot]) != 0:
            return True
    return False


@cache
def compile_lanes() -> None:
    """Compile Python's ends, or load them from disk."""
    address = types.intp
    put_message.compile((address, address, address, address))
    take_message.compile((address, address, address))
    has_message.compile((address,))
