"""Tunings as Python sees them: notes by themselves, and what MIDI's tuning messages say where no host reads them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from weaver.dsp.sizes import NOTES
from weaver.engine.decoder import EXCLUSIVE, NO_ROOM
from weaver.engine.layout import COMMAND
from weaver.engine.mts import read_message
from weaver.model.gestures import MIDI, RETUNE

LARGEST = 0xFF
"""Of a byte; what is none is taken for this one, which no message may have in it."""


class Tunings:
    """Tunes the notes of one state, from any thread."""

    def __init__(self, push: Callable[..., bool], perform: Callable[[NDArray[np.void]], bool]) -> None:
        """`push` and `perform` : put one command, or many at one frame, into the state's ring; False if it is full."""
        self._push, self._perform = push, perform
        self._commands = np.zeros(NOTES, COMMAND)
        self._lock = threading.Lock()

    def tune(self, note: int, hz: float, frame: int = 0) -> bool:
        """Give a MIDI note a pitch in hertz, also while it sounds; 0: it has none. False if the ring was full."""
        return self._push(frame, RETUNE, -1, 0, (note, hz, 0.0, 0.0), False)

    def read(self, data: Sequence[int], port: int, frame: int) -> bool:
        """Let a SysEx message tune what it says; False if there was no room. The sound counts why one is ignored, when
        it gets there."""
        whole = data if isinstance(data, bytes) else bytes(byte if 0 <= byte <= LARGEST else LARGEST for byte in data)
        given = np.frombuffer(whole, np.uint8)
        with self._lock:
            count = read_message(given.ctypes.data, len(given), frame, self._commands.ctypes.data)
            has_room = count <= 0 or self._perform(self._commands[:count])
        if count >= 0 and has_room:
            return True
        reason = NO_ROOM if count > 0 else -1 - count
        return self._push(frame, MIDI, -1, port, (EXCLUSIVE, reason, 0.0, 1.0), False) and has_room
