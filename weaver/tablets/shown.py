"""What the instrument shows by OSC: from the running sound to every address that is shown, and what is true of it.

What a finger may turn is shown as it was left (targets), so that a fader does not creep; all else as it is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from weaver.dsp.sizes import new_record
from weaver.engine.engine import Engine
from weaver.engine.layout import SNAPSHOT
from weaver.engine.snapshot import read_snapshot
from weaver.mapping.curves import turn_at
from weaver.model.mood import MOOD_COLOURS
from weaver.model.osc_addresses import Space
from weaver.model.osc_space import BY_PATTERN, CRACKS, HUSHED
from weaver.model.parameters import PARAMETERS, SYNCS
from weaver.model.show import PHASES, Show
from weaver.model.spheres import SphereSet
from weaver.model.units import clamp, gain_to_db
from weaver.surfaces.audience import tint
from weaver.surfaces.beats import whole_beats
from weaver.surfaces.palette import channels
from weaver.surfaces.picture import MoodView
from weaver.surfaces.stardust import minutes
from weaver.tablets.watch import Put, Source, Watch

EXACT_EVERY = 30
"""Full looks from one that also puts what has moved by less than a step: once a second."""
_SPHERE = "/sphere/{sphere}/"
_COLOURS = tuple(MOOD_COLOURS)
_FULL_CHANNEL = 255.0
_LOWEST_REDUCTION_DB = float(BY_PATTERN["/meter/reduction"].values[0].low or 0)
_FASTEST_BPM = float(BY_PATTERN["/heart/bpm"].values[0].high or math.inf)


class Shown:
    """Looks at an engine, for one thread."""

    def __init__(
        self,
        engine: Engine,
        renew: Callable[[Space], object] = lambda space: None,
        show: Callable[[], Show | None] = lambda: None,
    ) -> None:
        """`renew` is told, before anything is put, which addresses there are, and again when the set has changed;
        `show` says what is performed, if anything is."""
        self._engine, self._renew, self._show = engine, renew, show
        self._memory = new_record(SNAPSHOT)
        self._snapshot: np.void = self._memory.view(np.ndarray).view(SNAPSHOT)[0]  # records look up names slowly
        self._state = engine.state
        self._spheres: SphereSet | None = None
        self._tied: dict[tuple[int, int], float] = {}
        self._targets: list[float] = []
        self._looks = 0

    def look(self, put: Put, is_full: bool) -> None:
        """Put what has become true since the last look: edges, and if the look is full all else."""
        read_snapshot(self._engine.address, self._memory.ctypes.data)
        if self._engine.spheres is not self._spheres:
            self._meet(self._engine.spheres, put)
            is_full = True
        self._look_at_edges(put)
        if not is_full:
            return
        self._looks += 1
        is_exact = self._looks % EXACT_EVERY == 0
        for watch in self._watches:
            watch.look(put, is_exact)
        self._look_at_parameters(put)
        self._look_at_threads(put)
        self._look_at_audience(put)
        self._look_at_show(put)
        self._look_at_meters(put)

    def _meet(self, spheres: SphereSet, put: Put) -> None:
        """Another set is on stage."""
        self._spheres = spheres
        count = len(spheres.spheres)
        self._renew(Space([sphere.name for sphere in spheres.spheres]))
        put("/stage", (spheres.name,))
        put("/spheres", (count,))
        for number, sphere in enumerate(spheres.spheres, 1):
            put(f"/sphere/{number}/name", (sphere.name,))
            put(f"/sphere/{number}/colour", _rgb(sphere.colour))
        self._plays = np.array(self._state["touch"]["played"][:count])
        self._edges, self._watches = self._watch_edges(count), self._watch_values(count)

    def _watch_edges(self, count: int) -> Sequence[Watch]:
        snapshot = self._snapshot
        cracks = snapshot["cracks"][:count]
        return (
            _watch("state", count, lambda: snapshot["state"][:count]),
            _watch("fracture", count, lambda: np.count_nonzero(cracks > 0.0, axis=1)),
        )

    def _watch_values(self, count: int) -> Sequence[Watch]:
        snapshot, sphere, touch = self._snapshot, self._state["sphere"], self._state["touch"]

        def shown(name: str) -> Source:
            return lambda: snapshot[name][:count]

        def standing(*arrays: np.ndarray) -> Source:
            return lambda: np.stack([array[:count] for array in arrays], axis=1)

        return (
            *(_watch(name, count, shown(name)) for name in ("light", "flicker", "health", "soothed")),
            _watch("held", count, lambda: snapshot["held"][:count] != 0),
            _watch("tone", count, standing(sphere["pitch_hz"])),
            _watch("rub", count, standing(touch["pressure_target"], touch["pace_target"], touch["place"])),
            _watch("damp", count, standing(sphere["damping_target"])),
            _watch("bend", count, standing(sphere["bend"])),
            _watch("tilt", count, standing(sphere["tilt_target"])),
            _watch("lift", count, standing(sphere["lift_target"])),
            _watch("place", count, standing(sphere["azimuth_target"], sphere["distance_target"])),
            _watch("soothe", count, standing(touch["soothe_target"])),
            _watch("crack/{crack}", count, shown("cracks")),
        )

    def _look_at_edges(self, put: Put) -> None:
        snapshot, touch = self._snapshot, self._state["touch"]
        for watch in self._edges:
            watch.look(put)
        plays = np.array(touch["played"][: len(self._plays)])
        for s in np.flatnonzero(plays > self._plays).tolist():
            put(f"/sphere/{s + 1}/played", (clamp(float(touch["effort"][s]), 0.0, 1.0),))
        self._plays = plays
        put("/stakes", (round(float(snapshot["stakes"])),))
        put("/heart/beat", (int(snapshot["heart_beats"]),))
        put("/time/source", (SYNCS[int(snapshot["time_source"])],))
        put("/time/rolling", (int(snapshot["rolling"]),))
        put("/time/beat", (whole_beats(float(snapshot["beat"])),))
        put("/show/phase", (PHASES[int(snapshot["phase"])],))

    def _look_at_parameters(self, put: Put) -> None:
        targets = self._state["target"].tolist()
        if targets == self._targets:
            return
        self._targets = targets
        for parameter, value in zip(PARAMETERS, targets, strict=True):
            value = float(clamp(value, parameter.low, parameter.high))
            put(f"/set/{parameter.name}", (value,))
            put(f"/turn/{parameter.name}", (turn_at(parameter, value),))

    def _look_at_threads(self, put: Put) -> None:
        """Pairs that are tied, and those that were at the last look."""
        assert self._spheres is not None
        thread, count = self._state["thread"], len(self._spheres.spheres)
        tied = {}
        for place in np.flatnonzero(thread["strength"] > 0.0).tolist():
            first, second = int(thread["first"][place]), int(thread["second"][place])
            if 0 <= first < second < count:
                tied[first, second] = clamp(float(thread["strength"][place]), 0.0, 1.0)
        for first, second in self._tied.keys() - tied.keys():
            if second < count:
                put(f"/weave/{first + 1}/{second + 1}", (0.0,))
        for (first, second), strength in tied.items():
            put(f"/weave/{first + 1}/{second + 1}", (strength,))
        self._tied = tied

    def _look_at_audience(self, put: Put) -> None:
        snapshot = self._snapshot
        gold, crimson, violet, blue, emerald = weights = snapshot["colours"].tolist()
        gaze, pressure = float(snapshot["gaze"]), float(snapshot["pressure"])
        put("/mood/name", (_COLOURS[weights.index(max(weights))],))
        put("/mood/colour", _rgb(tint(MoodView(gold, crimson, violet, blue, emerald, gaze, pressure))))
        put("/mood/weights", tuple(clamp(weight, 0.0, 1.0) for weight in weights))
        put("/mood/gaze", (gaze,))
        put("/mood/pressure", (pressure,))
        put("/time/tempo", (float(snapshot["tempo_bpm"]),))
        put("/heart/bpm", (min(float(snapshot["heart_bpm"]), _FASTEST_BPM),))

    def _look_at_show(self, put: Put) -> None:
        snapshot, show = self._snapshot, self._show()
        chronometer_s = float(snapshot["chronometer_s"])
        put("/show/title", ("" if show is None or not snapshot["phase"] else show.title,))
        put("/show/chronometer", (chronometer_s,))
        put("/show/clock", (minutes(chronometer_s),))
        for name, field in (("flow", "flow"), ("silence", "silence_s"), ("elapsed", "elapsed_s")):
            put(f"/show/{name}", (float(snapshot[field]),))

    def _look_at_meters(self, put: Put) -> None:
        left, right = self._snapshot["meter"].tolist()
        put("/meter/left", (clamp(gain_to_db(left), HUSHED, 0.0),))
        put("/meter/right", (clamp(gain_to_db(right), HUSHED, 0.0),))
        put("/meter/reduction", (clamp(gain_to_db(float(self._snapshot["reduction"])), _LOWEST_REDUCTION_DB, 0.0),))


def _watch(name: str, count: int, source: Source) -> Watch:
    """Watch what each sphere shows by that name."""
    row = BY_PATTERN[_SPHERE + name]
    cracks = range(1, CRACKS + 1) if "{crack}" in name else (0,)
    addresses = [row.pattern.format(sphere=sphere, crack=crack) for sphere in range(1, count + 1) for crack in cracks]
    return Watch(row, addresses, source)


def _rgb(colour: str) -> tuple[float, ...]:
    """Red, green and blue of "#rrggbb", 0 to 1."""
    return tuple(channel / _FULL_CHANNEL for channel in channels(colour))
