"""Fixtures that several areas share, and what lets several processes share the tests."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # asked for as NumPy is imported: its threads would wait by spinning

import pytest
from support import own_shm
from support.jack import JackServer, jack_server
from support.needed import program

PROCESSES = 2
"""More would not be quicker: they share what they wait for, and two cores."""
WAITING = ("bench", "daw", "hosts", "hands", "tablets", "osc", "query", "midi", "tests", "export", "takes")
"""Folders whose tests wait for others more than they reckon. They come first: two of them side by side leave the cores
some rest, and in the end, where all is short, no process is left alone with a minute of waiting. The first three start
JACK servers of their own, and libjack knows one at a time: no client may be left over in the process.
"""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two, with a core each; one process, that of pytest itself, where they would be in each other's way."""
    return PROCESSES if (os.cpu_count() or 1) >= PROCESSES and own_shm.is_permitted() else 0


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):  # one of several
        own_shm.have_own()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _rank(item.path.parent.name))


def _rank(folder: str) -> int:
    return WAITING.index(folder) if folder in WAITING else len(WAITING)


def pytest_collection_finish() -> None:
    """What thousands of tests are made of stays until the end: no need to go through it at each garbage collection."""
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def kernels() -> None:
    """Where tests were collected that engines play in, all is compiled before the first, once for all processes."""
    if "weaver.engine.engine" in sys.modules:
        from support.kernels import compile_kernels

        compile_kernels()


@pytest.fixture(autouse=True)
def no_own_data(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests keeps the takes of their own performances apart."""
    monkeypatch.setenv("WEAVER_DATA", str(tmp_path_factory.getbasetemp() / "data"))


@pytest.fixture(scope="session")
def jackd() -> Iterator[JackServer]:
    """A private JACK server, 48 kHz, 256 frames, for the session."""
    program("jackd", "jackd2")
    with jack_server(rate=48_000, period=256) as server:
        yield server
        leave_portaudio()


def leave_portaudio() -> None:
    """Let PortAudio go while the JACK server lives that it has found: afterwards it would abort the process."""
    if (sounddevice := sys.modules.get("sounddevice")) is not None:
        while sounddevice._initialized:
            sounddevice._terminate()
