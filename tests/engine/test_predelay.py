"""The room's pre-delay: how late the room answers, without a click and whatever the block is."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from support.playing import engine, sphere

from weaver.dsp.predelay import CREEP_S, FADE_S, LONGEST_S
from weaver.engine.engine import Engine
from weaver.life.transport import LINK

RATE = 48_000.0
STRUCK = 9_600
"""When the sphere is struck: the delay has been faded to by then."""


def wet(rate: float = RATE, wet_db: float = 0.0) -> Engine:
    """A sphere in a hall."""
    instrument = engine(sphere("bell"), rate=rate)
    instrument.set_parameter("wet_db", wet_db)
    return instrument


def room_of(
    instrument: Engine, frames: int = 57_600, change: tuple[int, str, float] | None = None
) -> NDArray[np.float32]:
    """What the room answers to a strike: float32[frames // 64, 64] of the left."""
    instrument.gesture("strike", 0, frame=STRUCK, velocity=0.5)
    if change is not None:
        instrument.set_parameter(change[1], change[2], frame=change[0])
    cells = []
    for _ in range(frames // 64):
        instrument.render(64)
        cells.append(instrument.state.wet[0].copy())
    return np.concatenate(cells)


@pytest.mark.parametrize("rate", [44_100.0, 48_000.0, 192_000.0])
@pytest.mark.parametrize("delay_ms", [1.0, 37.3, 500.0])
def test_the_room_answers_so_much_later(rate: float, delay_ms: float) -> None:
    late = round(delay_ms * rate / 1000)
    frames = 24_000 + late - (24_000 + late) % 64
    prompt, delayed = wet(rate), wet(rate)
    delayed.set_parameter("predelay_ms", delay_ms)
    before, after = room_of(prompt, frames), room_of(delayed, frames)
    first = int(np.argmax(np.abs(before) > 1e-5))
    assert int(np.argmax(np.abs(after) > 1e-5)) - first == late
    # the walls wander on meanwhile, so that what comes later is not the very same
    np.testing.assert_allclose(after[first + late : first + late + 64], before[first : first + 64], atol=2e-3)


def test_none_is_the_very_same_sound_and_keeps_nothing() -> None:
    sounds = []
    for touched in (False, True):
        instrument = wet()
        if touched:
            instrument.set_parameter("predelay_ms", 0.0)
        instrument.gesture("strike", 0)
        sounds.append(instrument.render(24_000))
        assert instrument.state.predelay.at == 0 and not instrument.state.predelay.memory.any()
    np.testing.assert_array_equal(*sounds)


def test_turned_off_again_it_is_gone() -> None:
    instrument = wet()
    instrument.set_parameter("predelay_ms", 80.0)
    instrument.render(4_800)
    instrument.set_parameter("predelay_ms", 0.0)
    instrument.render(4_800)
    kept = int(instrument.state.predelay.at)
    instrument.render(4_800)
    assert instrument.state.predelay.at == kept
    instrument.set_parameter("predelay_ms", 80.0)
    instrument.render(64)
    assert instrument.state.predelay.at == 64, "what it had kept is forgotten"


def roughest(sound: NDArray[np.float32]) -> float:
    return float(np.abs(np.diff(sound.astype(np.float64), 2)).max())


@pytest.mark.parametrize(("start_ms", "end_ms"), [(0.0, 120.0), (120.0, 0.0), (200.0, 10.0), (10.0, 10.5)])
def test_a_change_fades_without_a_click(start_ms: float, end_ms: float) -> None:
    change = (STRUCK + 19_203, "predelay_ms", end_ms)
    steady, moved = wet(), wet()
    for instrument in (steady, moved):
        instrument.set_parameter("predelay_ms", start_ms)
    still, turned = room_of(steady), room_of(moved, change=change)
    around = slice(change[0] - 64, change[0] + 4_800)
    assert roughest(turned[around]) < 1.5 * max(
        roughest(still[around]), roughest(turned[change[0] - 9_600 : change[0]])
    )
    assert moved.state.predelay.frames == round(end_ms * RATE / 1000)
    assert not np.array_equal(still, turned)
    moved.set_parameter("predelay_ms", start_ms)
    moved.render(round(0.5 * FADE_S * RATE))
    assert moved.state.predelay.fade == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize(("beats", "bpm", "expected_s"), [(0.25, 120, 0.125), (0.5, 90, 1 / 3), (2, 60, LONGEST_S)])
def test_it_counts_in_beats_up_to_half_a_second(beats: float, bpm: float, expected_s: float) -> None:
    instrument = wet()
    instrument.set_parameter("predelay_ms", 33.0)
    instrument.set_parameter("predelay_beats", beats)
    instrument.set_parameter("tempo_bpm", bpm)
    instrument.render(4_800)
    assert abs(instrument.state.predelay.frames - expected_s * RATE) <= CREEP_S * RATE
    instrument.set_parameter("predelay_beats", 0.0)
    instrument.render(4_800)
    assert instrument.state.predelay.frames == round(0.033 * RATE)


def test_a_tempo_that_trembles_leaves_it_alone_and_one_that_changes_does_not() -> None:
    instrument = wet()
    instrument.set_parameter("predelay_beats", 0.5)
    moves = []
    for turn in range(200):
        instrument.give_time(LINK, 120.0 + 0.1 * (-1) ** turn if turn < 100 else 150.0, turn / 50, True)
        instrument.render(64 * 15)
        moves.append(int(instrument.state.predelay.frames))
    assert len(set(moves[5:100])) == 1
    assert abs(moves[-1] - 0.2 * RATE) <= CREEP_S * RATE


def test_any_block_size_gives_the_same_samples() -> None:
    sounds = []
    for block in (1, 64, 333, 4_800):
        instrument = wet()
        instrument.gesture("strike", 0, frame=100, velocity=0.8)
        for n, value in enumerate((20.0, 300.0, 0.0, 7.7)):
            instrument.set_parameter("predelay_ms", value, frame=501 + 2_777 * n)
        sounds.append(np.concatenate([instrument.render(min(block, 14_400 - at)) for at in range(0, 14_400, block)]))
    for sound in sounds[1:]:
        np.testing.assert_array_equal(sound, sounds[0])


def test_numbers_that_are_none_do_not_stay_in_it() -> None:
    instrument = wet()
    instrument.set_parameter("predelay_ms", 100.0)
    instrument.render(4_800)
    instrument.state.bus[:, 7] = np.nan
    assert np.isfinite(instrument.render(48_000)).all()
