"""Ableton Push 2: a palette that can be rewritten, two ports, and a run id that gives a reboot away."""

from __future__ import annotations

from collections.abc import Iterable

from support.twins.twin import CC, CHANNEL_PRESSURE, DARK, NOTE_OFF, NOTE_ON, POLY, Colour, Port, Said, Twin

LIVE_PORT, USER_PORT = 0, 1
LIVE, USER, DUAL = 0, 1, 2
HEADER = bytes.fromhex("F0 00 21 1D 01 01")
PALETTE_WRITE, PALETTE_READ, PALETTE_APPLY, BRIGHTNESS, MODE, RUN_ID, PRESSURE = (
    0x03,
    0x04,
    0x05,
    0x06,
    0x0A,
    0x1A,
    0x1E,
)
FIRST_PAD = 36
UNKNOWN: Colour = (40, 40, 40)
"""What an entry of the palette shows that is not documented."""
DEFAULTS: dict[int, Colour] = {0: DARK, 122: (255, 255, 255), 125: (0, 0, 255), 126: (0, 255, 0), 127: (255, 0, 0)}
ENCODERS = (*range(71, 80), 14, 15)


class Push2(Twin):
    """Lights are (column, row) and ("cc", number) for buttons. `palette` is what it shows by now."""

    kind = client = "Ableton Push 2"
    ports = (Port("Ableton Push 2 Live Port"), Port("Ableton Push 2 User Port"))
    identity = bytes.fromhex("F0 7E 01 06 02 00 21 1D 67 32 02 00 01 00 3C 00 00 00 00 00 00 00 F7")
    columns, rows = 8, 8

    def __init__(self) -> None:
        self.runs = 0
        super().__init__()

    def _start(self) -> None:
        super()._start()
        self.runs += 1
        self.mode_number = LIVE
        self.palette = {index: DEFAULTS.get(index, UNKNOWN) for index in range(128)}
        self._written = dict(self.palette)
        self._codes: dict[tuple[object, int], tuple[int, bool]] = {}
        self.poly_pressure = False
        self.brightness = 8

    @property
    def mode(self) -> str:
        return {LIVE: "live", USER: "user", DUAL: "dual"}[self.mode_number]

    @property
    def _active(self) -> tuple[int, ...]:
        return {LIVE: (LIVE_PORT,), USER: (USER_PORT,), DUAL: (LIVE_PORT, USER_PORT)}[self.mode_number]

    def drift(self) -> list[bytes]:
        """The User button: all goes by the other port, which says so."""
        self.mode_number = USER if self.mode_number == LIVE else LIVE
        self._codes = {}
        self._draw()
        return [Said.by(port, (*HEADER, MODE, self.mode_number, 0xF7)) for port in (LIVE_PORT, USER_PORT)]

    def sysex(self, message: bytes, now_s: float, port: int) -> Iterable[bytes]:
        if not message.startswith(HEADER) or len(message) < len(HEADER) + 2:
            return self.refuse("sysex")
        command, data = message[len(HEADER)], message[len(HEADER) + 1 : -1]
        if command == PALETTE_WRITE and len(data) == 9:
            red, green, blue = (data[at] | data[at + 1] << 7 for at in (1, 3, 5))
            self._written[data[0]] = (red & 0xFF, green & 0xFF, blue & 0xFF)
        elif command == PALETTE_READ and len(data) == 1:
            split = [part for channel in (*self._written[data[0]], 0) for part in (channel & 0x7F, channel >> 7)]
            return [Said.by(port, (*HEADER, PALETTE_READ, data[0], *split, 0xF7))]
        elif command == PALETTE_APPLY and not data:
            self.palette = dict(self._written)
            self._draw()
        elif command == BRIGHTNESS and len(data) == 1:
            self.brightness = min(data[0], 8)  # all that USB gives it power for
        elif command == MODE and data in (b"\0", b"\1", b"\2"):
            self.mode_number = data[0]
        elif command == PRESSURE and data in (b"\0", b"\1"):
            self.poly_pressure = data == b"\1"
        elif command == RUN_ID and not data:
            return [Said.by(port, (*HEADER, RUN_ID, *(self.runs >> 7 * at & 0x7F for at in range(5)), 0xF7))]
        else:
            return self.refuse("command")
        return []

    def short(self, status: int, channel: int, first: int, second: int, now_s: float, port: int) -> Iterable[bytes]:
        if port not in self._active:
            return self.refuse("port")
        value = second if status != NOTE_OFF else 0
        if status in (NOTE_ON, NOTE_OFF) and FIRST_PAD <= first < FIRST_PAD + 64:
            row, column = divmod(first - FIRST_PAD, 8)
            self._codes[column, row] = (value, channel > 0)
        elif status == CC:
            self._codes["cc", first] = (value, channel > 0)
        else:
            return self.refuse("short")
        self._draw()
        return []

    def _draw(self) -> None:
        self.lights, self.moving = {}, set()
        for where, (code, moves) in self._codes.items():
            self.shine(where, self.palette[code], moves)

    def _say(self, *data: int) -> list[bytes]:
        return [Said.by(port, data) for port in self._active]

    def _note(self, column: int, row: int) -> int:
        return FIRST_PAD + 8 * row + column

    def press(self, column: int, row: int, velocity: int = 100) -> list[bytes]:
        return self._say(NOTE_ON, self._note(column, row), velocity)

    def release(self, column: int, row: int) -> list[bytes]:
        return self._say(NOTE_OFF, self._note(column, row), 0)

    def lean(self, column: int, row: int, pressure: int) -> list[bytes]:
        if self.poly_pressure:
            return self._say(POLY, self._note(column, row), pressure)
        return self._say(CHANNEL_PRESSURE, pressure)

    def button(self, number: int, is_down: bool = True) -> list[bytes]:
        """A button by its control change."""
        return self._say(CC, number, 127 if is_down else 0)

    def turn(self, number: int, value: int) -> list[bytes]:
        """By steps, two's complement."""
        return self._say(CC, ENCODERS[number], value & 0x7F)
