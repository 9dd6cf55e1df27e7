"""What came with a message, as what its row wants: numbers within their ranges, words as the numbers they stand for.

Programs send the same number as int, float, double or truth value, and surplus arguments; all of that is understood.
"""

from __future__ import annotations

from collections.abc import Sequence

from weaver.model.osc_packet import Argument
from weaver.model.osc_space import Row, Value

WRONG_KIND, UNKNOWN_WORD, MISSING = "argument of a wrong kind", "unknown word", "argument missing"


class Unfit(Exception):
    """Arguments that are not what a row wants; its text is one of the three reasons above."""


def _limits(value: Value) -> tuple[float, float]:
    low = float("-inf") if value.low is None else float(value.low)
    return low, float("inf") if value.high is None else float(value.high)


class Reader:
    """Reads the arguments of one row whose values are numbers."""

    def __init__(self, row: Row) -> None:
        self._values = row.values
        self._limits = tuple(map(_limits, row.values))
        self._places = tuple(range(len(row.values)))

    def read(self, given: Sequence[Argument]) -> list[float]:
        """All numbers of the row, those that did not come as their default. Raises Unfit."""
        read, count = [], len(given)
        for place in self._places:
            if place >= count:
                read.append(self._default(place))
                continue
            argument = given[place]
            if type(argument) is not float:
                argument = self._number(place, argument)
            low, high = self._limits[place]
            read.append(low if argument < low else high if argument > high else argument)
        return read

    def canonical(self, read: Sequence[float]) -> tuple[float | int, ...]:
        """The same as the feedback of this row says them: whole numbers as int."""
        return tuple(round(x) if value.tag == "i" else x for x, value in zip(read, self._values, strict=True))

    def _default(self, place: int) -> float:
        default = self._values[place].default
        if default is None:
            raise Unfit(MISSING)
        return float(default)

    def _number(self, place: int, argument: Argument) -> float:
        if isinstance(argument, (int, float)):  # bool is an int: true is 1
            return float(argument)
        words = self._values[place].words
        if not isinstance(argument, str) or not words:
            raise Unfit(WRONG_KIND)
        try:
            return float(words.index(argument.casefold()))
        except ValueError:
            raise Unfit(UNKNOWN_WORD) from None


def read_text(given: Sequence[Argument]) -> str:
    """The text that came first. Raises Unfit."""
    if not given:
        raise Unfit(MISSING)
    if not isinstance(given[0], str):
        raise Unfit(WRONG_KIND)
    return given[0]


def is_pressed(given: Sequence[Argument]) -> bool:
    """Whether a button was pressed: by any number but 0, or without a word. Raises Unfit."""
    if not given:
        return True
    if not isinstance(given[0], (int, float)):
        raise Unfit(WRONG_KIND)
    return given[0] > 0
