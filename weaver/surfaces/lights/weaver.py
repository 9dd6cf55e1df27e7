"""Surfaces built for the instrument (`model.surface_protocol`): pictures of runs of lights, that appear all at once.

`led` is the light's number: 0 is the lowest of the leftmost ring, then clockwise, and on to the next ring. These
surfaces know of the eye themselves: they are told even steps, of 7 bits. With option `lights_per_ring`, `spread` makes
of each pad's light a whole ring.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from weaver.mapping.loom import Laid, Spot
from weaver.mapping.profile import Lights
from weaver.model.surface_protocol import BRIGHTEST, LIGHTS_PER_PICTURE, Picture, encode
from weaver.surfaces.lights.channel import ChannelLights
from weaver.surfaces.lights.driver import Codes
from weaver.surfaces.lights.palette import SHADE_GAMMA

FRAMES = 128
EVEN = np.round((np.arange(256) / 255.0) ** (1.0 / SHADE_GAMMA) * BRIGHTEST).astype(np.int32)
PLAIN = np.round(np.arange(256) / 255.0 * BRIGHTEST).astype(np.int32)


class WeaverSurface(ChannelLights):
    """It counts its pictures."""

    def __init__(self, lights: Lights, spots: Sequence[Spot]) -> None:
        super().__init__(lights, spots)
        self.most = min(max(lights.per_message, 1), LIGHTS_PER_PICTURE)
        self.place = {int(led): index for index, led in enumerate(self.led)}
        self.frame = 0

    def codes(self, wanted: NDArray[np.uint8]) -> Codes:
        """int32[spot, 3]."""
        return np.where(self.is_colour[:, None], EVEN[wanted], PLAIN[wanted])

    def messages(self, codes: Codes, which: Sequence[int]) -> list[bytes]:
        """Runs of lights; the last shows them all."""
        self.frame = (self.frame + 1) % FRAMES
        runs = list(self._runs(sorted(int(self.led[index]) for index in which)))
        told = []
        for number, run in enumerate(runs):
            lights = tuple(tuple(codes[self.place[led]].tolist()) for led in run)
            told.append(encode(Picture(self.frame, int(number == len(runs) - 1), run[0], lights)))
        return told

    def _runs(self, leds: Sequence[int]) -> list[list[int]]:
        """Lights that follow each other."""
        runs: list[list[int]] = []
        for led in leds:
            if runs and led == runs[-1][-1] + 1 and len(runs[-1]) < self.most:
                runs[-1].append(led)
            else:
                runs.append([led])
        return runs


def spread(laid: Laid, lights: Lights) -> Laid:
    """The same, with a whole ring of lights for each light of a sphere, where the profile says that there are rings.
    Light 0 is the lowest; to its left and right the sphere's two sides go up."""
    count = lights.option("lights_per_ring", 1)
    if count <= 1:
        return laid
    spots: list[Spot] = []
    for spot in laid.spots:
        if spot.kind != "rgb" or spot.sphere is None:
            spots.append(spot)
            continue
        for place in range(count):
            up = 0.5 - 0.5 * math.cos(2.0 * math.pi * place / count)
            bottom = min(max(up - 1.0 / count, 0.0), 1.0 - 2.0 / count)
            height, stretch = spot.height + bottom * spot.stretch, 2.0 / count * spot.stretch
            spots.append(replace(spot, led=spot.led + place, height=height, stretch=stretch))
    return replace(laid, spots=tuple(spots))
