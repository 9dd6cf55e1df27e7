"""How what is woven leaves as MIDI, and which control is which lane of the spheres' life: one table for both ways.

A lane is a number that a DAW can record, draw and send back: what it sends is so from that moment on, and life goes on
from there. Where a channel is a sphere, a lane of sphere n has one control, on its channel; else (`mpe`) it has one for
each of the first eight spheres, on the manager's channel. The mood's lanes are on the last channel, or the manager's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Form = Literal["off", "mpe-lower", "mpe-upper", "channels"]
FORMS: tuple[Form, ...] = ("off", "mpe-lower", "mpe-upper", "channels")
"""Nothing leaves; as MPE, in the lower or the upper zone; a channel for each sphere, the first sixteen."""
BEND_SEMITONES = 48
"""Range of every bend that leaves, MPE's own (M1-100-UM v1.1)."""
TIMBRE_DB = 6.0
"""dB per octave that a timbre of 127 stands for, and less that of 0: as in the modes' files."""
LANED_SPHERES = 8
"""Spheres whose lanes fit beside one another on one channel."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One row: `control` is that of the first sphere. `low` and `high` are what 0 and 127 stand for."""

    name: str
    control: int
    low: float
    high: float
    of_sphere: bool
    help: str


LANES: tuple[Lane, ...] = (
    Lane("health", 102, 0, 1, True, "1 whole, 0 shattered"),
    Lane("light", 110, 0, 1, True, "how brightly it shines"),
    Lane("fracture", 22, 0, 1, True, "how far its cracks have grown"),
    Lane("valence", 118, -1, 1, False, "the audience's mood, from anguish to delight"),
    Lane("arousal", 119, 0, 1, False, "the audience's excitement"),
)
HEALTH, LIGHT, FRACTURE, VALENCE, AROUSAL = range(len(LANES))

CHANNEL_CONTROLS: dict[str, int] = {"pan": 10, "timbre": 74, "damp": 105, "soothe": 106}
"""Controls of gestures where a channel is a sphere; pressure and bend are the channel's own."""


@dataclass(frozen=True, slots=True)
class PlayOut:
    """What shall leave. `configures`: zones and ranges are said, by MCM and RPN, when it begins; else the player sets
    the DAW. `echoes`: what came from a DAW leaves again."""

    form: Form = "mpe-lower"
    lanes: bool = True
    configures: bool = True
    echoes: bool = False
