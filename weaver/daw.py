"""The instrument beside a DAW: what is woven leaves as MIDI, and its clock; whose time is kept.

On JACK all of it leaves natively, by ports that are always there; elsewhere by `Leaving`.
"""

from __future__ import annotations

import time
from dataclasses import replace

from weaver.engine.engine import Engine
from weaver.engine.hosts import Host
from weaver.midi.leaving import Leaving
from weaver.midi.ports import AUTO, NONE, best_backend
from weaver.model.errors import DeviceError
from weaver.model.parameters import SYNCS
from weaver.timing import Timing
from weaver.wishes import Wishes

CLOSE_S, LOOK_S = 0.3, 0.005
"""So long at most the host has to say what ends, and between two looks whether it has."""


def set_time(engine: Engine, wishes: Wishes) -> None:
    """Whose time is followed, and how fast our own is: commands that wait for the first frame."""
    engine.set_parameter("sync", SYNCS.index(wishes.sync))
    engine.set_parameter("tempo_bpm", wishes.tempo_bpm)


class Daw:
    """Made once the host plays; closed before it stops, when nobody plays any more."""

    def __init__(self, engine: Engine, host: Host, wishes: Wishes, timing: Timing) -> None:
        """Raises DeviceError where a port is asked for by name and cannot be had, or the name may mean several."""
        self._engine, self._wanted, self._is_native = engine, wishes.play_out, host.name == "jack"
        self._leaving: Leaving | None = None
        named = {wishes.midi_in, wishes.midi_out, wishes.clock_out} - {AUTO, NONE}
        if self._is_native:
            if named:
                raise DeviceError(f"on JACK connect our ports to {', '.join(sorted(named))} there; or take --audio")
            if wishes.midi_out != NONE:
                engine.play_out(self._wanted)
            engine.send_clock(wishes.clock_out != NONE)
            return
        try:
            self._leaving = Leaving(
                *(engine, best_backend, timing.time_at, self._wanted, wishes.midi_out, wishes.clock_out)
            )
        except DeviceError:
            if named:
                raise  # else there is no MIDI library, which the inputs tell of

    @property
    def note(self) -> str:
        """What keeps us from leaving as was asked for; empty if nothing does."""
        return "" if self._leaving is None else self._leaving.note

    def close(self) -> None:
        """End what sounds elsewhere; nothing leaves any more. A second call does nothing."""
        if self._leaving is not None:
            self._leaving.close()
        elif self._is_native:
            self._is_native = False
            self._fall_silent()

    def _fall_silent(self) -> None:
        """Let the host say what ends, if it still plays."""
        self._engine.play_out(replace(self._wanted, form="off"))
        self._engine.send_clock(False)
        until_s = time.monotonic() + CLOSE_S
        out = self._engine.state.midi_out
        while (out.form != 0 or out.read[0] < out.written[0]) and time.monotonic() < until_s:
            time.sleep(LOOK_S)
