"""Pages on which spheres are played, bound to each other and shaped."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise

from weaver.model.spheres import Sphere, SphereSet, blend
from weaver.surfaces.palette import FAINT, GOLD, INK, VIOLET
from weaver.surfaces.touchosc.controls import (
    CENTRE,
    LEFT,
    RIGHT,
    TOUCH,
    box,
    button,
    caption,
    colour,
    fader,
    group,
    label,
    panel,
)
from weaver.surfaces.touchosc.document import Frame, Node, Property
from weaver.surfaces.touchosc.frames import arranged, cells, columns, here, inner, rows, shaped
from weaver.surfaces.touchosc.messages import drawn, pair, presses, row, says, turns
from weaver.surfaces.touchosc.sizes import Size
from weaver.surfaces.touchosc.sphere import Look, room_for_disc, sphere_cell

PLAYED, SHAPED, BOUND = 16, 8, 24
"""Spheres on one page, at most, where they are played and where they are shaped; threads between neighbours."""
ALL_PAIRS_UP_TO = 8
"""Spheres, of which every two have a thread's fader; of more only neighbours do."""
BEND_CENTS = 200.0
"""How far the fader bends either way; the gesture goes further, but nobody could hit a tone with that."""
HEADER = 44
"""Height of the line above the spheres."""
WIDE = 100
"""Points of a cell from which a name is written large."""
SHAPE_WIDE = 240
"""Width of a sphere's panel on an upright page, at least."""
MIDDLE = 0.5
SHAPES: tuple[tuple[str, str, tuple[float, float] | None, float], ...] = (
    ("rub", "bow", None, 0.0),
    ("lift", "level", (-36.0, 12.0), 0.75),
    ("tilt", "slope", None, MIDDLE),
    ("bend", "pitch", (-BEND_CENTS, BEND_CENTS), MIDDLE),
)
"""Gesture, what its fader is called, how far it goes if not as far as it may, and where it stands at rest."""
FOUR_FROM = 4 * TOUCH + 3 * 2
"""Width from which four faders stand beside each other."""


def played_on_page(count: int, size: Size) -> int:
    """Spheres on one page: as many as may be, but of those that need several pages, fewer on a small screen."""
    return PLAYED if count <= PLAYED or size.is_large else SHAPED


def play_page(spheres: SphereSet, first: int, frame: Frame, size: Size, looks: Sequence[Look]) -> list[Node]:
    """The spheres from the one at `first` on, and above them, where there is room, time and mood."""
    found: list[Node] = []
    area = inner(here(frame), size.gap)
    if size.has_header:
        head, area = rows(area, HEADER, 1, gap=size.gap)
        found.append(_header(head, size))
    members = spheres.spheres[first : first + played_on_page(len(spheres.spheres), size)]
    largest = max(sphere.size for sphere in spheres.spheres) or 1.0
    places = arranged(area, len(members), room_for_disc(size), size.gap)
    for at, (sphere, place) in enumerate(zip(members, places, strict=True), first):
        found.append(sphere_cell(sphere, at + 1, place, largest, size, looks[at]))
    return found


def _header(frame: Frame, size: Size) -> Node:
    """The time that is left, where the show has come to, the mood, and a hush."""
    clock, phase, mood, hush = columns(here(frame), 0.2, 0.25, 0.35, 0.2, gap=size.gap)
    swatch, name = columns(mood, HEADER, 1, gap=size.gap)
    return group(
        "header",
        frame,
        (
            label("clock", clock, "–:––", round(size.text * 1.5), GOLD, LEFT, "", says("/show/clock")),
            label("phase", phase, "", size.text, FAINT, LEFT, "", says("/show/phase")),
            box(drawn("/mood/colour"), inner(swatch, 6), colour(VIOLET), True, "paint"),
            label("mood", name, "", size.text, INK, LEFT, "", says("/mood/name")),
            button("hush", hush, FAINT, size.text, presses("/hush")),
        ),
    )


def pairs_of(count: int) -> list[tuple[int, int]]:
    """Places of the spheres that have a thread's fader between them."""
    return list(combinations(range(count), 2) if count <= ALL_PAIRS_UP_TO else pairwise(range(count)))


def threads_page(spheres: SphereSet, first: int, frame: Frame, size: Size) -> list[Node]:
    """A fader for every pair, as a triangle; or of a larger set up to `BOUND` from the one at `first` on, for every two
    neighbours."""
    members = spheres.spheres
    pairs = pairs_of(len(members))
    area = inner(here(frame), size.gap / 2)
    if not pairs:
        return [caption(area, "threads bind two spheres, and this set has but one", size.text)]
    is_triangle = len(members) <= ALL_PAIRS_UP_TO
    found: list[Node] = []
    if size.has_header:
        words = "the tighter a thread, the faster energy passes"
        note, area = rows(area, size.text + 8, 1, gap=size.gap)
        said = words if is_triangle else f"{words}; between neighbours only"
        found.append(caption(note, said, size.small, LEFT))
    if is_triangle:
        return found + _triangle(members, area, size)
    some = pairs[first : first + BOUND]
    places = arranged(area, len(some), shaped(2.0), size.gap / 2)
    return found + [
        _thread(members, *pair, place, size, is_named=True) for pair, place in zip(some, places, strict=True)
    ]


def _triangle(members: Sequence[Sphere], area: Frame, size: Size) -> list[Node]:
    """Rows are all but the first sphere, columns all but the last; names stand at the end of rows and above columns."""
    count = len(members)
    found: list[Node] = []
    lines = rows(area, size.text + 8, *[1] * (count - 1), gap=2)
    for down, line in enumerate(lines):
        places = columns(line, *[1] * count, gap=2)
        for across in range(down):
            found.append(_thread(members, across, down, places[across], size, is_named=False))
        text = size.large if places[down].w >= WIDE else size.small
        found.append(_nameplate(members[down], down + 1, places[down], text))
    return found


def _nameplate(sphere: Sphere, number: int, frame: Frame, text: int) -> Node:
    """What a sphere is called, in its colour."""
    follows_colour = drawn("/sphere/{sphere}/colour", sphere=number)
    name = says("/sphere/{sphere}/name", sphere=number)
    return label(follows_colour, frame, sphere.name, text, sphere.colour, CENTRE, "ink", name)


def _thread(members: Sequence[Sphere], one: int, other: int, frame: Frame, size: Size, is_named: bool) -> Node:
    """A fader in the colour between both; where it does not stand in their row and column, with their names."""
    bind = turns("/weave/{sphere}/{other}", sphere=one + 1, other=other + 1)
    whole = here(frame)
    body, marks = (rows(whole, 1, size.small + 6, gap=2)) if is_named else (whole, None)
    ink = blend((members[one].colour, members[other].colour), 0.5)
    nodes = [fader("thread", body, ink, bind, is_across=True)]
    if marks is not None:
        left, right = columns(marks, 1, 1)
        for place, at, align in ((left, one, LEFT), (right, other, RIGHT)):
            name = says("/sphere/{sphere}/name", sphere=at + 1)
            follows_colour = drawn("/sphere/{sphere}/colour", sphere=at + 1)
            words, ink = members[at].name, members[at].colour
            nodes.append(label(follows_colour, place, words, size.small, ink, align, "ink", name))
    return group(f"thread {one + 1} {other + 1}", frame, nodes)


def shape_page(spheres: SphereSet, first: int, frame: Frame, size: Size) -> list[Node]:
    """Up to `SHAPED` spheres from the one at `first` on: where each stands, and its bow, level, slope and pitch."""
    area = inner(here(frame), size.gap)
    members = spheres.spheres[first : first + SHAPED]
    across = min(len(members), max(2, int(area.w // SHAPE_WIDE)) if size.is_upright else SHAPED)
    down = -(-len(members) // across)
    places = cells(area, across, down, size.gap)
    return [
        _shape(sphere, number, place, size)
        for number, (sphere, place) in enumerate(zip(members, places, strict=False), first + 1)
    ]


def _shape(sphere: Sphere, number: int, frame: Frame, size: Size) -> Node:
    whole = inner(here(frame), 2)
    line, foot = size.text + 8, size.small + 6
    name, tone, stage, stage_foot, faders = rows(whole, line, foot, 0.4, foot, 0.6, gap=2)
    across = 4 if whole.w >= FOUR_FROM else 2
    hz = drawn("/sphere/{sphere}/tone", sphere=number)
    nodes = [
        _nameplate(sphere, number, name, size.large),
        label(hz, tone, f"{sphere.f0_hz:.1f} Hz", size.small, FAINT, CENTRE, "text %.1f Hz"),
        _place(sphere, number, stage),
        caption(stage_foot, "place", size.small),
    ]
    for (gesture, words, reach, at), place in zip(SHAPES, cells(faders, across, 4 // across, 2), strict=True):
        body, below = rows(place, 1, foot)
        turned = turns(f"/sphere/{{sphere}}/{gesture}", reach, sphere=number)
        is_centred = at == MIDDLE
        nodes.append(fader(words, body, sphere.colour, turned, at=at, is_centred=is_centred))
        nodes.append(caption(below, words, size.small))
    return panel(f"shape {number}", frame, nodes)


def _place(sphere: Sphere, number: int, frame: Frame) -> Node:
    """The stage from above: across is the azimuth, with straight ahead in the middle; up is farther away."""
    azimuth, distance = row("/sphere/{sphere}/place").values
    x = _along(sphere.azimuth_deg, azimuth.low or 0.0, azimuth.high or 1.0)
    y = _along(sphere.distance_m, distance.low or 0.0, distance.high or 1.0)
    properties: dict[str, Property] = {
        "color": colour(sphere.colour),
        "cornerRadius": 4.0,
        "outlineStyle": 0,
        "gridX": False,
        "gridY": False,
    }
    message = pair("/sphere/{sphere}/place", sphere=number)
    return Node("XY", "place", frame, properties, {"x": x, "y": y}, (message,))


def _along(value: float, low: float, high: float) -> float:
    return round((value - low) / (high - low), 4)
