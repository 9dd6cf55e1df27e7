"""`weaver tune`: the scale of a set, printed or written, by which the set can be played."""

from __future__ import annotations

from pathlib import Path

import pytest

from weaver.cli import main
from weaver.mapping.tuning import load_tuning
from weaver.wishes import midi_tables


def test_without_a_file_the_scale_is_printed_as_one(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["tune", "glasses"]) == 0
    printed = capsys.readouterr().out
    assert "! period: " in printed
    path = tmp_path / "printed.scl"
    path.write_text(printed)
    assert load_tuning(path).description == "Related scale of Glasses (hutchinson)"


def test_the_file_tunes_the_keys(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path, picture = tmp_path / "bells.scl", tmp_path / "bells.png"
    pytest.importorskip("matplotlib")
    assert main(["tune", "bells", "-o", str(path), "--plot", str(picture), "--model", "sethares"]) == 0
    table = capsys.readouterr().out
    assert "3/2" in table and "depth" in table and "the octave" in table and str(path) in table
    assert picture.stat().st_size > 10_000
    note_hz = midi_tables("keys", path, None).note_hz
    assert any(abs(hz / note_hz[60] - 2.0) < 1e-9 for hz in note_hz)


def test_one_sphere_may_be_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tune", "auditorium", "--sphere", "cobalt"]) == 0
    alone = capsys.readouterr().out
    assert "Cobalt of The Grand Auditorium" in alone
    assert main(["tune", "auditorium"]) == 0
    assert capsys.readouterr().out.splitlines()[4:] != alone.splitlines()[4:]


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["nowhere"], "auditorium"),
        (["bells", "--sphere", "Cobalt"], "Bell 1"),
        (["bells", "--model", "helmholtz"], "helmholtz"),
        (["bells", "-o", "bells.txt"], ".scl"),
        (["bells", "-o", "nowhere/bells.scl"], "folder"),
        (["bells", "--plot", "bells.jpg"], ".png"),
        ([], "SET"),
    ],
)
def test_bad_input_is_2_and_nothing_is_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], word: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["tune", *arguments]) == 2
    said = capsys.readouterr()
    assert said.err.count("\n") == 1 and word in said.err and said.out == ""
    assert list(tmp_path.iterdir()) == []
