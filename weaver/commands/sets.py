"""`weaver sets`: the sets there are, each with its spheres and their pitches."""

from __future__ import annotations

import argparse

from rich.console import Console
from rich.table import Table
from rich.text import Text

from weaver.model.configs import find_config, list_configs
from weaver.model.errors import ConfigError
from weaver.model.spheres import load_set
from weaver.surfaces.palette import FAINT, GOLD
from weaver.surfaces.rows import pitch_name


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Print them in the order of program changes; a broken one is told of, and makes the exit code 2."""
    broken = []
    for program, name in enumerate(list_configs("sets")):
        try:
            spheres = load_set(name)
        except ConfigError as error:
            broken.append(error)
            continue
        console.print(Text.assemble((name, f"bold {GOLD}"), f"  {spheres.title}  ", (f"program {program}", FAINT)))
        if spheres.description:
            console.print(Text(f"  {spheres.description.strip()}", FAINT))
        console.print(Text(f"  {find_config('sets', name)}", FAINT), soft_wrap=True)
        table = Table.grid(padding=(0, 2))
        for number, sphere in enumerate(spheres.spheres, start=1):
            note, cents = pitch_name(sphere.f0_hz)
            table.add_row(
                f"  {number:2d}", Text(sphere.name, sphere.colour), sphere.material.name, note, f"{cents:+d} ¢",
                f"{sphere.f0_hz:.2f} Hz",
            )  # fmt: skip
        console.print(table)
        console.print()
    if broken:
        raise broken[0]
    return 0
