"""A strict reader of TOML: every key typed and ranged, unknown keys refused, every error a ConfigError.

    table = read_toml(path)                         # syntax, size and `format = 1` are checked here
    level = table.number("level_db", -60, 12, default=0.0)
    for sphere in table.tables("spheres", 0, 64):
        name = sphere.text("name", max_length=24)
        sphere.finish()                             # any key nobody asked for is refused
    table.finish()

The keys a table may have are those the reading code asks for: there is no second list to keep in step. An
error says where as `FILE: spheres[2].azimuth_deg`; arrays count from 0, as TOML's own tools print them.
"""

from __future__ import annotations

import datetime
import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeGuard

from weaver.model.durations import expected_duration, parse_duration
from weaver.model.errors import ConfigError
from weaver.model.text_file import decode_utf8, read_bytes
from weaver.model.units import SILENCE_DB

FORMAT = 1
"""The version of every configuration file; a later one may read older files differently."""

MAX_BYTES = 256 * 1024  # a set of 64 spheres written out in full is about 20 KiB
MAX_FOUND_CHARS = 40  # of a value quoted in an error
INTEGER_BITS = 64  # TOML 1.0: integers are signed 64-bit; longer ones may not even print

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SYNTAX_AT = re.compile(r"^(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$", re.S)


def describe(value: object) -> str:
    """How an error quotes a TOML value: short, on one line, in TOML's words rather than Python's."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return repr(value) if len(value) <= MAX_FOUND_CHARS else repr(value[:MAX_FOUND_CHARS]) + "..."
    if isinstance(value, int) and value.bit_length() >= INTEGER_BITS:
        return "an integer beyond 64 bits"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return f"an array of {len(value)}"
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return repr(value)


class Table:
    """One TOML table while it is read. `file` and `path` say where it stands, for errors."""

    def __init__(self, values: Mapping[str, object], file: str, path: str = "") -> None:
        self._values = values
        self._asked: set[str] = set()
        self.file, self.path = file, path

    def where(self, key: str = "") -> str:
        """The place of this table, or of a key in it, as errors name it."""
        quoted = key if not key or _BARE_KEY.fullmatch(key) else repr(key[:MAX_FOUND_CHARS])
        place = ".".join(part for part in (self.path, quoted) if part)
        return f"{self.file}: {place}" if place else self.file

    def error(self, key: str, expected: str, found: str | None = None) -> ConfigError:
        """The error for `key`; what was found is its value unless the caller knows better words."""
        return ConfigError(self.where(key), expected, describe(self._values.get(key)) if found is None else found)

    def __contains__(self, key: str) -> bool:
        """Whether `key` is given. Asking makes it a key this table may have."""
        self._asked.add(key)
        return key in self._values

    def number(self, key: str, low: float, high: float, default: float | None = None) -> float:
        """A finite number in [low, high]; required when there is no default."""
        expected = f"a number from {low:g} to {high:g}"
        value = self._take(key, default, expected)
        if not _is_number(value, low, high):
            raise self.error(key, expected)
        return float(value)

    def level_db(self, key: str, low: float, high: float, default: float) -> float:
        """A level in [low, high] dB, or the word "off", which is `SILENCE_DB`."""
        expected = f'a number from {low:g} to {high:g}, or "off"'
        if key not in self:
            return default
        value = self._values[key]
        if value == "off":
            return SILENCE_DB
        if not _is_number(value, low, high):
            raise self.error(key, expected)
        return float(value)

    def integer(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """A whole number in [low, high]; required when there is no default."""
        value = self._take(key, default, f"a whole number from {low} to {high}")
        return _whole(value, low, high, self.where(key))

    def text(self, key: str, max_length: int, default: str | None = None, lines: bool = False) -> str:
        """Printable text of 1 to `max_length` characters, with line breaks only where `lines` allows them."""
        expected = f"text of 1 to {max_length} printable characters"
        value = self._take(key, default, expected)
        if not isinstance(value, str):
            raise self.error(key, expected)
        text = value.strip()
        shown = text.replace("\n", " ") if lines else text
        if value != default and not (1 <= len(text) <= max_length and shown.isprintable()):
            raise self.error(key, expected)
        return text

    def choice(self, key: str, choices: Sequence[str], default: str | None = None) -> str:
        """One of a few words."""
        expected = "one of: " + ", ".join(choices)
        value = self._take(key, default, expected)
        if not isinstance(value, str) or value not in choices:
            raise self.error(key, expected)
        return value

    def choice_or_number(self, key: str, choices: Sequence[str], low: float, high: float) -> str | float:
        """One of a few words, or a finite number in [low, high] that says the same more exactly; required."""
        expected = f"one of: {', '.join(choices)}, or a number from {low:g} to {high:g}"
        value = self._take(key, None, expected)
        if isinstance(value, str) and value in choices:
            return value
        if not _is_number(value, low, high):
            raise self.error(key, expected)
        return float(value)

    def duration_s(self, key: str, low_s: float, high_s: float, default_s: float | None = None) -> float:
        """A duration in [low_s, high_s]: a number of seconds, or text as `parse_duration` reads it."""
        expected = expected_duration(low_s, high_s)
        value = self._take(key, default_s, expected)
        duration_s = parse_duration(value) if isinstance(value, str) else value
        if not _is_number(duration_s, low_s, high_s):
            raise self.error(key, expected)
        return float(duration_s)

    def truth(self, key: str, default: bool | None = None) -> bool:
        """true or false; required when there is no default."""
        expected = "true or false"
        value = self._take(key, default, expected)
        if not isinstance(value, bool):
            raise self.error(key, expected)
        return value

    def colour(self, key: str) -> str:
        """A colour as "#rrggbb", in small letters."""
        expected = 'a colour such as "#2fb8ff"'
        return self._colour(self._take(key, None, expected), self.where(key), expected)

    def colours(self, key: str, least: int, most: int) -> tuple[str, ...]:
        """An array of colours."""
        expected = f"an array of {least} to {most} colours"
        return tuple(
            self._colour(value, f"{self.where(key)}[{index}]", 'a colour such as "#2fb8ff"')
            for index, value in enumerate(self._array(key, least, most, expected))
        )

    def numbers(
        self, key: str, low: float, high: float, least: int, most: int, default: Sequence[float] | None = None
    ) -> tuple[float, ...]:
        """An array of `least` to `most` finite numbers, each in [low, high]."""
        how_many = f"{least}" if least == most else f"{least} to {most}"
        expected = f"an array of {how_many} numbers from {low:g} to {high:g}"
        values = self._array(key, least, most, expected, default)
        numbers = []
        for index, value in enumerate(values):
            if not _is_number(value, low, high):
                place = f"{self.where(key)}[{index}]"
                raise ConfigError(place, f"a number from {low:g} to {high:g}", describe(value))
            numbers.append(float(value))
        return tuple(numbers)

    def integers(self, key: str, low: int, high: int, least: int, most: int) -> tuple[int, ...]:
        """An array of `least` to `most` whole numbers, each in [low, high]."""
        how_many = f"{least}" if least == most else f"{least} to {most}"
        values = self._array(key, least, most, f"an array of {how_many} whole numbers from {low} to {high}")
        return tuple(_whole(value, low, high, f"{self.where(key)}[{index}]") for index, value in enumerate(values))

    def named_integers(self, key: str, low: int, high: int) -> dict[str, int]:
        """A table of whole numbers in [low, high], whatever their keys; an absent one is empty."""
        inner = self.table(key)
        return {name: inner.integer(name, low, high) for name in inner._values}

    def texts(self, key: str, least: int, most: int, default: Sequence[str] | None = None) -> tuple[str, ...]:
        """An array of `least` to `most` texts, which the caller parses further."""
        expected = f"an array of {least} to {most} texts"
        values = self._array(key, least, most, expected, default)
        for index, value in enumerate(values):
            if not isinstance(value, str):
                raise ConfigError(f"{self.where(key)}[{index}]", "text", describe(value))
        return tuple(str(value) for value in values)

    def table(self, key: str) -> Table:
        """A table of its own; an absent one reads as empty, so that its keys' own defaults apply."""
        value = self._take(key, {}, "a table")
        if not isinstance(value, dict):
            raise self.error(key, "a table")
        return Table(value, self.file, f"{self.path}.{key}" if self.path else key)

    def tables(self, key: str, least: int, most: int) -> list[Table]:
        """An array of tables, `[[key]]` in the file; absent when `least` is 0."""
        expected = f"{least} to {most} tables [[{key}]]"
        values = self._array(key, least, most, expected, default=() if least == 0 else None)
        tables = []
        for index, value in enumerate(values):
            path = f"{self.path}.{key}[{index}]" if self.path else f"{key}[{index}]"
            if not isinstance(value, dict):
                raise ConfigError(f"{self.file}: {path}", "a table", describe(value))
            tables.append(Table(value, self.file, path))
        return tables

    def finish(self) -> None:
        """Refuse every key that nobody asked for. Raises ConfigError for the first."""
        for key in self._values:
            if key not in self._asked:
                near = difflib.get_close_matches(key, self._asked, n=1)
                hint = f"{near[0]} perhaps, or " if near else ""
                known = ", ".join(sorted(self._asked))
                raise self.error(key, f"{hint}one of the keys {known}", "an unknown key")

    def _take(self, key: str, default: object, expected: str) -> object:
        self._asked.add(key)
        value = self._values.get(key, default)
        if value is None:
            unasked = [other for other in self._values if other not in self._asked]
            near = difflib.get_close_matches(key, unasked, n=1)
            raise self.error(key, expected, f"nothing (but there is {near[0]!r})" if near else "nothing")
        return value

    def _array(
        self, key: str, least: int, most: int, expected: str, default: Sequence[object] | None = None
    ) -> Sequence[object]:
        value = self._take(key, None if default is None else list(default), expected)
        if not isinstance(value, list) or not least <= len(value) <= most:
            raise self.error(key, expected)
        return value

    @staticmethod
    def _colour(value: object, where: str, expected: str) -> str:
        if not isinstance(value, str) or not _COLOUR.fullmatch(value):
            raise ConfigError(where, expected, describe(value))
        return value.lower()


def read_toml(path: Path) -> Table:
    """Read a configuration file: UTF-8, at most `MAX_BYTES`, TOML 1.0, with `format = 1`.

    Raises ConfigError for everything that is wrong with it, with line and column where TOML's syntax is
    broken.
    """
    text = decode_utf8(read_bytes(path, MAX_BYTES), path)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(path, text, str(error)) from error
    except (ValueError, RecursionError) as error:  # numerals of thousands of digits, thousands of brackets
        raise ConfigError(str(path), "TOML of sensible size and depth", str(error)) from error
    table = Table(values, str(path))
    table.integer("format", FORMAT, FORMAT)
    return table


def _syntax_error(path: Path, text: str, message: str) -> ConfigError:
    """tomllib's message, cut into where, expected and found."""
    match = _SYNTAX_AT.match(message)
    what = match["what"] if match else message
    expected = what.removeprefix("Expected ") if what.startswith("Expected ") else f"valid TOML ({what})"
    lines = text.rstrip().split("\n")
    if match is None or match["line"] is None:
        return ConfigError(f"{path}: line {len(lines)}", expected, "the end of the file")
    line, column = int(match["line"]), int(match["column"])
    rest = lines[line - 1][column - 1 :].strip() if line <= len(lines) else ""
    found = describe(rest) if rest else "the end of the line"
    return ConfigError(f"{path}: line {line}, column {column}", expected, found)


def _whole(value: object, low: int, high: int, where: str) -> int:
    """`value`, or ConfigError unless it is a whole number, not a truth value, in [low, high]."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ConfigError(where, f"a whole number from {low} to {high}", describe(value))
    return value


def _is_number(value: object, low: float, high: float) -> TypeGuard[float]:
    """Whether `value` is a number, not a truth value, in [low, high]; so NaN and infinity are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high
