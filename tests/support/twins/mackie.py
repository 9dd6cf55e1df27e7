"""A Mackie Control with an X-Touch's colours: motors, rings, meters, two lines of text, and fingers on its faders."""

from __future__ import annotations

from collections.abc import Iterable

from support.twins.twin import BEND, CC, CHANNEL_PRESSURE, DARK, NOTE_OFF, NOTE_ON, Port, Twin, grey

HEADER = bytes.fromhex("F0 00 00 66 14")
SERIAL, CHALLENGE = b"SNT0001", b"\x01\x02\x03\x04"
LINE, LINES = 56, 2
REC, SOLO, MUTE, SELECT, PUSH = range(0x00, 0x08), range(0x08, 0x10), range(0x10, 0x18), range(0x18, 0x20), 0x20
FIRST_TOUCH = 0x68
ROWS = (SELECT, MUTE, SOLO, REC)
"""As they lie, from below."""
COLOURS = {REC: (255, 0, 0), SOLO: (255, 180, 0), MUTE: (255, 0, 0), SELECT: (0, 255, 0)}
STRIP_COLOURS = tuple((255 * (code & 1), 255 * (code >> 1 & 1), 255 * (code >> 2)) for code in range(8))
LED_OFF, LED_FLASH, LED_ON = 0x00, 0x01, 0x7F
TOP_LEVEL, OVERLOAD, NO_OVERLOAD = 0x0D, 0x0E, 0x0F


class Mackie(Twin):
    """Lights are (column, row) for REC, SOLO, MUTE and SELECT of eight strips, ("note", number) for others, and
    ("ring", 0-7). `faders` are where the motors have them, 0 to 16383; `meters` 0 to 13; `strips` the colours."""

    kind = client = "X-Touch"
    ports = (Port("X-Touch MIDI 1"),)
    columns, rows = 8, 4

    def __init__(self, needs_handshake: bool = False) -> None:
        self._needs_handshake = needs_handshake
        super().__init__()

    def _start(self) -> None:
        super()._start()
        self.is_met = not self._needs_handshake
        self.faders = [0] * 9
        self.touched = [False] * 9
        self.meters, self.overloads = [0] * 8, [False] * 8
        self.ring_codes = [0] * 8
        self.strips = [STRIP_COLOURS[7]] * 8
        self._text = bytearray(b" " * LINE * LINES)
        self.display = self._lines()

    def _lines(self) -> str:
        text = self._text.decode("ascii")
        return f"{text[:LINE]}\n{text[LINE:]}"

    @property
    def mode(self) -> str:
        return "met" if self.is_met else "waiting for a host"

    def sysex(self, message: bytes, now_s: float, port: int) -> Iterable[bytes]:
        if not message.startswith(HEADER) or len(message) < 7:
            return self.refuse("sysex")
        command, data = message[5], message[6:-1]
        if command == 0x00 and not data:
            self.is_met = True
            return self.say(*HEADER, 0x01, *SERIAL, *CHALLENGE, 0xF7)
        if not self.is_met:
            return self.refuse("not met")
        if command == 0x12 and data and data[0] + len(data) - 1 <= LINE * LINES:
            self._text[data[0] : data[0] + len(data) - 1] = bytes(min(max(byte, 0x20), 0x7E) for byte in data[1:])
            self.display = self._lines()
        elif command == 0x72 and len(data) == 8 and max(data) < 8:
            self.strips = [STRIP_COLOURS[code] for code in data]
        elif command == 0x08 and data == b"\x00":
            self._start()
            self.is_met = True
        elif command not in (0x09, 0x0A, 0x0E):
            return self.refuse("command")
        return []

    def short(self, status: int, channel: int, first: int, second: int, now_s: float, port: int) -> Iterable[bytes]:
        if not self.is_met:
            return self.refuse("not met")
        if status == BEND and channel < 9:
            if self.touched[channel]:
                return self.refuse("fader while touched")
            self.faders[channel] = second << 7 | first
        elif status in (NOTE_ON, NOTE_OFF) and channel == 0:
            self._led(first, second if status == NOTE_ON else LED_OFF)
        elif status == CC and channel == 0 and first in range(0x30, 0x38):
            self._ring(first - 0x30, second)
        elif status == CHANNEL_PRESSURE and channel == 0 and first < 0x80:
            self._meter(first >> 4, first & 0x0F)
        elif not (status == CC and first in range(0x40, 0x4C)):
            return self.refuse("short")
        return []

    def _led(self, note: int, value: int) -> None:
        if value not in (LED_OFF, LED_FLASH, LED_ON):
            self.refuse("led")
            return
        where, colour = ("note", note), (255, 255, 255)
        for row, notes in enumerate(ROWS):
            if note in notes:
                where, colour = (note - notes[0], row), COLOURS[notes]  # type: ignore[assignment]
        self.shine(where, DARK if value == LED_OFF else colour, moves=value == LED_FLASH)

    def _ring(self, ring: int, code: int) -> None:
        """The low nibble is the place, bits 4 and 5 how it is drawn, bit 6 the light below."""
        place = code & 0x0F
        if place > 11:
            self.refuse("ring")
            return
        self.ring_codes[ring] = code
        self.shine(("ring", ring), grey(place / 11, (255, 160, 0)))

    def _meter(self, strip: int, level: int) -> None:
        if level <= TOP_LEVEL:
            self.meters[strip] = level
        else:
            self.overloads[strip] = level == OVERLOAD

    def _key(self, note: int, is_down: bool) -> list[bytes]:
        return self.say(NOTE_ON, note, 127 if is_down else 0)

    def press(self, column: int, row: int, velocity: int = 100) -> list[bytes]:
        return self._key(ROWS[row][column], True)

    def release(self, column: int, row: int) -> list[bytes]:
        return self._key(ROWS[row][column], False)

    def button(self, number: int, is_down: bool = True) -> list[bytes]:
        """A key by its note."""
        return self._key(number, is_down)

    def touch(self, number: int, is_touched: bool = True) -> list[bytes]:
        """A finger on a fader, or off it."""
        self.touched[number] = is_touched
        return self._key(FIRST_TOUCH + number, is_touched)

    def turn(self, number: int, value: int) -> list[bytes]:
        return self.say(CC, 0x10 + number, value if value >= 0 else 0x40 - value)

    def slide(self, number: int, value: int) -> list[bytes]:
        """A fader to 0..127, as fine as it goes."""
        fine = round(value * 16383 / 127)
        self.faders[number] = fine
        return self.say(BEND | number, fine & 0x7F, fine >> 7)
