"""The command line's takes: listed, rendered as they were heard, drawn; and what differs is said."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from weaver.cli import main
from weaver.engine.engine import Engine
from weaver.model.spheres import load_set
from weaver.takes.recorder import Origin, Recorder
from weaver.wishes import midi_tables

FRAMES = 30_001
"""No whole number of cells."""


def record(folder: Path) -> tuple[Path, NDArray[np.float32]]:
    """A short take with a change of set, to one of more spheres, and the sound that was heard."""
    instrument = Engine(load_set("auditorium"), midi_tables("pads"), 44_100.0, seed=5)
    recorder = Recorder(instrument, folder, Origin("pads"))
    for s in range(8):
        instrument.gesture("strike", s, frame=1 + 1000 * s)
    instrument.midi((0x90, 50, 99), frame=9_001)
    heard = [instrument.render(14_000)]
    assert instrument.change_set(load_set("glasses"))
    heard.append(instrument.render(1))
    instrument.notices()
    instrument.gesture("strike", 15, frame=20_001)
    instrument.gesture("rub", 2, frame=21_000)
    heard.append(instrument.render(FRAMES - 14_001))
    recorder.close()
    assert recorder.path is not None
    return recorder.path, np.concatenate(heard)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, NDArray[np.float32]]:
    return record(tmp_path_factory.mktemp("takes"))


@pytest.fixture
def take(recorded: tuple[Path, NDArray[np.float32]], tmp_path: Path) -> Path:
    """A copy to play with."""
    copy = tmp_path / "evening.take"
    copy.write_bytes(recorded[0].read_bytes())
    return copy


def edit(take: Path, **changes: object) -> None:
    """Change the header."""
    first, _, rest = take.read_bytes().partition(b"\n")
    take.write_bytes(json.dumps({**json.loads(first), **changes}).encode() + b"\n" + rest)


def test_a_render_is_what_was_heard(
    take: Path, recorded: tuple[Path, NDArray[np.float32]], capsys: pytest.CaptureFixture[str]
) -> None:
    out, stems = take.with_name("out.wav"), take.with_name("stems")
    assert main(["render", str(take), "-o", str(out)]) == 0
    said = capsys.readouterr().out
    assert "not the" not in said and "recorded with" not in said
    sound, rate = soundfile.read(out, dtype="float32")
    assert rate == 44_100
    np.testing.assert_array_equal(sound, recorded[1])
    assert main(["render", str(take), "-o", str(out), "--stems", str(stems)]) == 0
    np.testing.assert_array_equal(soundfile.read(out, dtype="float32")[0], recorded[1])
    assert {soundfile.info(file).frames for file in stems.iterdir()} == {FRAMES}
    spheres = sorted(stems.glob("[0-9]*.wav"))
    assert len(spheres) == 16, "of the largest set"
    last = soundfile.read(spheres[15])[0]
    assert not last[:14_000].any() and last[20_001:].any()


def test_a_take_by_another_name_is_one_still(take: Path) -> None:
    plain = take.rename(take.with_name("evening"))
    assert main(["render", str(plain), "-o", str(plain.with_suffix(".flac"))]) == 0
    assert soundfile.info(plain.with_suffix(".flac")).frames == FRAMES


@pytest.mark.parametrize(
    "option", [["--set", "bowls"], ["--mode", "keys"], ["--tuning", "a.scl"], ["--rate", "48000"], ["--seed", "1"]]
)
def test_what_a_take_brings_itself_is_refused(
    take: Path, option: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["render", str(take), "-o", str(take.with_name("out.wav")), *option]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"weaver: {option[0]}: expected none: a take is played with") and said.count("\n") == 1
    assert os.listdir(take.parent) == ["evening.take"]


def test_what_differs_is_said_and_it_goes_on(take: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made_in = {"weaver": "0.0.9", "kernels": "0" * 16}
    edit(
        take,
        provenance=made_in,
        set={"source": "bowls", "sha256": "0"},
        midi={"mode": "gone.toml", "tuning": None, "kbm": None, "sha256": "0"},
        law={"source": "auditorium", "sha256": "0"},
    )
    assert main(["render", str(take), "-o", str(take.with_name("out.wav"))]) == 0
    said = capsys.readouterr().out
    for words in (
        "Sonic Weaver: recorded with 0.0.9, here is",
        "the sound's code: recorded with 0000",
        "the processor: recorded with nothing that it tells",
        "the set bowls is not the one",
        "gone.toml",
        "the law auditorium is not the one",
    ):
        assert words in said
    assert main(["takes", str(take.parent)]) == 0
    listed = capsys.readouterr().out
    assert "complete, from version 0.0.9" in listed and listed.count("not the very same: ") >= 6


def test_a_set_that_is_missing_ends_it(take: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(take, set={"source": "/nowhere/mine.toml", "sha256": "0"})
    assert main(["render", str(take), "-o", str(take.with_name("out.wav"))]) == 2
    assert "mine.toml" in capsys.readouterr().err
    assert main(["takes", str(take.parent)]) == 0
    assert "it cannot be rendered here: /nowhere/mine.toml" in capsys.readouterr().out


def test_the_list_says_how_each_take_is(take: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = take.read_bytes()
    take.with_name("torn.take").write_bytes(data[:-5])
    take.with_name("killed.take").write_bytes(data[: data.rindex(b"\n", 0, -1) + 1])
    take.with_name("foreign.take").write_bytes(b"MThd\n")
    assert main(["takes", str(take.parent)]) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert lines["evening.take"].endswith("0:00:01  auditorium, glasses  11 commands  complete")
    assert lines["killed.take"].endswith("cut off")
    assert lines["torn.take"].endswith("cut off, its last line torn")
    assert "cannot be read" in lines["foreign.take"] and "line 1" in lines["foreign.take"]
    assert len(lines) == 4
    assert main(["render", str(take.with_name("torn.take")), "-o", str(take.with_name("torn.wav"))]) == 0


def test_a_list_of_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEAVER_DATA", str(tmp_path / "data"))
    assert main(["takes"]) == 0
    assert "no takes in" in capsys.readouterr().out
    assert main(["takes", str(tmp_path / "nowhere")]) == 2
    assert "no such folder" in capsys.readouterr().err


def test_plot_draws_a_take(take: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib")
    picture = take.with_name("evening.png")
    assert main(["plot", str(take), "-o", str(picture)]) == 0
    assert "0.7 s of The Grand Auditorium" in capsys.readouterr().out
    assert picture.stat().st_size > 20_000
    assert sorted(os.listdir(take.parent)) == ["evening.png", "evening.take"]
    assert main(["plot", str(take), "-o", str(take.with_suffix(".pdf"))]) == 2


PLAY = ["play", "--audio", "silent", "--midi", "none", "--no-terminal", "--seconds", "0.2"]


def test_play_records_where_it_is_told_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "takes"
    assert main([*PLAY, "--take", str(folder)]) == 0
    assert os.listdir(folder) == [], "nobody played"
    assert main([*PLAY, "--no-take", "--take", str(tmp_path / "never")]) == 0
    assert not (tmp_path / "never").exists()
    (tmp_path / "file").write_text("")
    capsys.readouterr()
    assert main([*PLAY, "--take", str(tmp_path / "file")]) == 2
    assert "a folder for takes" in capsys.readouterr().err
