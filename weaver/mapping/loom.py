"""The loom: how spheres lie on a surface. A file of configs/looms says it for one shape of pads:

    format = 1
    title = "A column a sphere"
    description = "..."
    columns = 8
    [[rows]]                       # from the top, as one looks at it
    do = "strike"                  # a deed for the sphere of the column; none if not given
    position = 0.9                 # strikes and rubs: where, 0 near the pole, 1 on the rim
    first = 0                      # the sphere of the leftmost pad, counted from 0 on each page
    show = "body"                  # what its lights show: body (a stretch of the sphere itself), light, health, cracks
                                   # or dark

`lay` puts a profile, its looms, and what was learnt together for one page of a set: what every control does, and what
every light shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from weaver.mapping.profile import Control, Encoding, Led, Takeover
from weaver.model.parameters import Curve

Show = Literal["body", "light", "health", "cracks", "value", "deed", "dark"]
"""What a light shows: a stretch of a sphere's body, its living light, its health, its cracks, where what a knob turns
stands, whether a deed can be done, nothing."""
SHOWS: tuple[Show, ...] = ("body", "light", "health", "cracks", "value", "deed", "dark")

PAGE_PREVIOUS, PAGE_NEXT, RESYNC = "page-previous", "page-next", "resync"

DEEDS: dict[str, str] = {
    "none": "nothing",
    "strike": "strikes the sphere; pressure then rubs it",
    "rub": "rubs the sphere while it is held",
    "soothe": "rests a gentle hand on the sphere while it is held",
    "damp": "damps the sphere while it is held",
    "bind": "two held together tie their spheres, or untie them",
    "lift": "the sphere's level",
    "tilt": "how bright the sphere is",
    "bend": "the sphere's pitch",
    "turn": "where the sphere stands, from left to right",
    "distance": "how far away the sphere stands",
    "damping": "how much a hand damps the sphere",
    "rubbing": "how firmly a finger rubs the sphere",
    "care": "how gently a hand soothes the sphere",
    "hush": "lets all fall silent",
    "panic": "silence now",
    "undo": "mends the sphere that shattered last",
    "tap": "beats time for the heart",
    "finale": "ends the performance",
    "roll": "starts the song, where it stands",
    "halt": "stops the song",
    "stakes": "off, gentle, performance, virtuoso",
    PAGE_PREVIOUS: "the spheres before these",
    PAGE_NEXT: "the spheres after these",
    RESYNC: "paints all lights anew",
}
"""What a control may do, beside turning a parameter by its name; each with a few words for help and pictures."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of pads; see the file."""

    do: str
    position: float
    first: int
    show: Show


@dataclass(frozen=True, slots=True)
class Loom:
    """How spheres lie on pads of one shape. `rows` from the bottom."""

    name: str
    title: str
    description: str
    columns: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """What one control does. `sphere` counts from 0 through the whole set; None is all, or none.

    `deed` is a key of DEEDS, "parameter" or "gesture"; `low` and `high` are in the unit of what is turned.
    """

    control: Control
    deed: str
    sphere: int | None = None
    parameter: str = ""
    gesture: str = ""
    argument: str = ""
    position: float = 0.8
    low: float = 0.0
    high: float = 1.0
    curve: Curve = "linear"
    encoding: Encoding = "absolute"
    takeover: Takeover = "jump"
    velocity: bool = True
    pressure: bool = False
    any_channel: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """One light and what it shows. `led` is its address; `height` 0 (bottom) to 1 (top) of the sphere's stretch, and
    `stretch` how much of the sphere it is; `place` that of its control in `Laid.assignments`, -1 if it has none;
    `touch` the note that tells of a finger on that, -1 if none does."""

    group: str
    led: int
    kind: Led
    message: str
    channel: int
    show: Show
    sphere: int | None
    height: float = 0.0
    stretch: float = 1.0
    deed: str = ""
    place: int = -1
    touch: int = -1


@dataclass(frozen=True, slots=True)
class Laid:
    """A profile laid out for one page of a set of `spheres`. The place of an assignment is that of its action in the
    compiled map; `first` is the page's first sphere, `span` how many it holds."""

    assignments: tuple[Assignment, ...]
    spots: tuple[Spot, ...]
    page: int
    pages: int
    first: int
    span: int

    def of(self, control: Control) -> Assignment | None:
        """What a control does; None for nothing at all."""
        for assignment in self.assignments:
            own = assignment.control
            same = own.message == control.message and own.number == control.number
            if same and (assignment.any_channel or own.channel == control.channel):
                return assignment
        return None
