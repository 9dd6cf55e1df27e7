"""Peers that are told how things are: what, when, and in which bundles."""

from __future__ import annotations

from itertools import pairwise

import pytest
from support.told import LIGHT, PLAYED, STATE, TICK_S, Room, Told

from weaver.model.osc_addresses import Space
from weaver.osc.fact import BUNDLE_BYTES, Arguments
from weaver.osc.hearer import MOST_AT_ONCE, PER_SECOND
from weaver.osc.telling import ALIVE_S, AWAY_S, REFRESH_S, SILENCE_S


def test_only_differences_are_told(room, peer):
    room.telling.put(LIGHT, (0.5,))
    room.tick(2)
    assert room.take() == [(LIGHT, (0.5,))]
    for value in (0.501, 0.4985, 0.504):
        room.telling.put(LIGHT, (value,))
        room.tick(2)
    assert room.take() == []
    assert room.telling.value(LIGHT) == (0.504,)
    room.telling.put(LIGHT, (0.506,))
    room.tick(2)
    assert [address for address, _ in room.take()] == [LIGHT]


def test_what_is_nearer_than_a_step_is_told_in_time(room, peer):
    room.telling.put(LIGHT, (0.5,))
    room.tick(2)
    room.telling.put(LIGHT, (0.5035,))
    room.pass_s(REFRESH_S + 0.1)
    assert room.take()[-1][1] == pytest.approx((0.5035,))


def test_values_are_told_thirty_times_a_second_and_only_the_latest(room, peer):
    for index in range(60):
        room.telling.put(LIGHT, (index / 60.0,))
        room.tick()
    told = [arguments[0] for address, arguments in room.take() if address == LIGHT]
    assert 30 <= len(told) <= 31
    assert told == sorted(told)
    assert min(later - earlier for earlier, later in pairwise(told)) > 1.5 / 60.0


@pytest.mark.parametrize("wait", [0, 1])
def test_an_edge_is_told_at_the_next_tick_and_the_one_after(room, peer, wait):
    room.tick(wait)
    room.telling.put(LIGHT, (0.25,))
    room.telling.put(STATE, ("fractured",))
    room.tick()
    assert room.take()[0] == (STATE, ("fractured",))
    room.tick()
    assert room.take()[0] == (STATE, ("fractured",))
    room.tick()
    assert (STATE, ("fractured",)) not in room.take()


def test_an_event_is_told_each_time_and_once(room, peer):
    for _ in range(2):
        room.telling.put(PLAYED, (0.7,))
        room.tick()
        assert room.take() == [(PLAYED, (pytest.approx(0.7),))]
    room.telling.sync(peer)
    room.pass_s(2 * REFRESH_S)
    assert room.take() == []


def test_bundles_are_within_their_budget_and_full(room):
    room = Room(spheres=64)
    room.enter()
    room.put_all(64)
    room.pass_s(1.0)
    sizes = [len(packet) for _, _, packet in room.packets]
    assert max(sizes) <= BUNDLE_BYTES
    assert max(sizes) > BUNDLE_BYTES - 40


def test_everything_is_told_once_to_who_is_new_and_paced():
    room = Room(spheres=64)
    count = room.put_all(64) - 64  # soothed of each is dropped again
    for s in range(64):
        room.telling.drop(f"/sphere/{s + 1}/soothed")
    room.tick(30)
    late = room.enter()
    times: list[float] = []
    told: Told = []
    for _ in range(round(1.1 * count / PER_SECOND / TICK_S)):
        room.tick()
        new = room.take(late)
        assert len(new) <= MOST_AT_ONCE
        times += [room.now_s] * len(new)
        told += new
    assert len({address for address, _ in told}) == count
    for first in range(0, len(times) - MOST_AT_ONCE):
        assert times[first + MOST_AT_ONCE] - times[first] >= MOST_AT_ONCE / PER_SECOND - TICK_S
    assert times[-1] - times[0] > (count - 2 * MOST_AT_ONCE) / PER_SECOND


def test_a_peer_that_asks_is_told_everything(room, peer):
    room.put_all(2)
    room.tick(2)
    room.take()
    room.telling.sync(peer)
    room.tick()
    assert len(room.take()) == 10


@pytest.mark.parametrize(("silent_s", "count"), [(SILENCE_S - 0.5, 0), (SILENCE_S + 0.1, 10)])
def test_who_speaks_again_is_told_everything(room, peer, silent_s, count):
    room.put_all(2)
    room.pass_s(silent_s, are_heard=False)
    room.take()
    room.tick()
    assert len(room.take()) >= count if count else len(room.take()) <= 1


def test_who_is_away_is_told_nothing_until_it_is_back(room, peer):
    room.put_all(2)
    room.pass_s(AWAY_S + 1.0, are_heard=False)
    room.take(alive=True)
    room.put_all(2, 0.75)
    room.pass_s(3.0, are_heard=False)
    assert room.take(alive=True) == []
    room.tick()
    told = dict(room.take())
    assert len(told) == 10
    assert set(told.values()) == {(0.75,)}


def test_a_sign_of_life_five_times_a_second(room, peer):
    room.take(alive=True)
    room.pass_s(10.0)
    counts = [arguments[0] for address, arguments in room.take(alive=True) if address == "/alive"]
    assert len(counts) == pytest.approx(10.0 / ALIVE_S, abs=1)
    assert counts == list(range(counts[0], counts[0] + len(counts)))


def test_refreshing_heals_a_lost_packet(room, peer):
    count = room.put_all(2, 0.25)
    room.tick(2)
    room.packets.clear()  # lost
    room.pass_s(REFRESH_S)
    told = room.take()
    assert len(set(told)) == count
    assert len(told) <= count + 2  # and no more often than that
    assert {arguments for _, arguments in told} == {(0.25,)}


def test_what_does_not_go_out_stays_due_as_it_is_then(room, peer):
    room.deaf.add(peer)
    room.telling.put(LIGHT, (0.25,))
    room.telling.put(STATE, ("failing",))
    room.tick(2)
    room.telling.put(LIGHT, (0.75,))
    room.tick(2)
    room.deaf.clear()
    room.tick()
    told = room.take()
    assert sorted(told) == [(LIGHT, (0.75,)), (STATE, ("failing",))]


def test_a_flood_of_what_happens_starves_nothing_else():
    room = Room(spheres=64)
    room.enter()
    room.put_all(64)
    for _ in range(60):
        for s in range(64):
            room.telling.put(f"/sphere/{s + 1}/played", (0.5,))
        room.tick()
    assert len({address for address, _ in room.take()}) == 64 * 6


def test_two_are_told_the_same_and_are_sent_the_same_bytes(room, peer):
    other = room.enter(9001)
    room.tick(2)
    room.packets.clear()
    room.put_all(2)
    room.tick(2)
    mine, others = ([packet for _, to, packet in room.packets if to is whom] for whom in (peer, other))
    assert mine == others
    assert mine[-1] is others[-1]


def test_who_is_forgotten_is_new_when_it_comes_back(room, peer):
    room.put_all(2)
    room.tick(2)
    room.take()
    room.telling.forget(peer)
    room.tick()
    assert len(room.take()) == 10
    room.peers.clear()
    room.tick()
    room.peers.append(peer)
    room.tick()
    assert len(room.take()) == 10


def test_another_set_has_other_addresses_and_what_stays_is_not_told_anew(room, peer):
    room.put_all(2)
    room.telling.put("/mood/gaze", (0.5,))
    room.tick(2)
    room.take()
    room.telling.renew(Space(["Only"]).nodes())
    assert room.telling.value("/sphere/2/light") is None
    room.telling.put("/sphere/2/light", (1.0,))
    assert room.telling.lost["unknown address"] == 1
    room.telling.put(LIGHT, (0.5,))
    room.telling.put("/mood/gaze", (0.5,))
    room.tick(2)
    assert len(room.take()) <= 1
    room.telling.sync(peer)
    room.tick()
    assert {address for address, _ in room.take()} >= {LIGHT, "/mood/gaze"}
    assert room.telling.value("/sphere/2/light") is None


def test_what_cannot_be_said_keeps_nothing_else_from_being_told(room, peer):
    room.telling.put("/sphere/1/name", ("bell\x07",))
    room.telling.put(LIGHT, (float("nan"),))
    room.telling.put(STATE, ("failing",))
    room.tick(2)
    assert set(room.take()) == {(STATE, ("failing",))}
    assert room.telling.lost["cannot be said"] >= 2


def test_listeners_hear_what_is_news(room):
    heard: list[tuple[str, Arguments]] = []
    room.telling.listeners.append(lambda address, arguments: heard.append((address, arguments)))
    room.telling.put(LIGHT, (0.5,))
    room.telling.put(STATE, ("failing",))
    room.tick(4)
    assert [news for news in heard if news[0] != "/alive"] == [(STATE, ("failing",)), (LIGHT, (0.5,))]
