"""Recording: what reaches the disk, when the disk is well and when it is not; the sound never waits for it."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest
from support.eventually import eventually
from support.playing import engine, sphere

from weaver.engine.engine import Engine
from weaver.model.gestures import MIDI
from weaver.takes import growing_file
from weaver.takes.growing_file import GrowingFile
from weaver.takes.recorder import Origin, Recorder
from weaver.takes.replay import Summary, summary_of
from weaver.takes.take import Take

PADS = Origin("pads")


@pytest.fixture
def instrument() -> Engine:
    return engine(sphere())


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growing_file, "RETRY_S", 0.05)


def summary(path: Path | None) -> Summary:
    assert path is not None
    return summary_of(Take(path))


def test_what_is_played_is_on_disk_before_the_end(tmp_path: Path, instrument: Engine) -> None:
    recorder = Recorder(instrument, tmp_path / "new" / "folder", PADS)
    instrument.gesture("strike", 0)
    instrument.render(48_000)
    assert eventually(lambda: summary(recorder.path).end_frame == 48_000)
    early = summary(recorder.path)
    assert (early.played, early.is_complete, early.is_torn) == (1, False, False)
    instrument.render(100)
    recorder.close()
    recorder.close()
    assert summary(recorder.path) == Summary(48_100, 1, 0, True, False, early.sets, ())
    assert recorder.trouble == ""


def test_clock_lines_come_at_least_once_a_second(tmp_path: Path, instrument: Engine) -> None:
    recorder = Recorder(instrument, tmp_path, PADS)
    instrument.gesture("strike", 0)
    for second in range(1, 4):
        instrument.render(48_000)
        assert eventually(lambda frame=second * 48_000: summary(recorder.path).end_frame == frame)
    recorder.close()


def test_a_take_in_which_nobody_played_is_removed(tmp_path: Path, instrument: Engine) -> None:
    recorder = Recorder(instrument, tmp_path, PADS)
    instrument.let_go(2)
    instrument.panic()
    instrument.repeat(0, MIDI, -1, 0, (0xF8, 0, 0, 1))  # somebody's clock
    instrument.render(48_000)
    assert recorder.path is not None and recorder.path.exists()
    recorder.close()
    assert recorder.path is None and list(tmp_path.iterdir()) == []


def test_takes_of_one_moment_are_numbered(tmp_path: Path) -> None:
    files = [GrowingFile(tmp_path, "now", ".take") for _ in range(3)]
    assert [file.path and file.path.name for file in files] == ["now.take", "now-2.take", "now-3.take"]
    for file in files:
        file.close()


def test_a_folder_that_cannot_be_written_is_told_of_and_tried_again(tmp_path: Path, instrument: Engine) -> None:
    folder = tmp_path / "takes"
    folder.write_text("in the way")
    recorder = Recorder(instrument, folder, PADS)
    assert "the take cannot be written: " in recorder.trouble and recorder.path is None
    instrument.gesture("strike", 0)
    instrument.render(4_800)
    time.sleep(0.2)
    assert recorder.trouble
    folder.unlink()
    assert eventually(lambda: recorder.trouble == "")
    recorder.close()
    assert summary(recorder.path).played == 1


def test_a_file_that_is_taken_away_is_written_anew(tmp_path: Path, instrument: Engine) -> None:
    recorder = Recorder(instrument, tmp_path / "takes", PADS)
    instrument.gesture("strike", 0)
    instrument.render(4_800)
    assert eventually(lambda: summary(recorder.path).played == 1)
    shutil.rmtree(tmp_path / "takes")
    instrument.gesture("strike", 0)
    instrument.render(4_800)
    assert eventually(lambda: recorder.path is not None and recorder.path.exists())
    recorder.close()
    assert summary(recorder.path).played == 2


def test_a_full_disk_loses_nothing(tmp_path: Path, instrument: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    write, room = os.write, [900]

    def scarce(descriptor: int, data: bytes) -> int:
        """A disk with room for so many bytes: the last write stops in mid-line."""
        if not room[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = write(descriptor, data[: room[0]])
        room[0] -= written
        return written

    monkeypatch.setattr(growing_file.os, "write", scarce)
    recorder = Recorder(instrument, tmp_path, PADS)
    for _ in range(20):
        instrument.gesture("strike", 0)
        instrument.render(1_000)
    assert eventually(lambda: "no space left on device; trying again" in recorder.trouble)
    room[0] = 1 << 30
    assert eventually(lambda: recorder.trouble == "")
    recorder.close()
    assert summary(recorder.path).played == 20


def test_what_does_not_fit_the_memory_is_counted(
    tmp_path: Path, instrument: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growing_file, "MOST_WAITING", 3_000)
    (tmp_path / "takes").write_text("in the way")
    recorder = Recorder(instrument, tmp_path / "takes", PADS)
    for _ in range(100):
        instrument.gesture("strike", 0)
    instrument.render(480)
    assert eventually(lambda: "commands are missing from the take" in recorder.trouble)
    (tmp_path / "takes").unlink()
    assert eventually(lambda: "cannot" not in recorder.trouble)
    instrument.gesture("strike", 0)
    instrument.render(480)
    recorder.close()
    found = summary(recorder.path)
    assert 10 < found.lost < 100 and found.played + found.lost == 101
    assert found.is_complete


def test_a_limit_of_the_system_is_told_of_like_a_full_disk(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    del resource
    child = """
        import resource, sys
        from pathlib import Path
        from support.playing import engine, sphere
        from weaver.takes import growing_file
        from weaver.takes.recorder import Origin, Recorder
        growing_file.RETRY_S = 0.01
        instrument = engine(sphere())
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, resource.RLIM_INFINITY))
        recorder = Recorder(instrument, Path(sys.argv[1]), Origin("pads"))
        for _ in range(60):
            instrument.gesture("strike", 0)
            instrument.render(100)
        recorder._turn()
        print(recorder.trouble)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        recorder.close()
        print(recorder.trouble)
    """
    paths = [str(Path(__file__).resolve().parents[level]) for level in (1, 2)]
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(child), str(tmp_path / "takes")],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["the take cannot be written: file too large; trying again", ""]
    (path,) = (tmp_path / "takes").iterdir()
    assert summary(path).played == 60 and summary(path).is_complete


def test_the_sound_does_not_wait_for_the_disk(
    tmp_path: Path, instrument: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder(instrument, tmp_path, PADS)
    write, woken = os.write, threading.Event()
    monkeypatch.setattr(growing_file.os, "write", lambda *arguments: (woken.wait(10.0), write(*arguments))[1])
    for _ in range(200):
        instrument.gesture("strike", 0)
        instrument.render(64)
    assert summary(recorder.path).played == 0
    woken.set()
    recorder.close()
    assert summary(recorder.path).played == 200
