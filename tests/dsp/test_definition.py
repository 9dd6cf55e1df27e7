"""What a set's words become: the partials by which a sphere is judged are those that its strike has."""

from __future__ import annotations

import numpy as np
import pytest
from support.playing import engine, seconds, spectrum, sphere

from weaver.dsp.definition import a_weight
from weaver.dsp.sizes import JUDGED

F0_HZ = 330.0
SEEDS = range(1, 9)
"""A mallet lands where chance wills: the mean of some strikes."""


@pytest.mark.parametrize("material", ["glass", "bell", "bowl", "sphere"])
def test_the_judged_partials_are_the_strongest_of_a_strike(material):
    definition = engine(sphere(material, F0_HZ)).state.definitions[0]
    ratio, level = definition.judged_ratio[0], definition.judged_level[0]
    count = np.count_nonzero(ratio)
    assert 3 <= count <= JUDGED and np.all(level[count:] == 0)
    assert level[0] == 1.0 and np.all(np.diff(level) <= 0)
    assert np.diff(np.sort(ratio[:count])).min() > 0.02  # a multiplet is one
    power = np.mean([struck(material, F0_HZ * ratio[:count], seed) for seed in SEEDS], axis=0)
    strong = level[:count] > 0.1
    found_db, expected_db = 10 * np.log10(power / power[0]), 20 * np.log10(level[:count])
    # the members of a multiplet begin in step, and only in the course of their beats do their powers add
    assert found_db[strong] == pytest.approx(expected_db[strong], abs=6.0)


def struck(material: str, partials_hz: np.ndarray, seed: int) -> np.ndarray:
    """A-weighted powers of the partials in the first half second of a strike."""
    instrument = engine(sphere(material, F0_HZ), seed=seed)
    instrument.gesture("strike", 0, velocity=0.7, hardness=0.5, position=0.85)
    sound = seconds(instrument, 0.5)
    power = np.zeros(len(partials_hz))
    for ear in range(2):
        hz, magnitude = spectrum(sound[:, ear])
        power += [np.sum(magnitude[np.abs(hz / partial - 1.0) < 0.02] ** 2) for partial in partials_hz]
    return power * a_weight(partials_hz.astype(np.float64)) ** 2
