"""One look at the sound for all lights: a snapshot, and which deeds can be done now."""

from __future__ import annotations

import numpy as np

from weaver.dsp.sizes import new_record
from weaver.engine.engine import Engine
from weaver.engine.layout import SNAPSHOT
from weaver.engine.snapshot import read_snapshot
from weaver.life.records import SHATTERED
from weaver.life.stage import FINALE, PERFORMANCE
from weaver.life.transport import OWN
from weaver.mapping.loom import RESYNC
from weaver.model.law import STAKES
from weaver.model.spheres import SphereSet
from weaver.surfaces.beats import is_on_beat, since_beat
from weaver.surfaces.lights.shine import Shine, Shining

IDLE, READY = 0.15, 0.5
"""How brightly deeds show that are there, and that are worth doing now."""


class Glance:
    """Looks at an engine, for one thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._memory = new_record(SNAPSHOT)
        self._snapshot: np.void = self._memory.view(np.ndarray).view(SNAPSHOT)[0]  # records look up names slowly
        self._spheres = engine.spheres
        self._shining = self._meet(engine.spheres)

    def shine(self) -> Shine:
        """How all spheres on stage look now."""
        engine, snapshot = self._engine, self._snapshot
        read_snapshot(engine.address, self._memory.ctypes.data)
        if engine.spheres is not self._spheres:
            self._spheres = engine.spheres
            self._shining = self._meet(engine.spheres)
        has_shattered = bool(np.any(snapshot["state"][: len(self._spheres.spheres)] == SHATTERED))
        now_s = float(snapshot["frame"]) / engine.sample_rate
        is_beat = is_kept(snapshot) and is_on_beat(pulse(snapshot))
        return self._shining.look(snapshot, now_s, deeds(snapshot, has_shattered), is_beat)

    def _meet(self, spheres: SphereSet) -> Shining:
        names, colours = zip(*((sphere.name, sphere.colour) for sphere in spheres.spheres), strict=True)
        return Shining(names, colours, self._engine.state.crack.path)


def is_kept(snapshot: np.void) -> bool:
    """Whether somebody keeps time: another, or we ourselves."""
    return bool(snapshot["rolling"]) or int(snapshot["time_source"]) != OWN


def pulse(snapshot: np.void) -> float:
    """Quarter notes that have gone by."""
    return float(snapshot["pulse"])


def deeds(snapshot: np.void, has_shattered: bool) -> dict[str, float]:
    """How brightly each deed shows, 0 to 1: time beats, or else the heart; what has shattered can be undone, a song
    stopped, a show be ended."""
    since = since_beat(pulse(snapshot)) if is_kept(snapshot) else float(snapshot["heart_phase"])
    beats = is_kept(snapshot) or float(snapshot["heart_bpm"]) > 0.0
    flash, rolls = max(1.0 - 2.0 * since, IDLE) if beats else IDLE, bool(snapshot["rolling"])
    return {
        "hush": IDLE,
        "panic": IDLE,
        RESYNC: IDLE,
        "undo": 1.0 if has_shattered else 0.0,
        "tap": flash,
        "roll": max(flash, READY) if rolls else IDLE,
        "halt": READY if rolls else IDLE,
        "finale": {PERFORMANCE: READY, FINALE: 1.0}.get(int(snapshot["phase"]), 0.0),
        "stakes": float(snapshot["stakes"]) / (len(STAKES) - 1),
    }
