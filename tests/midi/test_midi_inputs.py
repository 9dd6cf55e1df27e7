"""The inputs of a running instrument, against real ports on a JACK server that stands in for ALSA's."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from support.eventually import GIVE_UP_S, eventually
from support.jack import JackServer, settle

from weaver.engine.midi_out import DAW_PORTS
from weaver.midi.inputs import DAW_SLOT, FIRST_SLOT, MidiInputs
from weaver.midi.news import MidiIn
from weaver.midi.ports import Backend, OutputPort, best_backend
from weaver.model.errors import DeviceError

pytest.importorskip("rtmidi")

NOTE_ON, NOTE_OFF = bytes((0x90, 60, 100)), bytes((0x80, 60, 0))
SOON_S = 0.02
"""Between two looks at the port list, so that the tests need not wait for the player's half second."""


class Bench:
    """Devices to plug in and out, and an instrument's inputs that listen."""

    def __init__(self) -> None:
        self.heard: list[MidiIn] = []
        self.vanished: list[tuple[int, str]] = []
        self._owned: list[Any] = []

    def backend(self, client_name: str) -> Backend:
        return self._own(best_backend("rtmidi-jack", client_name))

    def plug(self, client_name: str, port: str = "out") -> OutputPort:
        """A device: an output of its own that others see as "client:port"."""
        return self._own(self.backend(client_name).open_virtual_output(port))

    def listen(self, wanted: str | list[str], sink: Callable[[MidiIn], None] | None = None, **more: Any) -> MidiInputs:
        inputs: MidiInputs = self._own(
            MidiInputs(
                self.backend("weaver"),
                wanted,
                sink or self.heard.append,
                on_vanished=more.pop("on_vanished", lambda port, name: self.vanished.append((port, name))),
                look_s=SOON_S,
                **more,
            )
        )
        settle()
        return inputs

    def close(self) -> None:
        while self._owned:
            self._owned.pop().close()

    def _own(self, thing: Any) -> Any:
        self._owned.append(thing)
        return thing


@pytest.fixture
def bench(jackd: JackServer) -> Iterator[Bench]:
    made = Bench()
    yield made
    made.close()


def connected(inputs: MidiInputs) -> dict[str, int]:
    return {slot.name: slot.port for slot in inputs.status() if slot.connected}


def test_hardware_sits_between_the_ports_by_which_daws_play() -> None:
    assert (FIRST_SLOT - 1, DAW_SLOT) == DAW_PORTS


def test_messages_arrive_whole_in_order_and_with_their_time(bench: Bench) -> None:
    device = bench.plug("pads")
    inputs = bench.listen("auto")
    sysex = bytes((0xF0, *range(100), 0xF7))
    sent = [NOTE_ON, b"\xf8", b"\xfe", sysex, b"\xc0\x05", b"\xe0\x00\x40", NOTE_OFF]
    before_s = time.monotonic()
    for data in sent:
        device.send(data)
    assert eventually(lambda: len(bench.heard) == len(sent))
    assert [event.data for event in bench.heard] == sent
    times_s = [event.time_s for event in bench.heard]
    assert before_s <= times_s[0] and times_s[-1] <= time.monotonic()
    assert times_s == sorted(times_s)
    [pads] = [slot for slot in inputs.status() if slot.name == "pads:out"]
    assert (pads.port, pads.connected, pads.messages, pads.last_s) == (FIRST_SLOT, True, len(sent), times_s[-1])
    assert {event.port for event in bench.heard} == {FIRST_SLOT}
    assert not inputs.errors


def test_events_are_on_the_clock_that_was_given(bench: Bench) -> None:
    device = bench.plug("pads")
    bench.listen("auto", clock=lambda: time.monotonic() + 5000.0)
    device.send(NOTE_ON)
    assert eventually(lambda: bench.heard)
    assert bench.heard[0].time_s > time.monotonic() + 4000.0


def test_a_reader_held_up_does_not_lose_when_a_message_came(bench: Bench) -> None:
    """Read at one moment, sent 50 ms apart: the driver's stamps keep them apart (a JACK period is 5.3 ms)."""
    held = threading.Event()

    def sink(event: MidiIn) -> None:
        held.wait(GIVE_UP_S)
        bench.heard.append(event)

    device = bench.plug("pads")
    bench.listen("auto", sink=sink)
    witness = bench.backend("look").open_input("pads:out")
    settle()
    for _ in range(3):
        device.send(NOTE_ON)
        assert eventually(lambda: witness.receive() is not None)
        time.sleep(0.05)
    held.set()
    assert eventually(lambda: len(bench.heard) == 3)
    assert bench.heard[2].time_s - bench.heard[1].time_s > 0.04
    witness.close()


def test_a_device_that_comes_goes_and_returns_keeps_its_slot(bench: Bench) -> None:
    first = bench.plug("first")
    inputs = bench.listen("auto")
    second = bench.plug("second")
    assert eventually(lambda: "second:out" in connected(inputs))
    slots = connected(inputs)
    assert (slots["first:out"], slots["second:out"]) == (FIRST_SLOT, FIRST_SLOT + 1)

    first.close()
    assert eventually(lambda: bench.vanished == [(FIRST_SLOT, "first:out")])
    assert [slot.connected for slot in inputs.status() if slot.name == "first:out"] == [False]
    settle()
    second.send(NOTE_ON)
    assert eventually(
        lambda: bench.heard and bench.heard[-1] == MidiIn(FIRST_SLOT + 1, NOTE_ON, bench.heard[-1].time_s)
    )

    again = bench.plug("first")
    assert eventually(lambda: "first:out" in connected(inputs))
    settle()
    again.send(NOTE_OFF)
    assert eventually(lambda: (bench.heard[-1].port, bench.heard[-1].data) == (FIRST_SLOT, NOTE_OFF))


def test_what_a_device_sent_before_it_went_comes_before_its_going(bench: Bench) -> None:
    """The first note holds the reader up until the device, and 600 notes of it, are history."""
    story: list[str] = []
    history = threading.Event()

    def sink(event: MidiIn) -> None:
        history.wait(GIVE_UP_S)
        story.append("note")

    device = bench.plug("pads")
    bench.listen("auto", sink=sink, on_vanished=lambda port, name: story.append("gone"))
    look = bench.backend("look")
    witness = look.open_input("pads:out")
    settle()
    for _ in range(600):
        device.send(NOTE_ON)
    for _ in range(600):
        assert eventually(lambda: witness.receive() is not None)
    device.close()
    assert eventually(lambda: "pads:out" not in [port.name for port in look.inputs()])
    history.set()
    assert eventually(lambda: "gone" in story)
    assert story == ["note"] * 600 + ["gone"]
    witness.close()


def test_exact_wins_over_partial_and_the_rest_stays_shut(bench: Bench) -> None:
    bench.plug("pads", "Port 10")
    bench.plug("pads", "Port 1")
    device = bench.plug("solo")
    names = [port.name for port in bench.backend("look").inputs()]
    exact = next(name for name in names if name.endswith("Port 1"))
    inputs = bench.listen([exact, "SOLO"])
    assert set(connected(inputs)) == {exact, "solo:out", "weaver:midi_in"}
    device.send(NOTE_ON)
    assert eventually(lambda: bench.heard)


def test_a_word_that_means_several_refuses_to_start(bench: Bench) -> None:
    bench.plug("pads", "left")
    bench.plug("pads", "right")
    with pytest.raises(DeviceError, match=r"'pads.*left'.*'pads.*right'"):
        bench.listen("pads")


def test_a_wanted_device_that_is_missing_is_waited_for(bench: Bench) -> None:
    inputs = bench.listen("keys")
    assert inputs.waiting == ("keys",)
    bench.plug("other")
    bench.plug("keys")
    assert eventually(lambda: "keys:out" in connected(inputs))
    assert inputs.waiting == ()
    assert "other:out" not in connected(inputs)


def test_equal_names_are_numbered_and_heard_apart(bench: Bench) -> None:
    """Two clients whose port names begin with their own: both are shown as "Launchpad pads"."""
    one, two = bench.plug("Launchpad", "Launchpad pads"), bench.plug("Launch", "Launchpad pads")
    inputs = bench.listen("auto")
    slots = connected(inputs)
    assert {"Launchpad pads", "Launchpad pads #2"} <= set(slots)
    one.send(NOTE_ON)
    two.send(NOTE_OFF)
    assert eventually(lambda: len(bench.heard) == 2)
    assert {event.data for event in bench.heard} == {NOTE_ON, NOTE_OFF}
    assert {event.port for event in bench.heard} == {slots["Launchpad pads"], slots["Launchpad pads #2"]}


def test_others_can_send_to_our_virtual_input(bench: Bench) -> None:
    bench.listen("auto")
    player = bench.backend("daw")
    [name] = [port.name for port in player.outputs() if re.fullmatch(r"weaver(-\d+)?:midi_in", port.name)]
    output = player.open_output(name)
    settle()
    output.send(NOTE_ON)
    assert eventually(lambda: bench.heard)
    assert (bench.heard[0].port, bench.heard[0].data) == (DAW_SLOT, NOTE_ON)
    output.close()


def test_our_own_output_is_not_listened_to(bench: Bench) -> None:
    lights = bench.backend("weaver").open_virtual_output("lights")
    inputs = bench.listen("auto")
    assert set(connected(inputs)) == {"weaver:midi_in"}
    lights.close()


def test_where_a_daw_plays_by_a_cable_it_plays_like_by_our_own_input(bench: Bench) -> None:
    """Where there are no virtual ports; what it plays must not leave again, and so has the same slot."""
    cable = bench.plug("cable")
    inputs = bench.listen("auto", daw="CABLE")
    assert connected(inputs) == {"cable:out": DAW_SLOT}
    cable.send(NOTE_ON)
    assert eventually(lambda: [(event.port, event.data) for event in bench.heard] == [(DAW_SLOT, NOTE_ON)])
    cable.close()
    assert eventually(lambda: bench.vanished == [(DAW_SLOT, "cable:out")])
    bench.plug("cable")
    assert eventually(lambda: connected(inputs) == {"cable:out": DAW_SLOT})


def test_where_no_daw_plays_there_is_no_input_for_one(bench: Bench) -> None:
    bench.plug("pads")
    assert set(connected(bench.listen("auto", daw="none"))) == {"pads:out"}


def test_a_word_for_the_daw_that_means_several_refuses_to_start(bench: Bench) -> None:
    bench.plug("cable", "left")
    bench.plug("cable", "right")
    with pytest.raises(DeviceError, match=r"'cable.*left'.*'cable.*right'"):
        bench.listen("auto", daw="cable")


def test_none_opens_nothing(bench: Bench) -> None:
    bench.plug("pads")
    assert bench.listen("none").status() == []


def test_a_sink_that_fails_is_counted_and_the_next_message_comes(bench: Bench) -> None:
    heard: list[bytes] = []

    def sink(event: MidiIn) -> None:
        heard.append(event.data)
        if len(heard) == 1:
            raise ValueError("not this one")

    def on_vanished(port: int, name: str) -> None:
        raise KeyError(name)

    device = bench.plug("pads")
    inputs = bench.listen("auto", sink=sink, on_vanished=on_vanished)
    device.send(NOTE_ON)
    device.send(NOTE_OFF)
    assert eventually(lambda: heard == [NOTE_ON, NOTE_OFF])
    assert inputs.errors == {"sink": 1}
    assert "not this one" in inputs.last_error
    device.close()
    assert eventually(lambda: inputs.errors["vanished"] == 1)
    bench.plug("pads")
    assert eventually(lambda: "pads:out" in connected(inputs))


def test_the_slots_go_round(bench: Bench) -> None:
    """With every slot once used, a new name takes that of the device that left first."""
    inputs = bench.listen("auto")
    backend = bench.backend("rack")
    for number in range(FIRST_SLOT, DAW_SLOT):
        device = backend.open_virtual_output(f"unit {number}")
        assert eventually(lambda: len(connected(inputs)) == 2)
        device.close()
        assert eventually(lambda: len(connected(inputs)) == 1)
    late = backend.open_virtual_output("late")
    assert eventually(lambda: len(connected(inputs)) == 2)
    [(name, port)] = [item for item in connected(inputs).items() if item[0] != "weaver:midi_in"]
    assert (name.split(":")[1], port) == ("late", FIRST_SLOT)
    late.close()


def test_close_ends_the_thread_and_takes_the_ports_away(bench: Bench) -> None:
    device = bench.plug("pads")
    inputs = bench.listen("auto")
    look = bench.backend("look")
    assert any("weaver" in port.name for port in look.outputs())
    inputs.close()
    inputs.close()
    assert not any("weaver" in port.name for port in look.outputs())
    assert connected(inputs) == {}
    device.send(NOTE_ON)
    assert bench.heard == []


def test_a_port_says_what_it_cannot_send_and_when_it_is_closed(bench: Bench) -> None:
    device = bench.plug("pads")
    with pytest.raises(DeviceError, match="'out' does not take"):
        device.send(b"")
    device.close()
    device.close()
    with pytest.raises(DeviceError, match="is closed"):
        device.send(NOTE_ON)


def test_a_name_that_is_gone_cannot_be_opened(bench: Bench) -> None:
    with pytest.raises(DeviceError, match="no MIDI input 'gone'"):
        bench.backend("look").open_input("gone")
