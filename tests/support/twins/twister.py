"""Midi Fighter Twister: rings and hues for sixteen encoders; deaf to what it is told of one that is being turned."""

from __future__ import annotations

import colorsys
import itertools
from collections.abc import Iterable

from support.twins.twin import CC, DARK, NOTE_ON, Colour, Port, Twin, from_7_bit, grey

HEADER = bytes.fromhex("F0 00 01 79 06")
NATIVE_ON, NATIVE_OFF = bytes.fromhex("00 01 F7"), bytes.fromhex("00 00 F7")
NATIVE_RGB, NATIVE_INDICATOR = b"\x01\x01", b"\x01\x00"
BUFFER_BYTES = 127
MOVING_S = 0.1
"""How long after its last step an encoder counts as being turned; the firmware's own time is not documented."""
_HUES = ((1, 240.0), (0x2B, 120.0), (0x40, 60.0), (0x55, 0.0), (0x7D, -60.0))
"""Value and angle: blue, green, yellow, red, magenta."""


def hue(value: int) -> Colour:
    """The colour of 1..7D."""
    for (low, from_degrees), (high, to_degrees) in itertools.pairwise(_HUES):
        if low <= value <= high:
            degrees = from_degrees + (to_degrees - from_degrees) * (value - low) / (high - low)
            red, green, blue = colorsys.hsv_to_rgb(degrees % 360 / 360, 1.0, 1.0)
            return round(255 * red), round(255 * green), round(255 * blue)
    raise ValueError(f"no hue {value}")


class Twister(Twin):
    """Lights are (column, row), encoder 0 at the top left, and ("ring", 0-15)."""

    kind = client = "Midi Fighter Twister"
    ports = (Port("Midi Fighter Twister MIDI 1"),)
    identity = bytes.fromhex("F0 7E 7F 06 02 00 01 79 05 00 01 00 20 23 10 15 F7")
    columns, rows = 4, 4
    inactive: Colour = (0, 0, 255)
    active: Colour = (255, 0, 0)

    def _start(self) -> None:
        super()._start()
        self.is_native = False
        self.ring = [0] * 64
        self.rgb = [self.inactive] * 64
        self.brightness = [1.0] * 64
        self.values = [0] * 64
        self._turned_s: dict[int, float] = {}
        self._now_s = 0.0
        self._draw_all()

    def _draw_all(self) -> None:
        for encoder in range(16):
            self._draw(encoder)

    def _draw(self, encoder: int) -> None:
        if encoder < 16:
            self.shine((encoder % 4, 3 - encoder // 4), grey(self.brightness[encoder], self.rgb[encoder]))
            self.shine(("ring", encoder), grey(self.ring[encoder] / 127))

    @property
    def mode(self) -> str:
        return "native" if self.is_native else "standard"

    def hear(self, data: bytes, now_s: float = 0.0, port: int | None = None) -> list[bytes]:
        self._now_s = now_s
        return super().hear(data, now_s, port)

    def sysex(self, message: bytes, now_s: float, port: int) -> Iterable[bytes]:
        if len(message) > BUFFER_BYTES or not message.startswith(HEADER):
            return self.refuse("sysex")
        rest = message[len(HEADER) :]
        if rest in (NATIVE_ON, NATIVE_OFF):
            was = self.is_native
            if was != (rest == NATIVE_ON):
                self._start()
                self.is_native = not was
                if self.is_native:
                    self.rgb = [DARK] * 64
                self._draw_all()
            return []
        if self.is_native and rest.startswith(NATIVE_RGB) and len(rest) == 7 and rest[2] < 64:
            red, green, blue = (from_7_bit(channel) for channel in rest[3:6])
            self.rgb[rest[2]] = (red, green, blue)
            self._draw(rest[2])
            return []
        return [] if self.is_native and rest.startswith(NATIVE_INDICATOR) else self.refuse("command")

    def short(self, status: int, channel: int, first: int, second: int, now_s: float, port: int) -> Iterable[bytes]:
        if first >= 64 or status not in (CC, NOTE_ON) or (status == NOTE_ON and channel != 1):
            return self.refuse("short")
        if channel in (0, 1) and now_s - self._turned_s.get(first, -MOVING_S) < MOVING_S:
            return self.refuse("moving")
        if channel == 0:
            self.ring[first] = self.values[first] = second
        elif channel == 1:
            colours = {0: self.inactive, 0x7E: self.active, 0x7F: self.active}
            self.rgb[first] = colours[second] if second in colours else hue(second)
        elif channel == 2 and 17 <= second <= 48:
            self.brightness[first] = (second - 17) / 31
        elif channel not in (2, 5):
            return self.refuse("channel")
        self._draw(first)
        return []

    def press(self, column: int, row: int, velocity: int = 100) -> list[bytes]:
        return self.say(CC | 1, 4 * (3 - row) + column, 127)

    def release(self, column: int, row: int) -> list[bytes]:
        return self.say(CC | 1, 4 * (3 - row) + column, 0)

    def button(self, number: int, is_down: bool = True) -> list[bytes]:
        """One of the six at its sides, from 0."""
        return self.say(CC | (2 if self.is_native else 3), 8 + number, 127 if is_down else 0)

    def turn(self, number: int, value: int) -> list[bytes]:
        """To a value; by steps in native mode."""
        self._turned_s[number] = self._now_s
        if self.is_native:
            return self.say(CC, number, 64 + value)
        self.ring[number] = self.values[number] = value
        self._draw(number)
        return self.say(CC, number, value)
