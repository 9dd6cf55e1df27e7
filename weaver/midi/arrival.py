"""When a message came, on our clock, from a driver's stamp on a clock of its own.

A reader that polls sees a message up to a poll, or a busy interpreter, too late; the driver's stamp does not
have that jitter but counts from another zero. The least delay seen so far is taken for the true distance
between the two.
"""

from __future__ import annotations

import math

_DRIFT = 200e-6
"""How far two clocks may run apart, seconds per second: twice the 100 ppm of a plain crystal oscillator."""
_MAX_LATE_S = 1.0
"""A stamp older than this means that the driver's clock was set back, not that the message waited."""


class ArrivalClock:
    """Maps one input's driver stamps to our clock: never later than now, never before the message before."""

    def __init__(self) -> None:
        self._distance_s = math.inf
        self._asked_s = 0.0
        self._arrival_s = -math.inf

    def arrival(self, driver_s: float, now_s: float) -> float:
        """The time on our clock at which the driver saw a message that is read at `now_s` (both seconds)."""
        seen_s = now_s - driver_s
        self._distance_s = min(self._distance_s + _DRIFT * max(0.0, now_s - self._asked_s), seen_s)
        if seen_s - self._distance_s > _MAX_LATE_S:
            self._distance_s = seen_s
        self._asked_s = now_s
        self._arrival_s = max(self._arrival_s, driver_s + self._distance_s)
        return self._arrival_s
