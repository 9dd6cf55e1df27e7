"""Draws the terminal page of a show, for the README.

python -m weaver.commands.portrait PAGE.svg
"""

from __future__ import annotations

import io
import re
import sys
import time
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import TerminalTheme

from weaver.app import Instrument
from weaver.engine.status import NOTE_ON
from weaver.model.show import load_show
from weaver.surfaces.picture import Picture
from weaver.surfaces.terminal import page
from weaver.takes.audio_file import whole_file
from weaver.wishes import Wishes

COLUMNS, ROWS = 104, 28
SHOW, PRELUDE_S, LATE_S = "auditorium", 12.0, 10.6
"""The show, in so short a prelude, and the moment of it that is drawn: the smallest sphere is on the brink."""
NOTES = ((48, 50), (50, 85), (52, 65), (53, 55))
"""(note, velocity) on the pads, which are MIDI notes from 48 on, as the player coaxes it."""
APART_S = 0.3
FRAME = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
"""Rich's drawing of a terminal, but for the fonts it would fetch from elsewhere."""
NIGHT = TerminalTheme((7, 4, 15), (233, 226, 251), [(40, 33, 69)] * 8)


def played() -> Picture:
    """The default show, on the best host there is, a moment before the first note is due."""
    show = load_show(SHOW)
    with Instrument(Wishes(show=show, stakes=show.stakes, prelude_s=PRELUDE_S)) as instrument:
        time.sleep(LATE_S - len(NOTES) * APART_S)
        for note, velocity in NOTES:
            time.sleep(APART_S)
            instrument.picture()  # activity is what is new since the last one
            instrument.engine.midi((NOTE_ON, note, velocity))
        time.sleep(APART_S / 2)
        return instrument.picture()


def draw(picture: Picture, path: Path) -> None:
    """The page as SVG."""
    console = Console(
        record=True, width=COLUMNS, height=ROWS, file=io.StringIO(), color_system="truecolor", force_terminal=True
    )
    console.print(page(picture, COLUMNS, ROWS))
    with whole_file(path) as hidden:
        console.save_svg(str(hidden), title="weaver perform", theme=NIGHT, code_format=FRAME)


if __name__ == "__main__":
    draw(played(), Path(sys.argv[1]))
