"""How large things are: the grid, and what the state has room for."""

from __future__ import annotations

import numpy as np

LANES = 16
"""Modes or frames in one vector: one register of AVX-512, two of AVX2, four of NEON."""
LINE = 64
"""Bytes of a cache line, and of the widest vector."""
CELL = 64
"""Frames between grid points: control-rate work happens at multiples of this on the sample clock."""
GROUP = 2 * LANES
"""Frames that a mode's table of powers reaches. Measured: 16 costs more arithmetic, 64 more memory traffic."""
SPHERES = 64
"""Spheres at most."""
MODES = 64
"""Modes that a sphere may have; whole vectors."""
ORDERS = 80
"""Waves around a sphere at most, and one more; whole vectors."""
THREADS = 32
"""Threads that may be tied at once."""
CRACKS, POINTS = 8, 16
"""Cracks that a sphere may have, branches counted, and points of the path of each."""
JUDGED = 8
"""Partials of a sphere by which its consonance is judged."""
PORTS, CHANNELS, NOTES = 16, 16, 128
"""MIDI port slots, channels of each, note numbers."""
ACTIONS = 256
"""Controls of one port that may do something."""
RESOLVED = ACTIONS
"""Commands that one MIDI message of a controller may become: letting go of all that it holds is one for each."""
COMMANDS, NOTICES = 4096, 1024
"""What the two rings hold; powers of two."""
LOGGED = 8192
"""Commands that the log holds until somebody reads it; a power of two."""
RESERVED = 256
"""Places in the command ring kept for releases and panic."""
PENDING = 1024
"""Commands that may wait in the state for their frame."""
MIDI_EVENTS, CLOCK_EVENTS = 4096, 256
"""Messages that wait to leave by our MIDI ports; powers of two."""


def record(*fields: tuple[object, ...]) -> np.dtype[np.void]:
    """A C-aligned structure."""
    return np.dtype(list(fields), align=True)


def new_record(kind: np.dtype) -> np.recarray:
    """A zeroed record in an array of one: [0] is the record, its fields attributes; .ctypes.data its address.

    It begins on a cache line.
    """
    memory = np.zeros(kind.itemsize + LINE, np.uint8)
    start = -memory.ctypes.data % LINE
    return memory[start : start + kind.itemsize].view(kind).view(np.recarray)
