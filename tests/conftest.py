"""Fixtures that several areas share."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from support.jack import JackServer, jack_server
from support.needed import program


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
