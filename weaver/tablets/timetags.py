"""Time tags: when a peer wants a bundle to sound, if its clock agrees with ours.

A tag is the time since 1900 in 1/2**32 s, as of NTP (Open Sound Control 1.0; RFC 5905, 6). Clocks that were set by the
network agree within milliseconds; one that was set by hand may be hours off, and then its tags say nothing.
"""

from __future__ import annotations

import heapq
import itertools
from collections import Counter
from dataclasses import dataclass, field

from weaver.model.osc_packet import OscMessage
from weaver.osc.peer import Peer

UNIX_EPOCH_S = 2_208_988_800
"""1970 in seconds since 1900 (RFC 5905, figure 4)."""
TICKS_PER_S = 1 << 32
FURTHEST_S = 0.5
"""A tag so far ahead is believed, and one so far behind comes from a slow network; further off, the clocks differ."""
DOUBT_S = 10.0
"""So long tags have to agree again until they are believed again."""
MOST_WAITING = 1024
"""Bundles of one peer that may wait for their time: half a second of 2,000 a second. Each has its own room, so that
nobody takes that of others; peers are few."""


def unix_time(time_tag: int) -> float:
    """Seconds since 1970 of a time tag."""
    return (time_tag - UNIX_EPOCH_S * TICKS_PER_S) / TICKS_PER_S


class TagClock:
    """How far a peer's tags can be believed."""

    def __init__(self) -> None:
        self._is_doubted = False
        self._agrees_since_s: float | None = None

    def lead_s(self, time_tag: int, wall_s: float) -> float:
        """How long something still has to wait that came at `wall_s` (since 1970); 0 is now.

        What comes late is done at once, and is no sign that the clocks differ.
        """
        lead_s = unix_time(time_tag) - wall_s
        if abs(lead_s) > FURTHEST_S:
            self._is_doubted, self._agrees_since_s = True, None
            return 0.0
        if self._is_doubted:
            if self._agrees_since_s is None or wall_s < self._agrees_since_s:
                self._agrees_since_s = wall_s
            if wall_s - self._agrees_since_s < DOUBT_S:
                return 0.0
            self._is_doubted = False
        return max(lead_s, 0.0)


@dataclass(order=True, frozen=True, slots=True)
class Later:
    """Messages of a peer that take effect together, at `due_s` of time.monotonic()."""

    due_s: float
    serial: int
    peer: Peer = field(compare=False)
    messages: tuple[OscMessage, ...] = field(compare=False)


class Waiting:
    """What waits for its time, the soonest first; of one time, in order of arrival."""

    def __init__(self) -> None:
        self._heap: list[Later] = []
        self._of: Counter[Peer] = Counter()
        self._serial = itertools.count()

    def put(self, due_s: float, peer: Peer, messages: tuple[OscMessage, ...]) -> bool:
        """False if there is no room for more of that peer's."""
        if self._of[peer] >= MOST_WAITING:
            return False
        self._of[peer] += 1
        heapq.heappush(self._heap, Later(due_s, next(self._serial), peer, messages))
        return True

    def __len__(self) -> int:
        return len(self._heap)

    def first(self) -> Later | None:
        """What comes next."""
        return self._heap[0] if self._heap else None

    def drop_first(self) -> None:
        """It has been done."""
        peer = heapq.heappop(self._heap).peer
        self._of[peer] -= 1
        if not self._of[peer]:
            del self._of[peer]

    def forget(self, peer: Peer) -> None:
        """Nothing of that peer comes any more."""
        if self._of.pop(peer, 0):
            self._heap = [later for later in self._heap if later.peer is not peer]
            heapq.heapify(self._heap)
