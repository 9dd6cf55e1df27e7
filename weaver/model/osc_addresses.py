"""The addresses that a set's spheres make of the address space (`model.osc_space`): what each one means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from weaver.model.osc_space import ALL, CRACKS, FINGERS, ROWS, TOUCHED, Row

_MOST_KNOWN = 16384  # addresses found without looking twice: four times as many as the largest set has
_PLACES = re.compile(r"\{(\w+)\}")
_UNFIT = re.compile(r"[^!\"$-)+\-.0-Z\\^-z|~]")


def address_name(name: str) -> str:
    """A sphere's name as it stands in an address: what may not stand there becomes "_", capitals small."""
    return _UNFIT.sub("_", name.casefold())


@dataclass(frozen=True, slots=True)
class Target:
    """What an address means: a row, and whom it concerns. Spheres, fingers and cracks count from 0; -1 is all, or none.

    `is_touch`: it says only that a finger is on the control of that address (TOUCHED).
    """

    row: Row
    address: str
    sphere: int = -1
    other: int = -1
    finger: int = -1
    is_touch: bool = False


class Space:
    """The addresses of a set. `Target.address` is always the one with numbers, as it is shown."""

    def __init__(self, names: Sequence[str]) -> None:
        """`names` of the spheres, in their order."""
        self.names = tuple(names)
        count = len(self.names)
        self._spheres = {address_name(name): index for index, name in enumerate(self.names)}
        self._spheres |= {str(index + 1): index for index in range(count)}  # a number is a number first
        self._rows = {tuple(_PLACES.sub("{}", row.pattern).split("/")[1:]): row for row in ROWS}
        self._shapes = {len(shape) for shape in self._rows}
        self._known: dict[str, Target] = {}

    def resolve(self, address: str) -> Target | None:
        """What an address that came in means; None if there is nothing of that name that may be said."""
        known = self._known.get(address)
        if known is not None:
            return known
        is_touch = address.endswith(TOUCHED)
        target = self._find(address.removesuffix(TOUCHED).split("/")[1:], is_touch)
        if target is not None and len(self._known) < _MOST_KNOWN:
            self._known[address] = target
        return target

    def _find(self, parts: Sequence[str], is_touch: bool) -> Target | None:
        match parts:
            case ["sphere", who, *rest]:
                return self._of_sphere(who, rest, is_touch)
            case ["weave", who, other]:
                first, second = self._spheres.get(who.casefold(), -1), self._spheres.get(other.casefold(), -1)
                if min(first, second) < 0 or first == second:
                    return None
                first, second = min(first, second), max(first, second)
                row = self._rows["weave", "{}", "{}"]
                return Target(row, f"/weave/{first + 1}/{second + 1}", first, second, -1, is_touch)
        row_or_none = self._rows.get(tuple(parts))
        if row_or_none is None or not row_or_none.is_heard:
            return None
        return Target(row_or_none, row_or_none.pattern, is_touch=is_touch)

    def _of_sphere(self, who: str, rest: Sequence[str], is_touch: bool) -> Target | None:
        name, finger = who.casefold(), -1
        shape = tuple(rest)
        if len(rest) == 2 and rest[0] == "finger" and rest[1] in map(str, range(1, FINGERS + 1)):
            finger, shape = int(rest[1]) - 1, ("finger", "{}")
        row = self._rows.get(("sphere", "{}", *shape))
        sphere = self._spheres.get(name, -1)
        if row is None or not row.is_heard or (sphere < 0 and not (name == ALL and row.takes_all)):
            return None
        address = f"/sphere/{ALL if sphere < 0 else sphere + 1}/{'/'.join(rest)}"
        return Target(row, address, sphere, -1, finger, is_touch)

    def nodes(self) -> Iterator[tuple[str, Row]]:
        """Every address there is, with numbers for spheres, row by row; "all" is left out."""
        count = len(self.names)
        for row in ROWS:
            wanted = _PLACES.findall(row.pattern)
            if wanted == ["sphere", "other"]:
                for first in range(count):
                    for second in range(first + 1, count):
                        yield row.pattern.format(sphere=first + 1, other=second + 1), row
            elif wanted:
                inner = {"finger": FINGERS, "crack": CRACKS}.get(wanted[-1], 1)
                for sphere in range(count):
                    for k in range(inner):
                        yield row.pattern.format(sphere=sphere + 1, finger=k + 1, crack=k + 1), row
            else:
                yield row.pattern, row
