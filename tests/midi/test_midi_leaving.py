"""What leaves by ports of the system: names, order and moments, ports that go and come, drivers that refuse or hang."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from support.eventually import GIVE_UP_S, eventually
from support.jack import JackServer, settle

from weaver.life.clock_out import OUT_EVENT
from weaver.midi.leaving import Leaving
from weaver.midi.ports import Backend, InputPort, PortInfo, best_backend
from weaver.model.errors import DeviceError
from weaver.model.midi_out import PlayOut

RATE = 48_000.0
MPE, OFF = PlayOut(), PlayOut("off")
START, TICK, STOP = b"\xfa", b"\xf8", b"\xfc"


def on(note: int, channel: int = 1) -> bytes:
    return bytes((0x90 | channel, note, 100))


def off(note: int, channel: int = 1, velocity: int = 64) -> bytes:
    return bytes((0x80 | channel, note, velocity))


class Sound:
    """An instrument, as far as it puts messages out: what a test wants, at frames of a clock that began just now."""

    def __init__(self) -> None:
        self.asked: list[PlayOut] = []
        self.ticks: list[bool] = []
        self.at_off: list[bytes] = []
        """What it says when it is asked to fall silent."""
        self.began_s = time.monotonic()
        self._rings: dict[str, list[tuple[int, bytes]]] = {"midi": [], "clock": []}
        self._lock = threading.Lock()

    def put(self, ring: str, *messages: bytes, frame: int = 0) -> None:
        with self._lock:
            self._rings[ring] += [(frame, data) for data in messages]

    def now(self) -> int:
        return int((time.monotonic() - self.began_s) * RATE)

    def time_at(self, frame: float) -> float:
        return self.began_s + frame / RATE

    def play(self, wanted: PlayOut) -> bool:
        self.asked.append(wanted)
        if wanted.form == "off":
            self.put("midi", *self.at_off)
        return True

    def clock(self, on: bool = True) -> None:
        self.ticks.append(on)

    def take_midi(self) -> NDArray[np.void]:
        return self._take("midi")

    def take_clock(self) -> NDArray[np.void]:
        return self._take("clock")

    def _take(self, ring: str) -> NDArray[np.void]:
        with self._lock:
            waiting, self._rings[ring] = self._rings[ring], []
        taken = np.zeros(len(waiting), OUT_EVENT)
        for event, (frame, data) in zip(taken, waiting, strict=True):
            event["frame"], event["size"] = frame, len(data)
            event["data"][: len(data)] = list(data)
        return taken


class Bench:
    """A sound, what leaves of it, and who listens."""

    def __init__(self) -> None:
        self.sound = Sound()
        self._owned: list[Any] = []

    def leave(
        self,
        midi_out: str = "auto",
        clock_out: str = "none",
        wanted: PlayOut = MPE,
        backend_of: Callable[[], Any] = lambda: best_backend("rtmidi-jack", "weaver"),
        time_at: Callable[[int], float] | None = None,
    ) -> Leaving:
        return self.own(Leaving(self.sound, backend_of, time_at or self.sound.time_at, wanted, midi_out, clock_out))

    def peer(self, client_name: str) -> Backend:
        return self.own(best_backend("rtmidi-jack", client_name))

    def cable(self, client_name: str) -> InputPort:
        """Somebody else's port, that can be sent to."""
        return self.own(best_backend("rtmidi-jack", client_name).open_virtual_input("in"))

    def own(self, thing: Any) -> Any:
        self._owned.append(thing)
        return thing

    def close(self) -> None:
        while self._owned:
            self._owned.pop().close()


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.close()


def heard(port: InputPort) -> list[bytes]:
    said = []
    while (received := port.receive()) is not None:
        said.append(received.data)
    return said


class Listener:
    """Keeps what a port was told up to now."""

    def __init__(self, port: InputPort) -> None:
        self.port, self.said = port, []

    def has(self, *messages: bytes) -> bool:
        self.said += heard(self.port)
        return self.said == list(messages)


def test_our_ports_have_our_names_and_tell_all_in_order(jackd: JackServer, bench: Bench) -> None:
    pytest.importorskip("rtmidi")
    bench.leave(clock_out="auto")
    daw = bench.peer("daw")
    names = [port.name for port in daw.inputs()]
    [notes] = [name for name in names if name.startswith("weaver") and name.endswith(":midi_out")]
    [clock] = [name for name in names if name.startswith("weaver") and name.endswith(":clock_out")]
    played, ticked = Listener(bench.own(daw.open_input(notes))), Listener(bench.own(daw.open_input(clock)))
    settle()
    scale = [on(note) for note in range(40, 90)]
    bench.sound.put("midi", *scale)
    bench.sound.put("clock", START, TICK, TICK)
    assert eventually(lambda: played.has(*scale))
    assert eventually(lambda: ticked.has(START, TICK, TICK))
    assert (bench.sound.asked, bench.sound.ticks) == ([MPE], [True])


def test_a_port_that_goes_and_comes_back_is_told_its_zones_anew(jackd: JackServer, bench: Bench) -> None:
    pytest.importorskip("rtmidi")
    leaving = bench.leave("CABLE")
    assert bench.sound.asked == [], "nobody is there to be told"
    assert leaving.note == "no MIDI output 'CABLE' (yet)"
    cable = Listener(bench.cable("cable"))
    assert eventually(lambda: bench.sound.asked == [MPE])
    assert (leaving.note, leaving.departures[0].name) == ("", "cable:in")
    settle()
    bench.sound.put("midi", on(60))
    assert eventually(lambda: cable.has(on(60)))

    cable.port.close()
    assert eventually(lambda: bench.sound.asked == [MPE, OFF])
    bench.sound.put("midi", on(61))
    again = Listener(bench.cable("cable"))
    assert eventually(lambda: bench.sound.asked == [MPE, OFF, MPE])
    settle()
    bench.sound.put("midi", on(62))
    assert eventually(lambda: again.has(on(62)))
    assert not leaving.lost


def test_a_word_that_means_several_refuses_to_start(jackd: JackServer, bench: Bench) -> None:
    pytest.importorskip("rtmidi")
    bench.cable("cable left")
    bench.cable("cable right")
    with pytest.raises(DeviceError, match=r"'cable left:in'.*'cable right:in'"):
        bench.leave("cable", "none")
    with pytest.raises(DeviceError, match="write one of these names in full"):
        bench.leave("none", "cable")


def test_where_the_second_refuses_the_first_is_closed(bench: Bench, shelf: Shelf) -> None:
    shelf.cables = {"cable left": Port(), "cable right": Port()}
    with pytest.raises(DeviceError, match="cable left"):
        bench.leave("auto", "cable", backend_of=lambda: shelf)
    assert bench.sound.asked == [MPE, OFF]


def test_our_own_input_is_nowhere_to_send_to(jackd: JackServer, bench: Bench) -> None:
    pytest.importorskip("rtmidi")
    bench.own(best_backend("rtmidi-jack", "weaver").open_virtual_input("midi_in"))
    assert not bench.leave("midi_in").departures[0].is_open


class Port:
    """An output that notes when it is told what; it refuses, or hangs, as a test wants."""

    name = "port"

    def __init__(self) -> None:
        self.said: list[tuple[float, bytes]] = []
        self.refuses = False
        self.flows = threading.Event()
        self.flows.set()

    def send(self, data: bytes) -> None:
        self.flows.wait(GIVE_UP_S)
        if self.refuses:
            raise DeviceError("no")
        self.said.append((time.monotonic(), data))

    def close(self) -> None:
        pass

    def messages(self) -> list[bytes]:
        return [data for _, data in self.said]


class Shelf:
    """A backend whose virtual ports are the test's own."""

    name, api, has_virtual, reason = "shelf", "none", True, ""

    def __init__(self) -> None:
        self.made = {"midi_out": Port(), "clock_out": Port()}
        self.cables: dict[str, Port] = {}
        self.is_broken = self.is_closed = False

    def open_virtual_output(self, name: str) -> Port:
        if self.is_broken:
            raise DeviceError("no more clients")
        return self.made[name]

    def outputs(self) -> list[PortInfo]:
        return [PortInfo(name, name) for name in self.cables]

    def open_output(self, name: str) -> Port:
        return self.cables[name]

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def test_a_message_leaves_at_its_moment_and_not_before(bench: Bench, shelf: Shelf) -> None:
    """Put out in blocks, as a sound card asks for them, and all of a block at once."""
    bench.leave("none", "auto", backend_of=lambda: shelf)
    ahead = int(0.05 * RATE)
    first = bench.sound.now() + ahead
    frames = [first + 480 * number for number in range(40)]
    for block in range(8):
        for frame in frames[block * 5 : block * 5 + 5]:
            bench.sound.put("clock", TICK, frame=frame)
    port = shelf.made["clock_out"]
    assert eventually(lambda: len(port.said) == len(frames))
    late_s = [sent_s - bench.sound.time_at(frame) for (sent_s, _), frame in zip(port.said, frames, strict=True)]
    assert min(late_s) >= 0.0
    assert sorted(late_s)[len(late_s) // 2] < 0.01, "half of them within a tick of the machine's"


def test_as_long_as_nobody_knows_the_time_messages_wait(bench: Bench, shelf: Shelf) -> None:
    due_s = [math.nan]
    bench.leave(backend_of=lambda: shelf, time_at=lambda frame: due_s[0])
    bench.sound.put("midi", on(60), on(61))
    time.sleep(0.05)
    assert shelf.made["midi_out"].messages() == []
    due_s[0] = 0.0
    assert eventually(lambda: shelf.made["midi_out"].messages() == [on(60), on(61)])


def test_in_the_end_the_sound_says_what_ends(bench: Bench, shelf: Shelf) -> None:
    leaving = bench.leave(backend_of=lambda: shelf)
    bench.sound.put("midi", on(60), on(64), off(60))
    bench.sound.at_off = [off(64, velocity=9)]
    assert eventually(lambda: len(shelf.made["midi_out"].said) == 3)
    leaving.close()
    leaving.close()
    assert shelf.made["midi_out"].messages() == [on(60), on(64), off(60), off(64, velocity=9)]
    assert bench.sound.asked == [MPE, OFF]


def test_what_it_does_not_end_is_ended_all_the_same(bench: Bench, shelf: Shelf) -> None:
    """As where a sound card has gone, and nobody renders any more."""
    leaving = bench.leave("auto", "auto", backend_of=lambda: shelf)
    bench.sound.put("midi", on(60, 1), on(60, 2), bytes((0x91, 60, 0)), on(67, 3))
    bench.sound.put("clock", START, TICK)
    assert eventually(lambda: len(shelf.made["clock_out"].said) == 2 and len(shelf.made["midi_out"].said) == 4)
    leaving.close()
    assert shelf.made["midi_out"].messages()[4:] == [off(60, 2), off(67, 3)]
    assert shelf.made["clock_out"].messages() == [START, TICK, STOP]
    assert (bench.sound.asked, bench.sound.ticks) == ([MPE, OFF], [True, False])


def test_a_song_that_stands_is_not_stopped_again(bench: Bench, shelf: Shelf) -> None:
    leaving = bench.leave("none", "auto", backend_of=lambda: shelf)
    bench.sound.put("clock", START, TICK, STOP, TICK)
    assert eventually(lambda: len(shelf.made["clock_out"].said) == 4)
    leaving.close()
    assert shelf.made["clock_out"].messages() == [START, TICK, STOP, TICK]


def test_what_a_driver_refuses_is_counted_and_the_next_goes_out(bench: Bench, shelf: Shelf) -> None:
    leaving, port = bench.leave(backend_of=lambda: shelf), shelf.made["midi_out"]
    port.refuses = True
    bench.sound.put("midi", on(60), on(61))
    assert eventually(lambda: leaving.lost == {"send": 2})
    port.refuses = False
    bench.sound.put("midi", on(62))
    assert eventually(lambda: port.messages() == [on(62)])
    assert leaving.departures[0].messages == 1


def test_a_port_that_cannot_be_made_is_told_of_once(bench: Bench, shelf: Shelf) -> None:
    shelf.is_broken = True
    leaving = bench.leave(backend_of=lambda: shelf)
    assert leaving.note == "weaver:midi_out: open: no more clients"
    time.sleep(0.3)
    assert (leaving.lost, bench.sound.asked) == ({"open": 1}, [])


def test_a_driver_that_hangs_holds_up_neither_the_clock_nor_the_end(bench: Bench, shelf: Shelf) -> None:
    leaving = bench.leave("auto", "auto", backend_of=lambda: shelf)
    notes, clock = shelf.made["midi_out"], shelf.made["clock_out"]
    notes.flows.clear()
    bench.sound.put("midi", on(60))
    bench.sound.put("clock", TICK)
    assert eventually(lambda: clock.messages() == [TICK])
    ended = threading.Thread(target=leaving.close)
    ended.start()
    ended.join(GIVE_UP_S)
    assert not ended.is_alive() and notes.messages() == []
    notes.flows.set()


def test_who_is_refused_leaves_no_client_behind(bench: Bench, shelf: Shelf) -> None:
    shelf.cables = {"cable left": Port(), "cable right": Port()}
    with pytest.raises(DeviceError, match="cable left"):
        bench.leave("cable", backend_of=lambda: shelf)
    assert shelf.is_closed


def test_where_nothing_shall_leave_there_is_no_port(bench: Bench, shelf: Shelf) -> None:
    assert bench.leave("none", "none", backend_of=lambda: shelf).departures == ()
    [clock] = bench.leave("auto", "auto", OFF, backend_of=lambda: shelf).departures
    assert clock.name == "weaver:clock_out"


def test_where_there_are_no_virtual_ports_cables_of_their_names_are_taken(bench: Bench, shelf: Shelf) -> None:
    """And where there is none, nothing is put out, and a player who has no DAW is told no more than that it is so."""
    shelf.has_virtual = False
    shelf.cables = {"Synth": Port(), "weaver midi_out": Port()}
    leaving = bench.leave("auto", "auto", backend_of=lambda: shelf)
    assert [(way.name, way.is_open) for way in leaving.ways()] == [
        ("weaver midi_out", True),
        ("weaver:clock_out", False),
    ]
    assert (leaving.note, bench.sound.asked, bench.sound.ticks) == ("", [MPE], [])
    bench.sound.put("midi", on(60))
    assert eventually(lambda: shelf.cables["weaver midi_out"].messages() == [on(60)])
    shelf.cables["weaver clock_out"] = Port()
    assert eventually(lambda: bench.sound.ticks == [True])


def test_where_the_system_has_no_midi_there_is_nothing_to_show(bench: Bench, shelf: Shelf) -> None:
    shelf.reason = "no ALSA sequencer"
    leaving = bench.leave("auto", "auto", backend_of=lambda: shelf)
    assert (leaving.ways(), leaving.note, bench.sound.asked) == ((), "", [])


def test_without_a_library_it_is_said(bench: Bench) -> None:
    def missing() -> Backend:
        raise DeviceError("no MIDI library")

    with pytest.raises(DeviceError, match="no MIDI library"):
        bench.leave(backend_of=missing)
