"""The address space as OSCQuery tells it: JSON for each address, and for all that lies under it.

Attributes are those of the OSCQuery proposal (github.com/Vidvox/OSCQueryProposal, third draft). What does not change is
put together once for a set; values are asked for when somebody wants to know them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from weaver.model.osc_addresses import Space
from weaver.model.osc_space import Row, Value

Arguments = Sequence[object]
"""Of a message: int, float or str."""
ValueOf = Callable[[str], Arguments | None]
"""What an address is at now; None if that is not known (yet)."""

ATTRIBUTES = (
    *("FULL_PATH", "CONTENTS", "TYPE", "ACCESS", "VALUE"),
    *("RANGE", "DESCRIPTION", "UNIT", "EXTENDED_TYPE"),
)
"""What may be asked for by itself, beside HOST_INFO."""
EXTENSIONS = ("ACCESS", "VALUE", "RANGE", "DESCRIPTION", "UNIT", "EXTENDED_TYPE", "LISTEN", "PATH_CHANGED")
"""What of the proposal's options there is here. Chataigne connects its WebSocket only where LISTEN is among them."""
NEITHER, SHOWN, HEARD = 0, 1, 2
"""ACCESS, a mask: a value may be asked for, may be set."""
BUTTON = "I"
"""Type tag of what is only pressed: clients draw a button for it, and send it with I or with no argument."""
UNITS = {
    "1/min": "time.bpm",
    "Hz": "time.hz",
    "cents": "time.cents",
    "dB": "gain.db-raw",
    "degrees": "angle.degree",
    "m": "distance.m",
    "rad": "angle.radian",
    "s": "time.second",
}
"""Ours -> the proposal's (units.md). What it has no word for, semitones and dB per octave, stays without."""
_PLACES = 6
"""Decimals of a value: more than a float of 32 bits keeps."""

_FOLDERS = {
    "/": "Sonic Weaver: spheres of glass, bells and bowls, woven by touch",
    "/sphere": "the spheres, by their number",
    "/weave": "pairs of spheres, by their numbers",
    "/set": "parameters, each in its unit",
    "/turn": "the same parameters along their curves, for faders and knobs",
    "/mood": "the audience",
    "/heart": "the performer's heart",
    "/show": "the show",
    "/meter": "what is sounding",
}


@dataclass(slots=True)
class Node:
    """An address. `said` is what does not change, by attribute; CONTENTS is made of `under`. `is_shown`: it has a value
    that may be asked for; `is_event`: it happens rather than stands."""

    address: str
    said: dict[str, object]
    is_shown: bool = False
    is_event: bool = False
    under: dict[str, Node] = field(default_factory=dict)


class Tree:
    """All addresses of a set."""

    def __init__(self, space: Space, value: ValueOf) -> None:
        self._names, self._value = space.names, value
        self._nodes = {"/": Node("/", _folder("/", self._names))}
        for address, row in space.nodes():
            node = self._hang(address)
            node.said |= _said(row)
            node.is_shown, node.is_event = row.is_shown, row.is_event

    def find(self, path: str) -> Node | None:
        """The node of an address; a slash at its end does no harm."""
        return self._nodes.get(path.rstrip("/") or "/")

    def shows(self, address: str) -> bool:
        """Whether an address has a value that it could tell of."""
        node = self._nodes.get(address)
        return node is not None and node.is_shown

    def is_event(self, address: str) -> bool:
        """Whether an address tells of what happens, each time, rather than of what stands."""
        node = self._nodes.get(address)
        return node is not None and node.is_event

    def told(self, node: Node) -> dict[str, object]:
        """A node, and all that lies under it."""
        found = dict(node.said)
        if node.is_shown and (value := self.value(node.address)) is not None:
            found["VALUE"] = value
        if node.under:
            found["CONTENTS"] = {name: self.told(inner) for name, inner in node.under.items()}
        return found

    def attribute(self, node: Node, name: str) -> dict[str, object]:
        """One attribute of a node; empty where it says nothing about that node."""
        found = self.told(node) if name == "CONTENTS" else dict(node.said)
        if name == "VALUE" and node.is_shown and (value := self.value(node.address)) is not None:
            found["VALUE"] = value
        return {name: found[name]} if name in found else {}

    def value(self, address: str) -> list[object] | None:
        """Present arguments of an address, fit for JSON."""
        arguments = self._value(address)
        return None if arguments is None else [_plain(argument) for argument in arguments]

    def _hang(self, address: str) -> Node:
        """The node of an address, made with all those above it."""
        node = self._nodes.get(address)
        if node is None:
            above, _, name = address.rpartition("/")
            node = self._nodes[address] = Node(address, _folder(address, self._names))
            self._hang(above or "/").under[name] = node
        return node


def as_json(found: object) -> bytes:
    """UTF-8, without spaces."""
    return json.dumps(found, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8")


def _folder(address: str, names: Sequence[str]) -> dict[str, object]:
    said: dict[str, object] = {"FULL_PATH": address, "ACCESS": NEITHER}
    match address.split("/"):
        case ["", "sphere", number]:
            said["DESCRIPTION"] = names[int(number) - 1]
        case _ if address in _FOLDERS:
            said["DESCRIPTION"] = _FOLDERS[address]
    return said


def _said(row: Row) -> dict[str, object]:
    is_button = row.is_heard and not row.is_shown and (not row.values or [v.name for v in row.values] == ["press"])
    said: dict[str, object] = {
        "ACCESS": SHOWN * row.is_shown + HEARD * row.is_heard,
        "DESCRIPTION": row.help if is_button else ". ".join((row.help, *_helps(row))),
    }
    if is_button:
        return said | {"TYPE": BUTTON}
    if row.values:
        said["TYPE"] = "".join(value.tag for value in row.values)
        said["EXTENDED_TYPE"] = [value.name for value in row.values]
        for name, each in (("RANGE", _range), ("UNIT", _unit)):
            found = [each(value) for value in row.values]
            if any(one is not None for one in found):
                said[name] = found
    return said


def _helps(row: Row) -> Iterator[str]:
    for value in row.values:
        words = ", ".join(f"{k} {word}" for k, word in enumerate(value.words)) if value.tag == "i" else ""
        about = "; ".join(part for part in (value.help, words) if part)
        if about and about != row.help:
            yield f"{value.name}: {about}"


def _range(value: Value) -> dict[str, object] | None:
    if value.words and value.tag == "s":
        return {"VALS": list(value.words)}
    number = float if value.tag == "f" else int
    ends = {"MIN": value.low, "MAX": value.high}
    return {key: number(end) for key, end in ends.items() if end is not None} or None


def _unit(value: Value) -> str | None:
    return UNITS.get(value.unit)


def _plain(argument: object) -> object:
    if isinstance(argument, float):
        return round(argument, _PLACES) if math.isfinite(argument) else None
    return argument if isinstance(argument, (bool, int, str)) else None
