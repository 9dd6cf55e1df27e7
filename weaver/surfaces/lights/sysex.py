"""Lights told many at a time, in system exclusive messages."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from weaver.mapping.profile import Lights
from weaver.model.errors import ConfigError
from weaver.surfaces.lights.channel import ChannelLights
from weaver.surfaces.lights.driver import Codes

END = b"\xf7"


def header_of(lights: Lights, default: str = "") -> bytes:
    """The bytes that messages begin with. Raises ConfigError if the profile gives none and the driver has none."""
    if lights.header:
        return bytes(lights.header)
    if not default:
        raise ConfigError("lights.header", "the bytes that the device's messages begin with", "none")
    return bytes.fromhex(default)


def chunks(which: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """At most `size` of them at a time."""
    size = max(size, 1)
    for start in range(0, len(which), size):
        yield which[start : start + size]


class SysexLights(ChannelLights, ABC):
    """Lights of colours by system exclusive, others by notes and control changes. `codes` has red, green and blue of
    those; the value, 0 and 0 of these."""

    top = 255
    """The highest of a device's steps."""

    def codes(self, wanted: NDArray[np.uint8]) -> Codes:
        """int32[spot, 3]."""
        colours = (wanted.astype(np.int32) * self.top + 127) // 255
        if self.is_colour.all():
            return colours
        values = np.zeros_like(colours)
        values[:, :1] = super().codes(wanted)
        return np.where(self.is_colour[:, None], colours, values)

    def messages(self, codes: Codes, which: Sequence[int]) -> list[bytes]:
        """Colours together, and the rest."""
        chosen = np.asarray(which)
        coloured = self.is_colour[chosen]
        told = self.colour_messages(codes, chosen[coloured].tolist())
        return told + (super().messages(codes, chosen[~coloured].tolist()) if not coloured.all() else [])

    @abstractmethod
    def colour_messages(self, codes: Codes, which: Sequence[int]) -> list[bytes]:
        """Whole messages for lights of colours."""
