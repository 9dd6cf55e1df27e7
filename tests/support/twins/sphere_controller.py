"""The sphere controller to build: its own firmware, on a board that stands in, behaves as the device will."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable

from support.circuitpython import PADS, REST_COUNTS, Wiring, load
from support.twins.twin import DARK, Colour, Port, Splitter, Twin

TURN_US = 2_000
"""About what a turn of the firmware takes on the board."""
FIRST_S = 0.6
"""After the power comes on, until the pads know their rest."""
LONGEST_S = 5.0
"""Of a time in which nothing was heard only so much is lived through: nothing happens after that."""
FULL_COUNTS = 41_200
"""The level, above its rest, of a pad that is pressed with all its might."""
GENTLE_MS, FIRM_MS = 100.0, 1.5
"""How long the finger takes to press for the lowest and the highest velocity."""


class SphereController(Twin):
    """Pads in one row. `lights` are of the rings as a whole by (column, 0), in the mean of what they show, and of each
    light by ("light", number): what the eye sees, after the firmware's gamma and its limit of current."""

    kind = "sphere-controller"
    client = "Sphere Controller"
    ports = (Port("Sphere Controller MIDI 1"),)
    columns, rows = PADS, 1
    lights_per_ring = 16

    def _start(self) -> None:
        super()._start()
        self.wiring = Wiring()
        self._controller = load(self.wiring).make_controller()
        self._mask = (1 << 29) - 1
        self._now_us = 0
        self._ahead_s: float | None = None
        self._said = Splitter()
        self._hello = self.pass_time(FIRST_S)

    @property
    def mode(self) -> str:
        return "welcome" if self._controller.is_welcome else "idle"

    def pass_time(self, seconds: float) -> list[bytes]:
        """The firmware runs for so long; what it says meanwhile."""
        for _ in range(max(1, round(seconds * 1e6 / TURN_US))):
            self._turn()
        return self._speak()

    def _turn(self) -> None:
        self._controller.turn(self._now_us & self._mask)
        self._now_us += TURN_US

    def _speak(self) -> list[bytes]:
        said = self._said.feed(bytes(self.wiring.from_device))
        self.wiring.from_device.clear()
        self._see()
        return [message for part in said for message in self.say(*part)]

    def _hear(self, message: bytes, now_s: float, port: int) -> Iterable[bytes]:
        if self._ahead_s is None:
            self._ahead_s = now_s - self._now_us / 1e6
            self.wiring.from_device[:0] = b"".join(self._hello)
        away_s = now_s - self._ahead_s - self._now_us / 1e6
        if away_s > LONGEST_S:
            self._ahead_s += away_s - LONGEST_S
        for _ in range(round(min(max(away_s, 0.0), LONGEST_S) * 1e6 / TURN_US)):
            self._turn()
        self.wiring.to_device += message
        while self.wiring.to_device or self._controller.heard_at < self._controller.heard_count:
            self._turn()
        while self._controller.is_welcome and self._controller.is_wanted:  # it shows what it was told to
            self._turn()
        self.refused = Counter(lost=self._controller.lost)
        return self._speak()

    def _see(self) -> None:
        seen: dict[Hashable, Colour] = {}
        for column in range(self.columns):
            ring = [self.wiring.colour(self.lights_per_ring * column + place) for place in range(self.lights_per_ring)]
            seen[column, 0] = mean(ring)
            seen |= {("light", self.lights_per_ring * column + place): colour for place, colour in enumerate(ring)}
        self.lights = {where: colour for where, colour in seen.items() if colour != DARK}

    def press(self, column: int, row: int, velocity: int = 100) -> list[bytes]:
        """As fast as this velocity wants; the firmware hears its own."""
        rise_ms = GENTLE_MS * (FIRM_MS / GENTLE_MS) ** (velocity / 127)
        turns = max(1, round(rise_ms * 1000 / TURN_US))
        for turn in range(1, turns + 5):
            self.wiring.pads[column] = REST_COUNTS + round(FULL_COUNTS * 0.6 * min(1.0, turn / turns))
            self._turn()
        return self._speak()

    def release(self, column: int, row: int) -> list[bytes]:
        self.wiring.pads[column] = REST_COUNTS
        return self.pass_time(0.02)

    def lean(self, column: int, row: int, pressure: int) -> list[bytes]:
        self.wiring.pads[column] = REST_COUNTS + 1_200 + round((FULL_COUNTS - 1_200) * pressure / 127)
        return self.pass_time(0.02)

    def button(self, number: int, is_down: bool) -> list[bytes]:
        """A button, counted from 0."""
        self.wiring.buttons[number] = bool(is_down)
        return self.pass_time(0.02)


def mean(colours: list[Colour]) -> Colour:
    red, green, blue = (round(sum(channel) / len(colours)) for channel in zip(*colours, strict=True))
    return red, green, blue
