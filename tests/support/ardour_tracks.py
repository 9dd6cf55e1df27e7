"""Tracks of a session of Ardour's: what was recorded on them, and what is written for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import mido
import numpy as np
import soundfile
from numpy.typing import NDArray
from support.ardour_program import LuaSession

FILE_TICKS = 10
"""In its MIDI files a tick of Ardour's is so many of the file's."""
SEED_S = 0.3
"""Of a recording that is only there to be written over."""


class Event(NamedTuple):
    """A message of a recording: ticks of Ardour's from the region's beginning, and its bytes."""

    tick: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A note that is written: ticks from the region's beginning; channel from 0."""

    tick: int
    ticks: int
    channel: int
    key: int
    velocity: int


@dataclass(frozen=True, slots=True)
class Lane:
    """A control that is drawn: values at ticks from the region's beginning; channel from 0."""

    channel: int
    control: int
    points: Sequence[tuple[int, int]]


class Track:
    """A track; `name` is its variable in Lua too."""

    def __init__(self, lua: LuaSession, name: str) -> None:
        self._lua, self.name = lua, name

    @property
    def regions(self) -> int:
        """How many there are on it."""
        return int(self._lua.value(f"{self.name}:to_track():playlist():n_regions()"))

    def wait_for_regions(self, count: int) -> None:
        """Until there are so many. Raises ArdourError when they do not come."""
        self._lua.wait_for(f"{self.name}:to_track():playlist():n_regions()", str(count))

    def arm(self, on: bool = True) -> None:
        """For recording, or no more."""
        self._lua.run(f"{self.name}:rec_enable_control():set_value({int(on)}, NO_GROUP)")
        self._lua.wait_for(f"{self.name}:rec_enable_control():get_value()", f"{float(on)}")

    def mute(self, on: bool = True) -> None:
        """What is on it is not played, or is again."""
        self._lua.run(f"for region in regions({self.name}) do region:set_muted({str(on).lower()}) end")

    def file(self, channel: int = 0) -> Path:
        """That of what was recorded last."""
        return Path(self._lua.value(f"newest({self.name}):source({channel}):to_filesource():path()"))


class AudioTrack(Track):
    """A track of sound."""

    def sound(self) -> NDArray[np.float32]:
        """What was recorded last: float32[frames, channels], as it came."""
        count = int(self._lua.value(f"newest({self.name}):to_audioregion():n_channels()"))
        channels = [soundfile.read(self.file(channel), dtype="float32")[0] for channel in range(count)]
        sound: NDArray[np.float32] = np.stack(channels, axis=1)
        return sound


class MidiTrack(Track):
    """A track of MIDI."""

    def write(self, notes: Sequence[Note], lanes: Sequence[Lane], ticks: int) -> None:
        """Write over what was recorded last, in a region of so many ticks."""
        model = f"newest({self.name}):to_midiregion():model()"
        self._lua.run(f"model = {model}; edit = model:new_note_diff_command('clip')")
        self._lua.run("for note in ARDOUR.LuaAPI.note_list(model):iter() do edit:remove(note) end")
        for note in notes:
            place = f"at({note.tick}), at({note.ticks}), {note.key}, {note.velocity}"
            self._lua.run(f"edit:add(ARDOUR.LuaAPI.new_noteptr({note.channel}, {place}))")
        self._lua.run("model:apply_diff_command_as_commit(Session, edit); edit = nil")
        for lane in lanes:
            kind = f"Evoral.Parameter(ARDOUR.AutomationType.MidiCCAutomation, {lane.channel}, {lane.control})"
            self._lua.run(f"lane = model:automation_control({kind}, true):alist()")
            for tick, value in lane.points:
                self._lua.run(f"lane:add(Temporal.timepos_t.from_ticks({tick}), {value}, false, true)")
        self._lua.run("lane = nil; model = nil")
        self._lua.run(f"newest({self.name}):set_length(Temporal.timecnt_t.from_ticks({ticks}))")

    def events(self) -> list[Event]:
        """What was recorded last, as it stands in its file."""
        self._lua.run('Session:save_state("", false, false, false, false, false)')
        events, tick = [], 0
        for message in mido.MidiFile(self.file()).tracks[0]:
            tick += message.time
            if not message.is_meta:
                events.append(Event(tick // FILE_TICKS, bytes(message.bytes())))
        return events
