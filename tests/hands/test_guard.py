"""Controllers are left as they were even if the instrument is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.eventually import eventually
from support.jack import JackServer
from support.twins import ApcMiniMk2, LaunchpadX, NanoKontrol2
from support.twins.plug import plugged
from support.twins.sphere_controller import SphereController

from weaver.hands.guard import Guard, keep_watch
from weaver.mapping.profile_file import load_profile

PLAY = (sys.executable, "-m", "weaver", "play", "--audio", "jack", "--no-terminal", "--no-take")
ROOT = Path(__file__).resolve().parents[2]


def test_what_is_left_to_do_is_what_was_watched_and_has_not_gone() -> None:
    one = b'{"slot": 1, "output": "a", "leave": ["90"], "pause_s": 0}\n'
    two = b'{"slot": 2, "output": "b", "leave": ["80"], "pause_s": 0}\n'
    assert sorted(keep_watch([one, two])) == [1, 2]
    assert sorted(keep_watch([one, two, b'{"slot": 1}\n', b'{"slot": 7}\n'])) == [2]
    assert keep_watch([one, two, b'{"farewell": true}\n']) == {}
    assert sorted(keep_watch([one, b'{"slot": 2, "le'])) == [1]


def test_a_guard_ends_with_a_farewell_and_is_only_there_if_needed() -> None:
    guard = Guard(on_jack=True)
    guard.watch(1, "nowhere", (), 0.0)
    assert guard._child is None
    guard.watch(1, "nowhere", (b"\xf0\xf7",), 0.0)
    child = guard._child
    assert child is not None and child.poll() is None
    guard.farewell()
    guard.farewell()
    assert child.returncode == 0


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_however_it_ends_controllers_are_left(jackd: JackServer, number: signal.Signals) -> None:
    """The Launchpad goes back to live mode, the nanoKONTROL2 gets its scene back and ours looks idle; where there is
    time all lights go out."""
    with subprocess.Popen(PLAY, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT) as process:
        try:
            with plugged(LaunchpadX(), ApcMiniMk2(), NanoKontrol2(), SphereController()) as plugs:
                launchpad, apc, nano, ours = plugs
                assert eventually(lambda: launchpad.mode == "programmer" and len(launchpad.lights()) > 40, 60.0)
                assert eventually(lambda: len(apc.lights()) > 40)
                assert eventually(lambda: (nano.mode, ours.mode) == ("external", "welcome"))
                os.kill(process.pid, number)
                process.wait(10.0)
                assert eventually(lambda: (launchpad.mode, nano.mode, ours.mode) == ("live", "internal", "idle"), 5.0)
                ours.do("pass_time", 1.0)
                assert len(ours.lights()) > 8, "its idle look"
                if number != signal.SIGKILL:
                    assert process.returncode == 0
                    assert not apc.lights()
                leave = load_profile("launchpad-x").talk.leave[-1]
                told = [message for _, _, message in launchpad.twin.log]
                assert told.count(leave) == 1, "by us or by the guard, not by both"
        finally:
            process.kill()
