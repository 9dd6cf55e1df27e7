"""A performance as a DAW sees it, whatever the file: tempo, notes with their curves, lanes, markers, stems.

All times are seconds from the take's first frame, which is beat 0; the tempo map makes beats (quarter notes) of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from weaver.model.midi_out import Form

Curve = tuple[tuple[float, float], ...]
"""(time in seconds, value): the value holds until the next point."""
BEATS_IN_BAR = 4
"""Nobody says a time signature: bars have four quarter notes, as every DAW has them until it is told otherwise."""


@dataclass(frozen=True, slots=True)
class Tempo:
    """From a time, and the beat that falls on it, so many quarter notes a minute."""

    time_s: float
    beat: float
    bpm: float


class TempoMap:
    """Steps of tempo, the first at time 0."""

    def __init__(self, steps: Sequence[Tempo]) -> None:
        self.steps = tuple(steps)
        self._times_s = [step.time_s for step in self.steps]

    def beat(self, time_s: float) -> float:
        """Which beat a time is."""
        step = self.steps[max(bisect_right(self._times_s, time_s) - 1, 0)]
        return step.beat + (time_s - step.time_s) * step.bpm / 60.0


@dataclass(frozen=True, slots=True)
class Message:
    """A MIDI message as it left."""

    time_s: float
    data: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A note. Channels count from 0, velocities go from 0 to 127.

    Curves begin at the note's start, with what held there: `bend` in semitones away from the key, `pressure` and
    `timbre` 0 to 1.
    """

    channel: int
    key: int
    velocity: int
    release: int
    start_s: float
    length_s: float
    bend: Curve
    pressure: Curve
    timbre: Curve


@dataclass(frozen=True, slots=True)
class Lane:
    """A number of the spheres' life, as the control by which it leaves and comes back; values are 0 to 1."""

    name: str
    channel: int
    control: int
    points: Curve


@dataclass(frozen=True, slots=True)
class Marker:
    """Something to be found again."""

    time_s: float
    text: str


@dataclass(frozen=True, slots=True)
class Stem:
    """An audio file beside the song: what it is, its colour "#rrggbb", and its name in the folder of stems."""

    name: str
    colour: str
    file: str


@dataclass(frozen=True, slots=True)
class Song:
    """All of it. `messages` are in order, and end every note that they begin."""

    title: str
    length_s: float
    sample_rate: float
    form: Form
    tempo: TempoMap
    messages: tuple[Message, ...]
    notes: tuple[Note, ...]
    lanes: tuple[Lane, ...]
    markers: tuple[Marker, ...]
    stems: tuple[Stem, ...]
