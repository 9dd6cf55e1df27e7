"""A controller's knobs, faders and encoders: what they turn, how they say it, and when they take over."""

from __future__ import annotations

import numpy as np
import pytest
from support.handy import PORT, Hand, Map

from weaver.engine.hand import (
    ABSOLUTE_14,
    BINARY_OFFSET,
    JUMP,
    PARAMETER_TURN,
    PICKUP,
    SCALE,
    SIGN_MAGNITUDE,
    TURN,
    TWOS_COMPLEMENT,
    UNKNOWN,
)
from weaver.engine.hand_knobs import MOST, WINDOW
from weaver.model.parameters import INDEX

STEP = 1 / 128


@pytest.fixture
def hand() -> Hand:
    return Hand()


def turned(hand: Hand, value: int, cc: int = 20) -> list[float]:
    """The values that one control change became."""
    return [values[0] for _, _, values in hand.send(0xB0, cc, value)]


def wetness(takeover: int, **fields: object) -> Map:
    """CC 20 turns the room's level from -60 to 0 dB; it stands at -15, three quarters up."""
    made = Map()
    made.cc(20, PARAMETER_TURN, parameter="wet_db", low=-60.0, high=0.0, takeover=takeover, **fields)
    return made


def at_three_quarters(hand: Hand, made: Map) -> None:
    hand.give(made)
    hand.engine.set_parameter("wet_db", -15.0)
    hand.engine.render(64)
    hand.done()


def test_a_knob_turns_a_parameter_from_end_to_end(hand: Hand) -> None:
    hand.give(wetness(JUMP))
    assert [turned(hand, value) for value in (0, 64, 127, 32)] == [[-60.0], [-30.0], [0.0], [-45.0]]
    assert hand.engine.state.target[INDEX["wet_db"]] == -45.0


def test_low_may_be_above_high_and_ratios_equal(hand: Hand) -> None:
    made = Map()
    made.cc(20, PARAMETER_TURN, parameter="tilt_db", low=6.0, high=-6.0)
    made.cc(21, PARAMETER_TURN, parameter="room_t60_s", low=0.5, high=8.0, exponential=1)
    hand.give(made)
    assert [turned(hand, value) for value in (0, 64, 127)] == [[6.0], [0.0], [-6.0]]
    assert [turned(hand, value, 21) for value in (0, 64, 127)] == [[0.5], [2.0], [8.0]]
    assert hand.engine.hand_view(PORT).aim[1] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("gesture", "low", "high"),
    [("lift", -30, 6), ("tilt", -6, 6), ("bend", -200, 200), ("damp", 0, 1), ("soothe", 0, 1), ("rub", 0, 1)],
)
def test_a_fader_turns_a_gesture_and_its_aim_is_read_back(hand: Hand, gesture: str, low: float, high: float) -> None:
    made = Map()
    place = made.cc(20, TURN, 2, gesture=gesture, low=low, high=high, values=(0.0, 0.5, 0.8, 0.0))
    hand.give(made)
    ((name, s, values),) = hand.send(0xB0, 20, 96)
    assert (name, s) == (gesture, 2)
    norm = 0.5 + 0.5 * 32 / 63
    assert values[0] == pytest.approx(low + norm * (high - low), abs=1e-3)
    view = hand.engine.hand_view(PORT)
    assert view.aim[place] == pytest.approx(norm, abs=1e-5) and view.hardware[place] == pytest.approx(norm, abs=1e-6)
    assert view.caught[place] == 1 and view.aim[place + 1] == UNKNOWN


def test_what_a_gesture_has_beside_stays_as_it_is(hand: Hand) -> None:
    made = Map()
    made.cc(20, TURN, 2, gesture="place", argument=0, low=-90.0, high=90.0, values=(0.0, 2.0, 0.0, 0.0))
    made.cc(21, TURN, -1, gesture="place", argument=1, low=1.0, high=9.0, values=(0.0, 2.0, 0.0, 0.0))
    made.cc(22, TURN, 1, gesture="rub", argument=0, low=0.0, high=1.0, values=(0.0, 0.4, 0.8, 0.0))
    made.cc(23, TURN, 1, gesture="rub", argument=1, low=0.0, high=1.0, values=(0.0, 0.4, 0.8, 0.0))
    made.cc(24, TURN, -1, gesture="lift", low=-60.0, high=0.0)
    hand.give(made)
    hand.engine.gesture("place", 2, azimuth=10.0, distance=7.0)
    hand.engine.render(64)
    hand.done()
    assert hand.send(0xB0, 20, 127) == [("place", 2, (90.0, 7.0))]
    assert hand.send(0xB0, 21, 0) == [("place", s, (90.0 if s == 2 else 0.0, 1.0)) for s in range(4)]
    assert hand.send(0xB0, 22, 127) == [("rub", 1, (1.0, 0.4, 0.8))]
    assert hand.send(0xB0, 23, 127) == [("rub", 1, (1.0, 1.0, 0.8))]
    assert hand.send(0xB0, 22, 64) == [("rub", 1, (0.5, 1.0, 0.8))]
    assert hand.send(0xB0, 24, 0) == [("lift", -1, (-60.0,))]


def test_fourteen_bits_and_the_pitch_wheel(hand: Hand) -> None:
    made = Map()
    made.cc(1, PARAMETER_TURN, parameter="level_db", low=-60.0, high=0.0, encoding=ABSOLUTE_14)
    made.cc(40, PARAMETER_TURN, parameter="hum_db", low=-60.0, high=0.0)
    made.bend(PARAMETER_TURN, channel=4, parameter="wet_db", low=-60.0, high=0.0)
    hand.give(made)
    assert turned(hand, 96, 1) == [pytest.approx(-14.762, abs=1e-3)]
    assert turned(hand, 1, 33) == [pytest.approx(-60 + 60 * (0.5 + 0.5 * (96 * 128 + 1 - 8192) / 8191), abs=1e-3)]
    assert turned(hand, 127, 1) == [0.0] and turned(hand, 127, 33) == [0.0]
    assert turned(hand, 127, 40) == [0.0], "nobody's lower half"
    assert hand.send(0xB0, 8, 3) == []
    for low, high, level in ((0, 0, -60.0), (0, 64, -30.0), (127, 127, 0.0)):
        assert hand.send(0xE4, low, high) == [("wet_db", -1, (level,))]


@pytest.mark.parametrize(
    ("encoding", "up", "down", "far_up"),
    [(TWOS_COMPLEMENT, 1, 127, 3), (BINARY_OFFSET, 65, 63, 67), (SIGN_MAGNITUDE, 1, 65, 3)],
)
def test_an_encoder_turns_by_ticks(hand: Hand, encoding: int, up: int, down: int, far_up: int) -> None:
    at_three_quarters(hand, wetness(JUMP, encoding=encoding))
    slowly = 48_000

    def tick(value: int) -> float:
        hand.engine.render(slowly)
        ((_, _, values),) = hand.send(0xB0, 20, value)
        return 1 + values[0] / 60

    assert tick(up) == pytest.approx(0.75 + STEP, abs=1e-4)
    assert tick(down) == pytest.approx(0.75, abs=1e-4)
    assert tick(far_up) == pytest.approx(0.75 + 3 * STEP, abs=1e-4)
    assert hand.send(0xB0, 20, 64 if encoding == BINARY_OFFSET else 0) == []
    for _ in range(60):
        last = tick(far_up)
    assert last == 1.0, "it ends at the end"


@pytest.mark.parametrize("rate", [48_000.0, 96_000.0])
def test_the_quicker_an_encoder_is_turned_the_further(hand: Hand, rate: float) -> None:
    """However many frames a second there are."""
    if rate != hand.engine.sample_rate:
        hand.engine.restart(rate)
    hand.give(wetness(JUMP, encoding=TWOS_COMPLEMENT))
    steps = []
    for seconds in (1.0, 0.1, 0.03, 0.01, 0.002):
        hand.engine.set_parameter("wet_db", -45.0)
        hand.engine.render(round(seconds * rate))
        hand.done()
        hand.engine.midi((0xB0, 20, 1), PORT)
        hand.engine.render(1)
        ((_, _, values),) = hand.done()
        steps.append((values[0] + 45) / 60 / STEP)
    assert steps == pytest.approx([1.0, 1.0, 2.0, MOST, MOST], rel=0.01)


def test_a_knob_is_picked_up_near_its_aim(hand: Hand) -> None:
    at_three_quarters(hand, wetness(PICKUP))
    assert turned(hand, 20) == turned(hand, 60) == turned(hand, 89) == []
    view = hand.engine.hand_view(PORT)
    assert (view.aim[0], view.caught[0]) == (0.75, 0) and view.hardware[0] == pytest.approx(0.698, abs=1e-3)
    assert 0.75 - (0.5 + 0.5 * 29 / 63) < WINDOW
    assert turned(hand, 93) == [pytest.approx(-60 + 60 * (0.5 + 0.5 * 29 / 63), abs=1e-3)]
    assert turned(hand, 10) != [], "and keeps it, however fast it is turned then"


def test_a_fast_sweep_past_the_aim_picks_it_up(hand: Hand) -> None:
    at_three_quarters(hand, wetness(PICKUP))
    assert turned(hand, 127) == []
    assert turned(hand, 30) == [pytest.approx(-60 + 60 * 0.5 * 30 / 64, abs=1e-3)]
    hand.engine.set_parameter("wet_db", -15.0)
    hand.engine.render(64)
    hand.done()
    assert turned(hand, 31) == [], "somebody else has turned it"
    assert turned(hand, 120) != []


def test_the_first_word_of_a_knob_only_arms(hand: Hand) -> None:
    at_three_quarters(hand, wetness(PICKUP))
    assert turned(hand, 127) == []
    hand.engine.let_go(PORT)
    hand.engine.render(64)
    hand.done()
    assert hand.hand.hardware[0] == UNKNOWN
    assert turned(hand, 0) == [], "where it came from is not known any more"
    assert turned(hand, 1) == []
    hand.engine.let_go(PORT)
    assert turned(hand, 96)[1:] or hand.hand.caught[0] == 1, "unless it is there already"


def test_another_page_arms_anew_and_knows_where_knobs_stand(hand: Hand) -> None:
    first, second = Map(), Map()
    first.cc(20, TURN, 0, gesture="lift", low=-60.0, high=0.0, takeover=PICKUP)
    second.cc(21, TURN, 3, gesture="lift", low=-60.0, high=0.0, takeover=PICKUP)
    moved = second.cc(20, TURN, 2, gesture="lift", low=-60.0, high=0.0, takeover=PICKUP)
    hand.give(first)
    assert turned(hand, 126) != [] and turned(hand, 30) != []
    hand.give(second)
    assert hand.hand.hardware[moved] == pytest.approx(0.5 * 30 / 64) and hand.hand.hardware[0] == UNKNOWN
    assert hand.hand.caught[moved] == 0
    assert turned(hand, 40) == [], "sphere 2 stands at 0 dB"
    assert [values for values in (turned(hand, 127), turned(hand, 20))] == [[0.0], [-60 + 60 * 0.5 * 20 / 64]]
    hand.give(first)
    assert turned(hand, 25) == [], "sphere 0 stands at 30"
    hand.engine.restart(44_100.0)
    assert hand.hand.hardware[0] == pytest.approx(0.5 * 25 / 64), "a restart leaves knobs where they are"


def test_a_scaled_knob_is_there_at_the_ends(hand: Hand) -> None:
    at_three_quarters(hand, wetness(SCALE))
    assert turned(hand, 64) == []
    norms = [1 + turned(hand, value)[0] / 60 for value in (80, 96, 127)]
    assert norms == sorted(norms) and norms[0] > 0.75 and norms[-1] == 1.0
    assert norms[0] == pytest.approx(0.75 + 16 / 63 * 0.25, abs=1e-4), "half way to go, a quarter to turn"
    at_three_quarters(hand, wetness(SCALE))
    norms = [1 + turned(hand, value)[0] / 60 for value in (96, 32, 0)]
    assert norms[1] < norms[0] < 0.75 and norms[2] == 0.0
    assert hand.hand.caught[0] == 1


def test_a_knob_that_jumps_takes_over_at_once(hand: Hand) -> None:
    at_three_quarters(hand, wetness(JUMP))
    assert turned(hand, 0) == [-60.0]


def test_a_snapshot_and_views_are_for_any_thread(hand: Hand) -> None:
    hand.give(wetness(JUMP))
    first, second = hand.engine.hand_view(PORT), hand.engine.hand_view(PORT)
    first.aim[0] = 0.123
    assert second.aim[0] != first.aim[0]
    mine = np.zeros(1, hand.engine.snapshot().dtype).view(np.recarray)[0]
    assert hand.engine.snapshot(mine) is mine
    assert mine.frame == hand.engine.state.frame
    hand.engine.render(64)
    assert hand.engine.snapshot().frame > mine.frame
