"""Standard MIDI Files, read by mido, by miditoolkit and by pretty_midi; and played."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import mido
import pytest
from support.needed import module
from support.songs import LENGTH_S, LOWER_ZONE, MARKERS, PLAYED, song

from weaver.midi.files import read_midi_file
from weaver.takes.export.smf import SLOWEST_US, TICKS_PER_BEAT, Ticks, write_smf
from weaver.takes.export.song import Tempo, TempoMap


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_smf(song(), tmp_path / "song.mid")
    return tmp_path / "song.mid"


def test_mido_reads_a_conductor_and_one_track(path: Path) -> None:
    file = mido.MidiFile(path, charset="utf-8")
    assert (file.type, file.ticks_per_beat, len(file.tracks)) == (1, TICKS_PER_BEAT, 2)
    conductor, played = file.tracks
    assert conductor[0].name == "By hand"
    assert [message.tempo for message in conductor if message.type == "set_tempo"] == [500_000, 666_667]
    assert [message.text for message in conductor if message.type == "marker"] == [marker.text for marker in MARKERS]
    assert any(message.type == "time_signature" and message.numerator == 4 for message in conductor)
    assert not any(message.is_meta for message in played[1:-1])
    assert sum(message.time for message in played) == sum(message.time for message in conductor)
    assert file.length == pytest.approx(LENGTH_S, abs=1e-3)
    offs = [message for message in played if message.type == "note_off"]
    assert [(off.channel, off.note, off.velocity) for off in offs] == [(1, 60, 33), (2, 67, 64)]


def test_all_messages_come_in_order_and_at_their_time(path: Path) -> None:
    read = read_midi_file(path)
    for channel in range(3):
        mine = [data for _, data in PLAYED if data[0] & 0x0F == channel and data != (0x92, 67, 127)]
        theirs = [tuple(event.data) for event in read if event.data[0] & 0x0F == channel]
        assert theirs[: len(mine)] == mine
    times_s = {tuple(event.data): event.time_s for event in read}
    for time_s, data in PLAYED:
        assert times_s[data] == pytest.approx(time_s, abs=0.7 / TICKS_PER_BEAT)


def test_controls_of_a_channel_never_share_a_tick_even_at_the_slowest_tempo(tmp_path: Path) -> None:
    slow = song(played=[(0.0, message) for message in [*LOWER_ZONE, (0x91, 60, 90)]])
    write_smf(slow, tmp_path / "song.mid")
    now, seen, order = 0, set(), []
    for message in mido.MidiFile(tmp_path / "song.mid").tracks[1]:
        now += message.time
        if message.type == "control_change":
            assert (message.channel, now) not in seen
            seen.add((message.channel, now))
            order.append(tuple(message.bytes()))
        if message.type == "note_on":
            assert now >= max(tick for channel, tick in seen if channel == 1)
    assert sorted(order, key=lambda data: data[0]) == LOWER_ZONE


def test_a_note_between_two_controls_does_not_bring_them_together(tmp_path: Path) -> None:
    played = [(1.0, (0xB0, 7, 1)), (1.0, (0x90, 60, 1)), (1.0, (0xB0, 7, 2))]
    write_smf(song(played=played), tmp_path / "song.mid")
    now, ticks = 0, []
    for message in mido.MidiFile(tmp_path / "song.mid").tracks[1]:
        now += message.time
        if message.type == "control_change":
            ticks.append(now)
    assert ticks == [1920, 1921]


def test_tempi_that_a_file_cannot_say_are_bounded() -> None:
    assert Ticks(TempoMap([Tempo(0.0, 0.0, 2.0)])).steps == [(0, SLOWEST_US)]
    brief = Ticks(TempoMap([Tempo(0.0, 0.0, 120.0), Tempo(1.0, 2.0, 90.0), Tempo(1.00001, 2.000015, 60.0)]))
    assert brief.steps == [(0, 500_000), (1920, 1_000_000)], "what is shorter than a tick is none"


def test_roundings_do_not_add_up() -> None:
    steps, time_s, beat = [], 0.0, 0.0
    for number in range(500):
        bpm = 119.0 + (number * 7 % 13) / 7.0
        steps.append(Tempo(time_s, beat, bpm))
        time_s += 0.4321
        beat += 0.4321 * bpm / 60.0
    ticks = Ticks(TempoMap(steps))
    file_s, ends = 0.0, [tick for tick, _ in ticks.steps[1:]] + [ticks.tick(time_s)]
    for (tick, us), end in zip(ticks.steps, ends, strict=True):
        file_s += (end - tick) * us / 1e6 / TICKS_PER_BEAT
    assert file_s == pytest.approx(time_s, abs=0.7 / TICKS_PER_BEAT)
    places = [ticks.tick(0.01 * place) for place in range(20_000)]
    assert all(before <= after for before, after in pairwise(places))


def test_miditoolkit_reads_notes_tempo_and_markers(path: Path) -> None:
    midi = module("miditoolkit", "miditoolkit").MidiFile(str(path))
    assert midi.ticks_per_beat == TICKS_PER_BEAT
    assert [change.tempo for change in midi.tempo_changes] == [pytest.approx(120.0), pytest.approx(90.0, abs=1e-3)]
    assert len(midi.markers) == len(MARKERS)
    notes = sorted(note for instrument in midi.instruments for note in _spans(instrument))
    assert notes == [(960, 2880, 60, 90), (4560, 6720, 67, 127)]


def _spans(instrument: object) -> list[tuple[int, int, int, int]]:
    return [(note.start, note.end, note.pitch, note.velocity) for note in instrument.notes]


def test_pretty_midi_reads_notes_in_seconds(path: Path) -> None:
    pretty = module("pretty_midi", "pretty_midi")
    midi = pretty.PrettyMIDI(str(path))
    notes = sorted((note.start, note.end, note.pitch) for instrument in midi.instruments for note in instrument.notes)
    assert [note[2] for note in notes] == [60, 67]
    assert notes[0][:2] == (pytest.approx(0.5, abs=1e-3), pytest.approx(1.5, abs=1e-3))
    assert notes[1][:2] == (pytest.approx(2.5, abs=1e-3), pytest.approx(4.0, abs=1e-3))
