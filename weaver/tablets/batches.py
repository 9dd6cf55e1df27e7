"""Commands on their way to the sound: put together in batches, and kept in order for a moment while it has no room."""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from weaver.engine.engine import BATCH
from weaver.engine.layout import COMMAND

FULL, MOST = 2 * BATCH, 4 * BATCH
"""Commands that wait here when nobody should bring more, and above which no more is taken."""
_ROW = struct.Struct("=qiii4f4x")
"""A COMMAND as bytes: to pack one takes a fifth of the time that NumPy takes to fill in a row."""
assert _ROW.size == COMMAND.itemsize


class Batches:
    """`perform` takes COMMAND[n] whole, to be done at one frame, or says False."""

    def __init__(self, perform: Callable[[NDArray[np.void]], bool]) -> None:
        self._perform = perform
        rows = np.zeros(BATCH, COMMAND)
        self._bytes = rows.view(np.uint8).data
        self._parts = [rows[:count] for count in range(BATCH + 1)]
        self._count = 0
        self._backlog: deque[NDArray[np.void]] = deque()
        self.waiting = 0
        """Commands that found no room yet."""

    @property
    def is_full(self) -> bool:
        """Whether who brings commands should wait."""
        return self.waiting >= FULL

    @property
    def is_over(self) -> bool:
        """Whether no more is taken."""
        return self.waiting >= MOST

    @property
    def count(self) -> int:
        """Commands that were put, and not sent yet."""
        return self._count

    def put(self, frame: int, code: int, sphere: int, a: float = 0.0, b: float = 0.0, c: float = 0.0) -> None:
        """One command more in this batch; `frame` 0 is at once."""
        if self._count == BATCH:
            self.send()
        _ROW.pack_into(self._bytes, self._count * _ROW.size, frame, code, sphere, 0, a, b, c, 0.0)
        self._count += 1

    def send(self) -> None:
        """Hand over what was put, after all that waits."""
        count, self._count = self._count, 0
        if not count:
            return
        part = self._parts[count]
        if self._backlog or not self._perform(part):
            self._backlog.append(part.copy())
            self.waiting += count

    def retry(self) -> None:
        """Hand over what waits, as far as there is room."""
        while self._backlog and self._perform(self._backlog[0]):
            self.waiting -= len(self._backlog.popleft())

    def clear(self) -> None:
        """Nothing of what waits is to be done any more."""
        self._backlog.clear()
        self.waiting = 0
