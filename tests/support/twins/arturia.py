"""Arturia's BeatStep, whose pads lose their colour when they are let go, and MiniLab 3, which wants to be met."""

from __future__ import annotations

from collections.abc import Iterable

from support.twins.twin import CC, DARK, NOTE_OFF, NOTE_ON, POLY, Bucket, Colour, Port, Twin, from_7_bit

HEADER = bytes.fromhex("F0 00 20 6B 7F 42")
PADS_CHANNEL, FIRST_NOTE = 9, 36
BEATSTEP_COLOURS: dict[int, Colour] = {0x00: DARK, 0x01: (255, 0, 0), 0x10: (0, 0, 255), 0x11: (255, 0, 255)}
ROOM = 16
"""Messages that may come at once: all that one frame of a sound server brings."""


class BeatStep(Twin):
    """Lights are (column, row) and ("transport", 58 or 59). One SysEx a millisecond is as much as it takes."""

    kind = client = "Arturia BeatStep"
    ports = (Port("Arturia BeatStep MIDI 1"),)
    columns, rows = 8, 2
    overrides = True
    KNOB_CCS = (10, 74, 71, 76, 77, 93, 73, 75, 114, 18, 19, 16, 17, 91, 79, 72)

    def _start(self) -> None:
        super()._start()
        self._bucket = Bucket(1000.0, ROOM)

    def sysex(self, message: bytes, now_s: float, port: int) -> Iterable[bytes]:
        if not self._bucket.takes(1, now_s):
            return self.refuse("too fast")
        if not message.startswith(HEADER + b"\x02\x00\x10") or len(message) != len(HEADER) + 6:
            return self.refuse("sysex")
        pad, value = message[-3], message[-2]
        if value not in BEATSTEP_COLOURS:
            return self.refuse("colour")
        if pad in range(0x70, 0x80):
            self.shine(((pad - 0x70) % 8, 1 - (pad - 0x70) // 8), BEATSTEP_COLOURS[value])
        elif pad in (0x58, 0x59):
            self.shine(("transport", pad), BEATSTEP_COLOURS[value])
        else:
            return self.refuse("light")
        return []

    def _note(self, column: int, row: int) -> int:
        return FIRST_NOTE + 8 * row + column

    def press(self, column: int, row: int, velocity: int = 100) -> list[bytes]:
        return self.say(NOTE_ON | PADS_CHANNEL, self._note(column, row), velocity)

    def release(self, column: int, row: int) -> list[bytes]:
        self.shine((column, row), DARK)
        return self.say(NOTE_OFF | PADS_CHANNEL, self._note(column, row), 0)

    def lean(self, column: int, row: int, pressure: int) -> list[bytes]:
        return self.say(POLY | PADS_CHANNEL, self._note(column, row), pressure)

    def turn(self, number: int, value: int) -> list[bytes]:
        """By steps, two's complement."""
        return self.say(CC, self.KNOB_CCS[number], value & 0x7F)


class MiniLab3(Twin):
    """Lights are (column, row) for the bank of pads it is on, and ("transport", 57-5B)."""

    kind = "MiniLab 3"
    client = "Minilab3"
    ports = (Port("Minilab3 Minilab3 MIDI"),)
    identity = bytes.fromhex("F0 7E 7F 06 02 00 20 6B 02 00 04 08 02 00 00 01 F7")
    columns, rows = 8, 1
    CONNECT, LEAVE = bytes.fromhex("02 02 40 6A 21"), bytes.fromhex("02 02 40 6A 20")
    BANKS = (range(0x34, 0x3C), range(0x44, 0x4C))
    KNOB_CCS, FADER_CCS = (86, 87, 89, 90, 110, 111, 116, 117), (14, 15, 30, 31)

    def _start(self) -> None:
        super()._start()
        self.is_daw, self.bank = False, 0
        self._pads: list[list[Colour]] = [[DARK] * 8 for _ in self.BANKS]
        self._bucket = Bucket(500.0, ROOM)

    @property
    def mode(self) -> str:
        return "daw" if self.is_daw else "arturia"

    def drift(self) -> list[bytes]:
        """The player picks the Arturia program by hand."""
        self._enter(False)
        return []

    def _enter(self, is_daw: bool) -> None:
        if is_daw != self.is_daw:
            self._start()
            self.is_daw = is_daw

    def sysex(self, message: bytes, now_s: float, port: int) -> Iterable[bytes]:
        if not message.startswith(HEADER):
            return self.refuse("sysex")
        if not self._bucket.takes(1, now_s):
            return self.refuse("too fast")
        rest = message[len(HEADER) : -1]
        if rest in (self.CONNECT, self.LEAVE):
            self._enter(rest == self.CONNECT)
        elif not self.is_daw:
            return self.refuse("light outside daw mode")
        elif rest.startswith(b"\x02\x02\x16") and len(rest) == 7:
            self._one(rest[3], rest[4:])
        elif rest.startswith(b"\x04\x02\x16") and len(rest) == 28 and rest[3] < 2:
            for pad in range(8):
                self._one(self.BANKS[rest[3]][pad], rest[4 + 3 * pad : 7 + 3 * pad])
        elif rest.startswith(b"\x04\x02\x60"):
            self.display = bytes(byte for byte in rest[3:] if 32 <= byte < 127).decode("ascii")
        elif not rest.startswith((b"\x21\x10\x00", b"\x01\x00\x40\x01")):
            return self.refuse("command")
        return []

    def _one(self, light: int, value: bytes) -> None:
        red, green, blue = (from_7_bit(channel) for channel in value)
        for bank, lights in enumerate(self.BANKS):
            if light in lights:
                self._pads[bank][light - lights[0]] = (red, green, blue)
        if light in range(0x57, 0x5C):
            self.shine(("transport", light), (red, green, blue))
        for column, colour in enumerate(self._pads[self.bank]):
            self.shine((column, 0), colour)

    def _note(self, column: int) -> int:
        return FIRST_NOTE + 8 * self.bank + column

    def press(self, column: int, row: int, velocity: int = 100) -> list[bytes]:
        return self.say(NOTE_ON | PADS_CHANNEL, self._note(column), velocity)

    def release(self, column: int, row: int) -> list[bytes]:
        return self.say(NOTE_OFF | PADS_CHANNEL, self._note(column), 0)

    def turn(self, number: int, value: int) -> list[bytes]:
        return self.say(CC, self.KNOB_CCS[number], value)

    def slide(self, number: int, value: int) -> list[bytes]:
        return self.say(CC, self.FADER_CCS[number], value)
