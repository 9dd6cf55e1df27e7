"""Controllers on JACK: ports of their own, what they say and what they are told, coming and going."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import jack
import pytest
from support.devices import Device, Shelf
from support.eventually import eventually
from support.jack import JackServer, environment, jack_server, settle
from support.one_period import NOTE, exactly_one_period

from weaver.engine.engine import Engine
from weaver.engine.hosts import supervised
from weaver.engine.hosts.base import Host
from weaver.engine.hosts.jack_callback import FLOOD_HZ
from weaver.engine.hosts.jack_connections import INPUT, MIDI_TYPE, OUTPUT, connected, known_as, port_names
from weaver.engine.hosts.jack_connections import connections as joined_to
from weaver.model.errors import DeviceError
from weaver.model.wires import LONGEST_BYTES, Heard, Wires

pytest.importorskip("rtmidi")

IDENTITY_REQUEST = bytes((0xF0, 0x7E, 0x7F, 0x06, 0x01, 0xF7))
SETTLE_S = 0.1
"""A connection that has just been made carries nothing yet."""
LONG_SYSEX = bytes((0xF0, *(index % 128 for index in range(398)), 0xF7))


class Stage:
    """An instrument that plays on a server, and its seats."""

    def __init__(self, host: Host, engine: Engine) -> None:
        assert host.seats is not None
        self.host, self.engine, self.seats = host, engine, host.seats
        self.said: list[Heard] = []
        host.start(engine)

    def heard(self) -> list[Heard]:
        """All that has been heard up to now."""
        self.said += self.seats.heard()
        return self.said

    def held_by(self, slot: int) -> int:
        """How many spheres the keys of a slot hold."""
        midi = self.engine.state.midi
        return int((midi.voice_held != 0)[midi.voice_port == slot].sum())

    def join(self, device: Device) -> int:
        """Once the server has told of it."""
        assert eventually(lambda: device.source in self.seats.inputs() and device.sink in self.seats.outputs())
        slot = self.seats.join(device.source, device.sink)
        time.sleep(SETTLE_S)
        return slot


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with Shelf() as made:
        yield made


@pytest.fixture
def stage(jackd: JackServer, shelf: Shelf, opened: Callable[..., Host], make_engine: Callable[..., Engine]) -> Stage:
    return Stage(opened("jack", claims=lambda names: any("pads" in name for name in names)), make_engine())


def connections(port: str) -> set[str]:
    client = jack.Client("watcher", no_start_server=True)
    try:
        return {other.name for other in client.get_all_connections(port)}
    finally:
        client.close()


def test_two_of_a_kind_sound_in_slots_of_their_own(stage: Stage, shelf: Shelf) -> None:
    one, two, keys = shelf.plug("pads"), shelf.plug("pads 2"), shelf.plug("keys")
    assert (stage.join(one), stage.join(two)) == (1, 2)
    assert stage.seats.joined() == {1: one.source, 2: two.source}
    assert connections("weaver:controller_1_in") == {one.source}
    assert connections("weaver:controller_2_out") == {two.sink}
    assert eventually(lambda: connections("weaver:midi_in") == {keys.source}), "what is claimed is left to be joined"
    assert not any(name.startswith("weaver") for name in [*stage.seats.inputs(), *stage.seats.outputs()])
    settle()
    one.say(0x90, NOTE, 100)
    two.say(0x90, NOTE + 1, 100)
    keys.say(0x90, NOTE + 2, 100)
    assert eventually(lambda: [stage.held_by(slot) for slot in (0, 1, 2)] == [1, 1, 1])
    assert eventually(lambda: len(stage.heard()) == 2)
    assert {(heard.slot, heard.data) for heard in stage.said} == {
        (1, bytes((0x90, NOTE, 100))),
        (2, bytes((0x90, NOTE + 1, 100))),
    }


def test_a_pad_sounds_exactly_one_period_later(
    jackd: JackServer, shelf: Shelf, opened: Callable[..., Host], make_engine: Callable[..., Engine]
) -> None:
    stage, pads = Stage(opened("jack", midi="none"), make_engine()), shelf.plug("pads")
    assert stage.join(pads) == 1
    before = int(stage.engine.state.midi.port_events[1])
    exactly_one_period(stage.engine, 12, jackd.period_frames, jackd.sample_rate_hz, "controller_1_in")
    assert stage.engine.state.midi.port_events[1] - before >= 36
    assert stage.engine.state.midi.port_events[0] == 0
    times_s = [heard.time_s for heard in stage.heard() if heard.data[0] == 0x90]
    assert len(times_s) >= 12 and times_s == sorted(times_s)
    assert abs(times_s[-1] - float(stage.engine.state.host_time_s)) < 60.0, "on the clock of time.monotonic()"


def test_sysex_goes_both_ways_whole_and_in_order(stage: Stage, shelf: Shelf) -> None:
    pads = shelf.plug("pads")
    slot = stage.join(pads)
    told = [IDENTITY_REQUEST, LONG_SYSEX, bytes((0x90, 11, 5)), bytes((0xC0, 3)), LONG_SYSEX]
    counters = stage.engine.state.counters
    for _ in range(5):  # what is written in a period that the machine loses is lost with it
        before = int(counters.underflows)
        pads.told.clear()
        assert all(stage.seats.send(slot, data) for data in told)
        if eventually(lambda: pads.listen() == told, give_up_s=2.0) or counters.underflows == before:
            break
    assert pads.told == told
    events = int(stage.engine.state.midi.events)
    pads.say(*LONG_SYSEX)
    pads.say(0xB0, 21, 64)
    pads.say(*IDENTITY_REQUEST)
    assert eventually(lambda: [h.data for h in stage.heard()] == [LONG_SYSEX, bytes((0xB0, 21, 64)), IDENTITY_REQUEST])
    assert eventually(lambda: stage.engine.state.midi.events == events + 1), "SysEx is not for the decoder"
    assert not +stage.seats.lost


def test_what_is_too_long_is_counted_either_way(stage: Stage, shelf: Shelf) -> None:
    pads = shelf.plug("pads")
    slot = stage.join(pads)
    assert not stage.seats.send(slot, bytes((0xF0, *[0] * (LONGEST_BYTES - 1), 0xF7)))
    assert not stage.seats.send(slot + 1, IDENTITY_REQUEST)
    pads.say(0xF0, *[0] * (LONGEST_BYTES - 1), 0xF7)
    assert eventually(lambda: stage.seats.lost == {"too long": 1, "nobody": 1, "too long in": 1})
    assert stage.heard() == [] and pads.listen() == []


def test_a_full_lane_refuses_and_is_emptied(stage: Stage, shelf: Shelf) -> None:
    pads = shelf.plug("pads")
    slot = stage.join(pads)
    sent = 0
    while stage.seats.send(slot, LONG_SYSEX):
        sent += 1
        assert sent < 100_000
    assert stage.seats.lost == {"full": 1}
    assert eventually(lambda: len(pads.listen()) == sent)
    assert set(pads.told) == {LONG_SYSEX}
    assert stage.seats.send(slot, IDENTITY_REQUEST)


FLOOD, CALLS = int(FLOOD_HZ), int(FLOOD_HZ) // 100


def flood(stage: Stage, noisy: Device, calm: Device, times: int) -> None:
    """As much as is allowed in a second, as fast as it goes, from one; notes from the other. `times` : this one's."""
    release = bytes((0x80, NOTE, 0))
    noisy.say(0x90, NOTE, 100)
    for index in range(FLOOD):
        noisy.say(0xB0, 21, index % 128)
        if index % 100 == 0:
            calm.say(0x90, NOTE + 1, 1 + index // 100)
            calm.say(0x80, NOTE + 1, 0)
            stage.heard()
    noisy.say(*release)
    events = stage.engine.state.midi.port_events
    assert eventually(lambda: [heard.data for heard in stage.heard() if heard.slot == 1].count(release) == times)
    assert eventually(lambda: events[2] == times * 2 * CALLS and stage.held_by(1) == 0)
    assert events[1] + stage.seats.lost["flood"] == times * (FLOOD + 2)


def test_who_floods_is_heard_less_and_the_others_as_before(stage: Stage, shelf: Shelf) -> None:
    """Some of it is shed, but no release, and the sound keeps its time."""
    noisy, calm = shelf.plug("pads"), shelf.plug("pads 2")
    stage.join(noisy)
    stage.join(calm)
    counters, lost_periods = stage.engine.state.counters, -1
    for times in range(1, 6):  # a machine that is busy elsewhere loses periods too
        before = int(counters.underflows)
        flood(stage, noisy, calm, times)
        lost_periods = int(counters.underflows) - before
        if lost_periods == 0:
            break
    assert stage.seats.lost["flood"] > 0
    assert (counters.dropped_commands, lost_periods) == (0, 0)


def test_who_vanishes_is_let_go_alone_and_comes_back_to_the_same_slot(stage: Stage, shelf: Shelf) -> None:
    one, two = shelf.plug("pads"), shelf.plug("pads 2")
    stage.join(one)
    stage.join(two)
    one.say(0x90, NOTE, 100)
    two.say(0x90, NOTE + 1, 100)
    assert eventually(lambda: [stage.held_by(slot) for slot in (1, 2)] == [1, 1])
    one.unplug()
    assert eventually(lambda: stage.seats.joined() == {2: two.source})
    assert eventually(lambda: [stage.held_by(slot) for slot in (1, 2)] == [0, 1])
    assert not stage.seats.send(1, IDENTITY_REQUEST)
    with pytest.raises(DeviceError, match=r"no MIDI source 'pads:out'.*'pads 2:out'"):
        stage.seats.join(one.source, None)
    shelf.plug("other")
    again = shelf.plug("pads")
    assert stage.seats.joined() == {2: two.source}, "it is for others to say that it is the same device"
    assert stage.join(again) == 1
    assert stage.seats.send(1, IDENTITY_REQUEST)
    assert eventually(lambda: again.listen() == [IDENTITY_REQUEST])


def test_a_sink_that_comes_back_is_told_again_but_not_one_undone_by_hand(stage: Stage, shelf: Shelf) -> None:
    pads, ear = shelf.plug("pads"), shelf.plug("ear")
    assert eventually(lambda: pads.source in stage.seats.inputs() and ear.sink in stage.seats.outputs())
    slot = stage.seats.join(pads.source, ear.sink)
    ear.unplug()
    assert eventually(lambda: not stage.seats.send(slot, IDENTITY_REQUEST))
    again = shelf.plug("ear")
    assert eventually(lambda: stage.seats.send(slot, IDENTITY_REQUEST))
    assert eventually(lambda: again.listen() == [IDENTITY_REQUEST])
    watcher = jack.Client("watcher", no_start_server=True)
    try:
        watcher.disconnect("weaver:controller_1_out", again.sink)
        assert eventually(lambda: not stage.seats.send(slot, IDENTITY_REQUEST))
        shelf.plug("other")
        assert eventually(lambda: "other:out" in connections("weaver:midi_in")), "the host has looked again"
        assert not stage.seats.send(slot, IDENTITY_REQUEST)
    finally:
        watcher.close()
    assert stage.join(pads) == slot
    assert stage.seats.send(slot, IDENTITY_REQUEST)


def test_who_parts_was_told_everything(stage: Stage, shelf: Shelf) -> None:
    pads = shelf.plug("pads")
    slot = stage.join(pads)
    pads.say(0x90, NOTE, 100)
    assert eventually(lambda: stage.held_by(slot) == 1)
    sent = [bytes((0x90, note, 0)) for note in range(64)]
    assert all(stage.seats.send(slot, data) for data in sent)
    stage.seats.part(slot)
    assert stage.seats.joined() == {}
    assert connections("weaver:controller_1_in") == connections("weaver:controller_1_out") == set()
    assert eventually(lambda: pads.listen() == sent)
    assert eventually(lambda: stage.held_by(slot) == 0)
    stage.seats.part(slot)
    assert stage.join(pads) == slot


def test_who_was_merged_is_no_more_once_joined(stage: Stage, shelf: Shelf) -> None:
    box = shelf.plug("box")
    assert eventually(lambda: connections("weaver:midi_in") == {box.source})
    box.say(0x90, NOTE, 100)
    assert eventually(lambda: stage.held_by(0) == 1)
    slot = stage.join(box)
    assert connections("weaver:midi_in") == set()
    assert eventually(lambda: stage.held_by(0) == 0)
    box.say(0x90, NOTE, 100)
    assert eventually(lambda: stage.held_by(slot) == 1)


def test_fourteen_slots_go_round(stage: Stage, shelf: Shelf) -> None:
    devices = [shelf.plug(f"pads {number}") for number in range(15)]
    assert [stage.join(device) for device in devices[:14]] == list(range(1, 15))
    with pytest.raises(DeviceError, match="all 14"):
        stage.join(devices[14])
    stage.seats.part(5)
    stage.seats.part(3)
    assert stage.join(devices[14]) == 5, "who left first is forgotten first"
    assert connections("weaver:controller_5_in") == {devices[14].source}


def test_a_port_that_goes_while_it_is_listed_is_no_trouble(
    jackd: JackServer, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """JACK-Client looks up every name that it lists: an exception there would end the host's watch."""
    pads = shelf.plug("pads")
    client = jack.Client("watcher", no_start_server=True)
    try:
        own = client.midi_inports.register("in")
        client.activate()
        assert connected(client, pads.source, own)
        real = client.get_port_by_name

        def gone(name: str) -> jack.Port:
            if name == pads.source:
                raise jack.JackError(f"Port {name!r} not available")
            return real(name)

        monkeypatch.setattr(client, "get_port_by_name", gone)
        with pytest.raises(jack.JackError):
            client.get_ports()
        assert pads.source in port_names(client)
        assert pads.source not in known_as(client, MIDI_TYPE, OUTPUT)
        assert pads.sink in known_as(client, MIDI_TYPE, INPUT)
        assert joined_to(client, own) == {pads.source}
    finally:
        client.close()


@contextmanager
def bare_ports(*names: str) -> Iterator[None]:
    """Sources with nothing behind them, of clients that may be closed when their server is gone: RtMidi's may not."""
    clients = [jack.Client(name, no_start_server=True) for name in names]
    for client in clients:
        client.midi_outports.register("out")
        client.set_process_callback(lambda frames: None)  # the graph would wait for ever for who has none
        client.activate()
    yield
    for client in clients:
        client.close()


def test_seats_outlive_the_server(
    opened: Callable[..., Host], make_engine: Callable[..., Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervised, "RETRY_S", 0.2)
    with jack_server() as server:
        stage = Stage(opened("jack", midi="none"), make_engine())
        seats = stage.seats
        with bare_ports("pads"):
            with bare_ports("gone"):
                assert eventually(lambda: len(seats.inputs()) >= 2)
                assert (seats.join("gone:out", None), seats.join("pads:out", None)) == (1, 2)
            assert eventually(lambda: seats.joined() == {2: "pads:out"})
            stage.engine.midi((0x90, NOTE, 100), 2)
            assert eventually(lambda: stage.held_by(2) == 1)
            # killed outright it would keep one of the eight places that this machine has for servers
            os.kill(server.pid, signal.SIGTERM)
            assert eventually(lambda: not stage.host.status().running)
        assert eventually(lambda: stage.held_by(2) == 0)
        assert seats.joined() == {} and seats.inputs() == {} and not seats.send(2, IDENTITY_REQUEST)
        with pytest.raises(DeviceError, match="no JACK server"):
            seats.join("pads:out", None)
    with jack_server() as server, environment(JACK_DEFAULT_SERVER=server.name), Shelf() as shelf:
        assert eventually(lambda: stage.host.status().running)
        gone, pads = shelf.plug("gone"), shelf.plug("pads")
        assert eventually(lambda: seats.joined() == {2: pads.source}), "whoever was joined is so again"
        assert stage.join(pads) == 2, "which may be said again, now with a sink"
        assert seats.send(2, IDENTITY_REQUEST)
        assert eventually(lambda: pads.listen() == [IDENTITY_REQUEST])
        pads.say(0x90, NOTE, 100)
        assert eventually(lambda: stage.held_by(2) == 1)
        assert stage.join(gone) == 1
        stage.host.stop()
        assert seats.joined() == {}


def test_hosts_without_midi_have_no_seats(opened: Callable[..., Host]) -> None:
    seats: Wires | None = opened("silent").seats
    assert seats is None
