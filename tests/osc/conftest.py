"""serialosc and its grids, as twins on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.twins.monome import Monome, SerialOsc

from weaver.osc.serialosc import SerialoscWires


class Desk:
    """Wires, and what they told the engine."""

    def __init__(self, port: int) -> None:
        self.played: list[tuple[int, bytes, float]] = []
        self.vanished: list[int] = []
        self.wires = SerialoscWires(
            lambda *note: self.played.append(note),
            self.vanished.append,
            slots=(5, 6),
            port=port,
            look_s=0.1,
            lost_after_s=0.4,
        )


@pytest.fixture
def grids() -> tuple[Monome, Monome]:
    """A wide grid, and a small old one."""
    return Monome("m1000123", 16, 8), Monome("m64-0042", 8, 8)


@pytest.fixture
def daemon(grids: tuple[Monome, Monome]) -> Iterator[SerialOsc]:
    """serialoscd with both grids plugged in."""
    with SerialOsc(*grids) as daemon:
        yield daemon


@pytest.fixture
def desk(daemon: SerialOsc) -> Iterator[Desk]:
    """Wires to that daemon."""
    desk = Desk(daemon.port)
    yield desk
    desk.wires.close()
