"""Spheres on surfaces: which control is for which, what the lights show, pages, and what a player's own entries do."""

from __future__ import annotations

from pathlib import Path

import pytest

from weaver.mapping.lay import lay
from weaver.mapping.loom import Assignment, Laid, Spot
from weaver.mapping.loom_file import load_loom
from weaver.mapping.profile_file import load_profile

HEAD = 'format = 1\ntitle = "Box"\nevidence = "low"\n[lights]\ndriver = "novation-rgb"\n'
GRID = """
[[pads]]
name = "grid"
columns = 8
rows = 8
first = 0
velocity = false
pressure = "poly"
loom = "grid"
led = "rgb"
"""
KNOBS = """
[[knobs]]
name = "knobs"
columns = 4
first = 20
encoding = "twos-complement"
do = ["lift", "tilt", "level_db"]
led = "ring"
"""
BUTTONS = """
[[buttons]]
name = "buttons"
columns = 3
first = 100
do = ["page-next", "soothe"]
led = "switch"
"""


def laid_out(folder: Path, text: str, spheres: int = 8, page: int = 0) -> Laid:
    path = folder / "box.toml"
    path.write_text(HEAD + text)
    return lay(load_profile(path), load_loom, spheres, page)


def at(laid: Laid, group: str, column: int, row: int = 0) -> Assignment:
    (found,) = [
        one
        for one in laid.assignments
        if (one.control.group, one.control.column, one.control.row) == (group, column, row)
    ]
    return found


def light(laid: Laid, led: int) -> Spot:
    (found,) = [spot for spot in laid.spots if spot.led == led]
    return found


def test_a_column_is_a_sphere_and_a_row_a_deed(tmp_path: Path) -> None:
    laid = laid_out(tmp_path, GRID)
    assert (laid.page, laid.pages, laid.first, laid.span) == (0, 1, 0, 8)
    for column in range(8):
        assert {at(laid, "grid", column, row).sphere for row in range(8)} == {column}
    deeds = [at(laid, "grid", 5, row).deed for row in range(8)]
    assert deeds == ["strike", "strike", "strike", "rub", "soothe", "bind", "damp", "soothe"]
    assert at(laid, "grid", 0, 0).position == 0.95 and at(laid, "grid", 0, 2).position == 0.2
    rim, soothe = at(laid, "grid", 0, 0), at(laid, "grid", 0, 4)
    assert (rim.pressure, rim.velocity, soothe.pressure) == (True, False, False)


def test_a_sphere_goes_up_through_the_pads_that_show_it(tmp_path: Path) -> None:
    laid = laid_out(tmp_path, GRID)
    column = [light(laid, 8 * row + 3) for row in range(8)]
    assert [spot.show for spot in column] == ["body"] * 5 + ["light", "health", "cracks"]
    assert [spot.height for spot in column[:5]] == pytest.approx([0.0, 0.2, 0.4, 0.6, 0.8])
    assert {spot.stretch for spot in column[:5]} == {0.2}
    assert all(laid.assignments[spot.place].control.led == spot.led for spot in laid.spots)


def test_pages_hold_what_the_surface_does(tmp_path: Path) -> None:
    last = laid_out(tmp_path, GRID, spheres=20, page=2)
    assert (last.page, last.pages, last.first) == (2, 3, 16)
    assert at(last, "grid", 3).sphere == 19
    beyond = at(last, "grid", 4)
    assert (beyond.deed, beyond.sphere) == ("none", None), "claimed, so that the mode does not play it"
    assert light(last, 4).show == "dark"
    assert laid_out(tmp_path, GRID, spheres=20, page=7).page == 2
    assert laid_out(tmp_path, GRID, spheres=8, page=1).page == 0


def test_two_rows_may_make_one_line(tmp_path: Path) -> None:
    pads = '[[pads]]\nname = "p"\ncolumns = 4\nrows = 4\nfirst = 36\nloom = "pads-4x4"\nled = "rgb"\n'
    laid = laid_out(tmp_path, pads, spheres=16, page=1)
    assert (laid.span, laid.pages) == (8, 2)
    assert [at(laid, "p", 0, row).sphere for row in range(4)] == [8, 12, 8, 12]
    assert [at(laid, "p", 0, row).deed for row in range(4)] == ["strike", "strike", "soothe", "soothe"]
    assert {light(laid, led).stretch for led in range(36, 44)} == {1.0}


def test_knobs_turn_what_can_be_played(tmp_path: Path) -> None:
    laid = laid_out(tmp_path, KNOBS, spheres=8, page=1)
    assert (laid.span, laid.pages, laid.first) == (2, 4, 2), "as many as have a knob"
    lift, tilt, level = laid.assignments
    assert (lift.sphere, lift.gesture, lift.argument, lift.low, lift.high) == (2, "lift", "level", -24, 6)
    assert (tilt.sphere, tilt.low, tilt.high, tilt.encoding) == (3, -6, 6, "twos-complement")
    assert (level.deed, level.parameter, level.sphere, level.low, level.high) == ("parameter", "level_db", None, -60, 6)
    assert [spot.show for spot in laid.spots] == ["light", "light", "value", "dark"]
    assert [spot.place for spot in laid.spots] == [0, 1, 2, -1]


def test_buttons_show_whether_their_deed_can_be_done(tmp_path: Path) -> None:
    laid = laid_out(tmp_path, GRID + BUTTONS, spheres=16, page=1)
    assert (light(laid, 100).show, light(laid, 100).deed) == ("deed", "page-next")
    assert (light(laid, 101).show, light(laid, 101).sphere) == ("light", 9)
    assert (light(laid, 102).show, light(laid, 102).place) == ("dark", -1)


def test_what_a_player_has_said_comes_first(tmp_path: Path) -> None:
    own = """
[[controls]]
cc = 20
channel = 1
parameter = "wet_db"
[[controls]]
note = 63
do = "hush"
[[controls]]
note = 62
gesture = "strike"
sphere = 8
"""
    laid = laid_out(tmp_path, GRID + KNOBS + own)
    assert [one.deed for one in laid.assignments[:3]] == ["parameter", "hush", "strike"]
    assert (laid.assignments[0].any_channel, laid.assignments[1].any_channel) == (False, True)
    assert not [one for one in laid.assignments if one.control.group == "knobs" and one.control.number == 20]
    knob = next(spot for spot in laid.spots if spot.group == "knobs")
    corner, beside = light(laid, 63), light(laid, 62)
    assert (knob.place, knob.show, knob.sphere) == (0, "value", None)
    assert (corner.place, corner.show, corner.deed) == (1, "deed", "hush")
    assert (beside.place, beside.show, beside.sphere) == (2, "body", 7)
    assert lay(load_profile(tmp_path / "box.toml"), load_loom, 5).assignments[2].deed == "none"
