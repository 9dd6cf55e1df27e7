"""Mackie Control and what speaks like it.

mackie          Rings: control changes 30 to 37, 20 + 1 to 11 (filled from the left), 0 off. Faders (`level`, message
                bend): pitch bend. Switches: notes with 7F and 0. Beside lights, for eight spheres: names and health in
                words on the scribble strips (header 12 offset text F7, seven characters each, the second line from 38),
                the strips' colours (header 72 and eight of them F7; option `colours = 0` for units without), and light
                as meters (D0, 10h * strip + 0 to D), which fall by themselves and are told again and again.
x-touch-mini    Rings: control changes 9 to 16 with 1 to 13, or, with option `mackie`, as above on 48 to 55. Switches:
                notes with 1, or 7F, and 0. All on channel 1, wherever the controls play.

`led` is the number that a light is told by, for faders that of the channel, from 0.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from weaver.mapping.loom import Spot
from weaver.mapping.profile import Lights
from weaver.surfaces.lights.channel import ON_FROM, ChannelLights, brightest
from weaver.surfaces.lights.driver import Codes
from weaver.surfaces.lights.shine import Shine
from weaver.surfaces.lights.sysex import END, header_of

HEADER = "F0 00 00 66 14"
FILLED, RING_STEPS = 0x20, 11
X_TOUCH_MINI_STEPS = 13
BEND, METER = 0xE0, 0xD0
STRIPS, STRIP_CHARACTERS, SECOND_LINE = 8, 7, 0x38
TEXT, COLOURS = b"\x12", b"\x72"
METER_STEPS, METERS_PER_S = 13, 8.0
OFF, YELLOW, WHITE = 0, 3, 7
SICK_HEALTH = 0.5
"""Health below which a strip turns yellow."""
WORDS = ("whole", "flickr", "fractr", "FAILNG", "shattr", "reform")
"""Of model.law.STATES, in the six characters that fit."""


class Mackie(ChannelLights):
    """Rings, switches, faders; strips and meters."""

    def __init__(self, lights: Lights, spots: Sequence[Spot]) -> None:
        super().__init__(lights, spots)
        self.header = header_of(lights, HEADER)
        self.is_fader = np.array([spot.message == "bend" for spot in spots], np.bool_)
        self.has_colours = bool(lights.option("colours", 1))

    def codes(self, wanted: NDArray[np.uint8]) -> Codes:
        """int32[spot, 1]: what rings and switches are told; faders in 14 bits."""
        bright = brightest(wanted)
        steps = -(-bright * RING_STEPS // 255)
        values = np.where(self.is_length, np.where(steps > 0, FILLED + steps, 0), (bright >= ON_FROM) * self.on)
        return np.where(self.is_fader, bright * 0x3FFF // 255, values)[:, None].astype(np.int32)

    def messages(self, codes: Codes, which: Sequence[int]) -> list[bytes]:
        """Three bytes each."""
        told = []
        for index in which:
            led, value = int(self.led[index]), int(codes[index, 0])
            if self.is_fader[index]:
                told.append(bytes((BEND | led, value & 0x7F, value >> 7)))
            else:
                told.append(bytes((int(self.status[index]), led, value)))
        return told

    def extras(self, shine: Shine, first: int) -> dict[str, bytes]:
        """Names, words, colours and meters of the eight spheres from `first` on."""
        said: dict[str, bytes] = {}
        colours = []
        tick = int(shine.now_s * METERS_PER_S)
        for strip in range(STRIPS):
            sphere = first + strip
            is_there = sphere < len(shine.names)
            said[f"name {strip}"] = self._text(strip, 0, shine.names[sphere] if is_there else "")
            said[f"health {strip}"] = self._text(
                strip, SECOND_LINE, WORDS[int(shine.state[sphere])] if is_there else ""
            )
            colours.append(_strip_colour(shine, sphere) if is_there else OFF)
            level = round(float(shine.light[sphere]) * METER_STEPS) if is_there else 0
            if level > 0:
                said[f"meter {strip} {tick}"] = bytes((METER, strip << 4 | min(level, METER_STEPS)))
        if self.has_colours:
            said["colours"] = self.header + COLOURS + bytes(colours) + END
        return said

    def _text(self, strip: int, line: int, text: str) -> bytes:
        written = text[: STRIP_CHARACTERS - 1].ljust(STRIP_CHARACTERS).encode("ascii", "replace")
        return self.header + TEXT + bytes((line + strip * STRIP_CHARACTERS,)) + written + END


class XTouchMini(ChannelLights):
    """Rings and switches, on channel 1."""

    def __init__(self, lights: Lights, spots: Sequence[Spot]) -> None:
        super().__init__(lights, spots)
        self.is_mackie = bool(lights.option("mackie"))
        self.on = lights.option("on", 127 if self.is_mackie else 1)
        self.status &= 0xF0

    def codes(self, wanted: NDArray[np.uint8]) -> Codes:
        """int32[spot, 1]."""
        steps = -(-brightest(wanted) * (RING_STEPS if self.is_mackie else X_TOUCH_MINI_STEPS) // 255)
        if self.is_mackie:
            steps = np.where(steps > 0, FILLED + steps, 0)
        return np.where(self.is_length[:, None], steps[:, None], super().codes(wanted))


def _strip_colour(shine: Shine, sphere: int) -> int:
    """One of seven: 1 has red, 2 green, 4 blue."""
    if shine.health[sphere] < SICK_HEALTH:
        return YELLOW
    parts = shine.colour[sphere].astype(np.int32)
    top = max(int(parts.max()), 1)
    return sum(bit for bit, part in zip((1, 2, 4), parts.tolist(), strict=True) if 2 * part > top) or WHITE
