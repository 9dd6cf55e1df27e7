"""What the keys of a terminal mean: letters strike, digits soothe, and some signs are gestures of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from weaver.surfaces.keys import DOWN, ESCAPE, LEFT, RIGHT, UP

STRIKING = "asdfghjkqwertyuizxcvbnmlop"
"""The letter of each sphere in turn, the home row first."""
SOOTHING = "123456789"
"""The digit of each sphere in turn. A terminal does not tell when a key goes up, so the same digit takes the hand off
again."""
SOFT, HARD = 0.55, 0.95
"""Velocity of a letter, and of a capital."""

# fmt: off
Action = Literal[
    "strike", "hush", "panic", "turn", "soothe", "let_go", "tap", "undo", "finale", "stakes", "resync", "learn",
    "page_before", "page_after", "allow", "remember", "revoke", "network", "goal_before", "goal_after",
    "sphere_before", "sphere_after", "unlearn", "roll", "slower", "faster", "tempo", "quantise",
]
# fmt: on
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
    "+": "learn",
    "<": "page_before",
    ">": "page_after",
    "@": "allow",
    "&": "remember",
    "^": "revoke",
    "?": "network",
    "\n": "roll",
    "\r": "roll",
    "(": "slower",
    ")": "faster",
    "#": "tempo",
    ":": "quantise",
}
"""What keys ask for that name no sphere."""
LEARNING: dict[str, Action] = {
    UP: "goal_before",
    DOWN: "goal_after",
    LEFT: "sphere_before",
    RIGHT: "sphere_after",
    "-": "unlearn",
}
"""What keys ask for during a lesson, beside the others."""


@dataclass(frozen=True, slots=True)
class Press:
    """What a key asks for."""

    action: Action
    sphere: int = 0
    velocity: float = 0.0


def press_of(key: str, spheres: int, first: int = 0, learning: bool = False) -> Press | None:
    """What a key means when the letters begin with sphere `first`; None if it means nothing."""
    if learning and key in LEARNING:
        return Press(LEARNING[key])
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
