"""What the deeds are done by: presses, or turns of one argument of a gesture, and how far a knob turns it."""

from __future__ import annotations

from weaver.mapping.loom import PAGE_NEXT, PAGE_PREVIOUS, RESYNC
from weaver.model.gestures import Argument, Gesture, gesture_named

NONE = "none"
SPHERE_PRESSES = ("strike", "rub", "soothe", "damp", "bind")
"""What a pad or a button does to one sphere."""
GESTURE_PRESSES = ("hush", "panic", "undo", "tap", "finale", "roll", "halt")
"""Gestures that are done to all at once."""
STAKES = "stakes"
"""A press goes on to the next; on a knob it is the parameter."""
PAGES = (PAGE_PREVIOUS, PAGE_NEXT, RESYNC)
"""What concerns the surface alone, and is no matter of the sound."""
PRESSES = (*SPHERE_PRESSES, *GESTURE_PRESSES, STAKES, *PAGES)

TURNS: dict[str, tuple[str, str]] = {
    "lift": ("lift", "level"),
    "tilt": ("tilt", "brightness"),
    "bend": ("bend", "cents"),
    "turn": ("place", "azimuth"),
    "distance": ("place", "distance"),
    "damping": ("damp", "amount"),
    "rubbing": ("rub", "pressure"),
    "care": ("soothe", "care"),
}
"""Deeds of knobs and faders, each for one sphere: which argument of which gesture."""

SWITCHES = ("stakes", "judge", "connoisseur", "sync", "quantise", "chronometer", "stop_releases")
"""Parameters of a few whole numbers, which a press may go through."""

PLAYABLE: dict[tuple[str, str], tuple[float, float]] = {
    ("lift", "level"): (-24.0, 6.0),  # dB
    ("tilt", "brightness"): (-6.0, 6.0),  # dB/octave
    ("bend", "cents"): (-200.0, 200.0),
    ("place", "azimuth"): (-90.0, 90.0),  # degrees
    ("place", "distance"): (0.5, 10.0),  # m
}
"""What a knob's two ends mean where nobody says otherwise: narrower than what the gesture allows, so that a hand can
aim. The rest goes through its whole range."""


def argument_of(gesture: Gesture, name: str) -> Argument:
    """A gesture's argument by name."""
    return next(argument for argument in gesture.arguments if argument.name == name)


def playable(gesture: str, argument: str) -> tuple[float, float]:
    """The two ends of a control that turns this, in the argument's unit."""
    row = argument_of(gesture_named(gesture), argument)
    return PLAYABLE.get((gesture, argument), (row.low, row.high))


def is_sphere_deed(word: str) -> bool:
    """Whether it is done to one sphere."""
    return word in SPHERE_PRESSES or word in TURNS
