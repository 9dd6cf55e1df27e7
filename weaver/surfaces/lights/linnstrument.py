"""LinnStrument: cells of ten colours and no brightness, each by three control changes on channel 1: 20 the column, 21
the row, 22 the colour (1 red, 2 yellow, 3 green, 4 cyan, 5 blue, 6 magenta, 7 off, 8 white, 9 orange, 10 lime).

`led` is 32 * row + column: column 0 are the switches on the left, row 0 the lowest.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from weaver.surfaces.lights.arturia import LIT_FROM
from weaver.surfaces.lights.channel import CC, ON_FROM, ChannelLights, brightest
from weaver.surfaces.lights.driver import Codes

COLUMN, ROW, COLOUR = 20, 21, 22
COLUMNS = 32
"""In the counting of `led`."""
OFF, WHITE = 7, 8
HUES: dict[tuple[float, float, float], int] = {
    (1.0, 0.0, 0.0): 1,
    (1.0, 0.75, 0.0): 2,
    (0.0, 1.0, 0.0): 3,
    (0.0, 1.0, 1.0): 4,
    (0.0, 0.0, 1.0): 5,
    (1.0, 0.0, 1.0): 6,
    (0.3, 0.05, 1.0): 6,
    (1.0, 1.0, 1.0): 8,
    (1.0, 0.2, 0.0): 9,
    (0.45, 1.0, 0.0): 10,
}
"""What the colours look like, the brightest channel at 1; violet is magenta rather than blue."""
_HUES, _CODES = np.array(list(HUES), np.float32), np.array(list(HUES.values()), np.int32)


class LinnStrument(ChannelLights):
    """On in the nearest colour, or off."""

    def codes(self, wanted: NDArray[np.uint8]) -> Codes:
        """int32[spot, 1]."""
        bright = brightest(wanted)
        hue = wanted / np.maximum(bright, 1)[:, None].astype(np.float32)
        far = ((hue[:, None] - _HUES) ** 2).sum(axis=2)
        colour = np.where(bright >= LIT_FROM, _CODES[far.argmin(axis=1)], OFF)
        plain = np.where(bright >= ON_FROM, WHITE, OFF)
        return np.where(self.is_colour, colour, plain)[:, None].astype(np.int32)

    def messages(self, codes: Codes, which: Sequence[int]) -> list[bytes]:
        """Three for each cell, in the order in which it takes them."""
        told = []
        for index in which:
            row, column = divmod(int(self.led[index]), COLUMNS)
            told += [bytes((CC, COLUMN, column)), bytes((CC, ROW, row)), bytes((CC, COLOUR, int(codes[index, 0])))]
        return told
