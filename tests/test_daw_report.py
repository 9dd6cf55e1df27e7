"""What `weaver ports` and `weaver doctor` say of a DAW."""

from __future__ import annotations

from collections.abc import Iterator

import jack
import pytest
from support.jack import JackServer

from weaver.commands import daw_report
from weaver.commands.daw_report import daw_lines
from weaver.midi.ports import PortInfo


class System:
    """The system's MIDI, with ports of a test's choice."""

    def __init__(self, outputs: list[str], inputs: list[str]) -> None:
        self._outputs, self._inputs = outputs, inputs

    def outputs(self) -> list[PortInfo]:
        return [PortInfo(name, name) for name in self._outputs]

    def inputs(self) -> list[PortInfo]:
        return [PortInfo(name, name) for name in self._inputs]

    def close(self) -> None:
        pass


def see(monkeypatch: pytest.MonkeyPatch, outputs: list[str], inputs: list[str]) -> None:
    monkeypatch.setattr(daw_report, "best_backend", lambda *_: System(outputs, inputs))


@pytest.fixture
def playing(jackd: JackServer) -> Iterator[jack.Client]:
    """A client that has our ports, not the first of the name, and a DAW that listens to one of them."""
    with jack.Client("weaver-07", no_start_server=True) as ours, jack.Client("daw", no_start_server=True) as daw:
        ours.midi_inports.register("midi_in")
        out = ours.midi_outports.register("midi_out")
        ours.midi_outports.register("clock_out")
        track = daw.midi_inports.register("track")
        for client in (ours, daw):
            client.activate()
        ours.connect(out, track)
        yield ours


def test_on_jack_it_is_seen_who_is_connected(playing: jack.Client) -> None:
    ours = [line.text for line in daw_lines() if line.text.startswith(f"{playing.name}:")]
    assert ours == [
        f"{playing.name}:midi_in: connected to nothing (a DAW plays by it)",
        f"{playing.name}:midi_out: to daw:track",
        f"{playing.name}:clock_out: connected to nothing (the clock leaves by it)",
    ]


def test_away_from_jack_our_ports_are_known_by_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "weaver-test-none")
    see(monkeypatch, ["Synth", "weaver:midi_in"], ["weaver:midi_out", "weaver clock_out", "my midi_out"])
    assert [line.text for line in daw_lines()] == [
        "weaver:midi_in: a DAW plays by it",
        "weaver:midi_out: what is woven leaves by it",
        "weaver clock_out: the clock leaves by it",
    ]


def test_while_nothing_plays_it_is_said_when_they_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "weaver-test-none")
    see(monkeypatch, ["Synth"], [])
    [line] = daw_lines()
    assert "weaver:midi_in, weaver:midi_out, weaver:clock_out" in line.text and not line.advice


def test_where_there_can_be_none_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daw_report, "HAS_VIRTUAL", False)
    see(monkeypatch, ["weaver midi_out", "Synth"], ["weaver midi_out"])
    midi_in, midi_out, clock_out = daw_lines()
    assert midi_out.text == "weaver midi_out: what is woven leaves by it" and not midi_out.advice
    for line, name in ((midi_in, "weaver midi_in"), (clock_out, "weaver clock_out")):
        assert line.text.startswith(f"no cable '{name}'")
        assert "loopMIDI" in line.advice and f"'{name}'" in line.advice and "--midi-out" in line.advice
