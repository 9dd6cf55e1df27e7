"""An instrument and a DAW on one JACK server, connected both ways, and a tablet's packets beside them."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from support.ardour import FRAME_BPM, RATE_HZ, Ardour
from support.ardour_tracks import AudioTrack, MidiTrack
from support.clocks import MidiSequence
from support.mpe_reader import Message
from support.osc_peers.peer import LOOPBACK, free_port

from weaver.app import Instrument
from weaver.engine.engine import Engine
from weaver.model.gestures import MIDI
from weaver.model.osc_packet import encode
from weaver.takes.take import Command, Take
from weaver.wishes import Wishes

ON_DISK_S = 1.0
"""A take lags by less."""
SEED_FRAMES = RATE_HZ // 8
"""Between notes of a recording that is only there to be written over."""


class Studio(NamedTuple):
    """Who is there. `notes` and `sound` hear us and `notes` plays to us; `clip` only plays to us."""

    instrument: Instrument
    ardour: Ardour
    notes: MidiTrack
    sound: AudioTrack
    clip: MidiTrack
    tablet: Callable[..., object]

    @property
    def engine(self) -> Engine:
        return self.instrument.engine

    def lost(self) -> int:
        return int(self.engine.state.counters.underflows)

    def heard(self, since: int) -> list[Message]:
        """MIDI that has come to us since a frame, by the take."""
        time.sleep(ON_DISK_S)
        assert self.instrument.take is not None
        commands = (event for event in Take(self.instrument.take).events() if isinstance(event, Command))
        return [
            (command.frame, bytes(int(value) for value in command.values[: int(command.values[3])]))
            for command in commands
            if command.kind == MIDI and command.frame >= since
        ]

    @property
    def frame(self) -> int:
        return int(self.engine.snapshot().frame)


@contextmanager
def studio_in(folder: Path) -> Iterator[Studio]:
    """All of it, at FRAME_BPM; nothing is on `notes` and `sound`, and what is on `clip` is muted."""
    port = free_port()
    wishes = Wishes(audio="jack", midi="none", mode="mpe", osc_port=port, discovery=False, takes=folder / "takes")
    with (
        MidiSequence("seed", SEED_FRAMES, 60, SEED_FRAMES // 2) as seed,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        Instrument(wishes) as instrument,
        Ardour(folder / "ardour") as ardour,
    ):
        ardour.tempo(FRAME_BPM)
        clip = ardour.midi_track("clip", seed.port, "weaver:midi_in")
        with ardour.recording(clip):
            pass
        seed.close()
        clip.mute()
        yield Studio(
            instrument,
            ardour,
            ardour.midi_track("notes", "weaver:midi_out", "weaver:midi_in"),
            ardour.audio_track("sound", "weaver:out_1", "weaver:out_2"),
            clip,
            lambda address, *values: udp.sendto(encode(address, *values), (LOOPBACK, port)),
        )
