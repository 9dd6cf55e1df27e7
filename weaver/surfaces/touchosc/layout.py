"""A layout for TouchOSC: all pages of a set on a canvas, with the script that draws what no message can.

    SPHERES   strike and rub by touch; light, health, cracks, state, hands, damp and soothe
    THREADS   bind two spheres
    SHAPE     where each sphere stands, its bow, level, slope and pitch
    ROOM      the parameters
    SHOW      chronometer, audience, heart, stakes, begin, finale, undo, hush, panic, meters
    LINK      whether the instrument answers, and how to make it

What is shown comes by messages bound to controls as far as they can: numbers to bars and faders, texts to labels.
Colours, and texts with a number in them, are the script's: it looks for controls with a tag, whose name is the address
that they follow (drawers.lua and script.lua say what each tag means).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from weaver.model.spheres import SphereSet
from weaver.surfaces.palette import (
    FAINT,
    GLOW_AT_REST,
    GLOW_WHITE,
    GREY,
    INK,
    MOODS,
    NIGHT,
    SICKLY,
    WHITE,
    channels,
    scattered,
)
from weaver.surfaces.touchosc.controls import GROUND, box, colour, group, label, stack
from weaver.surfaces.touchosc.document import Frame, Node, Property
from weaver.surfaces.touchosc.frames import here
from weaver.surfaces.touchosc.hall import NOT_TURNED, TIMED, room_page, show_page
from weaver.surfaces.touchosc.link import link_page
from weaver.surfaces.touchosc.playing import (
    ALL_PAIRS_UP_TO,
    BOUND,
    SHAPED,
    pairs_of,
    play_page,
    played_on_page,
    shape_page,
    threads_page,
)
from weaver.surfaces.touchosc.sizes import Size
from weaver.surfaces.touchosc.sphere import SEGMENT_RAD, Look

PAGES = ("SPHERES", "THREADS", "SHAPE", "ROOM", "SHOW", "LINK")
"""What stands on the tabs."""
TABS = 40
"""Height of the tabs, as TouchOSC makes them."""
STARS = 60
SILENT = "silent"
"""The tag of what is seen only while the instrument is not heard."""
SCRIPTS = tuple(map(Path(__file__).with_name, ("drawers.lua", "script.lua")))
"""The parts of the root's script, in this order."""
NOT_DRAWN: dict[str, str] = {
    "/sphere/{sphere}/flicker": "the light is dimmed by it already",
    **{
        f"/{way}/{name}": "it has controls of its own, is a keyboard's, or is settled before a show"
        for name in NOT_TURNED
        for way in ("set", "turn")
    },
    **{
        f"/{'set' if way == 'turn' else 'turn'}/{name}": "the song's time is told, or it has buttons"
        for name, way in TIMED.items()
    },
}
"""What is told, but has no place on a screen that is played, and why."""


def layout(spheres: SphereSet, size: Size, looks: Mapping[int, Look] | None = None) -> Node:
    """The document for a set. `looks` are of spheres that shall look otherwise than at rest, by place from 0."""
    whole = Frame(0, 0, size.width, size.height)
    page = Frame(0, TABS, size.width, size.height - TABS)
    count = len(spheres.spheres)
    seen = [(looks or {}).get(place, Look()) for place in range(count)]
    parted = Frame(0, 0, page.w, page.h)

    def played(first: int, frame: Frame) -> list[Node]:
        return play_page(spheres, first, frame, size, seen)

    def shaped(first: int, frame: Frame) -> list[Node]:
        return shape_page(spheres, first, frame, size)

    def bound(first: int, frame: Frame) -> list[Node]:
        return threads_page(spheres, first, frame, size)

    pairs = pairs_of(count)
    most = BOUND if count > ALL_PAIRS_UP_TO else len(pairs)
    drawn = (
        _parted(parted, count, played_on_page(count, size), played, size),
        _parted(parted, len(pairs), most, bound, size),
        _parted(parted, count, SHAPED, shaped, size),
        room_page(page, size),
        show_page(page, size),
        link_page(page, size),
    )
    pages = [_page(name, page, nodes, size) for name, nodes in zip(PAGES, drawn, strict=True)]
    properties: dict[str, Property] = {
        "background": True,
        "color": colour(GROUND),
        "outline": False,
        "script": script(),
    }
    return Node("GROUP", "Sonic Weaver", whole, properties, children=(_pager("pages", whole, pages, size),))


def script() -> str:
    """The root's script, with the palette before it."""
    tones = {"night": NIGHT, "sickly": SICKLY, "grey": GREY, "faint": FAINT, "white": WHITE, "awake": MOODS[-1]}
    parts = {name: ", ".join(f"{part / 255:.4f}" for part in channels(tone)) for name, tone in tones.items()}
    lines = [f"local {name} = {{{part}}}" for name, part in parts.items()]
    numbers = {"at_rest": GLOW_AT_REST, "whitest": GLOW_WHITE, "segment_rad": SEGMENT_RAD}
    lines += [f"local {name} = {number:g}" for name, number in numbers.items()]
    return "\n".join((*lines, "", *(part.read_text(encoding="utf-8") for part in SCRIPTS)))


def _page(name: str, frame: Frame, nodes: Sequence[Node], size: Size) -> Node:
    """A page under the sky, and over all but the last a veil that falls while the instrument is silent."""
    whole = here(frame)
    layers = [_sky(whole), group("controls", whole, nodes)]
    if name != PAGES[-1]:
        shade = box("dark", whole, colour(GROUND, 0.6))
        veil = stack("veil", whole, shade, label("silence", whole, "no answer: see LINK", size.large), tag=SILENT)
        layers.append(replace(veil, properties={**veil.properties, "visible": False}))
    return _tabbed(name, stack(name, frame, *layers))


def _tabbed(words: str, page: Node) -> Node:
    """A page with its tab."""
    tab: dict[str, Property] = {
        "background": True,
        "color": colour(GROUND),
        "tabLabel": words,
        "tabColorOff": colour(GROUND),
        "tabColorOn": colour(NIGHT),
        "textColorOff": colour(FAINT),
        "textColorOn": colour(INK),
    }
    return replace(page, properties={**page.properties, **tab})


def _pager(name: str, frame: Frame, pages: Sequence[Node], size: Size) -> Node:
    properties: dict[str, Property] = {
        "background": True,
        "color": colour(GROUND),
        "outline": False,
        "tabbarSize": TABS,
        "textSizeOff": size.small,
        "textSizeOn": size.small,
    }
    return Node("PAGER", name, frame, properties, children=tuple(pages))


def _parted(frame: Frame, count: int, most: int, draw: Callable[[int, Frame], list[Node]], size: Size) -> list[Node]:
    """All spheres on the page, or where they are too many, so many on each page of a pager of its own."""
    if count <= most:
        return draw(0, frame)
    below = Frame(0, TABS, frame.w, frame.h - TABS)
    pages = []
    for first in range(0, count, most):
        words = f"{first + 1} – {min(first + most, count)}"
        pages.append(_tabbed(words, group(words, below, draw(first, below))))
    return [_pager("parts", frame, pages, size)]


def _sky(frame: Frame) -> Node:
    """Far stars, behind all else."""
    stars = []
    for star in range(STARS):
        side = 2 if scattered(3 * star) < 0.8 else 3
        x, y = scattered(3 * star + 1) * (frame.w - side), scattered(3 * star + 2) * (frame.h - side)
        alpha = 0.15 + 0.4 * scattered(5 * star)
        stars.append(box("star", Frame(round(x), round(y), side, side), colour(WHITE, alpha), True))
    return stack("sky", frame, *stars)
