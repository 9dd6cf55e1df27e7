"""Lights told by notes and control changes, as they come: `message` of a spot is note or cc, `led` its number and
`channel` its channel; the value is the light.

A switch goes on with the value `on` of the options (127 if not given) and off with 0; rings and levels have 0 to 127.
Driver "nanokontrol", and what other drivers build on.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from weaver.mapping.loom import Spot
from weaver.mapping.profile import Lights
from weaver.surfaces.lights.driver import Codes
from weaver.surfaces.lights.shine import Shine

NOTE, CC = 0x90, 0xB0
ON_FROM = 128
"""Brightness from which a light is on that has no shades."""


def brightest(wanted: NDArray[np.uint8]) -> NDArray[np.int32]:
    """int32[spot] of uint8[spot, 3]."""
    bright: NDArray[np.int32] = wanted.max(axis=1).astype(np.int32)
    return bright


class ChannelLights:
    """One message a light: status, number, value. `codes` has the value."""

    def __init__(self, lights: Lights, spots: Sequence[Spot]) -> None:
        self.lights = lights
        self.led = np.array([spot.led for spot in spots], np.int32)
        kinds = np.array([spot.kind for spot in spots], dtype="U8")
        self.is_switch, self.is_duo = kinds == "switch", kinds == "duo"
        self.is_length = (kinds == "ring") | (kinds == "level")
        self.is_colour = (kinds == "rgb") | (kinds == "palette")
        self.on = lights.option("on", 127)
        self.status = np.array([(CC if spot.message == "cc" else NOTE) | spot.channel for spot in spots], np.int32)

    def codes(self, wanted: NDArray[np.uint8]) -> Codes:
        """int32[spot, 1]: the value."""
        bright = brightest(wanted)
        return np.where(self.is_switch, (bright >= ON_FROM) * self.on, bright >> 1)[:, None].astype(np.int32)

    def messages(self, codes: Codes, which: Sequence[int]) -> list[bytes]:
        """Three bytes each."""
        rows = np.stack((self.status[which], self.led[which], codes[which, 0]), axis=1).astype(np.uint8)
        data = rows.tobytes()
        return [data[start : start + 3] for start in range(0, len(data), 3)]

    def extras(self, shine: Shine, first: int) -> dict[str, bytes]:
        """Nothing."""
        return {}
