"""`weaver monitor`: plays, and prints what controllers say, what that does, and what their lights are told."""

from __future__ import annotations

import argparse
import math
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rich.console import Console

from weaver.app import Instrument
from weaver.commands.play import Ending, Notes, drive, with_instrument
from weaver.hands.board import aim_words, knob_words
from weaver.hands.meaning import reply_of
from weaver.hands.seat import Said, Shown
from weaver.mapping.loom import Assignment
from weaver.surfaces.picture import Picture

LINE_S = 0.05
"""Of one control that floods no more than a line in so long a time; the rest is counted in its next line."""
LIGHTS_S = 0.5
"""Between two lines about one controller's lights."""
TITLE_CELLS, TOUCHED_CELLS, DONE_CELLS, DATA_CELLS = 26, 18, 16, 12
ANSWERS = 64
"""The latest SysEx messages, that are not printed again."""
MOST_HEX = 24
"""Bytes of a message that are shown where not all were asked for."""
NOTE_OFF, NOTE_ON, POLY, CONTROL, PROGRAM, PRESSURE, BEND = range(0x80, 0xF0, 0x10)
NAMES = {
    NOTE_OFF: "note", NOTE_ON: "note", POLY: "pressure", CONTROL: "cc",
    PROGRAM: "program", PRESSURE: "channel pressure", BEND: "bend",
}  # fmt: skip
FLOODING = (POLY, CONTROL, PRESSURE, BEND)
STEPS: dict[str, Callable[[int], int]] = {
    "twos-complement": lambda value: value - 128 if value > 63 else value,
    "binary-offset": lambda value: value - 64,
    "sign-magnitude": lambda value: -(value & 0x3F) if value & 0x40 else value,
}


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Play until Ctrl-C, SIGTERM or the time is up; 0 then. Raises ConfigError and DeviceError at the start."""

    def mirror(instrument: Instrument, ending: Ending, seconds: float) -> None:
        lines = Mirror(console, shows_lights=arguments.lights, shows_bytes=arguments.bytes)
        lines.attach(instrument)
        drive(instrument, lines, None, ending.event, seconds)
        lines.finish()

    return with_instrument(arguments, console, mirror)


@dataclass(slots=True)
class _Flood:
    """One control's latest message that waits for its line, and how many came since the last one."""

    printed_s: float = -math.inf
    held: Said | None = None
    more: int = 0


@dataclass(slots=True)
class _Lit:
    """What a controller was told since its last line."""

    since_s: float
    messages: int = 0
    data: int = 0
    lights: int = 0


class Mirror(Notes):
    """Lines of text: what Notes says, and every message. What comes on other threads waits for the next `show`."""

    def __init__(self, console: Console, shows_lights: bool = False, shows_bytes: bool = False) -> None:
        super().__init__(console)
        self._shows_lights, self._shows_bytes = shows_lights or shows_bytes, shows_bytes
        self._began_s = time.monotonic()
        self._said: deque[Said] = deque()
        self._shown: deque[Shown] = deque()
        self._floods: dict[tuple[int, ...], _Flood] = {}
        self._unmapped: Counter[tuple[str, str]] = Counter()
        self._lit: dict[str, _Lit] = {}
        self._names: tuple[str, ...] = ()
        self._answered: deque[tuple[str, bytes]] = deque(maxlen=ANSWERS)

    def attach(self, instrument: Instrument) -> None:
        """Hear all that an instrument's controllers and inputs say from now on, strangers among them."""
        instrument.listening.adopt()
        instrument.listening.listen(self._said.append)
        if self._shows_lights:
            instrument.listening.watch(self._shown.append)

    def show(self, picture: Picture) -> None:
        """Print what has come since the last time."""
        super().show(picture)
        self._names = tuple(sphere.name for sphere in picture.spheres)
        self.flush(time.monotonic())

    def flush(self, now_s: float) -> None:
        """Print what there is to say by now."""
        lines: list[tuple[float, str]] = []
        while self._said:
            lines += self._take(self._said.popleft())
        lines += self._overdue(now_s)
        while self._shown:
            lines += self._light(self._shown.popleft())
        lines += self._dimmed(now_s)
        for _, line in sorted(lines, key=lambda entry: entry[0]):
            self._console.print(line, soft_wrap=True)
        self._console.file.flush()

    def finish(self) -> None:
        """The end: what still waits, and how often what nothing is mapped to came."""
        self.flush(math.inf)
        for (title, touched), count in self._unmapped.items():
            self._console.print(f"{title}: {touched} came {count} times, and nothing is mapped to it", soft_wrap=True)

    def _take(self, said: Said) -> list[tuple[float, str]]:
        """The lines of a message: none if it is one of a flood, or was told of already."""
        if not said.data:
            return []
        kind = said.data[0] & 0xF0
        if kind == 0xF0:  # what a device answers each time that it is asked is told once
            if (said.title, said.data) in self._answered:
                return []
            self._answered.append((said.title, said.data))
        if said.touch is None and kind < 0xF0 and not said.falls:
            key = (said.title, _unmapped_words(said.data))
            self._unmapped[key] += 1
            if self._unmapped[key] > 1:
                return []
        if kind not in FLOODING:
            return [(said.time_s, self._line(said, 0))]
        number = said.data[1] if kind in (POLY, CONTROL) and len(said.data) > 1 else 0
        flood = self._floods.setdefault((said.slot, said.data[0], number), _Flood())
        if said.time_s - flood.printed_s < LINE_S:
            flood.more += flood.held is not None
            flood.held = said
            return []
        line = self._line(said, flood.more + (flood.held is not None))
        flood.printed_s, flood.held, flood.more = said.time_s, None, 0
        return [(said.time_s, line)]

    def _overdue(self, now_s: float) -> Iterator[tuple[float, str]]:
        """The last of each flood, once it has had its time."""
        for flood in self._floods.values():
            if flood.held is not None and now_s - flood.printed_s >= LINE_S:
                yield flood.held.time_s, self._line(flood.held, flood.more)
                flood.printed_s, flood.held, flood.more = flood.held.time_s, None, 0

    def _line(self, said: Said, more: int) -> str:
        touch, data = said.touch, said.data
        touched = _unmapped_words(data) if touch is None else touched_words(touch.assignment)
        done = _done_words(data, None if touch is None else touch.assignment)
        if touch is not None:
            effect = self._effect(said, touch.assignment)
        elif data[0] >= 0xF0:
            effect = "says who it is" if reply_of(data) is not None else ""
        else:
            effect = "by the mode" if said.falls else "nothing is mapped to it"
        since = f"  (and {more} more)" if more else ""
        return (
            f"{max(said.time_s - self._began_s, 0.0):9.3f}  {_fit(said.title, TITLE_CELLS)} "
            f"{touched:<{TOUCHED_CELLS}} {done:<{DONE_CELLS}} {_hex(data, MOST_HEX):<{DATA_CELLS}}  {effect}{since}"
        )

    def _effect(self, said: Said, assignment: Assignment) -> str:
        what = aim_words(assignment, self._names)
        share = _share(said.data)
        is_turned = bool(assignment.parameter or assignment.argument) and assignment.encoding not in STEPS
        if is_turned and share is not None:
            return f"{what} {knob_words(assignment, share)}"
        return what

    def _light(self, shown: Shown) -> list[tuple[float, str]]:
        lit = self._lit.setdefault(shown.title, _Lit(shown.time_s))
        if not lit.messages:
            lit.since_s = shown.time_s
        lit.messages += len(shown.messages)
        lit.data += sum(map(len, shown.messages))
        lit.lights += shown.lights
        if not self._shows_bytes:
            return []
        head = f"{max(shown.time_s - self._began_s, 0.0):9.3f}  {_fit(shown.title, TITLE_CELLS)} "
        return [(shown.time_s, f"{head}is told            {_hex(message, len(message))}") for message in shown.messages]

    def _dimmed(self, now_s: float) -> Iterator[tuple[float, str]]:
        """How much each controller was told in the last while."""
        for title, lit in self._lit.items():
            if lit.messages and now_s - lit.since_s >= LIGHTS_S:
                yield (
                    lit.since_s,
                    f"{max(lit.since_s - self._began_s, 0.0):9.3f}  {_fit(title, TITLE_CELLS)} is told            "
                    f"{lit.lights} lights in {lit.messages} messages, {lit.data} bytes",
                )
                lit.messages = lit.data = lit.lights = 0


def touched_words(assignment: Assignment) -> str:
    """A control in its own words: its group, its column and row from the bottom left."""
    control = assignment.control
    if not control.group:
        return f"{control.message} {control.number}"
    return f"{control.group} {control.column + 1},{control.row + 1}"


def _done_words(data: bytes, assignment: Assignment | None) -> str:
    """What was done to it."""
    kind, value = data[0] & 0xF0, data[2] if len(data) > 2 else data[1] if len(data) > 1 else 0
    if kind == NOTE_OFF or (kind == NOTE_ON and value == 0):
        return "let go"
    if kind == NOTE_ON:
        return f"pressed {value}"
    if kind in (POLY, PRESSURE):
        return f"pressure {value}"
    if kind == CONTROL and assignment is not None and assignment.encoding in STEPS:
        return f"by {STEPS[assignment.encoding](value):+d}"
    if kind == BEND and len(data) > 2:
        return f"{(data[1] | data[2] << 7) - 8192:+d}"
    return f"at {value}" if kind == CONTROL else ""


def _share(data: bytes) -> float | None:
    """Where a message puts a control, 0 to 1; None if it tells no such thing."""
    if len(data) < 3:
        return None
    if data[0] & 0xF0 == CONTROL:
        return data[2] / 127.0
    return (data[1] | data[2] << 7) / 16383.0 if data[0] & 0xF0 == BEND else None


def _unmapped_words(data: bytes) -> str:
    """A message by its kind, channel and number."""
    if data[0] >= 0xF0:
        return f"SysEx of {len(data)}" if data[0] == 0xF0 else f"system {data[0]:02X}"
    kind, channel = data[0] & 0xF0, (data[0] & 0x0F) + 1
    number = f" {data[1]}" if kind in (NOTE_OFF, NOTE_ON, POLY, CONTROL, PROGRAM) and len(data) > 1 else ""
    return f"{NAMES[kind]}{number} ch {channel}"


def _hex(data: bytes, most: int) -> str:
    return data[:most].hex(" ").upper() + (" …" if len(data) > most else "")


def _fit(text: str, cells: int) -> str:
    return text.ljust(cells) if len(text) <= cells else text[: cells - 1] + "…"
