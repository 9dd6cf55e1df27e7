"""An MPE receiver that shares nothing with the instrument's: what a DAW hears of a stream of MIDI messages.

After the MIDI Association's M1-100-UM v1.1: zones by RPN 6 on channels 1 and 16, bends of 48 semitones on members and
2 on managers until RPN 0, a note's pitch its key and both bends, its pressure and timbre what its channel said last.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

Message = tuple[int, bytes]
"""Frame and bytes."""


@dataclass
class Note:
    """One note; what it was when it began, and what came after, each with its frame."""

    frame: int
    channel: int
    key: int
    velocity: int
    semitones: float
    pressure: int
    timbre: int
    end_frame: int | None = None
    release: int | None = None
    pitches: list[tuple[int, float]] = field(default_factory=list)
    pressures: list[tuple[int, int]] = field(default_factory=list)
    timbres: list[tuple[int, int]] = field(default_factory=list)

    @property
    def hz(self) -> float:
        """Where it began."""
        return 440.0 * 2.0 ** ((self.semitones - 69.0) / 12.0)


@dataclass
class Channel:
    """What one channel has said."""

    bend: float = 0.0
    range: float = 2.0
    pressure: int = 0
    timbre: int = 64
    rpn: list[int] = field(default_factory=lambda: [127, 127])
    sounding: dict[int, Note] = field(default_factory=dict)


class MpeReader:
    """Reads messages in order; channels count from 0."""

    def __init__(self) -> None:
        self.channels = [Channel() for _ in range(16)]
        self.lower = self.upper = 0
        self.notes: list[Note] = []
        self.controls: list[tuple[int, int, int, int]] = []
        """Frame, channel, number, value of all that is neither timbre nor a registered parameter's."""
        self.strays: list[Message] = []
        """What a receiver makes nothing of: notes that end and never began, and the like."""

    def read(self, messages: Iterable[Message]) -> MpeReader:
        for frame, data in messages:
            self._take(frame, data)
        return self

    def manager(self, channel: int) -> int | None:
        """The channel that manages a member."""
        if 1 <= channel <= self.lower:
            return 0
        return 15 if 15 - self.upper <= channel < 15 else None

    def semitones(self, channel: int, key: int) -> float:
        """The pitch of a key on a channel, above MIDI's note 0."""
        own, manager = self.channels[channel], self.manager(channel)
        total = key + own.bend * own.range
        return total if manager is None else total + self.channels[manager].bend * self.channels[manager].range

    def _take(self, frame: int, data: bytes) -> None:
        kind, number = data[0] & 0xF0, data[0] & 0x0F
        channel = self.channels[number]
        if kind == 0x90 and data[2]:
            if data[1] in channel.sounding:
                self.strays.append((frame, data))
            semitones = self.semitones(number, data[1])
            note = Note(frame, number, data[1], data[2], semitones, channel.pressure, channel.timbre)
            channel.sounding[data[1]] = note
            self.notes.append(note)
        elif kind in (0x80, 0x90):
            note_off = channel.sounding.pop(data[1], None)
            if note_off is None:
                self.strays.append((frame, data))
            else:
                note_off.end_frame, note_off.release = frame, data[2] if kind == 0x80 else 64
        elif kind == 0xE0:
            channel.bend = (data[2] * 128 + data[1] - 8192) / 8192
            self._move(frame, number)
        elif kind == 0xD0:
            channel.pressure = data[1]
            for note in channel.sounding.values():
                note.pressures.append((frame, data[1]))
        elif kind == 0xB0:
            self._control(frame, number, data[1], data[2])
        else:
            self.strays.append((frame, data))

    def _move(self, frame: int, number: int) -> None:
        for other, channel in enumerate(self.channels):
            if other == number or self.manager(other) == number:
                for key, note in channel.sounding.items():
                    note.pitches.append((frame, self.semitones(other, key)))

    def _control(self, frame: int, number: int, control: int, value: int) -> None:
        channel = self.channels[number]
        if control in (100, 101):
            channel.rpn[101 - control] = value
        elif control == 6 and channel.rpn == [0, 6] and number in (0, 15):
            self._configure(frame, number, min(value, 15))
        elif control == 6 and channel.rpn == [0, 0]:
            manager = self.manager(number)
            for other in range(16):
                if other == number or (manager is not None and self.manager(other) == manager):
                    self.channels[other].range = float(value)
        elif control == 74:
            channel.timbre = value
            for note in channel.sounding.values():
                note.timbres.append((frame, value))
        else:
            self.controls.append((frame, number, control, value))

    def _configure(self, frame: int, manager: int, members: int) -> None:
        before = [self.manager(channel) for channel in range(16)]
        if manager == 0:
            self.lower, self.upper = members, min(self.upper, max(14 - members, 0)) if members else self.upper
        else:
            self.upper, self.lower = members, min(self.lower, max(14 - members, 0)) if members else self.lower
        for number, channel in enumerate(self.channels):
            if number == manager or self.manager(number) == manager or self.manager(number) != before[number]:
                for note in channel.sounding.values():
                    note.end_frame, note.release = frame, 64
                rpn = channel.rpn
                self.channels[number] = Channel(range=2.0 if self.manager(number) is None else 48.0, rpn=rpn)
