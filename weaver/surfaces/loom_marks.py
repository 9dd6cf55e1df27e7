"""The marks of a picture of a controller: pads, knobs, faders and buttons, each with a sign for what it does.

Signs differ in shape, so that the picture reads without colour: a dot on a ball is where a strike falls, an arrow
round it a finger that rubs, the moon a gentle hand, a bar over it a hand that damps, two balls on a line a thread.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import Any

from weaver.mapping.loom import Assignment, Laid, Show
from weaver.mapping.profile import Control
from weaver.model.spheres import Sphere
from weaver.surfaces.palette import FAINT, INK, WHITE, mixed
from weaver.surfaces.rows import SOOTHED

DARK, EDGE_DARK = "#0f0a1c", "#2a2145"
PAD, ROUNDING = 0.88, 0.13
BALL, FINGER = 0.18, 0.26
"""Radius of the ball that signs are drawn round, and of a finger's way round it."""
SLOT = 1.2
"""Length of a fader's slot."""
SMALL, TINY = 7.5, 6.5
"""Points."""
WRAP_CHARS = 11
CRACK = ((-0.38, 0.30), (-0.20, 0.12), (-0.26, -0.02), (0.02, -0.14), (0.06, -0.30), (0.34, -0.36))
BRANCH = ((-0.26, -0.02), (-0.36, -0.20))
"""A crack over a pad, and what branches off it."""


class Marks:
    """Draws on one axes; lengths in pads."""

    def __init__(self, axes: Any, laid: Laid, spheres: Sequence[Sphere]) -> None:
        self.axes, self.spheres = axes, spheres
        self._laid = laid
        self._spots = {(spot.group, spot.led): spot for spot in laid.spots}

    def text(self, x: float, y: float, text: str, colour: str = FAINT, size: float = SMALL, **how: Any) -> None:
        """Some words, in the middle of (x, y) if nothing else is said."""
        self.axes.text(x, y, text, **{"color": colour, "fontsize": size, "ha": "center", "va": "center", **how})

    def name(self, x: float, y: float, sphere: int, size: float = SMALL) -> None:
        """A sphere's name in its colour."""
        self.text(x, y, self.spheres[sphere].name, mixed((self.spheres[sphere].colour, WHITE), (3, 1)), size)

    def pad(self, control: Control, x: float, y: float, is_named: bool) -> None:
        """A pad with its middle at (x, y): its sphere's colour as its light shows it, and a sign for what it does."""
        assignment = self._laid.of(control)
        spot = self._spots.get((control.group, control.led)) if control.led is not None else None
        sphere = self._sphere_of(assignment, spot.sphere if spot else None)
        show: Show = spot.show if spot else "body"
        if sphere is None:
            self._tile(x, y, PAD, PAD, DARK, EDGE_DARK)
            if assignment is not None and assignment.deed != "none":
                self.text(x, y, wrapped(words(assignment)), INK, TINY)
            return
        colour = self.spheres[sphere].colour
        height = spot.height if spot else 0.0
        light = {"light": 0.9, "body": 0.32 + 0.25 * height, "health": 0.2}.get(show, 0.1) if spot else 0.14
        self._tile(x, y, PAD, PAD, mixed((colour,), (1,), light), mixed((colour,), (1,), 0.75))
        ink = "#0c0718" if show == "light" else mixed((colour, WHITE), (1, 1.4))
        if show == "cracks":
            self._crack(x, y, mixed((colour, WHITE), (1, 2)))
        elif show == "health":
            self._bar(x, y - 0.35, colour)
        lift = (0.08 if is_named else 0.0) + (0.06 if show == "health" else 0.0)
        if assignment is not None:
            self._sign(assignment, x, y + lift, ink)
        if is_named:
            self.text(x, y - (0.2 if show == "health" else 0.29), self.spheres[sphere].name, ink, TINY)

    def knob(self, control: Control, x: float, y: float) -> None:
        """A knob with its ring, and what it turns under it."""
        from matplotlib.patches import Arc, Circle

        assignment = self._laid.of(control)
        colour = self._colour(assignment)
        self.axes.add_patch(Circle((x, y + 0.14), 0.2, facecolor=DARK, edgecolor=EDGE_DARK, lw=1.0))
        self.axes.add_patch(Arc((x, y + 0.14), 0.58, 0.58, theta1=-50, theta2=230, color=EDGE_DARK, lw=2.4))
        if assignment is not None and assignment.deed != "none":
            self.axes.add_patch(Arc((x, y + 0.14), 0.58, 0.58, theta1=60, theta2=230, color=colour, lw=2.4))
            self.axes.plot((x + 0.05, x + 0.1), (y + 0.227, y + 0.313), color=INK, lw=1.4, solid_capstyle="round")
        self._caption(assignment, x, y - 0.29)

    def fader(self, control: Control, x: float, y: float) -> None:
        """A fader, and what it moves under it."""
        assignment = self._laid.of(control)
        colour = self._colour(assignment)
        low, cap = y - SLOT / 2 + 0.25, y + 0.45
        self.axes.plot((x, x), (low, low + SLOT), color=EDGE_DARK, lw=3.0, solid_capstyle="round")
        if assignment is not None and assignment.deed != "none":
            self.axes.plot((x, x), (low, cap), color=colour, lw=3.0, solid_capstyle="round")
        self._tile(x, cap, 0.5, 0.2, mixed((colour,), (1,), 0.55), colour, 0.06)
        self._caption(assignment, x, y - 0.65)

    def button(self, control: Control, x: float, y: float) -> None:
        """A button with its word."""
        assignment = self._laid.of(control)
        is_used = assignment is not None and assignment.deed != "none"
        self._tile(x, y, PAD, 0.44, DARK, self._colour(assignment) if is_used else EDGE_DARK, 0.1)
        if assignment is None or not is_used:
            return
        if assignment.sphere is None:
            self.text(x, y, wrapped(words(assignment)), INK, TINY, linespacing=1.0)
        else:
            self.text(x, y + 0.09, words(assignment), INK, TINY)
            self.name(x, y - 0.1, assignment.sphere, TINY)

    @staticmethod
    def _sphere_of(assignment: Assignment | None, shown: int | None) -> int | None:
        return assignment.sphere if assignment is not None and assignment.sphere is not None else shown

    def _colour(self, assignment: Assignment | None) -> str:
        if assignment is None or assignment.deed == "none":
            return EDGE_DARK
        return FAINT if assignment.sphere is None else self.spheres[assignment.sphere].colour

    def _caption(self, assignment: Assignment | None, x: float, y: float) -> None:
        if assignment is None or assignment.deed == "none":
            return
        if assignment.sphere is None:
            self.text(x, y - 0.07, wrapped(words(assignment)), INK, TINY, linespacing=1.0)
        else:
            self.text(x, y, words(assignment), INK, TINY)
            self.name(x, y - 0.17, assignment.sphere, TINY)

    def _tile(
        self, x: float, y: float, width: float, height: float, fill: str, edge: str, rounding: float = ROUNDING
    ) -> None:
        from matplotlib.patches import FancyBboxPatch

        style = f"round,pad=0,rounding_size={rounding}"
        corner = (x - width / 2, y - height / 2)
        self.axes.add_patch(FancyBboxPatch(corner, width, height, style, facecolor=fill, edgecolor=edge, lw=1.0))

    def _crack(self, x: float, y: float, colour: str) -> None:
        for path in (CRACK, BRANCH):
            self.axes.plot([x + dx for dx, _ in path], [y + dy for _, dy in path], color=colour, lw=0.9, alpha=0.7)

    def _bar(self, x: float, y: float, colour: str) -> None:
        self.axes.plot((x - 0.3, x + 0.3), (y, y), color=EDGE_DARK, lw=4.0, solid_capstyle="round")
        self.axes.plot((x - 0.3, x + 0.3), (y, y), color=colour, lw=2.6, solid_capstyle="round")

    def _sign(self, assignment: Assignment, x: float, y: float, ink: str) -> None:
        deed = assignment.deed
        if deed == "soothe":
            self.text(x, y, SOOTHED, ink, 19, family="DejaVu Sans")
        elif deed == "bind":
            self.axes.plot((x - 0.17, x + 0.17), (y - 0.1, y + 0.1), "o-", color=ink, lw=1.2, ms=6.0)
        elif deed in ("strike", "rub", "damp"):
            self._ball(deed, assignment.position, x, y, ink)
        elif deed != "none":
            self.text(x, y, wrapped(words(assignment)), ink, TINY)

    def _ball(self, deed: str, position: float, x: float, y: float, ink: str) -> None:
        from matplotlib.patches import Arc, Circle

        self.axes.add_patch(Circle((x, y), BALL, facecolor="none", edgecolor=ink, lw=1.1, alpha=0.75))
        if deed == "damp":
            self.axes.plot((x - 0.28, x + 0.28), (y + BALL, y + BALL), color=ink, lw=2.6, solid_capstyle="round")
            return
        if deed == "strike":
            angle = math.radians(90.0 - 100.0 * position)  # the pole is on top, the rim at the side
            self.axes.plot(x + BALL * math.cos(angle), y + BALL * math.sin(angle), "o", color=ink, ms=5.5)
            return
        reach = 2.0 * FINGER
        self.axes.add_patch(Arc((x, y), reach, reach, theta1=-160.0, theta2=90.0, color=ink, lw=1.5))
        self.axes.plot(x, y + FINGER, "<", color=ink, ms=6.0)


def words(assignment: Assignment) -> str:
    """What a control does, in words."""
    if assignment.deed == "parameter":
        return assignment.parameter.replace("_", " ")
    if assignment.deed == "gesture":
        return f"{assignment.gesture} {assignment.argument}"
    return assignment.deed.replace("-", " ")


def wrapped(text: str) -> str:
    """In lines as short as a pad is wide."""
    return "\n".join(textwrap.wrap(text, WRAP_CHARS))
