"""Rings of fixed-size packets between threads: how one side knows what the other has written.

Single producer, single consumer. The producer writes a packet, then releases `written`; the consumer acquires
`written`, reads, then releases `read`. That order is right on ARM as on x86. This is the audio thread's end of them;
Python's is `engine.ring`.
"""

from __future__ import annotations

from numba import types
from numba.extending import intrinsic

from weaver.dsp.jit import kernel
from weaver.dsp.sizes import NOTICES


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


@kernel
def write_packet(packet, frame, kind, sphere, a, b, c, d):
    """Fill a COMMAND or a NOTICE, but for a command's source."""
    packet.frame = frame
    packet.kind = kind
    packet.sphere = sphere
    packet.values[0] = a
    packet.values[1] = b
    packet.values[2] = c
    packet.values[3] = d


@kernel
def push_notice(state, kind, sphere, a, b, c, d):
    """The audio thread's side: say something, or count that nobody listened."""
    ring = state.notices
    written = ring.written[0]
    if written - load_acquire(ring.read) >= NOTICES:
        state.counters.lost_notices += 1
        return
    write_packet(ring.packets[written % NOTICES], state.frame, kind, sphere, a, b, c, d)
    store_release(ring.written, written + 1)
