"""Light, health and cracks in a row of cells."""

from __future__ import annotations

from rich.color import Color
from rich.text import Text

from weaver.surfaces.bars import crack_signature, health_bar, light_bar
from weaver.surfaces.palette import SICKLY


def luminance(text: Text) -> float:
    """Of all its colours together, about."""
    styles = [str(text.style), *(str(span.style) for span in text.spans)]
    return sum(sum(Color.parse(style).get_truecolor()) for style in styles if style)


def test_a_bar_is_exact_to_an_eighth() -> None:
    assert light_bar(0.0, 4, "#ffffff").plain == "····"
    assert light_bar(0.5, 4, "#ffffff").plain == "██··"
    assert light_bar(0.5 + 3 / 32, 4, "#ffffff").plain == "██▍·"
    assert light_bar(7.0, 4, "#ffffff").plain == "████"


def test_health_has_glyphs_of_its_own() -> None:
    bars = "".join(health_bar(step / 20, 6, "#2fb8ff", False).plain for step in range(21))
    lights = "".join(light_bar(step / 20, 6, "#2fb8ff").plain for step in range(21))
    assert not set(bars) & set(lights)


def test_what_is_lost_of_health_turns_sickly() -> None:
    lost = [health_bar(health, 6, "#2fb8ff", False).spans[-1].style for health in (0.8, 0.5, 0.0)]
    assert lost[-1] == SICKLY and len(set(lost)) == 3
    assert health_bar(0.0, 6, "#2fb8ff", True).style != SICKLY


def test_cracks_are_jagged_lines_that_grow() -> None:
    assert crack_signature((), 8, 1.0).plain == ""
    assert crack_signature((0.03,), 8, 1.0).plain == "⌁"
    assert crack_signature((0.5,), 8, 1.0).plain == "╱"
    assert crack_signature((0.5, 0.6), 8, 1.0).plain == "╱╲"
    assert crack_signature((2.4,), 8, 1.0).plain == "╳╲╱╲"
    lengths = [len(crack_signature((length,), 8, 1.0)) for length in (0.1, 0.6, 1.2, 1.8, 2.4)]
    assert lengths == sorted(lengths) and lengths[-1] > lengths[0]


def test_however_many_cracks_keep_to_their_room() -> None:
    for cells in (5, 8):
        for count in range(9):
            assert len(crack_signature((2.4,) * count, cells, 0.5)) <= cells
    assert len(crack_signature((2.4,) * 8, 8, 0.5)) == 8


def test_cracks_glow_as_the_light_fails() -> None:
    steady, out = crack_signature((1.0,), 8, 1.0), crack_signature((1.0,), 8, 0.0)
    assert steady.plain == out.plain
    assert luminance(steady) < luminance(out)
