"""The tempo map: beats fall where they were felt."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from support.playing import engine

from weaver.life.transport import CLOCK, OWN
from weaver.takes.export.song import TempoMap
from weaver.takes.export.tempo import ASTRAY_BEATS, TempoKeeper

CELL_S = 64 / 48_000


def kept(seconds: float, bpm_at: Callable[[float], float], source: int = OWN, at_once: float = 0.0) -> TempoMap:
    """The map of a tempo that goes so, from a pulse of `at_once` on."""
    keeper, pulse = TempoKeeper(), at_once
    for cell in range(round(seconds / CELL_S)):
        time_s = cell * CELL_S
        keeper.tell(time_s, source, bpm_at(time_s), pulse)
        pulse += CELL_S * bpm_at(time_s) / 60.0
    return keeper.map()


def test_nothing_said_is_120() -> None:
    assert TempoKeeper().map().beat(2.0) == 4.0
    assert [step.bpm for step in kept(5.0, lambda _: 120.0).steps] == [120.0]


def test_a_tempo_that_is_said_is_a_step_at_once() -> None:
    steps = kept(4.0, lambda time_s: 120.0 if time_s < 2.0 else 90.0).steps
    assert [step.bpm for step in steps] == [pytest.approx(120.0), 90.0]
    assert (steps[1].time_s, steps[1].beat) == (pytest.approx(2.0, abs=CELL_S), pytest.approx(4.0, abs=0.01))


def test_a_clock_that_wanders_makes_few_steps_and_no_beat_goes_astray() -> None:
    def bpm(time_s: float) -> float:
        return 120.0 + 0.3 * math.sin(7.0 * time_s) + 0.2 * time_s / 60.0

    made = kept(60.0, bpm, CLOCK)
    assert len(made.steps) < 30
    pulse, worst = 0.0, 0.0
    for cell in range(45_000):
        worst = max(worst, abs(made.beat(cell * CELL_S) - pulse))
        pulse += CELL_S * bpm(cell * CELL_S) / 60.0
    assert worst < 3 * ASTRAY_BEATS


def test_where_the_song_starts_anew_bars_are_whole_again() -> None:
    keeper, pulse = TempoKeeper(), 0.0
    for cell in range(4 * 750):
        if cell == 1000:  # after 1.33 s, 2.67 beats: begun again at a beat
            pulse = 8.0
        keeper.tell(cell * CELL_S, OWN, 120.0, pulse)
        pulse += CELL_S * 2.0
    made = keeper.map()
    for beats in range(4):
        place = made.beat(1000 * CELL_S + beats * 0.5)
        assert place == pytest.approx(round(place), abs=1e-3)
    assert [step.bpm for step in made.steps][-1] == 120.0
    beats_of = [step.beat for step in made.steps]
    assert beats_of == sorted(beats_of) and all(20.0 <= step.bpm <= 400.0 for step in made.steps)


def test_a_song_that_is_moved_within_its_first_beat_has_no_step_of_no_length() -> None:
    keeper = TempoKeeper()
    for time_s, pulse in ((0.0, 0.0), (0.25, 0.5), (0.5, 10.2), (0.75, 10.7)):
        keeper.tell(time_s, OWN, 120.0, pulse)
    times_s = [step.time_s for step in keeper.map().steps]
    assert times_s == sorted(set(times_s)) and len(times_s) == 2


def test_what_is_told_of_an_earlier_time_is_passed_over() -> None:
    keeper = TempoKeeper()
    for time_s, bpm, pulse in ((0.0, 120.0, 0.0), (1.0, 120.0, 2.0), (0.5, 60.0, 99.0), (1.0, 60.0, 50.0)):
        keeper.tell(time_s, OWN, bpm, pulse)
    assert [step.bpm for step in keeper.map().steps] == [120.0]


def test_an_engine_is_told_of_as_it_plays() -> None:
    instrument, keeper = engine(), TempoKeeper()
    instrument.gesture("roll", frame=40_000)
    instrument.set_parameter("tempo_bpm", 60.0, frame=90_000)
    for _ in range(3 * 750):
        instrument.render(64)
        time = instrument.state.transport
        keeper.tell(int(time.frame) / 48_000, int(time.source), float(time.bpm), float(time.pulse))
    made = keeper.map()
    assert made.steps[-1].bpm == 60.0
    felt = float(instrument.state.transport.pulse)
    place = made.beat(int(instrument.state.transport.frame) / 48_000)
    assert math.remainder(place - felt, 1.0) == pytest.approx(0.0, abs=1e-3)
