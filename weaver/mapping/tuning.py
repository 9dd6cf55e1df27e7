"""Which frequency each MIDI note has: Scala scales (.scl) and keyboard mappings (.kbm).

The files are read line by line here, so that an error can name its line, and stricter than most readers do;
the arithmetic of scales and mappings is the tuning-library package's (Surge's). Formats: "Scala scale file
format" and "Scala keyboard mapping format", huygens-fokker.org/scala.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

import tuning_library

from weaver.model.errors import ConfigError
from weaver.model.spheres import NOTES
from weaver.model.text_file import read_bytes
from weaver.model.toml_table import describe
from weaver.model.units import PLAYABLE_HZ, note_to_hz, ratio_to_cents

MAX_BYTES = 64 * 1024  # the longest scale of the Scala archive is a few KiB
MAX_DEGREES = 1024
MAX_DESCRIPTION_CHARS = 80  # what the format asks for; longer ones are cut
MAX_PITCH_CENTS = 12 * 1200.0  # twelve octaves: beyond hearing from anywhere in hearing

REFERENCE_LIMITS_HZ = (1.0, 20_000.0)

_CENTS = re.compile(r"([+-]?(?:[0-9]+\.[0-9]*|\.[0-9]+))(?:[\s!].*)?")
_RATIO = re.compile(r"([0-9]{1,40})(?:\s*/\s*([0-9]{1,40}))?(?:[\s!].*)?")
_WHOLE = re.compile(r"[0-9]{1,9}")
_HERTZ = re.compile(r"[0-9]{1,9}(?:\.[0-9]{0,20})?")

_KBM_HEAD = (  # what the lines of a mapping are, in their order, and their greatest values
    ("the size of the mapping", MAX_DEGREES),
    ("the first MIDI note", NOTES - 1),
    ("the last MIDI note", NOTES - 1),
    ("the middle MIDI note", NOTES - 1),
    ("the reference MIDI note", NOTES - 1),
    ("the reference frequency", 0),
    ("the scale degree of the octave", MAX_DEGREES),
)
_FIRST, _LAST, _REFERENCE_HZ = 1, 2, 5


@dataclass(frozen=True)
class Tuning:
    """`note_hz[n]` is the frequency of MIDI note n, or 0.0 where the note is unmapped and silent."""

    note_hz: tuple[float, ...]
    description: str


@dataclass(frozen=True)
class _Line:
    """One line that is no comment, with its number in the file, from 1."""

    number: int
    text: str


def standard_tuning() -> Tuning:
    """Twelve equal steps to the octave, A4 = 440 Hz."""
    return Tuning(tuple(note_to_hz(note) for note in range(NOTES)), "12 equal steps, A4 = 440 Hz")


def load_tuning(scl: Path, kbm: Path | None = None) -> Tuning:
    """The tuning of a Scala scale, from note 60 at 261.6256 Hz on, or as a keyboard mapping lays it out.

    Notes outside a mapping's first to last, and notes outside `PLAYABLE_HZ`, are unmapped. Raises ConfigError
    with the file, its line where one is to blame, what was expected and what was found.
    """
    description, scale_text = _read_scale(scl)
    first, last, mapping_text = (0, NOTES - 1, None) if kbm is None else _read_mapping(kbm)
    try:
        scale = tuning_library.parse_scl_data(scale_text)
        if mapping_text is None:
            table = tuning_library.Tuning(scale)
        else:
            table = tuning_library.Tuning(scale, tuning_library.parse_kbm_data(mapping_text))
        note_hz = tuple(
            _playable(table.frequency_for_midi_note(note))
            if first <= note <= last and table.is_midi_note_mapped(note)
            else 0.0
            for note in range(NOTES)
        )
    except (tuning_library.TuningError, MemoryError, RuntimeError, ValueError) as error:
        # what single lines cannot show: a reference on an unmapped key, an octave beyond the scale
        raise ConfigError(str(kbm or scl), f"a mapping that fits {scl.name}", str(error)) from error
    if not any(note_hz):
        low, high = PLAYABLE_HZ
        raise ConfigError(str(kbm or scl), f"at least one note from {low:g} to {high:g} Hz", "none")
    return Tuning(note_hz, description)


def _playable(frequency_hz: float) -> float:
    low, high = PLAYABLE_HZ
    return float(frequency_hz) if math.isfinite(frequency_hz) and low <= frequency_hz <= high else 0.0


def _read_scale(path: Path) -> tuple[str, str]:
    """(description, the scale as plain text of cents) of a .scl file."""
    lines = _read_lines(path)
    description = _line(path, lines, 0, "a description, perhaps empty").text.strip()
    count_line = _line(path, lines, 1, "the number of notes")
    count = _whole(path, count_line, f"the number of notes, 1 to {MAX_DEGREES}", 1, MAX_DEGREES)
    pitches = _counted(path, lines[2:], count, "pitches")
    cents = [_pitch_cents(path, line) for line in pitches]
    if cents[-1] <= 0:
        raise _error(path, pitches[-1], "a period above 1/1, as the last pitch")
    text = "\n".join(["scale", str(count), *(f"{value:.12f}" for value in cents)]) + "\n"
    printable = "".join(letter for letter in description if letter.isprintable())  # it is shown in a terminal
    return printable[:MAX_DESCRIPTION_CHARS] or path.stem, text


def _read_mapping(path: Path) -> tuple[int, int, str]:
    """(first note, last note, the mapping as plain text) of a .kbm file."""
    lines = [line for line in _read_lines(path) if line.text.strip()]
    head: list[str] = []
    for index, (what, most) in enumerate(_KBM_HEAD):
        line = _line(path, lines, index, what)
        if index == _REFERENCE_HZ:
            head.append(f"{_hertz(path, line, what):.12f}")
        else:
            head.append(str(_whole(path, line, f"{what}, 0 to {most}", 0, most)))
    size, first, last = int(head[0]), int(head[_FIRST]), int(head[_LAST])
    if first > last:
        raise _error(path, lines[_LAST], f"the last MIDI note, from {first} on, where the first one is")
    degrees = []
    for line in _counted(path, lines[len(_KBM_HEAD) :], size, "keys"):
        text = line.text.strip()
        expected = f"a scale degree from 0 to {MAX_DEGREES}, or x for an unmapped key"
        degrees.append("x" if text in ("x", "X") else str(_whole(path, line, expected, 0, MAX_DEGREES)))
    return first, last, "\n".join([*head, *degrees]) + "\n"


def _read_lines(path: Path) -> list[_Line]:
    """The lines that are no comments, empty ones at the end dropped.

    The Scala archive is ISO 8859-1, newer files are UTF-8; both are read, and what counts is ASCII in either.
    """
    data = read_bytes(path, MAX_BYTES)
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        raise ConfigError(f"{path}: line {line}", "text in UTF-8 or ISO 8859-1", "byte 0x00")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("iso-8859-1")
    numbered = enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1)
    lines = [_Line(number, line) for number, line in numbered if not line.startswith("!")]
    while lines and not lines[-1].text.strip():
        lines.pop()
    return lines


def _line(path: Path, lines: list[_Line], index: int, expected: str) -> _Line:
    if index >= len(lines):
        raise ConfigError(str(path), expected, "the end of the file")
    return lines[index]


def _counted(path: Path, lines: list[_Line], count: int, what: str) -> list[_Line]:
    """The lines, if they are as many as the file says."""
    if len(lines) < count:
        raise ConfigError(str(path), f"{count} {what}, as the file says", f"{len(lines)}")
    if len(lines) > count:
        raise _error(path, lines[count], f"no more than {count} {what}, as the file says")
    return lines


def _pitch_cents(path: Path, line: _Line) -> float:
    """The pitch of a line: cents where there is a point, else a ratio; text after it is a remark."""
    text = line.text.strip()
    if match := _CENTS.fullmatch(text):
        cents = float(match[1])
    elif (match := _RATIO.fullmatch(text)) and int(match[1]) > 0 and int(match[2] or 1) > 0:
        cents = ratio_to_cents(int(match[1])) - ratio_to_cents(int(match[2] or 1))
    else:
        raise _error(path, line, "a pitch above zero, such as 3/2 or 701.955")
    if not abs(cents) <= MAX_PITCH_CENTS:
        raise _error(path, line, "a pitch within twelve octaves")
    return cents


def _whole(path: Path, line: _Line, expected: str, low: int, high: int) -> int:
    text = line.text.strip()
    if not _WHOLE.fullmatch(text) or not low <= int(text) <= high:
        raise _error(path, line, expected)
    return int(text)


def _hertz(path: Path, line: _Line, what: str) -> float:
    low, high = REFERENCE_LIMITS_HZ
    text = line.text.strip()
    if not _HERTZ.fullmatch(text) or not low <= float(text) <= high:
        raise _error(path, line, f"{what}, {low:g} to {high:g} Hz")
    return float(text)


def _error(path: Path, line: _Line, expected: str) -> ConfigError:
    return ConfigError(f"{path}: line {line.number}", expected, describe(line.text.strip()))
