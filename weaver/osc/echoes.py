"""What a peer is not told because it does it itself: feedback never fights a finger.

An address that a peer has written, or whose control it touches, is held back from it, until it has left it alone for
SETTLE_S; then it is told how that stands, unless it knows. For two threads: one hears, the other tells.
"""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import dataclass

from weaver.osc.fact import Arguments, Fact
from weaver.osc.peer import Peer

SETTLE_S = 0.25
"""Longer than what a finger's last messages and our answer to them need on most networks (98 % within 0.2 s)."""
TOUCH_S = 10.0
"""A touch that nothing has been heard of for so long is over: the message that said so was lost."""
MOST_HELD = 128
"""Addresses held back from one peer: more than fingers can be on, even with a sphere's every value beneath each."""


@dataclass(slots=True)
class _Hold:
    until_s: float
    is_down: bool = False
    wrote: Arguments | None = None


class Echoes:
    """Whom what is held back from."""

    def __init__(self) -> None:
        self._holds: dict[Peer, dict[Fact, _Hold]] = {}
        self._lock = threading.Lock()

    def wrote(self, peer: Peer, fact: Fact, arguments: Arguments, now_s: float) -> None:
        """A peer has written that."""
        with self._lock:
            if (hold := self._hold(peer, fact)) is not None:
                hold.wrote = arguments
                hold.until_s = now_s + (TOUCH_S if hold.is_down else SETTLE_S)

    def touched(self, peer: Peer, fact: Fact, is_down: bool, now_s: float) -> None:
        """A peer touches a control, or lets it go."""
        with self._lock:
            if (hold := self._hold(peer, fact)) is not None:
                hold.is_down = is_down
                hold.until_s = now_s + (TOUCH_S if is_down else SETTLE_S)

    def _hold(self, peer: Peer, fact: Fact) -> _Hold | None:
        holds = self._holds.setdefault(peer, {})
        if fact not in holds:
            if len(holds) >= MOST_HELD:
                return None
            holds[fact] = _Hold(0.0)
        return holds[fact]

    def settle(self, peer: Peer, now_s: float) -> tuple[list[Fact], list[Fact]]:
        """What is held back from a peer now; and what has just settled otherwise than it believes."""
        if peer not in self._holds:
            return [], []
        settled = []
        with self._lock:
            holds = self._holds.get(peer, {})
            for fact, hold in list(holds.items()):
                if now_s >= hold.until_s:
                    del holds[fact]
                    if hold.wrote is None or fact.differs(hold.wrote):
                        settled.append(fact)
            return list(holds), settled

    def keep(self, peers: Collection[Peer]) -> None:
        """Forget all others."""
        with self._lock:
            for peer in self._holds.keys() - peers:
                del self._holds[peer]
