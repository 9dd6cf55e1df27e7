"""Units: every conversion undoes its partner, and the fixed points are the published ones."""

from __future__ import annotations

import math

import pytest

from weaver.model.units import (
    LN_1000,
    SILENCE_DB,
    cents_to_ratio,
    clamp,
    db_to_gain,
    gain_to_db,
    hz_to_note,
    note_to_hz,
    ratio_to_cents,
    seconds_to_frames,
)


@pytest.mark.parametrize("level_db", [-119.0, -60.0, -6.0, 0.0, 3.5, 12.0])
def test_decibels_there_and_back(level_db: float) -> None:
    assert gain_to_db(db_to_gain(level_db)) == pytest.approx(level_db, abs=1e-9)
    assert gain_to_db(-db_to_gain(level_db)) == pytest.approx(level_db, abs=1e-9)


def test_decibels_fixed_points() -> None:
    assert db_to_gain(0.0) == 1.0
    assert db_to_gain(20.0) == pytest.approx(10.0)
    assert db_to_gain(SILENCE_DB) == 0.0
    assert gain_to_db(0.0) == gain_to_db(1e-30) == SILENCE_DB


@pytest.mark.parametrize("note", [0.0, 21.0, 60.0, 60.37, 69.0, 127.0])
def test_notes_there_and_back(note: float) -> None:
    assert hz_to_note(note_to_hz(note)) == pytest.approx(note, abs=1e-9)


def test_notes_fixed_points() -> None:
    assert note_to_hz(69) == 440.0
    assert note_to_hz(60) == pytest.approx(261.625565, abs=1e-6)
    assert note_to_hz(0) == pytest.approx(8.175799, abs=1e-6)


@pytest.mark.parametrize("cents", [-2400.0, -1.5, 0.0, 386.3137, 1200.0])
def test_cents_there_and_back(cents: float) -> None:
    assert ratio_to_cents(cents_to_ratio(cents)) == pytest.approx(cents, abs=1e-9)


def test_cents_fixed_points() -> None:
    assert cents_to_ratio(1200.0) == 2.0
    assert ratio_to_cents(3 / 2) == pytest.approx(701.955, abs=1e-3)


@pytest.mark.parametrize("sample_rate", [44_100, 48_000, 192_000])
@pytest.mark.parametrize("frames", [0, 1, 63, 64, 480_001])
def test_frames_there_and_back(frames: int, sample_rate: int) -> None:
    assert seconds_to_frames(frames / sample_rate, sample_rate) == frames


def test_sixty_decibels_are_ln_1000_time_constants() -> None:
    assert gain_to_db(math.exp(-LN_1000)) == pytest.approx(-60.0)


def test_clamp_lets_no_nan_pass() -> None:
    assert [clamp(value, -1, 1) for value in (-3.0, -1.0, 0.25, 1.0, math.inf)] == [-1, -1, 0.25, 1, 1]
    assert clamp(math.nan, -1, 1) == -1
