"""MIDI that has left, read as notes with curves, and as lanes."""

from __future__ import annotations

import pytest
from support.songs import LENGTH_S, SPHERES, messages, song

from weaver.model.midi_out import LANES
from weaver.takes.export.reader import lane_name, read_midi


def test_a_note_has_what_was_said_before_it_and_while_it_sounds() -> None:
    first, second = song().notes
    assert (first.channel, first.key, first.velocity, first.release) == (1, 60, 90, 33)
    assert (first.start_s, first.length_s) == (0.5, 1.0)
    assert first.bend == ((0.5, pytest.approx(24.0)),)
    assert first.pressure == ((0.5, 0.0), (0.75, 1.0))
    assert first.timbre == ((0.5, pytest.approx(100 / 127)),)
    assert second.bend == ((2.5, 0.0),), "of its own channel"


def test_what_still_sounds_at_the_end_is_let_go_there() -> None:
    made = song()
    assert made.notes[1].start_s + made.notes[1].length_s == LENGTH_S
    assert (made.messages[-1].time_s, made.messages[-1].data) == (LENGTH_S, bytes((0x82, 67, 64)))


def test_lanes_are_named_for_spheres_and_the_mood() -> None:
    lanes = {lane.name: lane for lane in song().lanes}
    assert set(lanes) == {"Azure health", "valence"}
    azure = lanes["Azure health"]
    assert (azure.channel, azure.control) == (0, 103)
    assert azure.points == ((0.4, pytest.approx(64 / 127)), (1.0, 0.0))
    assert lanes["valence"].points == ((1.0, 1.0),)


def test_every_row_of_the_table_is_a_lane_in_every_form() -> None:
    for lane in LANES:
        for form, channel, mood in (("mpe-lower", 0, 0), ("mpe-upper", 15, 15), ("channels", 0, 15)):
            said = lane_name(form, channel if lane.of_sphere else mood, lane.control, SPHERES)
            assert said == (f"Violet {lane.name}" if lane.of_sphere else lane.name)
    assert lane_name("mpe-lower", 1, 102, SPHERES) is None, "members have none"
    assert lane_name("channels", 3, 102, SPHERES) == "sphere 4 health"
    assert lane_name("channels", 0, 103, SPHERES) is None


def test_a_key_struck_again_ends_the_one_before_it() -> None:
    played = [(0.0, (0x91, 60, 90)), (1.0, (0x91, 60, 80)), (2.0, (0x91, 60, 0))]
    notes = read_midi(messages(played), "mpe-lower", 3.0, SPHERES).notes
    assert [(note.start_s, note.length_s, note.velocity, note.release) for note in notes] == [
        (0.0, 1.0, 90, 64),
        (1.0, 1.0, 80, 64),
    ]
    assert read_midi(messages([(0.5, (0x81, 60, 9))]), "mpe-lower", 3.0, SPHERES).notes == []
