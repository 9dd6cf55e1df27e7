"""A controller as it is laid out now: which message is which control, what that does, and what its knobs stand at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from weaver.mapping.loom import Assignment, Laid
from weaver.model.gestures import gesture_named
from weaver.model.parameters import INDEX, PARAMETERS
from weaver.surfaces.lights.shine import Knobs
from weaver.surfaces.picture import Mismatch

NOTE_OFF, NOTE_ON, POLY_PRESSURE, CONTROL, CHANNEL_PRESSURE, BEND = 0x80, 0x90, 0xA0, 0xB0, 0xD0, 0xE0
ANY_CHANNEL = -1
CLOSE = 0.02
"""Knobs that stand so near to what they turn need no word."""
_MESSAGES = {NOTE_OFF: "note", NOTE_ON: "note", POLY_PRESSURE: "note", CONTROL: "cc", BEND: "bend"}


@dataclass(frozen=True, slots=True)
class Touch:
    """A message as a control's: its place in the layout; `is_press` and `is_release` of a pad, key or button."""

    place: int
    assignment: Assignment
    is_press: bool
    is_release: bool


class Board:
    """Looks controls up by what they send."""

    def __init__(self, laid: Laid) -> None:
        self.laid = laid
        self._places: dict[tuple[str, int, int], int] = {}
        self._recent: dict[int, None] = {}
        count = len(laid.assignments)
        self.turns = any(assignment.parameter or assignment.argument for assignment in laid.assignments)
        """Whether anything on it turns something,"""
        nowhere, no = np.full(count, -1.0, np.float32), np.zeros(count, np.bool_)
        self.untold = Knobs(nowhere, nowhere, no, no)
        """and how its controls stand if not."""
        for place, assignment in enumerate(laid.assignments):
            control = assignment.control
            channel = ANY_CHANNEL if assignment.any_channel else control.channel
            self._places.setdefault((control.message, channel, control.number), place)

    def touch(self, data: bytes) -> Touch | None:
        """What control a message is from; None if it is from none that is known."""
        if len(data) < 2 or data[0] >= 0xF0:
            return None
        kind, channel = data[0] & 0xF0, data[0] & 0x0F
        message = _MESSAGES.get(kind)
        if message is None:
            return None
        number = 0 if message == "bend" else data[1]
        place = self._places.get((message, channel, number))
        if place is None:
            place = self._places.get((message, ANY_CHANNEL, number))
        if place is None:
            return None
        self._recent.pop(place, None)
        self._recent[place] = None  # comes last now
        value = data[2] if len(data) > 2 else 0
        is_press = kind in (NOTE_ON, CONTROL) and value > 0
        is_release = kind == NOTE_OFF or (kind in (NOTE_ON, CONTROL) and value == 0)
        return Touch(place, self.laid.assignments[place], is_press, is_release)

    def knobs(self, view: np.record) -> Knobs:
        """How its controls stand, from a HAND_VIEW."""
        count = len(self.laid.assignments)
        return Knobs(view.aim[:count], view.hardware[:count], view.caught[:count] != 0, view.down[:count] != 0)

    def mismatches(self, view: np.record, names: tuple[str, ...]) -> tuple[Mismatch, ...]:
        """Knobs that stand elsewhere than what they turn, and have not caught it yet: those moved last come first.

        `view` is a HAND_VIEW, `names` are those of the spheres.
        """
        count = len(self.laid.assignments)
        aim, stands = view.aim[:count], view.hardware[:count]
        waiting = (view.caught[:count] == 0) & (aim >= 0.0) & (stands >= 0.0) & (np.abs(aim - stands) > CLOSE)
        order = {place: at for at, place in enumerate(reversed(self._recent))}
        places = sorted(map(int, np.flatnonzero(waiting)), key=lambda place: (order.get(place, len(order)), place))
        return tuple(
            Mismatch(aim_words(self.laid.assignments[place], names), float(stands[place]), float(aim[place]))
            for place in places
            if self.laid.assignments[place].takeover != "jump"
        )


def aim_words(assignment: Assignment, names: tuple[str, ...] = ()) -> str:
    """What a control turns or does, in few words; `names` are those of the spheres."""
    if assignment.deed == "parameter":
        return assignment.parameter
    what = assignment.deed
    if assignment.deed == "gesture":
        what = " ".join(filter(None, (assignment.gesture, assignment.argument)))
    if assignment.sphere is None:
        return what
    name = names[assignment.sphere] if assignment.sphere < len(names) else str(assignment.sphere + 1)
    return f"{what} {name}"


def knob_words(assignment: Assignment, value: float) -> str:
    """Where a control of 0 to 1 puts what it turns, in its unit."""
    if assignment.curve == "exponential" and assignment.low > 0.0 and assignment.high > 0.0:
        turned = assignment.low * (assignment.high / assignment.low) ** value
    else:
        turned = assignment.low + (assignment.high - assignment.low) * value
    return f"{turned:.3g} {_unit(assignment)}".rstrip()


def _unit(assignment: Assignment) -> str:
    if assignment.parameter:
        return PARAMETERS[INDEX[assignment.parameter]].unit
    rows = gesture_named(assignment.gesture).arguments if assignment.gesture else ()
    return next((row.unit for row in rows if row.name == assignment.argument), "")
