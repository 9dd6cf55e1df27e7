"""`weaver tune`: the scale in which a set's spheres are smooth together. All input is checked before it starts."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from weaver.model.errors import ConfigError
from weaver.model.parameters import JUDGES
from weaver.model.spheres import Sphere, SphereSet, load_set
from weaver.takes.plot import check_plot
from weaver.takes.related_scale import check_scala_path, related_scale, scala_text, table_rows, write_scala
from weaver.takes.scale_plot import plot_scale

HEADINGS = ("cents", "nearest", "off by", "depth")


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Write the scale, or print it. Raises ConfigError before anything is written."""
    spheres = load_set(arguments.set)
    members = _members(spheres, arguments.sphere)
    if arguments.output is not None:
        check_scala_path(arguments.output)
    if arguments.plot is not None:
        check_plot(arguments.plot)
    whose = spheres.title if arguments.sphere is None else f"{members[0].name} of {spheres.title}"
    scale = related_scale(members, JUDGES.index(arguments.model))
    description = f"Related scale of {whose} ({arguments.model})"
    name = f"{spheres.name}.scl" if arguments.output is None else arguments.output.name
    text = scala_text(scale, name, description)
    if arguments.output is None:
        console.print(text, end="", soft_wrap=True)
    else:
        write_scala(arguments.output, text)
        table = Table.grid(padding=(0, 2))
        for row in (HEADINGS, *table_rows(scale)):
            table.add_row(*row)
        for column in table.columns:
            column.justify = "right"
        console.print(table)
        console.print(f"period: {scale.reason}", soft_wrap=True)
        console.print(f"{arguments.output}: {len(scale.steps)} steps", soft_wrap=True)
    if arguments.plot is not None:
        plot_scale(scale, arguments.plot, f"{description} · the dissonance curve")
        if arguments.output is not None:
            console.print(f"{arguments.plot}: the dissonance curve", soft_wrap=True)
    return 0


def _members(spheres: SphereSet, name: str | None) -> Sequence[Sphere]:
    """All of a set, or the one of that name."""
    if name is None:
        return spheres.spheres
    members = [sphere for sphere in spheres.spheres if sphere.name.casefold() == name.casefold()]
    if not members:
        raise ConfigError("--sphere", "one of " + ", ".join(sphere.name for sphere in spheres.spheres), repr(name))
    return members
