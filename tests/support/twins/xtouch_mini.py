"""Behringer X-Touch Mini: white rings and amber buttons, in its own mode and in Mackie's."""

from __future__ import annotations

from collections.abc import Iterable

from support.twins.twin import BEND, CC, DARK, NOTE_OFF, NOTE_ON, PROGRAM, Port, Twin, grey

HEADER = bytes.fromhex("F0 40 41 42")
SET_MODE, QUERY = 0x59, 0x51
STANDARD, MACKIE = 0, 1
CHANNEL = 10
"""What it sends in standard mode, counted from 0."""
AMBER = (255, 150, 0)
MACKIE_BUTTONS = ((87, 88, 91, 92, 86, 93, 94, 95), (89, 90, 40, 41, 42, 43, 44, 45))
RING_STEPS = 11
_RING_STARTS = (0, 0x10, 0x20, 0x30, 0x40)
"""Single, trim or pan, fan, spread; what spread's bit is, is told in two ways."""


class XTouchMini(Twin):
    """Lights are (column, row) for the two rows of buttons and ("ring", 0-7)."""

    kind = "X-Touch Mini"
    client = "X-TOUCH MINI"
    ports = (Port("X-TOUCH MINI MIDI 1"),)
    columns, rows = 8, 2

    def _start(self) -> None:
        super()._start()
        self.mode_number, self.layer = STANDARD, 0
        self.styles = [0] * 8

    @property
    def mode(self) -> str:
        return "mackie" if self.mode_number == MACKIE else "standard"

    def drift(self) -> list[bytes]:
        """Switched on again with the other mode's button held."""
        self._enter(MACKIE if self.mode_number == STANDARD else STANDARD)
        return []

    def _enter(self, mode: int) -> None:
        if mode != self.mode_number:
            self._start()
            self.mode_number = mode

    def sysex(self, message: bytes, now_s: float, port: int) -> Iterable[bytes]:
        if not message.startswith(HEADER) or len(message) < 6:
            return self.refuse("sysex")
        if message[4] == SET_MODE and message[5] <= 1 and message[6:] == bytes(8) + b"\xf7":
            self._enter(message[5])
            return []
        if message[4] == QUERY and message[5:] == bytes(8) + b"\xf7":
            return self.say(*HEADER, QUERY, 0, CHANNEL, self.mode_number, 0, 1, 8, self.layer, 0, 0xF7)
        return self.refuse("command")

    def short(self, status: int, channel: int, first: int, second: int, now_s: float, port: int) -> Iterable[bytes]:
        if status == CC and channel == 0 and first == 127 and second in (STANDARD, MACKIE):
            self._enter(second)
        elif self.mode_number == MACKIE:
            return self._mackie(status, channel, first, second)
        elif status == PROGRAM and channel == 0 and first < 2:
            self.layer = first
        elif status == CC and channel == 0 and 1 <= first <= 8 and second <= 4:
            self.styles[first - 1] = second
        elif status == CC and channel == 0 and 9 <= first <= 16 and second <= 28:
            self._standard_ring(first - 9, second)
        elif status in (NOTE_ON, NOTE_OFF) and channel == 0 and first < 16 and second <= 2:
            value = second if status == NOTE_ON else 0
            self.shine((first % 8, 1 - first // 8), AMBER if value else DARK, moves=value == 2)
        elif status == CC and channel == CHANNEL and 1 <= first <= 8:
            self.shine(("ring", first - 1), grey(max(1, round(second * 13 / 127)) / 13))
        else:
            return self.refuse("short")
        return []

    def _standard_ring(self, ring: int, value: int) -> None:
        if value in (27, 28):
            self.shine(("ring", ring), grey(1.0), moves=value == 28)
        else:
            self.shine(("ring", ring), grey(((value - 1) % 13 + 1) / 13 if value else 0.0), moves=value > 13)

    def _mackie(self, status: int, channel: int, first: int, second: int) -> list[bytes]:
        if status == CC and channel == 0 and 48 <= first <= 55:
            start = max(start for start in _RING_STARTS if start <= second)
            step = second - start
            if step > RING_STEPS:
                return self.refuse("ring")
            self.shine(("ring", first - 48), grey(step / RING_STEPS))
            return []
        value = second if status == NOTE_ON else 0
        for row, notes in enumerate(MACKIE_BUTTONS):
            if status in (NOTE_ON, NOTE_OFF) and channel == 0 and first in notes and value in (0, 1, 127):
                self.shine((notes.index(first), row), AMBER if value else DARK, moves=value == 1)
                return []
        return self.refuse("short")

    def _button(self, status: int, column: int, row: int) -> list[bytes]:
        if self.mode_number == MACKIE:
            return self.say(NOTE_ON, MACKIE_BUTTONS[row][column], 127 if status == NOTE_ON else 0)
        note = 8 + 8 * (1 - row) + column + 24 * self.layer
        return self.say(status | CHANNEL, note, 127 if status == NOTE_ON else 0)

    def press(self, column: int, row: int, velocity: int = 100) -> list[bytes]:
        return self._button(NOTE_ON, column, row)

    def release(self, column: int, row: int) -> list[bytes]:
        return self._button(NOTE_OFF, column, row)

    def push(self, number: int, is_down: bool = True) -> list[bytes]:
        """An encoder is pushed, or let go."""
        if self.mode_number == MACKIE:
            return self.say(NOTE_ON, 32 + number, 127 if is_down else 0)
        return self.say((NOTE_ON if is_down else NOTE_OFF) | CHANNEL, number + 24 * self.layer, 127 if is_down else 0)

    def turn(self, number: int, value: int) -> list[bytes]:
        if self.mode_number == MACKIE:
            return self.say(CC, 16 + number, value if value >= 0 else 64 - value)
        self.shine(("ring", number), grey(max(1, round(value * 13 / 127)) / 13))
        return self.say(CC | CHANNEL, number + 1 + 10 * self.layer, value)

    def slide(self, number: int, value: int) -> list[bytes]:
        if self.mode_number == MACKIE:
            return self.say(BEND | 8, value & 1 and 127, value)
        return self.say(CC | CHANNEL, 9 + self.layer, value)
