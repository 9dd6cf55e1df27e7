"""The rows of the spheres: how each of them fares can be read, with colours and without."""

from __future__ import annotations

import pytest
from support.pictures import PICTURE, SCENE, line_with, text_of, with_azure

from weaver.surfaces.rows import arrange, pitch_name
from weaver.surfaces.sky import STILL, Drift

WIDTHS = (60, 80, 110, 160)


def azure(width: int = 110, drift: Drift = STILL, **changes: object) -> str:
    return line_with(text_of(with_azure(SCENE, **changes), width, drift=drift), "Azure")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_whole_sphere_has_a_whole_line_and_no_cracks(width: int) -> None:
    row = line_with(text_of(PICTURE, width), "Violet")
    assert row.count("━") >= 6
    assert not set("╸╌╱╲╳⌁○☾") & set(row)


@pytest.mark.parametrize("width", WIDTHS)
def test_health_is_a_line_that_breaks_off(width: int) -> None:
    full = azure(width, health=1.0).count("━")
    assert azure(width, health=0.5).count("━") == full // 2
    assert azure(width, health=0.99).count("━") == full - 1
    assert "╸" in azure(width, health=0.01) and "╸" not in azure(width, health=0.0)
    assert azure(width, health=0.0).count("╌") == full


@pytest.mark.parametrize("state", ["flickering", "fractured", "failing", "shattered", "reforming"])
def test_a_state_is_a_word_where_there_is_room_and_a_mark_where_there_is_none(state: str) -> None:
    whole = {width: azure(width, state="whole", soothed=0.0) for width in WIDTHS}
    for width in WIDTHS:
        row = azure(width, state=state, soothed=0.0)
        assert (state in row) == (width >= 80)
        assert row != whole[width]


def test_states_can_be_told_apart_where_there_is_least_room() -> None:
    states = ("whole", "flickering", "fractured", "failing", "shattered", "reforming")
    rows = {
        line_with(text_of(with_azure(SCENE, state=state, soothed=0.0, cracks=()), 20, 16), "E6") for state in states
    }
    assert len(rows) == len(states)


def test_a_shattered_sphere_is_an_empty_ring_without_light() -> None:
    row = azure(state="shattered", health=0.0, light=0.7)
    assert "○" in row and "●" not in row and "█" not in row and "╱" not in row
    assert "━" not in row and "shattered" in row


def test_a_reforming_sphere_gathers_dust_that_flows_towards_it() -> None:
    def grains(seconds: float) -> list[int]:
        row = azure(drift=Drift(dust_s=seconds), state="reforming", health=0.2, light=0.0, cracks=(), soothed=0.0)
        return [at for at, glyph in enumerate(row) if glyph == "∙"]

    assert grains(0.0) == grains(0.01)
    assert len(grains(0.0)) > 3
    assert {at - 1 for at in grains(0.0)[1:]} <= set(grains(1.01 / 7.0))
    assert azure(state="reforming", light=1.0).count("█") > 20
    marks = [azure(state="reforming", health=health).split()[3][0] for health in (0.0, 0.3, 0.6)]
    assert len(set(marks)) == 3


@pytest.mark.parametrize("width", (20, *WIDTHS))
def test_a_soothing_hand_is_seen_everywhere(width: int) -> None:
    assert "☾" in text_of(with_azure(SCENE, soothed=1.0), width)
    assert "☾" not in text_of(with_azure(SCENE, soothed=0.0), width)


def test_light_has_the_room_of_words_where_nothing_can_befall_a_sphere() -> None:
    safe, whole = text_of(PICTURE), text_of(with_azure(SCENE, state="whole", cracks=()))
    assert line_with(safe, "Violet").count("█") > line_with(whole, "Violet").count("█")


@pytest.mark.parametrize(
    ("spheres", "width", "rows", "arranged"),
    [(8, 100, 15, (1, 8, True)), (8, 100, 14, (1, 8, False)), (8, 100, 7, (2, 4, True)), (64, 60, 4, (4, 4, False))],
)
def test_as_few_columns_as_may_be(spheres: int, width: int, rows: int, arranged: tuple[int, int, bool]) -> None:
    assert arrange(spheres, width, rows) == arranged


@pytest.mark.parametrize(
    ("pitch_hz", "shown"),
    [
        (440.0, ("A4", 0)),
        (261.6256, ("C4", 0)),
        (32.7032, ("C1", 0)),
        (327.032, ("E4", -14)),
        (8.1758, ("C-1", 0)),
        (0.0, ("–", 0)),
    ],
)
def test_pitch_names(pitch_hz: float, shown: tuple[str, int]) -> None:
    assert pitch_name(pitch_hz) == shown
