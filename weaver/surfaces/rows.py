"""The rows of the spheres: name, pitch, light, and how each of them fares."""

from __future__ import annotations

import math
from typing import NamedTuple

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from weaver.model.spheres import blend
from weaver.model.units import A4_NOTE, hz_to_note
from weaver.surfaces.bars import DOTS, crack_signature, health_bar, light_bar, lit_cells
from weaver.surfaces.palette import FAINT, GOLD, GREY, INK, NIGHT, SICKLY, WHITE, glow, scattered
from weaver.surfaces.picture import Picture, SphereView

NAMES = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")
WIDEST, WIDE, MIDDLE, NARROW, NARROWEST = 90, 64, 38, 17, 15
"""Cells of a column from which a sphere is shown with all, most, some, little or least of what is known of it."""
APART_CELLS = 2
"""Air between columns."""
STATE_MARKS = {"flickering": "~", "fractured": "╱", "failing": "╳"}
"""Beside the sphere where its state has no room as a word."""
SOOTHED, RING = "☾", "○"
GATHERING = "·∵∷◌◍"
"""A sphere that gathers again, from a grain to a ball."""
GATHERED_HEALTH = 0.6
"""Health with which one has gathered, about: the law lets no shattered sphere come back whole."""
SOOTHED_FROM = 0.1
"""How firmly a hand must lie to be seen."""
DUST_CELLS_PER_S, DUST_EVERY = 7.0, 5
"""Pace of the dust that a sphere gathers, and the cells between two grains of it."""
DEBRIS, DEBRIS_SHARE, MAX_CELLS = "·˙∙,", 0.3, 1000
"""What lies about after a shatter, in what share of the cells; more cells than a row has."""


class Room(NamedTuple):
    """Cells for health, cracks and the word for a state, 0 for none, from so many cells beside name and pitch on."""

    least: int
    health: int
    cracks: int
    word: int


ROOMS = (Room(48, 10, 8, 11), Room(30, 8, 5, 11), Room(18, 6, 5, 0), Room(8, 4, 0, 0), Room(0, 0, 0, 0))


class Column(NamedTuple):
    """What the rows of a column have in common."""

    cells: int
    rooms: tuple[Room, ...]
    letters: str
    drift_s: float


def pitch_name(pitch_hz: float) -> tuple[str, int]:
    """(note name with its octave, cents away from it): 440 Hz is ("A4", 0)."""
    if not pitch_hz > 0.0:
        return "–", 0
    note = hz_to_note(pitch_hz)
    nearest = math.floor(note + 0.5)
    octave, place = divmod(nearest - A4_NOTE + 9, len(NAMES))  # A stands nine steps above C
    return f"{NAMES[place]}{octave + 4}", round(100.0 * (note - nearest))


def arrange(spheres: int, width: int, most_rows: int) -> tuple[int, int, bool]:
    """(columns, rows, whether with air between them): as few columns as so many spheres allow."""
    most_rows = max(most_rows, 1)
    columns = min(-(-spheres // most_rows), max(width // NARROWEST, 1))
    rows = min(-(-spheres // columns), most_rows)
    return columns, rows, rows * 2 - 1 <= most_rows


def sphere_rows(picture: Picture, width: int, most_rows: int, letters: str, drift_s: float) -> RenderableType:
    """The spheres' table. `letters` are the keys of the spheres in turn; `drift_s` is how long the dust has flowed that
    some of them gather."""
    spheres = picture.spheres
    columns, rows, is_airy = arrange(len(spheres), width, most_rows)
    shown = min(len(spheres), columns * rows)
    column = Column(width // columns, rooms_for(picture), letters, drift_s)
    table = Table.grid()
    for _ in range(columns):
        table.add_column(width=column.cells, no_wrap=True)
    for row in range(rows):
        places = (row + across * rows for across in range(columns))
        table.add_row(*(_sphere(spheres[at], at, column) if at < shown else "" for at in places))
        if is_airy and row < rows - 1:
            table.add_row()
    if shown < len(spheres):
        more = f"… and {len(spheres) - shown} more; a larger window shows them"
        return Group(table, Text(more, FAINT, no_wrap=True, overflow="ellipsis"))
    return table


def rooms_for(picture: Picture) -> tuple[Room, ...]:
    """Where spheres are whole and nothing can befall them, light has the room of cracks and words."""
    if picture.stakes == "off" and all(sphere.state == "whole" and not sphere.cracks for sphere in picture.spheres):
        return tuple(room._replace(cracks=0, word=0) for room in ROOMS)
    return ROOMS


def _sphere(sphere: SphereView, index: int, column: Column) -> Text:
    """One sphere: the more room its column has, the more is said."""
    text = Text(no_wrap=True, overflow="crop")
    if column.cells >= MIDDLE:
        text.append(f"{index + 1:2d} ", FAINT)
    text.append(f"{column.letters[index] if index < len(column.letters) else ' '} ", f"bold {GOLD}")
    name = _name(sphere, column.cells)
    mark_cells = 3 if column.cells >= MIDDLE else 2
    left = column.cells - len(text) - mark_cells - len(name) - APART_CELLS
    room = next((room for room in column.rooms if left >= room.least), column.rooms[-1])
    mark = _mark(sphere, has_word=room.word > 0)
    text.append_text(mark).append(" " * (mark_cells - len(mark))).append_text(name)
    fate = _fate(sphere, room)
    text.append_text(_light(sphere, index, max(left - len(fate), 1), column.drift_s))
    return text.append_text(fate)


def _mark(sphere: SphereView, has_word: bool) -> Text:
    """Two cells: the sphere, and beside it a soothing hand, or else its state where there is no word for it."""
    if sphere.state == "shattered":
        text = Text(RING, GREY)
    elif sphere.state == "reforming":
        along = min(max(sphere.health / GATHERED_HEALTH, 0.0), 1.0)
        text = Text(GATHERING[round(along * (len(GATHERING) - 1))], blend((GREY, sphere.colour), along))
    else:
        text = Text("◉" if sphere.is_held else "●", glow(sphere.colour, sphere.light))
    if sphere.soothed >= SOOTHED_FROM:
        return text.append(SOOTHED, f"bold {blend((NIGHT, WHITE), min(0.4 + 0.6 * sphere.soothed, 1.0))}")
    return text.append(" " if has_word else STATE_MARKS.get(sphere.state, " "), SICKLY)


def _name(sphere: SphereView, cells: int) -> Text:
    """Name and pitch, as much of them as a column of `cells` has room for."""
    note, cents = pitch_name(sphere.pitch_hz)
    is_gone = sphere.state == "shattered"
    colour, ink = (GREY, GREY) if is_gone else (sphere.colour, INK)
    bold = "" if is_gone else "bold "
    if cells >= WIDE:
        hz = f"{sphere.pitch_hz:8.1f} Hz  " if cells >= WIDEST else " "
        return Text.assemble((f"{_fit(sphere.name, 14)} ", bold + colour), (f"{note:<3} {cents:+3d} ¢ {hz}", ink))
    if cells >= MIDDLE:
        return Text.assemble((f"{_fit(sphere.name, 11)} ", bold + colour), (f"{note:<3} {cents:+3d}¢ ", ink))
    return Text.assemble((f"{_fit(sphere.name, 6 if cells >= NARROW else 4)} ", colour), (f"{note:<3} ", ink))


def _light(sphere: SphereView, index: int, cells: int, drift_s: float) -> Text:
    """Its light; what lies about of one that has shattered; the dust that one which reforms draws to itself."""
    if sphere.state == "shattered":
        return Text("".join(_shard(index * MAX_CELLS + cell) for cell in range(cells)), f"dim {GREY}")
    bar = light_bar(sphere.light, cells, glow(sphere.colour, sphere.light))
    if sphere.state != "reforming":
        return bar
    lit = len(lit_cells(sphere.light, cells))
    drifted = int(drift_s * DUST_CELLS_PER_S) + index
    bar = bar[:lit]
    for cell in range(lit, cells):
        is_grain = (cell + drifted) % DUST_EVERY == 0
        near = 1.0 - (cell - lit) / max(cells - lit, 1)
        bar.append("∙" if is_grain else "·", blend((NIGHT, sphere.colour), 0.2 + 0.7 * near) if is_grain else DOTS)
    return bar


def _shard(place: int) -> str:
    """What lies at a place among debris, mostly nothing."""
    chance = scattered(place) / DEBRIS_SHARE
    return DEBRIS[int(chance * len(DEBRIS))] if chance < 1.0 else " "


def _fate(sphere: SphereView, room: Room) -> Text:
    """Its health, its cracks and the word for its state, in as many cells as `room` gives them."""
    text = Text()
    if room.health:
        text.append(" ")
        text.append_text(health_bar(sphere.health, room.health, sphere.colour, sphere.state == "shattered"))
    if room.cracks:
        is_gone = sphere.state == "shattered"
        signature = Text() if is_gone else crack_signature(sphere.cracks, room.cracks, sphere.flicker)
        text.append(" ").append_text(signature).append(" " * (room.cracks - len(signature)))
    if room.word:
        word = "" if sphere.state == "whole" else sphere.state
        colour = {"shattered": GREY, "reforming": sphere.colour}.get(sphere.state, SICKLY)
        text.append(f" {word:<{room.word - 1}}", colour)
    return text


def _fit(name: str, cells: int) -> str:
    """A name in so many cells; where it is cut, the number at its end stays."""
    if len(name) <= cells:
        return f"{name:<{cells}}"
    number = name[len(name.rstrip("0123456789")) :][: cells - 2]
    return f"{name[: cells - 1 - len(number)].rstrip()}…{number}".ljust(cells)
