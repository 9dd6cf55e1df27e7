"""`weaver export`: a take becomes files for a DAW, all of them or none, and each is read back by somebody else."""

from __future__ import annotations

import os
import signal
import zipfile
from collections.abc import Iterator
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray
from scipy.signal import lfilter
from support.dawproject_reader import read_dawproject
from support.eventually import eventually
from support.mpe_reader import MpeReader
from support.playing_out import hear, instrument, plays_out

from weaver.cli import main
from weaver.commands import export as command
from weaver.commands.export import Plan, export
from weaver.commands.replaying import open_take
from weaver.engine.engine import Engine
from weaver.midi.files import read_midi_file
from weaver.model.show import load_show
from weaver.model.spheres import load_set
from weaver.takes.recorder import Origin, Recorder
from weaver.wishes import midi_tables

FRAMES = 30_001
"""No whole number of cells."""
RATE = 44_100
SMALL = ["--only", "midi"]
STEMS = [*(f"{number:02d}" for number in range(1, 17)), "audience", "room"]


def record(folder: Path) -> tuple[Path, NDArray[np.float32]]:
    """A quiet take with a tempo, and a change of set to one of more spheres; and the sound that was heard."""
    instrument = Engine(load_set("auditorium"), midi_tables("pads"), float(RATE), seed=5)
    instrument.set_parameter("audience_db", 0.0)
    recorder = Recorder(instrument, folder, Origin("pads"))
    for s in range(8):
        instrument.gesture("strike", s, frame=1 + 1000 * s, velocity=0.02)
    instrument.midi((0x90, 50, 9), frame=9_001)
    instrument.set_parameter("tempo_bpm", 90.0, frame=10_000)
    heard = [instrument.render(14_000)]
    assert instrument.change_set(load_set("glasses"))
    heard.append(instrument.render(1))
    instrument.notices()
    instrument.gesture("strike", 15, frame=20_001, velocity=0.02)
    heard.append(instrument.render(FRAMES - 14_001))
    assert instrument.snapshot().reduction == pytest.approx(1.0), "nothing is limited"
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


@pytest.fixture(scope="module")
def exported(recorded: tuple[Path, NDArray[np.float32]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All there is of it."""
    folder = tmp_path_factory.mktemp("out") / "song"
    assert main(["export", str(recorded[0]), "-o", str(folder)]) == 0
    return folder


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_all_of_it_is_there_and_nothing_else(exported: Path) -> None:
    files = {str(path.relative_to(exported)) for path in exported.rglob("*") if path.is_file()}
    assert {name for name in files if "/" not in name} == {"mix.wav", "song.mid", "song.dawproject", "song.rpp"}
    assert [Path(name).stem.split("-")[0] for name in sorted(files) if name.startswith("stems/")] == STEMS
    assert os.listdir(exported.parent) == ["song"]


def test_the_mix_is_what_was_heard(exported: Path, recorded: tuple[Path, NDArray[np.float32]]) -> None:
    sound, rate = soundfile.read(exported / "mix.wav", dtype="float32")
    assert rate == RATE
    np.testing.assert_array_equal(sound, recorded[1])


def test_the_stems_sum_to_the_mix_before_its_limiter(
    exported: Path, recorded: tuple[Path, NDArray[np.float32]]
) -> None:
    stems = [soundfile.read(path)[0] for path in sorted((exported / "stems").iterdir())]
    assert {len(stem) for stem in stems} == {FRAMES} and len(stems) == len(STEMS)
    assert all(np.abs(stem).max() > 0.0 for stem in (stems[0], stems[15], *stems[16:]))
    leak = float(Engine(load_set("auditorium"), midi_tables("pads"), float(RATE)).state.limiter.leak)
    blocked = lfilter([1.0, -1.0], [1.0, -leak], sum(stems), axis=0)  # the mix has its DC block, as stems have not
    off = np.abs(blocked - recorded[1]).max() / np.abs(recorded[1]).max()
    assert 20 * np.log10(off) < -90.0


def test_stems_in_the_projects_are_the_very_files(exported: Path) -> None:
    read_dawproject(exported / "song.dawproject")
    with zipfile.ZipFile(exported / "song.dawproject") as file:
        for path in (exported / "stems").iterdir():
            assert file.read(f"audio/{path.name}") == path.read_bytes()
    rpp = (exported / "song.rpp").read_text()
    assert all(f'FILE "stems/{path.name}"' in rpp for path in (exported / "stems").iterdir())


def test_tempo_and_markers_are_in_the_song(exported: Path) -> None:
    conductor = mido.MidiFile(exported / "song.mid", charset="utf-8").tracks[0]
    now, told = 0, []
    for message in conductor:
        now += message.time
        told.append((now, message))
    tempi = [(tick, mido.tempo2bpm(message.tempo)) for tick, message in told if message.type == "set_tempo"]
    assert tempi == [(0, pytest.approx(120.0)), (pytest.approx(435, abs=4), pytest.approx(90.0, abs=1e-3))]
    markers = [(tick, message.text) for tick, message in told if message.type == "marker"]
    assert [text for _, text in markers if text.startswith("set ")] == [f"set {load_set('glasses').title}"]


def test_only_what_was_asked_for_is_made(take: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(take), *SMALL]) == 0
    assert list(everything(take.with_name("evening"))) == ["song.mid"]
    said = capsys.readouterr().out
    assert "0.7 s" in said and "times real time" in said and "limiter" not in said
    assert main(["export", str(take), "--only", "mix", "--flac"]) == 0
    assert soundfile.info(take.with_name("evening") / "mix.flac").frames == FRAMES
    assert main(["export", str(take), "-o", str(take.with_name("p")), "--only", "dawproject"]) == 0
    assert "stems bypass the limiter" in capsys.readouterr().out
    assert list(everything(take.with_name("p"))) == ["song.dawproject"]
    read_dawproject(take.with_name("p") / "song.dawproject")
    assert main(["export", str(take), "-o", str(take.with_name("r")), "--only", "rpp"]) == 0
    assert "stems/room.wav" in everything(take.with_name("r")), "a project of REAPER's has its stems beside it"


def test_nothing_is_overwritten_unless_it_may_be(
    take: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = take.with_name("evening")
    folder.mkdir()
    (folder / "song.mid").write_bytes(b"mine")
    before = everything(take.parent)
    with monkeypatch.context() as patch:
        patch.setattr(command, "export", lambda *_: pytest.fail("it was rendered"))
        assert main(["export", str(take)]) == 2
    error = capsys.readouterr().err
    assert str(folder / "song.mid") in error and "--force" in error and error.count("\n") == 1
    assert everything(take.parent) == before
    assert main(["export", str(take), *SMALL, "--force"]) == 0
    assert mido.MidiFile(folder / "song.mid").type == 1


@pytest.fixture
def heeded() -> Iterator[None]:
    """Ctrl-C is: where several processes share the tests they ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeded")
@pytest.mark.parametrize("at", ["replay", "end"])
@pytest.mark.parametrize("has_earlier", [True, False])
def test_ctrl_c_leaves_all_as_it_was(take: Path, monkeypatch: pytest.MonkeyPatch, at: str, has_earlier: bool) -> None:
    folder = take.with_name("evening")
    if has_earlier:
        (folder / "stems").mkdir(parents=True)
        (folder / "mix.wav").write_bytes(b"mine")
        (folder / "stems" / "room.wav").write_bytes(b"mine too")
    before = everything(take.parent)

    def press(*_: object) -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(*((command.Gathering, "song") if at == "replay" else (command, "write_rpp")), press)
    assert main(["export", str(take), "--force"]) == 130
    assert everything(take.parent) == before
    assert sorted(os.listdir(take.parent)) == (["evening"] if has_earlier else []) + ["evening.take"]


def test_a_take_that_is_torn_gives_what_there_is(take: Path, capsys: pytest.CaptureFixture[str]) -> None:
    take.write_bytes(take.read_bytes()[:-5])
    assert main(["export", str(take), "--only", "mix"]) == 0
    assert 10_000 < soundfile.info(take.with_name("evening") / "mix.wav").frames <= FRAMES


def test_a_take_that_still_grows_gives_what_there_is(tmp_path: Path) -> None:
    instrument = Engine(load_set("auditorium"), midi_tables("pads"), float(RATE))
    recorder = Recorder(instrument, tmp_path, Origin("pads"))
    instrument.gesture("strike", 0, frame=100)
    heard = instrument.render(64 * 600)
    assert eventually(lambda: any(path.read_bytes().count(b"\n") > 2 for path in tmp_path.glob("*.take")))
    live = next(tmp_path.glob("*.take"))
    try:
        assert main(["export", str(live), "--only", "mix"]) == 0
    finally:
        recorder.close()
    sound = soundfile.read(live.with_suffix("") / "mix.wav", dtype="float32")[0]
    assert len(sound) > 0
    np.testing.assert_array_equal(sound, heard[: len(sound)])


def test_what_differs_is_said(take: Path, capsys: pytest.CaptureFixture[str]) -> None:
    take.write_bytes(take.read_bytes().replace(b'"kernels":"', b'"kernels":"x', 1))
    assert main(["export", str(take), *SMALL]) == 0
    assert "the sound's code: recorded with x" in capsys.readouterr().out


def test_bad_input_is_said_in_a_line(tmp_path: Path, take: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "song.txt").write_text("no take")
    for words in (
        ["export", str(tmp_path / "nowhere.take")],
        ["export", str(tmp_path / "song.txt")],
        ["export", str(take), "--only", "cubase"],
        ["export", str(take), "--form", "off"],
        ["export", str(take), "-o", str(tmp_path / "no" / "where")],
        ["export", str(take), "-o", str(tmp_path / "song.txt")],
    ):
        assert main(words) in (1, 2), words
        assert capsys.readouterr().err.count("\n") == 1
    assert sorted(os.listdir(tmp_path)) == ["evening.take", "song.txt"]


def test_a_show_leaves_its_phases_and_incidents(tmp_path: Path) -> None:
    show = load_show("auditorium")
    instrument = Engine(show.spheres, midi_tables("pads"), 48_000.0)
    instrument.set_parameter("stakes", 2.0)
    recorder = Recorder(instrument, tmp_path, Origin("pads"))
    assert instrument.begin_show(show, 2.0)
    instrument.gesture("strike", 0, frame=3 * 48_000)
    instrument.gesture("roll")
    instrument.render(4 * 48_000)
    recorder.close()
    assert recorder.path is not None
    made = export(Plan(open_take(recorder.path), tmp_path / "song", ["midi"]))
    texts = [marker.text for marker in made.song.markers]
    assert [text for text in texts if text in ("prelude", "silence", "performance")] == [
        "prelude",
        "silence",
        "performance",
    ]
    assert any(show.incidents[0].say in text for text in texts)
    assert "the song rolls from beat 0.00" in texts, "a millisecond before its first tick"
    assert any(text.startswith("Azure ") for text in texts)
    assert made.speed > 0.0


@pytest.mark.parametrize(("form", "mode"), [("mpe-lower", "mpe"), ("mpe-upper", "mpe"), ("channels", "channels")])
def test_what_plays_the_song_strikes_the_same_at_the_same_frames(tmp_path: Path, form: str, mode: str) -> None:
    woven = instrument()
    recorder = Recorder(woven, tmp_path, Origin("pads"))
    played = [(12_000 + 3_511 * n, n * 3 % 8, 0.2 + 0.1 * n) for n in range(8)]
    for frame, s, velocity in played:
        woven.gesture("bend", s, frame=frame - 500, cents=170.0)
        woven.gesture("strike", s, frame=frame, velocity=velocity)
    woven.midi((0x90, 55, 77), 0, 44_000)  # by a DAW
    woven.render(64_000)
    recorder.close()
    assert recorder.path is not None
    made = export(Plan(open_take(recorder.path), tmp_path / "song", ["midi"], form)).song
    assert len(made.notes) == 9
    assert [round(note.start_s * 48_000) for note in made.notes][:8] == [frame for frame, _, _ in played]
    heard = [(round(event.time_s * 48_000), event.data) for event in read_midi_file(tmp_path / "song" / "song.mid")]
    again = instrument(mode)
    plays_out(again, form, settle=False, echoes=True, configures=False)
    _, left = hear(again, heard, 64_000)
    struck = [(frame, data) for frame, data in left if data[0] & 0xF0 == 0x90]
    tick = 48_000 * 60 / 120 / 960
    for (frame, data), note in zip(struck, made.notes, strict=True):
        assert abs(frame - note.start_s * 48_000) <= tick
        assert data[2] == note.velocity
        if mode == "channels":
            assert data[0] & 0x0F == note.channel
    if mode == "mpe":
        before, after = (MpeReader().read(messages).notes for messages in (heard, zone_of_eight(form) + left))
        assert [note.semitones for note in after] == pytest.approx([note.semitones for note in before], abs=0.02)


def zone_of_eight(form: str) -> list[tuple[int, bytes]]:
    """A zone of eight, which the reader has to know of."""
    manager = 0xB0 if form == "mpe-lower" else 0xBF
    return [(0, bytes((manager, control, value))) for control, value in ((101, 0), (100, 6), (6, 8))]
