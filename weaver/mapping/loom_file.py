"""Reads looms; `weaver.mapping.loom` says what stands in their files."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from weaver.dsp.sizes import SPHERES
from weaver.mapping.deeds import NONE, SPHERE_PRESSES
from weaver.mapping.loom import Loom, Row, Show
from weaver.model.configs import find_config
from weaver.model.toml_table import Table, read_toml

MAX_TITLE_CHARS = 60
MAX_DESCRIPTION_CHARS = 2000
MAX_COLUMNS, MAX_ROWS = 32, 16
ROW_SHOWS: tuple[Show, ...] = ("body", "light", "health", "cracks", "dark")
RIM = 0.8
"""Where a row strikes if it does not say: the gesture's own default."""


def load_loom(name_or_path: str | Path) -> Loom:
    """Read a loom by name or file. Raises ConfigError for the first thing wrong in it."""
    path = find_config("looms", name_or_path)
    table = read_toml(path)
    loom = Loom(
        path.stem,
        table.text("title", MAX_TITLE_CHARS),
        table.text("description", MAX_DESCRIPTION_CHARS, lines=True),
        table.integer("columns", 1, MAX_COLUMNS),
        tuple(_read_row(row) for row in reversed(table.tables("rows", 1, MAX_ROWS))),
    )
    table.finish()
    return loom


def _read_row(table: Table) -> Row:
    do = table.choice("do", (NONE, *SPHERE_PRESSES), default=NONE)
    position = table.number("position", 0.0, 1.0, default=RIM) if do in ("strike", "rub") else RIM
    row = Row(
        do,
        position,
        table.integer("first", 0, SPHERES - 1, default=0),
        cast(Show, table.choice("show", ROW_SHOWS, default="body")),
    )
    table.finish()
    return row
