"""The instrument beside a DAW: what is woven leaves as MIDI, and its clock; whose time is kept.

On JACK all of it leaves natively, by ports that are always there.
"""

from __future__ import annotations

from dataclasses import replace

from weaver.engine.engine import Engine
from weaver.engine.hosts import Host
from weaver.midi.ports import AUTO, NONE
from weaver.model.errors import DeviceError
from weaver.model.parameters import SYNCS
from weaver.timing import Timing
from weaver.wishes import Wishes


def set_time(engine: Engine, wishes: Wishes) -> None:
    """Whose time is followed, and how fast our own is: commands that wait for the first frame."""
    engine.set_parameter("sync", SYNCS.index(wishes.sync))
    engine.set_parameter("tempo_bpm", wishes.tempo_bpm)


class Daw:
    """Made once the host plays; closed before it stops, when nobody plays any more."""

    def __init__(self, engine: Engine, host: Host, wishes: Wishes, timing: Timing) -> None:
        """Raises DeviceError where a port is asked for by name and JACK connects ports."""
        self.note = ""
        self._engine, self._wanted = engine, wishes.play_out
        is_jack = host.name == "jack"
        if is_jack and not {wishes.midi_in, wishes.midi_out, wishes.clock_out} <= {AUTO, NONE}:
            raise DeviceError(
                "with JACK connect our ports there: none can be chosen with --midi-in, -out or --clock-out"
            )
        leaves = is_jack and wishes.midi_out != NONE
        engine.play_out(wishes.play_out if leaves else replace(wishes.play_out, form="off"))
        engine.send_clock(is_jack and wishes.clock_out != NONE)

    def close(self) -> None:
        """Nothing leaves any more; a second call does nothing."""
        self._engine.play_out(replace(self._wanted, form="off"))
