"""Scala tunings: published frequencies, and for every kind of broken file its line, expected and found."""

from __future__ import annotations

import math
import random
from pathlib import Path

import pytest

from weaver.mapping.tuning import MAX_BYTES, PLAYABLE_HZ, load_tuning, standard_tuning
from weaver.model.errors import ConfigError

JUST = "! just.scl\n!\nJust major\n 7\n!\n 9/8\n 5/4\n 4/3\n 3/2\n 5/3\n 15/8\n 2/1\n"
WHITE_KEYS = "! white.kbm\n12\n0\n127\n60\n69\n440.0\n7\n0\nx\n1\nx\n2\n3\nx\n4\nx\n5\nx\n6\n"
MEANTONE = (
    "1/4-comma meantone\n12\n76.049\n193.15686\n310.26471\n5/4\n503.42157\n579.47057\n696.57843\n25/16\n"
    "889.73529\n1006.84314\n1082.89214\n2/1\n"
)
A440 = "0\n0\n127\n60\n69\n440\n0\n"


def files(folder: Path, scl: str | bytes, kbm: str | bytes | None = None) -> tuple[Path, Path | None]:
    paths = folder / "x.scl", folder / "x.kbm"
    for path, content in zip(paths, (scl, kbm), strict=True):
        if content is not None:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return paths[0], None if kbm is None else paths[1]


def test_standard_tuning() -> None:
    note_hz = standard_tuning().note_hz
    assert len(note_hz) == 128
    assert (note_hz[60], note_hz[69]) == pytest.approx((261.625565, 440.0), abs=1e-6)
    assert all(frequency > 0 for frequency in note_hz)


def test_just_major_on_the_white_keys(tmp_path: Path) -> None:
    tuning = load_tuning(*files(tmp_path, JUST, WHITE_KEYS))
    expected = {48: 132, 60: 264, 62: 297, 64: 330, 65: 352, 67: 396, 69: 440, 71: 495, 72: 528, 61: 0}
    assert {note: tuning.note_hz[note] for note in expected} == pytest.approx(expected, abs=1e-6)
    assert tuning.description == "Just major"
    assert len(tuning.note_hz) == 128
    # C#, D#, F#, G#, A# of every octave, and D to F below note 0's octave would be: none may sound
    assert {note % 12 for note in range(12, 120) if not tuning.note_hz[note]} == {1, 3, 6, 8, 10}


def test_just_major_on_every_key(tmp_path: Path) -> None:
    tuning = load_tuning(*files(tmp_path, JUST))
    expected = {
        59: 245.273967,
        60: 261.625565,
        61: 294.328761,
        62: 327.031957,
        64: 392.438348,
        67: 523.251131,
    }
    assert {note: tuning.note_hz[note] for note in expected} == pytest.approx(expected, abs=1e-6)
    low, high = PLAYABLE_HZ
    assert all(frequency == 0 or low <= frequency <= high for frequency in tuning.note_hz)
    assert tuning.note_hz[0] == 0  # 0.68 Hz
    assert tuning.note_hz[127] == 0  # 200 kHz


def test_meantone_at_a_440(tmp_path: Path) -> None:
    tuning = load_tuning(*files(tmp_path, MEANTONE, A440))
    expected = {57: 220, 60: 263.181385, 64: 328.976731, 67: 393.547963, 69: 440}
    assert {note: tuning.note_hz[note] for note in expected} == pytest.approx(expected, abs=1e-6)


def test_notes_outside_the_mappings_range_are_unmapped(tmp_path: Path) -> None:
    tuning = load_tuning(*files(tmp_path, MEANTONE, A440.replace("0\n0\n127", "0\n48\n72")))
    assert [note for note in range(128) if tuning.note_hz[note]] == list(range(48, 73))


def test_what_the_format_allows(tmp_path: Path) -> None:
    """Windows line ends, remarks after pitches, integers, pitches below 1/1, no description, ISO 8859-1."""
    scl = "! \xe9t\xe9\n\n 4 \r\n-50.5 cents\r\n 3/2 ! a fifth\r\n\t5/3\tE\\\r\n! between\r\n 2\r\n\r\n".encode(
        "iso-8859-1"
    )
    tuning = load_tuning(*files(tmp_path, scl))
    base = tuning.note_hz[60]
    assert [tuning.note_hz[60 + n] / base for n in (1, 2, 3, 4)] == pytest.approx([2 ** (-50.5 / 1200), 1.5, 5 / 3, 2])
    assert tuning.description == "x"


def test_a_description_is_fit_for_a_terminal(tmp_path: Path) -> None:
    path, _ = files(tmp_path, JUST.replace("Just major", "\x1b[2JJust " + "r" * 200))
    assert load_tuning(path).description == ("[2JJust " + "r" * 200)[:80]


@pytest.mark.parametrize(
    ("scl", "where", "expected", "found"),
    [
        ("", "", "a description, perhaps empty", "the end of the file"),
        ("Only a name\n", "", "the number of notes", "the end of the file"),
        ("x\nfoo\n2/1\n", ": line 2", "the number of notes, 1 to 1024", "'foo'"),
        ("x\n0\n", ": line 2", "the number of notes, 1 to 1024", "'0'"),
        ("x\n-1\n2/1\n", ": line 2", "the number of notes, 1 to 1024", "'-1'"),
        ("x\n99999999999\n2/1\n", ": line 2", "the number of notes, 1 to 1024", "'99999999999'"),
        ("x\n3\n3/2\n2/1\n", "", "3 pitches, as the file says", "2"),
        ("! c\nx\n1\n!\n3/2\n2/1\n", ": line 6", "no more than 1 pitches, as the file says", "'2/1'"),
        ("x\n2\nfoo\n2/1\n", ": line 3", "a pitch above zero, such as 3/2 or 701.955", "'foo'"),
        ("x\n2\n\n2/1\n", ": line 3", "a pitch above zero, such as 3/2 or 701.955", "''"),
        ("x\n2\n0/1\n2/1\n", ": line 3", "a pitch above zero, such as 3/2 or 701.955", "'0/1'"),
        ("x\n2\n1/0\n2/1\n", ": line 3", "a pitch above zero, such as 3/2 or 701.955", "'1/0'"),
        ("x\n2\n-3/2\n2/1\n", ": line 3", "a pitch above zero, such as 3/2 or 701.955", "'-3/2'"),
        ("x\n2\n3/-2\n2/1\n", ": line 3", "a pitch above zero, such as 3/2 or 701.955", "'3/-2'"),
        ("x\n2\n5.4.3\n2/1\n", ": line 3", "a pitch above zero, such as 3/2 or 701.955", "'5.4.3'"),
        ("x\n2\nnan.\n2/1\n", ": line 3", "a pitch above zero, such as 3/2 or 701.955", "'nan.'"),
        ("x\n2\n1e9.\n2/1\n", ": line 3", "a pitch above zero, such as 3/2 or 701.955", "'1e9.'"),
        ("x\n1\n" + "9" * 400 + ".0\n", ": line 3", "a pitch within twelve octaves", "'" + "9" * 40 + "'..."),
        ("x\n1\n4097/1\n", ": line 3", "a pitch within twelve octaves", "'4097/1'"),
        ("x\n2\n1/99999\n2/1\n", ": line 3", "a pitch within twelve octaves", "'1/99999'"),
        ("x\n2\n3/2\n1/1\n", ": line 4", "a period above 1/1, as the last pitch", "'1/1'"),
        ("x\n2\n3/2\n-1200.\n", ": line 4", "a period above 1/1, as the last pitch", "'-1200.'"),
        ("x\n1\n2/1\0\n", ": line 3", "text in UTF-8 or ISO 8859-1", "byte 0x00"),
    ],
)
def test_bad_scales(tmp_path: Path, scl: str, where: str, expected: str, found: str) -> None:
    path, _ = files(tmp_path, scl)
    with pytest.raises(ConfigError) as caught:
        load_tuning(path)
    error = caught.value
    assert (error.where, error.expected, error.found) == (f"{path}{where}", expected, found)


def test_bytes_that_are_no_number_are_refused(tmp_path: Path) -> None:
    path, _ = files(tmp_path, b"x\n2\n3/2\xff\n2/1\n")
    with pytest.raises(ConfigError) as caught:
        load_tuning(path)
    assert (caught.value.where, caught.value.found) == (f"{path}: line 3", "'3/2\xff'")


@pytest.mark.parametrize(
    ("kbm", "where", "expected", "found"),
    [
        ("", "", "the size of the mapping", "the end of the file"),
        ("12\n0\n127\n60\n", "", "the reference MIDI note", "the end of the file"),
        ("2.5\n0\n127\n60\n69\n440\n7\n", ": line 1", "the size of the mapping, 0 to 1024", "'2.5'"),
        ("0\n-1\n127\n60\n69\n440\n0\n", ": line 2", "the first MIDI note, 0 to 127", "'-1'"),
        ("0\n0\n128\n60\n69\n440\n0\n", ": line 3", "the last MIDI note, 0 to 127", "'128'"),
        (
            "0\n9\n8\n60\n69\n440\n0\n",
            ": line 3",
            "the last MIDI note, from 9 on, where the first one is",
            "'8'",
        ),
        ("0\n0\n127\n600\n69\n440\n0\n", ": line 4", "the middle MIDI note, 0 to 127", "'600'"),
        ("0\n0\n127\n60\n999\n440\n0\n", ": line 5", "the reference MIDI note, 0 to 127", "'999'"),
        ("0\n0\n127\n60\n69\n0\n0\n", ": line 6", "the reference frequency, 1 to 20000 Hz", "'0'"),
        ("0\n0\n127\n60\n69\n-440\n0\n", ": line 6", "the reference frequency, 1 to 20000 Hz", "'-440'"),
        ("0\n0\n127\n60\n69\nnan\n0\n", ": line 6", "the reference frequency, 1 to 20000 Hz", "'nan'"),
        ("0\n0\n127\n60\n69\n1e5\n0\n", ": line 6", "the reference frequency, 1 to 20000 Hz", "'1e5'"),
        ("0\n0\n127\n60\n69\n440\nx\n", ": line 7", "the scale degree of the octave, 0 to 1024", "'x'"),
        ("2\n0\n127\n60\n60\n440\n7\n0\n", "", "2 keys, as the file says", "1"),
        ("2\n0\n127\n60\n60\n440\n7\n0\n1\n2\n", ": line 10", "no more than 2 keys, as the file says", "'2'"),
        (
            "2\n0\n127\n60\n60\n440\n7\n0\n1000000000\n",
            ": line 9",
            "a scale degree from 0 to 1024, or x for an unmapped key",
            "'1000000000'",
        ),
        ("0\n3\n3\n60\n69\n2.5\n0\n", "", "at least one note from 8 to 20000 Hz", "none"),
    ],
)
def test_bad_mappings(tmp_path: Path, kbm: str, where: str, expected: str, found: str) -> None:
    scl, path = files(tmp_path, JUST, kbm)
    with pytest.raises(ConfigError) as caught:
        load_tuning(scl, path)
    error = caught.value
    assert (error.where, error.expected, error.found) == (f"{path}{where}", expected, found)


@pytest.mark.parametrize(
    "kbm",
    [
        WHITE_KEYS.replace("\n69\n440", "\n61\n440"),  # the reference is an unmapped key
        "2\n0\n127\n60\n60\n440\n7\nx\nx\n",  # nothing is mapped
        "1\n0\n127\n60\n60\n440\n999\n0\n",  # the octave is no degree of the scale
    ],
)
def test_mappings_that_do_not_fit_the_scale(tmp_path: Path, kbm: str) -> None:
    scl, path = files(tmp_path, JUST, kbm)
    with pytest.raises(ConfigError) as caught:
        load_tuning(scl, path)
    assert (caught.value.where, caught.value.expected) == (str(path), "a mapping that fits x.scl")


def test_missing_and_too_large(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_tuning(tmp_path / "none.scl")
    assert (caught.value.where, caught.value.found) == (str(tmp_path / "none.scl"), "no such file")
    path, _ = files(tmp_path, JUST)
    with pytest.raises(ConfigError) as caught:
        load_tuning(path, tmp_path / "none.kbm")
    assert caught.value.where == str(tmp_path / "none.kbm")
    path.write_bytes(b"!" * (MAX_BYTES + 1))
    with pytest.raises(ConfigError, match="a file of at most 64 KiB"):
        load_tuning(path)


def test_random_injuries_only_ever_raise_config_errors(tmp_path: Path) -> None:
    chance = random.Random("tuning")
    refused = 0
    low, high = PLAYABLE_HZ
    for _ in range(600):
        contents = []
        for text in (JUST, WHITE_KEYS):
            lines = text.split("\n")
            for _ in range(chance.choice((0, 1, 2))):
                at = chance.randrange(len(lines))
                lines[at] = chance.choice(("", "x", "0", "-1", "1024", "127", "1/3", "14399.9", "3.", "440", "7", "é"))
            data = bytearray("\n".join(lines).encode())
            if chance.random() < 0.2:
                data[chance.randrange(len(data))] = chance.randrange(256)
            contents.append(bytes(data))
        try:
            tuning = load_tuning(*files(tmp_path, *contents))
        except ConfigError:
            refused += 1
        else:
            assert len(tuning.note_hz) == 128
            assert all(hz == 0 or (math.isfinite(hz) and low <= hz <= high) for hz in tuning.note_hz)
    assert 200 < refused < 600
