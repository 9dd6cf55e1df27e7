"""Lays a controller out for one page of a set: what each of its controls does, and what each of its lights shows."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from weaver.mapping.deeds import NONE, SPHERE_PRESSES, TURNS, is_sphere_deed, playable
from weaver.mapping.loom import Assignment, Laid, Loom, Show, Spot
from weaver.mapping.profile import Bound, Control, Group, Profile
from weaver.model.parameters import parameter_named

PRESSURED = ("strike", "rub")
"""Deeds that go on with a pad's pressure."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """What a control of a group is for: a deed or a parameter, of a sphere, and what its light shows."""

    word: str
    sphere: int | None
    show: Show
    position: float = 0.8
    height: float = 0.0
    stretch: float = 1.0


def lay(profile: Profile, looms: Callable[[str], Loom], spheres: int, page: int = 0) -> Laid:
    """Lay out a profile for `spheres` of a set; the nearest page there is. Raises what `looms` raises.

    What [[controls]] say comes first: a control of a group that one of them claims does that instead, and its light
    shows it. Controls without anything to do have no assignment, but pads that lie on a loom: they are claimed, so
    that a pad beyond the set does not fall to the mode.
    """
    read = {group.name: looms(group.loom) for group in profile.groups if group.loom}
    span = span_of(profile, read, spheres)
    pages = math.ceil(spheres / span)
    page = min(max(page, 0), pages - 1)
    first = page * span
    assignments = [_bound(bound, spheres) for bound in profile.controls]
    spots: list[Spot] = []
    for group in profile.groups:
        for control, cell in zip(group.controls, _cells(group, read.get(group.name), first, spheres), strict=True):
            place = _claimed(control, profile.controls)
            if place is not None:
                cell = _shown(assignments[place], group)
            elif cell.word != NONE or group.loom:
                place = len(assignments)
                assignments.append(_assignment(control, cell, group))
            if control.led is not None:
                spots.append(_spot(control, cell, group, -1 if place is None else place))
    return Laid(tuple(assignments), tuple(spots), page, pages, first, span)


def span_of(profile: Profile, looms: Mapping[str, Loom], spheres: int) -> int:
    """How many spheres a page holds: as many as lie on its pads; or else as its knobs, faders and buttons are for."""
    reach = [
        row.first + loom.columns for loom in looms.values() for row in loom.rows if row.do != NONE or row.show != "dark"
    ]
    if not reach:
        reach = [
            control.column + 1
            for group in profile.groups
            for control, word in zip(group.controls, group.do, strict=False)
            if is_sphere_deed(word)
        ]
    return max(reach, default=spheres)


def _cells(group: Group, loom: Loom | None, first: int, spheres: int) -> Iterator[_Cell]:
    """For each control of a group, in order."""
    if loom is not None:
        yield from _woven(loom, first, spheres)
        return
    for place, control in enumerate(group.controls):
        word = group.do[place] if place < len(group.do) else NONE
        sphere = first + control.column if first + control.column < spheres else None
        yield _worded(word, sphere, group)


def _woven(loom: Loom, first: int, spheres: int) -> Iterator[_Cell]:
    """Pads by their loom; a sphere's body goes up through all pads that show it."""
    bodies: dict[int, int] = {}
    for row in loom.rows:
        for column in range(loom.columns):
            bodies[row.first + column] = bodies.get(row.first + column, 0) + (row.show == "body")
    below: dict[int, int] = {}
    for row in loom.rows:
        for column in range(loom.columns):
            offset = row.first + column
            if first + offset >= spheres:
                yield _Cell(NONE, None, "dark")
            elif row.show == "body":
                stretch = 1.0 / bodies[offset]
                yield _Cell(row.do, first + offset, "body", row.position, below.get(offset, 0) * stretch, stretch)
                below[offset] = below.get(offset, 0) + 1
            else:
                yield _Cell(row.do, first + offset, row.show, row.position)


def _worded(word: str, sphere: int | None, group: Group) -> _Cell:
    """A knob, fader or button by its word. Knobs of no use at all still show their column's sphere."""
    show: Show = "dark"
    if is_sphere_deed(word):
        return _Cell(word, sphere, _sphere_show(group)) if sphere is not None else _Cell(NONE, None, show)
    if word != NONE:
        return _Cell(word, None, "deed" if group.kind == "buttons" else "value")
    if not group.do and group.kind != "buttons" and sphere is not None and group.show != "value":
        return _Cell(NONE, sphere, _sphere_show(group))
    return _Cell(NONE, None, show)


def _sphere_show(group: Group) -> Show:
    if group.show == "health":
        return "health"
    return "value" if group.show == "value" and group.kind != "buttons" else "light"


def _assignment(control: Control, cell: _Cell, group: Group) -> Assignment:
    encoding, takeover = group.encoding, group.takeover
    if cell.word in TURNS:
        gesture, argument = TURNS[cell.word]
        low, high = playable(gesture, argument)
        return Assignment(
            control, cell.word, cell.sphere, gesture=gesture, argument=argument, low=low, high=high, encoding=encoding,
            takeover=takeover,
        )  # fmt: skip
    if cell.word != NONE and group.kind in ("knobs", "faders"):
        row = parameter_named(cell.word)
        return Assignment(
            control, "parameter", parameter=row.name, low=row.low, high=row.high, curve=row.curve, encoding=encoding,
            takeover=takeover,
        )  # fmt: skip
    return Assignment(
        control, cell.word, cell.sphere, position=cell.position, velocity=group.velocity,
        pressure=group.pressure != "none" and cell.word in PRESSURED,
    )  # fmt: skip


def _spot(control: Control, cell: _Cell, group: Group, place: int) -> Spot:
    assert control.led is not None
    return Spot(
        group.name, control.led, group.led, control.message, control.channel, cell.show, cell.sphere, cell.height,
        cell.stretch, cell.word, place, -1 if control.touch is None else control.touch,
    )  # fmt: skip


def _claimed(control: Control, bounds: tuple[Bound, ...]) -> int | None:
    """The place of the first entry that is for this control."""
    for place, bound in enumerate(bounds):
        same = bound.message == control.message and bound.number == control.number
        if same and bound.channel in (None, control.channel):
            return place
    return None


def _bound(bound: Bound, spheres: int) -> Assignment:
    """What an entry of [[controls]] does; nothing if it is for a sphere beyond the set."""
    control = Control("", 0, 0, bound.message, bound.channel or 0, bound.number)
    any_channel = bound.channel is None
    if bound.sphere is not None and bound.sphere >= spheres:
        return Assignment(control, NONE, any_channel=any_channel)
    if bound.do:
        return Assignment(
            control, bound.do, bound.sphere, velocity=bound.message == "note", pressure=bound.do in PRESSURED,
            any_channel=any_channel,
        )  # fmt: skip
    return Assignment(
        control,
        "parameter" if bound.parameter else "gesture",
        bound.sphere,
        bound.parameter,
        bound.gesture,
        bound.argument,
        low=bound.low,
        high=bound.high,
        curve=bound.curve,
        encoding=bound.encoding,
        takeover=bound.takeover,
        any_channel=any_channel,
    )


def _shown(assignment: Assignment, group: Group) -> _Cell:
    """What the light of a control shows that an entry has claimed."""
    deed, sphere = assignment.deed, assignment.sphere
    show: Show
    if deed == NONE:
        show = "dark"
    elif deed in SPHERE_PRESSES and sphere is not None:
        show = "body" if group.kind == "pads" else "light"
    elif deed in ("parameter", "gesture") and group.kind in ("knobs", "faders"):
        show = "value"
    else:
        show = "light" if sphere is not None else "deed"
    return _Cell(deed, sphere, show)
