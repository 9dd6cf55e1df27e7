"""The controls that our pages are made of, in the house's colours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from weaver.surfaces.palette import FAINT, GOLD, INK, NIGHT, channels
from weaver.surfaces.touchosc.document import Colour, Frame, Node, Osc, Property
from weaver.surfaces.touchosc.frames import here

GROUND = "#07040f"
"""Darker than the night that panels are."""
STACK = "stack"
"""The tag of a group in which controls lie over each other on purpose."""
TOUCH = 44
"""Points that a finger needs, each way (Apple's Human Interface Guidelines)."""
CIRCLE = 2
LEFT, CENTRE, RIGHT = 1, 2, 3
TOP = 1
EAST = 1
CORNER = 8.0
CLEAR = Colour(0.0, 0.0, 0.0, 0.0)
FULL_OUTLINE = 0
HELD = Path(__file__).with_name("held.lua")
"""The script of a control that is held."""


def colour(text: str, alpha: float = 1.0) -> Colour:
    """Of "#rrggbb"."""
    red, green, blue = channels(text)
    return Colour(red / 255, green / 255, blue / 255, alpha)


def group(name: str, frame: Frame, children: Iterable[Node], tag: str = "", ground: Colour = CLEAR) -> Node:
    """Controls together; with a ground it is a panel."""
    return Node(
        "GROUP",
        name,
        frame,
        {
            "background": ground != CLEAR,
            "color": ground,
            "outline": False,
            "cornerRadius": CORNER,
            **({"tag": tag} if tag else {}),
        },
        children=tuple(children),
    )


def panel(name: str, frame: Frame, children: Iterable[Node]) -> Node:
    """A group on a ground of its own."""
    return group(name, frame, children, ground=colour(NIGHT, 0.75))


def stack(name: str, frame: Frame, *children: Node, tag: str = STACK) -> Node:
    """Controls over each other, the first lowest."""
    return group(name, frame, children, tag)


def label(
    name: str,
    frame: Frame,
    text: str,
    size: int,
    ink: str = INK,
    align: int = CENTRE,
    tag: str = "",
    *messages: Osc,
) -> Node:
    """A line of text."""
    properties = _lettering(size, ink, align) | ({"tag": tag} if tag else {})
    return Node("LABEL", name, frame, properties, {"text": text}, messages)


def text(name: str, frame: Frame, words: str, size: int, ink: str = INK) -> Node:
    """Lines of text, wrapped."""
    return Node("TEXT", name, frame, _lettering(size, ink, LEFT) | {"textAlignV": TOP}, {"text": words})


def _lettering(size: int, ink: str, align: int) -> dict[str, Property]:
    """Text, and nothing behind it."""
    return {
        "background": False,
        "outline": False,
        "color": CLEAR,
        "textColor": colour(ink),
        "textSize": size,
        "textAlignH": align,
    }


def box(name: str, frame: Frame, fill: Colour, is_round: bool = False, tag: str = "", line: bool = False) -> Node:
    """A shape that is looked at; with `line` only its outline is drawn."""
    properties: dict[str, Property] = {
        "background": not line,
        "outline": line,
        "outlineStyle": FULL_OUTLINE,
        "color": fill,
        "shape": CIRCLE if is_round else 1,
        **({"tag": tag} if tag else {}),
    }
    return Node("BOX", name, frame, properties)


def button(
    name: str, frame: Frame, fill: str, size: int, *messages: Osc, tag: str = "", caption: str = "", lets_go: str = ""
) -> Node:
    """A button that is down while it is touched, and what it says. A BUTTON draws no text, so a label lies over it.

    If it holds something, `lets_go` is the address to which 0 says again that it does no more (held.lua)."""
    properties: dict[str, Property] = {
        "color": colour(fill),
        "cornerRadius": CORNER,
        "outlineStyle": FULL_OUTLINE,
        **({"tag": tag} if tag else {}),
        **_held(lets_go),
    }
    whole = here(frame)
    return stack(
        f"{name} button",
        frame,
        Node("BUTTON", name, whole, properties, {}, messages),
        label(f"{name} caption", whole, caption or name, size),
    )


def fader(
    name: str,
    frame: Frame,
    fill: str,
    *messages: Osc,
    is_across: bool = False,
    at: float = 0.0,
    is_centred: bool = False,
) -> Node:
    """A fader that is turned."""
    properties: dict[str, Property] = {
        "color": colour(fill),
        "cornerRadius": CORNER / 2,
        "grid": False,
        "outlineStyle": FULL_OUTLINE,
        "orientation": EAST if is_across else 0,
        "centered": is_centred,
        "response": 1,  # relative: a finger that lands on it does not make it jump
    }
    return Node("FADER", name, frame, properties, {"x": at}, messages)


def bar(name: str, frame: Frame, fill: str, *messages: Osc, is_across: bool = True, at: float = 0.0) -> Node:
    """A bar that is looked at."""
    node = fader(name, frame, fill, *messages, is_across=is_across, at=at)
    looks: dict[str, Property] = {"interactive": False, "cursor": False, "outline": False, "response": 0}
    return replace(node, properties={**node.properties, **looks, "cornerRadius": 2.0})


def ring(name: str, frame: Frame, fill: Colour, *messages: Osc, at: float = 0.0, tag: str = "") -> Node:
    """A ring that is looked at: full at 1."""
    properties: dict[str, Property] = {
        "color": fill,
        "cursor": False,
        "grid": False,
        "interactive": False,
        "outline": False,
        **({"tag": tag} if tag else {}),
    }
    return Node("RADIAL", name, frame, properties, {"x": at}, messages)


def touch_pad(name: str, frame: Frame, *messages: Osc, lets_go: str = "") -> Node:
    """An XY that is not seen: whatever lies below it is what is touched. `lets_go`: as of a button."""
    hidden = ("background", "outline", "cursor", "lines", "gridX", "gridY")
    properties: dict[str, Property] = {**dict.fromkeys(hidden, False), "color": CLEAR, **_held(lets_go)}
    return Node("XY", name, frame, properties, {"x": 0.5, "y": 0.5}, messages)


def heading(frame: Frame, words: str, size: int) -> Node:
    """What a panel is about."""
    return label(words, frame, words, size, GOLD, LEFT)


def caption(frame: Frame, words: str, size: int, align: int = CENTRE) -> Node:
    """What a control is about."""
    return label(words, frame, words, size, FAINT, align)


def _held(lets_go: str) -> dict[str, Property]:
    return {"tag": lets_go, "script": HELD.read_text(encoding="utf-8")} if lets_go else {}
