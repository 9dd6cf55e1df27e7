"""Who holds what, and what becomes of it when they are gone."""

from __future__ import annotations

import gc

import pytest
from support.speaking import Stage

from weaver.model.gestures import DAMP
from weaver.osc.peer import Peer
from weaver.tablets.holding import REST, Holding
from weaver.tablets.weaving import FORGET_S, SILENT_S


def rubbed(stage: Stage, sphere: int) -> tuple[float, float]:
    touch = stage.engine.state.touch
    return float(touch.pressure_target[sphere]), float(touch.pace_target[sphere])


def test_what_nobody_else_holds_is_let_go(stage: Stage) -> None:
    state = stage.engine.state
    stage.say("/sphere/1/rub", 0.6, 0.7)
    stage.say("/sphere/1/damp", 0.5)
    stage.say("/sphere/1/damp", 0.25, by=stage.other)
    stage.say("/sphere/2/soothe", 0.5)
    stage.say("/sphere/3/damp", 1)
    stage.say("/sphere/3/damp", 0)
    stage.say("/sphere/4/lift", -6)
    stage.run(0.04)
    stage.done()
    stage.weaving.let_go(stage.peer)
    stage.run(0.04)
    assert rubbed(stage, 0)[0] == 0.0
    assert state.sphere.damping_target[0] == 0.25
    assert state.touch.soothe_target[1] == 0.0
    assert state.sphere.lift_target[3] == -6.0
    assert len(stage.done()) == 3


def test_what_it_changed_goes_back_to_who_still_holds_it(stage: Stage) -> None:
    stage.say("/sphere/1/rub", 0.3, 0.4, by=stage.other)
    stage.say("/sphere/1/rub", 0.9, 1.0)
    stage.run(0.04)
    assert rubbed(stage, 0) == pytest.approx((0.9, 1.0))
    stage.weaving.let_go(stage.peer)
    stage.run(0.04)
    assert rubbed(stage, 0) == pytest.approx((0.3, 0.4))
    stage.weaving.let_go(stage.other)
    stage.run(0.04)
    assert rubbed(stage, 0)[0] == 0.0


def test_of_several_that_hold_it_the_last_one_counts(stage: Stage) -> None:
    third = Peer("192.168.1.9", 9000)
    for firmly, peer in ((0.25, stage.other), (0.5, stage.peer), (0.75, third), (0.375, stage.other)):
        stage.say("/sphere/1/damp", firmly, by=peer)
    for peer, left in ((stage.other, 0.75), (stage.peer, 0.75), (third, 0.0)):
        stage.weaving.let_go(peer)
        stage.run(0.04)
        assert stage.engine.state.sphere.damping_target[0] == left


def test_what_is_not_on_stage_any_more_is_not_held() -> None:
    holding, peer = Holding(), Peer("192.168.1.9", 9000)
    for sphere in (1, 2):
        holding.hold(peer, DAMP, sphere, (0.5, 0.0, 0.0))
    holding.keep(2)
    assert list(holding.let_go(peer)) == [(DAMP, 1, REST[DAMP])]


def test_all_is_every_sphere(stage: Stage) -> None:
    stage.say("/sphere/all/damp", 1)
    stage.say("/sphere/2/damp", 0.5, by=stage.other)
    stage.say("/sphere/3/damp", 0)
    stage.run(0.04)
    stage.weaving.let_go(stage.peer)
    stage.run(0.04)
    assert stage.engine.state.sphere.damping_target[:4].tolist() == [0.0, 0.5, 0.0, 0.0]


def test_a_heartbeat_that_stops_lets_go(stage: Stage) -> None:
    for peer in (stage.peer, stage.other):
        stage.say("/ping", by=peer)
        stage.say("/sphere/1/rub" if peer is stage.peer else "/sphere/2/rub", 0.5, 0.5, by=peer)
    for _ in range(8):
        stage.run(0.5)
        stage.say("/ping", by=stage.other)
    assert rubbed(stage, 0)[0] == 0.0
    assert rubbed(stage, 1)[0] == 0.5


def test_who_has_left_leaves_nothing_behind(stage: Stage) -> None:
    """Peers come and go by the thousand, if somebody wants them to."""
    stage.weaving.tick(stage.now_s)
    peers = [Peer("192.168.1.9", port) for port in range(1, 21)]
    for peer in peers:
        stage.say("/sphere/1/rub", 0.5, 0.5, by=peer)
        stage.say("/sphere/1/finger/1", 0.5, 0.5, by=peer)
        stage.bundle(("/tap",), lead_s=0.3, by=peer)
        stage.weaving.let_go(peer)
    stage.wrote.clear()
    gc.collect()
    assert not [holder for peer in peers for holder in gc.get_referrers(peer) if holder is not peers]


def test_it_takes_that_long(stage: Stage) -> None:
    stage.say("/ping")
    stage.say("/sphere/1/rub", 0.5, 0.5)
    stage.run(SILENT_S - 0.1)
    assert rubbed(stage, 0)[0] == 0.5
    stage.run(0.2)
    assert rubbed(stage, 0)[0] == 0.0
    stage.say("/sphere/1/rub", 0.5, 0.5)
    stage.run(0.1)
    assert rubbed(stage, 0)[0] == 0.5


def test_who_never_had_a_heartbeat_cannot_lose_it(stage: Stage) -> None:
    stage.say("/sphere/1/rub", 0.5, 0.5)
    stage.weaving.tick(stage.now_s + 2 * FORGET_S)
    stage.run(0.04)
    assert rubbed(stage, 0)[0] == 0.5
    stage.weaving.let_go(stage.peer)
    stage.run(0.04)
    assert rubbed(stage, 0)[0] == 0.0
