"""What peers are spared: feedback never fights a finger."""

from __future__ import annotations

from support.told import LIGHT, STATE, Room

from weaver.osc.echoes import MOST_HELD, SETTLE_S, TOUCH_S


def test_who_writes_is_not_answered_until_it_has_settled(room, peer):
    other = room.enter(9001)
    room.tick(2)
    room.telling.wrote(peer, LIGHT, (0.5,), room.now_s)
    room.telling.put(LIGHT, (0.75,))
    room.pass_s(SETTLE_S - 0.05)
    assert room.take(peer) == []
    assert (LIGHT, (0.75,)) in room.take(other)
    room.pass_s(0.1)
    assert room.take(peer)[0] == (LIGHT, (0.75,))


def test_who_wrote_what_is_true_needs_no_answer(room, peer):
    room.telling.wrote(peer, LIGHT, (0.5,), room.now_s)
    room.telling.put(LIGHT, (0.5002,))
    room.pass_s(SETTLE_S + 0.05)
    assert room.take() == []


def test_a_drag_is_not_answered_however_long_it_is(room, peer):
    for index in range(120):
        room.telling.wrote(peer, LIGHT, (index / 120.0,), room.now_s)
        room.telling.put(LIGHT, (index / 120.0,))
        room.tick()
    assert room.take() == []


def test_what_was_due_before_is_not_told_to_who_writes(room, peer):
    room.telling.put(STATE, ("failing",))
    room.telling.put(LIGHT, (0.25,))
    room.telling.wrote(peer, LIGHT, (0.5,), room.now_s)
    room.telling.wrote(peer, STATE, ("whole",), room.now_s)
    room.tick(2)
    assert room.take() == []


def test_a_touch_holds_an_address_back_until_it_is_over(room, peer):
    room.telling.touched(peer, LIGHT, True, room.now_s)
    room.telling.put(LIGHT, (0.75,))
    room.pass_s(5.0)
    assert room.take() == []
    room.telling.touched(peer, LIGHT, False, room.now_s)
    room.pass_s(SETTLE_S - 0.05)
    assert room.take() == []
    room.pass_s(0.1)
    assert room.take() == [(LIGHT, (0.75,))]


def test_who_writes_as_it_touches_is_held_back_from_as_long_as_it_touches(room, peer):
    room.telling.touched(peer, LIGHT, True, room.now_s)
    room.telling.wrote(peer, LIGHT, (0.5,), room.now_s)
    room.telling.put(LIGHT, (0.75,))
    room.pass_s(5.0)
    assert room.take() == []


def test_a_touch_whose_end_was_lost_ends(room, peer):
    room.telling.touched(peer, LIGHT, True, room.now_s)
    room.telling.put(LIGHT, (0.75,))
    room.pass_s(TOUCH_S + 0.1)
    assert room.take()[0] == (LIGHT, (0.75,))


def test_a_knob_that_is_turned_shows_in_its_unit_meanwhile(room, peer):
    room.telling.wrote(peer, "/turn/room_t60_s", (0.5,), room.now_s)
    room.telling.put("/turn/room_t60_s", (0.5,))
    room.telling.put("/set/room_t60_s", (2.0,))
    room.tick(2)
    assert room.take() == [("/set/room_t60_s", (2.0,))]


def test_syncing_does_not_fight_a_finger(room, peer):
    room.put_all(2)
    room.tick(2)
    room.take()
    room.telling.touched(peer, LIGHT, True, room.now_s)
    room.telling.sync(peer)
    room.tick(2)
    assert len(room.take()) == 9


def test_nobody_can_hold_back_without_bound(room, peer):
    room = Room(spheres=64)
    peer = room.enter()
    addresses = [f"/sphere/{s + 1}/{name}" for s in range(64) for name in ("light", "damp", "health", "nothing")]
    for address in addresses:
        room.telling.wrote(peer, address, (0.0,), room.now_s)
        room.telling.touched(peer, address, True, room.now_s)
    room.put_all(64)
    room.tick(90)
    told = {address for address, _ in room.take()}
    assert len(told) == 64 * 5 - MOST_HELD
