"""A file that is only ever appended to, on a disk that may be full, read-only or gone for a while.

What cannot be written waits in memory, up to a bound, and is tried again; a write that stopped in mid-line goes on
there. A file that was taken away from under us is written anew, with all that was in it, as far as the system still
has it.
"""

from __future__ import annotations

import errno
import os
import time
from collections import deque
from contextlib import suppress
from pathlib import Path

RETRY_S = 1.0
"""Between two tries, and between two looks at whether the file is still there."""
MOST_WAITING = 32 << 20
"""Bytes that may wait: hours of playing."""
COPIED_AT_ONCE = 1 << 20
NAMES = 1000
OPEN_FLAGS = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


class GrowingFile:
    """A new file in a folder, which is made if it is not there; a name that is taken gets a number.

    `trouble` says why nothing can be written at the moment, in the system's words; empty when all is well. Not for
    more than one thread.
    """

    def __init__(self, folder: Path, stem: str, ending: str) -> None:
        """Never fails: where the file cannot be made yet, what is added waits."""
        self.path: Path | None = None
        self.trouble = ""
        self._folder, self._stem, self._ending = folder, stem, ending
        self._descriptor = -1
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._next_look_s = 0.0
        self.flush()

    def add(self, data: bytes) -> bool:
        """Let data be written by and by. False if too much waits already, and this is lost."""
        if self._bytes + len(data) > MOST_WAITING:
            return False
        self._waiting.append(data)
        self._bytes += len(data)
        return True

    def flush(self, at_once: bool = False) -> None:
        """Write what waits; after trouble not before it is time to try again, unless `at_once`."""
        now_s = time.monotonic()
        if self.trouble and now_s < self._next_look_s and not at_once:
            return
        try:
            if at_once or now_s >= self._next_look_s:
                self._next_look_s = now_s + RETRY_S
                self._make_sure()
            self._write()
        except OSError as error:
            self.trouble = (error.strerror or str(error)).lower()
        else:
            self.trouble = ""

    @property
    def is_written(self) -> bool:
        """Whether nothing waits."""
        return not self._waiting

    def close(self) -> None:
        """Let go of the file, and of what waits."""
        self._let_go()

    def remove(self) -> None:
        """Take the file away, as far as the disk lets us."""
        self._let_go()
        if self.path is not None:
            with suppress(OSError):
                self.path.unlink()
            self.path = None

    def _let_go(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _write(self) -> None:
        while self._waiting:
            data = b"".join(self._waiting)
            self._waiting.clear()
            written = 0
            try:
                written = os.write(self._descriptor, data)
            finally:
                self._bytes -= written
                if written < len(data):
                    self._waiting.append(data[written:])

    def _make_sure(self) -> None:
        """That there is a file, under its name."""
        if self._descriptor >= 0 and self._is_there():
            return
        os.makedirs(self._folder, exist_ok=True)
        path, descriptor = self._create()
        if self._descriptor >= 0:
            try:
                _copy(self._descriptor, descriptor)
            except OSError:
                os.close(descriptor)
                path.unlink(missing_ok=True)
                raise
            os.close(self._descriptor)
        self.path, self._descriptor = path, descriptor

    def _is_there(self) -> bool:
        assert self.path is not None
        try:
            there = os.stat(self.path)
        except FileNotFoundError:
            return False
        ours = os.fstat(self._descriptor)
        return (there.st_dev, there.st_ino) == (ours.st_dev, ours.st_ino)

    def _create(self) -> tuple[Path, int]:
        for number in range(1, NAMES):
            path = self._folder / f"{self._stem}{f'-{number}' if number > 1 else ''}{self._ending}"
            try:
                return path, os.open(path, OPEN_FLAGS, 0o666)
            except FileExistsError:
                continue
        raise FileExistsError(errno.EEXIST, "a thousand files of this name")


def _copy(source: int, target: int) -> None:
    """All of an open file to the end of another."""
    os.lseek(source, 0, os.SEEK_SET)
    while data := os.read(source, COPIED_AT_ONCE):
        while data:
            data = data[os.write(target, data) :]
