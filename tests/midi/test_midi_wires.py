"""Controllers on a system's MIDI, against real ports on a JACK server that stands in for ALSA's."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from support.devices import Device, Shelf
from support.eventually import GIVE_UP_S, eventually
from support.jack import JackServer, settle

from weaver.midi.errands import Errands
from weaver.midi.inputs import FIRST_SLOT, MidiInputs
from weaver.midi.news import MidiIn
from weaver.midi.outlet import MOST_WAITING
from weaver.midi.ports import OutputPort, best_backend
from weaver.midi.wires import MOST_HEARD, MidiWires
from weaver.model.errors import DeviceError
from weaver.model.wires import LONGEST_BYTES, Heard

pytest.importorskip("rtmidi")

IDENTITY_REQUEST = bytes((0xF0, 0x7E, 0x7F, 0x06, 0x01, 0xF7))
LONG_SYSEX = bytes((0xF0, *(index % 128 for index in range(398)), 0xF7))
NOTE = bytes((0x90, 60, 100))
SOON_S = 0.02


class Stage:
    """Inputs that listen to all but what is ignored, wires over them, and devices to plug in."""

    def __init__(self, shelf: Shelf, wanted: str = "auto") -> None:
        self.plug = shelf.plug
        self.backend = best_backend("rtmidi-jack", "weaver")
        self.sounded: list[MidiIn] = []
        self.let_go: list[int] = []
        self.said: list[Heard] = []
        self.inputs = MidiInputs(
            self.backend,
            wanted,
            self.sounded.append,
            on_vanished=lambda port, name: self.let_go.append(port),
            look_s=SOON_S,
            ignored=lambda name: "daw" in name,
        )
        self.wires = MidiWires(self.inputs, self.let_go.append)

    def join(self, device: Device) -> int:
        wires = self.wires
        assert eventually(lambda: device.source in wires.inputs() and device.sink in wires.outputs())
        slot = wires.join(device.source, device.sink)
        settle()
        return slot

    def heard(self) -> list[tuple[int, bytes]]:
        self.said += self.wires.heard()
        return [(heard.slot, heard.data) for heard in self.said]

    def close(self) -> None:
        self.wires.close()
        self.inputs.close()
        self.backend.close()


@pytest.fixture
def shelf(jackd: JackServer) -> Iterator[Shelf]:
    with Shelf() as made:
        yield made


@pytest.fixture
def stage(shelf: Shelf) -> Iterator[Stage]:
    made = Stage(shelf)
    yield made
    made.close()


def test_joined_controllers_are_heard_beside_the_sink_and_told(stage: Stage) -> None:
    one, two, keys = stage.plug("pads"), stage.plug("pads 2"), stage.plug("keys")
    slots = stage.join(one), stage.join(two)
    assert stage.wires.joined() == {slots[0]: one.source, slots[1]: two.source} and len(set(slots)) == 2
    assert eventually(lambda: keys.source in stage.wires.inputs())
    assert not any("weaver" in name for name in [*stage.wires.inputs(), *stage.wires.outputs()])
    settle()
    for device in (one, two, keys):
        device.say(*NOTE)
    one.say(*LONG_SYSEX)
    assert eventually(lambda: len(stage.heard()) == 3 and len(stage.sounded) == 4)
    assert sorted(stage.heard()) == sorted([(slots[0], NOTE), (slots[0], LONG_SYSEX), (slots[1], NOTE)])
    assert [heard.time_s for heard in stage.said] == sorted(heard.time_s for heard in stage.said)
    told = [IDENTITY_REQUEST, LONG_SYSEX, bytes((0x90, 11, 5)), LONG_SYSEX]
    assert all(stage.wires.send(slots[0], data) for data in told)
    assert stage.wires.send(slots[1], IDENTITY_REQUEST)
    assert eventually(lambda: one.listen() == told and two.listen() == [IDENTITY_REQUEST])
    assert not +stage.wires.lost and not stage.inputs.errors


def test_who_vanishes_has_to_join_again_and_has_the_same_slot(stage: Stage) -> None:
    one, two = stage.plug("pads"), stage.plug("pads 2")
    slots = stage.join(one), stage.join(two)
    one.unplug()
    assert eventually(lambda: stage.wires.joined() == {slots[1]: two.source})
    assert eventually(lambda: stage.let_go == [slots[0]])
    assert not stage.wires.send(slots[0], NOTE)
    with pytest.raises(DeviceError, match=r"no open MIDI input 'pads:out'.*'pads 2:out'"):
        stage.wires.join(one.source, None)
    again = stage.plug("pads")
    assert stage.join(again) == slots[0]
    assert stage.wires.send(slots[0], NOTE)
    assert eventually(lambda: again.listen() == [NOTE])


def test_a_sink_that_comes_back_is_told_again(stage: Stage) -> None:
    pads, ear = stage.plug("pads"), stage.plug("ear")
    assert eventually(lambda: pads.source in stage.wires.inputs() and ear.sink in stage.wires.outputs())
    slot = stage.wires.join(pads.source, ear.sink)
    ear.unplug()
    assert eventually(lambda: not stage.wires.send(slot, NOTE))
    again = stage.plug("ear")
    assert eventually(lambda: stage.wires.send(slot, IDENTITY_REQUEST))
    assert eventually(lambda: again.listen() == [IDENTITY_REQUEST])
    assert stage.wires.joined() == {slot: pads.source}


def test_who_parts_was_told_everything_and_is_let_go(stage: Stage) -> None:
    pads = stage.plug("pads")
    slot = stage.join(pads)
    sent = [bytes((0x90, note, 0)) for note in range(64)]
    assert all(stage.wires.send(slot, data) for data in sent)
    stage.wires.part(slot)
    assert (stage.wires.joined(), stage.let_go) == ({}, [slot])
    assert eventually(lambda: pads.listen() == sent)
    pads.say(*NOTE)
    assert eventually(lambda: len(stage.sounded) == 1), "it still sounds"
    assert stage.heard() == []
    stage.wires.part(slot)
    assert stage.join(pads) == slot


def test_what_is_ignored_is_not_opened_unless_named(shelf: Shelf, stage: Stage) -> None:
    daw, pads = stage.plug("daw"), stage.plug("pads")
    stage.join(pads)
    assert daw.source not in stage.wires.inputs()
    named = Stage(shelf, "daw")
    assert eventually(lambda: daw.source in named.wires.inputs())
    named.close()


def test_a_sink_that_is_not_there_cannot_be_joined(stage: Stage) -> None:
    pads = stage.plug("pads")
    stage.join(pads)
    stage.wires.part(FIRST_SLOT)
    with pytest.raises(DeviceError, match="no MIDI output 'elsewhere'"):
        stage.wires.join(pads.source, "elsewhere")
    assert stage.wires.joined() == {}


def test_who_is_not_asked_for_loses_and_says_so(stage: Stage) -> None:
    pads = stage.plug("pads")
    slot = stage.join(pads)
    pads.say(0xF0, *[0] * (LONGEST_BYTES - 1), 0xF7)
    for _ in range(MOST_HEARD + 5):
        pads.say(*NOTE)
    assert not stage.wires.send(slot, bytes((0xF0, *[0] * (LONGEST_BYTES - 1), 0xF7)))
    assert not stage.wires.send(slot, b"")
    assert eventually(lambda: stage.wires.lost == {"too long in": 1, "not heard": 5, "too long": 2})
    assert len(stage.heard()) == MOST_HEARD
    assert eventually(lambda: len(stage.sounded) == MOST_HEARD + 6), "all of it sounds"


class Stuck:
    """An output whose driver does not return, until it is allowed to and then fails."""

    name = "stuck"

    def __init__(self, real: OutputPort) -> None:
        self.free = threading.Event()
        self._real = real

    def send(self, data: bytes) -> None:
        self.free.wait(GIVE_UP_S)
        raise DeviceError("gone")

    def close(self) -> None:
        self._real.close()


def test_a_driver_that_hangs_holds_up_nobody(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    pads, other = stage.plug("pads"), stage.plug("pads 2")
    stuck: list[Stuck] = []
    real = stage.backend.open_output

    def open_output(name: str) -> Any:
        if name != pads.sink:
            return real(name)
        stuck.append(Stuck(real(name)))
        return stuck[-1]

    monkeypatch.setattr(stage.backend, "open_output", open_output)
    bad, good = stage.join(pads), stage.join(other)
    sent = 0
    while stage.wires.send(bad, NOTE):
        sent += 1
        assert sent <= MOST_WAITING + 1
    assert sent >= MOST_WAITING and stage.wires.lost == {"full": 1}
    assert stage.wires.send(good, NOTE)
    assert eventually(lambda: other.listen() == [NOTE])
    pads.say(*NOTE)
    assert eventually(lambda: stage.heard() == [(bad, NOTE)])
    stuck[0].free.set()
    assert eventually(lambda: stage.wires.lost == {"full": 1, "refused": sent})


def test_nothing_is_joined_once_the_inputs_are_closed(stage: Stage) -> None:
    pads = stage.plug("pads")
    stage.join(pads)
    stage.close()
    assert stage.wires.joined() == {}
    with pytest.raises(DeviceError, match="closed"):
        stage.wires.join(pads.source, None)


def test_an_errand_is_told_what_went_wrong() -> None:
    errands, over = Errands(), threading.Event()

    def owner() -> None:
        while not over.wait(0.001):
            errands.run()

    thread = threading.Thread(target=owner)
    thread.start()
    assert errands.ask(threading.get_ident) == thread.ident
    with pytest.raises(ZeroDivisionError):
        errands.ask(lambda: 1 / 0)
    over.set()
    thread.join()
    errands.close()
    with pytest.raises(DeviceError, match="closed"):
        errands.ask(threading.get_ident)
