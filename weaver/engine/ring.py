"""Two rings of fixed-size packets: commands into the sound, notices out of it.

Single producer, single consumer. The producer writes a packet, then releases `written`; the consumer acquires
`written`, reads, then releases `read`. That order is right on ARM as on x86. Python's producers share one lock;
the audio thread is never party to it. A full ring refuses, and the producer counts; the last `RESERVED` places of
the command ring are kept for what must get through: releases and panic.
"""

from __future__ import annotations

from numba import types
from numba.extending import intrinsic

from weaver.dsp.jit import entry, kernel
from weaver.dsp.sizes import COMMANDS, NOTICES, RESERVED
from weaver.engine.address import notices_at, state_at


@intrinsic
def load_acquire(typing, words):
    """words[0], and nothing that is read after it was read before it. `words` : int64[n]."""

    def emit(context, builder, signature, arguments):
        words_ = context.make_array(signature.args[0])(context, builder, arguments[0])
        return builder.load_atomic(words_.data, "acquire", 8)

    return types.int64(words), emit


@intrinsic
def store_release(typing, words, value):
    """words[0] = value, and all that was written before it is seen before it. `words` : int64[n]."""

    def emit(context, builder, signature, arguments):
        words_ = context.make_array(signature.args[0])(context, builder, arguments[0])
        builder.store_atomic(arguments[1], words_.data, "release", 8)
        return context.get_dummy_value()

    return types.void(words, types.int64), emit


@entry
def push_command(address, frame, kind, sphere, source, a, b, c, d, must):
    """Python's side: put one command in; `must` may use the reserved places. False if there is no room."""
    ring = state_at(address).commands
    written = ring.written[0]
    room = COMMANDS - (written - load_acquire(ring.read))
    if room <= 0 or (room <= RESERVED and not must):
        return False
    packet = ring.packets[written % COMMANDS]
    packet.frame = frame
    packet.kind = kind
    packet.sphere = sphere
    packet.source = source
    packet.values[0] = a
    packet.values[1] = b
    packet.values[2] = c
    packet.values[3] = d
    store_release(ring.written, written + 1)
    return True


@entry
def raise_panic(address):
    """Python's side: ask for silence beside the ring, so that it gets through however full that is."""
    panics = state_at(address).commands.panics
    store_release(panics, panics[0] + 1)


@kernel
def push_notice(state, kind, sphere, a, b, c, d):
    """The audio thread's side: say something, or count that nobody listened."""
    ring = state.notices
    written = ring.written[0]
    if written - load_acquire(ring.read) >= NOTICES:
        state.counters.lost_notices += 1
        return
    packet = ring.packets[written % NOTICES]
    packet.frame = state.frame
    packet.kind = kind
    packet.sphere = sphere
    packet.values[0] = a
    packet.values[1] = b
    packet.values[2] = c
    packet.values[3] = d
    store_release(ring.written, written + 1)


@entry
def take_notices(address, out_address, most):
    """Python's side: move at most `most` notices to NOTICE[most] at an address; how many there were."""
    ring, out = state_at(address).notices, notices_at(out_address, most)
    read = ring.read[0]
    count = min(load_acquire(ring.written) - read, most)
    for index in range(count):
        packet, copy = ring.packets[(read + index) % NOTICES], out[index]
        copy.frame = packet.frame
        copy.kind = packet.kind
        copy.sphere = packet.sphere
        for value in range(4):
            copy.values[value] = packet.values[value]
    store_release(ring.read, read + count)
    return count
