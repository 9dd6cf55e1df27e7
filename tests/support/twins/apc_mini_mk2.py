"""Akai APC mini mk2: two ports, a mode it remembers, faders it tells of when asked, and lights it drops in a flood."""

from __future__ import annotations

from collections.abc import Iterable

from support.twins.palette import PALETTE
from support.twins.twin import CC, NOTE_OFF, NOTE_ON, Bucket, Port, Said, Twin, grey

CONTROL, NOTES_PORT = 0, 1
SESSION, NOTES, DRUM = 0, 1, 2
HEADER = bytes.fromhex("F0 47 7F 4F")
RGB, INTRODUCTION, POSITIONS, MODE = 0x24, 0x60, 0x61, 0x62
MOST_PADS = 4
"""Lights in one SysEx message; of one with more it shows nothing."""
FRAME_PADS, FRAMES_S = 12, 60.0
ROOM = 3 * FRAME_PADS
"""A frame that comes late meets the next two."""
BRIGHTNESS = (0.10, 0.25, 0.50, 0.65, 0.75, 0.90, 1.00)
TRACKS, SCENES, SHIFT = range(0x64, 0x6C), range(0x70, 0x78), 0x7A
RED, GREEN = (255, 0, 0), (0, 255, 0)
FADER_CCS = tuple(range(48, 57))


class ApcMiniMk2(Twin):
    """Lights are (column, row) and ("note", number) for the buttons. `mode_number` outlives the power."""

    kind = client = "APC mini mk2"
    ports = (Port("APC mini mk2 Control"), Port("APC mini mk2 Notes"))
    played = CONTROL
    identity = bytes.fromhex("F0 7E 00 06 02 47 4F 00 19 05 21 00 00 7F 00 00 00 00 F7")
    columns, rows = 8, 8

    def __init__(self, mode_number: int = SESSION) -> None:
        self.mode_number = mode_number
        self.faders = [0] * 9
        super().__init__()

    def _start(self) -> None:
        super()._start()
        self._bucket = Bucket(FRAME_PADS * FRAMES_S, ROOM)

    @property
    def mode(self) -> str:
        return {SESSION: "session", NOTES: "notes", DRUM: "drum"}[self.mode_number]

    def answers_at(self, port: int) -> bool:
        return port == CONTROL

    def drift(self, mode_number: int = NOTES) -> list[bytes]:
        """The player holds shift and picks another mode: it says so."""
        self._choose(mode_number)
        return self.say(*HEADER, MODE, 0, 1, mode_number, 0xF7)

    def _choose(self, mode_number: int) -> None:
        """A mode draws its own grid; what was there is gone."""
        if mode_number != self.mode_number:
            self.mode_number = mode_number
            for where in [where for where in self.lights if isinstance(where[0], int)]:  # type: ignore[index]
                self.shine(where, (0, 0, 0))

    def sysex(self, message: bytes, now_s: float, port: int) -> Iterable[bytes]:
        if port != CONTROL or not message.startswith(HEADER) or len(message) < len(HEADER) + 4:
            return self.refuse("sysex")
        command, length = message[4], message[5] << 7 | message[6]
        data = message[7:-1]
        if length != len(data):
            return self.refuse("length")
        if command == RGB:
            return self._ranges(data, now_s)
        if command == INTRODUCTION and length == 4:
            return self.say(*HEADER, POSITIONS, 0, 9, *self.faders, 0xF7)
        if command == MODE and length == 1 and data[0] in (SESSION, NOTES, DRUM):
            self._choose(data[0])
            return []
        return self.refuse("command")

    def _ranges(self, data: bytes, now_s: float) -> list[bytes]:
        if not data or len(data) % 8:
            return self.refuse("length")
        blocks = [data[at : at + 8] for at in range(0, len(data), 8)]
        pads = sum(max(0, block[1] - block[0] + 1) for block in blocks)
        if self.mode_number != SESSION:
            return self.refuse("light outside session mode")
        if pads > MOST_PADS:
            return self.refuse("too many pads")
        if not self._bucket.takes(pads, now_s):
            return self.refuse("flood")
        for first, last, *split in blocks:
            red, green, blue = ((split[at] << 7 | split[at + 1]) & 0xFF for at in (0, 2, 4))
            for note in range(first, min(last, 63) + 1):
                self.shine((note % 8, note // 8), (red, green, blue))
        return []

    def short(self, status: int, channel: int, first: int, second: int, now_s: float, port: int) -> Iterable[bytes]:
        if port != CONTROL or status not in (NOTE_ON, NOTE_OFF):
            return self.refuse("short")
        if not self._bucket.takes(1, now_s):
            return self.refuse("flood")
        value = second if status == NOTE_ON else 0
        if first < 64:
            if self.mode_number != SESSION:
                return self.refuse("light outside session mode")
            level = BRIGHTNESS[channel] if channel < len(BRIGHTNESS) else 1.0
            self.shine((first % 8, first // 8), grey(level, PALETTE[value]), moves=channel >= len(BRIGHTNESS))
        elif (first in TRACKS or first in SCENES) and channel == 0 and value < 3:
            colour = RED if first in TRACKS else GREEN
            self.shine(("note", first), colour if value else (0, 0, 0), moves=value == 2)
        else:
            return self.refuse("light")
        return []

    def _pad(self, status: int, column: int, row: int, velocity: int) -> list[bytes]:
        note = 8 * row + column
        if self.mode_number == SESSION:
            return [Said.by(CONTROL, (status, note, velocity))]
        if self.mode_number == DRUM:
            return [Said.by(NOTES_PORT, (status | 9, 0x40 + note, velocity))]
        return [Said.by(NOTES_PORT, (status, 36 + note % 64, velocity))]

    def press(self, column: int, row: int, velocity: int = 100) -> list[bytes]:
        return self._pad(NOTE_ON, column, row, 127)

    def release(self, column: int, row: int) -> list[bytes]:
        return self._pad(NOTE_OFF, column, row, 0)

    def button(self, number: int, is_down: bool = True) -> list[bytes]:
        """A track, scene or shift button by its note."""
        return self.say(NOTE_ON if is_down else NOTE_OFF, number, 127 if is_down else 0)

    def slide(self, number: int, value: int) -> list[bytes]:
        self.faders[number] = value
        return self.say(CC, FADER_CCS[number], value)
