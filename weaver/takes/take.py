"""Takes: a performance as its commands. A text file that grows while somebody plays, and can be rendered again.

UTF-8, one JSON value a line, only ever appended to. The first line is an object, what the engine began with:

    {"format": "sonic-weaver take", "version": 1,
     "provenance": {"weaver", "python", "numpy", "numba", "llvmlite", "kernels", "system", "cpu", "features"},
     "started": "2026-05-01T20:15:00+02:00",             for the eye
     "seed": 1, "sample_rate": 48000.0, "frame": 0,      of all chance; in Hz; the sample clock at its beginning
     "set": {"source": NAME or FILE, "sha256"},          of the DEFINITION it becomes (engine.layout)
     "midi": {"mode": NAME or FILE, "tuning": FILE or null, "kbm": FILE or null, "sha256"},       of the MIDI_MAP
     "law": {"source": NAME or FILE, "sha256"},          of the LAW
     "parameters": {NAME: value, ...},                   what each was turned to, in its unit
     "show": null or {"source", "sha256", "prelude_s", "state"}}     a show that was on: how far, in base64

Then, in the order in which things took effect:

    [frame, kind, sphere, source, a, b, c, d]    a COMMAND of engine.layout; zeros at its end are left out
    {"set": {"source", "sha256"}}                stands before the command INSTALL, whose set it is
    {"show": {"source", "sha256", "prelude_s"}}  before BEGIN; the hash is that of the SCRIPT it becomes
    48000                                        the clock: all that was done before this frame stands above
    {"lost": 3}                                  here as many commands are missing
    {"end": 480000}                              the last line: the sound ended at this frame

Numbers are written so that float32 is read back exactly. A take whose player was killed has no end; its last line may
be torn, and is left out then; it ends at its last clock line or command.
"""

from __future__ import annotations

import binascii
import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import NoneType
from typing import Any, NamedTuple

import numpy as np

from weaver.model.errors import ConfigError
from weaver.model.gestures import BEGIN, BY_CODE, HALT, INSTALL, LOGGED_KINDS, MIDI, PANIC, ROLL
from weaver.model.sample_rates import SAMPLE_RATES_HZ
from weaver.model.show import PRELUDE_S
from weaver.takes.json_lines import Fields, JsonLine, json_lines, quoted

FORMAT, VERSION = "sonic-weaver take", 1
ENDING = ".take"
LAST_FRAME = 1 << 53
"""Frames beyond are no whole numbers in every JSON reader: six thousand years."""
LARGEST = 1e9
"""Of a command's values: what the engine takes for sane."""
VALUES = 4
KINDS = frozenset(BY_CODE) | frozenset(LOGGED_KINDS)
PLAYS = (frozenset(BY_CODE) | {MIDI}) - {PANIC, ROLL, HALT}
"""Kinds of command that somebody plays: what is set beforehand, and how it ends, is not played."""
SYSTEM = 0xF0
"""MIDI from here on is clocks and the like, which nobody plays."""


@dataclass(frozen=True, slots=True)
class Header:
    """How a take begins; see the module for the meaning of each."""

    provenance: Mapping[str, str]
    started: str
    seed: int
    sample_rate: float
    frame: int
    set: Reference
    mode: str
    tuning: str | None
    kbm: str | None
    midi_sha256: str
    law: Reference
    parameters: Mapping[str, float]
    show: tuple[ShowReference, bytes] | None = None


class Reference(NamedTuple):
    """A file of the player's, by name or path, and the hash of what it became."""

    source: str
    sha256: str


class ShowReference(NamedTuple):
    """A show of the player's likewise, and its prelude as it was played."""

    source: str
    sha256: str
    prelude_s: float


class Command(NamedTuple):
    """What was done; `brought` is what an INSTALL put on stage, or the show that a BEGIN began."""

    frame: int
    kind: int
    sphere: int
    source: int
    values: tuple[float, float, float, float]
    brought: Reference | ShowReference | None = None


Brought = Reference | ShowReference
BRINGS = {INSTALL: Reference, BEGIN: ShowReference}


class Clock(NamedTuple):
    """All that was done before this frame has been read."""

    frame: int


class Lost(NamedTuple):
    """So many commands are missing here."""

    commands: int


class End(NamedTuple):
    """The sound ended at this frame."""

    frame: int


def header_line(header: Header) -> bytes:
    """The first line."""
    show = header.show and {**header.show[0]._asdict(), "state": b64encode(header.show[1]).decode()}
    fields = {
        "format": FORMAT,
        "version": VERSION,
        "provenance": dict(header.provenance),
        "started": header.started,
        "seed": header.seed,
        "sample_rate": header.sample_rate,
        "frame": header.frame,
        "set": header.set._asdict(),
        "midi": {"mode": header.mode, "tuning": header.tuning, "kbm": header.kbm, "sha256": header.midi_sha256},
        "law": header.law._asdict(),
        "parameters": dict(header.parameters),
        "show": show,
    }
    return object_line(fields)


def object_line(fields: Mapping[str, Any]) -> bytes:
    """A line that is an object."""
    return json.dumps(fields, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode() + b"\n"


def command_line(command: np.void) -> bytes:
    """A line that is a COMMAND. That of an INSTALL or a BEGIN does not say of what, for that stands above it."""
    values = [] if command["kind"] in BRINGS else [number(value) for value in command["values"]]
    words = [str(int(command[name])) for name in ("frame", "kind", "sphere", "source")] + values
    while words[-1] == "0":
        words.pop()
    return f"[{','.join(words)}]\n".encode()


def number(value: np.float32) -> str:
    """The shortest decimal number that is read back as this very float32."""
    if value == int(value) and not np.signbit(value):
        return str(int(value))
    text = np.format_float_positional(value, unique=True, trim="0")
    return text if np.float32(float(text)) == value else repr(float(value))


class Take:
    """A take on disk. Its header is read at once, the rest as often as it is asked for.

    Raises ConfigError for a file that is not a take, here or when its lines are read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.is_torn = False
        """Whether its last line was found to be cut short, and left out."""
        first = next(json_lines(path), None)
        if first is None or first.is_torn:
            raise ConfigError(str(path), "a take", "an empty file" if first is None else "a header that is cut short")
        self.header = _read_header(first.fields())

    def events(self) -> Iterator[Command | Clock | Lost | End]:
        """All lines but the first, in order."""
        frame, brought, ended = self.header.frame, None, False
        for line in json_lines(self.path):
            if line.number == 1:
                continue
            if ended:
                raise line.error("nothing after the end")
            if line.is_torn:
                self.is_torn = True
                return
            event = _read_event(line, frame, brought)
            if isinstance(event, Reference | ShowReference):
                brought = event
                continue
            brought = None
            if not isinstance(event, Lost):
                frame = event.frame
            ended = isinstance(event, End)
            yield event


def is_played(kind: int, first_value: float) -> bool:
    """Whether somebody played a command; a take without any such is not worth keeping."""
    return kind in PLAYS and not (kind == MIDI and first_value >= SYSTEM)


def is_take(path: Path) -> bool:
    """Whether a file is a take by its name, or by how it begins."""
    if path.suffix.lower() == ENDING:
        return True
    try:
        with open(path, "rb") as file:
            return file.read(1) == b"{"
    except OSError:
        return False  # whoever reads it as something else says why


def _read_header(fields: Fields) -> Header:
    name = fields.text("format")
    if name != FORMAT:
        raise fields.error("format", repr(FORMAT), quoted(name))
    fields.whole("version", VERSION, VERSION)
    made_in, midi = fields.object("provenance"), fields.object("midi")
    parameters = fields.object("parameters")
    return Header(
        provenance={key: made_in.text(key) for key in made_in.keys},
        started=fields.text("started"),
        seed=fields.whole("seed", 0, (1 << 64) - 1),
        sample_rate=fields.number("sample_rate", *SAMPLE_RATES_HZ),
        frame=fields.whole("frame", 0, LAST_FRAME),
        set=_read_reference(fields.object("set")),
        mode=midi.text("mode"),
        tuning=midi.text_or_null("tuning"),
        kbm=midi.text_or_null("kbm"),
        midi_sha256=midi.text("sha256"),
        law=_read_reference(fields.object("law")),
        parameters={key: parameters.number(key, -LARGEST, LARGEST) for key in parameters.keys},
        show=None if fields.is_null("show") else _read_progress(fields.object("show")),
    )


def _read_reference(fields: Fields) -> Reference:
    return Reference(fields.text("source"), fields.text("sha256"))


def _read_show(fields: Fields) -> ShowReference:
    return ShowReference(*_read_reference(fields), fields.number("prelude_s", *PRELUDE_S))


def _read_progress(fields: Fields) -> tuple[ShowReference, bytes]:
    try:
        return _read_show(fields), b64decode(fields.text("state"), validate=True)
    except binascii.Error as error:
        raise fields.error("state", "base64", str(error)) from error


def _read_event(line: JsonLine, frame: int, brought: Brought | None) -> Command | Clock | Lost | End | Brought:
    value = line.value()
    if isinstance(value, list):
        return _read_command(line, value, frame, brought)
    if brought is not None:
        raise line.error("the command that the line above belongs to")
    if not isinstance(value, dict):
        return Clock(line.whole(value, "a command, an object or the clock", frame, LAST_FRAME))
    fields = line.fields()
    if "set" in fields.keys:
        return _read_reference(fields.object("set"))
    if "show" in fields.keys:
        return _read_show(fields.object("show"))
    if "lost" in fields.keys:
        return Lost(fields.whole("lost", 1, LAST_FRAME))
    return End(fields.whole("end", frame, LAST_FRAME))


def _read_command(line: JsonLine, words: Sequence[Any], frame: int, brought: Brought | None) -> Command:
    if not 2 <= len(words) <= 4 + VALUES:
        raise line.error("[frame, kind, sphere, source, a, b, c, d]")
    at, kind, sphere, source = (*words[:4], 0, 0)[:4]
    line.whole(at, "a frame not before that of the line above", frame, LAST_FRAME)
    if line.whole(kind, "a kind of command", 0, LAST_FRAME) not in KINDS:
        raise line.error("a kind of command that there is")
    line.whole(sphere, "a sphere", -1, 1 << 15)
    line.whole(source, "a port", -(1 << 31), (1 << 31) - 1)
    given = [line.number_of(value, "a value", -LARGEST, LARGEST) for value in words[4:]]
    a, b, c, d = (*given, 0.0, 0.0, 0.0, 0.0)[:VALUES]
    if BRINGS.get(kind, NoneType) is not type(brought):
        raise line.error("the line of a set or show before the command that brings it, and nowhere else")
    return Command(at, kind, sphere, source, (a, b, c, d), brought)
