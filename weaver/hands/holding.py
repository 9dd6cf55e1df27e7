"""Whose a controller is where several instances of us run: the first to take it has it, until that instance ends.

A lock on a file for each port, in the player's data folder, which the system lets go however a process ends. An
instance's guard has locks of its own, beside those: what is still being left after a kill must not be entered. Windows
needs none: it gives a port to one program only.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment,unused-ignore]

LEAVING = " leaving"
"""The end of the name of a guard's lock."""
LONGEST_NAME = 200
"""Of a file, in characters."""
RECENT_S = 1.0
"""Who was refused so long ago has not asked again: the port has gone."""


def locked(path: Path) -> int | None:
    """The open file that is locked now, until it is closed; None where that cannot be. Raises BlockingIOError."""
    if fcntl is None:
        return None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(file)
        if isinstance(error, BlockingIOError):
            raise
        return None  # some foreign disks have no locks
    return file


class Holding:
    """The ports that are ours; `where` tells apart ports of one name, as those of two JACK servers. From any thread."""

    def __init__(self, folder: Path, where: str = "") -> None:
        self._folder, self._where = folder, where
        self._lock = threading.Lock()
        self._files: dict[str, int] = {}
        self._refused: dict[str, tuple[str, float]] = {}
        self._is_closed = False

    def take(self, port: str, title: str) -> bool:
        """Whether a port is ours, now that it is asked for; `title` is what the controller on it is called.

        Pulled out it stays ours. Where nothing can be locked nobody is refused.
        """
        with self._lock:
            if port in self._files or self._is_closed:
                return True
            path, file = self._path(port), None
            try:
                file = locked(path)
                guards = locked(path.with_name(path.name + LEAVING))
            except BlockingIOError:
                if file is not None:
                    os.close(file)
                self._refused[port] = title, time.monotonic()
                return False
            if guards is not None:
                os.close(guards)
            if file is not None:
                self._files[port] = file
            self._refused.pop(port, None)
            return True

    def leaving(self, port: str) -> str:
        """The file of the lock that a guard has on a port of ours."""
        return f"{self._path(port)}{LEAVING}"

    def _path(self, port: str) -> Path:
        return self._folder / quote(f"{self._where} {port}".strip(), safe=" ")[-LONGEST_NAME:]

    def elsewhere(self) -> tuple[str, ...]:
        """Titles of controllers that are there, and another instance's."""
        with self._lock:
            since_s = time.monotonic() - RECENT_S
            return tuple(sorted({title for title, when_s in self._refused.values() if when_s >= since_s}))

    def close(self) -> None:
        """Let all of them go."""
        with self._lock:
            self._is_closed = True
            for file in self._files.values():
                with suppress(OSError):
                    os.close(file)
            self._files.clear()
