"""What the page draws with in a row of cells: light, health and cracks, each with glyphs of its own."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rich.style import Style
from rich.text import Text

from weaver.model.spheres import blend
from weaver.surfaces.palette import FAINT, GREY, INK, NIGHT, SICKLY

EIGHTHS = " ▏▎▍▌▋▊▉█"
SHADES, DARKEST = 6, 0.45
"""A bar's steps of brightness, and the first of them."""
DOTS = Style(color=FAINT, dim=True)
SOUND, HALF, LOST = "━", "╸", "╌"
"""A cell of the health that is there, half of one, and a cell of what is lost."""
PALE = 0.35
"""How far the colour of sound health lies towards that of text."""
SICK_FROM, DIM_FROM = 0.35, 0.5
"""Brightness of the least damage, and of a crack while its sphere shines steadily."""
HAIRLINE, CROSSING = "⌁", "╳"
ZIGZAG = "╱╲"
HAIRLINE_RAD, FORKED_RAD = 0.25, 1.2
"""Below the one a crack is a hairline; beyond the other it crosses itself."""
RAD_PER_CELL = (0.6, 0.9, 1.4, 2.4)
"""How much of a crack one glyph stands for: the first of these at which all cracks find room."""


def light_bar(share: float, cells: int, colour: str) -> Text:
    """A bar of `cells` that is full at 1, exact to an eighth of a cell, brightening towards its tip."""
    drawn = lit_cells(share, cells)
    text = Text()
    for step in range(SHADES):
        start, end = len(drawn) * step // SHADES, len(drawn) * (step + 1) // SHADES
        text.append(drawn[start:end], blend((NIGHT, colour), DARKEST + (1.0 - DARKEST) * (step + 1) / SHADES))
    text.append("·" * (cells - len(drawn)), DOTS)
    return text


def lit_cells(share: float, cells: int) -> str:
    """The glyphs of a bar of `cells` as far as it is lit."""
    full, part = divmod(round(min(max(share, 0.0), 1.0) * cells * 8), 8)
    return "█" * full + (EIGHTHS[part] if part else "")


def health_bar(health: float, cells: int, colour: str, is_gone: bool) -> Text:
    """A line of `cells`, whole only at a health of 1 and empty only at 0; what is lost of it turns sickly."""
    health = min(max(health, 0.0), 1.0)
    if is_gone:
        return Text(LOST * cells, GREY)
    halves = math.floor(health * cells * 2 + 0.5)
    if 0.0 < health < 1.0:
        halves = min(max(halves, 1), cells * 2 - 1)
    left = SOUND * (halves // 2) + HALF * (halves % 2)
    text = Text(left, blend((colour, INK), PALE))
    text.append(LOST * (cells - len(left)), blend((NIGHT, SICKLY), SICK_FROM + (1.0 - SICK_FROM) * (1.0 - health)))
    return text


def crack_signature(cracks: Sequence[float], cells: int, flicker: float) -> Text:
    """Cracks of so many rad each as glyphs, at most `cells`: the same cracks are always the same glyphs.

    A crack is a jagged line, longer as it grows. It glows as its sphere's light fails.
    """
    drawn = ""
    for rad_per_cell in RAD_PER_CELL:
        drawn = "".join(_crack(length, index, rad_per_cell) for index, length in enumerate(cracks) if length > 0.0)
        if len(drawn) <= cells:
            break
    return Text(
        drawn[:cells], blend((NIGHT, SICKLY), DIM_FROM + (1.0 - DIM_FROM) * (1.0 - min(max(flicker, 0.0), 1.0)))
    )


def _crack(length_rad: float, index: int, rad_per_cell: float) -> str:
    if length_rad < HAIRLINE_RAD:
        return HAIRLINE
    cells = max(round(length_rad / rad_per_cell), 1)
    line = "".join(ZIGZAG[(index + cell) % 2] for cell in range(cells))
    return CROSSING + line[1:] if length_rad >= FORKED_RAD else line
