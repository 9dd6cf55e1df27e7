"""What the spheres' life is made of, as records. Arrays are [sphere] or [sphere, crack]; `engine.layout` holds them."""

from __future__ import annotations

import numpy as np

from weaver.dsp.sizes import CRACKS, POINTS, SPHERES, record
from weaver.model.law import CONSTANTS, STAKE, STAKES, Law

WHOLE, FLICKERING, FRACTURED, FAILING, SHATTERED, REFORMING = range(6)
"""The states of a sphere, in the order of `model.law.STATES`."""
FLICKER_OCTAVES = 5
LIFE_EVERY = 8
"""Grid points between two weighings of a sphere."""
AFTERSHOCKS = 4
"""Main shocks at a time whose aftershocks are still to come."""

# The constants of the law, as the file has them (`model.law`); Python writes them, before the start.
LAW = record(
    *((constant.field, "f4") for constant in CONSTANTS),
    *((constant.field, "f4", (len(STAKES),)) for constant in STAKE),
    ("stakes_returns", "f4", (len(STAKES),)),
)

# Cracks, as branching paths on the surface. A path is drawn whole when it is born; its length says how far it shows.
CRACK = record(
    ("length", "f4", (SPHERES, CRACKS)),  # rad along the path; 0: there is none
    ("age_s", "f4", (SPHERES, CRACKS)),
    ("parent", "i4", (SPHERES, CRACKS)),  # the crack that it forked from, -1 none
    ("fork", "f4", (SPHERES, CRACKS)),  # where along the parent, rad
    ("path", "f4", (SPHERES, CRACKS, POINTS, 2)),  # longitude and latitude, rad, of points STEP apart
)

LIFE = record(
    ("state", "i4", (SPHERES,)),  # WHOLE...
    ("stress", "f4", (SPHERES,)),  # smoothed, by `law`
    ("wound", "f4", (SPHERES,)),  # damage a second that the show does, by `show`
    ("loudness", "f4", (SPHERES,)),  # amplitude as it is heard, by `consonance`
    ("sourness", "f4", (SPHERES,)),  # roughness with all others: 1 is an equal tone a semitone away
    ("attunement", "f4", (SPHERES,)),  # 0..1: how well it is in tune with what sounds; 1 when nothing else does
    ("flicker", "f4", (SPHERES,)),  # 1 steady, 0 out; what light and sound have in common
    ("noise", "f4", (SPHERES, FLICKER_OCTAVES)),  # that it is made of
    ("unplayed_s", "f4", (SPHERES,)),
    ("peace_s", "f4", (SPHERES,)),  # since it was last stressed
    ("heard", "i4", (SPHERES,)),  # what `touch.played` was
    ("gone_s", "f4", (SPHERES,)),  # since it shattered, or began to gather
    ("presence", "f4", (SPHERES,)),  # gain of what has gathered, 1 is all
    ("fall", "i4", (SPHERES,)),  # which of all shatters was its last; 0: it stands
    ("crackles", "i4", (SPHERES,)),  # how many so far
    ("flakes", "i4", (SPHERES,)),
    ("growth", "f4", (SPHERES,)),  # rad a second that its cracks grow
    ("seen", "i4", (SPHERES,)),  # the state that was told last
    ("x_m", "f4", (SPHERES,)),  # place on the platform: to the right, and ahead
    ("y_m", "f4", (SPHERES,)),
    ("mended", "i4", (SPHERES,)),  # 1: undone, so it comes back whole
    ("shocked", "f4", (SPHERES,)),  # rad of cracks that the last shatter made
    ("after", "f4", (SPHERES, AFTERSHOCKS, 2)),  # main shocks: productivity and age in seconds
    ("chance", "u8", (SPHERES,)),
    ("falls", "i4"),  # shatters so far
    ("undo", "i4"),  # 1: asked for
)


def write_law(target: np.record, law: Law) -> None:
    """Fill a LAW record."""
    for name, value in law.constants.items():
        target[name] = value
    for name, values in law.stakes.items():
        target[name] = values
