"""`weaver chart`: the MIDI implementation chart of a mode and a set."""

from __future__ import annotations

import argparse

from rich.console import Console

from weaver.mapping.chart import chart
from weaver.mapping.modes import load_mode
from weaver.model.spheres import load_set


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Print it as plain text."""
    console.print(chart(load_mode(arguments.mode), load_set(arguments.set)), end="", soft_wrap=True)
    return 0
