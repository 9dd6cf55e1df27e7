"""An evening with two tablets: struck and rubbed, seen, soured, cracked and soothed, off the Wi-Fi and back; and in the
take, as it was heard."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

from support.jack import JackServer, environment
from support.tablet_stage import (
    SMALL,
    brightness,
    cracks_drawn,
    drawn,
    go_round,
    is_painted,
    is_veiled,
    pad,
    strike,
    tablet,
    value,
    wishes,
)
from support.touch_osc import Habits, Tablet
from support.twins.ear import listening
from support.twins.matching import matched
from support.twins.stage import LIT, Stage, on_stage

from weaver.model.gestures import BY_CODE
from weaver.takes.take import Command, Take

VIOLET, CRIMSON, AZURE = 1, 2, 8
SOUR, PLAIN, WHOLE_WAY_CENTS = 0.65, 0.5, 400.0
"""Of the fader's way, which ends at 200 cents: 60 cents, which a virtuoso's stakes do not forgive; and none."""
OFF, GENTLE, PERFORMANCE, VIRTUOSO = range(4)
NEAR = 2e-3
"""Faders that stand alike."""
BREAKS_IN_S = 12.0
SMOOTH = Habits(each_axis=False, touch_first=False)


def test_all_that_they_do_is_seen_heard_and_in_the_take(jackd: JackServer, tmp_path: Path) -> None:
    wanted = wishes(audio="jack", stakes="gentle", takes=tmp_path / "takes")
    with environment(WEAVER_DATA=str(tmp_path / "data")), on_stage(wanted) as stage, listening(tmp_path / "heard"):
        with tablet(stage, "127.0.0.2") as large, tablet(stage, "127.0.0.3", SMALL, habits=SMOOTH) as small:
            assert stage.until(lambda: is_painted(large) and is_painted(small), 3.0)
            strike_and_rub(stage, large, small)
            fader_and_finger(stage, large, small)
            hurt = crack_and_heal(stage, large, small)
            off_and_back(stage, large, small)
            assert large.fights == small.fights == []
            assert large.scripts.errors == small.scripts.errors == []
        take = stage.instrument.take
    assert take is not None and stage.instrument.take_trouble == ""
    commands = [event for event in Take(take).events() if isinstance(event, Command)]
    played = [(BY_CODE[c.kind].name, c.sphere + 1, c.values[0]) for c in commands if c.kind in BY_CODE]
    assert sum(name == "strike" and at in (VIOLET, CRIMSON) for name, at, _ in played) > 10
    for gesture, sphere in (("rub", AZURE), ("soothe", hurt), ("damp", AZURE)):
        firmness = [how for name, at, how in played if (name, at) == (gesture, sphere)]
        assert max(firmness) > 0.0 and firmness[-1] == 0.0, gesture
    assert matched(take, tmp_path / "heard", jackd.period_frames) > 0.9


def strike_and_rub(stage: Stage, large: Tablet, small: Tablet) -> None:
    for player, watcher in ((large, small), (small, large)):
        stage.hush()
        assert stage.until(partial(is_dark, watcher, AZURE))
        dark = brightness(watcher, AZURE)
        assert stage.struck_by(partial(strike, player, AZURE)) == AZURE - 1
        assert stage.until(partial(watcher.last, f"/sphere/{AZURE}/played"))
        assert stage.until(partial(is_brighter, watcher, AZURE, 1.2 * dark))
    stage.hush()
    touch = stage.state.touch
    finger = large.finger_down(pad(large, f"/sphere/{AZURE}/finger/1"), 0.5, 0.9)
    second = large.finger_down(pad(large, f"/sphere/{AZURE}/finger/1"), 0.5, 0.1)
    assert finger.control is not second.control
    second.up()
    go_round(stage, finger, 0.7)
    assert touch.pressure_target[AZURE - 1] > 0.0 and stage.lights()[AZURE - 1] > LIT
    finger.up()
    assert stage.until(lambda: touch.pressure_target[AZURE - 1] == 0.0)


def is_dark(tablet: Tablet, sphere: int) -> bool:
    light = tablet.last(f"/sphere/{sphere}/light")
    return light is not None and light[0] < LIT


def is_brighter(tablet: Tablet, sphere: int, than: float) -> bool:
    return brightness(tablet, sphere) > than


def turn(stage: Stage, tablet: Tablet, address: str, to: float) -> None:
    """Draw a fader, which lies on its side or stands, to there in a third of a second."""
    fader = pad(tablet, address)
    begin = fader.values["x"]
    finger = tablet.finger_down(fader, begin, begin)
    for step in range(1, 21):
        place = begin + (to - begin) * step / 20
        finger.move(place, place)
        stage.wait(0.015)
    finger.up()


def fader_and_finger(stage: Stage, large: Tablet, small: Tablet) -> None:
    """The other one follows, and nobody pulls at the finger."""
    address = f"/sphere/{CRIMSON}/bend"
    turn(stage, large, address, SOUR)
    bent_cents = stage.state.sphere.bend
    assert stage.until(lambda: abs(bent_cents[CRIMSON - 1] - WHOLE_WAY_CENTS * (SOUR - PLAIN)) < 1.0)
    assert stage.until(lambda: abs(value(small, address) - SOUR) < NEAR)
    turn(stage, small, address, PLAIN)
    assert stage.until(lambda: abs(value(large, address) - PLAIN) < NEAR)
    turn(stage, large, address, SOUR)
    stage.wait(0.4)
    assert abs(value(large, address) - SOUR) < NEAR and abs(value(small, address) - SOUR) < NEAR


def crack_and_heal(stage: Stage, large: Tablet, small: Tablet) -> int:
    """Crimson is sour as it is: which sphere was hurt by that, and healed."""
    large.open(pad(large, "/stakes"))
    large.tap(large.senders("/stakes")[VIRTUOSO])
    until_s = time.monotonic() + BREAKS_IN_S
    while set(stage.states()[:CRIMSON]) == {"whole"} and time.monotonic() < until_s:
        for player in (large, small):
            strike(player, VIOLET, y=0.95)
            strike(player, CRIMSON, y=0.95)
            stage.wait(0.06)
    small.open(pad(small, "/stakes"))
    small.tap(small.senders("/stakes")[GENTLE])
    hurt = next(n for n in (VIOLET, CRIMSON) if stage.states()[n - 1] != "whole")
    turn(stage, small, f"/sphere/{CRIMSON}/bend", PLAIN)
    assert all(stage.until(partial(is_seen_cracked, one, hurt)) for one in (large, small))
    assert not any(is_seen_cracked(one, AZURE) for one in (large, small))
    finger = large.finger_down(pad(large, f"/sphere/{hurt}/soothe"))
    assert stage.until(lambda: stage.states()[hurt - 1] == "whole", BREAKS_IN_S)
    finger.up()
    assert all(stage.until(partial(is_seen_whole, one, hurt)) for one in (large, small))
    return hurt


def is_seen_cracked(tablet: Tablet, sphere: int) -> bool:
    state = drawn(tablet, f"/sphere/{sphere}/state").values["text"]
    return cracks_drawn(tablet, sphere) > 0 and state not in ("", "whole")


def is_seen_whole(tablet: Tablet, sphere: int) -> bool:
    return cracks_drawn(tablet, sphere) == 0 and drawn(tablet, f"/sphere/{sphere}/state").values["text"] == "whole"


def off_and_back(stage: Stage, large: Tablet, small: Tablet) -> None:
    """Who holds a sphere and is gone lets go of it; who is back sees what has happened meanwhile."""
    damped = stage.state.sphere.damping_target
    finger = large.finger_down(pad(large, f"/sphere/{AZURE}/damp"))
    assert stage.until(lambda: damped[AZURE - 1] > 0.0)
    stage.wait(0.5)
    assert damped[AZURE - 1] > 0.0, "it is held as long as there is a heartbeat"
    large.is_on_wifi = False
    assert stage.until(lambda: damped[AZURE - 1] == 0.0, 4.0)
    assert is_veiled(large) and not is_veiled(small)
    finger.up()
    turn(stage, small, f"/sphere/{CRIMSON}/lift", 0.2)
    large.heard.clear()
    large.is_on_wifi = True
    assert stage.until(lambda: is_painted(large))
    assert stage.until(lambda: abs(value(large, f"/sphere/{CRIMSON}/lift") - 0.2) < NEAR)
    assert damped[AZURE - 1] == 0.0
