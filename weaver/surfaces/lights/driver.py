"""What a driver of lights is: from wanted colours to a device's own codes, and from codes to messages.

A driver knows one protocol and remembers nothing. Who compares, paces and repeats is `memory.LightMemory`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from weaver.mapping.loom import Spot
from weaver.mapping.profile import Lights
from weaver.surfaces.lights.shine import Shine

Codes = NDArray[np.int32]
"""int32[spot, n]: what the device is told for each light; equal codes look the same on it."""


class Driver(Protocol):
    """Made as Driver(lights, spots) for one surface; `spots` in the order of all arrays."""

    def codes(self, wanted: NDArray[np.uint8]) -> Codes:
        """The device's codes for uint8[spot, 3] of red, green and blue. A light without colours follows the brightest
        channel; rings and levels are grey: their brightness is their length."""

    def messages(self, codes: Codes, which: Sequence[int]) -> list[bytes]:
        """Whole messages that set these lights (places in `spots`, the most urgent first), at most
        `lights.per_message` in each."""

    def extras(self, shine: Shine, first: int) -> dict[str, bytes]:
        """What else the device shows (names, meters), by what it is: sent when its bytes differ from the last. `first`
        is the sphere of the leftmost column."""


class DriverKind(Protocol):
    """How a driver is made."""

    def __call__(self, lights: Lights, spots: Sequence[Spot]) -> Driver:
        """Raises ConfigError for options it cannot work with."""
