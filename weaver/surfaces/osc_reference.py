"""The reference of the address space in words, derived from its table: what may be said, and what is said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from weaver.model.osc_addresses import Space
from weaver.model.osc_space import CRACKS, FINGERS, REPLY_PORT, ROWS, Row, Value

NARROWEST = 44
"""Cells for which it is still set."""
INDENT = "    "
KINDS = {"f": "number", "i": "whole number", "s": "text"}
SET, TURN = "/set/", "/turn/"


@dataclass(frozen=True, slots=True)
class Chapter:
    """Rows that are read together. Those that are heard come before those that are only shown."""

    title: str
    rows: tuple[Row, ...]


def chapters() -> list[Chapter]:
    """All rows, each in one chapter."""
    heard = [row for row in ROWS if row.is_heard]
    shown = [row for row in ROWS if not row.is_heard]
    spheres = [row for row in heard if "{sphere}" in row.pattern]
    parameters = [row for row in heard if row.pattern.startswith(SET)]
    turns = [row for row in heard if row.pattern.startswith(TURN)]
    rest = [row for row in heard if row not in (*spheres, *parameters, *turns)]
    return [
        Chapter("Said to spheres", tuple(spheres)),
        Chapter("Said to the instrument", tuple(rest)),
        Chapter("Parameters, each in its unit", tuple(parameters)),
        Chapter("Parameters along their curves, from 0 to 1", tuple(turns)),
        Chapter("Said of spheres", tuple(row for row in shown if "{sphere}" in row.pattern)),
        Chapter("Said of the instrument", tuple(row for row in shown if "{sphere}" not in row.pattern)),
    ]


def reference(title: str, names: Sequence[str], width: int) -> Iterator[str]:
    """The whole of it, for a set and its spheres' `names`, in lines of at most `width` cells if that is not too few."""
    width = max(width, NARROWEST)
    spheres = ", ".join(f"{number} {name}" for number, name in enumerate(names, start=1))
    preface = (
        f'{{sphere}} is a number from 1 or a name: of {title}, {spheres}. Where it is marked *, it may be "all". '
        f"{{finger}} is 1 to {FINGERS}, {{crack}} 1 to {CRACKS}. What is marked > is also said whenever it changes, to "
        f"everybody who may play: at port {REPLY_PORT}, unless they say /hello."
    )
    yield from wrap(preface, width)
    for chapter in chapters():
        yield ""
        yield chapter.title.upper()
        if chapter.rows[0].does == "turn":  # each the same, but for its name
            rows = [row.pattern.removeprefix(TURN) for row in chapter.rows]
            yield f"{TURN}{{parameter}} {' '.join(value.name for value in chapter.rows[0].values)}  >"
            yield from _wrapped("for faders and knobs: " + ", ".join(rows), width, INDENT)
            yield from _values(chapter.rows[0], width)
            continue
        for row in chapter.rows:
            marks = ("*" if row.takes_all else "") + (">" if row.is_shown and row.is_heard else "")
            yield from wrap(f"{_line(row.pattern, row)}  {marks}", width, subsequent_indent=INDENT * 3)
            yield from _wrapped(row.help, width, INDENT)
            yield from _values(row, width)


def _values(row: Row, width: int) -> Iterator[str]:
    """A row's arguments; those of which the same is to be said share a line."""
    alike: dict[str, list[str]] = {}
    for value in row.values:
        alike.setdefault(value_words(value, row), []).append(value.name)
    for words, names in alike.items():
        yield from _wrapped(f"{', '.join(names)}: {words}", width, INDENT * 2)


def _wrapped(text: str, width: int, indent: str) -> list[str]:
    return wrap(text, width, initial_indent=indent, subsequent_indent=indent + "  ")


def _line(address: str, row: Row) -> str:
    return " ".join((address, *(value.name for value in row.values)))


def value_words(value: Value, row: Row) -> str:
    """What there is to know of an argument: its words or its range, its unit, its default, and what the row's help has
    not said."""
    if value.words and value.tag == "s":
        words = " | ".join(value.words)
    elif value.words:
        words = " | ".join(f"{at} {word}" for at, word in enumerate(value.words))
    elif value.low is not None and value.high is not None:
        words = f"{value.low:g} to {value.high:g} {value.unit}".strip()
    else:
        words = f"{KINDS[value.tag]} {'of ' + value.unit if value.unit else ''}".strip()
    if value.default is not None and row.is_heard:
        words += f", default {value.default:g}"
    return f"{words}; {value.help}" if value.help and value.help != row.help else words


def addresses(names: Sequence[str]) -> Iterator[str]:
    """Every single address of a set, with what is said with it: < may be said to the instrument, > is said by it."""
    for address, row in Space(names).nodes():
        marks = ("<" if row.is_heard else " ") + (">" if row.is_shown else " ")
        yield f"{marks} {_line(address, row)}"


def markdown() -> str:
    """The table that the README carries: addresses that begin alike share a line, each with its arguments."""
    lines = ["| address | and its arguments |", "|---|---|"]
    for title, is_heard, is_shown in (
        ("heard", True, False),
        ("heard, and told whenever it changes", True, True),
        ("told", False, True),
    ):
        lines.append(f"| **{title}** | |")
        lines += _markdown_lines([row for row in ROWS if (row.is_heard, row.is_shown) == (is_heard, is_shown)])
    return "\n".join(lines) + "\n"


def _markdown_lines(rows: Sequence[Row]) -> Iterator[str]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.pattern.rpartition("/")[0] + "/", []).append(row)
    before = ""
    for start, alike in groups.items():
        if len(alike) == 1:
            yield f"| `{alike[0].pattern}` | {', '.join(value.name for value in alike[0].values)} |"
            continue
        told = " · ".join(_markdown_row(row.pattern.removeprefix(start), row) for row in alike)
        yield f"| `{start}`… | {'the same' if told == before else told} |"
        before = told


def _markdown_row(end: str, row: Row) -> str:
    """How an address ends, and its arguments; the one it may have needs no name where that says no more."""
    names = [value.name for value in row.values]
    return end if names in ([], ["value"], ["turn"], ["press"], [end]) else f"**{end}** {', '.join(names)}"
