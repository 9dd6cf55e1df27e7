"""Akai.

apc-rgb   APC mini mk2: header length (first last red green blue)* F7, where `header` ends with the 24 of RGB; length
          and colours are of 8 bits, in two bytes each: the highest bit, the other seven. `led` is the pad's note.
          Switches beside the pads are notes on their channel with 1 and 0.
apc40     APC40 mkII: palette, switches with 1 and 0, and rings of 0 to 127, all by notes and control changes; `led` is
          the control's number, for rings that of the knob, and eight more for what the ring looks like: 2 filled from
          the left, 3 from the middle, for what lies to the left and the right of it.
duo       APC mini: a note with 1 for green, 3 red, 5 yellow, 0 off; switches with 1 and 0.
lpd8      LPD8 mk2: header 06 00 30 and then red, green, blue of all eight pads as above, always. `led` 0 to 7 is the
          place of a pad in that message.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from weaver.mapping.loom import Spot
from weaver.mapping.profile import Lights
from weaver.model.errors import ConfigError
from weaver.surfaces.lights.channel import CC, ChannelLights
from weaver.surfaces.lights.driver import Codes
from weaver.surfaces.lights.palette import PaletteLights
from weaver.surfaces.lights.shine import Shine
from weaver.surfaces.lights.sysex import END, SysexLights, chunks, header_of

APC_HEADER, LPD8_HEADER = "F0 47 7F 4F 24", "F0 47 7F 4C"
LPD8_PADS = 8
LPD8_COMMAND = bytes((0x06, 0x00, LPD8_PADS * 6))
OFF, GREEN, RED, YELLOW = 0, 1, 3, 5
RING_LOOKS, FROM_LEFT, FROM_MIDDLE = 8, 2, 3
TWO_SIDED = ("turn", "turn_deg", "tilt", "tilt_db", "bend")
"""What a knob turns to either side of its middle."""
DUO_FROM = 48
"""Of 255 in even steps for the eye: from here on a light without shades shows red or green; a resting sphere does."""


def in_two_bytes(values: NDArray[np.int32]) -> NDArray[np.uint8]:
    """uint8[..., 2 n] of int32[..., n] of 8 bits: the highest bit, then the other seven, of each."""
    return np.stack((values >> 7, values & 0x7F), axis=-1).reshape(*values.shape[:-1], -1).astype(np.uint8)


class ApcRgb(SysexLights):
    """A few pads a message: it loses what comes too fast."""

    def __init__(self, lights: Lights, spots: Sequence[Spot]) -> None:
        super().__init__(lights, spots)
        self.header = header_of(lights, APC_HEADER)
        self.on = lights.option("on", 1)

    def colour_messages(self, codes: Codes, which: Sequence[int]) -> list[bytes]:
        """As the module says."""
        told = []
        for part in chunks(which, self.lights.per_message):
            led = self.led[part][:, None].astype(np.uint8)
            body = np.concatenate((led, led, in_two_bytes(codes[part])), axis=1).tobytes()
            told.append(self.header + bytes((len(body) >> 7, len(body) & 0x7F)) + body + END)
        return told


class Apc40(PaletteLights):
    """As it is, but switches go on with 1, and rings are told once what they look like: they may be off."""

    def __init__(self, lights: Lights, spots: Sequence[Spot]) -> None:
        super().__init__(lights, spots)
        self.on = lights.option("on", 1)
        self.looks = {
            f"ring {spot.led}": bytes(
                (CC | spot.channel, spot.led + RING_LOOKS, FROM_MIDDLE if spot.deed in TWO_SIDED else FROM_LEFT)
            )
            for spot in spots
            if spot.kind == "ring"
        }

    def extras(self, shine: Shine, first: int) -> dict[str, bytes]:
        """What rings look like."""
        return self.looks


class Duo(ChannelLights):
    """Green, red, or both."""

    COLOURS = np.array(((OFF, GREEN), (RED, YELLOW)), np.int32)

    def __init__(self, lights: Lights, spots: Sequence[Spot]) -> None:
        super().__init__(lights, spots)
        self.on = lights.option("on", 1)

    def codes(self, wanted: NDArray[np.uint8]) -> Codes:
        """int32[spot, 1]."""
        lit = (wanted >= DUO_FROM).astype(np.intp)
        return np.where(self.is_switch[:, None], super().codes(wanted), self.COLOURS[lit[:, :1], lit[:, 1:2]])


class Lpd8(SysexLights):
    """Eight pads and nothing else."""

    def __init__(self, lights: Lights, spots: Sequence[Spot]) -> None:
        super().__init__(lights, spots)
        if len(spots) and not (self.led.min() >= 0 and self.led.max() < LPD8_PADS):
            raise ConfigError("leds", f"places from 0 to {LPD8_PADS - 1}", self.led.tolist())
        self.header = header_of(lights, LPD8_HEADER) + LPD8_COMMAND

    def colour_messages(self, codes: Codes, which: Sequence[int]) -> list[bytes]:
        """One message, whichever of them changed."""
        if not which:
            return []
        colours = np.zeros((LPD8_PADS, 3), np.int32)
        colours[self.led] = codes
        return [self.header + in_two_bytes(colours).tobytes() + END]
