"""Akai APC mini, the first: pads of three colours told by velocity."""

from __future__ import annotations

from collections.abc import Iterable

from support.twins.twin import CC, DARK, NOTE_OFF, NOTE_ON, Port, Twin

COLOURS = (DARK, (0, 255, 0), (0, 255, 0), (255, 0, 0), (255, 0, 0), (255, 255, 0), (255, 255, 0))
"""By velocity; the even ones blink."""
BOTTOM, RIGHT, SHIFT = range(0x40, 0x48), range(0x52, 0x5A), 0x62
FADER_CCS = tuple(range(48, 57))
INTRODUCTION = bytes.fromhex("F0 47 7F 28 60 00 04")


class ApcMiniMk1(Twin):
    """Lights are (column, row) and ("note", number) for round buttons."""

    kind = "APC mini"
    client = "APC MINI"
    ports = (Port("APC MINI MIDI 1"),)
    identity = bytes.fromhex("F0 7E 00 06 02 47 28 00 19 01 00 00 00 F7")
    columns, rows = 8, 8

    def sysex(self, message: bytes, now_s: float, port: int) -> Iterable[bytes]:
        return [] if message.startswith(INTRODUCTION) and len(message) == 12 else self.refuse("sysex")

    def short(self, status: int, channel: int, first: int, second: int, now_s: float, port: int) -> Iterable[bytes]:
        if status not in (NOTE_ON, NOTE_OFF) or channel:
            return self.refuse("short")
        value = second if status == NOTE_ON else 0
        if first < 64 and value < len(COLOURS):
            self.shine((first % 8, first // 8), COLOURS[value], moves=value > 0 and value % 2 == 0)
        elif (first in BOTTOM or first in RIGHT) and value < 3:
            colour = (255, 0, 0) if first in BOTTOM else (0, 255, 0)
            self.shine(("note", first), colour if value else DARK, moves=value == 2)
        else:
            return self.refuse("light")
        return []

    def press(self, column: int, row: int, velocity: int = 100) -> list[bytes]:
        return self.say(NOTE_ON, 8 * row + column, 127)

    def release(self, column: int, row: int) -> list[bytes]:
        return self.say(NOTE_OFF, 8 * row + column, 127)

    def button(self, number: int, is_down: bool = True) -> list[bytes]:
        """A round button by its note."""
        return self.say(NOTE_ON if is_down else NOTE_OFF, number, 127)

    def slide(self, number: int, value: int) -> list[bytes]:
        return self.say(CC, FADER_CCS[number], value)
