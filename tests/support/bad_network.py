"""A stretch of bad Wi-Fi in user space: a proxy that loses, delays and reorders datagrams, the same way each time."""

from __future__ import annotations

import heapq
import itertools
import random
import select
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

_MOST_BYTES = 65_536
_POLL_S = 0.02
_RECEIVE_BUFFER_BYTES = 1 << 20
"""So that nothing is lost but what is meant to be."""


@dataclass
class BadNetwork:
    """Between a tablet and an instrument that listens at `to`. The tablet sends to (`at`, `port`) and listens at
    (`tablet`, `reply_port`); to the instrument it seems to live at `at`. Each datagram is lost with the chance `loss`,
    or takes from `delay_s` to `delay_s + jitter_s`, however long those before it take; a packet from the tablet
    of which `loses` is true is lost for certain. A context manager.
    """

    to: tuple[str, int]
    at: str
    tablet: str
    reply_port: int
    loss: float = 0.0
    delay_s: float = 0.0
    jitter_s: float = 0.0
    seed: int = 1
    loses: Callable[[bytes], bool] = lambda packet: False
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._from_tablet, self._from_instrument, self._onward = (
            _bound(self.at, port) for port in (0, self.reply_port, 0)
        )
        self.port: int = self._from_tablet.getsockname()[1]
        self._due: list[tuple[float, int, bytes, bool]] = []
        self._numbers = itertools.count()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bad network", daemon=True)
        self._thread.start()

    def __enter__(self) -> BadNetwork:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End it; a second call does nothing."""
        self._stop.set()
        self._thread.join()
        for end in (self._from_tablet, self._from_instrument, self._onward):
            end.close()

    def _run(self) -> None:
        while not self._stop.is_set():
            wait_s = _POLL_S if not self._due else min(max(self._due[0][0] - time.monotonic(), 0.0), _POLL_S)
            for end in select.select([self._from_tablet, self._from_instrument, self._onward], [], [], wait_s)[0]:
                self._take(end.recv(_MOST_BYTES), end is self._from_tablet)
            while self._due and self._due[0][0] <= time.monotonic():
                _, number, packet, is_outward = heapq.heappop(self._due)
                self.counts["overtaken"] += any(other[1] < number and other[3] == is_outward for other in self._due)
                if is_outward:
                    self._onward.sendto(packet, self.to)
                else:
                    self._from_instrument.sendto(packet, (self.tablet, self.reply_port))

    def _take(self, packet: bytes, is_outward: bool) -> None:
        self.counts["came"] += 1
        if self._chance.random() < self.loss or (is_outward and self.loses(packet)):
            self.counts["lost"] += 1
            return
        due_s = time.monotonic() + self.delay_s + self._chance.random() * self.jitter_s
        heapq.heappush(self._due, (due_s, next(self._numbers), packet, is_outward))


def _bound(host: str, port: int) -> socket.socket:
    end = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER_BYTES)
    end.bind((host, port))
    return end
