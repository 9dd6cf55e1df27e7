"""Pulled out and put back, two of a kind, rebooted, gone astray and overwritten."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support.twins import (
    ApcMiniMk2,
    BeatStep,
    LaunchControlXl,
    LaunchControlXl3,
    LaunchpadMk2,
    LaunchpadProMk3,
    LaunchpadX,
    LinnStrument,
    Lpd8Mk2,
    MiniLab3,
    Push2,
)
from support.twins.plug import plugged
from support.twins.stage import (
    WAKES_IN_S,
    Stage,
    hue_apart,
    is_within_its_rate,
    ready,
    slot_of,
    striking_pad,
)
from support.twins.twin import DARK, Twin


def test_who_is_pulled_out_lets_go_and_nobody_else_does_and_comes_back_as_before(stage: Stage) -> None:
    with plugged(LaunchpadX(), ApcMiniMk2()) as (launchpad, apc):
        stage.ring()
        assert ready(stage, launchpad, apc)
        slot = slot_of(stage, launchpad)
        soothed = stage.state.touch.soothe_target
        launchpad.press(2, 7)
        apc.press(5, 7)
        assert stage.until(lambda: soothed[2] > 0.0 and soothed[5] > 0.0)
        stage.ring()
        before = stage.lights()
        launchpad.pull()
        assert stage.until(lambda: soothed[2] == 0.0)
        assert soothed[5] > 0.0 and (stage.lights()[[0, 1, 3, 4, 6, 7]] > 0.5 * before[[0, 1, 3, 4, 6, 7]]).all()
        apc.release(5, 7)
        assert stage.until(lambda: soothed[5] == 0.0)
        stage.hush()
        assert striking_pad(stage, apc, 6) == (6, 0)
        launchpad.put_back()
        stage.ring()
        assert ready(stage, launchpad)
        assert launchpad.mode == "programmer" and slot_of(stage, launchpad) == slot


def test_two_alike_are_two(stage: Stage) -> None:
    with plugged(LaunchpadX(), LaunchpadX()) as (first, second):
        stage.ring()
        assert ready(stage, first, second)
        slots = slot_of(stage, first), slot_of(stage, second)
        assert slots[0] != slots[1]
        second.pull()
        stage.hush()
        assert striking_pad(stage, first, 1) == (1, 0)
        second.put_back()
        stage.ring()
        assert ready(stage, second)
        assert slot_of(stage, second) == slots[1] and slot_of(stage, first) == slots[0]


@pytest.mark.parametrize("make", [LaunchpadX, ApcMiniMk2, MiniLab3, Push2], ids=lambda make: make.kind)
@pytest.mark.parametrize("away_s", [0.0, 0.5])
def test_who_reboots_is_brought_back(stage: Stage, make: Callable[[], Twin], away_s: float) -> None:
    with plugged(make()) as (plug,):
        stage.ring()
        assert ready(stage, plug)
        mode = plug.mode
        plug.reboot(away_s)
        stage.ring()
        assert ready(stage, plug)
        assert plug.mode == mode


@pytest.mark.parametrize(
    "make", [ApcMiniMk2, LaunchControlXl, LaunchControlXl3, LinnStrument], ids=lambda make: make.kind
)
def test_who_says_that_its_mode_has_changed_is_brought_back(stage: Stage, make: Callable[[], Twin]) -> None:
    with plugged(make()) as (plug,):
        stage.ring()
        assert ready(stage, plug)
        mode = plug.mode
        plug.do("drift")
        assert plug.mode != mode
        assert stage.until(lambda: plug.mode == mode, WAKES_IN_S)
        stage.ring()
        assert ready(stage, plug)


@pytest.mark.parametrize("make", [LaunchpadX, LaunchpadProMk3, LaunchpadMk2], ids=lambda make: make.kind)
def test_who_changes_mode_silently_is_brought_back(stage: Stage, make: Callable[[], Twin]) -> None:
    """Those that can be asked for their mode are; the other has other notes on its pads then."""
    with plugged(make()) as (plug,):
        stage.ring()
        assert ready(stage, plug)
        mode = plug.mode
        plug.do("drift")
        assert plug.mode != mode
        if make is LaunchpadMk2:
            plug.press(0, 1)
            plug.release(0, 1)
        assert stage.until(lambda: plug.mode == mode)
        stage.ring()
        assert ready(stage, plug)


def test_the_apc_mini_mk2_is_never_flooded(stage: Stage) -> None:
    with plugged(ApcMiniMk2()) as (plug,):
        for _ in range(5):
            stage.ring()
            stage.wait(0.1)
            stage.hush()
        stage.ring()
        assert ready(stage, plug)
        assert is_within_its_rate(plug)


@pytest.mark.parametrize(("make", "degrees"), [(Lpd8Mk2, 153.0), (BeatStep, None)], ids=["LPD8", "BeatStep"])
def test_a_light_that_a_device_overwrites_is_painted_again(
    stage: Stage, make: Callable[[], Twin], degrees: float | None
) -> None:
    """Emerald's pad, pressed and let go: one shows a colour of its own then, the other none."""
    with plugged(make()) as (plug,):
        assert stage.until(lambda: striking_pad(stage, plug, 3) is not None)
        pad = 3, 0

        def is_painted_again() -> bool:
            colour = plug.light(*pad)
            return colour != DARK and (degrees is None or hue_apart(colour, degrees) < 30.0)

        for _ in range(3):
            assert stage.until(is_painted_again, 1.0)
            plug.press(*pad)
            plug.release(*pad)
        assert stage.until(is_painted_again, 1.0)
