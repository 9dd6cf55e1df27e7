"""An evening: an APC mini mk2 and a Launchpad X are plugged in while it plays. What is struck, cracks, is soothed, is
seen on both, heard, and in the take."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from support.jack import JackServer, environment
from support.twins import ApcMiniMk2, LaunchpadX
from support.twins.apc_mini_mk2 import NOTES
from support.twins.ear import listening
from support.twins.matching import matched
from support.twins.plug import Plug, plugged
from support.twins.stage import (
    Stage,
    brightness,
    hue_apart,
    is_sickly,
    is_within_its_rate,
    on_stage,
    ready,
    shown,
    slot_of,
)

from weaver.model.gestures import BY_CODE
from weaver.takes.take import Command, Take
from weaver.wishes import Wishes

VIOLET, CRIMSON, AZURE = 0, 1, 7
SOUR_CENTS = 40.0
"""Crimson so far from its fifth above Violet is sour enough for a virtuoso's stakes to break one of the two."""
VIRTUOSO, GENTLE = 3.0, 1.0
STRIKE_EVERY_S = 0.06
BREAKS_IN_S = 12.0
RIM, CRACKS = 0, 7
"""Rows of a grid: a strike at the rim; the cracks, where a hand soothes."""


def sickly(plug: Plug, sphere: int) -> bool:
    return any(map(is_sickly, shown(plug, sphere)))


def strike_until(stage: Stage, plugs: tuple[Plug, ...], what: Callable[[], bool]) -> bool:
    """All hammer at Violet and Crimson until something is so."""
    until_s = time.monotonic() + BREAKS_IN_S
    while not what() and time.monotonic() < until_s:
        for plug in plugs:
            for column in (VIOLET, CRIMSON):
                plug.press(column, RIM, 127)
                plug.release(column, RIM)
            stage.until(what, STRIKE_EVERY_S)
    return what()


def is_broken(stage: Stage) -> bool:
    """Whether one of the two is not whole any more."""
    return stage.states()[VIOLET] != "whole" or stage.states()[CRIMSON] != "whole"


def play(stage: Stage, launchpad: Plug, apc: Plug) -> int:
    """The scene, from plugged in to healed; which sphere was hurt."""
    assert ready(stage, launchpad, apc)
    assert (launchpad.mode, apc.mode) == ("programmer", "session")
    slots = slot_of(stage, launchpad), slot_of(stage, apc)
    stage.hush()
    assert stage.struck_by(lambda: launchpad.press(AZURE, RIM, 100)) == AZURE
    for plug in (launchpad, apc):
        assert stage.until(lambda plug=plug: brightness(plug, AZURE) > 1.2 * brightness(plug, CRIMSON))  # type: ignore[misc]
        assert any(hue_apart(colour, 200.0) < 20.0 for colour in shown(plug, AZURE))
    launchpad.release(AZURE, RIM)

    engine = stage.instrument.engine
    engine.set_parameter("stakes", VIRTUOSO)
    engine.gesture("bend", CRIMSON, cents=SOUR_CENTS)
    assert strike_until(stage, (launchpad, apc), lambda: is_broken(stage))
    hurt = VIOLET if stage.states()[VIOLET] != "whole" else CRIMSON
    assert strike_until(stage, (launchpad, apc), lambda: sickly(launchpad, hurt) and sickly(apc, hurt))
    assert not sickly(launchpad, AZURE) and not sickly(apc, AZURE)
    engine.gesture("bend", CRIMSON, cents=0.0)
    engine.set_parameter("stakes", GENTLE)

    soothing = stage.state.touch.soothe_target
    launchpad.press(hurt, CRACKS)
    apc.press(AZURE, CRACKS)
    assert stage.until(lambda: soothing[hurt] > 0.0 and soothing[AZURE] > 0.0)
    launchpad.pull()
    assert stage.until(lambda: soothing[hurt] == 0.0) and soothing[AZURE] > 0.0
    launchpad.put_back()
    assert ready(stage, launchpad) and launchpad.mode == "programmer"
    apc.release(AZURE, CRACKS)
    launchpad.press(hurt, CRACKS)
    assert stage.until(lambda: stage.states()[hurt] == "whole", BREAKS_IN_S)
    launchpad.release(hurt, CRACKS)
    assert stage.until(lambda: soothing[hurt] == 0.0)
    assert stage.until(lambda: not sickly(launchpad, hurt) and not sickly(apc, hurt))
    assert (slot_of(stage, launchpad), slot_of(stage, apc)) == slots
    assert is_within_its_rate(apc)
    return hurt


def test_lights_sound_and_take_agree(jackd: JackServer, tmp_path: Path) -> None:
    wishes = Wishes(audio="jack", stakes="gentle", takes=tmp_path / "takes")
    with environment(WEAVER_DATA=str(tmp_path / "data")), on_stage(wishes) as stage, listening(tmp_path / "heard"):
        stage.ring()
        with plugged(LaunchpadX(), ApcMiniMk2(NOTES)) as (launchpad, apc):
            hurt = play(stage, launchpad, apc)
        take = stage.instrument.take
    assert take is not None and stage.instrument.take_trouble == ""
    commands = [event for event in Take(take).events() if isinstance(event, Command)]
    played = [(BY_CODE[c.kind].name, c.sphere, c.values[0]) for c in commands if c.kind in BY_CODE]
    for sphere in (VIOLET, CRIMSON):
        assert sum(name == "strike" and at == sphere for name, at, _ in played) > 10
    hands = [care for name, at, care in played if name == "soothe" and at == hurt]
    assert len(hands) >= 4 and max(hands) > 0.0 and hands[-1] == 0.0
    assert matched(take, tmp_path / "heard", jackd.period_frames) > 0.9
