"""The vector kernels do what they say: the same as plain NumPy."""

from __future__ import annotations

import numpy as np
import pytest
from numba import njit

from weaver.dsp import lanes, touched
from weaver.dsp.sizes import CELL, GROUP, LINE, MODES, new_record
from weaver.engine.layout import STATE


@njit
def lead(re, im, leap_re, leap_im, ears, count, amplitude):
    lanes.lead(re, im, leap_re, leap_im, ears, count, amplitude)


@njit
def ring(amplitude, table, first, last, out):
    lanes.ring(amplitude, table, first, last, out)


@njit
def touch(re, im, step_re, step_im, mallet, finger, reach, ears, count, struck, rubbed):
    return touched.touch(re, im, step_re, step_im, mallet, finger, reach, ears, count, struck, rubbed)


@njit
def touch_cracked(re, im, step_re, step_im, mallet, finger, reach, ears, count, struck, rubbed, crack, gape, parted):
    state = re, im, step_re, step_im, mallet, finger, reach, ears
    return touched.touch_cracked(*state, count, struck, rubbed, crack, gape, parted)


@njit
def feel(coupling, part, count):
    return touched.feel(coupling, part, count)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20261123)


def rows(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return rng.standard_normal(shape).astype(np.float32)


@pytest.mark.parametrize("count", [16, 32, 64])
def test_lead_is_its_numpy_twin(rng, count):
    ears = rows(rng, 4, MODES)
    leap = np.exp(1j * rng.uniform(0, 3, MODES)) * 0.99
    state = [rows(rng, MODES), rows(rng, MODES)]
    found, wanted = np.zeros((2, CELL // GROUP, 4, MODES), np.float32)
    ours, theirs = [part.copy() for part in state], [part.copy() for part in state]
    leaps = leap.real.astype(np.float32), leap.imag.astype(np.float32)
    lead(*ours, *leaps, ears, count, found)
    lanes.lead_interpreted(*theirs, *leaps, ears, count, wanted)
    np.testing.assert_allclose(found, wanted, atol=2e-6)
    np.testing.assert_allclose(ours, theirs, atol=2e-6)
    assert np.array_equal(ours[0][count:], state[0][count:])  # modes not in use stay as they are


@pytest.mark.parametrize("first, last", [(0, 64), (0, 7), (5, 6)])
def test_ring_is_its_numpy_twin(rng, first, last):
    amplitude, table = rows(rng, CELL // GROUP, 4, MODES), rows(rng, MODES, 2, GROUP)
    found, wanted = np.zeros((2, 2, CELL), np.float32)
    ring(amplitude, table, first, last, found)
    lanes.ring_interpreted(amplitude, table, first, last, wanted)
    np.testing.assert_allclose(found, wanted, atol=3e-5)
    assert np.abs(found).max() > 0.1


@pytest.mark.parametrize("count", [16, 48, 64])
def test_touch_is_its_numpy_twin(rng, count):
    arrays = [rows(rng, MODES) for _ in range(7)]
    ears = rows(rng, 4, MODES)
    ours, theirs = [a.copy() for a in arrays], [a.copy() for a in arrays]
    found = touch(*ours, ears, count, np.float32(0.3), np.float32(-0.2))
    wanted = touched.touch_interpreted(*theirs, ears, count, np.float32(0.3), np.float32(-0.2))
    np.testing.assert_allclose(found, wanted, rtol=2e-5, atol=2e-5)
    np.testing.assert_allclose(ours[:2], theirs[:2], atol=2e-6)
    assert found[3] == feel(ours[6], ours[1], count)  # the depth under the mallet, to the bit


@pytest.mark.parametrize("count", [16, 64])
def test_a_crack_pushes_and_opens_as_in_its_numpy_twin(rng, count):
    arrays, crack, gape = [rows(rng, MODES) for _ in range(7)], rows(rng, MODES), rows(rng, MODES)
    ears = rows(rng, 4, MODES)
    ours, theirs, whole = ([a.copy() for a in arrays] for _ in range(3))
    forces = np.float32(0.3), np.float32(-0.2)
    found = touch_cracked(*ours, ears, count, *forces, crack, gape, np.float32(0.4))
    wanted = touched.touch_cracked_interpreted(*theirs, ears, count, *forces, crack, gape, np.float32(0.4))
    np.testing.assert_allclose(found, wanted, rtol=3e-5, atol=3e-5)
    np.testing.assert_allclose(ours[:2], theirs[:2], atol=2e-6)
    without = touch(*whole, ears, count, *forces)
    assert abs(found[0] - without[0]) > 1e-3  # the push is heard
    assert found[4] == feel(gape, ours[1], count)


def test_what_the_inner_loops_read_begins_on_cache_lines():
    memory = new_record(STATE)
    assert memory.ctypes.data % LINE == 0
    for part in ("bank", "sphere"):
        kind, offset = STATE.fields[part][:2]
        for name in ("re", "im", "step_re", "leap_re", "table", "ears", "finger", "amplitude", "out", "hum"):
            if name in kind.names:
                assert (offset + kind.fields[name][1]) % LINE == 0, name
