"""An instrument in a test tube that peers speak to: an engine without a host, a clock of our own, errands noted."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from support.playing import RATE, engine, sphere

from weaver.engine.engine import Engine
from weaver.model.osc_packet import AT_ONCE, Argument, decode_packet, encode, encode_bundle
from weaver.osc.peer import Peer
from weaver.tablets.timetags import TICKS_PER_S, UNIX_EPOCH_S
from weaver.tablets.weaving import Weaving

NAMES = ("Dawn", "Noon", "Dusk", "Night")
WALL_S = 1_700_000_000.0
"""Time since 1970 at the clock's 0."""
TICK_S = 0.02


def tag_of(unix_s: float) -> int:
    """The time tag of a time since 1970."""
    return round((unix_s + UNIX_EPOCH_S) * TICKS_PER_S)


class Errand:
    """Notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []

    def begin_show(self) -> None:
        self.asked.append(("begin",))

    def change_set(self, name: str) -> None:
        self.asked.append(("stage", name))

    def hello(self, peer: Peer, port: int) -> None:
        self.asked.append(("hello", peer, port))

    def pong(self, peer: Peer, arguments: Sequence[Argument]) -> None:
        self.asked.append(("pong", peer, *arguments))

    def sync(self, peer: Peer) -> None:
        self.asked.append(("sync", peer))


def four() -> Engine:
    """Four spheres of glass."""
    return engine(*(sphere("glass", 330.0 + 110.0 * place, name) for place, name in enumerate(NAMES)))


class Stage:
    """`frame_at` knows the clock of the engine where `has_clock`; `run` lets time go by for all."""

    def __init__(self) -> None:
        self.engine = four()
        self.engine.keep_log()
        self.errands = Errand()
        self.now_s = 0.0
        self.has_clock = True
        self.wrote: list[tuple[Peer, str, tuple[float | int | str, ...]]] = []
        self.touched: list[tuple[Peer, str, bool]] = []
        self.weaving = Weaving(
            self.engine, self.errands, self.frame_at, clock=lambda: self.now_s, wall=lambda: WALL_S + self.now_s
        )
        self.weaving.wrote = lambda peer, address, arguments, time_s: self.wrote.append((peer, address, arguments))
        self.weaving.touches = lambda *touch: self.touched.append(touch)
        self.peer, self.other = Peer("192.168.1.7", 9000), Peer("192.168.1.8", 9000)

    def frame_at(self, time_s: float) -> int:
        return round(time_s * RATE) if self.has_clock else 0

    def say(self, address: str, *arguments: Argument, by: Peer | None = None) -> None:
        self.hear(encode(address, *arguments), by)

    def bundle(self, *messages: Sequence[Argument], lead_s: float | None = None, by: Peer | None = None) -> None:
        """Messages (address, arguments) together; `lead_s` after now, at once without."""
        tag = AT_ONCE if lead_s is None else tag_of(WALL_S + self.now_s + lead_s)
        self.hear(encode_bundle([encode(str(address), *rest) for address, *rest in messages], tag), by)

    def hear(self, packet: bytes, by: Peer | None = None) -> None:
        self.weaving.hear(by or self.peer, decode_packet(packet), self.now_s)

    def run(self, seconds: float) -> NDArray[np.float32]:
        """The sound of the next seconds: float32[frames, 2]."""
        until_s = self.now_s + seconds
        stops = [*np.arange(self.now_s, until_s - 1e-9, TICK_S), until_s]
        heard = []
        for start, end in pairwise(stops):
            heard.append(self.engine.render(round(end * RATE) - round(start * RATE)))
            self.now_s = float(end)
            self.weaving.tick(self.now_s)
        return np.concatenate(heard)

    def done(self) -> list[tuple[int, int, int, tuple[float, ...]]]:
        """What took effect since the last time: (frame, kind, sphere, values)."""
        return [
            (int(c.frame), int(c.kind), int(c.sphere), tuple(map(float, c["values"])))
            for stretch in self.engine.log()
            for c in stretch.commands
        ]
