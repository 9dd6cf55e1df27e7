"""A host on something that may go away: it notices, says so, plays on in silence, and comes back when that does.

What may go away is a `Line`: one client's life on a JACK server, one open stream on a device. A host outlives its
lines.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol

from weaver.engine.engine import Engine
from weaver.engine.hosts.base import HostStatus
from weaver.engine.hosts.silent_host import SilentPlayer
from weaver.model.errors import DeviceError
from weaver.model.wires import Wires

LOOK_S = 0.05
"""Between two looks at the line: soon enough that a controller is played as soon as its cable is in."""
RETRY_S = 1.0
_READINGS = 3


class Line(Protocol):
    """Something opened that can play until it fails. Whatever goes wrong in it is a DeviceError.

    Its properties are asked for from any thread, even after `close`: they are kept, and cost no call.
    """

    device: str
    sample_rate: float

    @property
    def block_frames(self) -> int:
        """Frames in a block, as it is now."""

    @property
    def latency_s(self) -> float:
        """From a rendered frame to the ear."""

    @property
    def load(self) -> float:
        """0 to 1."""

    def run(self, engine: Engine) -> None:
        """Play; `engine` is at the line's sample rate."""

    def trouble(self) -> str:
        """Why it plays no more, or nothing."""

    def tend(self) -> None:
        """What has to be done now and then; called every LOOK_S while it plays."""

    def close(self) -> None:
        """Let go of it, failed or not; no callback of it runs when this returns."""


def clock_offset_s(clock: Callable[[], float]) -> float:
    """What to add to another clock's seconds to have those of time.monotonic().

    Of a few readings the quickest counts: whoever is interrupted between the two clocks compares badly.
    """
    best_s, offset_s = float("inf"), 0.0
    for _ in range(_READINGS):
        before_s = time.monotonic()
        there_s = clock()
        after_s = time.monotonic()
        if after_s - before_s < best_s:
            best_s, offset_s = after_s - before_s, (before_s + after_s) / 2 - there_s
    return offset_s


class SupervisedHost:
    """A host over lines that `open_line` opens; it is given the sample rate to prefer, None at first."""

    def __init__(self, name: str, open_line: Callable[[float | None], Line], seats: Wires | None = None) -> None:
        """Opens the first line. `seats` is what every line joins controllers to. Raises DeviceError."""
        self.name = name
        self.seats = seats
        self._open_line = open_line
        line = open_line(None)
        self._line: Line | None = line
        self.device, self.sample_rate, self.block_frames = line.device, line.sample_rate, line.block_frames
        self._note = ""
        self._engine: Engine | None = None
        self._stand_in: SilentPlayer | None = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, engine: Engine) -> None:
        """Play, and watch the line. Raises DeviceError, or RuntimeError when it has been started before."""
        if self._engine is not None or self._line is None:
            raise RuntimeError("this host has been started or stopped before")
        self._play(self._line, engine)
        self._engine = engine
        self._thread = threading.Thread(target=self._watch, args=(engine,), name="host-watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop watching, then playing."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
        if self._stand_in is not None:
            self._stand_in.stop()
            self._stand_in = None
        if self._line is not None:
            self._line.close()
            self._line = None

    def status(self) -> HostStatus:
        """How it fares; while the line is gone, with the figures of the silent stand-in."""
        line, stand_in = self._line, self._stand_in
        if line is not None:
            self.block_frames = line.block_frames
        return HostStatus(
            name=self.name,
            device=self.device,
            sample_rate=self.sample_rate,
            block_frames=self.block_frames,
            latency_s=line.latency_s if line else self.block_frames / self.sample_rate,
            load=line.load if line else stand_in.load if stand_in else 0.0,
            underflows=int(self._engine.state.counters.underflows) if self._engine else 0,
            running=line is not None and self._engine is not None,
            note=self._note,
        )

    def _watch(self, engine: Engine) -> None:
        """The watcher's thread; all lines but the first are opened, played and closed here."""
        next_try_s = 0.0
        while not self._stopping.wait(LOOK_S):
            if self._line is not None:
                trouble = self._line.trouble()
                if trouble:
                    self._lose(self._line, engine, trouble)
                    next_try_s = time.monotonic() + RETRY_S
                else:
                    self._line.tend()
            elif time.monotonic() >= next_try_s:
                self._try_again(engine)
                next_try_s = time.monotonic() + RETRY_S

    def _lose(self, line: Line, engine: Engine, trouble: str) -> None:
        self._note = f"{trouble}; waiting for it, and silent meanwhile"
        self._line = None
        line.close()
        self._stand_in = SilentPlayer(engine, self.block_frames)
        self._stand_in.start()

    def _try_again(self, engine: Engine) -> None:
        """Go back to sounding if there is something to sound on."""
        try:
            line = self._open_line(engine.sample_rate)
        except DeviceError:
            return
        if self._stand_in is not None:
            self._stand_in.stop()
        try:
            self._play(line, engine)
        except DeviceError as error:
            line.close()
            self._note = f"{error}; trying again"
            self._stand_in = SilentPlayer(engine, self.block_frames)
            self._stand_in.start()
            return
        self._stand_in = None
        self.device, self.sample_rate, self.block_frames = line.device, line.sample_rate, line.block_frames
        self._line = line
        self._note = f"{line.device} is back"

    @staticmethod
    def _play(line: Line, engine: Engine) -> None:
        if engine.sample_rate != line.sample_rate:
            engine.restart(line.sample_rate)
        line.run(engine)
