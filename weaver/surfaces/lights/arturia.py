"""Arturia, one light a message.

minilab     MiniLab 3: header 02 02 16 led red green blue F7, of 7 bits; `led` is 34 to 3B and 44 to 4B for the pads
beatstep    BeatStep: header 02 00 10 led value F7, 01 red, 10 blue, 11 both, 00 off; `led` is 70 to 7F, the upper row
            first. Of red and green (`led = "duo"`) green is told in blue; of any colour what is nearer.

`header` is F0 00 20 6B 7F 42.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from weaver.mapping.loom import Spot
from weaver.mapping.profile import Lights
from weaver.surfaces.lights.akai import DUO_FROM
from weaver.surfaces.lights.channel import ON_FROM, ChannelLights, brightest
from weaver.surfaces.lights.driver import Codes
from weaver.surfaces.lights.sysex import END, SysexLights, header_of

HEADER = "F0 00 20 6B 7F 42"
MINILAB_RGB, BEATSTEP_COLOUR = bytes((0x02, 0x02, 0x16)), bytes((0x02, 0x00, 0x10))
RED, BLUE = 0x01, 0x10
LIT_FROM = 6
"""Of 255 to an LED: from here on a light without shades is on; a resting sphere is."""
PART = 0.4
"""Share of the brightest channel from which red or blue are part of a colour."""


class MiniLab(SysexLights):
    """Colours, one at a time."""

    top = 127

    def __init__(self, lights: Lights, spots: Sequence[Spot]) -> None:
        super().__init__(lights, spots)
        self.header = header_of(lights, HEADER) + MINILAB_RGB

    def colour_messages(self, codes: Codes, which: Sequence[int]) -> list[bytes]:
        """As the module says."""
        rows = np.column_stack((self.led[which], codes[which])).astype(np.uint8)
        return [self.header + row.tobytes() + END for row in rows]


class BeatStep(ChannelLights):
    """Red, blue, or both."""

    def __init__(self, lights: Lights, spots: Sequence[Spot]) -> None:
        super().__init__(lights, spots)
        self.header = header_of(lights, HEADER) + BEATSTEP_COLOUR

    def codes(self, wanted: NDArray[np.uint8]) -> Codes:
        """int32[spot, 1]."""
        bright = brightest(wanted)
        cool = wanted[:, 1:].max(axis=1)
        red, blue = wanted[:, 0] >= PART * bright, cool >= PART * bright
        colour = np.where(bright >= LIT_FROM, RED * red + BLUE * blue, 0)
        duo = RED * (wanted[:, 0] >= DUO_FROM) + BLUE * (cool >= DUO_FROM)
        plain = (bright >= ON_FROM) * RED
        return np.where(self.is_duo, duo, np.where(self.is_switch, plain, colour))[:, None].astype(np.int32)

    def messages(self, codes: Codes, which: Sequence[int]) -> list[bytes]:
        """As the module says."""
        return [self.header + bytes((int(self.led[index]), int(codes[index, 0]))) + END for index in which]
