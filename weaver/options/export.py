"""The options of what is made of a take for a DAW."""

from __future__ import annotations

import argparse
from pathlib import Path

from weaver.model.midi_out import FORMS

MIX, STEMS, MIDI, DAWPROJECT, RPP = KINDS = ("mix", "stems", "midi", "dawproject", "rpp")
"""What can be made."""


def add_export(export: argparse.ArgumentParser) -> None:
    """Which take, where to, and what of it."""
    export.add_argument("take", type=Path, metavar="TAKE", help="a recorded performance")
    export.add_argument(
        "-o", "--output", type=Path, metavar="FOLDER", help="where to (default: beside the take, named after it)"
    )
    export.add_argument(
        "--only", nargs="+", choices=KINDS, default=KINDS, metavar="WHAT", help=f"of {', '.join(KINDS)} (default: all)"
    )
    export.add_argument(
        "--flac", action="store_true", help="the mix as FLAC of 24 bits (default: WAV, the very samples)"
    )
    export.add_argument(
        "--form",
        choices=FORMS[1:],
        default=FORMS[1],
        help=f"of the MIDI: MPE's lower or upper zone, or a channel for each sphere (default: {FORMS[1]})",
    )
    export.add_argument("--force", action="store_true", help="take the place of files that are there already")
