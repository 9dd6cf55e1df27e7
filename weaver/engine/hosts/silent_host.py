"""Real time without a device: a thread that advances the instrument as a sound card would.

It is a host of its own where there is nothing to play on, and it stands in for a device that has gone, so that
commands are done, spheres fade and lights go on until the device is back.
"""

from __future__ import annotations

import threading
import time

from weaver.engine.engine import Engine
from weaver.engine.hosts.base import HostStatus
from weaver.engine.hosts.heart import Block

DEFAULT_RATE_HZ = 48_000.0
DEFAULT_BLOCK_FRAMES = 256
CATCH_UP_S = 0.1
"""What a thread that slept longer makes up for; the rest is skipped, as a sound card would have."""
LOAD_S = 0.5


class SilentPlayer:
    """Advances an engine in real time from `start` to `stop`."""

    def __init__(self, engine: Engine, block_frames: int) -> None:
        self.load = 0.0
        self._engine, self._block_frames = engine, block_frames
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="silent-host", daemon=True)

    def start(self) -> None:
        """Begin with the next block."""
        self._thread.start()

    def stop(self) -> None:
        """The state is nobody's when this returns."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        """Frames done follow frames due, so that lateness never adds up."""
        state, rate, frames = self._engine.state, self._engine.sample_rate, self._block_frames
        block, block_s = Block(state, frames), frames / rate
        began_s, done = time.monotonic(), 0
        while not self._stopping.wait(max(began_s + (done + frames) / rate - time.monotonic(), 0.0)):
            due = int((time.monotonic() - began_s) * rate)
            if due - done > CATCH_UP_S * rate:
                began_s += (due - done - frames) / rate
                due = done + frames
                state.counters.underflows += 1
            while done + frames <= due:
                state.host_time_s, state.host_frame = began_s + done / rate, state.frame
                before_s = time.perf_counter()
                block.render()
                share = (time.perf_counter() - before_s) / block_s
                self.load += (share - self.load) * min(block_s / LOAD_S, 1.0)
                done += frames


class SilentHost:
    """A host that nobody hears."""

    name = "silent"
    device = "none"
    seats = None

    def __init__(self, rate: float | None, block: int | None, note: str) -> None:
        self.sample_rate = rate or DEFAULT_RATE_HZ
        self.block_frames = block or DEFAULT_BLOCK_FRAMES
        self._note = note
        self._engine: Engine | None = None
        self._player: SilentPlayer | None = None
        self._running = False

    def start(self, engine: Engine) -> None:
        """Let time go by. Raises RuntimeError when it already does."""
        if self._player is not None:
            raise RuntimeError("this host has been started before")
        if engine.sample_rate != self.sample_rate:
            engine.restart(self.sample_rate)
        self._engine, self._player = engine, SilentPlayer(engine, self.block_frames)
        self._player.start()
        self._running = True

    def stop(self) -> None:
        """Stand still."""
        if self._player is not None:
            self._player.stop()
        self._running = False

    def status(self) -> HostStatus:
        """How it fares."""
        return HostStatus(
            name=self.name,
            device=self.device,
            sample_rate=self.sample_rate,
            block_frames=self.block_frames,
            latency_s=self.block_frames / self.sample_rate,
            load=self._player.load if self._player else 0.0,
            underflows=int(self._engine.state.counters.underflows) if self._engine else 0,
            running=self._running,
            note=self._note,
        )
