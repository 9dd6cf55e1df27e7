"""A sphere on the bench: alone, straight ahead, in no room, under a law by which nothing changes, played offline.

Each sounding is an engine of its own. `take` counts them: another take has another place under the mallet, another
crack, another flicker.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from weaver.dsp.sizes import CELL
from weaver.engine.engine import Engine
from weaver.engine.harm import hurt, wear_alone
from weaver.engine.maps import empty_midi_map
from weaver.model.law import DEFAULT_LAW, load_law, timeless
from weaver.model.spheres import Room, Sphere, SphereSet
from weaver.model.units import LN_1000, SILENCE_DB
from weaver.takes.measure import Samples

BENCH_M = 2.0
NO_ROOM = Room(t60_s=2.0, size_m=20.0, brightness=0.5, wet_db=-60.0)
MALLET = {"hardness": 0.5, "position": 0.85}
PROBE_SPEED, PROBE = 0.05, {"hardness": 0.9, "position": 0.8}
"""A light, hard tap: every mode is heard, and nothing is loud."""
HUM_DB = -30.0
"""The hum on the bench: loud enough to be followed."""
LEVEL_DB, LEVEL_S = -12.0, 0.25
"""Of the instrument, so that its limiter has nothing to do; and how long it takes to get there."""
LOOK_EVERY = 4
"""Grid points between two looks at the light and at the pitch."""


@dataclass(frozen=True)
class Asked:
    """What the model asks of the modes at a damage: Hz and T60 of each, and the number of its multiplet."""

    hz: Samples
    t60_s: Samples
    multiplet: NDArray[np.int64]


class Specimen:
    """A sphere to be examined, at a sample rate in Hz, with the seed of its first take.

    Sounds are float64[frames, 2]. Raises ConfigError for a rate there is not.
    """

    def __init__(self, sphere: Sphere, rate: float = 48_000.0, seed: int = 1) -> None:
        self.sphere = replace(sphere, azimuth_deg=0.0, distance_m=BENCH_M, hum_db=SILENCE_DB)
        self.rate = rate
        self._seed = seed
        self._law = timeless(load_law(DEFAULT_LAW))
        self._engine(0)

    def _engine(self, take: int, damage: float = 0.0, **changes: float) -> Engine:
        sphere = replace(self.sphere, **changes)  # type: ignore[arg-type]
        spheres = SphereSet("bench", "Bench", "", (sphere,), 60, 0.5, NO_ROOM)
        engine = Engine(spheres, empty_midi_map(), self.rate, self._seed + take, self._law)
        engine.set_parameter("level_db", LEVEL_DB)
        self._render(engine, LEVEL_S)
        if damage > 0.0:
            hurt(engine.address, 0, damage)
        return engine

    def _render(self, engine: Engine, seconds: float) -> Samples:
        return engine.render(round(seconds * self.rate)).astype(np.float64)

    def _watch(self, engine: Engine, seconds: float, look: Callable[[], float]) -> tuple[Samples, Samples]:
        """Sound, and what was seen every few grid points on the way."""
        sound, seen = [], []
        for _ in range(math.ceil(seconds * self.rate / (LOOK_EVERY * CELL))):
            sound.append(engine.render(LOOK_EVERY * CELL))
            seen.append(look())
        return np.concatenate(sound).astype(np.float64), np.array(seen)

    def tap_worn(self, damage: float, seconds: float, take: int) -> tuple[Samples, Asked]:
        """A light tap on modes as worn as this damage makes them, while nothing else of it is: `harm.wear_alone`."""
        engine = self._strike_worn(damage, take, PROBE_SPEED, PROBE)
        modes, bank = self.sphere.spectrum(), engine.state.bank
        hz = np.array(bank.worn_ratio[0, : len(modes)], np.float64) * self.sphere.f0_hz
        t60_s = LN_1000 / np.array(bank.worn_loss[0, : len(modes)], np.float64)
        centres = np.array([mode.centre for mode in modes])
        return self._render(engine, seconds), Asked(hz, t60_s, np.unique(centres, return_inverse=True)[1])

    def strike_worn(self, damage: float, velocity: float, seconds: float, take: int) -> Samples:
        """What `strike` were if the damage had worn the modes and done nothing else."""
        return self._render(self._strike_worn(damage, take, velocity, MALLET), seconds)

    def _strike_worn(self, damage: float, take: int, velocity: float, mallet: dict[str, float]) -> Engine:
        engine = self._engine(take)
        engine.gesture("strike", 0, 0, velocity=velocity, **mallet)
        engine.render(CELL)
        wear_alone(engine.address, 0, damage)
        return engine

    def strike(self, damage: float, velocity: float, seconds: float, take: int) -> tuple[Samples, float]:
        """A strike on the sphere as it is; and how many cents of sag the model gives it on the way, on average."""
        engine = self._engine(take, damage)
        engine.gesture("strike", 0, 0, velocity=velocity, **MALLET)
        sound, sags = self._watch(engine, seconds, lambda: float(engine.state.sphere.cents[0]))
        return sound, float(sags.mean())

    def leave_alone(self, damage: float, seconds: float, take: int = 0) -> tuple[Samples, int, int]:
        """What it says unstruck, its hum off; how often it has crackled, and how many flakes have left it."""
        engine = self._engine(take, damage)
        sound = self._render(engine, seconds)
        life = engine.state.life
        return sound, int(life.crackles[0]), int(life.flakes[0])

    def hum(self, damage: float, seconds: float, take: int = 0) -> tuple[Samples, Samples]:
        """Its hum, raised, under a flat hand that keeps its modes still; and how steady its light was, 0 to 1.

        The second is float64[n], evenly spaced over the sound; it is what every surface is shown.
        """
        engine = self._engine(take, damage, hum_db=HUM_DB)
        engine.gesture("damp", 0, amount=1.0)
        return self._watch(engine, seconds, lambda: float(engine.snapshot().flicker[0]))
