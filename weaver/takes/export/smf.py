"""A song as a Standard MIDI File: type 1, a conductor's track, and one track with all that left.

MPE stays in one track, channels unmerged. The controls of one channel stand on a tick of their own each, in order, for
DAWs that turn round what falls together (Ardour 7.3 does), and would so lose the zones; what follows them on their
channel never comes before them. Source: Standard MIDI Files 1.0 (RP-001).
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable
from pathlib import Path

import mido

from weaver.dsp.sizes import CHANNELS
from weaver.engine.status import CONTROL
from weaver.takes.export.song import BEATS_IN_BAR, Message, Song, TempoMap

TICKS_PER_BEAT = 960
MINUTE_US = 60_000_000
SLOWEST_US = (1 << 24) - 1
"""The longest quarter note that a file can say: 3 bytes of microseconds."""
MIDI_TRACK = "Sonic Weaver"


class Ticks:
    """The tempo map as the file has it, in whole microseconds and ticks: what that rounds away does not add up."""

    def __init__(self, tempo: TempoMap) -> None:
        self.steps: list[tuple[int, int]] = []
        """(tick, microseconds a quarter note)."""
        self._began: list[tuple[float, float]] = []
        """When each step was, and when it is in the file."""
        for step in tempo.steps:
            us = min(max(round(MINUTE_US / step.bpm), 1), SLOWEST_US)
            tick = self.tick(step.time_s) if self.steps else 0
            began_s = self._seconds(tick) if self.steps else step.time_s
            if self.steps and tick == self.steps[-1][0]:  # shorter than a tick
                self.steps.pop()
                self._began.pop()
            self.steps.append((tick, us))
            self._began.append((step.time_s, began_s))

    def tick(self, time_s: float) -> int:
        """The tick nearest to a time."""
        place = self._place(time_s)
        tick, us = self.steps[place]
        return max(round(tick + (time_s - self._began[place][1]) * 1e6 / us * TICKS_PER_BEAT), tick)

    def _place(self, time_s: float) -> int:
        return max(bisect_right(self._began, (time_s, math.inf)) - 1, 0)

    def _seconds(self, tick: int) -> float:
        """When the file has a tick that is not before the last step."""
        (from_tick, us), (_, began_s) = self.steps[-1], self._began[-1]
        return began_s + (tick - from_tick) * us / 1e6 / TICKS_PER_BEAT


def placed(messages: Iterable[Message], ticks: Ticks) -> list[tuple[int, bytes]]:
    """(tick, message) in order: no two controls of a channel together, and nothing before what it follows there."""
    last = [0] * CHANNELS
    was_control = [False] * CHANNELS
    told = []
    for message in messages:
        channel, is_control = message.data[0] & 0x0F, message.data[0] & 0xF0 == CONTROL
        tick = max(ticks.tick(message.time_s), last[channel])
        if tick > last[channel]:
            was_control[channel] = False
        elif is_control and was_control[channel]:
            tick += 1
        last[channel] = tick
        was_control[channel] = was_control[channel] or is_control
        told.append((tick, message.data))
    return sorted(told, key=lambda event: event[0])


def write_smf(song: Song, path: Path) -> None:
    """Write the file."""
    ticks = Ticks(song.tempo)
    events = placed(song.messages, ticks)
    end = max([ticks.tick(song.length_s), *(tick for tick, _ in events)])
    file = mido.MidiFile(type=1, ticks_per_beat=TICKS_PER_BEAT, charset="utf-8")
    file.tracks.append(_conductor(song, ticks, end))
    heard = [(tick, mido.Message.from_bytes(data)) for tick, data in events]
    file.tracks.append(_track([(0, mido.MetaMessage("track_name", name=MIDI_TRACK)), *heard], end))
    file.save(path)


def _conductor(song: Song, ticks: Ticks, end: int) -> mido.MidiTrack:
    """Name, tempo, bars and markers."""
    told = [
        (0, mido.MetaMessage("track_name", name=song.title)),
        (0, mido.MetaMessage("time_signature", numerator=BEATS_IN_BAR, denominator=4)),
        *((tick, mido.MetaMessage("set_tempo", tempo=us)) for tick, us in ticks.steps),
        *((ticks.tick(marker.time_s), mido.MetaMessage("marker", text=marker.text)) for marker in song.markers),
    ]
    return _track(sorted(told, key=lambda event: event[0]), end)


def _track(events: Iterable[tuple[int, mido.Message | mido.MetaMessage]], end: int) -> mido.MidiTrack:
    """Events at ticks, in order, and the end."""
    track, now = mido.MidiTrack(), 0
    for tick, message in events:
        track.append(message.copy(time=tick - now))
        now = tick
    track.append(mido.MetaMessage("end_of_track", time=max(end - now, 0)))
    return track
