"""What every twin is: a program that behaves as a controller is documented to, on the other end of its MIDI ports.

Twins are written from what makers and measurements say of the devices, never from how the instrument talks to them:
where the two disagree, a test fails. They know no ports and no clocks; `plug` gives them both.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

Colour = tuple[int, int, int]
"""Red, green, blue, 0 to 255: what an eye sees on the device."""

DARK: Colour = (0, 0, 0)
LOG_MESSAGES = 20_000
SYSEX, END = 0xF0, 0xF7
NOTE_OFF, NOTE_ON, POLY, CC, PROGRAM, CHANNEL_PRESSURE, BEND = 0x80, 0x90, 0xA0, 0xB0, 0xC0, 0xD0, 0xE0
IDENTITY_REQUEST = bytes.fromhex("F0 7E 7F 06 01 F7")
_LENGTHS = {0x80: 3, 0x90: 3, 0xA0: 3, 0xB0: 3, 0xC0: 2, 0xD0: 2, 0xE0: 3}
_SYSTEM_LENGTHS = {0xF1: 2, 0xF2: 3, 0xF3: 2}
_FIRST_REAL_TIME = 0xF8


class Said(bytes):
    """A message of a twin, and the number of the port that it goes out by."""

    port: int = 0

    @classmethod
    def by(cls, port: int, data: Iterable[int]) -> Said:
        said = cls(bytes(data))
        said.port = port
        return said


@dataclass(frozen=True)
class Port:
    """A port as Linux names it: `out` is what the device sends by, `into` what it listens at; the same if not given."""

    out: str
    into: str = ""

    @property
    def name_into(self) -> str:
        return self.into or self.out


class Splitter:
    """Whole messages from a stream of bytes: running status, real time in between, SysEx in pieces."""

    def __init__(self) -> None:
        self._status = 0
        self._held = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        whole = []
        for byte in data:
            if byte >= _FIRST_REAL_TIME:
                whole.append(bytes((byte,)))
            elif (message := self._take(byte)) is not None:
                whole.append(message)
        return whole

    def _take(self, byte: int) -> bytes | None:
        if byte == END:
            message, self._held, self._status = bytes((*self._held, END)), bytearray(), 0
            return message if message[0] == SYSEX else None
        if byte >= 0x80:
            self._status, self._held = byte, bytearray((byte,))
            if byte == SYSEX or self._needed() > 1:
                return None
            self._held = bytearray()
            return bytes((byte,))
        if not self._status:
            return None
        if not self._held:  # running status
            self._held.append(self._status)
        self._held.append(byte)
        if self._status == SYSEX or len(self._held) < self._needed():
            return None
        message, self._held = bytes(self._held), bytearray()
        if message[0] >= SYSEX:
            self._status = 0
        return message

    def _needed(self) -> int:
        if self._status >= SYSEX:
            return _SYSTEM_LENGTHS.get(self._status, 1)
        return _LENGTHS[self._status & 0xF0]


class Bucket:
    """How much a device can take: `rate` units a second, and `room` of them at once."""

    def __init__(self, rate: float, room: float) -> None:
        self.rate, self.room = rate, room
        self._filled = 0.0
        self._at_s: float | None = None

    def takes(self, units: float, now_s: float) -> bool:
        """Whether it takes these; what it does not take is lost."""
        if self._at_s is not None:
            self._filled = max(0.0, self._filled - (now_s - self._at_s) * self.rate)
        self._at_s = now_s
        if self._filled + units > self.room:
            return False
        self._filled += units
        return True


class Twin:
    """A device. Columns count from the left, rows from the bottom, all from 0.

    `lights` is what its lights show: of pads by (column, row), of others by (what, number), as each kind says; what is
    dark is not in it. `moving` names those that blink or pulse by themselves. `display` is its text.
    """

    kind = ""
    client = ""
    ports: tuple[Port, ...] = ()
    played = 0
    """The number of the port that its pads and knobs are heard by, and its lights told by."""
    identity: bytes | None = None
    """Its reply to an identity request, as documented; None where none is."""
    columns, rows = 0, 0
    overrides = False
    """Whether it changes lights by itself when pads are let go."""

    def __init__(self) -> None:
        self.refused: Counter[str] = Counter()
        self.log: deque[tuple[float, int, bytes]] = deque(maxlen=LOG_MESSAGES)
        """All it heard: when (s), at which port, what."""
        self.display: str = ""
        self._streams = [Splitter() for _ in self.ports]
        self._start()

    def _start(self) -> None:
        """Everything as it is after the power comes on. Kinds add theirs."""
        self.lights: dict[Hashable, Colour] = {}
        self.moving: set[Hashable] = set()

    def reboot(self) -> None:
        """Lose power and come back: only what the device writes down stays."""
        self._streams = [Splitter() for _ in self.ports]
        self._start()

    @property
    def mode(self) -> str:
        """Its mode, in the device's own words; empty where it has but one."""
        return ""

    def hear(self, data: bytes, now_s: float = 0.0, port: int | None = None) -> list[bytes]:
        """Bytes come in; what it answers. `now_s` is when, on any clock that does not go back."""
        at = self.played if port is None else port
        answers: list[bytes] = []
        for message in self._streams[at].feed(data):
            self.log.append((now_s, at, message))
            answers += self._hear(message, now_s, at)
        return answers

    def _hear(self, message: bytes, now_s: float, port: int) -> Iterable[bytes]:
        if message == IDENTITY_REQUEST:
            return [] if self.identity is None or not self.answers_at(port) else [Said.by(port, self.identity)]
        if message[0] == SYSEX:
            return self.sysex(message, now_s, port)
        if message[0] < SYSEX:
            first, second = message[1], message[2] if len(message) > 2 else 0
            return self.short(message[0] & 0xF0, message[0] & 0x0F, first, second, now_s, port)
        return []

    def answers_at(self, port: int) -> bool:
        """Whether it replies to an identity request at this port."""
        return True

    def sysex(self, message: bytes, now_s: float, port: int) -> Iterable[bytes]:
        """A whole SysEx message, F0 and F7 included."""
        return self.refuse("sysex")

    def short(self, status: int, channel: int, first: int, second: int, now_s: float, port: int) -> Iterable[bytes]:
        """A channel message; `channel` counts from 0."""
        return self.refuse("short")

    def refuse(self, why: str) -> list[bytes]:
        """Count what it does nothing about."""
        self.refused[why] += 1
        return []

    def say(self, *data: int) -> list[bytes]:
        """One message by the port that is played."""
        return [Said.by(self.played, data)]

    def press(self, column: int, row: int, velocity: int = 100) -> list[bytes]:
        """A finger comes down on a pad."""
        raise LookupError(f"{self.kind} has no pads")

    def release(self, column: int, row: int) -> list[bytes]:
        """And goes."""
        raise LookupError(f"{self.kind} has no pads")

    def lean(self, column: int, row: int, pressure: int) -> list[bytes]:
        """The finger on a pad presses harder, or less."""
        return []

    def turn(self, number: int, value: int) -> list[bytes]:
        """A knob, counted from 0: to a value, or by as many steps where it is endless."""
        raise LookupError(f"{self.kind} has no knobs")

    def slide(self, number: int, value: int) -> list[bytes]:
        """A fader, counted from 0, to a value."""
        raise LookupError(f"{self.kind} has no faders")

    def shine(self, where: Hashable, colour: Colour, moves: bool = False) -> None:
        """A light shows this from now on."""
        self.moving.discard(where)
        if colour == DARK:
            self.lights.pop(where, None)
        else:
            self.lights[where] = colour
            if moves:
                self.moving.add(where)

    def light(self, column: int, row: int) -> Colour:
        """What a pad shows."""
        return self.lights.get((column, row), DARK)


def from_7_bit(value: int) -> int:
    """0..127 as 0..255."""
    return round(value * 255 / 127)


def grey(level: float, colour: Colour = (255, 255, 255)) -> Colour:
    """A light of one colour at a level from 0 to 1."""
    red, green, blue = (round(channel * level) for channel in colour)
    return red, green, blue
