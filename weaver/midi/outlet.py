"""An open output with a queue and a thread of its own.

Some drivers return from a send when the last byte has left (WinMM with SysEx), some never when a device was pulled
out at a bad moment. Neither may hold up whoever paints, nor the thread that hears the notes, nor another output.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from queue import SimpleQueue

from weaver.midi.ports import OutputPort

MOST_WAITING = 512
"""Messages: as many as a lane of a JACK controller holds."""
CLOSE_S = 1.0
"""For so long at most what was sent may go out before the port is closed."""


class Outlet:
    """Sends to a port, which it closes in the end."""

    def __init__(self, port: OutputPort) -> None:
        self.refused = 0
        """Messages that the driver would not take."""
        self._port = port
        self._waiting: SimpleQueue[bytes | None] = SimpleQueue()
        self._is_abandoned = False
        self._thread = threading.Thread(target=self._run, name="midi-out", daemon=True)
        self._thread.start()

    def send(self, data: bytes) -> bool:
        """Queue one whole message, at once; False if there is no room. For one thread at a time."""
        if self._waiting.qsize() >= MOST_WAITING:
            return False
        self._waiting.put(data)
        return True

    def close(self) -> None:
        """Close the port when what waits has gone out, or CLOSE_S have."""
        self._waiting.put(None)
        self._thread.join(CLOSE_S)
        self._is_abandoned = True

    def abandon(self) -> None:
        """Its device is gone: send nothing more. The port is closed soon."""
        self._is_abandoned = True
        self._waiting.put(None)

    def _run(self) -> None:
        for data in iter(self._waiting.get, None):
            if self._is_abandoned:
                break
            try:
                self._port.send(data)
            except Exception:  # a driver must not end the thread
                self.refused += 1
        with suppress(Exception):  # it is gone either way
            self._port.close()
