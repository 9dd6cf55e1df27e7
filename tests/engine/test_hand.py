"""A controller's pads and buttons: what each kind does, what is held, and what lets it go."""

from __future__ import annotations

import numpy as np
import pytest
from support.handy import PORT, Hand, Map
from support.playing import level_db, peak_hz, seconds

from weaver.engine.hand import CYCLE, FIRE, HOLD, NOTHING, RUB, STRIKE, TIE
from weaver.engine.notes import BRIGHTEN
from weaver.model.gestures import HAND
from weaver.model.spheres import load_set

BY_VELOCITY = (-1.0, -1.0, 0.8, 0.0)
PAD = {"values": BY_VELOCITY, "pressure": 1}


@pytest.fixture
def hand() -> Hand:
    return Hand()


def test_a_pad_strikes_its_sphere_as_hard_as_it_is_hit(hand: Hand) -> None:
    made = Map()
    made.note(36, STRIKE, 2, **PAD)
    hand.give(made)
    ((name, s, (speed, hardness, position)),) = hand.send(0x90, 36, 127)
    assert (name, s, speed) == ("strike", 2, 1.0)
    assert hardness == pytest.approx(0.5 + BRIGHTEN / 2, abs=1e-4) and position == pytest.approx(0.8, abs=1e-4)
    assert abs(peak_hz(seconds(hand.engine, 0.5)[:, 0], 400.0) - 400.0) < 1.0
    ((_, _, (softer, darker, _)),) = hand.send(0x90, 36, 30)
    assert softer == pytest.approx((30 / 127) ** 1.5, abs=1e-3) and darker < 0.5
    assert hand.send(0x80, 36, 0) == []


def test_a_pad_without_velocity_strikes_as_its_action_says(hand: Hand) -> None:
    made = Map()
    made.note(36, STRIKE, 2, values=(0.6, 0.25, 0.4, 0.0))
    hand.give(made)
    assert hand.send(0x90, 36, 3) == [("strike", 2, (0.6, 0.25, 0.4))]


@pytest.mark.parametrize("status", [0xA0, 0xD0])
def test_pressure_after_a_strike_rubs_and_the_sphere_sings(hand: Hand, status: int) -> None:
    made = Map()
    made.note(36, STRIKE, 1, **PAD)
    hand.give(made)
    hand.send(0x90, 36, 1)
    data = (0xA0, 36, 127) if status == 0xA0 else (0xD0, 127)
    assert hand.send(*data) == [("rub", 1, (1.0, 0.5, 0.8))]
    assert level_db(seconds(hand.engine, 1.5)[48_000:]) > -45
    assert hand.send(0x80, 36, 0) == [("rub", 1, (0.0, 0.5, 0.8))]
    assert hand.send(*data) == [], "nobody presses a pad that is up"


def test_a_pad_without_pressure_does_not_rub(hand: Hand) -> None:
    made = Map()
    made.note(36, STRIKE, 1, values=BY_VELOCITY)
    hand.give(made)
    hand.send(0x90, 36, 90)
    assert hand.send(0xA0, 36, 127) == []
    assert hand.send(0xD0, 127) == []
    assert hand.hand.unclaimed == 1, "no pad of this channel could be for it"


def test_the_firmest_of_the_pads_on_a_sphere_rubs_it(hand: Hand) -> None:
    made = Map()
    made.note(36, STRIKE, 1, values=(-1, -1, 0.2, 0), pressure=1)
    made.note(37, STRIKE, 1, values=(-1, -1, 0.9, 0), pressure=1)
    hand.give(made)
    hand.send(0x90, 36, 90)
    hand.send(0x90, 37, 90)
    low, high = (0xA0, 36, 64), (0xA0, 37, 127)
    assert hand.send(*low) == [("rub", 1, (0.5039, 0.5, 0.2))]
    assert hand.send(*high) == [("rub", 1, (1.0, 0.5, 0.9))]
    assert hand.held == [1] and hand.engine.state.midi.hand_held[1] == 2
    assert hand.send(0x90, 37, 0) == [("rub", 1, (0.5039, 0.5, 0.2))], "the other goes on"
    assert hand.held == [1]
    assert hand.send(0x80, 36, 5) == [("rub", 1, (0.0, 0.5, 0.2))]
    assert hand.held == []


def test_pressure_of_a_channel_is_said_once_for_each_sphere(hand: Hand) -> None:
    made = Map()
    for note, s in ((36, 0), (37, 0), (38, 2), (39, 3)):
        made.note(note, STRIKE, s, **PAD)
    hand.give(made)
    for note in (36, 37, 38):
        hand.send(0x90, note, 90)
    assert [(s, values[0]) for _, s, values in hand.send(0xD0, 127)] == [(0, 1.0), (2, 1.0)]
    assert [s for _, s, _ in hand.send(0xD0, 0)] == [0, 2]


def test_a_rub_pad_rubs_while_it_is_held(hand: Hand) -> None:
    made = Map()
    made.note(36, RUB, 1, values=(0.6, 0.7, 1.0, 0.0))
    made.note(37, RUB, 2, values=(0.6, -1.0, 1.0, 0.0))
    hand.give(made)
    assert hand.send(0x90, 36, 90) == [("rub", 1, (0.6, 0.7, 1.0))]
    assert hand.send(0xA0, 36, 0) == [], "it has not said any pressure yet"
    assert hand.send(0xA0, 36, 127) == [("rub", 1, (1.0, 0.7, 1.0))]
    assert hand.send(0xA0, 36, 0) == [("rub", 1, (0.0, 0.7, 1.0))]
    assert hand.send(0x80, 36, 0) == []
    hand.engine.set_parameter("rub_speed", 0.25)
    seconds(hand.engine, 0.1)
    hand.done()
    assert hand.send(0x90, 37, 90) == [("rub", 2, (0.6, 0.25, 1.0))]
    assert hand.send(0x80, 37, 0) == [("rub", 2, (0.0, 0.25, 1.0))]


@pytest.mark.parametrize("name", ["damp", "soothe"])
def test_a_hand_rests_until_the_last_pad_is_up(hand: Hand, name: str) -> None:
    made = Map()
    for note in (36, 37):
        made.note(note, HOLD, 1, gesture=name, low=0.0, high=0.9)
    made.note(38, HOLD, 2, gesture=name, low=0.0, high=0.9)
    hand.give(made)
    assert hand.send(0x90, 36, 90) == [(name, 1, (0.9,))]
    assert hand.send(0x90, 37, 90) == [(name, 1, (0.9,))]
    assert hand.send(0x80, 36, 0) == []
    assert hand.send(0x90, 38, 1) == [(name, 2, (0.9,))]
    assert hand.held == [1, 2]
    assert hand.send(0x80, 37, 0) == [(name, 1, (0.0,))]
    assert hand.send(0x80, 38, 0) == [(name, 2, (0.0,))]
    assert hand.held == []


def test_any_argument_may_be_held_and_the_others_stay(hand: Hand) -> None:
    made = Map()
    made.note(36, HOLD, 1, gesture="place", argument=1, low=2.0, high=9.0, values=(45.0, 3.0, 0.0, 0.0))
    made.note(37, HOLD, 2, gesture="rub", low=0.0, high=0.7, values=(0.0, -1.0, 0.8, 0.0))
    hand.give(made)
    assert hand.send(0x90, 36, 90) == [("place", 1, (0.0, 9.0))]
    assert hand.send(0x80, 36, 90) == [("place", 1, (0.0, 2.0))]
    assert hand.send(0x90, 37, 90) == [("rub", 2, (0.7, 0.5, 0.8))], "as fast as the parameter has it"
    assert hand.send(0x80, 37, 90) == [("rub", 2, (0.0, 0.5, 0.8))]


def test_two_pads_held_together_tie_and_untie(hand: Hand) -> None:
    made = Map()
    made.note(36, TIE, 0)
    made.note(37, TIE, 3)
    hand.give(made)
    assert hand.send(0x90, 36, 90) == []
    assert hand.send(0x90, 37, 90) == [("bind", 3, (0.0, 0.5))]
    hand.send(0x80, 37, 0)
    assert hand.send(0x90, 37, 90) == [("bind", 3, (0.0, 0.0))]
    assert not hand.engine.state.thread.strength.any()
    hand.send(0x80, 36, 0)
    assert hand.send(0x90, 37, 90) == [], "the other is up"


def test_buttons_fire_and_cycle_as_notes_or_controls(hand: Hand) -> None:
    made = Map()
    made.note(36, FIRE, gesture="hush")
    made.cc(20, FIRE, gesture="tap")
    made.cc(21, CYCLE, parameter="stakes", low=0.0, high=3.0)
    made.cc(22, NOTHING)
    hand.give(made)
    assert hand.send(0x90, 36, 1) == [("hush", -1, ())]
    assert hand.send(0x80, 36, 1) == []
    assert hand.send(0xB0, 20, 127) == [("tap", -1, ())]
    assert hand.send(0xB0, 20, 0) == []
    assert [hand.send(0xB0, 21, value) for value in (127, 0, 127, 1)] == [
        [("stakes", -1, (2.0,))],
        [],
        [("stakes", -1, (3.0,))],
        [("stakes", -1, (0.0,))],
    ]
    assert hand.send(0xB0, 22, 127) == []
    assert hand.hand.taken == 9 and hand.hand.unclaimed == 0


def test_a_panic_by_a_pad_lets_go_of_all_pads(hand: Hand) -> None:
    made = Map()
    made.note(36, HOLD, 1, gesture="tilt", low=0.0, high=6.0)
    made.note(37, RUB, 2, values=(0.6, 0.7, 1.0, 0.0))
    made.note(38, FIRE, gesture="panic")
    hand.give(made)
    hand.give(made, 5)
    hand.send(0x90, 36, 90)
    hand.send(0x90, 37, 90)
    hand.send(0x90, 36, 90, port=5)
    assert [name for name, *_ in hand.send(0x90, 38, 90)] == ["panic", "tilt", "rub", "tilt"]
    assert hand.held == [] and not hand.engine.state.hand["down"].any()
    assert hand.engine.state.sphere.tilt_target[1] == 0.0
    assert hand.send(0x80, 37, 0) == []


def test_a_panic_beside_the_ring_lets_go_too(hand: Hand) -> None:
    made = Map()
    made.note(36, HOLD, 1, gesture="damp", low=0.0, high=1.0)
    hand.give(made)
    hand.send(0x90, 36, 90)
    hand.engine.panic()
    hand.engine.render(64)
    assert [name for name, *_ in hand.done()] == ["panic", "damp"]
    assert hand.held == []


def test_a_controller_that_goes_lets_go(hand: Hand) -> None:
    made = Map()
    made.note(36, HOLD, 1, gesture="soothe", low=0.0, high=1.0)
    made.note(37, STRIKE, 2, **PAD)
    hand.give(made)
    for data in ((0x90, 36, 90), (0x90, 37, 90), (0xA0, 37, 90)):
        hand.send(*data)
    hand.engine.let_go(PORT)
    hand.engine.render(64)
    assert [(name, s, values[0]) for name, s, values in hand.done()[1:]] == [("soothe", 1, 0.0), ("rub", 2, 0.0)]
    assert hand.held == []
    assert hand.send(0x90, 36, 90) == [("soothe", 1, (1.0,))], "its map is still there"


def test_another_map_lets_go_by_the_old_one(hand: Hand) -> None:
    first, second = Map(), Map()
    first.note(36, HOLD, 1, gesture="damp", low=0.0, high=1.0)
    second.note(36, STRIKE, 3, **PAD)
    hand.give(first)
    hand.send(0x90, 36, 90)
    hand.give(second)
    assert hand.done() == [("damp", 1, (0.0,))]
    assert hand.held == []
    assert hand.send(0x80, 36, 90) == []
    assert [s for _, s, _ in hand.send(0x90, 36, 90)] == [3]
    hand.give(None)
    assert hand.send(0x90, 61, 90)[0][0] == "midi"


def test_a_map_under_way_is_waited_for(hand: Hand) -> None:
    assert hand.engine.give_hand(PORT, Map().table)
    assert not hand.engine.give_hand(PORT, Map().table)
    assert hand.engine.give_hand(PORT + 1, Map().table), "another port's is"
    hand.engine.render(1)
    assert hand.engine.give_hand(PORT, Map().table)


@pytest.mark.parametrize(
    ("source", "place"), [(-1, 0), (16, 1), (3, 2), (3, -1), (3, 0.5), (3, np.nan), (2**31 - 1, 0)]
)
def test_a_map_there_is_not_is_refused(hand: Hand, source: int, place: float) -> None:
    hand.engine.repeat(0, HAND, -1, source, (place, 0, 0, 0))
    hand.engine.render(1)
    assert hand.engine.state.counters.refused_commands == 1
    assert not hand.engine.state.hand["map"].any()


def test_what_no_control_claims_goes_by_the_mode_or_is_ignored(hand: Hand) -> None:
    hand.give(Map(falls=True))
    assert hand.send(0x90, 61, 90) == [("midi", -1, (0x90, 61, 90, 3))]
    assert hand.held == [1]
    hand.send(0x80, 61, 0)
    hand.give(Map(falls=False))
    assert hand.send(0x90, 62, 90) == []
    assert hand.send(0xC0, 3) == []
    assert hand.held == [] and hand.hand.unclaimed == 2
    assert hand.engine.state.midi.ignored[4] == 2
    assert hand.send(0xF8)[0][0] == "midi", "a clock is a clock"
    assert hand.send(0x90, 62, 90, port=PORT + 1)[0][0] == "midi", "and other ports are as they were"


def test_a_new_set_knows_of_no_hands(hand: Hand) -> None:
    made = Map()
    made.note(36, HOLD, 3, gesture="damp", low=0.0, high=1.0)
    made.note(37, STRIKE, 60, **PAD)
    hand.give(made)
    assert hand.send(0x90, 37, 90) == [], "there is no such sphere, but the pad is claimed"
    hand.send(0x90, 36, 90)
    hand.engine.change_set(load_set("bowls"))
    hand.engine.render(64)
    assert hand.held == [] and not hand.hand.down.any()
    hand.done()
    assert hand.send(0x80, 36, 90) == []
    assert hand.engine.state.counters.refused_commands == 0
