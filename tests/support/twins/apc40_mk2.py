"""Akai APC40 mkII: introduced by the host, a palette whose channel is the animation, and rings round its knobs."""

from __future__ import annotations

from collections.abc import Iterable

from support.twins.palette import PALETTE
from support.twins.twin import CC, DARK, NOTE_OFF, NOTE_ON, Colour, Port, Twin, grey

GENERIC, ABLETON, ALTERNATE = 0x40, 0x41, 0x42
DEVICE_KNOBS, TRACK_KNOBS = range(0x10, 0x18), range(0x30, 0x38)
RING_OFF, RING_SINGLE, RING_VOLUME, RING_PAN = range(4)
ONE_COLOUR = {0x30: (255, 0, 0), 0x31: (0, 0, 255), 0x32: (255, 128, 0), 0x33: (0, 255, 0), 0x34: (0, 255, 0)}
SCENES = range(0x52, 0x57)


class Apc40Mk2(Twin):
    """Lights are (column, row), ("note", number, channel) for buttons, and ("ring", number) with knobs 0-7 the
    device's and 8-15 the tracks'."""

    kind = client = "APC40 mkII"
    ports = (Port("APC40 mkII MIDI 1"),)
    identity = bytes.fromhex("F0 7E 00 06 02 47 29 00 19 00 01 00 00 00 00 00 00 F7")
    columns, rows = 8, 5

    def _start(self) -> None:
        super()._start()
        self.host_mode = GENERIC
        self.faders = [0] * 9
        self.ring_types = [RING_SINGLE] * 16
        self.rings = [0] * 16
        self._base: dict[tuple[int, int], Colour] = {}

    @property
    def mode(self) -> str:
        return {GENERIC: "generic", ABLETON: "ableton", ALTERNATE: "alternate"}[self.host_mode]

    def sysex(self, message: bytes, now_s: float, port: int) -> Iterable[bytes]:
        fits = len(message) == 12 and message[0:2] == b"\xf0\x47" and message[2] in (0x00, 0x7F)
        if not fits or message[3:7] != b"\x29\x60\x00\x04" or message[7] not in (GENERIC, ABLETON, ALTERNATE):
            return self.refuse("sysex")
        if self.host_mode != message[7]:
            self.host_mode = message[7]
            self.lights, self.moving = {}, set()
        return self.say(0xF0, 0x47, 0x00, 0x29, 0x61, 0x00, 0x09, *self.faders, 0xF7)

    def short(self, status: int, channel: int, first: int, second: int, now_s: float, port: int) -> Iterable[bytes]:
        if status == CC and channel == 0:
            return self._ring(first, second)
        if status not in (NOTE_ON, NOTE_OFF):
            return self.refuse("short")
        if self.host_mode == GENERIC:
            return self.refuse("light in generic mode")
        value = second if status == NOTE_ON else 0
        if first < 0x28:
            self._pad((first % 8, first // 8), channel, PALETTE[value])
        elif first in SCENES:
            self.shine(("note", first, 0), PALETTE[value])
        else:
            colour = ONE_COLOUR.get(first, (255, 128, 0))
            self.shine(("note", first, channel), colour if value else DARK, moves=value == 2)
        return []

    def _pad(self, where: tuple[int, int], channel: int, colour: Colour) -> None:
        """Channel 1 is the base colour; the others move between it and a second one."""
        if channel == 0:
            self._base[where] = colour
            self.shine(where, colour)
        else:
            self.shine(where, colour if colour != DARK else self._base.get(where, DARK), moves=colour != DARK)

    def _ring(self, first: int, second: int) -> list[bytes]:
        for offset, knobs in ((0, DEVICE_KNOBS), (8, TRACK_KNOBS)):
            if first in knobs:
                self._show_ring(offset + first - knobs[0], second)
                return []
            if first - 8 in knobs and second <= RING_PAN:
                knob = offset + first - 8 - knobs[0]
                self.ring_types[knob] = second
                self._show_ring(knob, self.rings[knob])
                return []
        return self.refuse("control")

    def _show_ring(self, knob: int, value: int) -> None:
        self.rings[knob] = value
        is_on = self.ring_types[knob] != RING_OFF
        self.shine(("ring", knob), grey(value / 127, (255, 160, 0)) if is_on else DARK)

    def press(self, column: int, row: int, velocity: int = 100) -> list[bytes]:
        return self.say(NOTE_ON, 8 * row + column, 127)

    def release(self, column: int, row: int) -> list[bytes]:
        return self.say(NOTE_OFF, 8 * row + column, 127)

    def button(self, number: int, is_down: bool = True, channel: int = 0) -> list[bytes]:
        """A button by its note; a track's by channel."""
        return self.say((NOTE_ON if is_down else NOTE_OFF) | channel, number, 127)

    def turn(self, number: int, value: int) -> list[bytes]:
        knob = (*DEVICE_KNOBS, *TRACK_KNOBS)[number]
        if self.host_mode != ALTERNATE:  # it draws its rings itself
            self._show_ring(number, value)
        return self.say(CC, knob, value)

    def slide(self, number: int, value: int) -> list[bytes]:
        self.faders[number] = value
        return self.say(CC | number, 0x07, value) if number < 8 else self.say(CC, 0x0E, value)
