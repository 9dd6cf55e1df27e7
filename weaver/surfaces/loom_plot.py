"""A picture of how spheres lie on a controller: its pads, knobs, faders and buttons in their shape. Needs matplotlib.

Groups stand under each other, knobs above the pads and faders below, single columns beside them; how they lie on the
real thing is not in its profile. A unit is the distance from pad to pad.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from weaver.mapping.loom import Laid, Loom, Row
from weaver.mapping.profile import Group, Profile
from weaver.model.spheres import SphereSet
from weaver.surfaces.loom_marks import Marks
from weaver.surfaces.loom_rows import controls_of_row, one_sphere_a_column, page_line
from weaver.surfaces.palette import INK

GROUND = "#07040f"
INCHES_PER_UNIT, DOTS_PER_INCH = 0.82, 120
LABELS, EDGE, GAP, CAPTION = 1.9, 0.45, 0.5, 0.42
"""Room for what stands left of pads, round all, between groups, and for a group's name."""
TITLE, FOOT_LINE = 1.35, 0.27
KNOB, FADER, BUTTON = 1.15, 2.0, 0.6
"""Heights."""
ORDER = ("knobs", "pads", "buttons", "faders")
TOP = "top"
"""The name of buttons that lie above all else."""
LEAST_COLUMNS = 8
"""Of a picture, so that the title has room."""
CHARS_PER_UNIT = 11.5
"""Of the text at the foot."""
SHOWN = {"light": "shows its light", "health": "shows its health", "cracks": "shows its cracks"}
PLACES = ((0.85, "the rim"), (0.45, "the shoulder"), (0.0, "near the pole"))
"""Where a strike falls, from so far out."""


@dataclass(frozen=True, slots=True)
class _Block:
    """A group and its place: the left edge of its first column, and the top of its caption."""

    group: Group
    x: float
    y: float


def draw_loom(profile: Profile, laid: Laid, looms: Mapping[str, Loom], spheres: SphereSet) -> Any:
    """A matplotlib Figure, for its owner to save."""
    from matplotlib.figure import Figure  # half a second that only this needs

    used = {spot.group for spot in laid.spots if spot.show != "dark"}
    shown = [group for group in profile.groups if group.name in used or any(map(laid.of, group.controls))]
    blocks = list(_arranged(shown))
    right = max([EDGE + LABELS + LEAST_COLUMNS, *(block.x + block.group.columns for block in blocks)])
    bottom = min([-TITLE, *(block.y - CAPTION - _height(block.group) for block in blocks)])
    foot = _foot(looms, right)
    width, height = right + EDGE, -bottom + EDGE + len(foot) * FOOT_LINE
    inches = (width * INCHES_PER_UNIT, height * INCHES_PER_UNIT)
    figure = Figure(figsize=inches, dpi=DOTS_PER_INCH, facecolor=GROUND)
    axes: Any = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    axes.set_xlim(0.0, width)
    axes.set_ylim(-height, 0.0)
    marks = Marks(axes, laid, spheres.spheres)
    marks.text(EDGE, -0.5, profile.title, INK, 17, ha="left", family="serif")
    marks.text(EDGE, -0.92, page_line(laid, spheres), size=9, ha="left")
    for block in blocks:
        _draw(marks, block, laid, looms.get(block.group.name))
    for line, text in enumerate(foot):
        marks.text(EDGE, bottom - 0.25 - line * FOOT_LINE, text, size=8.5, ha="left", style="italic")
    return figure


def _arranged(groups: Sequence[Group]) -> Iterator[_Block]:
    """Where each group stands. Single columns stand beside the first pads, or else the first line."""
    upright = [group for group in groups if _is_upright(group)]
    lines = list(_lines(groups))
    beside = next((number for number, line in enumerate(lines) if line[0].kind == "pads"), 0)
    y = -TITLE
    for number, line in enumerate(lines or [[]]):
        x = EDGE + LABELS
        for group in line:
            yield _Block(group, x, y)
            x += group.columns + GAP
        high = max((_height(group) for group in line), default=0.0)
        if number == beside and upright:
            high = max(high, *(_height(group) for group in upright))
            for group in upright:
                yield _Block(group, x, y)
                x += group.columns + GAP / 2
        y -= CAPTION + high + GAP / 2


def _lines(groups: Sequence[Group]) -> Iterator[list[Group]]:
    """Groups that stand beside each other, from the top: of one kind, as many as there is room for."""
    widest = max([LEAST_COLUMNS, *(group.columns for group in groups)])
    above = [group for group in groups if group.name == TOP]
    yield from ([group] for group in above)
    for kind in ORDER:
        line: list[Group] = []
        for group in [group for group in groups if group not in above]:
            if group.kind != kind or _is_upright(group):
                continue
            if line and (kind == "pads" or sum(one.columns + GAP for one in line) + group.columns > widest + GAP):
                yield line
                line = []
            line.append(group)
        if line:
            yield line


def _is_upright(group: Group) -> bool:
    return group.columns == 1 and group.rows > 1


def _row_height(group: Group) -> float:
    if group.kind == "knobs":
        return KNOB
    if group.kind == "faders":
        return FADER
    return 1.0 if group.kind == "pads" or _is_upright(group) else BUTTON


def _height(group: Group) -> float:
    """Without its caption."""
    return group.rows * _row_height(group)


def _draw(marks: Marks, block: _Block, laid: Laid, loom: Loom | None) -> None:
    """A group under its name, or with it in the margin, where the names of spheres stand above."""
    group = block.group
    columns = one_sphere_a_column(group, laid) if group.kind == "pads" else None
    caption = block.y - CAPTION / 2
    if loom is not None:
        marks.text(block.x - 0.15, caption, group.name, size=8.5, ha="right", style="italic")
    else:
        middle, how = (block.x + 0.5, "center") if _is_upright(group) else (block.x + 0.06, "left")
        marks.text(middle, caption, group.name, size=8.5, ha=how, style="italic")
    for column, sphere in enumerate(columns or ()):
        if sphere is not None:
            marks.name(block.x + column + 0.5, caption - 0.06, sphere)
    draw = {"knobs": marks.knob, "faders": marks.fader, "buttons": marks.button}
    step = _row_height(group)
    for row in range(group.rows):
        y = block.y - CAPTION - (group.rows - row - 0.5) * step
        for control in controls_of_row(group, row):
            x = block.x + control.column + 0.5
            if group.kind == "pads":
                marks.pad(control, x, y, columns is None)
            else:
                draw[group.kind](control, x, y)
        if loom is not None:
            _label(marks, loom.rows[row], block.x - 0.15, y)


def _label(marks: Marks, row: Row, x: float, y: float) -> None:
    """What a row of pads does, and what it shows."""
    word = "" if row.do == "none" else row.do
    if row.do == "strike":
        word += ", " + next(place for least, place in PLACES if row.position >= least)
    shown = SHOWN.get(row.show, "")
    lift = 0.12 if shown and word else 0.0
    marks.text(x, y + lift, word, INK, 9, ha="right")
    marks.text(x, y - lift, shown, size=8, ha="right")


def _foot(looms: Mapping[str, Loom], width: float) -> list[str]:
    """What the looms' files say about playing on them."""
    texts = dict.fromkeys(loom.description for loom in looms.values())
    return [line for text in texts for line in textwrap.wrap(text, int(CHARS_PER_UNIT * width))]
