"""Every controller that ships, played control by control on an engine: each does what its loom says, and no more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from support.handy import PORT, Hand
from support.playing import engine, sphere

from weaver.mapping.deeds import GESTURE_PRESSES, PAGES, SPHERE_PRESSES
from weaver.mapping.hand import compile_hand
from weaver.mapping.lay import lay
from weaver.mapping.loom import Assignment, Laid
from weaver.mapping.loom_file import load_loom
from weaver.mapping.profile_file import MODE_NOTES, load_profile, load_profiles

SPHERES = 8
DEVICES = sorted(profile.name for profile in load_profiles()[0] if profile.notes not in MODE_NOTES)


@dataclass
class Compiled:
    """As `Hand.give` takes it."""

    table: np.record


@pytest.fixture(scope="module")
def hand() -> Hand:
    return Hand(engine(*(sphere(f0_hz=200.0 + 40 * s, name=f"S{s}") for s in range(SPHERES))))


def given(hand: Hand, name: str) -> Laid:
    profile = load_profile(name)
    laid = lay(profile, load_loom, SPHERES)
    hand.engine.panic()
    hand.give(Compiled(compile_hand(laid, profile)))  # type: ignore[arg-type]
    hand.done()
    return laid


def pressed(assignment: Assignment) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """What a pad or button sends when it goes down and up."""
    control = assignment.control
    status = 0x90 if control.message == "note" else 0xB0
    return (status | control.channel, control.number, 100), (status | control.channel, control.number, 0)


@pytest.mark.parametrize("name", DEVICES)
def test_what_is_pressed_does_what_the_loom_says(hand: Hand, name: str) -> None:
    laid = given(hand, name)
    for assignment in laid.assignments:
        if assignment.parameter or assignment.gesture:
            continue
        down, up = pressed(assignment)
        done = hand.send(*down) if len(down) == 3 else []
        let_go = hand.send(*up)
        deed, s = assignment.deed, assignment.sphere
        if deed in ("none", "bind", *PAGES):
            assert (done, let_go) == ([], []), assignment
        elif deed in GESTURE_PRESSES:
            assert [told[0] for told in done] == [deed] and let_go == [], assignment
        elif deed == "stakes":
            assert [told[0] for told in done] == ["stakes"], assignment
        else:
            assert deed in SPHERE_PRESSES
            assert [told[:2] for told in done] == [(deed, s)], assignment
            if deed in ("strike", "rub"):
                assert done[0][2][2] == pytest.approx(assignment.position, abs=1e-3)
            if deed != "strike":
                assert [told[:2] for told in let_go] == [(deed, s)] and let_go[0][2][0] == 0.0, assignment


@pytest.mark.parametrize("name", DEVICES)
def test_what_is_turned_reaches_both_its_ends(hand: Hand, name: str) -> None:
    laid = given(hand, name)
    for place, assignment in enumerate(laid.assignments):
        if not assignment.parameter and not assignment.gesture:
            continue
        control, found = assignment.control, []
        for end in (0, 127):
            for step in sweep(assignment.encoding, end):
                if control.message == "bend":
                    found += hand.send(0xE0 | control.channel, end, step)
                else:
                    found += hand.send(0xB0 | control.channel, control.number, step)
        what = assignment.parameter or assignment.gesture
        assert {(told[0], told[1]) for told in found} == {
            (what, -1 if assignment.sphere is None else assignment.sphere)
        }
        argument = 1 if assignment.argument == "distance" else 0
        turned = [told[2][argument] for told in found]
        assert min(turned) == pytest.approx(min(assignment.low, assignment.high), abs=1e-3), assignment
        assert max(turned) == pytest.approx(max(assignment.low, assignment.high), abs=1e-3), assignment
        assert hand.engine.hand_view(PORT).aim[place] == pytest.approx(1.0, abs=1e-3)


def sweep(encoding: str, end: int) -> list[int]:
    """What is sent on the way to one end, by all its encodings; past the middle, so that a knob is picked up."""
    if encoding.startswith("absolute"):
        return [127 - end, 64, end]
    left, right = {"twos-complement": (68, 60), "binary-offset": (1, 127), "sign-magnitude": (127, 63)}[encoding]
    return [right if end else left] * 6


@pytest.mark.parametrize("name", DEVICES)
def test_pressure_rubs_what_was_struck(hand: Hand, name: str) -> None:
    profile = load_profile(name)
    laid = given(hand, name)
    kinds = {group.name: group.pressure for group in profile.groups}
    for assignment in laid.assignments:
        if not assignment.pressure or assignment.deed != "strike":
            continue
        down, up = pressed(assignment)
        channel, note = down[0] & 0x0F, down[1]
        firm = (0xA0 | channel, note, 90) if kinds[assignment.control.group] == "poly" else (0xD0 | channel, 90)
        hand.send(*down)
        assert [told[:2] for told in hand.send(*firm)] == [("rub", assignment.sphere)]
        assert [told[0] for told in hand.send(*up)] == ["rub"], "the finger is lifted"
