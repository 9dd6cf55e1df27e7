"""Korg nanoKONTROL2: its lights obey only in external mode, which is in its scene, or in native mode."""

from __future__ import annotations

from collections.abc import Iterable

from support.twins.twin import CC, DARK, Port, Twin

HEADER = bytes.fromhex("F0 42 40 00 01 13 00")
NATIVE_ON, NATIVE_OFF = bytes.fromhex("00 00 01 F7"), bytes.fromhex("00 00 00 F7")
READ_SCENE = bytes.fromhex("1F 10 00 F7")
SCENE = bytes.fromhex("7F 7F 02 03 05 40")
ACK, NAK = bytes.fromhex("5F 23 00 F7"), bytes.fromhex("5F 24 00 F7")
PACKED_BYTES = 388
LED_MODE = 3
"""Where the scene's byte 2 is once it is packed: the bits eight come first, then seven bytes."""
INTERNAL, EXTERNAL = 0, 1
NATIVE_CHANNEL = 15
FADERS, KNOBS = range(0, 8), range(16, 24)
SOLO, MUTE, REC = range(32, 40), range(48, 56), range(64, 72)
BUTTONS = {*SOLO, *MUTE, *REC, *range(41, 47), *range(58, 63)}
ROWS = (REC, MUTE, SOLO)
"""As they lie, from below."""
UNLIT = {58, 59, 60, 61, 62}
LIT = (255, 60, 30)


class NanoKontrol2(Twin):
    """Lights are (column, row) for R, M and S, and ("cc", number) for transport. The scene outlives the power."""

    kind = client = "nanoKONTROL2"
    ports = (Port("nanoKONTROL2 nanoKONTROL2 _ CTR"),)
    identity = bytes.fromhex("F0 7E 00 06 02 42 13 01 00 00 00 00 01 00 F7")
    columns, rows = 8, 3

    def __init__(self, is_external: bool = False) -> None:
        """As it leaves the factory, or with its lights given to the host in Korg's editor."""
        self.scene = bytearray(PACKED_BYTES)
        self.scene[LED_MODE] = EXTERNAL if is_external else INTERNAL
        super().__init__()

    def _start(self) -> None:
        super()._start()
        self.is_native = False

    @property
    def mode(self) -> str:
        if self.is_native:
            return "native"
        return "external" if self.scene[LED_MODE] == EXTERNAL else "internal"

    def sysex(self, message: bytes, now_s: float, port: int) -> Iterable[bytes]:
        if not message.startswith(HEADER):
            return self.refuse("sysex")
        rest = message[len(HEADER) :]
        if rest in (NATIVE_ON, NATIVE_OFF):
            self.is_native = rest == NATIVE_ON
            self.lights = {}
            return []
        if rest == READ_SCENE:
            return self.say(*HEADER, *SCENE, *self.scene, 0xF7)
        if rest.startswith(SCENE):
            if len(rest) != len(SCENE) + PACKED_BYTES + 1:
                return [*self.refuse("length"), *self.say(*HEADER, *NAK)]
            self.scene = bytearray(rest[len(SCENE) : -1])
            return self.say(*HEADER, *ACK)
        return self.refuse("command")

    def short(self, status: int, channel: int, first: int, second: int, now_s: float, port: int) -> Iterable[bytes]:
        wanted = {"native": NATIVE_CHANNEL, "external": 0}.get(self.mode)
        if status != CC or channel != wanted or first not in BUTTONS - UNLIT or second not in (0, 127):
            return self.refuse("short")
        self.shine(self._where(first), LIT if second else DARK)
        return []

    def _where(self, number: int) -> tuple[object, int]:
        for row, numbers in enumerate(ROWS):
            if number in numbers:
                return number - numbers[0], row
        return "cc", number

    def _button(self, number: int, is_down: bool) -> list[bytes]:
        if self.mode == "internal":
            self.shine(self._where(number), LIT if is_down else DARK)
        return self.say(CC, number, 127 if is_down else 0)

    def press(self, column: int, row: int, velocity: int = 100) -> list[bytes]:
        return self._button(ROWS[row][column], True)

    def release(self, column: int, row: int) -> list[bytes]:
        return self._button(ROWS[row][column], False)

    def button(self, number: int, is_down: bool = True) -> list[bytes]:
        """A transport button by its control change."""
        return self._button(number, is_down)

    def turn(self, number: int, value: int) -> list[bytes]:
        return self.say(CC, KNOBS[number], value)

    def slide(self, number: int, value: int) -> list[bytes]:
        return self.say(CC, FADERS[number], value)
