"""Beats as the eye has them."""

from __future__ import annotations

import pytest

from weaver.surfaces.beats import bar_and_beat, is_on_beat, since_beat, whole_beats


@pytest.mark.parametrize(
    ("beat", "whole", "words"),
    [
        (0.0, 0, "1.1"),
        (3.999, 3, "1.4"),
        (4.0, 4, "2.1"),
        (15.9999999, 16, "5.1"),
        (-0.001, -1, "0.4"),
        (65535.0, 65535, "16384.4"),
    ],
)
def test_beats_and_bars_are_counted(beat: float, whole: int, words: str) -> None:
    assert whole_beats(beat) == whole and bar_and_beat(beat) == words


def test_a_beat_has_just_begun_for_a_while() -> None:
    assert since_beat(7.25) == 0.25 and since_beat(7.9999999) == 0.0
    assert "".join("x" if is_on_beat(step / 10) else "-" for step in range(20)) == "xxx-------" * 2
