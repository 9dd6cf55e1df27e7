"""Python's ends of the rings: commands into the sound, notices and the log out of it (see `dsp.rings`).

Python's producers share one lock; the audio thread is never party to it. A full ring refuses, and the producer
counts; the last `RESERVED` places of the command ring are kept for what must get through: releases and panic.
"""

from __future__ import annotations

from weaver.dsp.jit import entry
from weaver.dsp.rings import load_acquire, store_release, write_packet
from weaver.dsp.sizes import COMMANDS, LOGGED, NOTICES, RESERVED
from weaver.engine.address import commands_at, notices_at, state_at
from weaver.engine.schedule import copy_command


@entry
def push_command(address, frame, kind, sphere, source, a, b, c, d, must):
    """Python's side: put one command in; `must` may use the reserved places. False if there is no room."""
    ring = state_at(address).commands
    written = ring.written[0]
    room = COMMANDS - (written - load_acquire(ring.read))
    if room <= 0 or (room <= RESERVED and not must):
        return False
    packet = ring.packets[written % COMMANDS]
    packet.source = source
    write_packet(packet, frame, kind, sphere, a, b, c, d)
    store_release(ring.written, written + 1)
    return True


@entry
def push_batch(address, batch_address, count, most):
    """Python's side: put COMMAND[count] at an address in, so that all take effect at once; all of them or none.

    None if more than `most` would wait in the ring then.
    """
    ring, batch = state_at(address).commands, commands_at(batch_address, count)
    written = ring.written[0]
    if written - load_acquire(ring.read) + count > most:
        return False
    for index in range(count):
        copy_command(ring.packets[(written + index) % COMMANDS], batch[index])
    store_release(ring.written, written + count)
    return True


@entry
def raise_panic(address):
    """Python's side: ask for silence beside the ring, so that it gets through however full that is."""
    panics = state_at(address).commands.panics
    store_release(panics, panics[0] + 1)


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


@entry
def take_log(address, out_address, most):
    """Python's side: move at most `most` commands of the log to COMMAND[most] at an address.

    Returns how many there were, and the frame before which nothing else took effect, unless there were `most`.
    """
    ring, out = state_at(address).log, commands_at(out_address, most)
    until = load_acquire(ring.until)  # before `written`: what is read then is at least all up to here
    read = ring.read[0]
    count = min(load_acquire(ring.written) - read, most)
    for index in range(count):
        copy_command(out[index], ring.packets[(read + index) % LOGGED])
    store_release(ring.read, read + count)
    return count, until
