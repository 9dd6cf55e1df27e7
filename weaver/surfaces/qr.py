"""A QR code as text: two modules in each cell, one above the other, light on a dark ground whatever the terminal's."""

from __future__ import annotations

import math
from functools import lru_cache
from urllib.parse import urlsplit

import segno
from rich.text import Text

BORDERS = (2, 1)
"""Light modules around it, the better first. The standard (ISO/IEC 18004) asks for four; readers find it with fewer on
a ground as dark as a terminal's."""
LIGHT, DARK = "#ffffff", "#000000"
_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def qr_lines(url: str, width: int, height: int) -> list[Text]:
    """The code of a url, in at most `width` x `height` cells; nothing if there is no such room."""
    for border in BORDERS:
        rows = _rows(_shortest(url), border)
        if len(rows[0]) <= width and len(rows) <= height:
            return [Text(row, f"{LIGHT} on {DARK}", no_wrap=True, overflow="crop") for row in rows]
    return []


def _shortest(url: str) -> str:
    """The same address in capitals where they mean the same, for which a code takes less room: a scheme and a host are
    read in either case (RFC 3986, 6.2.2.1), and so is an empty path as "/"."""
    parts = urlsplit(url)
    if parts.path in ("", "/") and not parts.query and not parts.fragment:
        return f"{parts.scheme}://{parts.netloc}".upper()
    return url


@lru_cache(maxsize=8)
def _rows(text: str, border: int) -> tuple[str, ...]:
    """Cells in which a light module is a filled half."""
    code = segno.make(text, error="l", micro=False)  # of its size the surest: segno raises the level where it is free
    light = [[not module for module in row] for row in code.matrix_iter(border=border)]
    size = len(light)
    light.append([False] * size)  # the half below an odd number of rows is the terminal's ground
    return tuple(
        "".join(_HALVES[pair] for pair in zip(light[2 * row], light[2 * row + 1], strict=True))
        for row in range(math.ceil(size / 2))
    )
