"""What leaves by our own MIDI ports on JACK: moved from the engine's rings into this cycle, each at its frame."""

from __future__ import annotations

import numpy as np

from weaver.dsp.jit import kernel
from weaver.dsp.rings import load_acquire, store_release
from weaver.engine.hosts.heart import pointer
from weaver.engine.hosts.libjack import midi_clear, midi_write


@kernel
def leave(ring, packets, buffer, first_frame, frames):
    """Write all that is due before the cycle's end into a port's buffer; what it has no room for is counted.

    `packets` : OUT_EVENT[a power of two], the ring's, in order of their frames.
    """
    midi_clear(buffer)
    read, written = ring.read[0], load_acquire(ring.written)
    while read < written:
        packet = packets[read % packets.shape[0]]
        at = packet.frame - first_frame
        if at >= frames:
            break
        if midi_write(buffer, np.uint32(max(at, 0)), pointer(packet.data.ctypes.data), np.uintp(packet.size)) != 0:
            ring.lost += 1
        read += 1
    store_release(ring.read, read)
