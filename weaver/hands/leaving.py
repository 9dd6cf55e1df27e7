"""The end of a desk: lights out and every device as it was, in little time, whatever any of them does."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from weaver.hands.seat import Seat
from weaver.model.wires import Wires

DARK_S, LEAVE_S = 0.3, 0.48
"""Until then lights may be put out, and until then devices may be left with the pauses they want."""
STEP_S = 0.003


def leave_all(
    seats: Sequence[Seat], wires: Wires, clock: Callable[[], float], count: Callable[[str, Exception], None]
) -> None:
    """Leave the controllers in these seats, side by side. What fails is told to `count`, and ends nothing."""
    began_s = clock()

    def each(do: Callable[[Seat], object]) -> None:
        for seat in seats:
            try:
                do(seat)
            except Exception as error:  # the others are left all the same
                count("leave", error)

    def pour(seat: Seat) -> None:
        seat.session.outbox.pour(clock(), lambda data: wires.send(seat.slot, data))

    def begin(seat: Seat) -> None:
        if seat.is_playing:
            seat.session.outbox.clear()
        seat.forget_lights()

    def step(seat: Seat) -> None:
        """Whoever is dark is left at once; whoever takes too long, or fails, is left all the same."""
        if seat.slot in lit:
            try:
                is_dark = seat.darken(clock()) or clock() >= began_s + DARK_S
            except Exception:
                lit.discard(seat.slot)
                seat.session.leave()
                raise
            if is_dark:
                lit.discard(seat.slot)
                seat.session.leave()
        pour(seat)

    lit = {seat.slot for seat in seats}
    each(begin)
    while clock() < began_s + LEAVE_S and (lit or not all(seat.session.outbox.is_idle(clock()) for seat in seats)):
        each(step)
        time.sleep(STEP_S)
    each(lambda seat: seat.session.outbox.hurry(lambda data: wires.send(seat.slot, data)))
    each(lambda seat: wires.part(seat.slot))
