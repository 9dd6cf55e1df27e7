"""`weaver perform` from end to end: a show on the silent host, with and without a page, ended by itself or by us."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from support.eventually import eventually

from weaver.app import Instrument
from weaver.cli import main
from weaver.commands.play import do
from weaver.life.notices import PHASE
from weaver.life.stage import PERFORMANCE, PRELUDE
from weaver.model.configs import list_configs, shipped_folder
from weaver.model.law import STAKES
from weaver.model.parameters import AUDIENCE_DB, CONNOISSEUR, HEART_BPM, JUDGE
from weaver.model.parameters import STAKES as STAKES_AT
from weaver.model.show import load_show
from weaver.options import build_parser
from weaver.surfaces.presses import Press
from weaver.wishes import Wishes

SHORT = """
format = 1
title = "A short evening"
stakes = "virtuoso"
seed = 77
prelude = 2
most = 1
finale = 0
audience_db = -30.0
heart_bpm = 90.0

[[incidents]]
at = 1
sphere = "Azure"
to = "flickering"
over = "0.5"
say = "Azure begins to flicker"
"""
QUIET = ("--audio", "silent", "--midi", "none", "--no-terminal")


@pytest.fixture
def short(tmp_path: Path) -> Path:
    path = tmp_path / "short.toml"
    path.write_text(SHORT)
    return path


@contextmanager
def weaver(*arguments: object, **more: object) -> Iterator[subprocess.Popen[str]]:
    """The command in a process of its own, that heeds interrupts. In the end it has ended."""
    command = [sys.executable, "-m", "weaver", *map(str, arguments)]
    heed = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **{**heed, **pipes, **more}) as child:  # type: ignore[call-overload]
        try:
            yield child
        finally:
            child.kill()


@pytest.fixture
def on_stage(short: Path) -> Iterator[Instrument]:
    wishes = Wishes(audio="silent", midi="none", stakes="virtuoso", show=load_show(short), prelude_s=600.0)
    with Instrument(wishes) as made:
        yield made


def test_a_show_that_nobody_plays_ends_by_itself_and_is_drawn(
    short: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "evening.png"
    assert main(["perform", "--show", str(short), "--prelude", "1s", "--picture", str(picture), *QUIET]) == 0
    assert picture.read_bytes().startswith(b"\x89PNG")
    said, complaints = capfd.readouterr()
    assert complaints == ""
    lines = said.splitlines()
    for words in (
        "The Grand Auditorium: 8 spheres",
        "Azure begins to flicker",
        "A short evening: the silence before the first note",
        "A short evening: the finale",
        "A short evening: the last note has rung",
        f"{picture}: what became of the spheres",
        "A short evening: the reckoning",
    ):
        assert any(words in line for line in lines), words
    assert [words in said for words in ("the reckoning, so far", "first note, after")] == [False, False]
    shown = {line[2:22].strip(): line[22:] for line in lines[lines.index("A short evening: the reckoning") + 1 :]}
    assert list(shown)[-1] == "the audience" and "waiting for the first note" in shown["the audience"]
    assert shown["notes"] == "0 in 0:00"
    assert shown["silence held"].startswith("2.0 s")


@pytest.mark.parametrize("signal_name", ["SIGINT", "SIGTERM"])
def test_an_interrupted_show_is_reckoned_so_far(short: Path, signal_name: str) -> None:
    with weaver("perform", "--show", short, "--prelude", "30s", *QUIET) as child:
        assert child.stdout is not None
        assert any("The Grand Auditorium: 8 spheres" in line for line in child.stdout)
        child.send_signal(getattr(signal, signal_name))
        said, complaints = child.communicate(timeout=30.0)
    assert (child.returncode, complaints) == (0, "")
    assert "A short evening: the reckoning, so far" in said and "the audience" in said


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal")
def test_it_is_played_on_the_page_from_the_first_note_to_the_finale(short: Path) -> None:
    """Somebody at a terminal waits for the silence, strikes, and asks for the finale."""
    import pty

    short.write_text(SHORT.replace("most = 1", "most = 60"))
    mine, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "160", "LINES": "40"}
    with weaver(
        *("perform", "--show", short, "--prelude", "1s", *QUIET[:-1]),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
    ) as child:
        os.close(theirs)
        seen = b""

        def shown(words: bytes) -> bool:
            """Whether words are on the page by now, but for what was there when a key was pressed last."""
            nonlocal seen
            with suppress(OSError):  # it has ended
                seen += os.read(mine, 1 << 16)
            return words in seen

        for awaited, key in ((b"  silence ", b"7"), (b"  silence ", b"f"), (b"0:00.5", b".")):
            assert eventually(lambda words=awaited: shown(words), give_up_s=60.0)
            seen = b""
            os.write(mine, key)
        assert eventually(lambda: shown(b"the audience"), give_up_s=30.0)
        assert eventually(lambda: (shown(b""), child.poll() is not None)[1], give_up_s=30.0), "it is read to its end"
        assert child.returncode == 0
    os.close(mine)
    text = seen.decode("utf-8", "ignore")
    assert "finale" in text and "A short evening: the reckoning" in text and "1 in 0:0" in text


def test_what_the_show_says_reaches_the_state(on_stage: Instrument) -> None:
    state = on_stage.engine.state
    assert eventually(lambda: state.show.phase == PRELUDE)
    assert state.seed == 77
    assert state.script.prelude_s == 600.0
    assert state.target[STAKES_AT] == STAKES.index("virtuoso")
    assert (state.target[AUDIENCE_DB], state.target[HEART_BPM]) == (-30.0, 90.0)
    frame = next(int(n["frame"]) for n in on_stage.turn() if n["kind"] == PHASE)
    assert frame == 0  # with the very first


def test_in_time_the_chronometer_stands_while_the_song_does(short: Path) -> None:
    wishes = Wishes(audio="silent", midi="none", osc_port=None, show=load_show(short), in_time=True, tempo_bpm=240.0)

    with Instrument(wishes) as instrument:

        def left_s() -> float:
            instrument.turn()
            shown = instrument.picture().show
            return math.inf if shown is None else shown.chronometer_s

        assert eventually(lambda: left_s() < math.inf)
        begun_s = left_s()
        time.sleep(0.3)
        assert left_s() == begun_s
        instrument.engine.gesture("roll")
        assert eventually(lambda: left_s() < begun_s)


def test_its_set_stays_while_it_is_on(on_stage: Instrument) -> None:
    on_stage.engine.midi((0xC0, list_configs("sets").index("bowls")))

    def told() -> bool:
        on_stage.turn()
        return "auditorium stays" in on_stage.note

    assert eventually(told)
    assert on_stage.picture().title == "The Grand Auditorium"


def test_keys_do_what_they_say(on_stage: Instrument) -> None:
    touch, show = on_stage.engine.state.touch, on_stage.engine.state.show
    do(on_stage, Press("soothe", 7))
    do(on_stage, Press("soothe", 2))
    assert eventually(lambda: touch.soothe_target[[2, 7]].tolist() == [1.0, 1.0])
    do(on_stage, Press("soothe", 7))  # again: the hand is taken off
    assert eventually(lambda: touch.soothe_target[[2, 7]].tolist() == [1.0, 0.0])
    do(on_stage, Press("let_go"))
    assert eventually(lambda: not touch.soothe_target.any())
    for action in ("tap", "undo"):
        do(on_stage, Press(action))
    do(on_stage, Press("finale"))
    assert eventually(lambda: show.phase > PERFORMANCE)
    assert on_stage.engine.state.counters.refused_commands == 1  # there is nothing to mend


def test_the_evening_is_drawn_as_a_png(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["perform", "--picture", str(tmp_path / "evening.txt"), *QUIET]) == 2
    assert ".png" in capsys.readouterr().err


def test_law_and_judge_are_wishes(tmp_path: Path) -> None:
    law = tmp_path / "brittle.toml"
    shipped = (shipped_folder() / "laws" / "auditorium.toml").read_text()
    law.write_text(shipped.replace("threshold = 0.35", "threshold = 0.01"))
    wishes = Wishes(audio="silent", midi="none", law=str(law), judge="vassilakis", connoisseur=True)
    with Instrument(wishes) as made:
        assert made.engine.state.law.cracks_threshold == pytest.approx(0.01)
        assert eventually(lambda: made.engine.state.target[CONNOISSEUR] == 1.0)
        assert made.engine.state.target[JUDGE] == 2.0


def test_free_play_has_stakes_and_no_show() -> None:
    with Instrument(Wishes(audio="silent", midi="none", stakes="off")) as made:
        assert eventually(lambda: made.engine.state.frame > 0)
        assert made.engine.state.target[STAKES_AT] == 0
        for wanted in (1, 2, 3, 0):
            do(made, Press("stakes"))
            assert eventually(lambda wanted=wanted: made.engine.state.target[STAKES_AT] == wanted)
        assert made.engine.snapshot().phase == 0 and not made.engine.is_in_show


def test_stakes_are_an_option_of_everything_that_sounds() -> None:
    parse = build_parser().parse_args
    assert parse(["play"]).stakes == "gentle"
    assert parse(["render", "a.mid", "-o", "a.wav"]).stakes is None  # a take has its own, a score none
    assert parse(["perform"]).stakes is None
    assert (parse(["perform"]).show, parse(["perform"]).prelude) == ("auditorium", None)
    assert parse(["perform", "--prelude", "1:30"]).prelude == 90.0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--show", "nowhere"], ("auditorium", "calm", "nowhere")),
        (["--show", "no.toml"], ("no.toml", "no such file")),
        (["--prelude", "soon"], ("--prelude", "soon", "0:01 to 60:00")),
        (["--prelude", "2h"], ("--prelude", "2h")),
        (["--prelude", "0"], ("--prelude", "'0'")),
        (["--stakes", "deadly"], ("--stakes", "virtuoso")),
        (["--set", "bowls"], ("--set",)),
        (["--seconds", "3"], ("--seconds",)),
    ],
)
def test_bad_input_is_2_and_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: tuple[str, ...]
) -> None:
    assert main(["perform", *QUIET, *arguments]) == 2
    said = capsys.readouterr().err
    assert said.startswith("weaver: ") and said.count("\n") == 1
    assert [word for word in words if word not in said] == []


def test_a_show_that_is_wrong_opens_nothing(
    short: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("weaver.app.open_host", lambda *_: pytest.fail("a host was opened"))
    short.write_text(SHORT.replace('"Azure"', '"Azurite"'))
    assert main(["perform", "--show", str(short), *QUIET]) == 2
    said = capsys.readouterr().err
    assert f"{short}: incidents[0].sphere: expected a sphere of the set auditorium: Violet" in said
    assert said.endswith("found 'Azurite'\n")


def test_every_option_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["perform", "--help"])
    text = capsys.readouterr().out
    for option in "show prelude stakes audio device rate block tuning kbm midi mode timing no-terminal".split():
        assert f"--{option}" in text
    assert "examples:" in text and "finale" in text
