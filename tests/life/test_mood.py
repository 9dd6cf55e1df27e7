"""The audience's mood: each cause moves it the way the table says; and the scenes that it was made for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from support.harming import law, living, timeless, wound
from support.playing import sphere, spheres

from weaver.engine.engine import Engine
from weaver.life.mood import BLUE, CAUSES, CRIMSON, EMERALD, GOLD, VIOLET
from weaver.life.witness import LIVELY, LOSS, RELIEF
from weaver.model.law import Law

SLICE_S = 0.1
SWEET_HZ, SOUR_HZ = (200.0, 300.0, 400.0, 500.0), (200.0, 211.0, 300.0, 317.0)
Each = Callable[[Engine, int], None]


def stage(pitches_hz: tuple[float, ...] = SWEET_HZ, by: Law | None = None) -> Engine:
    """Four spheres that do not hum, and by default a law by which nothing happens by itself."""
    members = [sphere("glass", hz, f"S{s}") for s, hz in enumerate(pitches_hz)]
    return living(*members, by=timeless() if by is None else by)


def feel(instrument: Engine, duration_s: float, each: Each = lambda instrument, slice_: None) -> NDArray[np.void]:
    """What the audience shows in every tenth of a second: SNAPSHOT[n]. `each` is done before each of them."""
    shown = []
    for slice_ in range(round(duration_s / SLICE_S)):
        each(instrument, slice_)
        instrument.render(round(SLICE_S * instrument.sample_rate))
        shown.append(instrument.snapshot().copy())
    return np.array(shown, dtype=shown[0].dtype)


def strikes(every: int = 4, velocities: tuple[float, ...] = (0.6,), count: int = 4) -> Each:
    """Each so many slices, the next of the first `count` spheres."""

    def each(instrument: Engine, slice_: int) -> None:
        if slice_ % every == 0:
            turn = slice_ // every
            instrument.gesture("strike", turn % count, velocity=velocities[turn % len(velocities)])

    return each


def assert_moved(cause: int, more: np.void, less: np.void, least: float = 0.02) -> None:
    """What the table says of a cause holds between where there is more of it and where there is less."""
    name, moves = CAUSES[cause]
    for felt, move in zip(("valence", "arousal", "attention"), moves, strict=True):
        if move:
            assert (more[felt] - less[felt]) * np.sign(move) > least, f"{name}: {felt}"


def largest(shown: np.void) -> int:
    return int(np.argmax(shown["colours"]))


def test_consonance_is_emerald_and_roughness_crimson() -> None:
    sweet = feel(stage(), 10.0, strikes())[-1]
    sour = feel(stage(SOUR_HZ), 10.0, strikes())[-1]
    assert_moved(0, sweet, sour)
    assert sour["valence"] < 0 < sweet["valence"]
    assert largest(sweet) == EMERALD
    assert largest(sour) == CRIMSON
    assert sour["tone"] < 0 < sweet["tone"]


def test_loudness_excites() -> None:
    loud, soft = (feel(stage(), 6.0, strikes(velocities=(v,)))[-1] for v in (0.9, 0.02))
    assert_moved(2, loud, soft)


def test_dynamics_please_more_than_evenness() -> None:
    def waves(instrument: Engine, slice_: int) -> None:
        swells = slice_ // 20 % 2
        instrument.gesture("rub", 0, pressure=0.5 * swells)
        instrument.gesture("damp", 0, amount=0.3 * (1 - swells))

    lively, even = stage(), stage()
    even.gesture("rub", 0, pressure=0.5)
    moving, still = feel(lively, 20.0, waves)[-1], feel(even, 20.0)[-1]
    assert lively.state.mood.cause[LIVELY] > 0.4 > 0.1 > even.state.mood.cause[LIVELY]
    assert_moved(3, moving, still)


def test_virtuosity_is_fast_varied_and_of_many_spheres() -> None:
    plain = feel(stage(), 8.0, strikes(every=8, count=1))[-1]
    fast = feel(stage(), 8.0, strikes(every=2, count=1))[-1]
    wide = feel(stage(), 8.0, strikes(every=2, count=4))[-1]
    varied = feel(stage(), 8.0, strikes(every=2, count=4, velocities=(0.2, 0.9, 0.5)))[-1]
    assert_moved(4, fast, plain)
    assert plain["arousal"] < fast["arousal"] < wide["arousal"] < varied["arousal"]
    assert varied["colours"][BLUE] > plain["colours"][BLUE] + 0.1


def test_silence_is_held_breath_then_drags_then_is_rest() -> None:
    shown = feel(stage(), 400.0)
    start, held, dragging, over = (shown[round(at_s / SLICE_S) - 1] for at_s in (0.1, 6.0, 45.0, 400.0))
    assert_moved(5, held, start)
    assert_moved(6, dragging, held)
    assert largest(start) == GOLD and held["colours"][GOLD] > 0.9
    assert dragging["colours"][CRIMSON] > 0.05
    assert largest(over) == VIOLET
    assert over["valence"] == pytest.approx(0.0, abs=0.02) and over["arousal"] < 0.15


def test_what_sounds_without_news_tires_them() -> None:
    instrument = stage()
    instrument.gesture("rub", 0)
    attention = feel(instrument, 120.0)["attention"]
    assert attention[20] > attention[300] + 0.1 > attention[-1] + 0.2


def test_damage_is_fear_the_worst_first_and_all_of_it() -> None:
    def hurt(*damages: float) -> np.void:
        instrument = stage()
        for s, damage in enumerate(damages):
            wound(instrument, damage, s)
        return feel(instrument, 20.0)[-1]

    whole, one, two, failing = hurt(), hurt(0.2), hurt(0.2, 0.2), hurt(0.8)
    assert_moved(7, failing, whole)
    for shown in ("gaze", "pressure"):
        assert whole[shown] < one[shown] < two[shown] < failing[shown]
    assert whole["tone"] > one["tone"] > failing["tone"]
    crimson = [shown["colours"][CRIMSON] for shown in (whole, one, two, failing)]
    assert crimson == sorted(crimson) and crimson[-1] > 0.8


def test_a_failing_sphere_turns_gold_to_crimson_within_ten_seconds() -> None:
    instrument = stage()
    assert largest(feel(instrument, 4.0)[-1]) == GOLD
    wound(instrument, 0.75)
    shown = feel(instrument, 10.0)
    assert largest(shown[-1]) == CRIMSON
    assert shown["colours"][3, GOLD] > 0.5  # and not at a stroke


def test_a_shatter_is_a_shock_that_passes_and_what_is_gone_is_missed() -> None:
    frozen = law(stakes_stress=0.0, stakes_tension=0.0, stakes_healing=0.0, stakes_returns=0.0, shatter_shock=0.0)
    instrument = stage(by=frozen)
    before = feel(instrument, 15.0, strikes())[-1]
    assert largest(before) == EMERALD
    wound(instrument, 1.0, 3)
    shown = feel(instrument, 40.0, strikes(count=3))
    assert instrument.state.life.falls == 1
    assert largest(shown[19]) == CRIMSON
    assert_moved(7, shown[30], before)
    assert shown[30]["gaze"] > before["gaze"] + 0.2
    assert shown["colours"][200, CRIMSON] < 0.1
    assert instrument.state.mood.cause[LOSS] == pytest.approx(0.25, abs=0.01)
    assert_moved(8, shown[-1], before, 0.05)


def test_a_sphere_that_is_saved_is_joy() -> None:
    instrument = stage(by=law(stakes_stress=0.0, stakes_tension=0.0, stakes_healing=3.0))
    wound(instrument, 0.6)
    hurt = feel(instrument, 3.0)[-1]
    assert largest(hurt) == CRIMSON
    instrument.gesture("soothe", 0)
    shown = feel(instrument, 12.0)
    assert instrument.state.sphere.damage[0] == 0.0
    assert instrument.state.mood.cause[RELIEF] > 0.2
    saved, never = shown[np.argmax(shown["valence"])], feel(stage(), 15.0)[-1]
    assert largest(saved) == EMERALD
    assert saved["valence"] > never["valence"] + 0.1 and saved["tone"] > never["tone"]


def test_another_set_is_no_rescue() -> None:
    instrument = stage()
    wound(instrument, 0.6)
    feel(instrument, 1.0)
    assert instrument.change_set(spheres(sphere()))
    feel(instrument, 0.2)
    assert instrument.state.mood.cause[RELIEF] == 0.0
    assert instrument.state.mood.damage[0] == 0.0


def test_all_is_bounded_smooth_and_the_colours_are_one_whole() -> None:
    """Through everything at once, numbers that are none among it."""
    instrument = stage()

    def ordeal(instrument: Engine, slice_: int) -> None:
        strikes(every=1, velocities=(1.0, 0.1))(instrument, slice_)
        if slice_ in (20, 40):
            wound(instrument, 1.0, slice_ // 20)
        if slice_ == 70:
            instrument.state.touch.effort[0] = instrument.state.harmony.consonance = np.nan

    shown = np.concatenate([feel(instrument, 10.0, ordeal), feel(instrument, 20.0)])
    assert shown["colours"].sum(axis=1) == pytest.approx(1.0, abs=1e-5)
    assert shown["colours"].min() >= 0.0
    assert np.abs(shown["valence"]).max() <= 1 and np.abs(shown["tone"]).max() <= 1
    for name in ("arousal", "attention", "gaze", "pressure"):
        assert 0 <= shown[name].min() and shown[name].max() <= 1
    assert np.abs(np.diff(shown["colours"], axis=0)).max() < 0.3  # in a tenth of a second


def test_the_block_changes_no_feeling() -> None:
    moods = []
    for block in (17, 4096):
        instrument = stage()
        for s in range(4):
            instrument.gesture("strike", s, frame=100 + 3001 * s)
        for done in range(0, 24_576, block):
            instrument.render(min(block, 24_576 - done))
        moods.append(instrument.state.mood.tobytes())
    assert moods[0] == moods[1]
