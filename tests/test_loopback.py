"""`weaver doctor --loopback`: a round trip, measured on a JACK server and through a loop of MIDI ports."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import jack
import numpy as np
import pytest
from rich.console import Console
from support.eventually import eventually
from support.jack import JackServer, environment
from support.needed import module

from weaver.bench import note_to_sound
from weaver.cli import main
from weaver.commands import loopback
from weaver.commands.loopback import JackTrip, MidiTrip, PortLatency, jack_lines, jack_trip, midi_lines, midi_trip
from weaver.midi.ports import Backend, PortInfo, best_backend
from weaver.model.errors import ConfigError, DeviceError

STRANGER = bytes((0x90, 60, 1))
"""A note, as whoever else plays on that port sends."""


def console() -> Console:
    return Console(file=io.StringIO(), width=200)


def clients() -> set[str]:
    """Of the server, but for its own and the one that asks."""
    client = jack.Client("asks", no_start_server=True)
    try:
        return {port.name.partition(":")[0] for port in client.get_ports()} - {"system"}
    finally:
        client.close()


def test_on_jack_a_note_comes_back_as_sound_after_one_period(jackd: JackServer) -> None:
    before = clients()
    trip = jack_trip(console(), notes=4)
    assert trip.median_frames == jackd.period_frames == trip.period_frames
    assert (trip.notes + trip.misses, trip.rate_hz) == (4, jackd.sample_rate_hz)
    said = {port.name.partition(":")[2]: port for port in trip.ports}
    assert {"midi_in", "out_1", "playback_1", "capture_1"} <= set(said)
    assert said["playback_1"].playback[0] >= jackd.period_frames, "the dummy driver's own latency"
    assert said["capture_1"].capture[0] >= jackd.period_frames
    assert said["out_1"].capture == said["midi_in"].capture, "the sound is as late as its note, and no later"
    assert eventually(lambda: clients() == before)


def test_what_fails_leaves_nothing_behind(jackd: JackServer, monkeypatch: pytest.MonkeyPatch) -> None:
    before = clients()
    measure = note_to_sound.measure
    monkeypatch.setattr(note_to_sound, "measure", lambda *ports, **more: measure(*ports, threshold=2.0, **more))
    with pytest.raises(DeviceError, match="did not rise above"):
        jack_trip(console(), notes=1)
    assert eventually(lambda: clients() == before)


def test_without_a_server_it_says_what_to_give(capsys: pytest.CaptureFixture[str]) -> None:
    with environment(JACK_DEFAULT_SERVER="nobody", JACK_NO_START_SERVER="1"):
        assert main(["doctor", "--loopback"]) == 1
    said = capsys.readouterr().err
    assert "no JACK server answers" in said and "--loopback OUT IN" in said and said.count("\n") == 1


def test_more_than_two_ports_are_no_pair() -> None:
    with pytest.raises(ConfigError, match="a b c"):
        loopback.run(["a", "b", "c"], console())


@contextmanager
def looped(backend: Backend, strangers: bool = False) -> Iterator[None]:
    """A loop between two virtual ports, "loop in" and "loop out", on which others may play too."""
    heard, sent = backend.open_virtual_input("loop in"), backend.open_virtual_output("loop out")
    ended = threading.Event()

    def forward() -> None:
        while not ended.is_set():
            got = heard.receive()
            if got is None:
                time.sleep(0.001)
                continue
            if strangers:
                sent.send(STRANGER)
            sent.send(got.data)

    thread = threading.Thread(target=forward)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        heard.close()
        sent.close()


@pytest.fixture
def backend(jackd: JackServer) -> Iterator[Backend]:
    """python-rtmidi on JACK, in place of ALSA's sequencer."""
    module("rtmidi", "python-rtmidi")
    backend = best_backend("rtmidi-jack", "loopback")
    yield backend
    backend.close()


@pytest.mark.parametrize("strangers", [False, True])
def test_a_loop_of_midi_ports_is_measured(backend: Backend, strangers: bool) -> None:
    with looped(backend, strangers):
        trip = midi_trip(backend, "loop in", "loop out", messages=5)
    assert (len(trip.trips_s), trip.lost) == (5, 0)
    assert 0.0 < float(np.median(trip.trips_s)) < loopback.LATEST_S
    assert "loop in" in trip.sent_to and "loop out" in trip.heard_from


class Cable:
    """Both ends of a cable that brings each message back, or what it does instead of that."""

    name, reason = "cable", ""

    def __init__(self, brings: Callable[[list[bytes]], bytes | None]) -> None:
        self.brings, self.sent = brings, []  # type: ignore[var-annotated]
        self.waiting: list[bytes] = []

    def outputs(self) -> list[PortInfo]:
        return [PortInfo("cable", "cable")]

    inputs = outputs

    def open_input(self, name: str) -> Cable:
        return self

    open_output = open_input

    def send(self, data: bytes) -> None:
        self.sent.append(data)
        if (back := self.brings(self.sent)) is not None:
            self.waiting.append(back)

    def receive(self) -> SimpleNamespace | None:
        return SimpleNamespace(data=self.waiting.pop()) if self.waiting else None

    def close(self) -> None:
        pass


def test_what_comes_back_late_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loopback, "LATEST_S", 0.02)
    late = Cable(lambda sent: sent[-2] if len(sent) > 1 else None)
    with pytest.raises(DeviceError, match="comes back"):
        midi_trip(late, "cable", "cable", 5)  # type: ignore[arg-type]


def test_a_loop_that_breaks_is_no_loop_that_never_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loopback, "LATEST_S", 0.02)
    broken = Cable(lambda sent: sent[-1] if len(sent) < 3 else None)
    trip = midi_trip(broken, "cable", "cable", 8)  # type: ignore[arg-type]
    assert (len(trip.trips_s), trip.lost) == (2, 6)


def test_ports_that_are_not_joined_are_said_to_be_so(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loopback, "LATEST_S", 0.05)
    heard, sent = backend.open_virtual_input("no loop in"), backend.open_virtual_output("no loop out")
    try:
        with pytest.raises(DeviceError, match=r"comes back at .*join them"):
            midi_trip(backend, "no loop in", "no loop out")
        with pytest.raises(DeviceError, match=r"no MIDI port is called 'nowhere'.*no loop in"):
            midi_trip(backend, "nowhere", "no loop out")
    finally:
        heard.close()
        sent.close()


def test_the_figure_to_type_is_said() -> None:
    port = PortLatency("weaver:out_1", (64, 128), (256, 256))
    trip = JackTrip("JACK server 'default'", 44_100.0, 441, 19, 441.0, 0.5, 442, 1, 2, (port,))
    text = "\n".join(jack_lines(trip))
    assert "median 441 frames (10.00 ms), sd 0.50, at most 442" in text
    assert "weaver:out_1: capture 64 to 128, playback 256" in text
    assert "10.00 ms, or 441 samples" in text
    assert "1 notes were not heard" in text and "missed 2 deadlines" in text
    text = "\n".join(midi_lines(MidiTrip("out", "in", np.array([0.001, 0.002, 0.006]), 1)))
    assert "median 2.00 ms" in text and "at most 6.00" in text and "1 did not come back" in text
