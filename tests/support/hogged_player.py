"""A child process that sends MIDI's clock on JACK while Python threads never let go of the interpreter's lock."""

from __future__ import annotations

import threading

from support.remote import serve

from weaver.bench.player import hog
from weaver.engine.engine import Engine
from weaver.engine.hosts import open_host
from weaver.engine.maps import empty_midi_map
from weaver.model.spheres import load_set

HOGS = 3


class Clockwork:
    """An instrument that only keeps time."""

    def __init__(self) -> None:
        self._host = open_host("jack", midi="none", connect=False)
        self._engine = Engine(load_set("glasses"), empty_midi_map(), self._host.sample_rate)
        self._engine.outward.clock()
        self._host.start(self._engine)
        for _ in range(HOGS):
            threading.Thread(target=hog, daemon=True).start()

    def tempo(self, bpm: str) -> bool:
        return self._engine.set_parameter("tempo_bpm", float(bpm))

    def roll(self, beat: str) -> bool:
        return self._engine.gesture("roll", beat=float(beat))

    def halt(self) -> bool:
        return self._engine.gesture("halt")

    def lost(self) -> int:
        """Periods that the machine has lost."""
        return int(self._engine.state.counters.underflows)

    def end(self) -> None:
        self._host.stop()


if __name__ == "__main__":
    serve(Clockwork())
