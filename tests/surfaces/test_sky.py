"""Heart, mood and chronometer as lines."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rich.color import Color
from rich.style import Style
from rich.text import Text
from support.pictures import PICTURE, SCENE, TENSE

from weaver.surfaces.audience import EYES, WORDS, eye, feeling, mood_band, tint
from weaver.surfaces.palette import MOODS, mixed
from weaver.surfaces.picture import MoodView, ShowView, TimeView
from weaver.surfaces.sky import SKY_ROWS, STILL, Drift, heart, sky, sky_rows, starlight
from weaver.surfaces.stardust import chronometer, minutes

CALM = MoodView(0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0)


def show(phase: str = "prelude", left_s: float = 20.0, flow: float = 2.0) -> ShowView:
    return ShowView("A show", phase, left_s, flow, 4.25, 73.44)


def colours(text: Text) -> list[tuple[int, int, int]]:
    """Of the glyphs of a band."""
    found = (Style.parse(str(span.style)).color for span in text.spans)
    return [tuple(Color.parse(colour.name).get_truecolor()) for colour in found if colour is not None]


def stars(lines: list[Text]) -> int:
    return sum(glyph in "·∙•✦✧" for line in lines for glyph in line.plain)


@pytest.mark.parametrize("strongest", range(5))
def test_the_strongest_colour_has_the_word(strongest: int) -> None:
    weights = [0.6 if index == strongest else 0.1 for index in range(5)]
    assert WORDS[strongest] in feeling(MoodView(*weights, gaze=0.5, pressure=0.5)).plain


def test_an_eye_opens_with_the_gaze() -> None:
    assert "".join(eye(step / 100) for step in (0, 30, 50, 70, 100)) == EYES
    assert eye(-1.0) == EYES[0] and eye(2.0) == EYES[-1]


def test_a_wider_gaze_wakes_more_eyes() -> None:
    counts = [
        sum(glyph in EYES for glyph in mood_band(replace(TENSE, gaze=gaze), 90, 0.0).plain) for gaze in (0.0, 0.4, 0.9)
    ]
    assert counts[0] == 0 and counts[0] < counts[1] < counts[2]


def test_a_mood_of_one_colour_has_no_other_and_others_come_as_streaks() -> None:
    violet = colours(mood_band(CALM, 60, 0.0))
    assert all(blue > red > green for red, green, blue in violet)
    tense = colours(mood_band(replace(TENSE, gaze=0.0), 90, 0.0))
    golden = sum(green > 0.55 * red for red, green, _ in tense)
    crimson = sum(green < 0.35 * red for red, green, _ in tense)
    assert golden > crimson > 0


def test_the_band_flows_slowly_and_swells_with_pressure() -> None:
    def height(pressure: float) -> int:
        return sum(map(ord, mood_band(replace(CALM, pressure=pressure), 60, 0.0).plain))

    assert height(0.0) < height(0.5) < height(1.0)
    assert mood_band(TENSE, 60, 1.0) == mood_band(TENSE, 60, 1.0)
    before, after = mood_band(TENSE, 60, 1.0).plain, mood_band(TENSE, 60, 1.0 + 1 / 15).plain
    assert before != after and sum(old != new for old, new in zip(before, after, strict=True)) < 30


def test_the_tint_is_near_the_strongest_colour() -> None:
    assert tint(CALM) == mixed(MOODS, (0, 0, 1, 0, 0))
    red, green, blue = Color.parse(tint(TENSE)).get_truecolor()
    assert red > green > blue


def test_the_heart_beats_twice_a_beat() -> None:
    beats = "".join(heart(60.0, step / 20).plain[0] for step in range(20))
    assert beats.startswith("♥") and beats.endswith("♡")
    assert beats.count("♥♡") == 2
    assert heart(131.6, 0.0).plain.split() == ["♥", "132"]


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.0, "0:00.0"), (20.04, "0:20.0"), (119.99, "1:59.9"), (61.3, "1:01.3"), (-1.0, "0:00.0")]
)
def test_minutes(seconds: float, shown: str) -> None:
    assert minutes(seconds) == shown


@pytest.mark.parametrize(
    ("phase", "words"),
    [
        ("prelude", "0:20.0 to the first note"),
        ("silence", "silence 4.2 s"),
        ("performance", "1:13.4"),
        ("finale", "finale 1:13.4"),
        ("reckoned", "the last note has rung 1:13.4"),
    ],
)
def test_the_time_stands_in_the_midst_of_the_dust(phase: str, words: str) -> None:
    for rows in (1, 3):
        lines = chronometer(show(phase), 90, rows, 1.0)
        assert [len(line) for line in lines] == [90] * rows
        assert words in lines[rows // 2].plain
        at = lines[rows // 2].plain.index(words)
        assert abs(at + len(words) / 2 - 45) < 2
        assert stars(lines) > 5


def test_the_less_time_the_more_dust() -> None:
    counts = [stars(chronometer(show(left_s=left_s), 100, 3, 0.0)) for left_s in (120.0, 20.0, 0.5)]
    assert counts[0] < counts[1] < counts[2]


def test_silence_is_one_thread_drawn_out() -> None:
    above, thread, below = chronometer(show("silence"), 90, 3, 5.0)
    assert stars([above, below]) == 0 and stars([thread]) > 30


def test_the_dust_drifts_with_its_flow_and_the_mood_does_not() -> None:
    calm, quick = (STILL.after(show(flow=flow), 0.5) for flow in (1.0, 6.0))
    assert quick.dust_s == 6.0 * calm.dust_s and quick.mood_s == calm.mood_s == 0.5
    assert STILL.after(show("silence", flow=0.0), 1.0).dust_s < STILL.after(show("performance", flow=0.0), 1.0).dust_s
    assert STILL.after(None, 1.0) == Drift(1.0, 1.0)


def test_the_sky_is_as_high_as_there_is_room() -> None:
    assert sky(PICTURE, 100, SKY_ROWS, STILL) == []
    assert [len(sky(SCENE, 100, rows, STILL)) for rows in range(6)] == [0, 1, 2, 3, 4, 5]
    assert "0:20.0" in sky(SCENE, 100, 1, STILL)[0].plain
    assert "held breath" in sky(SCENE, 100, 2, STILL)[0].plain
    assert sky_rows(8, 100, 20) == 5 and sky_rows(8, 100, 15) == 3 and sky_rows(8, 20, 8) == 0


def test_a_heart_beats_without_an_audience() -> None:
    line = sky(replace(PICTURE, heart_bpm=60.0), 100, 5, STILL)[0].plain
    assert "♥" in line and not any(word in line for word in WORDS)


def test_stars_flare_up_on_the_beats_of_a_song() -> None:
    song = TimeView("MIDI clock", True, 120.0, 8.0, 8.0)

    def lit(pulse: float, **changes: object) -> int:
        time = replace(song, pulse=pulse, **changes)
        lines = sky(replace(SCENE, mood=None, heart_bpm=0.0, time=time), 90, 5, STILL)
        return stars(lines)

    first, between, second = lit(8.0), lit(8.6), lit(9.0)
    assert first == second > between > 0
    assert (
        lit(8.6, source="own", is_rolling=False)
        == first
        == stars(sky(replace(SCENE, mood=None, heart_bpm=0.0), 90, 5, STILL))
    )
    assert starlight(None) == starlight(replace(song, pulse=9.0)) == 1.0 > starlight(replace(song, pulse=9.9)) > 0.0
