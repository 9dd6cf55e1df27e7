"""What the page shows of controllers: kept by the desk's thread, asked for by any."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from weaver.hands.seat import Seat
from weaver.surfaces.picture import HandView


class Gallery:
    """`view` gives a slot's HAND_VIEW."""

    def __init__(self, view: Callable[[int], np.record]) -> None:
        self._view = view
        self._hands: tuple[HandView, ...] = ()

    def keep(self, seats: Mapping[int, Seat], names: tuple[str, ...], now_s: float) -> None:
        """Take a picture of all; `names` are those of the spheres."""
        for seat in seats.values():
            turns = seat.is_here and seat.board is not None and seat.board.turns
            seat.look(self._view(seat.slot) if turns else None, names, now_s)
        views = (seat.view for _, seat in sorted(seats.items()))
        self._hands = tuple(view for view in views if view is not None)

    def views(self, now_s: float) -> tuple[HandView, ...]:
        """The latest, by slot."""
        return tuple(
            hand if hand.quiet_s is None else replace(hand, quiet_s=max(now_s - hand.quiet_s, 0.0))
            for hand in self._hands
        )
