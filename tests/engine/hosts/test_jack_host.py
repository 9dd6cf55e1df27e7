"""The JACK host on real servers, with real clients."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator

import jack
import numpy as np
import pytest
from support.eventually import eventually
from support.jack import JackServer, environment, jack_server
from support.jack_callbacks import CallbackClient
from support.one_period import NOTE, exactly_one_period

from weaver.engine.engine import Engine
from weaver.engine.hosts import supervised
from weaver.engine.hosts.base import Host
from weaver.life.transport import JACK
from weaver.model.errors import DeviceError
from weaver.model.parameters import HARDNESS


class Keyboard:
    """A MIDI client that sends what it is told to at the start of the next period."""

    def __init__(self, name: str) -> None:
        self._client = CallbackClient(name)
        self._port = self._client.midi_outports.register("keys")
        self._due: list[bytes] = []
        self._client.set_process_callback(self._process)
        self._client.activate()

    def send(self, *data: int) -> None:
        self._due.append(bytes(data))

    def connections(self) -> set[str]:
        return {port.name for port in self._port.connections}

    def unplug_from(self, port: str) -> None:
        self._client.disconnect(self._port, port)

    def close(self) -> None:
        self._client.close()

    def _process(self, frames: int) -> None:
        self._port.clear_buffer()
        while self._due:
            self._port.write_midi_event(0, self._due.pop(0))


@pytest.fixture
def keyboard() -> Iterator[Callable[[str], Keyboard]]:
    made: list[Keyboard] = []

    def make(name: str) -> Keyboard:
        made.append(Keyboard(name))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_a_note_sounds_exactly_one_period_later(
    jackd: JackServer, opened: Callable[..., Host], make_engine: Callable[..., Engine]
) -> None:
    host, engine = opened("jack", midi="none"), make_engine(jackd.sample_rate_hz)
    host.start(engine)
    exactly_one_period(engine, 12, jackd.period_frames, jackd.sample_rate_hz)
    status = host.status()
    assert status.running and status.note == "" and 0.0 < status.load < 1.0
    assert (status.sample_rate, status.block_frames) == (jackd.sample_rate_hz, jackd.period_frames)
    assert status.latency_s >= jackd.period_frames / jackd.sample_rate_hz
    assert engine.state.midi.port_events[0] >= 36, "note-on, note-off and all sound off, twelve times"


def test_time_maps_to_frames(
    jackd: JackServer, opened: Callable[..., Host], make_engine: Callable[..., Engine]
) -> None:
    """Every pair of host time and frame lies on one line whose slope is the sample rate."""
    host, engine = opened("jack", midi="none"), make_engine()
    host.start(engine)
    pairs: list[tuple[float, int]] = []

    def another() -> bool:
        pair = (float(engine.state.host_time_s), int(engine.state.host_frame))
        settled = pair == (float(engine.state.host_time_s), int(engine.state.host_frame))
        if pair[1] > 0 and settled and (not pairs or pair[1] > pairs[-1][1]):
            pairs.append(pair)
        return len(pairs) >= 60 or engine.state.counters.underflows > 0

    assert eventually(another)
    if engine.state.counters.underflows:
        pytest.skip("the machine lost a period, which bends the line")
    times_s, frames = np.array(pairs).T
    slope = np.polyfit(times_s - times_s[0], frames, 1)[0]
    assert slope == pytest.approx(jackd.sample_rate_hz, rel=0.02)


def test_ports_are_named_and_connected(
    jackd: JackServer, opened: Callable[..., Host], make_engine: Callable[..., Engine]
) -> None:
    opened("jack").start(make_engine())
    second = opened("jack", midi="none", connect=False)
    second.start(make_engine())
    watcher = jack.Client("watcher", no_start_server=True)
    try:
        names = {port.name for port in watcher.get_ports("^weaver:")}
        assert names == {f"weaver:{port}" for port in ("midi_in", "midi_out", "clock_out", "out_1", "out_2")}
        for own, speaker in (("weaver:out_1", "system:playback_1"), ("weaver:out_2", "system:playback_2")):
            assert [port.name for port in watcher.get_all_connections(own)] == [speaker]
        renamed = watcher.get_ports("^weaver-[0-9]+:out_1")
        assert len(renamed) == 1 and not watcher.get_all_connections(renamed[0])
        assert not watcher.get_all_connections("weaver:midi_in"), "a second instance is no source"
    finally:
        watcher.close()


def test_sources_are_connected_as_they_appear_and_let_go_as_they_leave(
    jackd: JackServer,
    opened: Callable[..., Host],
    make_engine: Callable[..., Engine],
    keyboard: Callable[[str], Keyboard],
) -> None:
    host, engine = opened("jack"), make_engine()
    host.start(engine)
    first, second = keyboard("first"), keyboard("second")
    assert eventually(lambda: first.connections() == second.connections() == {"weaver:midi_in"})
    first.send(0x90, NOTE, 100)
    assert eventually(lambda: engine.state.midi.voice_held.any())
    first.close()
    again = keyboard("first")
    assert eventually(lambda: again.connections() == {"weaver:midi_in"}), "back at once, under the same name"
    assert eventually(lambda: not engine.state.midi.voice_held.any())
    second.unplug_from("weaver:midi_in")
    third = keyboard("third")
    assert eventually(lambda: third.connections() == {"weaver:midi_in"})
    assert second.connections() == set(), "what the player undid stays undone"


def test_a_pattern_chooses_sources(
    jackd: JackServer,
    opened: Callable[..., Host],
    make_engine: Callable[..., Engine],
    keyboard: Callable[[str], Keyboard],
) -> None:
    opened("jack", midi="PADS").start(make_engine())
    keys, pads = keyboard("keys"), keyboard("launchpads")
    assert eventually(lambda: pads.connections() == {"weaver:midi_in"})
    assert keys.connections() == set()


def test_what_is_not_for_the_decoder_is_left_alone(
    jackd: JackServer,
    opened: Callable[..., Host],
    make_engine: Callable[..., Engine],
    keyboard: Callable[[str], Keyboard],
) -> None:
    engine = make_engine()
    opened("jack").start(engine)
    keys = keyboard("keys")
    assert eventually(keys.connections)
    keys.send(0xF0, 1, 2, 3, 0xF7)
    keys.send(0xF8)
    keys.send(0xC0, 5)
    keys.send(0x90, NOTE)
    keys.send(0x90, NOTE, 100)
    assert eventually(lambda: engine.state.midi.voice_held.any())
    assert engine.state.midi.events == 3
    assert engine.state.transport.clock.ticks == 1, "the clock is for the song's time, and nobody's playing"
    assert engine.state.midi.ignored[0] == 1, "cut short"
    assert list(engine.state.midi.last) == [0x90, NOTE, 100, 0]


def test_a_server_runs_as_it_runs(jackd: JackServer, opened: Callable[..., Host]) -> None:
    with pytest.raises(DeviceError, match=r"runs at 48000 Hz with 256 frames.*96000 Hz"):
        opened("jack", rate=96_000.0)
    with pytest.raises(DeviceError, match=r"runs at 48000 Hz.*512 frames"):
        opened("jack", block=512)


def test_the_instrument_outlives_its_server(
    opened: Callable[..., Host],
    make_engine: Callable[..., Engine],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(supervised, "RETRY_S", 0.2)
    with jack_server(48_000, 256) as server:
        host, engine = opened("jack", midi="none"), make_engine(48_000.0)
        host.start(engine)
        engine.set_parameter("hardness", 0.9)
        assert eventually(lambda: engine.state.target[HARDNESS] == np.float32(0.9))
        engine.give_time(JACK, 120.0, 0.0, True)
        assert eventually(lambda: engine.snapshot().rolling)
        state, frame = engine.state, int(engine.state.frame)
        # killed outright it would keep one of the eight places that this machine has for servers
        os.kill(server.pid, signal.SIGTERM)
        assert eventually(lambda: not host.status().running)
        assert "has gone; waiting for it" in host.status().note
        assert eventually(lambda: engine.state.frame > frame + 4800), "time goes by without a server"
        assert not engine.snapshot().rolling, "and no song that only JACK could stop"
    with jack_server(44_100, 512) as server, environment(JACK_DEFAULT_SERVER=server.name):
        assert eventually(lambda: host.status().running)
        status = host.status()
        assert "is back" in status.note
        assert (status.sample_rate, status.block_frames, engine.sample_rate) == (44_100.0, 512, 44_100.0)
        assert engine.state is state and state.target[HARDNESS] == np.float32(0.9) and state.frame > frame
        exactly_one_period(engine, 4, 512, 44_100)
        host.stop()
        host.stop()
        assert not host.status().running
