"""Faders with motors do not pull at the fingers on them."""

from __future__ import annotations

import pytest
from support.twins import Mackie
from support.twins.plug import Plug, plugged
from support.twins.stage import Stage, ready

from weaver.mapping.deeds import playable

LEAST, MOST = playable("lift", "level")
"""Levels (dB) at the ends of a sphere's fader."""
NEAR = 80
"""Of 16383: a picture has 256 steps."""
MASTER, RESYNC = 8, 0x65


def fader(plug: Plug, number: int) -> int:
    return plug.twin.faders[number]  # type: ignore[attr-defined,no-any-return]


def aim(db: float) -> float:
    return (db - LEAST) / (MOST - LEAST) * 16383


def bends(plug: Plug, number: int) -> list[int]:
    """Where a fader was told to go."""
    return [data[2] << 7 | data[1] for _, _, data in plug.heard() if data[0] == 0xE0 | number]


def stands(stage: Stage, plug: Plug, number: int, where: float) -> bool:
    return stage.until(lambda: abs(fader(plug, number) - where) < NEAR, 2.0)


def test_motors_follow_and_yield_to_a_finger_until_it_lifts(stage: Stage) -> None:
    with plugged(Mackie()) as (plug,):
        stage.ring()
        assert ready(stage, plug)
        lift = stage.instrument.engine.gesture
        for sphere in (2, 3):
            lift("lift", sphere, level=-12.0)
            assert stands(stage, plug, sphere, aim(-12.0))
        plug.do("touch", 2)
        stage.wait(0.1)
        plug.forget()
        for level in (-18.0, 6.0, 0.0):
            for sphere in (2, 3):
                lift("lift", sphere, level=level)
            assert stands(stage, plug, 3, aim(level))
        for is_down in (True, False):  # scrub: all lights anew
            plug.do("button", RESYNC, is_down)
        assert stage.until(lambda: bends(plug, 4) != [])
        stage.wait(0.3)
        assert bends(plug, 2) == [] and plug.twin.refused["fader while touched"] == 0
        assert abs(fader(plug, 2) - aim(-12.0)) < NEAR
        plug.do("touch", 2, False)
        assert stands(stage, plug, 2, aim(0.0))
        for sphere in (2, 3):
            lift("lift", sphere, level=0.0)


@pytest.mark.parametrize("number", [1, MASTER])
def test_a_fader_that_was_moved_is_told_where_it_is_when_it_is_let_go(stage: Stage, number: int) -> None:
    """Above all the master: its motor goes back to where it was told to be last."""
    with plugged(Mackie()) as (plug,):
        stage.ring()
        assert ready(stage, plug)
        stage.wait(0.3)
        plug.do("touch", number)
        stage.wait(0.1)
        plug.forget()
        for value in (100, 60, 80, 70):
            plug.slide(number, value)
            stage.wait(0.15)
        stage.wait(0.3)
        assert bends(plug, number) == [] and plug.twin.refused["fader while touched"] == 0
        plug.do("touch", number, False)
        stands_at = round(70 * 16383 / 127)
        assert stage.until(lambda: bends(plug, number) != [], 1.0)
        assert stands(stage, plug, number, stands_at)
        plug.slide(number, 127)
