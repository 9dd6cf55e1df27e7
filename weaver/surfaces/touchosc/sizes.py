"""The canvases: for a tablet and a phone, each way round. TouchOSC fits them to the screen that there is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Device = Literal["tablet", "phone"]
Orientation = Literal["landscape", "portrait"]
DEVICES: tuple[Device, ...] = ("tablet", "phone")
ORIENTATIONS: tuple[Orientation, ...] = ("landscape", "portrait")
HEADER_FROM, LARGE_FROM = 600, 700
"""Points of height from which a page has a header, and of the shorter side from which a canvas is large."""


@dataclass(frozen=True, slots=True)
class Size:
    """A canvas, in points; texts are so large, and things so far apart."""

    width: int
    height: int
    text: int
    gap: int

    @property
    def small(self) -> int:
        """Size of what is read less."""
        return round(self.text * 0.8)

    @property
    def large(self) -> int:
        """Size of names."""
        return round(self.text * 1.25)

    @property
    def close(self) -> int:
        """How far apart things are that belong together."""
        return max(2, self.gap - 4)

    @property
    def is_upright(self) -> bool:
        """Whether it is higher than wide."""
        return self.height > self.width

    @property
    def is_large(self) -> bool:
        """Whether it is a tablet's."""
        return min(self.width, self.height) >= LARGE_FROM

    @property
    def has_header(self) -> bool:
        """Whether there is room for the time and the mood above the spheres."""
        return self.height >= HEADER_FROM


_LONG_SHORT: dict[Device, tuple[int, int]] = {"tablet": (1366, 1024), "phone": (844, 390)}
"""An iPad Pro of 12.9 inches, and an iPhone of 6.1."""
_TEXT: dict[Device, int] = {"tablet": 18, "phone": 12}


def size_of(device: Device, orientation: Orientation) -> Size:
    """The canvas of a device."""
    long, short = _LONG_SHORT[device]
    width, height = (long, short) if orientation == "landscape" else (short, long)
    return Size(width, height, _TEXT[device], 12 if device == "tablet" else 6)
