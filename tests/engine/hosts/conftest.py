"""An instrument that is silent until it is struck and is soon so again, and hosts that are stopped in any case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from weaver.engine.engine import Engine
from weaver.engine.hosts import open_host
from weaver.engine.hosts.base import AbsentError, Host
from weaver.engine.hosts.portaudio_devices import list_outputs, rescan
from weaver.engine.maps import empty_midi_map
from weaver.model.spheres import SphereSet, load_set
from weaver.model.units import SILENCE_DB

DATA = Path(__file__).resolve().parents[2] / "data"
DRIEST_DB = -60.0
"""The least level of the room that its parameter has."""


@pytest.fixture(scope="session")
def dry_set() -> SphereSet:
    """Eight spheres that do not hum, and no room to speak of."""
    spheres = load_set("auditorium")
    silent = tuple(replace(sphere, hum_db=SILENCE_DB) for sphere in spheres.spheres)
    return replace(spheres, spheres=silent, room=replace(spheres.room, wet_db=DRIEST_DB))


@pytest.fixture
def make_engine(dry_set: SphereSet) -> Callable[..., Engine]:
    """An engine at a rate; each call gives the same one anew."""
    return lambda rate=48_000.0, spheres=dry_set: Engine(spheres, empty_midi_map(), rate)


@pytest.fixture
def opened() -> Iterator[Callable[..., Host]]:
    """`open_host`, with the stop that goes with it."""
    hosts: list[Host] = []

    def open_one(*arguments: Any, **options: Any) -> Host:
        hosts.append(open_host(*arguments, **options))
        return hosts[-1]

    yield open_one
    for host in hosts:
        host.stop()


@pytest.fixture
def null_outputs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """PortAudio with outputs that play into nothing, as fast as they are fed."""
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(DATA / "asound.conf"))
    try:
        rescan()
    except AbsentError as absent:
        pytest.skip(str(absent))
    if not any(output.name == "weavernull" for output in list_outputs()):
        pytest.skip("this PortAudio has no ALSA, or ALSA no configuration")
    yield
    monkeypatch.undo()
    rescan()
