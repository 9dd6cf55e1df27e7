"""MIDI that has left, read as a DAW reads it: notes with their own bend, pressure and timbre, and lanes.

In MPE the manager's channel has lanes only, and every other channel is a member's; else every channel is a sphere's.
Bend has the range that is said at the beginning, MPE's own (M1-100-UM v1.1).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from weaver.dsp.sizes import CHANNELS
from weaver.engine.status import CHANNEL_PRESSURE, CONTROL, NOTE_OFF, NOTE_ON, PITCH_BEND
from weaver.model.midi_out import BEND_SEMITONES, CHANNEL_CONTROLS, LANED_SPHERES, LANES, Form
from weaver.takes.export.song import Lane, Message, Note

CENTRE = 1 << 13
MIDDLE = 64
"""Of a release nobody measured, and of timbre at rest."""
FULL = 127.0
_TIMBRE = CHANNEL_CONTROLS["timbre"]


@dataclass(slots=True)
class _Channel:
    """What was last said on a channel: semitones, 0 to 1, 0 to 1."""

    bend: float = 0.0
    pressure: float = 0.0
    timbre: float = MIDDLE / FULL


@dataclass(slots=True)
class _Open:
    """A note that sounds."""

    start_s: float
    velocity: int
    bend: list[tuple[float, float]]
    pressure: list[tuple[float, float]]
    timbre: list[tuple[float, float]]


@dataclass(slots=True)
class Reading:
    """What was read; `messages` are all, and those that end what still sounded."""

    messages: list[Message] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    lanes: list[Lane] = field(default_factory=list)


def read_midi(messages: Sequence[Message], form: Form, length_s: float, spheres: Sequence[str]) -> Reading:
    """Notes in order of their starts, and lanes, named for the spheres, of `messages` in order of time.

    What still sounds at the end is let go there.
    """
    reader = _Reader(form)
    for message in messages:
        reader.hear(message)
    return reader.end(length_s, spheres)


class _Reader:
    """Goes through the messages."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._channels = [_Channel() for _ in range(CHANNELS)]
        self._open: dict[tuple[int, int], _Open] = {}
        self._points: defaultdict[tuple[int, int], list[tuple[float, float]]] = defaultdict(list)
        self._reading = Reading()

    def hear(self, message: Message) -> None:
        """One message."""
        self._reading.messages.append(message)
        status, first, second = (*message.data, 0, 0)[:3]
        kind, channel, time_s = status & 0xF0, status & 0x0F, message.time_s
        if kind == NOTE_ON and second:
            self._end(time_s, channel, first, MIDDLE)
            self._begin(time_s, channel, first, second)
        elif kind in (NOTE_OFF, NOTE_ON):
            self._end(time_s, channel, first, second if kind == NOTE_OFF else MIDDLE)
        elif kind == PITCH_BEND:
            self._turn(time_s, channel, "bend", (first + (second << 7) - CENTRE) / CENTRE * BEND_SEMITONES)
        elif kind == CHANNEL_PRESSURE:
            self._turn(time_s, channel, "pressure", first / FULL)
        elif kind == CONTROL and first == _TIMBRE:
            self._turn(time_s, channel, "timbre", second / FULL)
        elif kind == CONTROL and lane_name(self._form, channel, first, ()) is not None:
            self._points[channel, first].append((time_s, second / FULL))

    def end(self, length_s: float, spheres: Sequence[str]) -> Reading:
        """All that was read."""
        for channel, key in tuple(self._open):
            self._end(length_s, channel, key, MIDDLE)
            self._reading.messages.append(Message(length_s, bytes((NOTE_OFF | channel, key, MIDDLE))))
        self._reading.notes.sort(key=lambda note: (note.start_s, note.channel, note.key))
        for (channel, control), points in sorted(self._points.items()):
            name = lane_name(self._form, channel, control, spheres)
            self._reading.lanes.append(Lane(name or "", channel, control, tuple(points)))
        return self._reading

    def _begin(self, time_s: float, channel: int, key: int, velocity: int) -> None:
        now = self._channels[channel]
        self._open[channel, key] = _Open(
            time_s, velocity, [(time_s, now.bend)], [(time_s, now.pressure)], [(time_s, now.timbre)]
        )

    def _end(self, time_s: float, channel: int, key: int, release: int) -> None:
        note = self._open.pop((channel, key), None)
        if note is not None:
            curves = tuple(note.bend), tuple(note.pressure), tuple(note.timbre)
            length_s = time_s - note.start_s
            self._reading.notes.append(Note(channel, key, note.velocity, release, note.start_s, length_s, *curves))

    def _turn(self, time_s: float, channel: int, what: str, value: float) -> None:
        """A number of a channel, and of what sounds on it, has moved."""
        setattr(self._channels[channel], what, value)
        for (of, _), note in self._open.items():
            if of == channel:
                getattr(note, what).append((time_s, value))


def manager_of(form: Form) -> int | None:
    """The channel that is for all of an MPE zone; none where channels are spheres."""
    return {"mpe-lower": 0, "mpe-upper": CHANNELS - 1}.get(form)


def lane_name(form: Form, channel: int, control: int, spheres: Sequence[str]) -> str | None:
    """What a control on a channel is a lane of, such as "Azure health"; None if of nothing (`model.midi_out`)."""
    manager = manager_of(form)
    for lane in LANES:
        place = control - lane.control
        if not lane.of_sphere:
            if place == 0 and channel == (CHANNELS - 1 if manager is None else manager):
                return lane.name
        elif manager is None:
            if place == 0:
                return f"{_named(spheres, channel)} {lane.name}"
        elif channel == manager and 0 <= place < LANED_SPHERES:
            return f"{_named(spheres, place)} {lane.name}"
    return None


def _named(spheres: Sequence[str], number: int) -> str:
    return spheres[number] if number < len(spheres) else f"sphere {number + 1}"
