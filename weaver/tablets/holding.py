"""Who holds what: gestures that last until they are let go of, by the peer that does them.

Of several peers that hold the same the last one counts. What a peer leaves behind goes back to who else holds it, or to
rest.
"""

from __future__ import annotations

from collections.abc import Iterator

from weaver.model.gestures import BY_CODE, DAMP, RUB, SOOTHE
from weaver.osc.peer import Peer

Values = tuple[float, float, float]
"""A gesture's arguments."""


def _rest(code: int) -> Values:
    gesture = BY_CODE[code]
    return gesture.values(**{gesture.arguments[0].name: 0.0})[:3]


REST: dict[int, Values] = {code: _rest(code) for code in (RUB, DAMP, SOOTHE)}
"""What is held at all, by its code, and how it is let go of: their first argument is how firmly."""


class Holding:
    """Remembers, for every sphere, who holds it how. Spheres count from 0."""

    def __init__(self) -> None:
        self._hands: dict[tuple[int, int], dict[Peer, Values]] = {}

    def hold(self, peer: Peer, code: int, sphere: int, values: Values) -> None:
        """A peer does a gesture of REST to a sphere, or with 0 lets go of it."""
        hands = self._hands.setdefault((code, sphere), {})
        hands.pop(peer, None)
        if values[0] > 0.0:
            hands[peer] = values  # comes last now
        if not hands:
            del self._hands[code, sphere]

    def values(self, code: int, sphere: int) -> Values:
        """How a sphere is held by who held it last; at rest by nobody."""
        hands = self._hands.get((code, sphere))
        return hands[next(reversed(hands))] if hands else REST[code]

    def let_go(self, peer: Peer) -> Iterator[tuple[int, int, Values]]:
        """A peer lets go of all: (code, sphere, arguments) of what is to be done about it."""
        for code, sphere in [place for place, hands in self._hands.items() if peer in hands]:
            self.hold(peer, code, sphere, REST[code])
            yield code, sphere, self.values(code, sphere)

    def keep(self, count: int) -> None:
        """There are `count` spheres now."""
        self._hands = {place: hands for place, hands in self._hands.items() if place[1] < count}

    def forget(self) -> None:
        """Nobody holds anything any more."""
        self._hands.clear()
