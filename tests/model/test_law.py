"""The law as a file: all of it is read, and what is wrong in it is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from weaver.model.configs import shipped_folder
from weaver.model.errors import ConfigError
from weaver.model.law import CONSTANTS, DEFAULT_LAW, STAKES, load_law, timeless

SHIPPED = (shipped_folder() / "laws" / f"{DEFAULT_LAW}.toml").read_text()


def law_with(tmp_path: Path, old: str, new: str) -> Path:
    assert SHIPPED.count(old) == 1, old
    path = tmp_path / "own.toml"
    path.write_text(SHIPPED.replace(old, new))
    return path


def test_the_shipped_law_has_every_constant() -> None:
    law = load_law(DEFAULT_LAW)
    assert set(law.constants) == {constant.field for constant in CONSTANTS}
    assert all(len(values) == len(STAKES) for values in law.stakes.values())
    assert law.stakes["stakes_stress"][0] == law.stakes["stakes_worst"][0] == 0.0, "nothing breaks when it is off"
    assert list(law.stakes["stakes_stress"]) == sorted(law.stakes["stakes_stress"])


def test_a_timeless_law_is_still() -> None:
    still = timeless(load_law(DEFAULT_LAW))
    assert not any(map(any, (still.stakes[key] for key in ("stakes_stress", "stakes_healing", "stakes_returns"))))
    assert still.constants == load_law(DEFAULT_LAW).constants


@pytest.mark.parametrize(
    ("old", "new", "where", "expected"),
    [
        ("threshold = 0.35", "threshold = -1", "cracks.threshold", "0.01 to 10"),
        ("exponent = 2.2", 'exponent = "steep"', "cracks.exponent", "a number"),
        ("fractured = 0.32", "fractured = 0.09", "states.fractured", "more than 0.12"),
        ("hysteresis = 0.04", "histeresis = 0.04", "states.hysteresis", "a number"),
        ("rest_per_s = 0.006", "rest_per_s = 0.006\nwishing = 1", "healing.wishing", "one of the keys"),
        ("[stakes.gentle]", "[stakes.mild]", "stakes.gentle.stress", "a number"),
        ("worst = 0.65", "worst = 1.5", "stakes.gentle.worst", "0 to 1"),
        ("format = 1", "format = 2", "format", "1"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, old: str, new: str, where: str, expected: str) -> None:
    path = law_with(tmp_path, old, new)
    with pytest.raises(ConfigError) as error:
        load_law(path)
    assert f"{path}: {where}" in str(error.value)
    assert expected in str(error.value)


def test_what_returns_is_true_or_false(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(SHIPPED.replace("returns = false", "returns = 1"))
    with pytest.raises(ConfigError, match="true or false"):
        load_law(path)
