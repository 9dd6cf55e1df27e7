"""What alike spheres share, and how a set file says it: material, spectrum, ringing, level, pitch."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from weaver.model.configs import find_config
from weaver.model.errors import ConfigError
from weaver.model.materials import SHAPE_LIMITS, Material, load_material
from weaver.model.toml_table import Table, describe
from weaver.model.units import SILENCE_DB

MAX_MODES = 64
PITCH_LIMITS_HZ = (16.0, 8000.0)  # from C0, the lowest tone, to the last with overtones to hear
T60_SCALE_LIMITS = (0.05, 10.0)
HUM_LIMITS_DB = (-90.0, 0.0)
LEVEL_LIMITS_DB = (-60.0, 12.0)
MAX_RATIO = 512  # the pitch limits lie hardly further apart, and its 64th power is still a number
MAX_FILE_CHARS = 200
DEFAULT_MATERIAL = "glass"
DEFAULT_MODES = 24

_RATIO = re.compile(r"([1-9][0-9]{0,8})(?:/([1-9][0-9]{0,8}))?")


@dataclass(frozen=True)
class Voice:
    """What alike spheres share: their material, how richly and how long they ring, how loud they are.

    `shape` is None for a material without the knob. `hum_db` is `SILENCE_DB` where the hum is off.
    """

    material: Material
    shape: float | None
    modes: int
    t60_scale: float
    hum_db: float
    level_db: float


class SetReader:
    """What every table of one set needs to know: the root of its ratios, the materials read so far."""

    def __init__(self, table: Table, folder: Path) -> None:
        self._table, self._folder = table, folder
        self._root_hz = table.number("root_hz", *PITCH_LIMITS_HZ) if "root_hz" in table else None
        self._materials: dict[str, Material] = {}

    def voice(self, table: Table, default: Voice | None) -> Voice:
        """The keys a sphere, a series and [defaults] have in common; `default` is for what is not given."""
        material = self._material(table, default)
        base = default or Voice(material, None, DEFAULT_MODES, t60_scale=1.0, hum_db=SILENCE_DB, level_db=0.0)
        shape = base.shape if default and base.material is material else material.default_shape
        if "shape" in table:
            if material.default_shape is None:
                raise table.error("shape", f"no shape, which the material {material.name} does not have")
            shape = table.number("shape", *SHAPE_LIMITS)
        return Voice(
            material=material,
            shape=shape,
            modes=table.integer("modes", 1, MAX_MODES, base.modes),
            t60_scale=table.number("t60_scale", *T60_SCALE_LIMITS, default=base.t60_scale),
            hum_db=table.level_db("hum_db", *HUM_LIMITS_DB, default=base.hum_db),
            level_db=table.number("level_db", *LEVEL_LIMITS_DB, default=base.level_db),
        )

    def pitch_hz(self, table: Table) -> float:
        """The pitch of a sphere or a series' first: `f0_hz`, or `ratio` to the set's root, exactly one."""
        given = [key for key in ("f0_hz", "ratio") if key in table]
        if len(given) != 1:
            raise table.error("", "either f0_hz or ratio", "both" if given else "neither")
        if given == ["f0_hz"]:
            return table.number("f0_hz", *PITCH_LIMITS_HZ)
        ratio = parse_ratio(table.text("ratio", 20), table.where("ratio"))
        if self._root_hz is None:
            low, high = PITCH_LIMITS_HZ
            raise self._table.error("root_hz", f"a number from {low:g} to {high:g}, as {table.path} has a ratio")
        return check_pitch(ratio * self._root_hz, table, "ratio")

    def _material(self, table: Table, default: Voice | None) -> Material:
        if "material" not in table and default is not None:
            return default.material
        name = table.text("material", MAX_FILE_CHARS, default=DEFAULT_MATERIAL)
        if name not in self._materials:
            try:
                path = find_config("materials", name, self._folder)
            except ConfigError as error:
                raise table.error("material", error.expected) from error
            self._materials[name] = load_material(path)
        return self._materials[name]


def parse_ratio(text: str, where: str) -> float:
    """The value of "5/4" or "2". Raises ConfigError for anything else."""
    match = _RATIO.fullmatch(text)
    ratio = int(match[1]) / int(match[2] or 1) if match else 0.0
    if not 1 / MAX_RATIO <= ratio <= MAX_RATIO:
        expected = f'a ratio of whole numbers such as "5/4", from 1/{MAX_RATIO} to {MAX_RATIO}'
        raise ConfigError(where, expected, describe(text))
    return ratio


def check_pitch(f0_hz: float, table: Table, key: str) -> float:
    """`f0_hz`, if a sphere can have it; else ConfigError at the key that led to it."""
    low, high = PITCH_LIMITS_HZ
    if not low <= f0_hz <= high:
        raise table.error(key, f"a pitch from {low:g} to {high:g} Hz", f"{f0_hz:.6g} Hz")
    return f0_hz
