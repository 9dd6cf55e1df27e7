"""Fingers, ears and eyes at a sphere controller whose own firmware runs on a board that stands in."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

from support.circuitpython import PADS, REST_COUNTS, Wiring, load

from weaver.midi.framing import Framer
from weaver.model import surface_protocol as protocol

TURN_US = 1_700
"""About what a turn takes on the board; coprime with everything that happens."""
NOISE_COUNTS = 150


class Player:
    """Fingers, ears and eyes at a controller that runs."""

    def __init__(self, seed: int = 1, begin_us: int = 0) -> None:
        self.wiring = Wiring()
        self.code = load(self.wiring)
        self.controller = self.code.make_controller()
        self.now_us = begin_us
        self.chance = random.Random(seed)
        self.framer = Framer(Counter())
        self.levels: dict[int, Callable[[float], float]] = {}
        self.heard: list[bytes] = []

    def run(self, seconds: float) -> list[bytes]:
        """Let time pass; the messages that came meanwhile. Levels are functions of ms since this began."""
        began_us, first = self.now_us, len(self.heard)
        while self.now_us - began_us < seconds * 1e6:
            at_ms = (self.now_us - began_us) / 1000
            for pad in range(PADS):
                level = self.levels.get(pad, lambda ms: 0.0)(at_ms) + REST_COUNTS
                self.wiring.pads[pad] = max(0, min(65_535, int(level + self.chance.uniform(0, NOISE_COUNTS))))
            self.controller.turn(self.now_us & self.code.spheres.CLOCK_MASK)
            self.now_us += TURN_US
            self.heard += self.framer.feed(bytes(self.wiring.from_device))
            self.wiring.from_device.clear()
        return self.heard[first:]

    def tell(self, *messages: protocol.Message | bytes) -> None:
        for message in messages:
            self.wiring.to_device += message if isinstance(message, bytes) else protocol.encode(message)

    def said(self, kind: type[protocol.Message], messages: list[bytes]) -> list[protocol.Message]:
        ours = [protocol.decode(message) for message in messages if protocol.is_ours(message)]
        return [message for message in ours if isinstance(message, kind)]


def press(rise_ms: float, level: float = 30_000, hold_ms: float = 200) -> Callable[[float], float]:
    """A finger that presses within `rise_ms`, stays, and leaves within 20 ms."""

    def at(ms: float) -> float:
        if ms < rise_ms:
            return level * max(0.0, ms) / rise_ms
        return level * max(0.0, min(1.0, 1 - (ms - rise_ms - hold_ms) / 20))

    return at


def channel_messages(messages: list[bytes], status: int) -> list[bytes]:
    return [message for message in messages if message[0] == status]
