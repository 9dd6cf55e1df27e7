"""What was not taken, in words, and where a player reads it."""

from __future__ import annotations

from dataclasses import replace

from support.pictures import PICTURE, line_with, text_of

from weaver.surfaces.reasons import reason_words


def test_what_was_not_taken_is_told_by_its_commonest_reasons() -> None:
    assert reason_words({}) == ""
    assert reason_words({"too long": 3, "bad address": 9}) == "9 bad address, 3 too long"
    many = {f"reason {n}": n for n in range(1, 6)}
    assert reason_words(many) == "5 reason 5, 4 reason 4, 3 reason 3, and others"


def test_the_page_tells_what_midi_was_not_taken_where_there_is_room() -> None:
    deaf = replace(PICTURE, untaken={"cut short": 2, "ticks of another clock": 7})
    assert "7 ticks of another clock, 2 cut short" in line_with(text_of(deaf, 110, 30), "not taken")
    assert "not taken" not in text_of(PICTURE, 110, 30)
    low = text_of(deaf, 80, 24)
    assert "not taken" not in low and all(sphere.name in low for sphere in deaf.spheres)
