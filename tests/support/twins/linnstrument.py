"""LinnStrument: cells of a few colours told by three control changes, and a firmware mode for the player's own."""

from __future__ import annotations

from collections.abc import Iterable

from support.twins.twin import CC, DARK, NOTE_OFF, NOTE_ON, POLY, Colour, Port, Twin

COLUMN_CC, ROW_CC, COLOUR_CC = 20, 21, 22
NRPN_MSB, NRPN_LSB, DATA_MSB, DATA_LSB = 99, 98, 6, 38
USER_FIRMWARE = 245
X_ON, Y_ON, Z_ON = 10, 11, 12
COLOURS: dict[int, Colour] = {
    1: (255, 0, 0), 2: (255, 255, 0), 3: (0, 255, 0), 4: (0, 255, 255), 5: (0, 0, 255), 6: (255, 0, 255), 7: DARK,
    8: (255, 255, 255), 9: (255, 128, 0), 10: (128, 255, 0),
}  # fmt: skip
"""0, and what lies above 10, is the device's own colour for that cell: none here."""
REPORT_CHANNEL = 8


class LinnStrument(Twin):
    """Lights are (column, row) with column 0 the first that is played; ("switch", row) for those at the left."""

    kind = client = "LinnStrument"
    ports = (Port("LinnStrument MIDI 1"),)
    columns, rows = 25, 8

    def _start(self) -> None:
        super()._start()
        self.is_user = False
        self._cell = [0, 0]
        self._nrpn: dict[int, int] = {}
        self.sends_z, self.sends_x, self.sends_y = [True] * 8, [False] * 8, [False] * 8

    @property
    def mode(self) -> str:
        return "user firmware" if self.is_user else "normal"

    def drift(self) -> list[bytes]:
        """The player toggles user firmware mode: reported by NRPN on channel 9."""
        self._enter(not self.is_user)
        status = CC | REPORT_CHANNEL
        pairs = ((NRPN_MSB, USER_FIRMWARE >> 7), (NRPN_LSB, USER_FIRMWARE & 0x7F), (DATA_MSB, 0))
        return [said for cc, value in (*pairs, (DATA_LSB, int(self.is_user))) for said in self.say(status, cc, value)]

    def _enter(self, is_user: bool) -> None:
        """Entering, and leaving, clears everything."""
        if is_user != self.is_user:
            self._start()
            self.is_user = is_user

    def short(self, status: int, channel: int, first: int, second: int, now_s: float, port: int) -> Iterable[bytes]:
        if status != CC:
            return self.refuse("short")
        if first in (NRPN_MSB, NRPN_LSB, DATA_MSB, DATA_LSB):
            self._nrpn[first] = second
            if first == DATA_LSB:
                self._parameter()
        elif first in (COLUMN_CC, ROW_CC):
            self._cell[first - COLUMN_CC] = second
        elif first == COLOUR_CC:
            self._colour(second)
        elif self.is_user and first in (X_ON, Y_ON, Z_ON) and channel < 8:
            (self.sends_x, self.sends_y, self.sends_z)[first - X_ON][channel] = second == 1
        elif first not in (9, 13, 23, 24, 100, 101):
            return self.refuse("control")
        return []

    def _parameter(self) -> None:
        number = self._nrpn.get(NRPN_MSB, 127) << 7 | self._nrpn.get(NRPN_LSB, 127)
        value = self._nrpn.get(DATA_MSB, 0) << 7 | self._nrpn[DATA_LSB]
        if number == USER_FIRMWARE and value < 2:
            self._enter(value == 1)
        self._nrpn = {}

    def _colour(self, value: int) -> None:
        column, row = self._cell
        if column > self.columns or row >= self.rows:
            self.refuse("cell")
            return
        self.shine((column - 1, row) if column else ("switch", row), COLOURS.get(value, DARK))

    def _touch(self, status: int, column: int, row: int, value: int) -> list[bytes]:
        if self.is_user:
            return self.say(status | row, column + 1, value)
        return self.say(status | 1, 30 + 5 * row + column, value)

    def press(self, column: int, row: int, velocity: int = 100) -> list[bytes]:
        return self._touch(NOTE_ON, column, row, velocity)

    def release(self, column: int, row: int) -> list[bytes]:
        return self._touch(NOTE_OFF, column, row, 0)

    def lean(self, column: int, row: int, pressure: int) -> list[bytes]:
        if self.is_user:
            return self._touch(POLY, column, row, pressure) if self.sends_z[row] else []
        return self.say(0xD0 | 1, pressure)
