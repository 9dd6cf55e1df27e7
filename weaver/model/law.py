"""The law of the spheres' life: every constant of stress, cracks and healing, in one table and one TOML file.

format = 1
title = "..."
[stress] [cracks] [healing] [states] [shatter] [reforming]    the constants of `CONSTANTS`, each required
[stakes.off] [stakes.gentle] [stakes.performance] [stakes.virtuoso]    each as `STAKE` says
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from weaver.model.configs import find_config, lasting_name
from weaver.model.toml_table import Table, read_toml

STAKES = ("off", "gentle", "performance", "virtuoso")
"""The values of the parameter `stakes`, in order."""
DEFAULT_LAW = "auditorium"
STATES = ("whole", "flickering", "fractured", "failing", "shattered", "reforming")
"""The states of a sphere; `life.records` numbers them in this order."""
MAX_TITLE_CHARS = 60


@dataclass(frozen=True, slots=True)
class Constant:
    """One number of the law: its table and key in the file, its range, in the unit that its name ends in."""

    section: str
    key: str
    low: float
    high: float

    @property
    def field(self) -> str:
        """Its name in the native record."""
        return f"{self.section}_{self.key}"


CONSTANTS: tuple[Constant, ...] = (
    Constant("stress", "bearing", 0.01, 100),
    Constant("stress", "bearing_smallest", 0.01, 1),
    Constant("stress", "overdrive", 0, 10),
    Constant("stress", "sourness", 0, 10),
    Constant("stress", "sourness_borne", 0, 10),
    Constant("stress", "neglect", 0, 10),
    Constant("stress", "neglect_after_s", 0, 3600),
    Constant("stress", "neglect_over_s", 0.1, 3600),
    Constant("stress", "contagion", 0, 10),
    Constant("stress", "contagion_reach_m", 0.1, 100),
    Constant("stress", "bond", 0, 10),
    Constant("stress", "tension", 0, 10),
    Constant("stress", "smoothing_s", 0.02, 60),
    Constant("cracks", "threshold", 0.01, 10),
    Constant("cracks", "exponent", 1, 20),
    Constant("cracks", "growth_rad_per_s", 0, 10),
    Constant("cracks", "nucleation_per_s", 0, 10),
    Constant("cracks", "branching_per_rad", 0, 10),
    Constant("cracks", "full_length_rad", 0.5, 16),
    Constant("healing", "soothe_per_s", 0, 10),
    Constant("healing", "least_attunement", 0, 1),
    Constant("healing", "play_per_s", 0, 10),
    Constant("healing", "rest_per_s", 0, 10),
    Constant("healing", "rest_after_s", 0, 3600),
    Constant("healing", "log_time_s", 0.1, 3600),
    Constant("states", "flickering", 0.01, 0.98),
    Constant("states", "fractured", 0.01, 0.98),
    Constant("states", "failing", 0.01, 0.98),
    Constant("states", "hysteresis", 0, 0.2),
    Constant("shatter", "shock", 0, 1),
    Constant("shatter", "shock_reach_m", 0.1, 100),
    Constant("reforming", "after_s", 0, 3600),
    Constant("reforming", "takes_s", 0.5, 600),
    Constant("reforming", "left", 0, 0.95),
)
STAKE: tuple[Constant, ...] = (
    Constant("stakes", "stress", 0, 10),
    Constant("stakes", "worst", 0, 1),
    Constant("stakes", "healing", 0, 100),
    Constant("stakes", "tension", 0, 10),
)
"""What each of `STAKES` has beside `returns`, a truth value."""
TIME = ("stakes_stress", "stakes_tension", "stakes_healing", "stakes_returns")
"""What lets things change."""


@dataclass(frozen=True)
class Law:
    """A law: `constants` by field name; `stakes` by field name, one value for each of `STAKES`.

    `source` is the name or the file by which it can be loaded again.
    """

    name: str
    title: str
    constants: dict[str, float]
    stakes: dict[str, tuple[float, ...]]
    source: str = ""


def load_law(name_or_path: str | Path) -> Law:
    """Read a law by name or file. Raises ConfigError for the first thing wrong in it."""
    path = find_config("laws", name_or_path)
    table = read_toml(path)
    title = table.text("title", MAX_TITLE_CHARS)
    sections = {constant.section: table.table(constant.section) for constant in CONSTANTS}
    constants = {c.field: sections[c.section].number(c.key, c.low, c.high) for c in CONSTANTS}
    _check_order(sections["states"], constants)
    stakes = _read_stakes(table.table("stakes"))
    for section in sections.values():
        section.finish()
    table.finish()
    return Law(path.stem, title, constants, stakes, lasting_name(name_or_path))


def _check_order(states: Table, constants: dict[str, float]) -> None:
    """States follow one another, further apart than their hysteresis."""
    order = ("flickering", "fractured", "failing")
    bounds = [0.0, *(constants[f"states_{key}"] for key in order)]
    for key, before, bound in zip(order, bounds, bounds[1:], strict=False):
        if bound <= before + constants["states_hysteresis"]:
            raise states.error(key, f"more than {before + constants['states_hysteresis']:g}, the one before")


def _read_stakes(table: Table) -> dict[str, tuple[float, ...]]:
    rows = [table.table(name) for name in STAKES]
    stakes = {c.field: tuple(row.number(c.key, c.low, c.high) for row in rows) for c in STAKE}
    stakes["stakes_returns"] = tuple(float(row.truth("returns")) for row in rows)
    for row in rows:
        row.finish()
    table.finish()
    return stakes


def timeless(law: Law) -> Law:
    """The same law, but that nothing gets worse, nothing heals and nothing comes back: to examine what is."""
    return replace(law, stakes={**law.stakes, **{field: (0.0,) * len(STAKES) for field in TIME}})
