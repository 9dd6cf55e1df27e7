"""An instrument beside a DAW, from a strike to a port: on JACK, and where a JACK server's ports stand in for ALSA's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace

import jack
import pytest
from support.eventually import eventually
from support.jack import JackServer, settle
from support.jack_callbacks import CallbackClient

from weaver import daw, listening
from weaver.app import Instrument
from weaver.midi.ports import Backend, InputPort, best_backend
from weaver.model.errors import DeviceError
from weaver.model.midi_out import PlayOut
from weaver.wishes import Wishes

pytest.importorskip("rtmidi")

TICK, START, STOP = b"\xf8", b"\xfa", b"\xfc"
ATTEMPTS = 5
BY_CHANNEL = PlayOut("channels", lanes=False)
SILENT = Wishes(audio="silent", play_out=BY_CHANNEL)
"""Inputs are open, but what other tests leave behind is not heard: see `away`."""


@pytest.fixture
def away(jackd: JackServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Instrument]]:
    """Instruments away from JACK: their system's MIDI is that of a server on which we are called weaver."""
    monkeypatch.setattr(listening, "best_backend", lambda: best_backend("rtmidi-jack", "weaver"))
    monkeypatch.setattr(daw, "best_backend", lambda: best_backend("rtmidi-jack", "weaver"))
    with ExitStack() as stack:
        yield lambda **wishes: stack.enter_context(Instrument(replace(SILENT, **wishes)))


class Ears:
    """A DAW's inputs, connected to our ports by hand."""

    def __init__(self) -> None:
        self._backend = best_backend("rtmidi-jack", "daw")
        self._ports: list[InputPort] = []

    def of(self, short_name: str) -> Callable[[], list[bytes]]:
        """All that our port of this name says from now on, up to each call."""
        [name] = own(self._backend, short_name)
        port, said = self._backend.open_input(name), []
        self._ports.append(port)
        settle()

        def hear() -> list[bytes]:
            while (received := port.receive()) is not None:
                said.append(received.data)
            return said

        return hear

    def close(self) -> None:
        for port in self._ports:
            port.close()
        self._backend.close()


def own(backend: Backend, short_name: str) -> list[str]:
    return [port.name for port in backend.inputs() if re.fullmatch(rf"weaver(-\d+)?:{short_name}", port.name)]


@pytest.fixture
def ears(jackd: JackServer) -> Iterator[Ears]:
    made = Ears()
    yield made
    made.close()


def turned(instrument: Instrument, what: Callable[[], object]) -> bool:
    """Whether it comes true while the instrument is driven."""
    return eventually(lambda: (instrument.turn(), what())[1])


def notes_on(said: list[bytes]) -> list[bytes]:
    return [data for data in said if data[0] & 0xF0 == 0x90 and data[2] > 0]


def notes_off(said: list[bytes]) -> list[bytes]:
    return [data for data in said if data[0] & 0xF0 == 0x80]


def test_away_from_jack_the_clock_leaves_from_the_start_to_the_stop(
    away: Callable[..., Instrument], ears: Ears
) -> None:
    instrument = away(tempo_bpm=240.0)
    hear = ears.of("clock_out")
    assert turned(instrument, lambda: len(hear()) > 2), "it ticks while nothing rolls"
    instrument.engine.gesture("roll")
    assert turned(instrument, lambda: START in hear() and len(hear()) - hear().index(START) > 60)
    assert hear().count(START) == 1 and set(hear()) == {TICK, START}
    assert [(out.name, out.is_open, out.messages) for out in instrument.picture().outs][1:] == [
        ("weaver:clock_out", True, 0)
    ]
    instrument.close()
    assert eventually(lambda: hear()[-1] == STOP and hear().count(STOP) == 1)


def test_away_from_jack_a_strike_leaves_and_in_the_end_its_note_is_ended(
    away: Callable[..., Instrument], ears: Ears
) -> None:
    instrument = away()
    hear = ears.of("midi_out")
    for sphere in (2, 0, 5):
        instrument.engine.gesture("strike", sphere, velocity=0.8)
        assert turned(instrument, lambda s=sphere: any(data[0] == 0x90 | s for data in notes_on(hear())))
    assert [data[0] & 0x0F for data in notes_on(hear())] == [2, 0, 5]
    [notes, _] = instrument.picture().outs
    assert (notes.name, notes.is_open, notes.what) == ("weaver:midi_out", True, "channels") and notes.messages >= 3
    instrument.close()
    assert eventually(lambda: {data[0] & 0x0F for data in notes_off(hear())} == {0, 2, 5})


@pytest.mark.parametrize("audio", ["silent", "jack"])
def test_a_loop_made_by_hand_does_not_run_away(away: Callable[..., Instrument], ears: Ears, audio: str) -> None:
    """What comes from a DAW does not leave again: a strike goes once round, is heard once more, and that is all."""
    instrument = away(audio=audio, mode="channels")
    client = jack.Client("cable", no_start_server=True)
    try:
        [out] = [port.name for port in client.get_ports(r"^weaver(-[0-9]+)?:midi_out$")]
        [into] = [port.name for port in client.get_ports(r"^weaver(-[0-9]+)?:midi_in$")]
        client.connect(out, into)
    finally:
        client.close()
    hear = ears.of("midi_out")
    for number in range(1, 4):
        instrument.engine.gesture("strike", 1, velocity=0.8)
        assert turned(instrument, lambda n=number: len(notes_on(hear())) == n)
    assert turned(instrument, lambda: instrument.picture().ports[0].messages >= 3), "it did come round"
    last_frame = int(instrument.engine.state.frame) + 0.3 * instrument.host.sample_rate
    assert turned(instrument, lambda: instrument.engine.state.frame > last_frame)
    assert len(notes_on(hear())) == 3


def test_where_a_cable_repeats_what_we_send_it_is_not_heard(away: Callable[..., Instrument], ears: Ears) -> None:
    """As on Windows: a cable has the same name at both ends."""
    cable = best_backend("rtmidi-jack", "cable")
    ends = cable.open_virtual_input("in"), cable.open_virtual_output("out")
    try:
        instrument = away(midi_out="cable", clock_out="none")
        assert instrument.picture().outs[0].name == "cable:in"
        assert not any(port.name.startswith("cable") for port in instrument.picture().ports)
    finally:
        for end in ends:
            end.close()


def test_a_port_that_is_not_there_is_waited_for_and_the_page_says_so(away: Callable[..., Instrument]) -> None:
    instrument = away(midi_out="nowhere", clock_out="none")
    assert "no MIDI output 'nowhere' (yet)" in instrument.picture().note
    [out] = instrument.picture().outs
    assert (out.name, out.is_open) == ("nowhere", False)


def test_on_jack_our_ports_are_always_there_by_the_same_names(away: Callable[..., Instrument]) -> None:
    instrument = away(audio="jack", midi="none")
    with jack.Client("look", no_start_server=True) as look:
        names = {port.name for port in look.get_ports("^weaver:", is_midi=True)}
    assert {"weaver:midi_in", "weaver:midi_out", "weaver:clock_out"} <= names
    assert [(out.name, out.is_open, out.what) for out in instrument.picture().outs] == [
        ("weaver:midi_out", True, "channels"),
        ("weaver:clock_out", True, ""),
    ]


class Recorder:
    """A track on JACK that keeps each message with its frame."""

    def __init__(self, source: str) -> None:
        self.said: list[tuple[int, bytes]] = []
        self._client = CallbackClient("track")
        self._port = self._client.midi_inports.register("in")
        self._client.set_process_callback(self._record)
        self._client.activate()
        self._client.connect(source, self._port)

    def _record(self, frames: int) -> None:
        began = self._client.last_frame_time
        self.said += [(began + offset, bytes(data)) for offset, data in self._port.incoming_midi_events()]

    def close(self) -> None:
        self._client.close()


def test_on_jack_notes_leave_at_the_very_frames_of_their_strikes(away: Callable[..., Instrument]) -> None:
    """Whatever the period: their distances are kept to the frame. A period that was lost says nothing about that."""
    instrument = away(audio="jack", midi="none")
    engine = instrument.engine
    recorder = Recorder("weaver:midi_out")
    distances = (0, 1, 777, 1024, 4099, 5000)
    try:
        for _ in range(ATTEMPTS):
            recorder.said.clear()
            lost = int(engine.state.counters.underflows)
            first = int(engine.state.frame) + int(instrument.host.sample_rate / 2)
            for sphere, distance in enumerate(distances):
                engine.gesture("strike", sphere, velocity=0.8, frame=first + distance)
            assert turned(instrument, lambda: len(notes_on([data for _, data in recorder.said])) == len(distances))
            if int(engine.state.counters.underflows) == lost:
                break
            engine.panic()
        begun = [(frame, data[0] & 0x0F) for frame, data in recorder.said if notes_on([data])]
        assert [(frame - begun[0][0], channel) for frame, channel in begun] == [
            (distance, sphere) for sphere, distance in enumerate(distances)
        ]
    finally:
        recorder.close()


def test_on_jack_who_comes_later_is_told_zones_and_ranges(away: Callable[..., Instrument], ears: Ears) -> None:
    instrument = away(audio="jack", midi="none", play_out=PlayOut("mpe-lower", lanes=False))
    for _ in range(2):
        hear = ears.of("midi_out")
        assert turned(instrument, lambda hear=hear: bytes((0xB0, 6, 8)) in hear()), "a zone of eight"
        assert hear()[hear().index(bytes((0xB0, 6, 8))) - 1] == bytes((0xB0, 100, 6))


def test_on_jack_nothing_leaves_where_none_is_wished(away: Callable[..., Instrument], ears: Ears) -> None:
    instrument = away(audio="jack", midi="none", midi_out="none", clock_out="none")
    notes, clock = ears.of("midi_out"), ears.of("clock_out")
    instrument.engine.gesture("strike", 1)
    instrument.engine.gesture("roll")
    until = int(instrument.engine.state.frame) + 0.2 * instrument.host.sample_rate
    assert turned(instrument, lambda: instrument.engine.state.frame > until)
    assert notes() == clock() == [] and instrument.picture().outs == ()


def test_on_jack_in_the_end_what_sounds_is_ended(away: Callable[..., Instrument], ears: Ears) -> None:
    instrument = away(audio="jack", midi="none")
    hear = ears.of("midi_out")
    instrument.engine.gesture("strike", 3, velocity=0.8)
    assert turned(instrument, lambda: notes_on(hear()))
    instrument.close()
    assert eventually(lambda: [data[0] & 0x0F for data in notes_off(hear())] == [3])


@pytest.mark.parametrize("port", ["midi_in", "midi_out", "clock_out"])
def test_on_jack_ports_are_connected_on_jack(away: Callable[..., Instrument], port: str) -> None:
    with pytest.raises(DeviceError, match="connect our ports to Cable 1 on JACK itself"):
        away(audio="jack", midi="none", **{port: "Cable 1"})
