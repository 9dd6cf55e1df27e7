"""Fingers on a disc: landing, rubbing, resting, lifting; and what a network does to them."""

from __future__ import annotations

import math

import pytest

from weaver.mapping.finger import FIRM, HIGH_VELOCITY, LIGHT, LOW_VELOCITY, MOST_REMEMBERED, SLOWEST, Deed, Fingers
from weaver.model.gestures import RUB, STRIKE

FRAME_S = 1.0 / 60.0
TURN_S = 0.02


def strikes(deeds: list[Deed]) -> list[Deed]:
    return [deed for deed in deeds if deed.code == STRIKE]


def rubs(deeds: list[Deed]) -> list[Deed]:
    return [deed for deed in deeds if deed.code == RUB]


class Hand:
    """A finger of a tablet, `turn` called as the instrument would."""

    def __init__(self, fingers: Fingers | None = None, owner: str = "tablet", says_down: bool = True) -> None:
        self.fingers = fingers or Fingers()
        self.owner, self.says_down = owner, says_down
        self.now_s = 100.0
        self.turned_s = 100.0
        self.rounds = 0.0
        self.deeds: list[Deed] = []

    def wait(self, seconds: float) -> list[Deed]:
        done = []
        until_s = self.now_s + seconds
        while self.turned_s + TURN_S <= until_s:
            self.turned_s += TURN_S
            done += self.fingers.turn(self.turned_s)
        self.now_s = until_s
        self.deeds += done
        return done

    def at(self, x: float, y: float, down: bool = True, sphere: int = 0, finger: int = 0) -> list[Deed]:
        is_down = down if self.says_down else None
        done = self.fingers.touch(self.owner, sphere, finger, x, y, is_down, self.now_s)
        self.deeds += done
        return done

    def circle(self, seconds: float, rounds_per_s: float = 0.5, radius: float = 0.8, lost: int = 0) -> list[Deed]:
        """Go on round, telling 60 times a second; of every `lost` + 1 messages but one is lost."""
        done = []
        for step in range(round(seconds / FRAME_S)):
            angle = 2.0 * math.pi * self.rounds
            self.rounds += rounds_per_s * FRAME_S
            if step % (lost + 1) == 0:
                done += self.at(0.5 + 0.5 * radius * math.cos(angle), 0.5 + 0.5 * radius * math.sin(angle))
            done += self.wait(FRAME_S)
        return done


def test_it_strikes_where_it_lands_and_harder_higher_up() -> None:
    hand = Hand()
    for x, y, velocity, position in (
        (0.5, 0.0, LOW_VELOCITY, 1.0),
        (0.5, 1.0, HIGH_VELOCITY, 1.0),
        (0.5, 0.5, 0.675, 0.0),
        (0.75, 0.5, 0.675, 0.5),
        (1.0, 1.0, HIGH_VELOCITY, 1.0),
    ):
        (deed,) = hand.at(x, y) + hand.wait(0.02)
        assert (deed.code, deed.sphere) == (STRIKE, 0)
        assert (deed.a, deed.c) == pytest.approx((velocity, position))
        assert hand.at(x, y, down=False) == []


def test_who_says_down_then_x_then_y_strikes_once_and_where_it_is_now() -> None:
    hand = Hand()
    hand.at(0.2, 0.1)
    assert len(strikes(hand.at(0.2, 0.1, down=False))) == 1, "a tap shorter than the wait"
    hand.wait(1.0)
    assert not hand.at(0.2, 0.1) and not hand.at(0.6, 0.1)
    (deed,) = hand.at(0.6, 0.9)
    assert deed.a == pytest.approx(LOW_VELOCITY + (HIGH_VELOCITY - LOW_VELOCITY) * 0.9)
    assert not strikes(hand.wait(0.1))


def test_where_it_was_lifted_is_known_so_a_landing_elsewhere_strikes_at_once() -> None:
    hand = Hand()
    hand.at(0.2, 0.1)
    hand.at(0.3, 0.2, down=False)
    hand.wait(5.0)
    assert len(strikes(hand.at(0.5, 0.5))) == 1
    hand.at(0.5, 0.5, down=False)
    assert not hand.at(0.5, 0.8), "so high is new, but that far right may be of the last time"
    assert len(strikes(hand.wait(0.02))) == 1


def test_a_tap_that_rolls_a_little_does_not_rub() -> None:
    hand = Hand()
    hand.at(0.6, 0.6)
    for step in range(5):
        hand.wait(FRAME_S)
        hand.at(0.6 + 0.0015 * step, 0.6 + 0.0015 * step)
    hand.at(0.6, 0.6, down=False)
    hand.wait(1.0)
    assert len(hand.deeds) == 1 and not rubs(hand.deeds)


def test_creeping_is_rest() -> None:
    hand = Hand()
    hand.circle(3.0, rounds_per_s=0.7 * SLOWEST)
    assert len(hand.deeds) == 1 and strikes(hand.deeds)


@pytest.mark.parametrize("rounds_per_s", [0.2, 0.5, 1.0])
@pytest.mark.parametrize("radius", [0.6, 0.95])
def test_going_round_rubs_as_fast_as_it_goes(rounds_per_s: float, radius: float) -> None:
    hand = Hand()
    last = rubs(hand.circle(1.0, rounds_per_s, radius))[-1]
    assert last.a == pytest.approx(LIGHT + (FIRM - LIGHT) * radius, abs=0.03)
    assert last.b == pytest.approx(rounds_per_s, rel=0.12)
    assert last.c == pytest.approx(radius, abs=0.02)
    assert len(strikes(hand.deeds)) == 1


def test_it_sets_in_softly_and_soon() -> None:
    hand = Hand()
    first, *_, last = rubs(hand.circle(0.3))
    assert first.a < 0.5 * last.a
    hand = Hand()
    assert rubs(hand.circle(0.1))[-1].a > 0.3


@pytest.mark.parametrize("lost", [1, 3])
def test_lost_messages_do_not_break_it(lost: int) -> None:
    hand = Hand()
    done = rubs(hand.circle(1.0, 0.5, lost=lost))
    assert min(rub.a for rub in done[len(done) // 2 :]) > 0.4
    assert [rub.b for rub in done[len(done) // 2 :]] == pytest.approx([0.5] * (len(done) - len(done) // 2), rel=0.35)


def test_messages_that_come_in_bunches_are_no_hurry() -> None:
    hand = Hand()
    for bunch in range(12):
        for step in range(4):
            angle = 2.0 * math.pi * 0.5 * (4 * bunch + step) * FRAME_S
            hand.at(0.5 + 0.4 * math.cos(angle), 0.5 + 0.4 * math.sin(angle))
        hand.wait(4 * FRAME_S)
    late = rubs(hand.deeds)[8:]
    assert 0.3 < min(rub.b for rub in late) and max(rub.b for rub in late) < 0.75
    assert min(rub.a for rub in late) > 0.3


def test_resting_ends_it_soon_and_going_on_does_not_strike() -> None:
    hand = Hand()
    hand.circle(0.5)
    hand.wait(0.16)
    assert rubs(hand.deeds)[-1].a == 0.0
    hand.wait(3.0)
    hand.deeds.clear()
    hand.circle(0.5)
    assert rubs(hand.deeds)[-1].a > 0.4 and not strikes(hand.deeds)


def test_after_a_rest_it_sets_off_as_at_first() -> None:
    hand = Hand()
    hand.circle(0.5)
    hand.wait(2.0)
    assert rubs(hand.circle(0.05))[-1].b > 0.2


def test_resting_while_it_says_so_ends_it_too() -> None:
    hand = Hand()
    hand.circle(0.5)
    for _ in range(15):
        hand.at(0.5, 0.1)
        hand.wait(FRAME_S)
    assert rubs(hand.deeds)[-1].a == 0.0


def test_lifting_ends_it_at_once_and_the_next_landing_strikes() -> None:
    hand = Hand()
    hand.circle(0.5)
    (rest,) = hand.at(0.9, 0.5, down=False)
    assert (rest.code, rest.a) == (RUB, 0.0)
    assert hand.at(0.9, 0.5, down=False) == []
    assert len(strikes(hand.at(0.9, 0.5))) == 1


def test_a_lost_lift_leaves_nothing_and_hides_no_landing_elsewhere() -> None:
    hand = Hand()
    hand.circle(0.5, radius=0.8)  # a quarter of a round, to the top
    hand.wait(0.6)
    assert rubs(hand.deeds)[-1].a == 0.0
    assert len(strikes(hand.at(0.2, 0.5))) == 1


def test_who_says_x_and_y_only_lands_after_a_silence() -> None:
    hand = Hand(says_down=False)
    assert len(strikes(hand.circle(0.5))) == 1
    hand.wait(0.2)
    assert rubs(hand.deeds)[-1].a == 0.0
    assert not strikes(hand.circle(0.2))
    hand.wait(0.35)
    assert len(strikes(hand.circle(0.2))) == 1


def test_the_firmest_of_several_counts_and_the_next_takes_over() -> None:
    fingers = Fingers()
    inner, outer = Hand(fingers, "one"), Hand(fingers, "two")
    for step in range(60):
        for hand, radius in ((inner, 0.5), (outer, 0.9)):
            angle = 2.0 * math.pi * 0.5 * step * FRAME_S
            hand.at(0.5 + 0.5 * radius * math.cos(angle), 0.5 + 0.5 * radius * math.sin(angle))
            hand.now_s += FRAME_S
    told = rubs(sorted(inner.deeds + outer.deeds, key=lambda deed: deed.c))
    assert told[-1].c == pytest.approx(0.9, abs=0.01)
    (over,) = fingers.leave("two")
    assert over.c == pytest.approx(0.5, abs=0.01) and over.a > 0.3
    (rest,) = fingers.leave("one")
    assert rest.a == 0.0


def test_who_was_silenced_stays_silent_until_it_lands_again() -> None:
    hand = Hand()
    hand.circle(0.3)
    hand.fingers.still()
    hand.deeds.clear()
    hand.circle(0.5)
    assert hand.deeds == []
    hand.at(0.9, 0.5, down=False)
    assert strikes(hand.circle(0.5)) and rubs(hand.deeds)[-1].a > 0.4


def test_spheres_and_fingers_that_are_gone_are_forgotten() -> None:
    hand = Hand()
    for sphere in range(8):
        hand.at(0.5, 0.5, sphere=sphere)
    hand.wait(0.02)
    hand.fingers.keep(4)
    assert all(not hand.at(0.52, 0.5, sphere=sphere) for sphere in range(4))
    assert strikes(hand.at(0.52, 0.5, sphere=4) + hand.wait(0.02))
    hand.wait(11.0)
    assert strikes(hand.at(0.52, 0.5, sphere=0) + hand.wait(0.02))


@pytest.mark.parametrize("others", [1, MOST_REMEMBERED])
def test_where_so_many_were_lifted_is_remembered_and_no_more(others: int) -> None:
    """Whoever is remembered strikes at once when it lands elsewhere."""
    hand = Hand()
    hand.at(0.5, 0.5)
    hand.at(0.5, 0.5, down=False)
    for other in range(others):
        hand.fingers.touch(other, 1, 0, 0.5, 0.5, True, hand.now_s)
        hand.fingers.touch(other, 1, 0, 0.5, 0.5, False, hand.now_s)
    hand.wait(1.0)
    assert bool(strikes(hand.at(0.7, 0.8))) == (others < MOST_REMEMBERED)


def test_who_leaves_is_not_compared_with_all_who_are_there() -> None:
    """They may leave by the thousand, if somebody wants them to."""
    compared = []

    class Owner:
        __hash__ = object.__hash__

        def __eq__(self, other: object) -> bool:
            compared.append(other)
            return self is other

    fingers, owners = Fingers(), [Owner() for _ in range(50)]
    for owner in owners:
        fingers.touch(owner, 0, 1, 0.5, 0.5, True, 1.0)
        fingers.touch(owner, 1, 1, 0.5, 0.5, True, 1.0)
        fingers.touch(owner, 1, 1, 0.5, 0.5, False, 1.0)
    for owner in owners:
        fingers.leave(owner)
    assert not compared


def test_who_left_is_a_stranger_when_it_is_back() -> None:
    hand = Hand()
    hand.at(0.5, 0.5)
    hand.at(0.5, 0.5, down=False)
    hand.fingers.leave("tablet")
    assert not hand.at(0.7, 0.8), "it may be on its way from anywhere"
    assert strikes(hand.wait(0.02))
