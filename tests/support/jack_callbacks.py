"""JACK clients with a process callback of Python's, which end without taking the interpreter with them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jack
from support.eventually import eventually

THREADS = Path("/proc/self/task")


class CallbackClient(jack.Client):
    """To be closed by close(), and nothing else.

    A client that is deactivated has its thread cancelled, wherever that is. Where it just waits for the interpreter, it
    dies with the lock that all the others need. So here the thread ends by itself first: a callback may say so.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name, no_start_server=True)
        self._thread: int | None = None
        self._is_over = False

    def set_process_callback(self, callback: Callable[[int], None]) -> None:
        def process(frames: int) -> None:
            self._thread = threading.get_native_id()
            callback(frames)  # in the last period too, or what it said before would be heard again
            if self._is_over:
                raise jack.CallbackExit

        super().set_process_callback(process)

    def close(self, ignore_errors: bool = True) -> Any:
        """A second call does nothing."""
        self._is_over = True
        if self._thread is not None and self._ptr:
            eventually(lambda: not (THREADS / str(self._thread)).exists())  # if the server has gone, it waits for ever
        return super().close(ignore_errors)
