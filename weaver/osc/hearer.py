"""One who is told: what it does not know yet, and how much it may be told at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice

from weaver.osc.fact import Bundles, Fact
from weaver.osc.peer import Peer

MOST_AT_ONCE, PER_SECOND = 50, 2500.0
"""Messages: so many at once, and 50 every 20 ms in the long run. A tablet's wireless network has no more to give: a
board made for OSC took 370 packets a second (Madgwick & Mitchell, SMC 2013), of which this is a sixth."""
LEAST_VALUES = 10
"""Messages that go with what is urgent, however much of that there is: a flood of it starves nothing else."""


class Hearer:
    """A peer, and the facts it is owed, in the order in which they fell due. What is owed is told as it stands then."""

    def __init__(self, peer: Peer, now_s: float) -> None:
        self.peer = peer
        self.heard_s = peer.heard_s
        """When it last spoke, as far as we have taken note of it."""
        self._urgent: dict[Fact, None] = {}
        self._due: dict[Fact, None] = {}
        self._room = float(MOST_AT_ONCE)
        self._paced_s = now_s

    def owe(self, facts: Iterable[Fact], is_urgent: bool = False) -> None:
        """It shall be told these: what is urgent first, and all of it at once."""
        (self._urgent if is_urgent else self._due).update(dict.fromkeys(facts))

    def spare(self, facts: Iterable[Fact]) -> None:
        """It shall not be told these."""
        for fact in facts:
            self._urgent.pop(fact, None)
            self._due.pop(fact, None)

    def tell(self, now_s: float, send: Callable[[Peer, bytes], bool], bundles: Bundles) -> int:
        """Tell it what there is room for; what is not sent stays owed. Returns how many bytes were sent."""
        self._room = min(self._room + (now_s - self._paced_s) * PER_SECOND, MOST_AT_ONCE)
        self._paced_s = now_s
        if not self._urgent and not self._due:
            return 0
        facts = list(self._urgent)
        others = (fact for fact in self._due if fact not in self._urgent)
        facts += islice(others, max(int(self._room) - len(facts), LEAST_VALUES if facts else 0))
        sent = 0
        for bundle, inside in bundles.of(facts):
            if bundle and not send(self.peer, bundle):
                break
            self.spare(inside)
            if bundle:
                self._room = max(self._room - len(inside), 0.0)
                sent += len(bundle)
        return sent
