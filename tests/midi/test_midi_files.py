"""Standard MIDI files: times exact, nothing lost, and a broken one says where."""

from __future__ import annotations

import random
import struct
from fractions import Fraction
from pathlib import Path

import mido
import pytest

from weaver.midi.files import TimedBytes, midi_file_length_s, read_midi_file
from weaver.model.errors import ConfigError

END = "00 ff2f00"


def smf(kind: int, division: int, *tracks: str) -> bytes:
    """A file of hand-written tracks, in hex."""
    bodies = [bytes.fromhex(track) for track in tracks]
    head = b"MThd" + struct.pack(">LHHH", 6, kind, len(tracks), division)
    return head + b"".join(b"MTrk" + struct.pack(">L", len(body)) + body for body in bodies)


def play(folder: Path, data: bytes) -> list[TimedBytes]:
    path = folder / "song.mid"
    path.write_bytes(data)
    return read_midi_file(path)


def told(events: list[TimedBytes]) -> list[tuple[float, str]]:
    return [(event.time_s, event.data.hex()) for event in events]


def refused(folder: Path, data: bytes) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        play(folder, data)
    assert str(folder / "song.mid") in caught.value.where
    return caught.value


def test_running_status_and_velocity_0_pass(tmp_path: Path) -> None:
    data = smf(0, 96, "00 903c40" + "60 3c00" + "00 b04a7f" + "00 d040" + "00 e0007f" + END)
    assert told(play(tmp_path, data)) == [
        (0.0, "903c40"),
        (0.5, "903c00"),
        (0.5, "b04a7f"),
        (0.5, "d040"),
        (0.5, "e0007f"),
    ]


def test_tempo_changes_are_exact_in_every_track(tmp_path: Path) -> None:
    """120, then 1/3 s a quarter, then 60 bpm; the second track's notes follow the first track's tempo."""
    tempi = "00 ff5103 07a120" + "8340 ff5103 051615" + "8340 ff5103 0f4240" + END
    notes = "8340 903c40" + "8340 803c00" + "8340 903e40" + END
    events = play(tmp_path, smf(1, 480, tempi, notes))
    quarters, tempi_s = Fraction(448, 480), (Fraction(1, 2), Fraction(0x051615, 1_000_000), Fraction(1))
    expected = [quarters * sum(tempi_s[: k + 1]) for k in range(3)]
    assert [event.time_s for event in events] == [float(time) for time in expected]


def test_an_hour_of_odd_ticks_does_not_drift(tmp_path: Path) -> None:
    """7,001 notes, each 333,333 us / 97 ticks apart: the last is where one multiplication puts it."""
    data = smf(0, 97, "00 ff5103 051615" + "31 903c40" * 7001 + END)
    assert play(tmp_path, data)[-1].time_s == float(Fraction(7001 * 0x31 * 333_333, 97 * 1_000_000))


def test_type_0_and_type_1_of_the_same_song_agree(tmp_path: Path) -> None:
    one = play(tmp_path, smf(0, 96, "00 ff5103 07a120" + "00 903c40" + "30 913e40" + "30 803c00" + END))
    many = smf(1, 96, "00 ff5103 07a120" + END, "00 903c40" + "60 803c00" + END, "30 913e40" + END)
    assert play(tmp_path, many) == one
    assert [event.time_s for event in one] == [0.0, 0.25, 0.5]


def test_type_2_plays_its_patterns_one_after_another_each_at_its_tempo(tmp_path: Path) -> None:
    data = smf(2, 96, "00 ff5103 0f4240" + "60 903c40" + "60 ff2f00", "60 903e40" + END)
    assert told(play(tmp_path, data)) == [(1.0, "903c40"), (2.5, "903e40")]


@pytest.mark.parametrize(
    ("division", "tick_s"),
    [
        (0xE728, Fraction(1, 25 * 40)),
        (0xE804, Fraction(1, 24 * 4)),
        (0xE208, Fraction(1, 30 * 8)),
        (0xE364, Fraction(1001, 30_000 * 100)),
    ],
)
def test_smpte_time_counts_frames_and_ignores_tempo(tmp_path: Path, division: int, tick_s: Fraction) -> None:
    data = smf(0, division, "00 ff5103 0f4240" + "64 903c40" + END)
    assert told(play(tmp_path, data)) == [(float(100 * tick_s), "903c40")]


def test_sysex_comes_as_bytes(tmp_path: Path) -> None:
    data = smf(0, 96, "00 f0 05 7e7f0901f7" + "00 903c40" + END)
    assert told(play(tmp_path, data)) == [(0.0, "f07e7f0901f7"), (0.0, "903c40")]


def test_port_metas_hold_for_the_rest_of_their_track(tmp_path: Path) -> None:
    data = smf(1, 96, "00 ff2101 03" + "00 903c40" + "00 ff2101 12" + "00 913c40" + END, "00 923c40" + END)
    ports = {event.data[0]: event.port for event in play(tmp_path, data)}
    assert ports == {0x90: 3, 0x91: 2, 0x92: 0}


def test_the_length_counts_rests_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "song.mid"
    path.write_bytes(smf(1, 96, "00 903c40" + "60 803c00" + "8140 ff2f00", END))
    assert midi_file_length_s(path) == 1.5
    path.write_bytes(smf(1, 96))
    assert (midi_file_length_s(path), read_midi_file(path)) == (0.0, [])


def test_chunks_that_nobody_knows_are_passed_over(tmp_path: Path) -> None:
    data = smf(0, 96, "60 903c40" + END)
    odd = b"XFIH" + struct.pack(">L", 3) + b"abc"
    assert told(play(tmp_path, data[:14] + odd + data[14:] + odd)) == [(0.5, "903c40")]


def test_a_file_that_another_library_wrote(tmp_path: Path) -> None:
    song = mido.MidiFile(type=1, ticks_per_beat=960)
    track = mido.MidiTrack()
    track.append(mido.MetaMessage("set_tempo", tempo=600_000))
    messages = [mido.Message("note_on", channel=9, note=note, time=960) for note in range(40, 50)]
    track.extend(messages)
    song.tracks.append(track)
    path = tmp_path / "written.mid"
    song.save(path)
    assert told(read_midi_file(path)) == [
        (float(Fraction(6 * (k + 1), 10)), bytes(message.bytes()).hex()) for k, message in enumerate(messages)
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "MThd"),
        (b"RIFF....", "MThd"),
        (b"MThd\0\0", "14 bytes"),
        (smf(7, 96, END), "type 0, 1 or 2"),
        (smf(0, 0, END), "ticks per quarter note"),
        (smf(0, 0xE100, END), "SMPTE"),
        (smf(0, 0xC004, END), "SMPTE"),
        (smf(0, 96, END, END), "one track"),
        (smf(1, 96, END)[:-6], "a chunk header of 8 bytes"),
        (smf(1, 96, END)[:-1], "4 bytes of b'MTrk'"),
        (smf(1, 96, END, END)[:26], "2 tracks"),
    ],
)
def test_a_broken_frame_is_refused(tmp_path: Path, data: bytes, expected: str) -> None:
    assert expected in refused(tmp_path, data).expected


def test_a_broken_event_names_its_track_and_byte(tmp_path: Path) -> None:
    good = "00 903c40" + END
    error = refused(tmp_path, smf(1, 96, good, "00 903c40" + "00 90ff40" + END))
    second_body = 14 + 8 + 8 + 8
    assert f"track 2 at byte {second_body + 8}" in error.where
    assert "0..127" in str(error.found)
    error = refused(tmp_path, smf(1, 96, "00 903c", good))
    assert "track 1" in error.where
    assert error.found == "the end of the track"
    assert "running status" in str(refused(tmp_path, smf(0, 96, "00 3c40" + END)).found)


def test_a_file_cut_anywhere_is_refused_with_its_place(tmp_path: Path) -> None:
    data = smf(1, 96, "00 ff5103 07a120" + "60 903c40" + "60 803c00" + END, "00 f0 03 0102f7" + END)
    for length in range(len(data)):
        refused(tmp_path, data[:length])


def test_garbage_is_refused_or_read_and_never_more(tmp_path: Path) -> None:
    chance = random.Random(4)
    data = smf(1, 96, "00 ff5103 07a120" + "60 903c40" + "60 803c00" + END, "00 f0 03 0102f7" + END)
    refusals = 0
    for _ in range(1000):
        spoilt = bytearray(data)
        for _ in range(chance.randrange(1, 4)):
            spoilt[chance.randrange(4, len(data))] = chance.randrange(256)
        try:
            events = play(tmp_path, bytes(spoilt))
        except ConfigError:
            refusals += 1
        else:
            assert all(event.data[0] >= 0x80 and 0 <= event.port < 16 for event in events)
    assert 0 < refusals < 1000


def test_a_file_that_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_midi_file(tmp_path / "none.mid")
