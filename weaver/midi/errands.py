"""What other threads want done on the one thread that a MIDI driver is for."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, TypeVar

from weaver.model.errors import DeviceError

GIVE_UP_S = 2.0
"""A driver that has not answered by then hangs."""
Result = TypeVar("Result")


class Errands:
    """Jobs that wait for their thread, and whoever waits for them."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[tuple[Future[Any], Callable[[], Any]]] = SimpleQueue()
        self._is_over = False

    def ask(self, job: Callable[[], Result]) -> Result:
        """Have it done, and wait for what it returns or raises. Raises DeviceError where nobody does it any more."""
        future: Future[Result] = Future()
        self._waiting.put((future, job))
        if self._is_over:
            self._refuse_all()
        try:
            return future.result(GIVE_UP_S)
        except TimeoutError as late:
            future.cancel()
            raise DeviceError("the MIDI driver does not answer") from late

    def run(self) -> None:
        """Do all that waits; what it raises is for whoever asked."""
        while not self._waiting.empty():
            future, job = self._waiting.get()
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(job())
            except Exception as error:
                future.set_exception(error)

    def close(self) -> None:
        """Nothing is done any more."""
        self._is_over = True
        self._refuse_all()

    def _refuse_all(self) -> None:
        while not self._waiting.empty():
            with suppress(InvalidStateError):
                self._waiting.get()[0].set_exception(DeviceError("the MIDI inputs are closed"))
