"""Cracks as paths: they stay on the sphere, fork from their parents, grow and close, the same for the same seed."""

from __future__ import annotations

import numpy as np
import pytest
from support.harming import living, timeless, wound
from support.playing import seconds, sphere

from weaver.dsp.sizes import CRACKS
from weaver.engine.engine import Engine
from weaver.life.cracks import LONGEST_RAD, STEP_RAD


def cracked(damage: float, seed: int = 1) -> Engine:
    instrument = living(sphere(), by=timeless(), seed=seed)
    wound(instrument, damage)
    return instrument


def on_sphere(path: np.ndarray) -> np.ndarray:
    """Unit vectors of longitudes and latitudes: float[points, 3]."""
    east, north = path[..., 0].astype(float), path[..., 1].astype(float)
    return np.stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)], axis=-1)


@pytest.mark.parametrize("damage", [0.05, 0.3, 0.6, 0.95])
def test_the_cracks_add_up_to_the_damage(damage):
    state = cracked(damage).state
    assert state.crack.length[0].sum() == pytest.approx(damage * state.law.cracks_full_length_rad, abs=2e-3)
    assert (state.crack.length[0] <= LONGEST_RAD + 1e-6).all()


def test_a_path_goes_in_equal_steps_and_wanders():
    state = cracked(0.8).state
    for index in np.flatnonzero(state.crack.length[0] > 0):
        points = on_sphere(state.crack.path[0, index])
        steps = np.arccos(np.clip((points[1:] * points[:-1]).sum(axis=-1), -1, 1))
        np.testing.assert_allclose(steps, STEP_RAD, rtol=1e-3)
        straight = np.arccos(np.clip(points[0] @ points[-1], -1, 1))
        assert straight < LONGEST_RAD - 0.01
        assert np.abs(state.crack.path[0, index, :, 1]).max() <= np.pi / 2 + 1e-6


def test_a_branch_leaves_its_parent_where_it_says():
    branches = 0
    for seed in range(6):
        state = cracked(0.9, seed).state
        for index in range(CRACKS):
            parent = state.crack.parent[0, index]
            if state.crack.length[0, index] > 0 and parent >= 0:
                branches += 1
                assert parent < index
                fork = state.crack.fork[0, index]
                assert fork <= state.crack.length[0, parent]
                at = round(float(fork) / STEP_RAD)
                assert np.array_equal(state.crack.path[0, index, 0], state.crack.path[0, parent, at])
    assert branches > 3


def test_a_seed_fixes_the_cracks():
    first, same, other = (cracked(0.7, seed).state.crack.path[0] for seed in (4, 4, 5))
    assert np.array_equal(first, same) and not np.array_equal(first, other)


def test_cracks_close_from_the_youngest_and_age_while_they_stand():
    instrument = cracked(0.8)
    state = instrument.state
    count = int((state.crack.length[0] > 0).sum())
    assert count > 1
    seconds(instrument, 1.0)
    assert state.crack.age_s[0, 0] == pytest.approx(1.0, abs=0.05)
    oldest = float(state.crack.length[0, 0])
    state.law.stakes_healing[:] = 1.0
    instrument.gesture("soothe", 0)
    seconds(instrument, 1.5)
    assert int((state.crack.length[0] > 0).sum()) < count
    assert state.crack.length[0, 0] == oldest
