"""DJ TechTools Midi Fighter Twister.

Rings are control changes on channel 1, 0 to 127. Lights of colours are a hue on channel 2 (1 blue, 43 green, 64 yellow,
85 red, and on through magenta) and a brightness on channel 3 (17 off to 48), both sent when either changes; with option
`native` they are header 06 01 01 led red green blue F7, of 7 bits. `led` is the encoder's number, 0 to 63 (0 to 15 in
native mode); `message` and `channel` do not matter. `header` is F0 00 01 79.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from weaver.mapping.loom import Spot
from weaver.mapping.profile import Lights
from weaver.surfaces.lights.channel import CC, ChannelLights, brightest
from weaver.surfaces.lights.driver import Codes
from weaver.surfaces.lights.palette import SHADE_GAMMA
from weaver.surfaces.lights.sysex import END, header_of

HEADER = "F0 00 01 79"
NATIVE_RGB = bytes((0x06, 0x01, 0x01))
RING, HUE, BRIGHTNESS = CC | 0, CC | 1, CC | 2
BLUE_HUE, LAST_HUE = 1, 125
BLUE_DEGREES, HUES = 240.0, 126.0
DARKEST, BRIGHTEST = 17, 48
TOP = 127


def hue_of(wanted: NDArray[np.uint8]) -> NDArray[np.int32]:
    """int32[spot] on the device's wheel, for uint8[spot, 3]. Grey has none: it is blue."""
    red, green, blue = wanted.astype(np.float64).T
    high, low = wanted.max(axis=1).astype(np.float64), wanted.min(axis=1)
    width = np.maximum(high - low, 1.0)
    sixths = np.where(
        high == red,
        (green - blue) / width,
        np.where(high == green, 2 + (blue - red) / width, 4 + (red - green) / width),
    )
    degrees = np.where(high == low, BLUE_DEGREES, 60.0 * sixths)
    return np.minimum(BLUE_HUE + np.round((BLUE_DEGREES - degrees) % 360.0 / 360.0 * HUES), LAST_HUE).astype(np.int32)


class Twister(ChannelLights):
    """Two values for each light of colours, three if `native`; one for a ring."""

    def __init__(self, lights: Lights, spots: Sequence[Spot]) -> None:
        super().__init__(lights, spots)
        self.is_native = bool(lights.option("native"))
        self.header = header_of(lights, HEADER) + NATIVE_RGB

    def codes(self, wanted: NDArray[np.uint8]) -> Codes:
        """int32[spot, 3]."""
        bright = brightest(wanted)
        codes = np.zeros((len(wanted), 3), np.int32)
        if self.is_native:
            codes[:] = (wanted.astype(np.int32) * TOP + 127) // 255
        else:
            shade = (bright / 255.0) ** (1.0 / SHADE_GAMMA)
            codes[:, 1] = DARKEST + np.round((BRIGHTEST - DARKEST) * shade)
            codes[:, 0] = np.where(codes[:, 1] > DARKEST, hue_of(wanted), BLUE_HUE)  # in the dark all hues are alike
        lengths = np.zeros_like(codes)
        lengths[:, 0] = bright >> 1
        return np.where(self.is_colour[:, None], codes, lengths)

    def messages(self, codes: Codes, which: Sequence[int]) -> list[bytes]:
        """As the module says."""
        told = []
        for index in which:
            led, values = int(self.led[index]), codes[index].tolist()
            if not self.is_colour[index]:
                told.append(bytes((RING, led, values[0])))
            elif self.is_native:
                told.append(self.header + bytes((led, *values)) + END)
            else:
                told += [bytes((HUE, led, values[0])), bytes((BRIGHTNESS, led, values[1]))]
        return told
