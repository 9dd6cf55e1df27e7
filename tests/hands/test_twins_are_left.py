"""At the end devices are left as they were found. No other instrument may hold them meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from support.eventually import eventually
from support.jack import JackServer, environment
from support.twins import (
    Apc40Mk2,
    ApcMiniMk1,
    ApcMiniMk2,
    LaunchpadX,
    LinnStrument,
    MiniLab3,
    NanoKontrol2,
    Twister,
    XTouchMini,
)
from support.twins.plug import plugged
from support.twins.stage import (
    WAKES_IN_S,
    is_painted,
    on_stage,
    ready,
)

from weaver.wishes import Wishes

STARTS_IN_S, ENDS_IN_S = 60.0, 10.0
"""A process of its own; it may have to compile first."""


def test_closing_leaves_every_device_as_it_was(jackd: JackServer, tmp_path: Path) -> None:
    makes = (LaunchpadX, ApcMiniMk2, ApcMiniMk1, Apc40Mk2, MiniLab3, LinnStrument, XTouchMini, NanoKontrol2)
    with environment(WEAVER_DATA=str(tmp_path)), plugged(*(make() for make in makes)) as plugs:
        before = [plug.mode for plug in plugs]
        with on_stage(Wishes(audio="jack", stakes="off")) as stage:
            stage.ring()
            assert ready(stage, *plugs)
        assert eventually(lambda: [plug.mode for plug in plugs] == before, 1.0)
        for plug in plugs:
            assert plug.lights() == {}, f"{plug.twin.kind} is still lit; it refused {dict(plug.twin.refused)}"


def test_a_twister_has_its_own_colours_again(jackd: JackServer, tmp_path: Path) -> None:
    """What is put out stays out on it, whoever plays it next."""
    with environment(WEAVER_DATA=str(tmp_path)), plugged(Twister()) as (plug,):
        before = list(plug.twin.rgb), list(plug.twin.brightness)  # type: ignore[attr-defined]
        with on_stage(Wishes(audio="jack", stakes="off")) as stage:
            stage.ring()
            assert stage.until(lambda: plug.twin.brightness[16] < 1.0, WAKES_IN_S)  # type: ignore[attr-defined]
        assert eventually(lambda: (plug.twin.rgb, plug.twin.brightness) == before, 1.0)  # type: ignore[attr-defined]


def test_a_signal_to_end_leaves_devices_as_they_were_too(jackd: JackServer, tmp_path: Path) -> None:
    with plugged(LaunchpadX()) as (plug,):
        command = [sys.executable, "-m", "weaver", "play", "--audio", "jack", "--no-take", "--no-terminal"]
        with subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "WEAVER_DATA": str(tmp_path)},
        ) as child:
            assert eventually(lambda: plug.mode == "programmer" and is_painted(plug), STARTS_IN_S)
            child.terminate()
            assert child.wait(ENDS_IN_S) == 0
        assert eventually(lambda: plug.mode == "live" and plug.lights() == {})


def test_a_scene_that_was_changed_is_put_back_though_its_cable_was_pulled(jackd: JackServer, tmp_path: Path) -> None:
    with environment(WEAVER_DATA=str(tmp_path)), plugged(NanoKontrol2(), NanoKontrol2(is_external=True)) as plugs:
        plug, other = plugs
        before = [bytes(each.twin.scene) for each in plugs]  # type: ignore[attr-defined]
        with on_stage(Wishes(audio="jack", stakes="off")) as stage:
            stage.ring()
            assert ready(stage, *plugs)
            plug.pull()
            stage.wait(1.0)
            assert plug.mode == "external", "its scene outlives the power"
            plug.put_back()
            assert ready(stage, plug)
        assert eventually(lambda: (plug.mode, other.mode) == ("internal", "external"), 1.0)
        assert [bytes(each.twin.scene) for each in plugs] == before  # type: ignore[attr-defined]
