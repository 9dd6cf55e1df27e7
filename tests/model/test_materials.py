"""Materials: shipped spectra against published tables and formulas, multiplets, decay, and bad files."""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import spherical_jn

from weaver.model.configs import list_configs, shipped_folder
from weaver.model.errors import ConfigError
from weaver.model.materials import MAX_HZ, T60_LIMITS_S, Material, load_material
from weaver.model.multiplets import COSINE_LOBE, SINE_LOBE, Partial, WineGlass

FOUR = ("glass", "bell", "bowl", "sphere")
SHIPPED = sorted(path.stem for path in (shipped_folder() / "materials").glob("*.toml"))


def centres(material: Material, shape: float | None = None) -> list[float]:
    """Centre ratios of a material's multiplets, lowest first."""
    if material.glass is None:
        return [partial.ratio for partial in material.partials]
    return [partial.ratio for partial in material.glass.partials(shape or material.glass.shape, 200.0)]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_material_rings(name: str) -> None:
    material = load_material(name)
    modes = material.modes(220.0, 16)
    assert len(modes) == 16
    assert all(lower.ratio <= upper.ratio for lower, upper in pairwise(modes))
    assert all(mode.rise == mode.order >= 0 and mode.gain > 0 for mode in modes)
    assert all(mode.lobe == COSINE_LOBE for mode in modes if mode.order == 0)
    assert {mode.lobe for mode in modes} <= {COSINE_LOBE, SINE_LOBE}
    assert (material.default_shape is not None) == (name == "glass")


@pytest.mark.parametrize(
    ("shape", "ratios"),
    [  # sqrt{[(n^2-1)^2 + 12 (R/H)^4] / (1+1/n^2)} for n = 3, 4, 5, 6 relative to n = 2
        (0.0, (2.828, 5.423, 8.771, 12.866)),
        (0.6, (2.643, 5.025, 8.110, 11.888)),
        (0.8, (2.360, 4.409, 7.084, 10.368)),
        (0.9, (2.189, 4.030, 6.449, 9.427)),
        (1.0, (2.018, 3.644, 5.801, 8.464)),
    ],
)
def test_wine_glass_ratios_follow_the_shape(shape: float, ratios: tuple[float, ...]) -> None:
    assert [WineGlass.ratio(order, shape) for order in range(3, 7)] == pytest.approx(ratios, abs=6e-4)
    modes = load_material("glass").modes(60.0, 64, shape)
    for order, ratio in enumerate((1.0, *ratios), start=2):
        pair = [mode.ratio for mode in modes if mode.order == order]
        assert min(abs(math.log2(member / ratio)) for member in pair) < 0.003  # half the healthy split, and rounding


def test_a_measured_wine_glass_is_the_default() -> None:
    assert WineGlass.ratio(3, load_material("glass").default_shape or 0.0) == pytest.approx(2.32, abs=0.01)


def test_nodal_circles_rise_above_the_rim_modes() -> None:
    """With a circle the wall bends as a clamped-free bar in its second mode does: (beta H)^4 = 4.6941^4."""
    expected = math.sqrt((9 + 4.694091**4 * 0.82**4) / (9 + 12 * 0.82**4))
    assert any(ratio == pytest.approx(expected, rel=1e-4) for ratio in centres(load_material("glass")))
    orders = Counter(mode.order for mode in load_material("glass").modes(60.0, 64))
    assert orders[2] == 6  # a doublet without, with one and with two circles


def test_bell_is_tuned() -> None:
    assert centres(load_material("bell"))[:8] == pytest.approx([0.5, 1, 1.2, 1.5, 2, 2.5, 2.6667, 3])
    assert [partial.order for partial in load_material("bell").partials[:5]] == [2, 2, 3, 3, 4]


def test_bowl_is_the_measured_one() -> None:
    measured_hz = (221, 614, 1145, 1804, 2577, 3456, 4419)
    bowl = load_material("bowl")
    assert centres(bowl)[:7] == pytest.approx([hz / 221 for hz in measured_hz], rel=1e-3)
    assert [partial.order for partial in bowl.partials] == list(range(2, 2 + len(bowl.partials)))


def lamb_spheroidal(degree: int, eta: np.ndarray | float, poisson: float) -> np.ndarray:
    """Zero where a free elastic sphere has a spheroidal mode of this degree (Lamb 1882).

    `eta` is angular frequency * radius / shear wave speed, of any shape; the surface bears no stress.
    """
    xi = eta * math.sqrt((1 - 2 * poisson) / (2 - 2 * poisson))
    bessel, above = spherical_jn(degree, xi), spherical_jn(degree + 1, xi)
    shear, shear_above = spherical_jn(degree, eta), spherical_jn(degree + 1, eta)
    radial_p = (degree * (degree - 1) - eta**2 / 2) * bessel + 2 * xi * above
    if degree == 0:
        return np.asarray(radial_p)
    radial_s = degree * (degree + 1) * ((degree - 1) * shear - eta * shear_above)
    tangential_p = (degree - 1) * bessel - xi * above
    tangential_s = (degree**2 - 1 - eta**2 / 2) * shear + eta * shear_above
    return np.asarray(radial_p * tangential_s - radial_s * tangential_p)


def lamb_eigenvalues(degree: int, poisson: float, highest: float) -> list[float]:
    grid = np.linspace(0.5, highest, 2000)
    values = lamb_spheroidal(degree, grid, poisson)
    return [
        brentq(lambda eta: lamb_spheroidal(degree, eta, poisson), low, high)
        for (low, high), (before, after) in zip(pairwise(grid), pairwise(values), strict=True)
        if before * after < 0
    ]


def test_the_eigenvalue_solver_knows_the_textbook() -> None:
    assert lamb_eigenvalues(2, 0.25, 4.0)[0] == pytest.approx(2.640, abs=1e-3)
    assert lamb_eigenvalues(0, 0.25, 5.0)[0] == pytest.approx(4.440, abs=1e-3)


def test_sphere_is_lambs() -> None:
    """The shipped table holds every spheroidal mode up to its highest, within 0.2 %, with 2l+1 members."""
    table = load_material("sphere").partials
    lowest = lamb_eigenvalues(2, 0.22, 4.0)[0]
    expected = sorted(
        (eta / lowest, 2 * degree + 1)
        for degree in range(14)
        for eta in lamb_eigenvalues(degree, 0.22, table[-1].ratio * lowest + 0.01)
    )
    assert len(table) == len(expected)
    assert [partial.ratio for partial in table] == pytest.approx([ratio for ratio, _ in expected], rel=2e-3)
    assert [partial.members for partial in table] == [members for _, members in expected]


@pytest.mark.parametrize(("members", "orders"), [(1, [0]), (2, [3, 3]), (3, [0, 1, 1]), (7, [0, 1, 1, 2, 2, 3, 3])])
def test_members_of_a_multiplet(members: int, orders: list[int]) -> None:
    partial = Partial(ratio=2.0, members=members, order=3, split_percent=0.3)
    found = partial.split_members()
    assert [order for _, order, _ in found] == orders
    assert partial.width == pytest.approx(2.0 * 0.003)
    places = [place for place, _, _ in found]
    assert len(set(places)) == members
    assert -0.5 <= min(places) <= max(places) <= 0.5
    if members > 1:
        assert max(places) - min(places) > 0.5
    for order in set(orders) - {0}:
        assert {lobe for _, other, lobe in found if other == order} == {COSINE_LOBE, SINE_LOBE}
    # contact and ear at one place on the equator: together the members give the multiplet's gain
    for theta in (0.0, 0.4, 2.0):
        together = sum(math.cos(order * theta + lobe) ** 2 for _, order, lobe in found) * partial.member_gain
        assert together == pytest.approx(1.0)


@pytest.mark.parametrize("name", FOUR)
def test_healthy_splits(name: str) -> None:
    low, high = (0.2, 0.8) if name == "bowl" else (0.02, 0.3)
    material = load_material(name)
    partials = material.glass.partials(0.82, 50.0) if material.glass else material.partials
    assert all(low <= partial.split_percent <= high for partial in partials if partial.members > 1)


@pytest.mark.parametrize("name", FOUR)
@pytest.mark.parametrize("count", [1, 2, 5, 24, 63, 64])
def test_count_and_highest_frequency(name: str, count: int) -> None:
    material = load_material(name)
    for f0_hz in (27.5, 440.0, 4000.0):
        modes = material.modes(f0_hz, count)
        assert 1 <= len(modes) <= count
        assert modes[-1].ratio * f0_hz <= MAX_HZ
        assert modes == material.modes(f0_hz, 64)[: len(modes)] or len(modes) == count
    assert material.modes(440.0, 64, max_hz=100.0) == []


def test_decay_follows_the_file() -> None:
    bell = load_material("bell")
    hum, prime = bell.modes(440.0, 64)[0], bell.modes(440.0, 64)[3]
    assert prime.ratio == pytest.approx(1.0, abs=0.002)
    assert prime.t60_s == pytest.approx(6.5, rel=1e-9)
    assert hum.t60_s == pytest.approx(6.5 * 0.5**-0.85 * 1.3)
    assert bell.modes(440.0, 64, t60_scale=0.5)[3].t60_s == pytest.approx(3.25)
    everything = [mode.t60_s for mode in bell.modes(16.0, 64, t60_scale=10.0)]
    everything += [mode.t60_s for mode in bell.modes(8000.0, 64, t60_scale=0.001)]
    assert min(everything) == T60_LIMITS_S[0]
    assert max(everything) == T60_LIMITS_S[1]


def test_a_material_is_added_by_adding_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEAVER_CONFIGS", str(tmp_path))
    (tmp_path / "materials").mkdir()
    (tmp_path / "materials" / "fork.toml").write_text(
        'format = 1\ntitle = "Fork"\nfamily = "partials"\ndecay = {t60_s = 9, slope = 0}\n'
        "[[partials]]\nratio = 6.267\nmembers = 1\ngain = 0.1\n[[partials]]\nratio = 1\nmembers = 1\n"
    )
    fork = load_material("fork")
    assert [(mode.ratio, mode.t60_s, mode.gain) for mode in fork.modes(440.0, 9)] == [
        (1, 9, 1),
        (6.267, 9, 0.1),
    ]
    assert "fork" in list_configs("materials")


@pytest.mark.parametrize(
    ("name", "old", "new", "where", "expected", "found"),
    [
        ("bell", "ratio = 0.5", "ratio = 0", "partials[0].ratio", "a number from 0.1 to 200", "0"),
        (
            "bell",
            "members = 2",
            "members = 4",
            "partials[0].members",
            "1, 2, or an odd number 2l+1 for degree l of a sphere",
            "4",
        ),
        ("bell", "order = 2", "order = 0", "partials[0].order", "a whole number from 1 to 64", "0"),
        ("bell", "order = 2\n", "", "partials[0].order", "a whole number from 1 to 64", "nothing"),
        (
            "sphere",
            "members = 5\n",
            "members = 5\norder = 1\n",
            "partials[0].order",
            "one of the keys",
            "an unknown",
        ),
        ("bell", "slope = 0.85", "slope = 'steep'", "decay.slope", "a number from 0 to 3", "'steep'"),
        ("glass", '"wine-glass"', '"wine"', "family", "one of: partials, wine-glass", "'wine'"),
        ("glass", "shape = 0.82", "shape = 1.3", "wine_glass.shape", "a number from 0 to 1.2", "1.3"),
        ("glass", "[0.06,", "[6.0,", "wine_glass.split_percent[0]", "a number from 0 to 5", "6.0"),
        ("glass", "[wine_glass]", "[glass]", "wine_glass.shape", "a number from 0 to 1.2", "nothing"),
        (
            "glass",
            "title =",
            "titel =",
            "title",
            "text of 1 to 40 printable",
            "nothing (but there is 'titel')",
        ),
    ],
)
def test_bad_materials(tmp_path: Path, name: str, old: str, new: str, where: str, expected: str, found: str) -> None:
    text = (shipped_folder() / "materials" / f"{name}.toml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "bad.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_material(path)
    assert caught.value.where == f"{path}: {where}"
    assert expected in caught.value.expected
    assert str(caught.value.found).startswith(found)
