"""`weaver anatomy`: a sphere struck, left alone and listened to; what is found beside what its model asks for."""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterable, Sequence

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from weaver.commands.first_start import learning
from weaver.engine.precompile import compile_entries, compile_offline, units_beside
from weaver.life.crackle import EXPONENT
from weaver.model.errors import ConfigError
from weaver.model.sample_rates import SAMPLE_RATES_HZ
from weaver.model.spheres import Sphere, SphereSet, load_set
from weaver.model.units import ratio_to_cents
from weaver.surfaces.palette import FAINT, GOLD
from weaver.takes.anatomy import DARK, Anatomy, asked_loudest_share, dips_per_s, examine
from weaver.takes.anatomy_plot import plot_anatomy
from weaver.takes.partials import Multiplet
from weaver.takes.plot import check_plot
from weaver.takes.signs import SPEEDS, Signs
from weaver.takes.specimen import Specimen

MOST_DAMAGE = 0.99
DAMAGES = (0.0, 0.15, 0.35, 0.6, 0.85)
"""Those of the summary."""
CRACKLE_S, FLICKER_S = 120.0, 30.0
NONE = "none"
SILENT_DB = -90.0
"""A line below this, beside its tone, is none."""


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Examine one sphere at one damage, or at several. Raises ConfigError before anything sounds."""
    sphere = find_sphere(load_set(arguments.set), arguments.sphere)
    low, high = SAMPLE_RATES_HZ
    if not low <= arguments.rate <= high:
        raise ConfigError("--rate", f"{low:g} to {high:g} Hz", arguments.rate)
    damage = arguments.damage
    if damage is not None and not 0.0 <= damage <= MOST_DAMAGE:
        raise ConfigError("--damage", f"0 to {MOST_DAMAGE:g} (at 1 a sphere shatters)", f"{damage:g}")
    if arguments.plot is not None:
        if damage is None:
            raise ConfigError("--plot", "--damage beside it", "none")
        check_plot(arguments.plot)
    with learning(console):
        with units_beside():
            compile_offline()
            compile_entries()
    specimen = Specimen(sphere, float(arguments.rate), arguments.seed)
    with console.status(f"listening to {sphere.name}"):
        found = [examine(specimen, each, CRACKLE_S, FLICKER_S) for each in (DAMAGES if damage is None else (damage,))]
    console.print(_title(sphere))
    if damage is None:
        _print_summary(console, found)
        return 0
    _print_partials(console, found[0])
    _print_signs(console, found[0])
    _print_crackle(console, found[0])
    _print_flicker(console, found[0])
    if arguments.plot is not None:
        with console.status("drawing"):
            plot_anatomy(specimen, found[0], arguments.plot)
        console.print(f"{arguments.plot}: what was found, drawn", soft_wrap=True)
    return 0


def find_sphere(spheres: SphereSet, wanted: str) -> Sphere:
    """By name, whatever its case, or by number from 1. Raises ConfigError."""
    for number, sphere in enumerate(spheres.spheres, start=1):
        if wanted.casefold() == sphere.name.casefold() or wanted == str(number):
            return sphere
    names = ", ".join(sphere.name for sphere in spheres.spheres)
    expected = f"a number from 1 to {len(spheres.spheres)}, or one of {names}"
    raise ConfigError(f"SPHERE of {spheres.name}", expected, repr(wanted))


def _title(sphere: Sphere) -> Text:
    return Text.assemble((sphere.name, f"bold {sphere.colour}"), f"  {sphere.material.name}, {sphere.f0_hz:.2f} Hz")


def _print_table(console: Console, title: str, note: str, rows: Iterable[Sequence[str | Text]]) -> None:
    """A heading, what it means, and rows, the first of which are the columns' names."""
    console.print()
    console.print(Text.assemble((title, f"bold {GOLD}"), "  ", (note, FAINT)), soft_wrap=True)
    table = Table.grid(padding=(0, 2))
    for number, row in enumerate(rows):
        table.add_row("", *row, style=FAINT if number == 0 else "")
    for column in table.columns[1:]:
        column.justify = "right"
    console.print(table)


def _print_partials(console: Console, anatomy: Anatomy) -> None:
    names = ("Hz asked", "found", "off by", "members", "apart, asked", "found", "", "T60 asked", "found", "Q")
    _print_table(
        console,
        f"Partials at damage {anatomy.damage:g}",
        "as worn as that, with the crack kept shut; T60 and Q are means over the members",
        [names, *(_partial_row(multiplet) for multiplet in anatomy.multiplets)],
    )


def _partial_row(multiplet: Multiplet) -> list[str]:
    hz, members, found = float(multiplet.asked_hz.mean()), len(multiplet.asked_hz), multiplet.found
    row = [f"{hz:.3f}"]
    row += [f"{found.hz.mean():.3f}", f"{multiplet.cents_off:+.4f} ¢"] if len(found.hz) else ["not resolved", ""]
    row.append(str(members) if multiplet.resolved else f"{len(found.hz)} of {members}")
    if members == 1:
        row += ["", "", ""]
    else:
        row.append(f"{multiplet.asked_split_hz:.4f} Hz")
        row += ["not resolved", ""]
    if multiplet.resolved and members > 1:
        cents = ratio_to_cents(float(found.hz.max() / found.hz.min()))
        row[-2:] = [f"{multiplet.found_split_hz:.4f} Hz", f"{cents:.2f} ¢"]
    row.append(f"{multiplet.asked_t60_s:.3f} s")
    row += [f"{found.t60_s:.3f} s", f"{quality(multiplet):.0f}"] if len(found.hz) else ["not resolved", ""]
    return row


def quality(multiplet: Multiplet) -> float:
    """Q of what was found: pi f T60 / ln 1000. NaN if nothing was."""
    hz = multiplet.found.hz
    return float(math.pi * hz.mean() * multiplet.found.t60_s / math.log(1000.0)) if len(hz) else math.nan


def _print_signs(console: Console, anatomy: Anatomy) -> None:
    signs = anatomy.signs
    wanted = NONE if anatomy.damage == 0.0 else "grow with damage"
    rows = [("line", "Hz", "level", "floor", "expected")]
    for line in signs.lines:
        rows.append((line.name, f"{line.hz:.1f}", level_text(line.level_db), f"{line.floor_db:.1f} dB", wanted))
    rows.append(("all of them", "", level_text(signs.buzz_db), "", wanted))
    pair = ", ".join(f"{hz:.1f}" for hz in signs.pair_hz)
    sidebands = f"sidebands of {pair} Hz; " if pair else ""
    note = f"harmonics of {signs.tone_hz:.1f} Hz; {sidebands}beside these tones; medians over strikes"
    _print_table(console, "Buzz", note, rows)
    sag = f"{signs.sag_cents:+.1f} ¢" + (", lower with force" if anatomy.damage > 0.0 else "")
    struck = [(f"{speed:g}", f"{cents:+.1f} ¢", sag) for speed, cents in zip(SPEEDS, signs.pitch_cents, strict=True)]
    note = f"of {signs.pitch_hz:.1f} Hz, beside modes that are only worn"
    _print_table(console, "Pitch", note, [("struck at", "found", "expected"), *struck])
    note = "of its own lines among each other (Sethares), where their squares add up to 1; grows with damage"
    _print_table(console, "Roughness", note, [("found",), (f"{signs.roughness:.3f}",)])


def level_text(level_db: float) -> str:
    """A level in dB, or that there is none."""
    return f"{level_db:.1f} dB" if level_db > SILENT_DB else f"{NONE} ({level_db:.0f} dB)"


def _print_crackle(console: Console, anatomy: Anatomy) -> None:
    crackle = anatomy.crackle
    rows: list[tuple[str, str, str]] = [
        ("", "found", "asked"),
        ("events", f"{len(crackle.energies)}", f"{crackle.made} made, {crackle.flakes} flakes that bounce"),
        ("a second", f"{len(crackle.energies) / crackle.seconds:.2f}", f"{crackle.made / crackle.seconds:.2f}"),
    ]
    if len(crackle.energies):
        exponent = f"{crackle.exponent:.2f} ± {crackle.error:.2f}"
        rows += [
            ("exponent of energies", "too few" if math.isnan(crackle.exponent) else exponent, f"{EXPONENT:g}"),
            ("energy of loudest 1 %", f"{crackle.loudest_share:.0%}", f"{asked_loudest_share():.0%}"),
            ("variance / mean of counts", f"{crackle.dispersion:.2f}", "above 1: aftershocks"),
        ]
    _print_table(console, "Crackle", f"unstruck, for {crackle.seconds:g} s, the hum off", rows)


def _print_flicker(console: Console, anatomy: Anatomy) -> None:
    flicker = anatomy.flicker
    rows = [("", "sound", "light")]
    names = ("mean", "darkest tenth", f"dips below {DARK:g} a second")
    columns = [
        (float(signal.mean()), float(np.quantile(signal, 0.1)), dips_per_s(signal, flicker.seconds))
        for signal in (flicker.sound, flicker.light)
    ]
    rows += [(name, f"{heard:.3f}", f"{seen:.3f}") for name, heard, seen in zip(names, *columns, strict=True)]
    if not math.isnan(flicker.agreement):
        rows.append(("correlation", f"{flicker.agreement:.3f}", ""))
    _print_table(console, "Flicker", "of the hum, under a hand that keeps the modes still; 1 is steady, 0 out", rows)


def _print_summary(console: Console, found: Sequence[Anatomy]) -> None:
    names = ("damage", "splits", "T60 low", "high", "pitch", "falls by", "2f", "sideband", "all buzz", "roughness")
    rows = [(*names, "events/s", "light", "sound"), *(_summary_row(found[0], anatomy) for anatomy in found)]
    note = "splits and T60 beside the whole sphere's; pitch when struck softly, and how far it falls by force"
    _print_table(console, "How damage is heard", note, rows)


def _summary_row(whole: Anatomy, anatomy: Anatomy) -> tuple[str, ...]:
    signs, crackle = anatomy.signs, anatomy.crackle
    pairs = [(a, b) for a, b in zip(anatomy.multiplets, whole.multiplets, strict=True) if a.resolved and b.resolved]
    apart = [a.found_split_hz / b.found_split_hz for a, b in pairs if b.found_split_hz > 0.0]
    rings = [a.found.t60_s / b.found.t60_s for a, b in pairs]
    return (
        f"{anatomy.damage:.2f}",
        f"x {np.median(apart):.2f}" if apart else "",
        *((f"{rings[0]:.0%}", f"{rings[-1]:.0%}") if rings else ("", "")),
        f"{signs.pitch_cents[0]:+.1f} ¢",
        f"{signs.pitch_cents[0] - signs.pitch_cents[-1]:.1f} ¢",
        level_text(_strongest(signs, "f", "2")),
        level_text(_strongest(signs, "f1", "f2")),
        level_text(signs.buzz_db),
        f"{signs.roughness:.2f}",
        f"{len(crackle.energies) / crackle.seconds:.2f}",
        f"{anatomy.flicker.light.mean():.2f}",
        f"{anatomy.flicker.sound.mean():.2f}",
    )


def _strongest(signs: Signs, end: str, start: str) -> float:
    """Level of the strongest line whose name begins and ends so."""
    return max(
        (line.level_db for line in signs.lines if line.name.startswith(start) and line.name.endswith(end)),
        default=-math.inf,
    )
