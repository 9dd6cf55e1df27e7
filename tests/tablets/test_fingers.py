"""Fingers on a tablet as they are heard: strikes, singing, rest, and who else holds the sphere."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from support.playing import level_db
from support.speaking import Stage

from weaver.model.gestures import RUB, STRIKE
from weaver.osc.peer import Peer

FRAME_S = 1.0 / 60.0


def circle(
    stage: Stage, seconds: float, sphere: int = 1, by: Peer | None = None, start: float = 0.0
) -> NDArray[np.float32]:
    """Go round 0.6 times a second near the rim; the sound of that."""
    heard = []
    for step in range(round(seconds / FRAME_S)):
        angle = 2.0 * math.pi * (start + 0.6 * step * FRAME_S)
        stage.say(f"/sphere/{sphere}/finger/1", 0.5 + 0.4 * math.cos(angle), 0.5 + 0.4 * math.sin(angle), 1, by=by)
        heard.append(stage.run(FRAME_S))
    return np.concatenate(heard)


def light(stage: Stage, sphere: int = 0) -> float:
    return float(stage.engine.state.sphere.light[sphere])


def pressed(stage: Stage, sphere: int = 0) -> float:
    return float(stage.engine.state.touch.pressure_target[sphere])


def test_a_landing_is_heard(stage: Stage) -> None:
    stage.say("/sphere/2/finger/1", 0.5, 0.9, 1)
    heard = stage.run(0.2)
    assert level_db(heard) > -50.0
    stage.say("/sphere/2/finger/1", 0.5, 0.9, 0)
    stage.run(0.1)
    ((_, kind, sphere, values),) = stage.done()
    assert (kind, sphere) == (STRIKE, 1)
    assert values[0] > 0.9 and abs(values[2] - 0.8) < 1e-6


def test_higher_up_is_louder(stage: Stage) -> None:
    levels = []
    for sphere, y in ((1, 0.1), (1, 0.9)):
        stage.say(f"/sphere/{sphere}/finger/1", 0.5, y, True)
        levels.append(level_db(stage.run(0.2)))
        stage.say(f"/sphere/{sphere}/finger/1", 0.5, y, False)
        stage.say("/panic")
        stage.run(0.5)
    assert levels[1] - levels[0] > 5.0


def test_going_round_sings_and_resting_lets_it_ring_out(stage: Stage) -> None:
    stage.say("/sphere/1/finger/1", 0.9, 0.5, 1)
    stage.run(4.0)
    rung, quiet = light(stage), level_db(stage.run(0.1))
    sung = circle(stage, 2.0)[-4800:]
    assert light(stage) > 2.0 * rung and level_db(sung) > quiet + 20.0
    assert [kind for _, kind, *_ in stage.done()].count(STRIKE) == 1
    bright = light(stage)
    stage.run(0.2)
    assert pressed(stage) == 0.0
    stage.run(2.0)
    assert light(stage) < 0.5 * bright and level_db(stage.run(0.1)) < level_db(sung) - 20.0


def test_nothing_sings_on_when_the_network_is_gone(stage: Stage) -> None:
    circle(stage, 1.0)
    assert pressed(stage) > 0.4
    stage.run(0.2)
    assert pressed(stage) == 0.0


def test_a_tablet_that_is_gone_lifts_its_fingers_and_others_go_on(stage: Stage) -> None:
    stage.say("/sphere/1/rub", 0.25, 0.5, 0.8, by=stage.other)
    circle(stage, 0.5)
    assert pressed(stage) > 0.4
    stage.weaving.let_go(stage.peer)
    stage.run(0.02)
    assert pressed(stage) == 0.25
    stage.weaving.let_go(stage.other)
    stage.run(0.02)
    assert pressed(stage) == 0.0


def test_a_touch_that_ends_lifts_the_finger_of_who_says_x_and_y_only(stage: Stage) -> None:
    for step in range(30):
        angle = 2.0 * math.pi * 0.6 * step * FRAME_S
        stage.say("/sphere/1/finger/1", 0.5 + 0.4 * math.cos(angle), 0.5 + 0.4 * math.sin(angle))
        stage.run(FRAME_S)
    assert pressed(stage) > 0.4
    stage.say("/sphere/1/finger/1/z", 0)
    stage.run(FRAME_S)
    assert pressed(stage) == 0.0
    assert stage.touched == [(stage.peer, "/sphere/1/finger/1", False)]
    stage.say("/sphere/1/finger/1", 0.5, 0.5)
    stage.run(FRAME_S)
    assert [kind for _, kind, *_ in stage.done() if kind == STRIKE] == [STRIKE, STRIKE]


@pytest.mark.parametrize("silence", ["/panic", "/hush"])
def test_under_a_moving_finger_it_stays_silent(stage: Stage, silence: str) -> None:
    circle(stage, 1.0)
    stage.say(silence)
    stage.done()
    heard = circle(stage, 1.0, start=0.6)
    stage.run(0.3)  # it rests
    assert RUB not in [kind for _, kind, *_ in stage.done()]
    assert level_db(heard[-4800:]) < (-100.0 if silence == "/panic" else -40.0)


def test_a_finger_whose_tablet_was_gone_lands_anew(stage: Stage) -> None:
    stage.say("/ping")
    stage.say("/sphere/1/finger/1", 0.5, 0.9, 1)
    stage.run(1.0)
    stage.say("/sphere/1/finger/1", 0.5, 0.9, 1)
    stage.run(3.0)
    stage.say("/sphere/1/finger/1", 0.5, 0.9, 1)
    stage.run(0.05)
    assert [kind for _, kind, *_ in stage.done()] == [STRIKE, STRIKE]


def test_who_rubs_otherwise_and_leaves_does_not_stop_a_finger(stage: Stage) -> None:
    stage.say("/sphere/1/rub", 0.25, 0.5, 0.8, by=stage.other)
    circle(stage, 0.5)
    stage.done()
    stage.weaving.let_go(stage.other)
    stage.run(0.001)
    assert stage.done() == [] and pressed(stage) > 0.4
    stage.run(0.2)
    assert pressed(stage) == 0.0
