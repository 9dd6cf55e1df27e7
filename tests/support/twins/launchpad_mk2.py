"""Launchpad MK2: colours of six bits, the right column as notes, and a command for each kind of light."""

from __future__ import annotations

from collections.abc import Iterable

from support.twins.palette import PALETTE
from support.twins.twin import CC, NOTE_OFF, NOTE_ON, Colour, Port, Twin

HEADER = bytes.fromhex("F0 00 20 29 02 18")
PALETTE_LIGHT, RGB_LIGHT, COLUMN, ROW, ALL, FLASH, PULSE, LAYOUT, QUIT = (
    0x0A, 0x0B, 0x0C, 0x0D, 0x0E, 0x23, 0x28, 0x22, 0x40,
)  # fmt: skip
SESSION, USER_1, USER_2 = 0, 1, 2
MOST_LIGHTS, MOST_LINES = 80, 9
TOP = range(104, 112)


class LaunchpadMk2(Twin):
    """Lights are (column, row), ("note", number) for the right column, ("cc", number) for the top row."""

    kind = client = "Launchpad MK2"
    ports = (Port("Launchpad MK2 MIDI 1"),)
    identity = bytes.fromhex("F0 7E 00 06 02 00 20 29 69 00 00 00 00 01 05 04 F7")
    columns, rows = 8, 8

    def _start(self) -> None:
        super()._start()
        self.layout = SESSION

    @property
    def mode(self) -> str:
        return {SESSION: "session", USER_1: "user 1", USER_2: "user 2"}.get(self.layout, "mixer")

    def drift(self) -> list[bytes]:
        """The player goes to User 1 by hand."""
        self._choose(USER_1)
        return []

    def _choose(self, layout: int) -> None:
        self.layout = layout
        self.lights, self.moving = {}, set()

    def sysex(self, message: bytes, now_s: float, port: int) -> Iterable[bytes]:
        if not message.startswith(HEADER) or len(message) < len(HEADER) + 2:
            return self.refuse("sysex")
        command, data = message[len(HEADER)], message[len(HEADER) + 1 : -1]
        if command == LAYOUT and len(data) == 1 and data[0] <= 5:
            self._choose(data[0])
        elif command == QUIT and not data:
            self._choose(SESSION)
        elif command in (PALETTE_LIGHT, RGB_LIGHT, COLUMN, ROW, ALL, FLASH, PULSE):
            return self._told(command, data)
        else:
            return self.refuse("command")
        return []

    def _told(self, command: int, data: bytes) -> list[bytes]:
        size = {RGB_LIGHT: 4, ALL: 1, FLASH: 3, PULSE: 3}.get(command, 2)
        most = {PALETTE_LIGHT: MOST_LIGHTS, RGB_LIGHT: MOST_LIGHTS, ALL: 1}.get(command, MOST_LINES)
        if command in (FLASH, PULSE):
            most = MOST_LIGHTS
        if not data or len(data) % size or len(data) // size > most:
            return self.refuse("length")
        for at in range(0, len(data), size):
            self._one(command, data[at : at + size])
        return []

    def _one(self, command: int, spec: bytes) -> None:
        if command == RGB_LIGHT:
            if max(spec[1:]) > 0x3F:
                self.refuse("colour over 3F")
                return
            red, green, blue = (round(channel * 255 / 0x3F) for channel in spec[1:])
            self._shine(spec[0], (red, green, blue))
        elif command == PALETTE_LIGHT:
            self._shine(spec[0], PALETTE[spec[1]])
        elif command in (FLASH, PULSE):
            self._shine(spec[1], PALETTE[spec[2]], moves=True)
        else:
            for row in range(8):
                for column in range(8):
                    if command == ALL or spec[0] == (column if command == COLUMN else row):
                        self.shine((column, row), PALETTE[spec[-1]])

    def _shine(self, index: int, colour: Colour, moves: bool = False) -> None:
        row, column = divmod(index, 10)
        if index in TOP:
            self.shine(("cc", index), colour, moves)
        elif 1 <= row <= 8 and column == 9:
            self.shine(("note", index), colour, moves)
        elif 1 <= row <= 8 and 1 <= column <= 8:
            self.shine((column - 1, row - 1), colour, moves)
        else:
            self.refuse("light")

    def short(self, status: int, channel: int, first: int, second: int, now_s: float, port: int) -> Iterable[bytes]:
        if status not in (NOTE_OFF, NOTE_ON, CC) or (status == CC) != (first in TOP) or channel > 2:
            return self.refuse("short")
        self._shine(first, PALETTE[0 if status == NOTE_OFF else second], moves=channel > 0)
        return []

    def note(self, column: int, row: int) -> int:
        """The note of a pad: other ones in User 1, whose grid is a drum rack."""
        if self.layout == USER_1:
            return 36 + 4 * row + column % 4 + 32 * (column // 4)
        return 10 * (row + 1) + column + 1

    def press(self, column: int, row: int, velocity: int = 100) -> list[bytes]:
        return self.say(NOTE_ON, self.note(column, row), velocity)

    def release(self, column: int, row: int) -> list[bytes]:
        return self.say(NOTE_ON, self.note(column, row), 0)

    def button(self, number: int, is_down: bool = True) -> list[bytes]:
        """A round button, by its control change (top) or note (right)."""
        return self.say(CC if number in TOP else NOTE_ON, number, 127 if is_down else 0)
