"""What JACK's transport says of bars and beats, read: also nonsense."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numba import njit

from weaver.engine.hosts.jack_time import time_of
from weaver.engine.hosts.libjack import BBT_VALID, POSITION

RATE = 48_000.0


@njit
def read(positions: np.ndarray) -> tuple[float, float]:
    return time_of(positions[0], RATE)


def position(**changes: float) -> np.recarray:
    """The third beat and a half of the second bar of four, at 97 bpm."""
    one = np.zeros(1, POSITION)
    said = {"valid": BBT_VALID, "bar": 2, "beat": 3, "tick": 960, "ticks_per_beat": 1920.0}
    said |= {"beats_per_bar": 4.0, "beat_type": 4.0, "beats_per_minute": 97.0}
    for name, value in (said | changes).items():
        one[name] = value
    return one.view(np.recarray)


def test_tempo_and_beat_are_read() -> None:
    assert read(position()) == (97.0, 6.5)
    assert read(position(beat_type=8.0)) == (97.0, 3.25)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("name", ["beats_per_minute", "beats_per_bar", "ticks_per_beat", "beat_type"])
def test_what_is_no_number_is_no_time_at_all(name: str, value: float) -> None:
    bpm, beat = read(position(**{name: value}))
    assert math.isfinite(bpm) and math.isfinite(beat)


@pytest.mark.parametrize("bpm", [0.0, -5.0, math.nan])
def test_without_a_tempo_there_is_none(bpm: float) -> None:
    assert read(position(beats_per_minute=bpm)) == (0.0, 0.0)
    assert read(position(valid=0)) == (0.0, 0.0)
