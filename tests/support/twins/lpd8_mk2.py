"""Akai LPD8 mk2: eight pads told all at once, forgotten with a change of program."""

from __future__ import annotations

from collections.abc import Iterable

from support.twins.twin import CC, NOTE_OFF, NOTE_ON, POLY, Colour, Port, Twin

LIGHTS = bytes.fromhex("F0 47 7F 4C 06 00 30")
MESSAGE_BYTES = len(LIGHTS) + 8 * 6 + 1
PADS_CHANNEL, FIRST_PAD, FIRST_KNOB = 9, 36, 70
OFF_COLOUR: Colour = (60, 0, 0)
"""What the program itself has its pads show when they are up."""


class Lpd8Mk2(Twin):
    """Lights are (column, row): pads 1-4 below, 5-8 above. Program 3 has poly pressure, 2 the channel's."""

    kind = client = "LPD8 mk2"
    ports = (Port("LPD8 mk2 MIDI 1"),)
    columns, rows = 4, 2
    overrides = True

    def __init__(self) -> None:
        self.program = 1
        super().__init__()

    def _start(self) -> None:
        super()._start()
        for pad in range(8):
            self.shine((pad % 4, pad // 4), OFF_COLOUR)

    @property
    def mode(self) -> str:
        return f"program {self.program}"

    def drift(self, program: int = 2) -> list[bytes]:
        """The player picks another program: its own colours are back, and nothing is said."""
        self.program = program
        self._start()
        return []

    def sysex(self, message: bytes, now_s: float, port: int) -> Iterable[bytes]:
        if not message.startswith(LIGHTS) or len(message) != MESSAGE_BYTES:
            return self.refuse("sysex")
        data = message[len(LIGHTS) : -1]
        for pad in range(8):
            split = data[6 * pad : 6 * pad + 6]
            red, green, blue = ((split[at] << 7 | split[at + 1]) & 0xFF for at in (0, 2, 4))
            self.shine((pad % 4, pad // 4), (red, green, blue))
        return []

    def _note(self, column: int, row: int) -> int:
        return FIRST_PAD + 4 * row + column

    def press(self, column: int, row: int, velocity: int = 100) -> list[bytes]:
        return self.say(NOTE_ON | PADS_CHANNEL, self._note(column, row), velocity)

    def release(self, column: int, row: int) -> list[bytes]:
        self.shine((column, row), OFF_COLOUR)
        return self.say(NOTE_OFF | PADS_CHANNEL, self._note(column, row), 0)

    def lean(self, column: int, row: int, pressure: int) -> list[bytes]:
        if self.program == 2:
            return self.say(0xD0 | PADS_CHANNEL, pressure)
        return self.say(POLY | PADS_CHANNEL, self._note(column, row), pressure) if self.program == 3 else []

    def turn(self, number: int, value: int) -> list[bytes]:
        return self.say(CC, FIRST_KNOB + number, value)
