"""Novation Launchpads by RGB in system exclusive messages.

novation-rgb    Launchpad X, Mini MK3, Pro MK3: header 03 (03 led red green blue)* F7, of 7 bits each
novation-mk2    Launchpad MK2, and Pro of the first kind: header 0B (led red green blue)* F7, of 6 bits each

`header` is the device's, such as F0 00 20 29 02 0C. `led` is the number of the note or control change that the button
sends in programmer mode; `message` and `channel` do not matter.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from weaver.mapping.loom import Spot
from weaver.mapping.profile import Lights
from weaver.surfaces.lights.driver import Codes
from weaver.surfaces.lights.sysex import END, SysexLights, chunks, header_of

RGB_OF_LEDS = b"\x03"
RGB = 0x03
MK2_RGB_OF_LEDS = b"\x0b"


class NovationRgb(SysexLights):
    """One message for all lights that changed, if they fit."""

    top = 127
    command = RGB_OF_LEDS
    specification: tuple[int, ...] = (RGB,)

    def __init__(self, lights: Lights, spots: Sequence[Spot]) -> None:
        super().__init__(lights, spots)
        self.header = header_of(lights) + self.command
        lead = len(self.specification)
        self.rows = np.zeros((len(spots), lead + 4), np.uint8)
        self.rows[:, :lead] = self.specification
        self.rows[:, lead] = self.led

    def colour_messages(self, codes: Codes, which: Sequence[int]) -> list[bytes]:
        """As the module says."""
        told = []
        for part in chunks(which, self.lights.per_message):
            rows = self.rows[part]
            rows[:, -3:] = codes[part]
            told.append(self.header + rows.tobytes() + END)
        return told


class NovationMk2(NovationRgb):
    """The same for older ones."""

    top = 63
    command = MK2_RGB_OF_LEDS
    specification = ()
