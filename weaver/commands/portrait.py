"""Draws the terminal page of an instrument that is being played, for the README.

    python -m weaver.commands.portrait PAGE.svg
"""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme

from weaver.app import Instrument, Wishes
from weaver.surfaces.picture import Picture, PortView
from weaver.surfaces.terminal import page
from weaver.takes.audio_file import whole_file

COLUMNS, ROWS = 104, 28
STRIKES = ((0, 0.5, 0.0), (2, 0.8, 0.5), (4, 0.6, 0.9), (5, 0.5, 1.1), (7, 0.9, 1.3))
"""Sphere, velocity, and when, in seconds."""
SHOWN_AT_S = 1.5
NIGHT = TerminalTheme((7, 4, 15), (233, 226, 251), [(40, 33, 69)] * 8)


def played() -> Picture:
    """The default set a moment after some strikes, with a pad box plugged in."""
    with Instrument(Wishes(audio="silent", midi="none")) as instrument:
        instrument.host.stop()
        rate = instrument.host.sample_rate
        start = int(instrument.engine.state.frame)
        for sphere, velocity, at_s in STRIKES:
            instrument.engine.gesture("strike", sphere, start + int(at_s * rate), velocity=velocity)
        instrument.engine.render(int(SHOWN_AT_S * rate))
        pads = PortView("Launchpad Mini", True, len(STRIKES), 0.0)
        return replace(instrument.picture(), ports=(pads, PortView("weaver", True, 0, None)), ports_note="")


def draw(picture: Picture, path: Path) -> None:
    """The page as SVG."""
    console = Console(
        record=True, width=COLUMNS, height=ROWS, file=io.StringIO(), color_system="truecolor", force_terminal=True
    )
    console.print(page(picture, COLUMNS, ROWS))
    with whole_file(path) as hidden:
        console.save_svg(str(hidden), title="weaver play", theme=NIGHT)


if __name__ == "__main__":
    draw(played(), Path(sys.argv[1]))
