"""The terminal page: the instrument, the sky above it and each sphere, fifteen times a second.

It shows a `Picture` and names what a key means; what is done about it is for whoever listens. Everything can be
read without colour: light is a bar's length, health a line's, a state a word or a mark, activity a filled one.
"""

from __future__ import annotations

from textwrap import wrap

from rich import box
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.text import Text

from weaver.model.spheres import blend
from weaver.model.units import gain_to_db
from weaver.surfaces.audience import tint
from weaver.surfaces.bars import light_bar
from weaver.surfaces.hand_lines import hand_lines
from weaver.surfaces.key_lines import TALL, key_lines
from weaver.surfaces.learning import learn_rows
from weaver.surfaces.net_lines import FEW_LINES, MOST_LINES, net_lines
from weaver.surfaces.net_panel import net_panel
from weaver.surfaces.palette import ALARM, FAINT, GOLD, INK, VIOLET
from weaver.surfaces.picture import BUSY_S, OutView, Picture, PortView
from weaver.surfaces.presses import STRIKING, Press, press_of
from weaver.surfaces.reasons import reason_words
from weaver.surfaces.rows import NARROWEST, sphere_rows
from weaver.surfaces.sky import STILL, Drift, sky, sky_rows
from weaver.surfaces.time_lines import time_lines

FRAMES_PER_S = 15.0
FLOOR_DB = -60.0
METER_CELLS = 24
HEAD_ROWS = 8
"""Rows of the page beside the spheres, controllers, tablets, keys and a long note: frame, state, meters, ports."""
NOTE_ROWS = 2
"""At most, of a note for which there is no room beside the state."""


class TerminalPage:
    """Draws on the terminal's other screen until it is closed."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._first = 0
        self._count = 0
        self._learning = False
        self._shows_network = False
        self._drift = STILL
        self._live = Live(console=console, screen=True, auto_refresh=False, transient=True)

    def __enter__(self) -> TerminalPage:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def show(self, picture: Picture) -> None:
        """Draw one frame."""
        self._count, self._learning = len(picture.spheres), picture.lesson is not None
        if self._first >= self._count:
            self._first = 0
        width, height = self._console.size
        self._drift = self._drift.after(picture.show, 1.0 / FRAMES_PER_S)
        self._live.update(page(picture, width, height, self._first, self._drift, self._shows_network), refresh=True)

    def press(self, key: str) -> Press | None:
        """What a key means now. Tab gives the letters to the next spheres, and "?" shows how a tablet gets here, or no
        more: both are nobody else's business."""
        press = press_of(key, self._count, self._first, self._learning)
        if press is not None and press.action == "turn":
            self._first += len(STRIKING)
            if self._first >= self._count:
                self._first = 0
            return None
        if press is not None and press.action == "network":
            self._shows_network = not self._shows_network
            return None
        return press


def page(
    picture: Picture, width: int, height: int, first: int = 0, drift: Drift = STILL, shows_network: bool = False
) -> RenderableType:
    """One frame for a terminal of `width` x `height` cells, its letters beginning with sphere `first`; with
    `shows_network`, how a tablet gets here stands in their place."""
    shows_network = shows_network and picture.lesson is None
    is_tall = height >= TALL
    guests = [
        *(_untaken_lines(picture) if is_tall else []),
        *time_lines(picture.time, is_tall),
        *hand_lines(picture.hands),
        *net_lines(picture.network, MOST_LINES if is_tall else FEW_LINES),
    ]
    if shows_network:
        guests = []  # its rows are for the code
    inner = max(width - 4, NARROWEST)
    keys = key_lines(len(picture.spheres), picture.hands, picture.network, inner, height)
    state = _state_lines(picture, inner)
    free = max(height - HEAD_ROWS + 1 - len(state) - len(guests) - len(keys), 1)
    head = Group(*state, _meters(picture, inner), _ports_line(picture), *guests, Text())
    if shows_network:
        body = Group(*net_panel(picture.network, inner, free))
    elif picture.lesson is None:
        above = sky(picture, inner, sky_rows(len(picture.spheres), inner, free), drift)
        below = sphere_rows(picture, inner, max(free - len(above), 1), " " * first + STRIKING, drift.dust_s)
        body = Group(*above, below)
    else:
        *lines, last = learn_rows(picture.lesson, inner, free)
        body, keys = Group(*lines), [last]
    stakes = "" if picture.stakes == "off" else f"· stakes {picture.stakes} "
    return Panel(
        Group(head, body, Text(), *keys),
        title=_title(picture.title if picture.show is None else picture.show.title),
        subtitle=Text(f" {picture.mode} {stakes}", FAINT),
        box=box.ROUNDED,
        border_style=VIOLET if picture.mood is None else tint(picture.mood),
        padding=(0, 1),
        width=width,
    )


def _title(title: str) -> Text:
    """The set's title between stars, from violet to gold."""
    text = Text(f" ✦ Sonic Weaver · {title} ✦ ", style="bold")
    for at in range(len(text)):
        text.stylize(blend((VIOLET, GOLD), at / max(len(text) - 1, 1)), at, at + 1)
    return text


def _state_lines(picture: Picture, width: int) -> list[Text]:
    """Host, device, rate, latency, load; what is wrong stands out. A note that is too long for it follows it."""
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
    style = ALARM if not picture.is_running else FAINT
    if not picture.note or text.cell_len + 2 + cell_len(picture.note) <= width:
        return [text.append(f"  {picture.note}", style) if picture.note else text]
    lines = wrap(picture.note, width, max_lines=NOTE_ROWS, placeholder=" …")
    return [text, *(Text(line, style, no_wrap=True, overflow="ellipsis") for line in lines)]


def _meters(picture: Picture, width: int) -> Text:
    """Both outputs in dBFS, and what the limiter takes away."""
    text = Text(no_wrap=True, overflow="crop")
    cells = min(METER_CELLS, max((width - 44) // 2, 4))
    limited_db = gain_to_db(picture.reduction)
    for side, peak in zip("LR", picture.meter, strict=True):
        level_db = gain_to_db(peak)
        text.append(f"{side} ", FAINT)
        text.append_text(light_bar(1.0 - level_db / FLOOR_DB, cells, GOLD))
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
    for out in picture.outs:
        text.append_text(_out(out))
    return text


def _untaken_lines(picture: Picture) -> list[Text]:
    """What came by MIDI and meant nothing: under the ports."""
    words = reason_words(picture.untaken)
    return [Text(f"     not taken: {words}", FAINT, no_wrap=True, overflow="ellipsis")] if words else []


def _out(out: OutView) -> Text:
    if not out.is_open:
        return Text(f" ✕ {out.name} (not there: 'weaver doctor')", FAINT)
    busy = out.quiet_s is not None and out.quiet_s < BUSY_S
    said = " ".join(filter(None, (out.name, out.what, str(out.messages or ""))))
    return Text(f" {'▸' if busy else '▹'} {said} ", GOLD if busy else INK)


def _port(port: PortView) -> Text:
    if not port.is_connected:
        return Text(f" ✕ {port.name} (gone)", ALARM)
    busy = port.quiet_s is not None and port.quiet_s < BUSY_S
    count = f" {port.messages}" if port.messages else ""
    return Text(f" {'●' if busy else '○'} {port.name}{count} ", GOLD if busy else INK)
