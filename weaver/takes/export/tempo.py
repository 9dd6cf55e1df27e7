"""A tempo map from the song's time as it was kept, cell by cell: bar lines stand where the beats were felt.

A tempo that is said is taken as it is. One that is followed moves by a hair with every tick of MIDI's clock: it becomes
a new step only where beats would fall astray. Where the song was started or moved, its beat jumps; the last beat before
that is made as long or as short as it takes for the next ones to be whole again.
"""

from __future__ import annotations

import math

from weaver.life.tempi import FASTEST_BPM, SLOWEST_BPM
from weaver.life.transport import CLOCK
from weaver.takes.export.song import Tempo, TempoMap

ASTRAY_BEATS = 0.005
"""How far a beat may be from the map: 2.5 ms at 120 BPM."""
SAME_BPM, NEARLY_SAME_BPM = 1e-3, 1.0
"""Within this a tempo has not changed: one that is said, and one that is followed."""
JUMP_BEATS = 0.01
"""What the beat does beside its steps."""


class TempoKeeper:
    """Told every cell how time went, it draws the map. The first cell told is the take's first."""

    def __init__(self) -> None:
        self._steps: list[Tempo] = []
        self._last = (0.0, 0.0, 0.0)
        """Time, beat on the map and pulse of the cell before."""

    def tell(self, time_s: float, source: int, bpm: float, pulse: float) -> None:
        """At a grid point: whose tempo it is (`life.transport`), what it is, and how many beats have gone by.

        Points that are not after the last one are passed over.
        """
        if not self._steps:
            self._steps.append(Tempo(time_s, 0.0, bpm))
            self._last = (time_s, 0.0, pulse)
            return
        before_s, beat, before = self._last
        if time_s <= before_s:
            return
        step = self._steps[-1]
        moved = pulse - before
        if abs(moved - (time_s - before_s) * bpm / 60.0) > JUMP_BEATS:
            beat = self._jump(time_s, pulse, bpm)
        else:
            beat += moved
            expected = step.beat + (time_s - step.time_s) * step.bpm / 60.0
            allowed = NEARLY_SAME_BPM if source == CLOCK else SAME_BPM
            if abs(bpm - step.bpm) > allowed or abs(beat - expected) > ASTRAY_BEATS:
                self._turn(time_s, beat, bpm)
        self._last = (time_s, beat, pulse)

    def map(self) -> TempoMap:
        """What was drawn so far; 120 BPM if nothing was told."""
        return TempoMap(self._steps or [Tempo(0.0, 0.0, 120.0)])

    def _turn(self, time_s: float, beat: float, bpm: float) -> None:
        """A new step; the one before becomes what brings it here exactly."""
        last = self._steps[-1]
        mean = round((beat - last.beat) * 60.0 / (time_s - last.time_s), 6)
        self._steps[-1] = Tempo(last.time_s, last.beat, mean)
        self._steps.append(Tempo(time_s, last.beat + (time_s - last.time_s) * mean / 60.0, bpm))

    def _jump(self, time_s: float, pulse: float, bpm: float) -> float:
        """The beat was moved: stretch the last one before, as far as that is music. Which beat this is on the map."""
        last = self._steps[-1]
        beat = last.beat + (time_s - last.time_s) * last.bpm / 60.0
        wanted = beat + math.remainder(pulse - beat, 1.0)
        from_beat = max(beat - 1.0, last.beat)
        from_s = last.time_s + (from_beat - last.beat) * 60.0 / last.bpm
        if from_s < time_s and SLOWEST_BPM <= (wanted - from_beat) * 60.0 / (time_s - from_s) <= FASTEST_BPM:
            if from_s > last.time_s:
                self._steps.append(Tempo(from_s, from_beat, last.bpm))
            beat = wanted
        self._turn(time_s, beat, bpm)
        return beat
