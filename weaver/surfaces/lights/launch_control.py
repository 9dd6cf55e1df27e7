"""Novation Launch Control XL.

launch-control      of the first and second kind: header 78 template (led value)* F7; value = 10h * green + red, of 0 to
                    3 each. It is written behind, and then shown: Bn 00 34 shows one buffer and writes the other, a copy
                    of it, and Bn 00 31 the other way round, n being the template (`template` of the options, 8 for the
                    first factory one). `led` is the light's index: 00 to 17 knobs, 18 to 27 buttons, 28 on the rest.
launch-control-3    XL 3 and 3: header 01 53 led red green blue F7, of 7 bits; one light a message. `led` is the number
                    of the control change.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from weaver.mapping.loom import Spot
from weaver.mapping.profile import Lights
from weaver.surfaces.lights.channel import CC, ON_FROM, ChannelLights, brightest
from weaver.surfaces.lights.driver import Codes
from weaver.surfaces.lights.sysex import END, SysexLights, chunks, header_of

HEADER, HEADER_3 = "F0 00 20 29 02 11", "F0 00 20 29 02 15"
SET_LEDS = 0x78
SHOW_FIRST_WRITE_SECOND, SHOW_SECOND_WRITE_FIRST = 0x34, 0x31
FACTORY_TEMPLATE = 8
GREEN = 0x10
FULL = 3 * GREEN + 3
SHADES_FROM = np.array((48, 120, 200))
"""Of 255 in even steps for the eye: where each of the three shades begins; a resting sphere has the first."""
RGB_OF_LED = bytes((0x01, 0x53))


class LaunchControl(ChannelLights):
    """Red and green; switches as bright as they go."""

    def __init__(self, lights: Lights, spots: Sequence[Spot]) -> None:
        super().__init__(lights, spots)
        template = lights.option("template", FACTORY_TEMPLATE)
        self.header = header_of(lights, HEADER) + bytes((SET_LEDS, template))
        self.begin = bytes((CC | template, 0, SHOW_FIRST_WRITE_SECOND))
        self.end = bytes((CC | template, 0, SHOW_SECOND_WRITE_FIRST))

    def codes(self, wanted: NDArray[np.uint8]) -> Codes:
        """int32[spot, 1]."""
        shades = np.searchsorted(SHADES_FROM, wanted[:, :2], side="right").astype(np.int32)
        values = shades[:, 0] + GREEN * shades[:, 1]
        return np.where(self.is_switch, (brightest(wanted) >= ON_FROM) * FULL, values)[:, None].astype(np.int32)

    def messages(self, codes: Codes, which: Sequence[int]) -> list[bytes]:
        """Both buffers are alike before and after, whatever became of the last picture."""
        told = [self.begin]
        for part in chunks(which, self.lights.per_message):
            pairs = np.column_stack((self.led[part], codes[part, 0])).astype(np.uint8)
            told.append(self.header + pairs.tobytes() + END)
        return [*told, self.end]


class LaunchControl3(SysexLights):
    """Colours, one at a time."""

    top = 127

    def __init__(self, lights: Lights, spots: Sequence[Spot]) -> None:
        super().__init__(lights, spots)
        self.header = header_of(lights, HEADER_3) + RGB_OF_LED

    def colour_messages(self, codes: Codes, which: Sequence[int]) -> list[bytes]:
        """As the module says."""
        rows = np.column_stack((self.led[which], codes[which])).astype(np.uint8)
        return [self.header + row.tobytes() + END for row in rows]
