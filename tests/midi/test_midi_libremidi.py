"""pylibremidi behind the same protocol, with python-rtmidi at the other end of the wire.

Its wheels for Linux reach neither ALSA's sequencer in a container nor a current JACK server; with the
system's libjack loaded first the second works, in a child process.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from support.eventually import eventually
from support.jack import JackServer, settle
from support.remote import Remote, remote

from weaver.midi.inputs import DAW_SLOT, FIRST_SLOT
from weaver.midi.ports import Backend, best_backend

pytest.importorskip("rtmidi")
pytest.importorskip("pylibremidi")

NOTE_ON, NOTE_OFF = "903c64", "803c00"


@pytest.fixture
def child(jackd: JackServer) -> Iterator[Remote]:
    with remote("libremidi_child") as made:
        yield made


@pytest.fixture
def peer(jackd: JackServer) -> Iterator[Backend]:
    backend = best_backend("rtmidi-jack", "peer")
    backend.inputs()  # the client that lists comes first, so that a device that returns gets its old name
    yield backend
    backend.close()


def test_it_lists_and_hears_a_real_device(child: Remote, peer: Backend) -> None:
    device = peer.open_virtual_output("pads")
    assert eventually(lambda: child.inputs() == [port.name for port in peer.inputs()] != [])
    child.listen("pads")
    settle()
    sent = [NOTE_ON, "f8", "fe", "f0" + "7e7f0601" * 20 + "f7", "c005", "e00040", NOTE_OFF]
    before_s = time.monotonic()
    for data in sent:
        device.send(bytes.fromhex(data))
    assert eventually(lambda: len(child.heard()) == len(sent))
    assert child.heard() == [[FIRST_SLOT, data] for data in sent]
    times_s = child.times()
    assert times_s == sorted(times_s)
    assert before_s <= times_s[0] and times_s[-1] <= time.monotonic()
    device.close()


def test_its_virtual_output_is_heard_and_refuses_after_closing(child: Remote, peer: Backend) -> None:
    child.make("sparks")
    [name] = [port.name for port in peer.inputs() if "sparks" in port.name]
    heard = peer.open_input(name)
    settle()
    assert child.send("sparks", NOTE_ON) == ""
    got = []
    assert eventually(lambda: got.append(heard.receive()) or got[-1])
    assert got[-1].data.hex() == NOTE_ON
    assert "empty" in child.send("sparks", "")
    child.shut("sparks")
    assert "is closed" in child.send("sparks", NOTE_ON)
    heard.close()


def test_it_sends_to_a_port_by_name(child: Remote, peer: Backend) -> None:
    listener = peer.open_virtual_input("listener")
    assert eventually(lambda: any("listener" in name for name in child.outputs()))
    [name] = [name for name in child.outputs() if "listener" in name]
    child.open(name)
    settle()
    assert child.send(name, NOTE_ON) == ""
    got = []
    assert eventually(lambda: got.append(listener.receive()) or got[-1])
    assert got[-1].data.hex() == NOTE_ON
    listener.close()


def test_a_device_goes_and_returns_into_its_slot(child: Remote, peer: Backend) -> None:
    child.listen("auto")
    device = peer.open_virtual_output("pads")
    assert eventually(lambda: [name for name, there in child.connected().items() if there and "pads" in name])
    [name] = [name for name in child.connected() if "pads" in name]
    device.close()
    assert eventually(lambda: child.vanished() == [[FIRST_SLOT, name]])
    again = peer.open_virtual_output("pads")
    assert eventually(lambda: child.connected()[name])
    settle()
    again.send(bytes.fromhex(NOTE_ON))
    assert eventually(lambda: child.heard() == [[FIRST_SLOT, NOTE_ON]])
    again.close()


def test_a_cable_put_straight_back_between_two_looks_is_noticed(child: Remote, peer: Backend) -> None:
    """The name never leaves the list that a poll sees; the library's observer tells of it all the same."""
    device = peer.open_virtual_output("pads")
    assert eventually(lambda: child.inputs() == ["peer-01:pads"])
    first = child.identity("pads")
    device.close()
    assert eventually(lambda: not any("pads" in port.name for port in peer.inputs()))
    again = peer.open_virtual_output("pads")
    assert eventually(lambda: child.identity("pads") not in ("", first))
    assert child.inputs() == ["peer-01:pads"]
    again.close()


def test_its_virtual_input_is_played_by_others(child: Remote, peer: Backend) -> None:
    child.listen("auto")
    assert eventually(lambda: any("weaver midi_in" in port.name for port in peer.outputs()))
    [name] = [port.name for port in peer.outputs() if "weaver midi_in" in port.name]
    output = peer.open_output(name)
    settle()
    output.send(bytes.fromhex(NOTE_ON))
    assert eventually(lambda: child.heard() == [[DAW_SLOT, NOTE_ON]])
    output.close()
