"""What became of the spheres, over time: health, strikes, moods and events, gathered from snapshots.

Filled live, as a performance goes on, or while a take is rendered again.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from weaver.model.law import STATES
from weaver.model.mood import MOOD_COLOURS

PERIOD_S = 0.05
"""Between two samples."""


class Timeline:
    """Samples of a performance that began at `frame` of a sample clock of `sample_rate` hertz.

    `spheres` are (name, colour "#rrggbb") of those on stage.
    """

    def __init__(self, spheres: Sequence[tuple[str, str]], sample_rate: float, frame: int = 0) -> None:
        self.spheres = tuple(spheres)
        self.strikes: list[tuple[float, int]] = []
        """(seconds, sphere) of what was played."""
        self.notes: list[tuple[float, int, str]] = []
        """(seconds, sphere or -1, what happened)."""
        self._rate, self._began = sample_rate, frame
        self._times_s: list[float] = []
        self._health: list[NDArray[np.float32]] = []
        self._mood: list[NDArray[np.float32]] = []
        self._states: NDArray[np.int32] | None = None

    def seconds(self, frame: int) -> float:
        """From the beginning to a frame."""
        return (frame - self._began) / self._rate

    def sample(self, snapshot: np.record) -> None:
        """Take what a snapshot shows, unless the last one was too short a time ago. A set's end is no event."""
        time_s = self.seconds(int(snapshot.frame))
        if self._times_s and time_s < self._times_s[-1] + PERIOD_S:
            return
        count = len(self.spheres)
        self._times_s.append(time_s)
        self._health.append(snapshot.health[:count].copy())
        self._mood.append(snapshot.colours.copy())
        states = snapshot.state[:count].copy()
        if self._states is not None:
            for s in np.flatnonzero(states != self._states):
                self.note(time_s, STATES[states[s]], int(s))
        self._states = states

    def strike(self, time_s: float, sphere: int) -> None:
        """A sphere was played."""
        self.strikes.append((time_s, sphere))

    def note(self, time_s: float, text: str, sphere: int = -1) -> None:
        """Something happened, to one sphere or to all."""
        self.notes.append((time_s, sphere, text))

    @property
    def times_s(self) -> NDArray[np.float64]:
        """Of the samples: float64[n]."""
        return np.array(self._times_s, np.float64)

    @property
    def health(self) -> NDArray[np.float32]:
        """float32[n, sphere]: 1 whole, 0 shattered."""
        return np.array(self._health, np.float32).reshape(len(self._health), len(self.spheres))

    @property
    def mood(self) -> NDArray[np.float64]:
        """float64[n, colour]: weights, in the order of MOOD_COLOURS."""
        return np.array(self._mood, np.float64).reshape(len(self._mood), len(MOOD_COLOURS))
