"""A master of all tunings is followed while it is there; where nobody can be followed, nothing happens."""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from support.eventually import eventually
from support.needed import module

from weaver.midi import mts_esp
from weaver.midi.mts_esp import MtsEsp, load_library
from weaver.model.errors import DeviceError
from weaver.model.units import note_to_hz

SUPPORT = Path(__file__).resolve().parents[1] / "support"
OWN = [note_to_hz(note) * 0.98 for note in range(128)]


class Master:
    """Stands in for the library, with whoever tunes behind it."""

    def __init__(self) -> None:
        self.is_there = False
        self.name = "Seventeen"
        self.hz = [note_to_hz(note) for note in range(128)]
        self.silent: set[int] = set()
        self.clients = 0

    def has_ipc(self) -> bool:
        return True

    def register_client(self) -> Any:
        self.clients += 1
        return self

    def deregister_client(self, client: Any) -> None:
        self.clients -= client is self

    def has_master(self, client: Any) -> bool:
        return client is self and self.is_there

    def note_to_frequency(self, client: Any, midinote: int, midichannel: int) -> float:
        return self.hz[midinote]

    def should_filter_note(self, client: Any, midinote: int, midichannel: int) -> bool:
        return midinote in self.silent

    def get_scale_name(self, client: Any) -> str:
        return self.name.encode("latin-1").decode()


class Instrument:
    """What it was told, and whether it has ears now."""

    def __init__(self) -> None:
        self.heard: list[tuple[int, float]] = []
        self.is_full = False

    def tune(self, note: int, hz: float) -> bool:
        if not self.is_full:
            self.heard.append((note, hz))
        return not self.is_full

    def take(self) -> list[tuple[int, float]]:
        heard, self.heard = self.heard, []
        return heard


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mts_esp, "PERIOD_S", 0.001)


@contextmanager
def following(master: Master, instrument: Instrument) -> Iterator[MtsEsp]:
    esp = MtsEsp(instrument.tune, OWN, lambda: master)
    try:
        yield esp
    finally:
        esp.close()
    assert master.clients == 0


def test_a_master_comes_tunes_and_goes() -> None:
    master, instrument = Master(), Instrument()
    master.hz[60] = OWN[60]
    with following(master, instrument) as esp:
        assert eventually(lambda: master.clients == 1)
        assert not instrument.heard and esp.note == "" and esp.trouble == ""
        master.is_there = True
        assert eventually(lambda: len(instrument.heard) == 128 and bool(esp.note))
        assert instrument.take() == list(enumerate(master.hz))
        assert esp.note == "tuned by MTS-ESP: Seventeen"
        master.hz[69] = 432.0
        assert eventually(lambda: len(instrument.heard) > 0)
        assert instrument.take() == [(69, 432.0)], "only what changed"
        master.is_there = False
        assert eventually(lambda: len(instrument.heard) == 128 and not esp.note)
        assert instrument.take() == list(enumerate(OWN)), "the player's own table, as a whole"


def test_what_is_not_to_be_played_or_is_no_pitch_has_none() -> None:
    master, instrument = Master(), Instrument()
    master.is_there = True
    master.silent = {5}
    master.hz[6:10] = [math.nan, -3.0, 1e9, math.inf]
    with following(master, instrument):
        assert eventually(lambda: len(instrument.heard) == 128)
    assert [note for note, hz in instrument.heard if hz == 0.0] == [5, 6, 7, 8, 9]


def test_what_found_no_room_is_told_again() -> None:
    master, instrument = Master(), Instrument()
    instrument.is_full = master.is_there = True
    with following(master, instrument) as esp:
        assert eventually(lambda: bool(esp.note))
        assert not instrument.heard
        instrument.is_full = False
        assert eventually(lambda: len(instrument.heard) == 128)


@pytest.mark.parametrize(("name", "note"), [("", "tuned by MTS-ESP"), ("\xe9", "tuned by MTS-ESP"), ("a\x1bb", None)])
def test_a_name_may_be_anything(name: str, note: str | None) -> None:
    master = Master()
    master.is_there, master.name = True, name
    with following(master, Instrument()) as esp:
        assert eventually(lambda: esp.note == (note or "tuned by MTS-ESP: ab"))


@pytest.mark.parametrize("missing", ["package", "library"])
def test_without_package_or_library_nothing_happens(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    threads = threading.active_count()
    if missing == "package":
        monkeypatch.setitem(sys.modules, "mtsespy", None)
    else:
        master = Master()
        monkeypatch.setattr(master, "has_ipc", lambda: False)
        monkeypatch.setitem(sys.modules, "mtsespy", master)  # type: ignore[arg-type]
    with pytest.raises(DeviceError, match="mtsespy" if missing == "package" else "libMTS"):
        load_library()
    instrument = Instrument()
    esp = MtsEsp(instrument.tune, OWN)
    assert esp.trouble and esp.note == "" and threading.active_count() == threads
    esp.close()
    assert not instrument.heard


@pytest.mark.skipif(sys.platform != "linux", reason="preloads the stand-in as Linux does")
def test_the_real_package_asks_a_library_as_its_maker_made_it(tmp_path: Path) -> None:
    module("mtsespy", "mtsespy")
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler for the stand-in of libMTS")
    built = tmp_path / "stand_in.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", built, SUPPORT / "stand_in_mts.c", "-ldl"], check=True)
    paths = os.pathsep.join(map(str, (SUPPORT.parents[1], SUPPORT.parent)))
    done = subprocess.run(
        [sys.executable, SUPPORT / "mts_child.py", built],
        env={**os.environ, "LD_PRELOAD": str(built), "PYTHONPATH": paths},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    note = "tuned by MTS-ESP: Standing in"
    assert json.loads(done.stdout) == [[260.0, 261.0, note], [300.5, 0.0, note], [160.0, 161.0, ""]]
