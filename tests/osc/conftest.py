"""serialosc and its grids, as twins on loopback; and tablets that are told how things are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.told import Room
from support.twins.monome import Monome, SerialOsc

from weaver.osc.peer import Peer
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


@pytest.fixture
def room() -> Room:
    return Room()


@pytest.fixture
def peer(room: Room) -> Iterator[Peer]:
    """One that knows all there is: nothing; and whom refreshing tells nothing of what is put in the next moment."""
    peer = room.enter()
    room.tick(2)
    room.take()
    yield peer
    room.tick()
