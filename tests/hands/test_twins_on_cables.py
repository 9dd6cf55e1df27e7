"""Twins on cables: real ports on a JACK server, sockets behind serialosc."""

from __future__ import annotations

import socket
import time

import pytest
from support.eventually import eventually
from support.jack import JackServer
from support.twins import (
    ApcMiniMk2,
    LaunchpadX,
)
from support.twins.monome import HOST, Monome, SerialOsc
from support.twins.osc import Value, pack, unpack
from support.twins.plug import plugged
from support.twins.twin import IDENTITY_REQUEST

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def b(text: str) -> bytes:
    return bytes.fromhex(text)


class Listener:
    """An OSC client of serialosc."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((HOST, 0))
        self._socket.settimeout(2.0)
        self.port = self._socket.getsockname()[1]

    def send(self, port: int, address: str, *values: Value) -> None:
        self._socket.sendto(pack(address, *values), (HOST, port))

    def receive(self) -> tuple[str, list[Value]]:
        return unpack(self._socket.recv(4096))

    def close(self) -> None:
        self._socket.close()


def test_monome_is_found_told_and_heard_and_notices_come_but_once() -> None:
    grid, old, me = Monome("m1000001"), Monome("mk64-001", 8, 8), Listener()
    with SerialOsc(grid, old) as daemon:
        me.send(daemon.port, "/serialosc/list", HOST, me.port)
        assert me.receive() == ("/serialosc/device", ["m1000001", "monome 128", grid.port])
        assert me.receive()[1][0] == "mk64-001"
        me.send(grid.port, "/sys/port", me.port)
        me.send(grid.port, "/sys/prefix", "/spheres")
        me.send(grid.port, "/sys/info", me.port)
        told = dict(me.receive() for _ in range(6))
        assert told["/sys/size"] == [16, 8] and told["/sys/prefix"] == ["/spheres"]
        grid.press(2, 0)
        assert me.receive() == ("/spheres/grid/key", [2, 7, 1])
        me.send(grid.port, "/spheres/grid/led/level/set", 2, 7, 9)
        me.send(grid.port, "/spheres/grid/led/level/map", 8, 0, *range(8), *[0] * 56)
        me.send(grid.port, "/spheres/grid/led/level/map", 3, 0, *[15] * 64)
        me.send(grid.port, "/spheres/grid/led/row", 0, 1, 0b101)
        assert eventually(lambda: grid.level(2, 6) == 15)
        assert grid.level(2, 0) == 9 and grid.level(15, 7) == 7 and grid.level(1, 6) == 0 and grid.level(3, 7) == 0
        me.send(old.port, "/monome/grid/led/level/all", 7)
        me.send(old.port, "/monome/grid/led/level/set", 0, 0, 8)
        assert eventually(lambda: old.lights == {(0, 7): (255, 200, 120)})
        me.send(daemon.port, "/serialosc/notify", HOST, me.port)
        assert eventually(lambda: daemon._waiting)
        daemon.pull(grid)
        assert sorted(me.receive()[0] for _ in range(2)) == ["/serialosc/remove", "/sys/disconnect"]
        daemon.put_back(grid)
        me.send(daemon.port, "/serialosc/list", HOST, me.port)
        assert [me.receive()[0] for _ in range(2)] == ["/serialosc/device"] * 2
        assert grid.lights == {}
    me.close()


def test_twins_answer_at_real_ports_two_alike_at_once_and_come_back(jackd: JackServer) -> None:
    import jack

    look = jack.Client("weaver-look")
    rtmidi = pytest.importorskip("rtmidi")
    host_out = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name="weaver-host")
    host_in = rtmidi.MidiIn(rtmidi.API_UNIX_JACK, name="weaver-host")
    try:
        host_out.open_virtual_port("out")
        host_in.ignore_types(sysex=False)
        host_in.open_virtual_port("in")
        with plugged(LaunchpadX(), LaunchpadX(), ApcMiniMk2(), naming="device") as (first, second, apc):
            sources = [port.name for port in look.get_ports("Launchpad X.*MIDI 2", is_midi=True, is_output=True)]
            sinks = [port.name for port in look.get_ports("Launchpad X.*MIDI 2", is_midi=True, is_input=True)]
            assert len(sources) == len(sinks) == 2
            assert look.get_ports("APC mini mk2 Control") and look.get_ports("APC mini mk2 Notes")
            look.connect("weaver-host:out", sinks[1])
            look.connect(sources[1], "weaver-host-01:in")
            answers: list[bytes] = []

            def answered() -> bool:
                host_out.send_message(list(IDENTITY_REQUEST))
                time.sleep(0.03)
                while (got := host_in.get_message()) is not None:
                    answers.append(bytes(got[0]))
                return bool(answers)

            assert eventually(answered)
            assert answers[0] == second.twin.identity and not first.heard()
            host_out.send_message(list(b("F0 00 20 29 02 0C 0E 01 F7")))
            host_out.send_message([0x90, 0x0B, 5])
            assert eventually(lambda: second.light(0, 0) == RED)
            apc.pull()
            assert not look.get_ports("APC mini mk2") and second.mode == "programmer"
            apc.put_back()
            assert look.get_ports("APC mini mk2 Control")
            second.reboot(0.0)
            assert second.mode == "live" and second.lights() == {}
    finally:
        host_out.delete()
        host_in.delete()
        look.close()


@pytest.mark.parametrize(("naming", "client"), [("a2j", "a2j"), ("pipewire", "Midi-Bridge")])
def test_ports_are_named_as_bridges_from_alsa_name_them(jackd: JackServer, naming: str, client: str) -> None:
    import jack

    look = jack.Client("weaver-look")
    try:
        with plugged(LaunchpadX(), naming=naming):  # type: ignore[arg-type]
            names = [port.name for port in look.get_ports("Launchpad X MIDI 2", is_midi=True)]
            assert len(names) == 2 and all(name.startswith(client) and "Launchpad X" in name for name in names)
    finally:
        look.close()


def test_a_flood_is_as_much_as_it_says(jackd: JackServer) -> None:
    with plugged(LaunchpadX()) as (plug,):
        assert plug.flood(5000, 0.2) == pytest.approx(1000, abs=30)
