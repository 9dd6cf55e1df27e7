"""What a sphere is made of: a spectrum of multiplets and how long each rings, read from
configs/materials/*.toml.

A material is one file; adding a file adds a material. Two kinds, chosen by `family`:

    "partials"     an explicit table [[partials]] (bell, bowl, sphere)
    "wine-glass"   computed from one shape knob, the glass's radius / height ([wine_glass])

Decay times are designed, not measured: nobody has published them by mode for these bodies. They follow
T60 = t60_s * (f / 440 Hz)**-slope, times a partial's own t60_factor and the sphere's t60_scale.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from weaver.model.configs import find_config
from weaver.model.multiplets import Mode, Partial, WineGlass
from weaver.model.toml_table import Table, read_toml
from weaver.model.units import A4_HZ, clamp

__all__ = ["MAX_HZ", "SHAPE_LIMITS", "T60_LIMITS_S", "Material", "Mode", "load_material"]

MAX_HZ = 18_000.0
"""Modes above are left out: most listeners do not hear them, and 44.1 kHz has to hold them with room to
bend."""

T60_LIMITS_S = (0.005, 60.0)
"""No mode decays faster (it would be a click) or slower (it would never fall silent), whatever the scales
say."""

SHAPE_LIMITS = (0.0, 1.2)
"""Radius / height of a wine glass: from an endless flute to a bowl wider than the formula was made for."""

FAMILIES = ("partials", "wine-glass")
MAX_PARTIALS = 64
MAX_DEGREE = 31  # of a sphere's multiplet: 63 members, all that a sphere can ring
MAX_ORDER = 64
MAX_RATIO = 200.0
MAX_SPLIT_PERCENT = 5.0  # beyond, no ear takes the members for one tone
MAX_NAME_CHARS = 40
MAX_DESCRIPTION_CHARS = 2000


@dataclass(frozen=True)
class Material:
    """A kind of resonator. `glass` is its family's knob and rule, or None where `partials` are listed."""

    name: str
    title: str
    description: str
    t60_s: float
    slope: float
    partials: tuple[Partial, ...]
    glass: WineGlass | None

    @property
    def default_shape(self) -> float | None:
        """The shape of a sphere that names none; None for a material without a shape knob."""
        return self.glass.shape if self.glass else None

    def modes(
        self,
        f0_hz: float,
        count: int,
        shape: float | None = None,
        t60_scale: float = 1.0,
        max_hz: float = MAX_HZ,
    ) -> list[Mode]:
        """The `count` lowest modes below `max_hz` of a sphere tuned to `f0_hz`, in order of frequency.

        Multiplets are taken whole, lowest first; only the last may be cut short, its most symmetric members
        first. Fewer are given where the material has no more. `shape` is used by materials that have the
        knob.
        """
        found: list[Mode] = []
        for partial in self._multiplets(shape, max_hz / f0_hz):
            t60_s = self.decay_s(partial.ratio * f0_hz) * partial.t60_factor * t60_scale
            for place, order, lobe in partial.split_members():
                ratio = partial.ratio + partial.width * place
                if ratio * f0_hz <= max_hz and len(found) < count:
                    limited_s, gain = clamp(t60_s, *T60_LIMITS_S), partial.member_gain
                    found.append(Mode(ratio, limited_s, gain, order, lobe, float(order), partial.ratio, place))
        return sorted(found, key=lambda mode: mode.ratio)

    def decay_s(self, frequency_hz: float) -> float:
        """T60 at a frequency, before any scale."""
        return self.t60_s * float((frequency_hz / A4_HZ) ** -self.slope)

    def _multiplets(self, shape: float | None, highest_ratio: float) -> list[Partial]:
        if self.glass is None:
            return list(self.partials)
        return self.glass.partials(self.glass.shape if shape is None else shape, highest_ratio)


def load_material(name_or_path: str | Path) -> Material:
    """Read a material by name or file. Raises ConfigError."""
    path = find_config("materials", name_or_path)
    table = read_toml(path)
    title = table.text("title", MAX_NAME_CHARS)
    description = table.text("description", MAX_DESCRIPTION_CHARS, default="", lines=True)
    decay = table.table("decay")
    t60_s, slope = decay.number("t60_s", 0.01, 60), decay.number("slope", 0, 3)
    decay.finish()
    glass: WineGlass | None = None
    partials: tuple[Partial, ...] = ()
    if table.choice("family", FAMILIES) == "wine-glass":
        glass = _read_wine_glass(table.table("wine_glass"))
    else:
        partials = _read_partials(table)
    table.finish()
    return Material(path.stem, title, description, t60_s, slope, partials, glass)


def _read_wine_glass(table: Table) -> WineGlass:
    glass = WineGlass(
        shape=table.number("shape", *SHAPE_LIMITS),
        split_percent=table.numbers("split_percent", 0, MAX_SPLIT_PERCENT, 1, MAX_PARTIALS),
        gain_db_per_octave=table.number("gain_db_per_octave", -24, 6),
        gain_db_per_circle=table.number("gain_db_per_circle", -60, 6),
    )
    table.finish()
    return glass


def _read_partials(table: Table) -> tuple[Partial, ...]:
    partials = [_read_partial(entry) for entry in table.tables("partials", 1, MAX_PARTIALS)]
    return tuple(sorted(partials, key=lambda partial: partial.ratio))


def _read_partial(table: Table) -> Partial:
    members = table.integer("members", 1, 2 * MAX_DEGREE + 1)
    if members > 2 and members % 2 == 0:
        raise table.error("members", "1, 2, or an odd number 2l+1 for degree l of a sphere")
    partial = Partial(
        ratio=table.number("ratio", 0.1, MAX_RATIO),
        members=members,
        # only a doublet can choose: a single mode has no waves round, a sphere's degree has every order
        order=table.integer("order", 1, MAX_ORDER) if members == 2 else 0,
        split_percent=table.number("split_percent", 0, MAX_SPLIT_PERCENT) if members > 1 else 0.0,
        gain=table.number("gain", 0, 10, default=1.0),
        t60_factor=table.number("t60_factor", 0.01, 10, default=1.0),
    )
    table.finish()
    return partial
