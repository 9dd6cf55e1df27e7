"""`weaver chart`: the MIDI implementation chart of a mode and a set, and of the form in which what is woven leaves."""

from __future__ import annotations

import argparse

from rich.console import Console

from weaver.mapping.chart import chart
from weaver.mapping.chart_out import chart_out
from weaver.mapping.modes import load_mode
from weaver.model.spheres import load_set


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Print it as plain text."""
    mode, spheres = load_mode(arguments.mode), load_set(arguments.set)
    for text in (chart(mode, spheres), "\n" + chart_out(arguments.play_out, spheres)):
        console.print(text, end="", soft_wrap=True, markup=False, highlight=False)
    return 0
