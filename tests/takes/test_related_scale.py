"""Related scales: the steps are where the spectrum is smooth with itself, and the file is one that is played by."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from support.playing import sphere

from weaver.life.roughness import HUTCHINSON, SETHARES, VASSILAKIS
from weaver.mapping.tuning import load_tuning
from weaver.model.errors import ConfigError
from weaver.model.spheres import load_set
from weaver.model.units import ratio_to_cents
from weaver.takes.related_scale import (
    REACH_CENTS,
    dissonance_curve,
    find_minima,
    related_scale,
    scala_text,
    write_scala,
)
from weaver.takes.scale_plot import plot_scale

BELL, BOWL, GLASS = sphere("bell", 261.63), sphere("bowl", 220.0), sphere("glass", 261.63)


def steps(*members: object, model: int = SETHARES) -> list[int]:
    return [step.cents for step in related_scale(members, model).steps]  # type: ignore[arg-type]


@pytest.mark.parametrize("model", [HUTCHINSON, SETHARES, VASSILAKIS])
def test_bells_agree_with_our_scales(model: int) -> None:
    """A tuned bell has an octave, a fifth and a sixth among its partials."""
    found = steps(*load_set("bells").spheres, model=model)
    assert found[-1] == 1200
    for just in (702, 884):
        assert min(abs(cents - just) for cents in found) <= 2


def test_glass_has_a_scale_of_its_own() -> None:
    """The interval at which its first partial falls on the second is its octave; that of the next two is a step."""
    shape = GLASS.material.glass
    assert shape is not None
    partials = [shape.ratio(order, shape.shape) for order in (2, 3, 4)]
    found = steps(GLASS)
    assert found[-1] == pytest.approx(ratio_to_cents(partials[1] / partials[0]), abs=1.5)
    assert min(abs(cents - ratio_to_cents(partials[2] / partials[1])) for cents in found) < 2
    assert not any(abs(cents - 1200) < 15 or abs(cents - 702) < 15 for cents in found)


def test_the_steps_are_minima_and_the_table_says_how_deep() -> None:
    scale = related_scale([BELL], HUTCHINSON)
    assert scale.curve.shape == (REACH_CENTS + 1,) and scale.curve.max() == 1.0 and scale.curve.min() >= 0
    for step in scale.steps:
        assert scale.curve[step.cents] < min(scale.curve[step.cents - 8], scale.curve[step.cents + 8])
        assert 0.01 <= step.depth <= 1
        assert ratio_to_cents(float(step.just)) + step.off_cents == pytest.approx(step.cents)
    assert str(next(step.just for step in scale.steps if abs(step.cents - 702) < 3)) == "3/2"


def test_a_pure_tone_has_an_octave_for_want_of_anything_else() -> None:
    scale = related_scale([sphere("bowl", 440.0, modes=1)], HUTCHINSON)
    assert [step.cents for step in scale.steps] == [1200]
    assert "no interval" in scale.reason


def test_voices_count_alike_however_many_spheres_have_them() -> None:
    both = dissonance_curve([BELL, BOWL], HUTCHINSON)
    np.testing.assert_allclose(dissonance_curve([BELL, BOWL, BELL, BELL], HUTCHINSON), both, atol=1e-12)
    assert np.abs(both - dissonance_curve([BELL], HUTCHINSON)).max() > 0.05


def test_minima_of_a_curve() -> None:
    assert find_minima(np.array([3.0, 1.0, 2.0, 0.0, 5.0])) == [(1, 1.0), (3, 3.0)]
    assert find_minima(np.array([2.0, 1.0, 1.0, 1.0, 4.0])) == [(2, 1.0)]
    assert find_minima(np.array([2.0, 1.0, 1.0])) == []
    assert find_minima(np.array([1.0, 1.0, 2.0, 3.0, 3.0, 4.0])) == []
    assert find_minima(np.array([4.0, 2.0, 3.0, 2.0, 5.0])) == [(1, 2.0), (3, 2.0)]


def test_the_file_is_played_by(tmp_path: Path) -> None:
    scale = related_scale([GLASS], SETHARES)
    path = tmp_path / "glass.scl"
    text = scala_text(scale, path.name, "Related scale of Glass (sethares)")
    assert text == scala_text(related_scale([GLASS], SETHARES), path.name, "Related scale of Glass (sethares)")
    write_scala(path, text)
    tuning = load_tuning(path)
    assert tuning.description == "Related scale of Glass (sethares)"
    heard = [ratio_to_cents(tuning.note_hz[61 + n] / tuning.note_hz[60]) for n in range(len(scale.steps))]
    assert heard == pytest.approx([step.cents for step in scale.steps], abs=1e-6)
    again = ratio_to_cents(tuning.note_hz[61 + len(scale.steps)] / tuning.note_hz[60])
    assert again == pytest.approx(scale.steps[-1].cents + scale.steps[0].cents, abs=1e-6)


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"ends in \.scl"):
        write_scala(tmp_path / "glass.txt", "")
    with pytest.raises(ConfigError, match="folder that exists"):
        write_scala(tmp_path / "nowhere" / "glass.scl", "")
    write_scala(tmp_path / "glass.scl", "old")
    with pytest.raises(UnicodeEncodeError):
        write_scala(tmp_path / "glass.scl", "\ud800")
    assert [path.name for path in tmp_path.iterdir()] == ["glass.scl"]
    assert (tmp_path / "glass.scl").read_text() == "old"


def test_a_picture_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    plot_scale(related_scale([GLASS], SETHARES), tmp_path / "glass.png", "Glass")
    from matplotlib.image import imread

    picture = imread(tmp_path / "glass.png")[:, :, :3]
    assert picture.shape[0] > 500 and picture.shape[1] > 900
    gold = (np.abs(picture - np.array([0xF9, 0xBD, 0x4F]) / 255) < 0.05).all(axis=2)
    assert gold.sum() > 100
