"""From snapshots to how spheres look."""

from __future__ import annotations

import math

import numpy as np
import pytest

from weaver.model.law import STATES
from weaver.surfaces.lights.shine import BINS, DEBRIS_S, Shining, crack_bins

SNAPSHOT = np.dtype(
    [(name, "f4", (4,)) for name in ("light", "flicker", "health", "soothed")]
    + [(name, "i4", (4,)) for name in ("state", "held")]
    + [("cracks", "f4", (4, 8))]
)


def upright(bottom_rad: float) -> np.ndarray:
    """Latitudes of a path that goes straight up."""
    return (bottom_rad + 0.16 * np.arange(16, dtype=np.float32))[None, None]


def test_a_crack_lies_where_its_path_is() -> None:
    lengths = np.array([[0.32]], np.float32)
    bins = crack_bins(lengths, upright(0.01))[0]
    assert set(np.flatnonzero(bins)) == {8, 9}  # from just above the equator, two steps up
    assert crack_bins(lengths, upright(-1.5))[0][:2].min() > 0.0


@pytest.mark.parametrize("length", [0.0, 0.05, 0.16, 0.5, 1.0, 2.4])
def test_it_shows_as_far_as_it_has_grown(length: float) -> None:
    bins = crack_bins(np.array([[length]], np.float32), upright(-1.2))[0]
    assert bins.sum() * 0.4 == pytest.approx(length, abs=1e-5)


def test_many_cracks_fill_a_stretch_and_no_more() -> None:
    lengths = np.full((2, 8), 2.4, np.float32)
    level = np.zeros((2, 8, 16), np.float32)
    bins = crack_bins(lengths, level)
    assert bins.max() == 1.0 and bins[:, [0, -1]].max() == 0.0


def test_poles_are_within() -> None:
    lengths = np.full((1, 1), 2.4, np.float32)
    for pole in (-math.pi / 2, math.pi / 2):
        assert crack_bins(lengths, np.full((1, 1, 16), pole, np.float32)).shape == (1, BINS)


def test_a_snapshot_is_looked_at_once_and_kept() -> None:
    path = np.zeros((4, 8, 16, 2), np.float32)
    shining = Shining(("A", "B"), ("#102030", "#ffffff"), path)
    snapshot = np.zeros((), SNAPSHOT)
    snapshot["light"] = 0.5
    snapshot["held"][1] = 1
    first = shining.look(snapshot, 1.0, {"tap": 1.0})
    snapshot["light"] = 0.9
    snapshot["cracks"][1, 0] = 1.0
    second = shining.look(snapshot, 2.0, {})
    assert first.light.tolist() == [0.5, 0.5] and first.held.tolist() == [False, True]
    assert first.colour.tolist() == [[16, 32, 48], [255, 255, 255]] and first.deeds == {"tap": 1.0}
    assert not first.cracked.any() and second.cracked[1].any() and not second.cracked[0].any()
    assert second.growth.tolist() == [0.0, 1.0]


def test_pieces_fade_from_when_a_sphere_fell() -> None:
    shining = Shining(("A", "B"), ("#102030", "#ffffff"), np.zeros((4, 8, 16, 2), np.float32))
    snapshot = np.zeros((), SNAPSHOT)
    snapshot["state"][0] = STATES.index("shattered")
    assert shining.look(snapshot, 5.0, {}).debris.tolist() == [0.0, 0.0]  # nobody saw it fall
    snapshot["state"][1] = STATES.index("shattered")
    seen = [shining.look(snapshot, 5.0 + after, {}).debris[1] for after in (0.0, 0.5 * DEBRIS_S, 2.0 * DEBRIS_S)]
    assert seen == pytest.approx([1.0, 0.5, 0.0])
