"""Messages on their way to one device, each with a pause after it; nobody else waits meanwhile."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

MOST = 4096
"""Messages that may wait; more than any device's whole picture."""
PATIENCE_S = 0.5
"""A message that nobody has taken for so long is given up."""


class Outbox:
    """In order; a time is in seconds on whatever clock `pour` is given."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[bytes, float]] = deque()
        self._due_s = 0.0
        self._refused_since_s: float | None = None
        self.lost = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, messages: Iterable[bytes], pause_s: float = 0.0) -> None:
        """Append messages, with a pause after each."""
        self.put_paced((message, pause_s) for message in messages)

    def put_paced(self, messages: Iterable[tuple[bytes, float]]) -> None:
        """Append messages, each with its own pause after it, in seconds."""
        for message in messages:
            if len(self._waiting) >= MOST:
                self.lost += 1
            else:
                self._waiting.append(message)

    def clear(self) -> None:
        """Forget what waits."""
        self._waiting.clear()
        self._refused_since_s = None

    def is_idle(self, now_s: float) -> bool:
        """Whether all is said, and the pause after it is over."""
        return not self._waiting and now_s >= self._due_s

    def pour(self, now_s: float, send: Callable[[bytes], bool]) -> list[bytes]:
        """Send what is due; returns it. What is refused is tried again, but not for ever."""
        sent: list[bytes] = []
        while self._waiting and now_s >= self._due_s:
            message, pause_s = self._waiting[0]
            if not send(message):
                if self._refused_since_s is None:
                    self._refused_since_s = now_s
                if now_s - self._refused_since_s < PATIENCE_S:
                    break
                self.lost += 1
            else:
                sent.append(message)
            self._refused_since_s = None
            self._waiting.popleft()
            if pause_s:
                self._due_s = now_s + pause_s
        return sent

    def hurry(self, send: Callable[[bytes], bool]) -> None:
        """Send all that waits, without its pauses."""
        while self._waiting:
            message, _ = self._waiting.popleft()
            self.lost += not send(message)
