"""The terminal page: how the instrument is, and each sphere's name, pitch and light, fifteen times a second.

It shows a `Picture` and names what a key means; what is done about it is for whoever listens. Everything can be
read without colour: light is a bar's length, activity a filled mark.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from rich import box
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.style import Style
from rich.table import Table
from rich.text import Text

from weaver.model.spheres import blend
from weaver.model.units import A4_NOTE, gain_to_db, hz_to_note
from weaver.surfaces.keys import ESCAPE
from weaver.surfaces.picture import Picture, PortView, SphereView

FRAMES_PER_S = 15.0
STRIKING = "asdfghjkqwertyuizxcvbnmlop"
"""The letter of each sphere in turn, the home row first."""
SOFT, HARD = 0.55, 0.95
"""Velocity of a letter, and of a capital."""
GOLD, VIOLET, INK, FAINT, ALARM, NIGHT = "#f5c45e", "#8a5cf0", "#e9e2fb", "#7d739b", "#ff5a5a", "#17102b"
NAMES = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")
EIGHTHS = " ▏▎▍▌▋▊▉█"
FLOOR_DB = -60.0
BUSY_S = 0.25
"""A port that said something so lately is shown as active."""
METER_CELLS = 24
SHADES, DARKEST = 6, 0.45
"""A bar's steps of brightness, and the first of them."""
DOTS = Style(color=FAINT, dim=True)
WIDE, MIDDLE, NARROW, NARROWEST = 64, 38, 17, 15
"""Cells of a column from which a sphere is shown with all, most, some, or little of what is known of it."""
HEAD_ROWS = 9
"""Rows of the page beside the spheres: frame, state, meters, ports, keys."""


@dataclass(frozen=True, slots=True)
class Press:
    """What a key asks for."""

    action: Literal["strike", "hush", "panic", "turn"]
    sphere: int = 0
    velocity: float = 0.0


def press_of(key: str, spheres: int, first: int = 0) -> Press | None:
    """What a key means when the letters begin with sphere `first`; None if it means nothing."""
    if key == " ":
        return Press("hush")
    if key in ("!", ESCAPE, "\x7f", "\b"):
        return Press("panic")
    if key == "\t" and spheres > len(STRIKING):
        return Press("turn")
    place = STRIKING.find(key.lower())
    if len(key) != 1 or place < 0 or first + place >= spheres:
        return None
    return Press("strike", first + place, HARD if key.isupper() else SOFT)


def pitch_name(pitch_hz: float) -> tuple[str, int]:
    """(note name with its octave, cents away from it): 440 Hz is ("A4", 0)."""
    if not pitch_hz > 0.0:
        return "–", 0
    note = hz_to_note(pitch_hz)
    nearest = math.floor(note + 0.5)
    octave, place = divmod(nearest - A4_NOTE + 9, len(NAMES))  # A stands nine steps above C
    return f"{NAMES[place]}{octave + 4}", round(100.0 * (note - nearest))


class TerminalPage:
    """Draws on the terminal's other screen until it is closed."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._first = 0
        self._count = 0
        self._live = Live(console=console, screen=True, auto_refresh=False, transient=True)

    def __enter__(self) -> TerminalPage:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def show(self, picture: Picture) -> None:
        """Draw one frame."""
        self._count = len(picture.spheres)
        if self._first >= self._count:
            self._first = 0
        width, height = self._console.size
        self._live.update(page(picture, width, height, self._first), refresh=True)

    def press(self, key: str) -> Press | None:
        """What a key means now. Tab gives the letters to the next spheres, and is nobody else's business."""
        press = press_of(key, self._count, self._first)
        if press is not None and press.action == "turn":
            self._first += len(STRIKING)
            if self._first >= self._count:
                self._first = 0
            return None
        return press


def page(picture: Picture, width: int, height: int, first: int = 0) -> RenderableType:
    """One frame for a terminal of `width` x `height` cells, its letters beginning with sphere `first`."""
    inner = max(width - 4, NARROWEST)
    head = Group(_state_line(picture), _meters(picture, inner), _ports_line(picture), Text())
    body = _spheres(picture.spheres, inner, max(height - HEAD_ROWS, 1), first)
    return Panel(
        Group(head, body, Text(), _keys_line(len(picture.spheres))),
        title=_title(picture.title),
        subtitle=Text(f" {picture.mode} ", FAINT),
        box=box.ROUNDED,
        border_style=VIOLET,
        padding=(0, 1),
        width=width,
    )


def _title(title: str) -> Text:
    """The set's title between stars, from violet to gold."""
    text = Text(f" ✦ Sonic Weaver · {title} ✦ ", style="bold")
    for at in range(len(text)):
        text.stylize(blend((VIOLET, GOLD), at / max(len(text) - 1, 1)), at, at + 1)
    return text


def _state_line(picture: Picture) -> Text:
    """Host, device, rate, latency, load; what is wrong stands out."""
    text = Text(no_wrap=True, overflow="ellipsis")
    text.append("● " if picture.is_running else "○ ", GOLD if picture.is_running else ALARM)
    text.append(picture.host, f"bold {INK}")
    if picture.device and picture.device != picture.host:
        text.append(f" {picture.device}", INK)
    text.append(f"  {picture.sample_rate:g} Hz / {picture.block_frames}", FAINT)
    text.append(f"  {picture.latency_s * 1000:.1f} ms", GOLD)
    text.append(f"  load {picture.load:.0%}", FAINT)
    noun = "underflow" if picture.underflows == 1 else "underflows"
    text.append(f"  {picture.underflows} {noun}", ALARM if picture.underflows else FAINT)
    if picture.note:
        text.append(f"  {picture.note}", ALARM if not picture.is_running else FAINT)
    return text


def _meters(picture: Picture, width: int) -> Text:
    """Both outputs in dBFS, and what the limiter takes away."""
    text = Text(no_wrap=True, overflow="crop")
    cells = min(METER_CELLS, max((width - 44) // 2, 4))
    limited_db = gain_to_db(picture.reduction)
    for side, peak in zip("LR", picture.meter, strict=True):
        level_db = gain_to_db(peak)
        text.append(f"{side} ", FAINT)
        text.append_text(_bar(1.0 - level_db / FLOOR_DB, cells, GOLD))
        text.append(f" {level_db:5.1f} dB  " if level_db > FLOOR_DB else "   –  dB  ", INK)
    if limited_db < -0.05:
        text.append(f"limiter {limited_db:.1f}", ALARM)
    return text


def _ports_line(picture: Picture) -> Text:
    text = Text("MIDI ", FAINT, no_wrap=True, overflow="ellipsis")
    for port in picture.ports:
        text.append_text(_port(port))
    if picture.ports_note:
        text.append(f" {picture.ports_note}", FAINT)
    return text


def _port(port: PortView) -> Text:
    if not port.is_connected:
        return Text(f" ✕ {port.name} (gone)", ALARM)
    busy = port.quiet_s is not None and port.quiet_s < BUSY_S
    count = f" {port.messages}" if port.messages else ""
    return Text(f" {'●' if busy else '○'} {port.name}{count} ", GOLD if busy else INK)


def _spheres(spheres: tuple[SphereView, ...], width: int, most_rows: int, first: int) -> RenderableType:
    """The spheres in as few columns as their number allows, with air between them where there is room."""
    columns = min(-(-len(spheres) // most_rows), max(width // NARROWEST, 1))
    shown = min(len(spheres), columns * most_rows)
    rows = -(-shown // columns)
    cells = width // columns
    table = Table.grid()
    for _ in range(columns):
        table.add_column(width=cells, no_wrap=True)
    is_airy = rows * 2 - 1 <= most_rows
    for row in range(rows):
        places = (row + column * rows for column in range(columns))
        table.add_row(*(_sphere(spheres[at], at, cells, first) if at < shown else "" for at in places))
        if is_airy and row < rows - 1:
            table.add_row()
    if shown < len(spheres):
        return Group(table, Text(f"… and {len(spheres) - shown} more; a larger window shows them", FAINT))
    return table


def _sphere(sphere: SphereView, index: int, cells: int, first: int) -> Text:
    """One sphere in a column of `cells`: the more room, the more is said."""
    note, cents = pitch_name(sphere.pitch_hz)
    glow = _glow(sphere)
    key = STRIKING[index - first] if first <= index < first + len(STRIKING) else " "
    text = Text(no_wrap=True, overflow="crop")
    if cells >= MIDDLE:
        text.append(f"{index + 1:2d} ", FAINT)
    text.append(f"{key} ", f"bold {GOLD}")
    text.append("◉ " if sphere.is_held else "● ", glow)
    if cells >= WIDE:
        text.append(f"{_fit(sphere.name, 14)} ", f"bold {sphere.colour}")
        text.append(f"{note:<3} {cents:+3d} ¢ {sphere.pitch_hz:8.1f} Hz  ", INK)
    elif cells >= MIDDLE:
        text.append(f"{_fit(sphere.name, 11)} ", f"bold {sphere.colour}")
        text.append(f"{note:<3} {cents:+3d}¢ ", INK)
    else:
        text.append(f"{_fit(sphere.name, 6 if cells >= NARROW else 4)} ", sphere.colour)
        text.append(f"{note:<3} ", INK)
    text.append_text(_bar(sphere.light, max(cells - len(text) - 2, 1), glow))
    return text


def _bar(share: float, cells: int, colour: str) -> Text:
    """A bar of `cells` that is full at 1, exact to an eighth of a cell, brightening towards its tip."""
    eighths = round(min(max(share, 0.0), 1.0) * cells * 8)
    full, part = divmod(eighths, 8)
    drawn = "█" * full + (EIGHTHS[part] if part else "")
    text = Text()
    for step in range(SHADES):
        start, end = len(drawn) * step // SHADES, len(drawn) * (step + 1) // SHADES
        text.append(drawn[start:end], blend((NIGHT, colour), DARKEST + (1.0 - DARKEST) * (step + 1) / SHADES))
    text.append("·" * (cells - len(drawn)), DOTS)
    return text


def _keys_line(count: int) -> Text:
    letters = " ".join(STRIKING[: count if count <= 8 else 4])
    text = Text(no_wrap=True, overflow="ellipsis")
    more = " Tab next 26 ·" if count > len(STRIKING) else ""
    for part, style in (
        (letters, GOLD),
        (" … strike" if count > 8 else " strike", FAINT),
        (" (Shift harder) · ", FAINT),
        ("space", GOLD),
        (" hush · ", FAINT),
        ("!", GOLD),
        (f" panic ·{more} ", FAINT),
        ("Ctrl-C", GOLD),
        (" ends", FAINT),
    ):
        text.append(part, style)
    return text


def _glow(sphere: SphereView) -> str:
    """The sphere's colour, dark at rest, its own when lit, towards white at its brightest."""
    light = min(max(sphere.light, 0.0), 1.0)
    lit = blend((NIGHT, sphere.colour), 0.35 + 0.65 * math.sqrt(light))
    return blend((lit, "#ffffff"), 0.35 * light**2)


def _fit(name: str, cells: int) -> str:
    """A name in so many cells; where it is cut, the number at its end stays."""
    if len(name) <= cells:
        return f"{name:<{cells}}"
    number = name[len(name.rstrip("0123456789")) :][: cells - 2]
    return f"{name[: cells - 1 - len(number)].rstrip()}…{number}".ljust(cells)
