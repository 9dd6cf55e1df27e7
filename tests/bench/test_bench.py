"""The benchmark's own instruments: a bank that must sound right, rows with reasons, an exact probe."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from rich.console import Console
from support.needed import program

from weaver.bench.bank import (
    CHECKED_S,
    MODES,
    SAMPLE_RATE_HZ,
    T60_S,
    PeerError,
    PeerResult,
    best,
    check,
    frequencies_hz,
    modes_per_core,
)
from weaver.bench.jack_dummy import jack_dummy, wait_for_port
from weaver.bench.note_to_sound import Latency, PeerLatency, measure, peers_latency
from weaver.bench.peers import ring_peers
from weaver.bench.scsynth_bank import klank, ring, ringz
from weaver.bench.table import Row, bank_rows, latency_row, latency_rows, show, to_json
from weaver.model.errors import ConfigError, DeviceError

PERIOD_FRAMES = 1024
"""Long enough for a busy machine to keep its deadlines."""


def bank_sound(modes_hz: NDArray[np.float64], t60_s: float = T60_S) -> NDArray[np.float64]:
    """The sound of some modes, as the formula has it."""
    time_s = np.arange(int(CHECKED_S * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    total = np.zeros(len(time_s))
    for hz in modes_hz:
        total += np.sin(2 * np.pi * hz * time_s)
    return total * 10 ** (-3 * time_s / t60_s) / MODES


@pytest.fixture(scope="module")
def sound() -> NDArray[np.float64]:
    """The whole bank."""
    return bank_sound(frequencies_hz())


def test_the_banks_own_sound_passes(sound: NDArray[np.float64]) -> None:
    check(sound)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda sound: sound[:1000], "gave 1000 frames"),
        (np.zeros_like, "silent"),
        (lambda sound: np.where(np.arange(len(sound)) == 9, np.nan, sound), "not finite"),
        (lambda sound: np.random.default_rng(1).standard_normal(len(sound)), "on the modes"),
        (lambda sound: sound - bank_sound(frequencies_hz()[77:78]), "left out 1 of 512"),
        (lambda sound: sound * 10 ** (-np.arange(len(sound)) / SAMPLE_RATE_HZ), "dB were due"),
    ],
)
def test_any_other_sound_is_refused(
    sound: NDArray[np.float64], spoil: Callable[[NDArray[np.float64]], NDArray[np.float64]], reason: str
) -> None:
    with pytest.raises(PeerError, match=reason):
        check(spoil(sound))


def test_modes_per_core() -> None:
    assert modes_per_core(audio_s=10.0, cpu_s=0.5) == 20 * MODES
    with pytest.raises(PeerError):
        modes_per_core(audio_s=10.0, cpu_s=0.0)


def test_the_best_version_wins_and_a_failed_one_is_told() -> None:
    def fails() -> float:
        raise PeerError("no such option")

    assert best({"a": lambda: 1000.0, "b": fails, "c": lambda: 2000.0}) == (
        "c",
        2000.0,
        "a 1,000; b: no such option; c 2,000",
    )
    with pytest.raises(PeerError, match="b: no such option"):
        best({"b": fails})


@pytest.mark.parametrize("definition", [klank, ringz])
def test_scsynth_rings_the_bank(definition: Callable[[], bytes]) -> None:
    program("scsynth", "supercollider-server")
    assert ring(definition(), audio_s=CHECKED_S + 0.5, runs=1) > 0  # ring() checks the sound


def test_missing_tools_give_rows_with_reasons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    rows = bank_rows(ring_peers(pyo_python=str(tmp_path / "python"))) + latency_rows(peers_latency())
    details = {row.name: row.detail for row in rows}
    assert details["Faust"] == "faust is not installed"
    assert details["scsynth"] == "scsynth is not installed"
    assert "cannot be imported" in details["pyo"]
    assert details["FluidSynth"] == details["amsynth"] == "jackd is not installed"
    assert not any(row.figures for row in rows)


@pytest.fixture
def rows() -> list[Row]:
    peers = [PeerResult("Faust", "2.5", 8000.0, "plain"), PeerResult("pyo", "", None, "has no wheel")]
    latency = Latency(n=40, median_frames=64.0, max_frames=64, std_frames=0.0, xruns=1, misses=2)
    return [
        *bank_rows(peers, own=[PeerResult("weaver", "0.1", 100_000.0, "bare bank")]),
        latency_row("weaver", latency, underflows=3),
        *latency_rows([PeerLatency("amsynth", "1.1", None, "ended")]),
    ]


def test_the_table_for_people(rows: list[Row]) -> None:
    page = io.StringIO()
    show(rows, Console(file=page, width=200))
    lines = page.getvalue().splitlines()
    assert "python" in lines[0]
    own = next(line for line in lines if "weaver 0.1" in line and "bare bank" in line)
    assert "100,000" in own and "12.5" in own
    without_figure = next(line for line in lines if "pyo" in line)
    assert "–" in without_figure and "has no wheel" in without_figure
    assert any("amsynth" in line and "ended" in line for line in lines)


def test_the_same_for_machines(rows: list[Row]) -> None:
    whole = json.loads(to_json(rows))
    assert whole["machine"]["cores"] >= 1 and whole["machine"]["numba"]
    own, faust, pyo = whole["sections"]["bank"]
    assert own["modes_per_core"] == 100_000.0 and own["times_best_peer"] == 12.5
    assert faust == {
        "name": "Faust",
        "version": "2.5",
        "detail": "plain",
        "modes_per_core": 8000.0,
        "times_best_peer": 1.0,
    }
    assert "modes_per_core" not in pyo
    assert whole["sections"]["note_to_sound"][0]["underflows"] == 3


def test_rows_that_no_section_knows_are_refused() -> None:
    with pytest.raises(ConfigError, match="tea"):
        Row("tea", "weaver")
    with pytest.raises(ConfigError, match="sugar"):
        Row("bank", "weaver", {"sugar": 2.0})


@pytest.mark.parametrize("delay_frames", [0, 1500])
def test_the_probe_measures_a_known_synth_exactly(delay_frames: int) -> None:
    """A native echo answers each note-on with one click, `delay_frames` after it."""
    program("jackd", "jackd2")
    from bench.echo import Echo

    with jack_dummy(SAMPLE_RATE_HZ, PERIOD_FRAMES) as server, Echo(server.name, delay_frames):
        for _ in range(3):  # a period that the machine lost says nothing about the probe
            latency = measure(
                wait_for_port("^echo:notes", server),
                wait_for_port("^echo:sound", server),
                notes=6,
                server=server,
                gap_s=0.15,
                spread_s=0.1,
                release_s=0.02,
            )
            if latency.xruns == 0:
                break
    due = PERIOD_FRAMES + delay_frames
    assert latency == Latency(n=6, median_frames=due, max_frames=due, std_frames=0.0, xruns=latency.xruns, misses=0)


def test_the_probe_says_what_is_wrong() -> None:
    program("jackd", "jackd2")
    with jack_dummy(SAMPLE_RATE_HZ, PERIOD_FRAMES) as server:
        with pytest.raises(DeviceError, match="nobody:midi"):
            measure("nobody:midi", "nobody:audio", server=server)
        with pytest.raises(DeviceError, match="nobody"):
            wait_for_port("^nobody:", server, timeout_s=0.1)
