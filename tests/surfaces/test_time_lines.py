"""The song's time in words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.pictures import PICTURE, line_with, text_of

from weaver.surfaces.notes import changes
from weaver.surfaces.picture import OWN_TIME, TimeView
from weaver.surfaces.time_lines import time_lines

OWN = TimeView(OWN_TIME, False, 120.0, 0.0, 7.5)
CLOCK = TimeView("MIDI clock", True, 137.04, 17.25, 99.25)


def line(time: TimeView) -> str:
    (told,) = time_lines(time, has_room=True)
    return told.plain


def test_our_own_time_that_stands_is_told_where_there_is_room() -> None:
    assert time_lines(OWN, has_room=False) == [] and time_lines(None, has_room=True) == []
    assert line(OWN) == "TIME  ○ ■ own  120.0 bpm  1.1"


@pytest.mark.parametrize(
    "time",
    [
        replace(OWN, is_rolling=True),
        replace(OWN, quantise=4),
        replace(OWN, peers=0),
        replace(OWN, awaits="JACK"),
        replace(CLOCK, is_rolling=False),
    ],
)
def test_what_is_kept_shared_or_waited_for_is_always_told(time: TimeView) -> None:
    assert len(time_lines(time, has_room=False)) == 1


def test_whose_time_its_tempo_and_where_the_song_is() -> None:
    assert line(CLOCK) == "TIME  ● ▶ MIDI clock  137.0 bpm  5.2"
    assert line(replace(CLOCK, is_rolling=False)).startswith("TIME  ● ■ MIDI clock")


def test_the_lamp_is_lit_on_the_beat_and_only_where_time_is_kept() -> None:
    def lamps(time: TimeView) -> str:
        return "".join(line(replace(time, pulse=beat / 10)).split()[1] for beat in range(20))

    assert lamps(CLOCK) == "●●●○○○○○○○" * 2
    assert set(lamps(OWN)) == {"○"}


def test_peers_quantise_and_what_is_missing() -> None:
    assert "(Link: alone)" in line(replace(OWN, peers=0))
    assert "(Link: 1 peer)" in line(replace(CLOCK, peers=1)) and "(Link: 3 peers)" in line(replace(CLOCK, peers=3))
    assert "strikes wait for the beat" in line(replace(OWN, quantise=1))
    assert "strikes wait for 1/4 of a beat" in line(replace(OWN, quantise=4))
    assert line(replace(OWN, awaits="JACK")).endswith("waits for JACK")


def test_it_stands_on_the_page_and_costs_no_sphere() -> None:
    text = text_of(replace(PICTURE, time=CLOCK), 80, 24)
    assert "▶ MIDI clock" in line_with(text, "TIME") and len(text.splitlines()) <= 24
    assert all(sphere.name in text for sphere in PICTURE.spheres)
    assert "TIME" not in text_of(replace(PICTURE, time=OWN), 80, 24)
    assert "TIME" in text_of(replace(PICTURE, time=OWN), 110, 30)


def test_changes_are_said_where_there_is_no_page() -> None:
    own, clock = replace(PICTURE, time=OWN), replace(PICTURE, time=CLOCK)
    assert changes(own, replace(own, time=replace(OWN, pulse=8.0))) == []
    assert changes(own, clock) == ["time: MIDI clock's, 137.0 bpm", "time: rolling at 5.2"]
    assert changes(clock, own) == ["time: our own, 120.0 bpm", "time: standing at 1.1"]
