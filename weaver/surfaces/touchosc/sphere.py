"""A sphere on a page: the disc that is played, what is seen on it, and its two hands."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from weaver.model.osc_space import CRACKS, FINGERS, TOUCHED
from weaver.model.spheres import Sphere
from weaver.surfaces.palette import FAINT, GOLD, GREY, SICKLY, VIOLET, WHITE, glow, scattered
from weaver.surfaces.touchosc.controls import (
    CENTRE,
    GROUND,
    LEFT,
    TOUCH,
    box,
    button,
    colour,
    group,
    label,
    ring,
    stack,
    touch_pad,
)
from weaver.surfaces.touchosc.document import Frame, Node, Property
from weaver.surfaces.touchosc.frames import columns, here, inner, rows, square
from weaver.surfaces.touchosc.messages import drawn, follows, says, touches, turns
from weaver.surfaces.touchosc.sizes import Size

SMALLEST = 0.66
"""Of the largest sphere's disc: still a target for a finger."""
SIDE = 5.6
"""Width of what stands beside a disc, in the size of its text."""
SEGMENTS, SEGMENT_RAD = 8, 0.24
"""A crack is drawn in so many pieces, one more for each such length; the longest are 2.4 rad."""
HAIR = 3.0
"""Width of a crack, in points on a disc of `HAIR_DISC`."""
HAIR_DISC = 240.0
WANDER_RAD = 0.3
"""How far a crack strays from the straight way inwards, about."""
ROUND_BY = 3
"""Eighths of the rim from one crack to the next, so that few of them do not lie all on one side."""
HALO, RING = 0.05, 0.045
"""Widths of the halo and of the ring that is health, beside the disc's."""
HALO_ALPHA = 0.16
HAND_SHARE, MOST_HAND, MOST_HANDS = 0.14, 64, 320
"""Height of the buttons beneath a disc beside the cell's, and most points of that and of both buttons' width."""
EVEN_FROM = 160
"""Width of a cell from which its state stands in the middle."""
AT_REST = 0.5
"""Light of a sphere in a layout that has heard nothing yet."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a sphere looks: what the instrument says of it, or in a new layout, at rest."""

    light: float = AT_REST
    health: float = 1.0
    cracks: tuple[float, ...] = ()
    state: str = "whole"
    soothed: float = 0.0


def sphere_cell(sphere: Sphere, number: int, frame: Frame, largest: float, size: Size, look: Look) -> Node:
    """A sphere and all that belongs to it. `largest` is the radius of the set's largest; `number` counts from 1."""
    whole = here(frame)
    line = size.text + 8
    below, beside = _room(frame.w, frame.h, size)
    if beside > below:
        area, side = columns(whole, 1, _side(size), gap=2)
        name, state, damp, soothe = rows(side, line, line, 1, 1, gap=2)
        align = LEFT
    else:
        name, area, state, hands = rows(whole, line, 1, line, _hands(frame.h), gap=2)
        damp, soothe = columns(inner(hands, max(0.0, (frame.w - MOST_HANDS) / 2), 0), 1, 1, gap=size.close)
        align = CENTRE
    share = SMALLEST + (1.0 - SMALLEST) * sphere.size / largest
    disc = square(area, math.floor(min(area.w, area.h) * share))
    return group(
        f"sphere {number}",
        frame,
        (
            _name(sphere, number, name, size, align),
            _disc(sphere, number, disc, look),
            *_state(sphere, number, state, size, align, look),
            _hold("damp", number, damp, FAINT, size),
            _hold("soothe", number, soothe, VIOLET, size),
        ),
    )


def room_for_disc(size: Size) -> Callable[[float, float], float]:
    """For `arranged`: how wide a disc may be in a cell."""
    return lambda width, height: max(_room(width, height, size))


def _room(width: float, height: float, size: Size) -> tuple[float, float]:
    """How wide a disc may be in a cell with its hands below it, and with them beside it; 0 where these are too small
    for a finger."""
    lines = 2 * (size.text + 8) + 6
    below = min(width, height - lines - _hands(height))
    beside = min(width - _side(size) - 2, height)
    return below if width >= 2 * TOUCH + 2 else 0.0, beside if height >= lines + 2 * TOUCH else 0.0


def _hands(height: float) -> int:
    """Height of the buttons below a disc."""
    return max(TOUCH, min(MOST_HAND, round(height * HAND_SHARE)))


def _side(size: Size) -> int:
    """Width of the buttons beside a disc: a name has room there too."""
    return round(SIDE * size.text)


def _name(sphere: Sphere, number: int, frame: Frame, size: Size, align: int) -> Node:
    """What it is called, in its colour."""
    says_name = says("/sphere/{sphere}/name", sphere=number)
    follows_colour = drawn("/sphere/{sphere}/colour", sphere=number)
    text = size.large if align == CENTRE else size.text
    return label(follows_colour, frame, sphere.name, text, sphere.colour, align, "ink", says_name)


def _disc(sphere: Sphere, number: int, frame: Frame, look: Look) -> Node:
    """From below: its halo, its health as a ring, the body in its light, cracks, hands and notes; then the fingers."""
    whole = here(frame)
    side = frame.w
    ring_at = inner(whole, round(side * HALO))
    cover = inner(ring_at, round(side * RING))
    body = inner(cover, round(side * RING / 3))
    shine = Frame(round(body.x + body.w * 0.16), round(body.y + body.h * 0.1), round(body.w * 0.4), round(body.h * 0.3))
    follows_colour = drawn("/sphere/{sphere}/colour", sphere=number)
    is_gone = look.state == "shattered"
    return stack(
        "disc",
        frame,
        box(follows_colour, whole, colour(sphere.colour, HALO_ALPHA), True, "hue"),
        ring(
            follows_colour,
            ring_at,
            colour(sphere.colour),
            follows("/sphere/{sphere}/health", sphere=number),
            at=look.health,
            tag="hue",
        ),
        box("cover", cover, colour(GROUND), True),
        box(
            drawn("/sphere/{sphere}/light", sphere=number),
            body,
            colour(GREY if is_gone else glow(sphere.colour, look.light), 0.25 if is_gone else 1.0),
            True,
            "light",
        ),
        box("shine", shine, colour(WHITE, 0.1), True),
        *(_crack(number, place, body, look) for place in range(CRACKS)),
        _hand("/sphere/{sphere}/soothed", number, inner(body, round(side * 0.03)), WHITE, look.soothed),
        _hand("/sphere/{sphere}/held", number, inner(body, round(side * 0.05)), GOLD, 0.0),
        box(drawn("/sphere/{sphere}/played", sphere=number), body, colour(WHITE, 0.0), True, "flash"),
        *(_finger(number, finger, whole) for finger in range(1, FINGERS + 1)),
    )


def _finger(number: int, finger: int, frame: Frame) -> Node:
    place = touches("/sphere/{sphere}/finger/{finger}", sphere=number, finger=finger)
    return touch_pad(f"finger {finger}", frame, place, lets_go=place.address + TOUCHED)


def _hold(name: str, number: int, frame: Frame, fill: str, size: Size) -> Node:
    """A button for a hand that lies there as long as it is down."""
    firmly = turns(f"/sphere/{{sphere}}/{name}", sphere=number)
    return button(name, frame, fill, size.text, firmly, lets_go=firmly.address)


def _hand(pattern: str, number: int, frame: Frame, ink: str, firmly: float) -> Node:
    """A circle that is the clearer, the firmer a hand lies there."""
    return box(drawn(pattern, sphere=number), frame, colour(ink, firmly), True, "hand", line=True)


def _state(sphere: Sphere, number: int, frame: Frame, size: Size, align: int, look: Look) -> tuple[Node, Node]:
    """How it fares, and how many cracks it has."""
    if align == CENTRE and frame.w >= EVEN_FROM:
        _, word, count = columns(frame, 0.25, 0.5, 0.25)
    else:
        word, count = columns(frame, 0.75, 0.25)
    state = drawn("/sphere/{sphere}/state", sphere=number)
    fracture = drawn("/sphere/{sphere}/fracture", sphere=number)
    ink = {"whole": FAINT, "shattered": GREY, "reforming": sphere.colour}.get(look.state, SICKLY)
    cracks = len(look.cracks)
    return (
        label(state, word, look.state, size.small, ink, align, "state"),
        label(fracture, count, f"{cracks} ×" if cracks else "", size.small, SICKLY, align, "count"),
    )


def _crack(number: int, place: int, body: Frame, look: Look) -> Node:
    """A crack from the rim inwards. Boxes lie along the axes only, so it goes in steps, as on a worn mosaic."""
    length = look.cracks[place] if place < len(look.cracks) else 0.0
    shown = math.ceil(length / SEGMENT_RAD)
    pieces = []
    for step, piece in enumerate(crack_pieces(number * CRACKS + place, place, body.w)):
        node = box(f"{step + 1}", piece, colour(SICKLY))
        visible: dict[str, Property] = {"visible": step < shown}
        pieces.append(replace(node, properties={**node.properties, **visible}))
    return stack(drawn("/sphere/{sphere}/crack/{crack}", sphere=number, crack=place + 1), body, *pieces, tag="crack")


def crack_pieces(seed: int, place: int, side: float) -> list[Frame]:
    """The pieces of a crack on a disc as wide as `side`, from the rim on; the same for the same seed and place."""
    radius, hair = side / 2, max(2, round(side * HAIR / HAIR_DISC))
    angle = 2 * math.pi * (place * ROUND_BY + 0.7 * scattered(seed)) / CRACKS
    reach = radius - 2 * hair
    x, y = radius + reach * math.cos(angle), radius + reach * math.sin(angle)
    pieces = []
    for step in range(1, SEGMENTS + 1):
        bent = angle + WANDER_RAD * (scattered(seed * SEGMENTS + step) - 0.5)
        left = reach * (1.0 - 0.85 * step / SEGMENTS)
        to_x, to_y = radius + left * math.cos(bent), radius + left * math.sin(bent)
        if abs(to_x - x) > abs(to_y - y):
            pieces.append(Frame(round(min(x, to_x)), round(y - hair / 2), round(abs(to_x - x)) + hair, hair))
            x = to_x
        else:
            pieces.append(Frame(round(x - hair / 2), round(min(y, to_y)), hair, round(abs(to_y - y)) + hair))
            y = to_y
    return pieces
