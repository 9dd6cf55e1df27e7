"""What page and services say of controllers."""

from __future__ import annotations

from dataclasses import replace

from weaver.surfaces.hand_lines import MOST_LINES, hand_changes, hand_lines
from weaver.surfaces.picture import HandView, Mismatch

HAND = HandView(1, "a2j:APC", "Akai APC mini mk2", "high", True, "ready", 0, 2, 7, 0.1)


def test_a_line_says_who_is_there_on_which_page_and_what_is_the_matter() -> None:
    knobs = (Mismatch("wet_db", 0.62, 0.35), Mismatch("lift Azure", 0.0, 0.8), Mismatch("turn Azure", 0.0, 0.5))
    (line,) = hand_lines([replace(HAND, note="it was in Notes mode", mismatches=knobs)])
    for part in ("● Akai APC mini mk2", "page 1/2", "it was in Notes mode", "wet_db ◐ 62% → turn to 35%", "and 1 more"):
        assert part in line.plain
    assert "ready" not in line.plain and "turn Azure" not in line.plain
    (line,) = hand_lines([replace(HAND, state="asleep", quiet_s=9.0, pages=1)])
    assert "○ Akai" in line.plain and "asleep" in line.plain and "page" not in line.plain
    assert "(gone)" in hand_lines([replace(HAND, is_connected=False, state="gone")])[0].plain


def test_many_controllers_leave_room_for_the_spheres() -> None:
    lines = hand_lines([replace(HAND, slot=slot, title=f"Pads {slot}") for slot in range(9)])
    assert len(lines) == MOST_LINES
    assert "Pads 8" in lines[-1].plain


def test_who_comes_and_goes_is_told_once() -> None:
    gone = replace(HAND, is_connected=False, state="gone")
    assert hand_changes((), (HAND,)) == ["Akai APC mini mk2 is plugged in (a2j:APC)"]
    assert hand_changes((HAND,), (HAND,)) == []
    assert hand_changes((HAND,), (gone,)) == ["Akai APC mini mk2 has gone"]
    assert hand_changes((gone,), (HAND,)) == ["Akai APC mini mk2 is back (a2j:APC)"]
    other = replace(HAND, name="a2j:LPX", title="Launchpad X")
    assert hand_changes((gone,), (other,)) == ["Launchpad X is plugged in (a2j:LPX)"]


def test_sleep_pages_names_and_notes_are_told() -> None:
    asleep = replace(HAND, state="asleep")
    assert hand_changes((HAND,), (asleep,)) == ["Akai APC mini mk2 has fallen asleep"]
    assert hand_changes((asleep,), (HAND,)) == ["Akai APC mini mk2 is awake again"]
    assert hand_changes((HAND,), (replace(HAND, page=1),)) == ["Akai APC mini mk2: page 2 of 2"]
    assert hand_changes((HAND,), (replace(HAND, title="LPX"),)) == ["Akai APC mini mk2 turns out to be LPX"]
    assert hand_changes((HAND,), (replace(HAND, note="wrong mode"),)) == ["Akai APC mini mk2: wrong mode"]
