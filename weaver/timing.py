"""Which frame of the sound is now: the host's clock, learnt from its blocks, for all that comes and leaves."""

from __future__ import annotations

import math

from weaver.engine.clock import FrameClock
from weaver.engine.engine import Engine
from weaver.engine.hosts import Host

STEADY_MARGIN_S = 0.002
"""Steady timing waits a block, and this: two polls of a MIDI thread and a switch of threads."""


class Timing:
    """May be asked from any thread; whoever drives the instrument calls `keep` several times a second."""

    def __init__(self, engine: Engine, host: Host, manner: str) -> None:
        """`manner` is how what comes takes effect: "prompt", as soon as possible, or "steady", always as late."""
        self._engine, self._host, self._is_prompt = engine, host, manner == "prompt"
        self._clock = FrameClock(engine.sample_rate)
        self._way_s = 0.0

    @property
    def is_known(self) -> bool:
        """Whether enough has been seen to answer."""
        return self._clock.is_locked

    def keep(self) -> None:
        """Tell the clock of the latest block; a host that came back at another sample rate begins a new one."""
        state, rate = self._engine.state, self._engine.sample_rate
        if rate != self._clock.sample_rate:
            self._clock = FrameClock(rate)
        frame, time_s = int(state.host_frame), float(state.host_time_s)
        if frame == int(state.host_frame):  # else a block began in between: the two may not belong together
            self._clock.observe(frame, time_s)
        status = self._host.status()
        self._way_s = max(status.latency_s, status.block_frames / status.sample_rate + STEADY_MARGIN_S)

    def frame_of(self, time_s: float) -> int:
        """The frame at which something that came at `time_s` takes effect; 0 is at once."""
        return 0 if self._is_prompt else self.steady_frame(time_s)

    def steady_frame(self, time_s: float) -> int:
        """The frame that is always as long after `time_s`; 0 while nobody knows."""
        clock = self._clock
        if not clock.is_locked:
            return 0
        delay = self._host.block_frames + STEADY_MARGIN_S * self._host.sample_rate
        return math.ceil(clock.frame_at(time_s) + delay)

    @property
    def lead_s(self) -> float:
        """How far ahead of now something has to be said that shall take effect as it is heard then."""
        return self._way_s + self._host.block_frames / self._host.sample_rate + STEADY_MARGIN_S

    def frame_heard_at(self, time_s: float) -> int:
        """The frame that is heard at a time of time.monotonic(), as `time_at` has it; 0 while nobody knows."""
        clock = self._clock
        return max(math.ceil(clock.frame_at(time_s - self._way_s)), 0) if clock.is_locked else 0

    def time_at(self, frame: float) -> float:
        """When what happens at a frame may leave, on the clock of time.monotonic(): when the host says it is heard, but
        not before its block has been rendered for certain. NaN while nobody knows."""
        clock = self._clock
        return clock.time_at(frame) + self._way_s if clock.is_locked else math.nan
