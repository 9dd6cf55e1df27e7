"""`weaver ports`: the audio devices and MIDI ports there are, under the names that options take."""

from __future__ import annotations

import argparse

from rich.console import Console

from weaver.commands.daw_report import daw_lines
from weaver.commands.surroundings import audio_lines, jack_lines, midi_lines


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Print them; what cannot be asked is said, and is no failure."""
    for title, lines in (
        ("Audio outputs (--device)", audio_lines()),
        ("JACK", jack_lines()),
        ("MIDI (--midi)", midi_lines()),
        ("A DAW (--midi-in, --midi-out, --clock-out)", daw_lines()),
    ):
        console.print(title, style="bold")
        for line in lines:
            console.print(f"  {line.text}", soft_wrap=True)
        console.print()
    return 0
