"""The instrument beside a DAW: what is woven leaves as MIDI, and its clock; whose time is kept.

On JACK all of it leaves natively, by ports that are always there; elsewhere by `Leaving`.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from weaver.engine.engine import Engine
from weaver.engine.hosts import Host
from weaver.midi.leaving import Leaving, Way
from weaver.midi.ports import AUTO, CLOCK_OUT, MIDI_OUT, NONE, best_backend, own_port
from weaver.model.errors import DeviceError
from weaver.model.midi_out import PlayOut
from weaver.model.parameters import SYNCS
from weaver.surfaces.picture import OutView
from weaver.timing import Timing
from weaver.wishes import Wishes

CLOSE_S, LOOK_S = 0.3, 0.005
"""So long at most JACK's callback has to say what ends, and between two looks whether it has."""


def set_time(engine: Engine, wishes: Wishes) -> None:
    """Whose time is followed, and how fast our own is: commands that wait for the first frame."""
    engine.set_parameter("sync", SYNCS.index(wishes.sync))
    engine.set_parameter("tempo_bpm", wishes.tempo_bpm)


class Daw:
    """Made once the host plays; closed before it stops, when nobody plays any more."""

    def __init__(self, engine: Engine, host: Host, wishes: Wishes, timing: Timing) -> None:
        """Raises DeviceError where a port is asked for by name and cannot be had, or the name may mean several."""
        self._wanted = wanted = wishes.play_out
        self._leaving: Leaving | NativeLeaving | None = None
        midi_out = NONE if wanted.form == "off" else wishes.midi_out
        named = {wishes.midi_in, midi_out, wishes.clock_out} - {AUTO, NONE}
        if host.name == "jack":
            if named:
                raise DeviceError(
                    f"connect our ports to {', '.join(sorted(named))} on JACK itself, or leave JACK (--audio)"
                )
            words = {MIDI_OUT: midi_out, CLOCK_OUT: wishes.clock_out}
            self._leaving = NativeLeaving(engine, host, wanted, [name for name, word in words.items() if word == AUTO])
            return
        try:
            self._leaving = Leaving(engine.outward, best_backend, timing.time_at, wanted, midi_out, wishes.clock_out)
        except DeviceError:
            if named:
                raise  # else there is no MIDI library, and the inputs tell of it

    @property
    def note(self) -> str:
        """What keeps us from leaving as was asked for; empty if nothing does."""
        return "" if self._leaving is None else self._leaving.note

    def outs(self) -> tuple[OutView, ...]:
        """By which ports we leave. What the clock says is not counted: it never stops."""
        now_s = time.monotonic()
        return tuple(
            OutView(
                way.name,
                way.is_open,
                self._wanted.form,
                way.messages,
                None if way.last_s is None else now_s - way.last_s,
            )
            if way.own_name == MIDI_OUT
            else OutView(way.name, way.is_open)
            for way in (() if self._leaving is None else self._leaving.ways())
        )

    def close(self) -> None:
        """End what sounds elsewhere; nothing leaves any more. A second call does nothing."""
        if self._leaving is not None:
            self._leaving.close()


class NativeLeaving:
    """JACK's callback writes all of it; here it is only let, and ended."""

    note = ""

    def __init__(self, engine: Engine, host: Host, wanted: PlayOut, own_names: Sequence[str]) -> None:
        """`own_names` : by which of our ports something shall leave."""
        self._engine, self._host, self._wanted, self._own_names = engine, host, wanted, own_names
        self._messages = 0
        self._last_s: float | None = None
        if MIDI_OUT in own_names:
            engine.outward.play(wanted)
        engine.outward.clock(CLOCK_OUT in own_names)

    def ways(self) -> tuple[Way, ...]:
        """The ports, and what has been sent."""
        running, messages = self._host.status().running, int(self._engine.state.midi_out.read[0])
        if messages != self._messages:
            self._messages, self._last_s = messages, time.monotonic()
        return tuple(Way(name, own_port(name), running, messages, self._last_s) for name in self._own_names)

    def close(self) -> None:
        """Let the callback say what ends, if it still runs; a second call does nothing."""
        own_names, self._own_names = self._own_names, ()
        if not own_names:
            return
        self._engine.outward.play(replace(self._wanted, form="off"))
        self._engine.outward.clock(False)
        out, until_s = self._engine.state.midi_out, time.monotonic() + CLOSE_S
        while (out.form or out.read[0] < out.written[0]) and time.monotonic() < until_s:
            time.sleep(LOOK_S)
