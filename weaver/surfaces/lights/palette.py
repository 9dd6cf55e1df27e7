"""Devices with the palette of 128 colours that Novation and Akai have in common, told by notes and control changes.

`led` is the light's note or control number, `message` says which of them, the value is the colour. Lights of colours
are told on channel `light_channel` of the options (counted from 1), if given, else, as all others, on the spot's own:
on several devices the channel chooses between steady, pulsing and brightnesses.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from weaver.mapping.loom import Spot
from weaver.mapping.profile import Lights
from weaver.surfaces.lights.channel import CC, NOTE, ChannelLights
from weaver.surfaces.lights.driver import Codes

PALETTE_TEXT = """
000000 1E1E1E 7F7F7F FFFFFF FF4C4C FF0000 590000 190000 FFBD6C FF5400 591D00 271B00 FFFF4C FFFF00 595900 191900
88FF4C 54FF00 1D5900 142B00 4CFF4C 00FF00 005900 001900 4CFF5E 00FF19 00590D 001902 4CFF88 00FF55 00591D 001F12
4CFFB7 00FF99 005935 001912 4CC3FF 00A9FF 004152 001019 4C88FF 0055FF 001D59 000819 4C4CFF 0000FF 000059 000019
874CFF 5400FF 190064 0F0030 FF4CFF FF00FF 590059 190019 FF4C87 FF0054 59001D 220013 FF1500 993500 795100 436400
033900 005735 00547F 0000FF 00454F 2500CC 7F7F7F 202020 FF0000 BDFF2D AFED06 64FF09 108B00 00FF87 00A9FF 002AFF
3F00FF 7A00FF B21A7D 402100 FF4A00 88E106 72FF15 00FF00 3BFF26 59FF71 38FFCC 5B8AFF 3151C6 877FE9 D31DFF FF005D
FF7F00 B9B000 90FF00 835D07 392B00 144C10 0D5038 15152A 16205A 693C1C A8000A DE513D D86A1C FFE126 9EE12F 67B50F
1E1E30 DCFF6B 80FFBD 9A99FF 8E66FF 404040 757575 E0FFFF A00000 350000 1AD000 074200 B9B000 3F3100 B35F00 4B1502
"""
"""Akai's protocol of the APC40 mkII, version 1.2; Novation's differs a little."""
PALETTE = np.frombuffer(bytes.fromhex(PALETTE_TEXT), np.uint8).reshape(128, 3)
STEPS = 32
"""Of each channel in the table of nearest colours."""
SHADE_GAMMA = 2.2
"""Between what an LED is told and the steps of the eye."""
LUMA = np.array((0.299, 0.587, 0.114))
SHADE_WEIGHT = 0.6
"""Of a difference in brightness against one in colour: dim red is nearer to red than to grey."""
DARK = 0.12
"""Brightness below which a light is off; above, it never is."""
DIMMEST = 0.35
"""Of the palette's colours: what is dimmer is sought there, or its brightness would outweigh its hue."""

_STEP = np.round((np.arange(256) / 255.0) ** (1.0 / SHADE_GAMMA) * (STEPS - 1)).astype(np.intp)


def _in_eyes(colours: NDArray[np.float64]) -> NDArray[np.float64]:
    """float64[colour, 4] from even steps of red, green and blue: brightness, and what of each goes beyond it."""
    luma = colours @ LUMA
    return np.column_stack((SHADE_WEIGHT * 2.0 * luma, colours - luma[:, None]))


@cache
def nearest_table() -> NDArray[np.int32]:
    """int32[STEPS ** 3]: the palette's nearest for each step of red, green and blue."""
    axis = np.arange(STEPS) / (STEPS - 1)
    colours = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1).reshape(-1, 3)
    bright = colours.max(axis=1, keepdims=True)
    colours *= np.maximum(bright, DIMMEST) / np.maximum(bright, 1e-9)
    known = _in_eyes((PALETTE / 255.0) ** (1.0 / SHADE_GAMMA))[1:]
    nearest = np.empty(len(colours), np.int32)
    for start in range(0, len(colours), STEPS * STEPS):
        part = _in_eyes(colours[start : start + STEPS * STEPS])
        far = (part**2).sum(axis=1)[:, None] - 2.0 * part @ known.T + (known**2).sum(axis=1)
        nearest[start : start + STEPS * STEPS] = far.argmin(axis=1) + 1
    nearest[bright[:, 0] < DARK] = 0
    return nearest


def nearest(wanted: NDArray[np.uint8]) -> NDArray[np.int32]:
    """int32[spot]: the palette's colours for uint8[spot, 3]."""
    steps = _STEP[wanted]
    places: NDArray[np.intp] = (steps[:, 0] * STEPS + steps[:, 1]) * STEPS + steps[:, 2]
    return nearest_table().take(places)


class PaletteLights(ChannelLights):
    """Colours by number."""

    def __init__(self, lights: Lights, spots: Sequence[Spot]) -> None:
        super().__init__(lights, spots)
        channel = lights.option("light_channel")
        if channel:
            kinds = [CC if spot.message == "cc" else NOTE for spot in spots]
            told = np.array(kinds, np.int32) | (channel - 1)
            self.status = np.where(self.is_colour, told, self.status)
        nearest_table()

    def codes(self, wanted: NDArray[np.uint8]) -> Codes:
        """int32[spot, 1]."""
        return np.where(self.is_colour[:, None], nearest(wanted)[:, None], super().codes(wanted))
