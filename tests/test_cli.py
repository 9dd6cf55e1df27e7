"""The command line: exit codes, one-line errors, files that are there whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import mido
import pytest
import soundfile
from support.eventually import eventually

from weaver import __version__
from weaver.cli import main


def write_score(path: Path, notes: int = 3, ticks: int = 240) -> Path:
    track = mido.MidiTrack(
        mido.Message("note_on", note=48 + n % 8, velocity=90, time=ticks if n else 0) for n in range(notes)
    )
    song = mido.MidiFile(ticks_per_beat=480)
    song.tracks.append(track)
    song.save(path)
    return path


@pytest.fixture
def score(tmp_path: Path) -> Path:
    return write_score(tmp_path / "song.mid")


def heed_interrupts() -> None:
    """A shell that runs us in the background has its children ignore Ctrl-C; a terminal does not."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def weaver(*arguments: object, **more: object) -> subprocess.Popen[str]:
    """The command in a process of its own, as a shell runs it."""
    command = [sys.executable, "-m", "weaver", *map(str, arguments)]
    pipe = subprocess.PIPE
    return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
        command,
        stdin=subprocess.DEVNULL,
        stdout=pipe,
        stderr=pipe,
        text=True,
        preexec_fn=heed_interrupts,
        **more,
    )


def complaint(capsys: pytest.CaptureFixture[str]) -> str:
    """What went to standard error: one line."""
    said = capsys.readouterr().err
    assert said.startswith("weaver: ") and said.count("\n") == 1
    return said


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    for word in (
        "play",
        "render",
        "tune",
        "anatomy",
        "doctor",
        "ports",
        "sets",
        "chart",
        "osc",
        "peers",
        "touchosc",
        "bench",
        "weaver play --set glasses",
    ):
        assert word in text


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("play", "audio device rate block set tuning kbm midi mode timing seconds no-terminal lan allow no-osc"),
        ("perform", "show prelude lan allow no-osc osc-port reply-port no-discovery"),
        ("osc", "set all markdown"),
        ("peers", "allow forget"),
        ("touchosc", "output size orientation set page force"),
        ("render", "output stems rate block seed set plot mode tuning kbm"),
        ("anatomy", "damage plot seed rate"),
        ("tune", "output plot model sphere"),
    ],
)
def test_every_option_is_explained(capsys: pytest.CaptureFixture[str], command: str, options: str) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    text = capsys.readouterr().out
    assert [option for option in options.split() if f"--{option}" not in text] == []
    assert "examples:" in text


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0 and __version__ in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ([], "COMMAND"),
        (["sing"], "sing"),
        (["play", "--audio", "loud"], "loud"),
        (["play", "--rate", "-1"], "--rate"),
        (["play", "--seconds", "soon"], "soon"),
        (["play", "--audio", "silent", "--set", "nowhere"], "auditorium"),
        (["play", "--audio", "silent", "--mode", "nowhere"], "pads"),
        (["play", "--audio", "silent", "--tuning", "no.scl"], "no.scl"),
        (["play", "--audio", "silent", "--kbm", "no.kbm"], "--tuning"),
        (["chart", "--set", "no.toml"], "no.toml"),
        (["render", "song.mid"], "-o"),
        (["render", "missing.mid", "-o", "out.wav"], "missing.mid"),
    ],
)
def test_bad_input_is_2_and_one_line(capsys: pytest.CaptureFixture[str], arguments: list[str], word: str) -> None:
    assert main(arguments) == 2
    assert word in complaint(capsys)


def test_sets_lists_every_sphere(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sets"]) == 0
    text = capsys.readouterr().out
    assert "auditorium" in text and "bowls" in text and "glasses" in text
    azure = next(line for line in text.splitlines() if "Azure" in line)
    assert "E6" in azure and "1308.13 Hz" in azure and "bell" in azure


def test_chart_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["chart", "--mode", "keys", "--set", "glasses"]) == 0
    assert "CC 64 sustain" in capsys.readouterr().out


def test_ports_and_doctor_work_whatever_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ports"]) == 0
    assert "MIDI" in capsys.readouterr().out
    assert main(["doctor"]) == 0
    text = capsys.readouterr().out
    for word in (f"weaver {__version__}", "numba", "JACK", "UDP 8000", "TCP 8010", "underflows", "median"):
        assert word in text


def test_render_gives_the_same_file_at_any_block(
    score: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for block in (64, 480):
        assert main(["render", str(score), "-o", str(tmp_path / f"{block}.wav"), "--block", str(block)]) == 0
    assert (tmp_path / "64.wav").read_bytes() == (tmp_path / "480.wav").read_bytes()
    said = capsys.readouterr().out
    assert "dBFS" in said and "times real time" in said
    info = soundfile.info(tmp_path / "64.wav")
    assert (info.samplerate, info.channels, info.subtype) == (48_000, 2, "PCM_24")


def test_render_flac_and_stems(score: Path, tmp_path: Path) -> None:
    stems = tmp_path / "new" / "stems"
    arguments = ["render", str(score), "-o", str(tmp_path / "mix.flac"), "--stems", str(stems), "--rate", "44100"]
    assert main(arguments) == 0
    mix = soundfile.info(tmp_path / "mix.flac")
    assert (mix.format, mix.samplerate) == ("FLAC", 44_100)
    assert sorted(os.listdir(stems))[0] == "01-violet.wav"
    assert len(os.listdir(stems)) == 10 and {"room.wav", "audience.wav"} < set(os.listdir(stems))
    assert {soundfile.info(stem).frames for stem in stems.iterdir()} == {mix.frames}


@pytest.mark.parametrize(
    ("more", "word"),
    [
        (["-o", "out.mp3"], ".flac"),
        (["-o", "no/where/out.wav"], "folder"),
        (["-o", "out.wav", "--rate", "8000"], "44100"),
        (["-o", "out.wav", "--block", "0"], "--block"),
        (["-o", "out.wav", "--stems", "stems", "--block", "480"], "64"),
        (["-o", "out.wav", "--stems", "song.mid"], "song.mid"),
        (["-o", "out.wav", "--plot", "out.pdf"], ".png"),
    ],
)
def test_render_refuses_before_it_writes(
    score: Path, more: list[str], word: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(score.parent)
    assert main(["render", str(score), *more]) == 2
    assert word in complaint(capsys)
    assert os.listdir(score.parent) == ["song.mid"]


def test_a_broken_score_is_named_with_its_place(score: Path, capsys: pytest.CaptureFixture[str]) -> None:
    score.write_bytes(score.read_bytes()[:-6])
    assert main(["render", str(score), "-o", str(score.with_suffix(".wav"))]) == 2
    assert "song.mid: track 1 at byte" in complaint(capsys)
    assert os.listdir(score.parent) == ["song.mid"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_no_permission_is_said(score: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o555)
    assert main(["render", str(score), "-o", str(folder / "a.wav")]) == 2
    assert "permission denied" in complaint(capsys)


@pytest.mark.parametrize(("signal_name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_render_that_is_stopped_leaves_nothing(tmp_path: Path, signal_name: str, code: int) -> None:
    score = write_score(tmp_path / "long.mid", notes=2_000, ticks=4_800)
    with weaver("render", score, "-o", tmp_path / "out.wav") as child:
        assert eventually(lambda: len(os.listdir(tmp_path)) > 1 or child.poll() is not None, give_up_s=60.0)
        child.send_signal(getattr(signal, signal_name))
        _, said = child.communicate(timeout=30.0)
    assert child.returncode == code
    assert "Traceback" not in said
    assert os.listdir(tmp_path) == ["long.mid"]


def test_play_ends_by_itself(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["play", "--audio", "silent", "--midi", "none", "--no-terminal", "--seconds", "0.2"]) == 0
    said, complaints = capfd.readouterr()
    assert "The Grand Auditorium: 8 spheres, pads; silent" in said
    assert complaints == ""


@pytest.mark.parametrize("signal_name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_play_ends_cleanly_when_it_is_told_to(signal_name: str) -> None:
    with weaver("play", "--audio", "silent", "--midi", "none", "--no-terminal") as child:
        assert child.stdout is not None
        assert any("The Grand Auditorium" in line for line in child.stdout)
        child.send_signal(getattr(signal, signal_name))
        _, said = child.communicate(timeout=30.0)
    assert (child.returncode, said) == (0, "")


def test_a_reader_that_goes_is_no_error() -> None:
    with weaver("sets") as child:
        assert child.stdout is not None
        child.stdout.close()
        assert child.stderr is not None
        assert child.stderr.read() == ""
    assert child.returncode == 0
