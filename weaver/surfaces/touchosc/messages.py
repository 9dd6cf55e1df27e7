"""Messages of controls, from the table of addresses: what a control sends, and what it shows.

A pattern that the table does not have, or that may not be said or is not shown, raises ValueError: a layout with such
an address in it cannot be made.
"""

from __future__ import annotations

from collections.abc import Sequence

from weaver.model.osc_space import BY_PATTERN, Row
from weaver.surfaces.touchosc.document import Osc, Part, Trigger

X, PRESSED = Trigger("x"), Trigger("x", "RISE")
Range = tuple[float, float]


def row(pattern: str) -> Row:
    """A row of the table."""
    if pattern not in BY_PATTERN:
        raise ValueError(f"{pattern} is no address")
    return BY_PATTERN[pattern]


def address(pattern: str, **places: int) -> str:
    """With numbers for spheres, fingers and cracks, from 1."""
    return row(pattern).pattern.format(**places)


def turns(pattern: str, reach: Range | None = None, **places: int) -> Osc:
    """A fader or a button that holds: it sends its x, within the row's range or as far as it shall reach, and follows
    what is shown."""
    found = _heard(pattern)
    return Osc(address(pattern, **places), (_part("x", found, 0, reach),), (X,), found.is_shown)


def pair(pattern: str, **places: int) -> Osc:
    """An XY for a row of two numbers; it follows too."""
    found = _heard(pattern)
    parts = (_part("x", found, 0), _part("y", found, 1))
    return Osc(address(pattern, **places), parts, (X, Trigger("y")), found.is_shown)


def touches(pattern: str, **places: int) -> Osc:
    """An XY for a finger: where it is, and whether it is there."""
    found = _heard(pattern)
    parts = tuple(_part(value, found, place) for place, value in enumerate(("x", "y", "touch")))
    return Osc(address(pattern, **places), parts, (X, Trigger("y"), Trigger("touch")), is_received=False)


def presses(pattern: str, constant: float | None = None, **places: int) -> Osc:
    """A button that does it once, when it is pressed: with a constant, or with what its row takes for yes."""
    found = _heard(pattern)
    parts = () if not found.values else (Part(f"{1.0 if constant is None else constant:g}", is_constant=True),)
    return Osc(address(pattern, **places), parts, (PRESSED,), is_received=False)


def follows(pattern: str, reach: Range | None = None, **places: int) -> Osc:
    """A bar that shows a number, between the row's ends or those given."""
    return Osc(address(pattern, **places), (_part("x", _shown(pattern), 0, reach),))


def says(pattern: str, **places: int) -> Osc:
    """A label that shows a text."""
    _shown(pattern)
    return Osc(address(pattern, **places), (Part("text", "STRING"),))


def drawn(pattern: str, **places: int) -> str:
    """The name of a control that the script draws: the address that it follows."""
    _shown(pattern)
    return address(pattern, **places)


def _heard(pattern: str) -> Row:
    found = row(pattern)
    if not found.is_heard:
        raise ValueError(f"{pattern} may not be said")
    return found


def _shown(pattern: str) -> Row:
    found = row(pattern)
    if not found.is_shown and found.does != "nothing":
        raise ValueError(f"{pattern} is not shown")
    return found


def _part(value: str, found: Row, place: int, reach: Sequence[float] | None = None) -> Part:
    told = found.values[place]
    low, high = reach or (told.low, told.high)
    return Part(value, low=0.0 if low is None else low, high=1.0 if high is None else high)
