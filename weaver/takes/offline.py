"""A performance from timed MIDI, without a host: as fast as the machine goes, the same at any block size.

Blocks are cut where the score ends and at fixed steps of the tail, never at what happens to be in them, so the
samples and their number do not depend on how many are asked for at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from weaver.dsp.sizes import CELL, PENDING, RESERVED
from weaver.engine.engine import Engine
from weaver.model.parameters import AUDIENCE_DB, PARAMETERS
from weaver.model.units import db_to_gain

AT_ONCE = (PENDING - RESERVED) // 2
"""Messages handed over at a time: well within what may wait for its frame."""
SILENT_DB = -80.0
"""The tail has ended when it stays below this, re full scale, for a step."""
STEP_CELLS = 75
"""A step of the tail: 0.1 s at 48 kHz."""
TAIL_S = 30.0
"""The longest tail."""
FADE_S = 6.0
"""Kept at the tail's end for the hush that takes the hum at rest away, and for the room."""
STILL = 1e-5
"""Energy of a sphere 50 dB below a strike at full speed: what still rings is softer than its hum."""


@dataclass(frozen=True, slots=True)
class ScoreEvent:
    """One MIDI message: the frame it takes effect at, its port (0 to 15) and its bytes."""

    frame: int
    port: int
    data: bytes


def play_score(
    engine: Engine, events: Sequence[ScoreEvent], length_frames: int, block_frames: int
) -> Iterator[NDArray[np.float32]]:
    """Play a fresh engine to the score's end and until it is silent.

    Parameters
    ----------
    events : in order of frames
    length_frames : int
        At least so long before the tail; rounded up to whole cells.
    block_frames : int
        The most that is rendered at once; 64 gives every cell of the grid by itself, all the way.

    Yields
    ------
    float32[frames, 2], at most `block_frames` long
    """
    waiting = _thinned(events)
    end = max(length_frames, waiting[-1].frame + 1 if waiting else 0)
    yield from _advance(engine, waiting, -(-end // CELL) * CELL, block_frames)
    yield from _ring_out(engine, block_frames)


def _thinned(events: Sequence[ScoreEvent]) -> list[ScoreEvent]:
    """The same events, later where one frame has more than may wait for it."""
    thinned: list[ScoreEvent] = []
    on_frame: Counter[int] = Counter()
    at = 0
    for event in events:
        at = max(at, event.frame)
        while on_frame[at] >= AT_ONCE:
            at += 1
        on_frame[at] += 1
        thinned.append(replace(event, frame=at))
    return thinned


def _advance(
    engine: Engine, events: Sequence[ScoreEvent], until: int, block_frames: int
) -> Iterator[NDArray[np.float32]]:
    """Render up to frame `until`, handing over what falls into each block just before it."""
    done = 0
    now = int(engine.state.frame)
    while now < until:
        end = min(now + block_frames, until)
        due = done
        while due < len(events) and events[due].frame < end and due - done < AT_ONCE:
            due += 1
        if due < len(events) and due - done == AT_ONCE:
            end = max(min(end, events[due].frame), now + 1)
        for event in events[done:due]:
            engine.midi(event.data, event.port, event.frame)
        done = due
        yield engine.render(end - now)
        now = end


def _ring_out(engine: Engine, block_frames: int) -> Iterator[NDArray[np.float32]]:
    """Render until nothing rings, hush what hums, the audience too, and go on until nothing is heard."""
    step = STEP_CELLS * CELL
    steps = int(TAIL_S * engine.sample_rate) // step
    hush_at = int((TAIL_S - FADE_S) * engine.sample_rate) // step
    hushed = False
    for number in range(steps):
        if not hushed and (number >= hush_at or float(np.max(engine.state.sphere.energy)) < STILL):
            hushed = engine.gesture("hush") and engine.set_parameter("audience_db", PARAMETERS[AUDIENCE_DB].low)
        peak = 0.0
        for block in _advance(engine, (), int(engine.state.frame) + step, block_frames):
            peak = max(peak, float(np.max(np.abs(block))))
            yield block
        if hushed and peak < db_to_gain(SILENT_DB):
            return


class Stems:
    """What each sphere, the audience's hum and the room add to a performance that is rendered cell by cell.

    Their sum is the mix before its DC block and limiter.
    """

    def __init__(self, engine: Engine, count: int | None = None) -> None:
        """`count` spheres come on stage at most; those that are there, if not given."""
        state, count = engine.state, len(engine.spheres.spheres) if count is None else count
        self._out, self._hum, self._wet = state.sphere.out[:count], state.drone.out, state.wet
        self._level, self._wet_level = state.level, state.wet_level
        self.spheres: NDArray[np.float32] = np.zeros((count, CELL, 2), np.float32)
        self.audience: NDArray[np.float32] = np.zeros((CELL, 2), np.float32)
        self.room: NDArray[np.float32] = np.zeros((CELL, 2), np.float32)
        self._along = (np.arange(CELL, dtype=np.float32) / CELL)[:, np.newaxis]

    def take(self) -> None:
        """Read the cell that has just been rendered into `spheres` : float32[count, 64, 2], `audience`, `room`."""
        level = self._ramp(self._level)
        self.spheres[:] = self._out.transpose(0, 2, 1) * level
        self.audience[:] = self._hum.T * level
        self.room[:] = self._wet.T * self._ramp(self._wet_level) * level

    def _ramp(self, ends: NDArray[np.float32]) -> NDArray[np.float32]:
        """float32[64, 1] from the first gain towards the second."""
        ramp: NDArray[np.float32] = ends[0] + self._along * (ends[1] - ends[0])
        return ramp
