"""Ableton Push 2: a palette's colours by notes (pads) and control changes (buttons) on channel 1, after the palette of
`palette.py` was written into the device: header 03 index red green blue white F7, each of 8 bits in two bytes, the
lower seven first, and header 05 F7 to apply it.

`led` is the note or control change; `header` F0 00 21 1D 01 01. Buttons that have only white take it from the palette.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from weaver.mapping.loom import Spot
from weaver.mapping.profile import Lights
from weaver.surfaces.lights.palette import PALETTE, PaletteLights
from weaver.surfaces.lights.shine import Shine
from weaver.surfaces.lights.sysex import END, header_of

HEADER = "F0 00 21 1D 01 01"
WRITE, APPLY = 0x03, 0x05
WHITE = 3
"""Its place in the palette."""


class Push(PaletteLights):
    """The palette is said like a name is: once, and again when all was forgotten."""

    def __init__(self, lights: Lights, spots: Sequence[Spot]) -> None:
        super().__init__(lights, spots)
        header = header_of(lights, HEADER)
        self.on = lights.option("on", WHITE)
        self.status &= 0xF0
        self.palette = {
            f"colour {index}": header + bytes((WRITE, index)) + split(colour) + END
            for index, colour in enumerate(PALETTE)
        }
        self.palette["applied"] = header + bytes((APPLY,)) + END

    def extras(self, shine: Shine, first: int) -> dict[str, bytes]:
        """The palette."""
        return self.palette


def split(colour: np.ndarray[tuple[int], np.dtype[np.uint8]]) -> bytes:
    """Red, green, blue, and white as bright as the brightest of them."""
    values = [*colour.tolist(), int(colour.max())]
    return bytes(part for value in values for part in (value & 0x7F, value >> 7))
