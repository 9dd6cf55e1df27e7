"""A song made by hand: what an encoder says of two notes, a lane, a tempo that changes."""

from __future__ import annotations

from collections.abc import Iterable

from weaver.model.midi_out import Form
from weaver.takes.export.reader import read_midi
from weaver.takes.export.song import Marker, Message, Song, Stem, Tempo, TempoMap

LENGTH_S = 4.0
SPHERES = ("Violet", "Azure")
TEMPO = TempoMap([Tempo(0.0, 0.0, 120.0), Tempo(2.0, 4.0, 90.0)])
MARKERS = (Marker(0.5, "Azure failing"), Marker(2.5, 'the "first" note · it`s <here> & now'))
STEMS = (
    Stem("Violet", "#8a4bff", "01-violet.wav"),
    Stem("Azure", "#2fb8ff", "02-azure.wav"),
    Stem("Room", "#808890", "room.wav"),
)

LOWER_ZONE = [(0xB0, 101, 0), (0xB0, 100, 6), (0xB0, 6, 2), (0xB1, 101, 0), (0xB1, 100, 0), (0xB1, 6, 48)]
"""Two members, and their range."""
PLAYED: list[tuple[float, tuple[int, ...]]] = [
    *((0.001 * place, message) for place, message in enumerate(LOWER_ZONE)),
    (0.4, (0xB0, 103, 64)),  # Azure's health
    (0.5, (0xE1, 0, 96)),  # + 24 semitones
    (0.5, (0xD1, 0)),
    (0.5, (0xB1, 74, 100)),
    (0.5, (0x91, 60, 90)),
    (0.75, (0xD1, 127)),
    (1.0, (0xB0, 103, 0)),
    (1.0, (0xB0, 118, 127)),  # valence
    (1.5, (0x81, 60, 33)),
    (1.5, (0xE1, 0, 64)),
    (2.5, (0x92, 67, 127)),
]


def messages(played: Iterable[tuple[float, tuple[int, ...]]] = PLAYED) -> list[Message]:
    return [Message(time_s, bytes(data)) for time_s, data in played]


def song(form: Form = "mpe-lower", played: Iterable[tuple[float, tuple[int, ...]]] = PLAYED) -> Song:
    """Four seconds of it."""
    reading = read_midi(messages(played), form, LENGTH_S, SPHERES)
    return Song(
        "By hand",
        LENGTH_S,
        48_000.0,
        form,
        TEMPO,
        tuple(reading.messages),
        tuple(reading.notes),
        tuple(reading.lanes),
        MARKERS,
        STEMS,
    )
