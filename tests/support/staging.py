"""A show on a bare state: its clock runs by itself, and what the law of life would do is done by hand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from weaver.dsp.jit import entry
from weaver.dsp.sizes import CELL, new_record
from weaver.engine.address import state_at
from weaver.engine.layout import STATE
from weaver.engine.staging import read_reckoning, write_script
from weaver.life.show import run_show
from weaver.model.law import load_law
from weaver.model.reckoning import Reckoning
from weaver.model.show import Incident, Show
from weaver.model.spheres import load_set

RATE = 48_000
AZURE = 7


@entry
def run_cells(address, cells):
    """So many cells of a show, and nothing else."""
    state = state_at(address)
    for _ in range(cells):
        run_show(state)
        state.frame += CELL


@entry
def harm(address, cells):
    """The same, and wounds do damage."""
    state = state_at(address)
    for _ in range(cells):
        run_show(state)
        for s in range(state.definitions[0].count):
            state.sphere.damage[s] += state.life.wound[s] * CELL / state.sample_rate
        state.frame += CELL


def incident(time_s: float, to: str | float = 0.5, **changes: object) -> Incident:
    """One that comes over Azure in half a second."""
    plain = Incident(time_s, False, AZURE, to, 0.5, False, False, "something")
    return replace(plain, **changes)


def show_of(*incidents: Incident, **changes: object) -> Show:
    """A short show on the default set: two seconds of prelude, a second of finale."""
    plain = Show(
        name="test",
        title="Test",
        description="",
        spheres=load_set("auditorium"),
        stakes="performance",
        seed=1,
        prelude_s=2.0,
        silence_s=2.0,
        most_s=10.0,
        finale_s=1.0,
        audience_db=-60.0,
        heart_bpm=0.0,
        incidents=incidents,
    )
    return replace(plain, **changes)


@dataclass
class Stage:
    """A show that has been begun at frame 0, on spheres that only do what they are told."""

    show: Show
    prelude_s: float | None = None
    rate: int = RATE
    _memory: np.recarray = field(default_factory=lambda: new_record(STATE))

    def __post_init__(self) -> None:
        self.state.sample_rate = self.rate
        self.state.definitions[0].count = len(self.show.spheres.spheres)
        for name, value in load_law("auditorium").constants.items():
            self.state.law[name] = value
        self.begin()

    @property
    def state(self) -> np.record:
        return self._memory[0]

    def begin(self) -> None:
        write_script(self.state.script, self.show, self.prelude_s)
        self.state.script.number += 1
        self.state.show.begin = 1

    def run(self, seconds: float, wounding: bool = False) -> None:
        """Whole cells, at least so long."""
        cells = int(np.ceil(round(seconds * self.rate / CELL, 6)))
        (harm if wounding else run_cells)(self._memory.ctypes.data, cells)

    def play(self, s: int = 0) -> None:
        """A note, just before the next grid point."""
        self.state.touch.played[s] += 1

    def become(self, s: int, word: int, damage: float = 0.0) -> None:
        """What the law would find."""
        self.state.life.state[s] = word
        self.state.sphere.damage[s] = damage

    @property
    def phase(self) -> int:
        return int(self.state.show.phase)

    def notices(self, kind: int) -> list[tuple[int, int, float]]:
        """(frame, sphere, first value) of all so far of a kind."""
        ring = self.state.notices
        packets = ring.packets[: int(ring.written[0])]
        return [(int(p.frame), int(p.sphere), float(p.values[0])) for p in packets if p.kind == kind]

    def reckoning(self) -> Reckoning:
        return read_reckoning(self.state, self.show)
