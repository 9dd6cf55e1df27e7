"""What the keys of a terminal mean: letters strike, digits soothe, and some signs are gestures of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from weaver.surfaces.keys import ESCAPE

STRIKING = "asdfghjkqwertyuizxcvbnmlop"
"""The letter of each sphere in turn, the home row first."""
SOOTHING = "123456789"
"""The digit of each sphere in turn. A terminal does not tell when a key goes up, so the same digit takes the hand off
again."""
SOFT, HARD = 0.55, 0.95
"""Velocity of a letter, and of a capital."""

Action = Literal["strike", "hush", "panic", "turn", "soothe", "let_go", "tap", "undo", "finale", "stakes", "resync"]
ACTIONS: dict[str, Action] = {
    " ": "hush",
    "!": "panic",
    ESCAPE: "panic",
    "\x7f": "panic",
    "\b": "panic",
    "0": "let_go",
    "=": "tap",
    "-": "undo",
    ".": "finale",
    "/": "stakes",
    "*": "resync",
}
"""What keys ask for that name no sphere."""


@dataclass(frozen=True, slots=True)
class Press:
    """What a key asks for."""

    action: Action
    sphere: int = 0
    velocity: float = 0.0


def press_of(key: str, spheres: int, first: int = 0) -> Press | None:
    """What a key means when the letters begin with sphere `first`; None if it means nothing."""
    if key in ACTIONS:
        return Press(ACTIONS[key])
    if key == "\t" and spheres > len(STRIKING):
        return Press("turn")
    soothed = SOOTHING.find(key)
    if len(key) == 1 and soothed >= 0:
        return Press("soothe", first + soothed) if first + soothed < spheres else None
    place = STRIKING.find(key.lower())
    if len(key) != 1 or place < 0 or first + place >= spheres:
        return None
    return Press("strike", first + place, HARD if key.isupper() else SOFT)
