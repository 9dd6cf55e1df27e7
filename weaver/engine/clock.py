"""When in frames is a moment of the host's clock, and when is a frame? A delay-locked loop reads it off noisy block
times.

Second order, as F. Adriaensen, "Using a DLL to filter time" (2005), with the loop's step taken from the frames
that went by, so that blocks may be of any length and some may be missed.
"""

from __future__ import annotations

import math
from typing import NamedTuple

BANDWIDTH_HZ, EAGER_HZ = 0.2, 2.0
"""How fast the loop follows: when locked, and in its first seconds."""
EAGER_S = 2.0
WIDEST_STEP = 0.5
"""Radians of the loop per observation; beyond about 1 it would oscillate."""
LOST_S = 0.15
"""Further off than this the clock has jumped (a host that stopped and came back): begin anew."""
MAX_DRIFT = 0.005
"""Largest deviation of the sample clock from its nominal rate that is believed; crystals keep within 0.0001."""


class _Line(NamedTuple):
    """The sample clock as a straight line: it was at `frame` at `time_s`."""

    frame: int
    time_s: float
    frame_s: float


class FrameClock:
    """Learns from one thread, answers any: what it knows is one tuple that is replaced as a whole."""

    def __init__(self, sample_rate: float) -> None:
        self.sample_rate = sample_rate
        self._nominal_s = 1.0 / sample_rate
        self._line: _Line | None = None
        self._since_s = 0.0

    @property
    def is_locked(self) -> bool:
        """Whether it has seen enough to answer."""
        return self._line is not None and self._since_s > 0.0

    def observe(self, frame: int, time_s: float) -> None:
        """A block began with `frame` at `time_s`, give or take the host's jitter. The same frame again is no news."""
        line = self._line
        if line is None or frame < line.frame:
            self._line, self._since_s = _Line(frame, time_s, self._nominal_s), 0.0
            return
        frames = frame - line.frame
        if frames == 0:
            return
        expected_s = line.time_s + frames * line.frame_s
        error_s = time_s - expected_s
        if abs(error_s) > LOST_S:
            self._line, self._since_s = _Line(frame, time_s, self._nominal_s), 0.0
            return
        elapsed_s = frames * self._nominal_s
        bandwidth_hz = EAGER_HZ if self._since_s < EAGER_S else BANDWIDTH_HZ
        omega = min(2.0 * math.pi * bandwidth_hz * elapsed_s, WIDEST_STEP)
        frame_s = line.frame_s + omega * omega * error_s / frames
        low_s, high_s = self._nominal_s * (1.0 - MAX_DRIFT), self._nominal_s * (1.0 + MAX_DRIFT)
        frame_s = min(max(frame_s, low_s), high_s)
        self._line = _Line(frame, expected_s + math.sqrt(2.0) * omega * error_s, frame_s)
        self._since_s += elapsed_s

    def frame_at(self, time_s: float) -> float:
        """The frame that is due at `time_s`, with its fraction. Raises ValueError before anything was observed."""
        line = self._line
        if line is None:
            raise ValueError("the clock has not observed a block yet")
        return line.frame + (time_s - line.time_s) / line.frame_s

    def time_at(self, frame: float) -> float:
        """When a frame is due, the other way round. Raises ValueError before anything was observed."""
        line = self._line
        if line is None:
            raise ValueError("the clock has not observed a block yet")
        return line.time_s + (frame - line.frame) * line.frame_s
