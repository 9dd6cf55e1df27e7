"""Reading a file of one JSON value a line, a line at a time: whatever is wrong is a ConfigError with file and line."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from weaver.model.errors import ConfigError

LONGEST_LINE = 1 << 20
"""Bytes; a header with a show in it is a few thousand."""
MAX_FOUND_CHARS = 40


def json_lines(path: Path) -> Iterator[JsonLine]:
    """The lines of a regular file. The last is torn if it has no line feed: more of it was to come."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # a pipe nobody writes to would be waited for
            raise ConfigError(str(path), "a file", "a directory" if path.is_dir() else "a device or pipe")
        with open(path, "rb") as file:
            number = 0
            while text := file.readline(LONGEST_LINE + 1):
                number += 1
                if len(text) > LONGEST_LINE:
                    raise ConfigError(f"{path}: line {number}", f"at most {LONGEST_LINE} bytes", "more")
                yield JsonLine(path, number, text)
    except OSError as error:
        raise ConfigError(str(path), "a readable file", (error.strerror or str(error)).lower()) from error
    except ValueError as error:  # a NUL or a lone surrogate in the name
        if isinstance(error, ConfigError):
            raise
        raise ConfigError(repr(str(path)), "a file name", str(error)) from error


def quoted(value: object) -> str:
    """A JSON value as errors show it: short, on one line."""
    text = json.dumps(value, ensure_ascii=True) if not isinstance(value, bytes) else repr(value)[1:]
    return text if len(text) <= MAX_FOUND_CHARS else text[:MAX_FOUND_CHARS] + "..."


class JsonLine(NamedTuple):
    """One line, not yet understood."""

    path: Path
    number: int
    text: bytes

    @property
    def is_torn(self) -> bool:
        """Whether more of it was to come."""
        return not self.text.endswith(b"\n")

    def error(self, expected: str, found: str | None = None) -> ConfigError:
        """What is wrong with this line."""
        shown = quoted(self.text.rstrip(b"\r\n")) if found is None else found
        return ConfigError(f"{self.path}: line {self.number}", expected, shown)

    def value(self) -> Any:
        """The JSON value. NaN and its like, which Python's reader lets pass, are refused."""
        try:
            return json.loads(self.text.decode(), parse_constant=_refuse)
        except (ValueError, RecursionError) as error:  # not UTF-8, not JSON, or numbers and depths beyond reason
            raise self.error("a JSON value") from error

    def fields(self) -> Fields:
        """The value, which has to be an object."""
        value = self.value()
        if not isinstance(value, dict):
            raise self.error("an object")
        return Fields(self, value)

    def whole(self, value: Any, what: str, low: int, high: int) -> int:
        """A whole number of this line."""
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self.error(what)
        return value

    def number_of(self, value: Any, what: str, low: float, high: float) -> float:
        """A number of this line."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise self.error(what)
        return float(value)


class Fields:
    """An object while it is read; `where` is its place in the line."""

    def __init__(self, line: JsonLine, values: dict[str, Any], where: str = "") -> None:
        self._line, self._values, self._where = line, values, where

    @property
    def keys(self) -> list[str]:
        """Of all its fields."""
        return list(self._values)

    def error(self, key: str, expected: str, found: str) -> ConfigError:
        """What is wrong with a field."""
        return self._line.error(f"{self._where}{quoted(key)[1:-1]} to be {expected}", found)

    def text(self, key: str) -> str:
        """A field that is text; in a file name it may stand as it is."""
        value = self._get(key)
        if not isinstance(value, str) or "\0" in value or not _is_unicode(value):
            raise self.error(key, "text", quoted(value))
        return value

    def text_or_null(self, key: str) -> str | None:
        """A field that is text, or nothing."""
        return None if self._get(key) is None else self.text(key)

    def whole(self, key: str, low: int, high: int) -> int:
        """A field that is a whole number."""
        value = self._get(key)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            expected = f"{low}" if low == high else f"a whole number from {low} to {high}"
            raise self.error(key, expected, quoted(value))
        return value

    def number(self, key: str, low: float, high: float) -> float:
        """A field that is a number."""
        value = self._get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise self.error(key, f"a number from {low:g} to {high:g}", quoted(value))
        return float(value)

    def object(self, key: str) -> Fields:
        """A field that is an object."""
        value = self._get(key)
        if not isinstance(value, dict):
            raise self.error(key, "an object", quoted(value))
        return Fields(self._line, value, f"{self._where}{quoted(key)[1:-1]}.")

    def is_null(self, key: str) -> bool:
        """Whether a field is nothing."""
        return self._get(key) is None

    def _get(self, key: str) -> Any:
        if key not in self._values:
            raise self.error(key, "there", "nothing")
        return self._values[key]


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _refuse(name: str) -> float:
    raise ValueError(name)
