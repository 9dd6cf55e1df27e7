"""The end of a desk: lights out and every device as it was, in little time, whatever any of them does."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from weaver.hands.seat import Seat
from weaver.model.wires import Wires

DARK_S, LEAVE_S = 0.2, 0.45
"""Until then all lights may be put out, and until then the devices may be left with the pauses they want."""
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

    def go_dark(seat: Seat) -> None:
        if seat.slot in lit:
            try:
                if seat.darken(clock()):
                    lit.discard(seat.slot)
            except Exception:
                lit.discard(seat.slot)
                raise
            pour(seat)

    lit = {seat.slot for seat in seats if seat.is_playing}
    each(Seat.forget_lights)
    while lit and clock() < began_s + DARK_S:
        each(go_dark)
        time.sleep(STEP_S)
    each(lambda seat: seat.session.leave())
    while clock() < began_s + LEAVE_S and not all(seat.session.outbox.is_idle(clock()) for seat in seats):
        each(pour)
        time.sleep(STEP_S)
    each(lambda seat: seat.session.outbox.hurry(lambda data: wires.send(seat.slot, data)))
    each(lambda seat: wires.part(seat.slot))
