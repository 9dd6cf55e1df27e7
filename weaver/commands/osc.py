"""`weaver osc`: the reference of what OSC may say to the instrument, and what it says."""

from __future__ import annotations

import argparse

from rich.console import Console

from weaver.model.spheres import load_set
from weaver.surfaces.osc_reference import addresses, markdown, reference


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Print it as plain text. Raises ConfigError for a set that cannot be had."""
    spheres = load_set(arguments.set)
    names = [sphere.name for sphere in spheres.spheres]
    if arguments.markdown:
        console.print(markdown(), end="", soft_wrap=True)
        return 0
    for line in addresses(names) if arguments.all else reference(spheres.title, names, console.width):
        console.print(line, soft_wrap=True)
    return 0
