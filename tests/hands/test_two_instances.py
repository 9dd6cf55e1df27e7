"""Two instances on one server: a controller is one's, and the other says so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.eventually import eventually
from support.jack import JackServer, environment
from support.twins import Apc40Mk2, LaunchpadX, LinnStrument
from support.twins.plug import plugged
from support.twins.stage import QUIET, is_painted, on_stage, ready

from weaver import listening
from weaver.hands.guard import Guard
from weaver.hands.holding import Holding
from weaver.midi.ports import best_backend
from weaver.wishes import Wishes

ROOT = Path(__file__).resolve().parents[2]


def test_the_first_has_it_the_second_says_so_and_takes_it_over(jackd: JackServer, tmp_path: Path) -> None:
    wishes = Wishes(audio="jack", stakes="off")
    with environment(WEAVER_DATA=str(tmp_path)), plugged(LaunchpadX()) as (plug,):
        with on_stage(wishes) as first:
            assert first.until(lambda: first.instrument.listening.hands())
            with on_stage(wishes) as second:
                assert second.until(lambda: "another instance of weaver has" in second.instrument.picture().note)
                assert "Launchpad X" in second.instrument.picture().note
                assert not second.instrument.listening.hands()
                assert ready(first, plug)
                assert first.struck_by(lambda: plug.press(4, 0)) == 4
                assert second.state.sphere.energy.max() < QUIET, "only who has it is played"
                plug.release(4, 0)
                plug.pull()
                assert first.until(lambda: first.instrument.listening.hands()[0].state == "gone")
                plug.put_back()
                assert ready(first, plug) and not second.instrument.listening.hands()
                first.instrument.close()
                assert second.until(lambda: second.instrument.listening.hands())
                assert ready(second, plug) and plug.mode == "programmer"
                assert second.until(lambda: not second.instrument.picture().note)
                assert second.struck_by(lambda: plug.press(2, 0)) == 2
        assert plug.lights() == {}


def test_over_a_systems_midi_it_is_nobody_elses_either(
    jackd: JackServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "best_backend", lambda: best_backend("rtmidi-jack", "weaver-system"))
    wishes = Wishes(audio="silent", stakes="off")
    with environment(WEAVER_DATA=str(tmp_path)), plugged(LaunchpadX()) as (plug,):
        with on_stage(wishes) as first:
            assert first.until(lambda: first.instrument.listening.hands())
            with on_stage(wishes) as second:
                assert second.until(lambda: "Launchpad X" in second.instrument.picture().note)
                first.ring()
                assert ready(first, plug)
                first.hush()
                assert first.struck_by(lambda: plug.press(4, 0)) == 4
                assert second.state.sphere.energy.max() < QUIET, "only who has it is played"
                plug.release(4, 0)
                first.instrument.close()
                assert second.until(lambda: second.instrument.listening.hands())
                second.ring()
                assert ready(second, plug)
                second.hush()
                assert second.struck_by(lambda: plug.press(2, 0)) == 2
        assert plug.lights() == {}


def test_who_takes_over_from_one_that_was_killed_waits_until_it_was_left(jackd: JackServer, tmp_path: Path) -> None:
    play = (sys.executable, "-m", "weaver", "play", "--audio", "jack", "--no-terminal", "--no-take")
    where = {**os.environ, "WEAVER_DATA": str(tmp_path)}
    with (
        environment(WEAVER_DATA=str(tmp_path)),
        plugged(LaunchpadX(), Apc40Mk2(), LinnStrument()) as plugs,
        subprocess.Popen(play, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT, env=where) as first,
    ):
        try:
            assert eventually(lambda: all(is_painted(plug) for plug in plugs), 60.0)
            modes = [plug.mode for plug in plugs]
            with on_stage(Wishes(audio="jack", stakes="off")) as second:
                assert second.until(lambda: "another instance" in second.instrument.picture().note)
                first.kill()
                first.wait(10.0)
                assert second.until(lambda: len(second.instrument.listening.hands()) == len(plugs))
                second.ring()
                assert ready(second, *plugs)
                second.wait(1.0)
                assert [plug.mode for plug in plugs] == modes and all(is_painted(plug) for plug in plugs)
        finally:
            first.kill()


def test_what_a_guard_watches_is_not_taken_until_it_has_ended(tmp_path: Path) -> None:
    one, two = Holding(tmp_path), Holding(tmp_path)
    assert one.take("Pad", "Pad")
    guard = Guard(on_jack=True, leaving=one.leaving)
    guard.watch(1, "nowhere", (b"\xf0\xf7",), 0.0, "Pad")
    guard.watch(2, "nowhere", (b"\xf0\xf7",), 0.0, "Next")
    assert eventually(lambda: Path(one.leaving("Next")).exists()), "one after the other"
    one.close()
    assert not two.take("Pad", "Pad")
    guard.drop(1)
    assert eventually(lambda: two.take("Pad", "Pad"))
    guard.farewell()


def test_ports_of_other_servers_are_others(tmp_path: Path) -> None:
    one, two, other = Holding(tmp_path, "a"), Holding(tmp_path, "a"), Holding(tmp_path, "b")
    assert one.take("Pad/x:1", "Pad") and one.take("Pad/x:1", "Pad")
    assert other.take("Pad/x:1", "Pad") and two.take("Pad/x:2", "Pad")
    assert not two.take("Pad/x:1", "Pad") and two.elsewhere() == ("Pad",)
    one.close()
    assert two.take("Pad/x:1", "Pad") and two.elsewhere() == ()


def test_where_nothing_can_be_locked_all_play(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    one, two = Holding(tmp_path / "file"), Holding(tmp_path / "file")
    assert one.take("Pad", "Pad") and two.take("Pad", "Pad")
