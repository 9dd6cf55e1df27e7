"""Launchpad X, Mini MK3 and Pro MK3: RGB pads, live and programmer modes, SysEx with many lights at a time."""

from __future__ import annotations

from collections.abc import Iterable

from support.twins.palette import PALETTE
from support.twins.twin import CC, DARK, NOTE_OFF, NOTE_ON, POLY, Colour, Port, Said, Twin, from_7_bit

STATIC, FLASH, PULSE, RGB = range(4)
_SPEC_BYTES = {STATIC: 3, FLASH: 4, PULSE: 3, RGB: 5}
LIVE_NOTES = 36
"""In live mode pads play a scale or a drum rack of the player's choice: other notes than the programmer's."""


class LaunchpadMk3(Twin):
    """Lights are (column, row), ("cc", number) for round buttons, and ("logo", 99)."""

    header = b""
    columns, rows = 8, 8
    most_specs = 81
    programmer_layout: tuple[int, ...] = (0x7F,)
    has_velocity = True

    def _start(self) -> None:
        super()._start()
        self._layers: dict[int, dict[int, Colour]] = {STATIC: {}, FLASH: {}, PULSE: {}}
        self.layout: tuple[int, ...] = (0,)
        self.is_programmer = False
        self.is_awake = True
        self.brightness = 0x7F
        self.feedback = (1, 1)

    @property
    def mode(self) -> str:
        return "programmer" if self.is_programmer else "live"

    def answers_at(self, port: int) -> bool:
        return port == self.played

    def drift(self) -> list[bytes]:
        """The player leaves programmer mode by hand; the device says nothing of it."""
        self._enter(False)
        return []

    def sysex(self, message: bytes, now_s: float, port: int) -> Iterable[bytes]:
        if port != self.played or not message.startswith(self.header) or len(message) < len(self.header) + 2:
            return self.refuse("sysex")
        command, data = message[len(self.header)], message[len(self.header) + 1 : -1]
        if command == 0x03:
            return self._specs(data)
        return self._setting(command, data)

    def _setting(self, command: int, data: bytes) -> Iterable[bytes]:
        if command == 0x0E:
            if data in (b"\x00", b"\x01"):
                self._enter(data == b"\x01")
            return self._tell(command, (int(self.is_programmer),), data)
        if command == 0x00:
            if data:
                self.layout = tuple(data)
                self._enter(self.layout == self.programmer_layout)
            return self._tell(command, self.layout, data)
        if command == 0x08:
            self.brightness = data[0] if data else self.brightness
            return self._tell(command, (self.brightness,), data)
        if command == 0x09:
            self.is_awake = bool(data[0]) if data else self.is_awake
            return self._tell(command, (int(self.is_awake),), data)
        if command == 0x0A and len(data) in (0, 2):
            self.feedback = (data[0], data[1]) if data else self.feedback
            return self._tell(command, self.feedback, data)
        return self.refuse("command")

    def _tell(self, command: int, values: Iterable[int], asked: bytes) -> list[bytes]:
        """The same command without data reads back."""
        return [] if asked else self.say(*self.header, command, *values, 0xF7)

    def _enter(self, programmer: bool) -> None:
        """Steady lights are redrawn with the mode; flashing and pulsing ones outlive it."""
        if programmer == self.is_programmer:
            return
        self.is_programmer = programmer
        self.layout = self.programmer_layout if programmer else (0,)
        self._layers[STATIC] = {}
        self._draw()

    def _specs(self, data: bytes) -> list[bytes]:
        if not self.is_programmer:
            return self.refuse("light in live mode")
        specs = []
        while data:
            size = _SPEC_BYTES.get(data[0], 0)
            if not size or len(data) < size:
                return self.refuse("spec")
            specs.append(data[:size])
            data = data[size:]
        if len(specs) > self.most_specs:
            return self.refuse("too many specs")
        for spec in specs:
            self._put(spec[1], spec[0], spec[2:])
        self._draw()
        return []

    def _put(self, index: int, kind: int, value: bytes) -> None:
        """SysEx says all of a light: what was there before is gone."""
        for layer in self._layers.values():
            layer.pop(index, None)
        if kind == RGB:
            red, green, blue = (from_7_bit(channel) for channel in value)
            self._layers[STATIC][index] = (red, green, blue)
        else:
            self._layers[kind][index] = PALETTE[value[0]]

    def short(self, status: int, channel: int, first: int, second: int, now_s: float, port: int) -> Iterable[bytes]:
        is_pad = first in range(11, 89) and first % 10 in range(1, 9)
        if port != self.played or status not in (NOTE_OFF, NOTE_ON, CC) or (status == CC) == is_pad:
            return self.refuse("short")
        if not self.is_programmer:
            return self.refuse("light in live mode")
        if channel not in self._layers:
            return self.refuse("channel")
        layer = self._layers[channel]
        if status == NOTE_OFF or second == 0:
            layer.pop(first, None)
        else:
            layer[first] = PALETTE[second]
        self._draw()
        return []

    def _draw(self) -> None:
        self.lights, self.moving = {}, set()
        for kind, layer in self._layers.items():
            for index, colour in layer.items():
                self.shine(self._where(index), colour, moves=kind != STATIC)

    def _where(self, index: int) -> tuple[object, int]:
        row, column = divmod(index, 10)
        if 1 <= row <= 8 and 1 <= column <= 8:
            return column - 1, row - 1
        return ("logo" if index == 99 else "cc"), index

    def light(self, column: int, row: int) -> Colour:
        return super().light(column, row) if self.is_awake else DARK

    def note(self, column: int, row: int) -> int:
        """The note of a pad in the mode it is in."""
        if self.is_programmer:
            return 10 * (row + 1) + column + 1
        return LIVE_NOTES + 4 * row + column % 4 + 32 * (column // 4)

    def press(self, column: int, row: int, velocity: int = 100) -> list[bytes]:
        return self.say(NOTE_ON, self.note(column, row), velocity if self.has_velocity else 127)

    def release(self, column: int, row: int) -> list[bytes]:
        return self.say(NOTE_ON, self.note(column, row), 0)

    def lean(self, column: int, row: int, pressure: int) -> list[bytes]:
        return self.say(POLY, self.note(column, row), pressure) if self.has_velocity else []

    def button(self, number: int, is_down: bool = True) -> list[bytes]:
        """A round button by its control change."""
        return [Said.by(self.played, (CC, number, 127 if is_down else 0))]


class LaunchpadX(LaunchpadMk3):
    kind = client = "Launchpad X"
    ports = (Port("Launchpad X MIDI 1"), Port("Launchpad X MIDI 2"))
    played = 1
    header = bytes.fromhex("F0 00 20 29 02 0C")
    identity = bytes.fromhex("F0 7E 00 06 02 00 20 29 03 01 00 00 00 03 05 02 F7")


class LaunchpadMiniMk3(LaunchpadMk3):
    kind = client = "Launchpad Mini MK3"
    ports = (
        Port("Launchpad Mini MK3 LPMiniMK3 DA"),  # ALSA cuts the names the device gives
        Port("Launchpad Mini MK3 LPMiniMK3 MI"),
    )
    played = 1
    header = bytes.fromhex("F0 00 20 29 02 0D")
    identity = bytes.fromhex("F0 7E 00 06 02 00 20 29 13 01 00 00 00 04 00 07 F7")
    has_velocity = False


class LaunchpadProMk3(LaunchpadMk3):
    kind = client = "Launchpad Pro MK3"
    ports = (Port("Launchpad Pro MK3 MIDI 1"), Port("Launchpad Pro MK3 MIDI 2"), Port("Launchpad Pro MK3 MIDI 3"))
    header = bytes.fromhex("F0 00 20 29 02 0E")
    identity = bytes.fromhex("F0 7E 00 06 02 00 20 29 23 01 00 00 00 04 06 05 F7")
    most_specs = 106
    programmer_layout = (0x11, 0, 0)
