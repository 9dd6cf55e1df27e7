"""Controllers over a system's MIDI, in the whole instrument: ports on a JACK server stand in for ALSA's.

RtMidi must not outlive the server it found: instruments and plugs are closed by the fixtures that made them, before it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np
import pytest
from support.eventually import eventually
from support.jack import JackServer
from support.remote import remote
from support.twins import ApcMiniMk2, LaunchpadX
from support.twins.apc_mini_mk2 import NOTES
from support.twins.plug import SHOWN_IN_S, plugged
from support.twins.stage import QUIET, WAKES_IN_S, Stage, is_painted, on_stage, ready, slot_of, striking_pad

from weaver import listening
from weaver.midi.ports import best_backend
from weaver.wishes import Wishes

pytest.importorskip("rtmidi")

RIM, CRACKS = 0, 7
PAGE_PREVIOUS, PAGE_NEXT = 93, 94
"""Buttons of a Launchpad X."""
SETTLES_IN_S = 0.1
EMERALD, COBALT, AZURE = 3, 4, 7


@pytest.fixture
def stage(jackd: JackServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """An instrument for each test: two would both hold the devices."""
    monkeypatch.setattr(listening, "best_backend", lambda: best_backend("rtmidi-jack", "weaver-system"))
    with on_stage(Wishes(audio="silent", stakes="off")) as made:
        yield made


def test_controllers_that_appear_are_known_entered_painted_and_play(stage: Stage) -> None:
    with plugged(LaunchpadX(), ApcMiniMk2(NOTES)) as (launchpad, apc):
        stage.ring()
        assert ready(stage, launchpad, apc)
        assert (launchpad.mode, apc.mode) == ("programmer", "session")
        assert {hand.title for hand in stage.instrument.picture().hands if hand.is_connected} == {
            "Novation Launchpad X",
            "Akai APC mini mk2",
        }
        for plug, sphere in ((launchpad, EMERALD), (apc, COBALT)):
            stage.hush()
            assert striking_pad(stage, plug, sphere) == (sphere, RIM)
        assert [port.name for port in stage.instrument.picture().ports if port.is_connected] == ["weaver:midi_in"]


def test_who_goes_lets_go_and_comes_back_as_before(stage: Stage) -> None:
    with plugged(LaunchpadX(), ApcMiniMk2(NOTES)) as (launchpad, apc):
        stage.ring()
        assert ready(stage, launchpad, apc)
        slots = slot_of(stage, launchpad), slot_of(stage, apc)
        assert slots[0] != slots[1]
        soothed = stage.state.touch.soothe_target
        for _ in range(2):
            launchpad.press(2, CRACKS)
            apc.press(5, CRACKS)
            assert stage.until(lambda: soothed[2] > 0.0 and soothed[5] > 0.0)
            launchpad.pull()
            assert stage.until(lambda: soothed[2] == 0.0)
            assert soothed[5] > 0.0
            apc.release(5, CRACKS)
            assert stage.until(lambda: soothed[5] == 0.0)
            stage.wait(SHOWN_IN_S)
            launchpad.put_back()
            stage.ring()
            assert ready(stage, launchpad)
            assert launchpad.mode == "programmer"
            assert (slot_of(stage, launchpad), slot_of(stage, apc)) == slots


def test_who_loses_power_for_a_moment_is_brought_back(stage: Stage) -> None:
    """For as long as USB needs, at least; its ports may have the same names and numbers then."""
    with plugged(LaunchpadX(), ApcMiniMk2(NOTES)) as plugs:
        stage.ring()
        assert ready(stage, *plugs)
        for plug in plugs:
            mode = plug.mode
            plug.reboot(SHOWN_IN_S)
            stage.ring()
            assert ready(stage, plug)
            assert plug.mode == mode
            stage.hush()
            assert striking_pad(stage, plug, AZURE) == (AZURE, RIM)


def test_pages_are_turned_and_a_set_has_its_lights(jackd: JackServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "best_backend", lambda: best_backend("rtmidi-jack", "weaver-system"))
    wishes = Wishes(audio="silent", stakes="off", spheres="grand")
    with on_stage(wishes) as stage, plugged(LaunchpadX()) as (plug,):
        assert stage.until(lambda: plug.mode == "programmer" and is_painted(plug, 1), WAKES_IN_S)
        for control, page in ((PAGE_NEXT, 1), (PAGE_NEXT, 2), (PAGE_PREVIOUS, 1)):
            plug.say(bytes((0xB0, control, 127)), bytes((0xB0, control, 0)))
            assert stage.until(lambda: stage.instrument.picture().hands[0].page == page)  # noqa: B023
            stage.wait(SETTLES_IN_S)
            energy = stage.state.sphere.energy
            stage.instrument.engine.panic()
            assert stage.until(lambda: energy.max() < QUIET)  # noqa: B023
            plug.press(EMERALD, RIM)
            plug.release(EMERALD, RIM)
            assert stage.until(lambda: energy[8 * page + EMERALD] > 0.001)  # noqa: B023
            assert np.flatnonzero(energy > QUIET).tolist() == [8 * page + EMERALD]


def test_nonsense_is_no_harm(stage: Stage) -> None:
    chance = random.Random(7)
    with plugged(LaunchpadX(), ApcMiniMk2(NOTES)) as (launchpad, apc):
        stage.ring()
        assert ready(stage, launchpad, apc)
        for _ in range(100):
            body = bytes(chance.randrange(128) for _ in range(chance.choice((0, 1, 5, 60, 900))))
            apc.say(b"\xf0" + body + b"\xf7")
            apc.say(chance.choice((b"\xf0\x7e\x00\x06\x02", b"\xf0\x47\x7f\x4f\x61")) + body[:6] + b"\xf7")
        apc.say(b"\xf1\x05", b"\xf2\x01\x02", b"\xf6", b"\xfe", b"\xff")
        for plug, sphere in ((launchpad, EMERALD), (apc, COBALT)):
            stage.hush()
            assert striking_pad(stage, plug, sphere) == (sphere, RIM)
        stage.ring()
        assert ready(stage, launchpad, apc)
        assert apc.mode == "session"


def test_closing_leaves_every_device_as_it_was(stage: Stage) -> None:
    with plugged(LaunchpadX(), ApcMiniMk2()) as plugs:
        before = [plug.mode for plug in plugs]
        stage.ring()
        assert ready(stage, *plugs)
        stage.instrument.close()
        assert eventually(lambda: [plug.mode for plug in plugs] == before, 1.0)
        for plug in plugs:
            assert plug.lights() == {}, f"{plug.twin.kind} is still lit; it refused {dict(plug.twin.refused)}"


def test_with_the_other_library_it_is_the_same(jackd: JackServer) -> None:
    """pylibremidi, which stands in where python-rtmidi has no wheels."""
    pytest.importorskip("pylibremidi")
    with plugged(LaunchpadX(), ApcMiniMk2()) as plugs:
        before = [plug.mode for plug in plugs]
        with remote("libremidi_instrument") as instrument:
            launchpad, apc = plugs
            instrument.ring()
            assert eventually(lambda: all(is_painted(plug) for plug in plugs))
            slots = instrument.slots()
            assert (launchpad.mode, apc.mode, len(slots)) == ("programmer", "session", 2)
            for plug, sphere in ((launchpad, EMERALD), (apc, COBALT)):
                instrument.panic()
                assert eventually(lambda: max(instrument.energies()) < QUIET)
                plug.press(sphere, RIM)
                assert eventually(lambda: max(instrument.energies()) > 100.0 * QUIET)
                assert np.argmax(instrument.energies()) == sphere
                plug.release(sphere, RIM)
            launchpad.press(2, CRACKS)
            assert eventually(lambda: instrument.soothed()[2] > 0.0)
            launchpad.reboot(SHOWN_IN_S)
            assert eventually(lambda: instrument.soothed()[2] == 0.0)
            instrument.ring()
            assert eventually(lambda: launchpad.mode == "programmer" and is_painted(launchpad))
            assert instrument.slots() == slots
        assert eventually(lambda: [plug.mode for plug in plugs] == before, 1.0)
        assert [plug.lights() for plug in plugs] == [{}, {}]
