"""An array of the sound that is told row by row: what of it has moved is found for all rows at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from weaver.model.osc_packet import Argument
from weaver.model.osc_space import Row
from weaver.osc.fact import SURE

Put = Callable[[str, tuple[Argument, ...]], object]
"""Takes an address, and what is true of it now."""
Source = Callable[[], NDArray[np.generic]]


class Watch:
    """Rows of one pattern. `source` gives number[addresses] or, of rows of several values, [addresses, values]."""

    def __init__(self, row: Row, addresses: Sequence[str], source: Source) -> None:
        values = row.values
        self._addresses, self._source = addresses, source
        self._low = np.array([-np.inf if value.low is None else value.low for value in values])
        self._high = np.array([np.inf if value.high is None else value.high for value in values])
        self._least = row.step * SURE
        self._told = np.full((len(addresses), len(values)), np.inf)
        self._kind = int if values[0].tag == "i" else float
        self._words = values[0].words if values[0].tag == "s" else ()

    def look(self, put: Put, is_exact: bool = False) -> None:
        """Put what has moved by a step; with `is_exact`, what has moved at all. What is no number never has."""
        found = np.asarray(self._source(), np.float64).reshape(self._told.shape)
        now = np.clip(found, self._low, self._high)
        way = np.abs(now - self._told)
        moved = way > 0.0 if is_exact else way >= self._least
        if not moved.any():
            return
        places = np.flatnonzero(moved.any(axis=1))
        numbers = now[places]
        self._told[places] = numbers
        for place, row in zip(places.tolist(), numbers.tolist(), strict=True):
            put(self._addresses[place], self._as_told(row))

    def _as_told(self, numbers: list[float]) -> tuple[Argument, ...]:
        if self._words:
            return (self._words[int(numbers[0])],)
        return tuple(numbers) if self._kind is float else tuple(map(self._kind, numbers))
