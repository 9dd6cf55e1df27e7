"""Reads [[pads]], [[knobs]], [[faders]] and [[buttons]]: `weaver.mapping.profile.Group` says what stands there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from weaver.dsp.sizes import CHANNELS, NOTES
from weaver.engine.control_numbers import FINE
from weaver.mapping.bound_file import read_turning
from weaver.mapping.deeds import NONE, PRESSES, TURNS, is_sphere_deed
from weaver.mapping.loom_file import MAX_COLUMNS, MAX_ROWS, load_loom
from weaver.mapping.profile import (
    KINDS,
    LEDS,
    MESSAGES,
    PRESSURES,
    Control,
    Encoding,
    Group,
    Kind,
    Led,
    Message,
    Pressure,
    Takeover,
)
from weaver.model.configs import list_configs
from weaver.model.errors import ConfigError
from weaver.model.parameters import INDEX
from weaver.model.toml_table import Table

MOST_GROUPS = 32
MAX_NAME_CHARS = 40
LAST_LED = 1023
NO_LED = -1
SHOWN = ("light", "health", "value")
"""What a knob's light may show."""
PRESSED: tuple[Encoding, Takeover] = ("absolute", "pickup")
"""As all do that do not say."""


def read_groups(table: Table, base: tuple[Group, ...]) -> tuple[Group, ...]:
    """All groups of a file; a kind that it has none of is as in its base. Raises ConfigError."""
    taken: dict[tuple[Message, int, int], str] = {}
    names: set[str] = set()
    groups: list[Group] = []
    for kind in KINDS:
        entries = table.tables(kind, 0, MOST_GROUPS)
        found = [(_read_group(entry, kind), entry.where()) for entry in entries]
        if not entries:
            found = [(group, f"{table.file}: {kind} of its base") for group in base if group.kind == kind]
        for group, where in found:
            if group.name in names:
                raise ConfigError(f"{where}.name", "a name that no other group has", repr(group.name))
            names.add(group.name)
            _claim(group, where, taken)
            groups.append(group)
    return tuple(groups)


def _read_group(table: Table, kind: Kind) -> Group:
    name = table.text("name", MAX_NAME_CHARS)
    columns = table.integer("columns", 1, MAX_COLUMNS)
    rows = table.integer("rows", 1, MAX_ROWS, default=1)
    is_pressed = kind in ("pads", "buttons")
    usual: Message = "note" if is_pressed else "cc"
    message = cast(Message, table.choice("message", MESSAGES, default=usual))
    channels = _channels(table, columns, rows)
    numbers = _numbers(table, columns, rows, message)
    led = cast(Led, table.choice("led", LEDS, default="none"))
    leds = _leds(table, columns, rows, numbers) if led != "none" else [None] * len(numbers)
    touches = _touches(table, len(numbers))
    controls = tuple(
        Control(name, place % columns, place // columns, message, channel, number, light, touch)
        for place, (channel, number, light, touch) in enumerate(zip(channels, numbers, leds, touches, strict=True))
    )
    velocity = table.truth("velocity", default=True) if is_pressed else True
    pressure = cast(Pressure, table.choice("pressure", PRESSURES, default="none")) if is_pressed else "none"
    encoding, takeover = PRESSED if is_pressed else read_turning(table, *PRESSED)
    if encoding == "absolute-14" and (message != "cc" or max(numbers) >= FINE):
        raise table.error("encoding", f"controls that are all cc below {FINE} for 14 bits", "absolute-14")
    loom = _loom(table, columns, rows) if kind == "pads" else ""
    do = _do(table, kind, columns * rows) if kind != "pads" else ()
    show = table.choice("show", SHOWN, default="light") if kind != "pads" else "light"
    table.finish()
    return Group(name, kind, columns, rows, controls, velocity, pressure, encoding, takeover, loom, do, led, show)


def _channels(table: Table, columns: int, rows: int) -> Sequence[int]:
    """Of all controls, from 0, row by row from the bottom."""
    if "channels" in table:
        return [given - 1 for given in table.integers("channels", 1, CHANNELS, columns * rows, columns * rows)]
    first = table.integer("channel", 1, CHANNELS, default=1) - 1
    step = table.integer("channel_step", 0, CHANNELS - 1, default=0)
    row_step = table.integer("channel_row_step", 0, CHANNELS - 1, default=0)
    channels = _run(first, step, row_step, columns, rows)
    if channels[-1] >= CHANNELS:
        expected = f"channels up to {CHANNELS} for {columns} columns and {rows} rows"
        raise table.error("channel_row_step" if row_step else "channel_step", expected, f"{channels[-1] + 1}")
    return channels


def _numbers(table: Table, columns: int, rows: int, message: Message) -> Sequence[int]:
    """Of all controls, row by row from the bottom."""
    if message == "bend":
        return [0] * (columns * rows)
    if "numbers" in table:
        return table.integers("numbers", 0, NOTES - 1, columns * rows, columns * rows)
    first = table.integer("first", 0, NOTES - 1)
    step = table.integer("step", -NOTES, NOTES, default=1)
    row_step = table.integer("row_step", -NOTES, NOTES, default=columns * step)
    numbers = _run(first, step, row_step, columns, rows)
    if not all(0 <= number < NOTES for number in numbers):
        wrong = next(number for number in numbers if not 0 <= number < NOTES)
        raise table.error("first", f"{columns} columns and {rows} rows of numbers from 0 to {NOTES - 1}", f"{wrong}")
    return numbers


def _leds(table: Table, columns: int, rows: int, numbers: Sequence[int]) -> list[int | None]:
    if "leds" in table:
        leds: Sequence[int] = table.integers("leds", NO_LED, LAST_LED, columns * rows, columns * rows)
    elif "led_first" in table:
        first = table.integer("led_first", 0, LAST_LED)
        step = table.integer("led_step", -LAST_LED, LAST_LED, default=1)
        row_step = table.integer("led_row_step", -LAST_LED, LAST_LED, default=columns * step)
        leds = _run(first, step, row_step, columns, rows)
        if not all(0 <= led <= LAST_LED for led in leds):
            wrong = next(led for led in leds if not 0 <= led <= LAST_LED)
            raise table.error("led_first", f"addresses from 0 to {LAST_LED}", f"{wrong}")
    else:
        leds = numbers
    return [None if led == NO_LED else led for led in leds]


def _touches(table: Table, controls: int) -> Sequence[int | None]:
    """The notes that tell of a finger on each control."""
    if "touch_first" not in table:
        return [None] * controls
    first = table.integer("touch_first", 0, NOTES - controls)
    return range(first, first + controls)


def _run(first: int, step: int, row_step: int, columns: int, rows: int) -> list[int]:
    return [first + step * column + row_step * row for row in range(rows) for column in range(columns)]


def _loom(table: Table, columns: int, rows: int) -> str:
    name = table.text("loom", MAX_NAME_CHARS, default="")
    if not name:
        return ""
    if name not in list_configs("looms"):
        raise table.error("loom", "one of the looms " + ", ".join(list_configs("looms")))
    loom = load_loom(name)
    if (loom.columns, len(loom.rows)) != (columns, rows):
        shape = f"{name!r}, of {loom.columns} columns and {len(loom.rows)} rows"
        raise table.error("loom", f"a loom of {columns} columns and {rows} rows", shape)
    return name


def _do(table: Table, kind: Kind, controls: int) -> tuple[str, ...]:
    """What each does, or one word for all where that is done to one sphere each."""
    words = table.texts("do", 0, controls, default=())
    choices = (NONE, *PRESSES) if kind == "buttons" else (NONE, *TURNS, *INDEX)
    for place, word in enumerate(words):
        if word not in choices:
            raise ConfigError(f"{table.where('do')}[{place}]", "one of: " + ", ".join(choices), repr(word))
    return words * controls if len(words) == 1 and is_sphere_deed(words[0]) else words


def _claim(group: Group, where: str, taken: dict[tuple[Message, int, int], str]) -> None:
    """Refuse a control that sends what another one sends, or the lower half of its 14 bits."""
    for control in group.controls:
        halves = (0, FINE) if group.encoding == "absolute-14" else (0,)
        for half in halves:
            sent = (control.message, control.channel, control.number + half)
            if sent in taken:
                found = f"{sent[0]} {sent[2]} on channel {sent[1] + 1}, which is one of {taken[sent]!r} too"
                raise ConfigError(where, "controls that no other sends like", found)
            taken[sent] = group.name
