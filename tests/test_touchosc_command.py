"""`weaver touchosc`: a layout is written for a set, and nothing is lost."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from weaver.cli import main


@pytest.mark.parametrize("size", ["tablet", "phone"])
@pytest.mark.parametrize("orientation", ["landscape", "portrait"])
def test_a_layout_for_a_set_is_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, size: str, orientation: str
) -> None:
    path = tmp_path / "spheres.tosc"
    options = ["--size", size, "--orientation", orientation, "--set", "bells"]
    assert main(["touchosc", "-o", str(path), *options]) == 0
    said = capsys.readouterr().out
    assert str(path) in said and size in said and "8000" in said and "9000" in said
    text = zlib.decompress(path.read_bytes()).decode()
    assert text.startswith("<?xml") and "/sphere/8/finger/5" in text and "/sphere/9/" not in text
    assert list(tmp_path.iterdir()) == [path]


def test_a_page_is_drawn(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "show.svg"
    assert main(["touchosc", "-o", str(path), "--page", "show"]) == 0
    assert "panic" in path.read_text() and "a picture" in capsys.readouterr().out


def test_a_file_that_is_there_stays_unless_it_is_forced(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "mine.tosc"
    path.write_text("my own work")
    assert main(["touchosc", "-o", str(path)]) == 2
    assert "--force" in capsys.readouterr().err and path.read_text() == "my own work"
    assert main(["touchosc", "-o", str(path), "--force"]) == 0
    assert path.read_bytes() != b"my own work"


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["-o", "x.pdf"], ".tosc"),
        (["-o", "x"], ".tosc"),
        (["-o", "nowhere/x.tosc"], "folder"),
        (["-o", "x.tosc", "--set", "nowhere"], "auditorium"),
        (["-o", "x.svg", "--page", "attic"], "threads"),
        (["-o", "x.tosc", "--page", "show"], ".svg"),
        (["-o", "x.tosc", "--size", "watch"], "watch"),
        ([], "-o"),
    ],
)
def test_bad_input_is_2_and_nothing_is_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], word: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["touchosc", *arguments]) == 2
    said = capsys.readouterr()
    assert said.err.count("\n") == 1 and word in said.err and said.out == ""
    assert list(tmp_path.iterdir()) == []
