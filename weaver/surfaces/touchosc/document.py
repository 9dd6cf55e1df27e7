"""TouchOSC's documents: a tree of controls with properties, values and messages, as XML and as a .tosc file.

A .tosc is one zlib stream of a UTF-8 document, <lexml version='6'> with one GROUP in it whose frame is the canvas;
every frame is relative to its parent's. Names, types and numbering are those of the files that come with TouchOSC 1.5.

The XML is written here, not by a library: it is a page of code, the layouts are a part of the instrument that must come
out byte for byte the same anywhere, and nothing has to be installed to make one. The tests read it with py2tosc.
"""

from __future__ import annotations

import uuid
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple
from xml.sax.saxutils import escape

Kind = Literal["BOX", "BUTTON", "LABEL", "TEXT", "FADER", "XY", "RADIAL", "GROUP", "PAGER"]
"""The kinds of control that our layouts have use for."""
CONNECTIONS = "1" * 10
"""All ten slots: whichever the player sets up is the right one."""
_IDS = uuid.uuid5(uuid.NAMESPACE_URL, "touchosc:sonic-weaver")
_LEVEL = 9


class Frame(NamedTuple):
    """Where a control lies within its parent, from the top left, in the canvas's points."""

    x: float
    y: float
    w: float
    h: float


class Colour(NamedTuple):
    """Parts from 0 to 1; `a` is 1 where it hides what lies below."""

    r: float
    g: float
    b: float
    a: float = 1.0


Property = bool | int | float | str | Frame | Colour


class Part(NamedTuple):
    """An argument: the control's value of that name ("x", "text"...) or a constant; a number from 0 to 1 stands for
    `low` to `high`, both as it is sent and as it is received."""

    value: str
    conversion: Literal["FLOAT", "STRING"] = "FLOAT"
    low: float = 0.0
    high: float = 1.0
    is_constant: bool = False


class Trigger(NamedTuple):
    """What makes a message go: a change of that value; "RISE" is only one upwards."""

    value: str
    condition: Literal["ANY", "RISE"] = "ANY"


@dataclass(frozen=True, slots=True)
class Osc:
    """A message. It is sent when a trigger fires; without triggers it is only received."""

    address: str
    arguments: tuple[Part, ...]
    triggers: tuple[Trigger, ...] = ()
    is_received: bool = True


@dataclass(frozen=True, slots=True)
class Node:
    """A control. `properties` are those that differ from the kind's own; `values` are what it shows at first."""

    kind: Kind
    name: str
    frame: Frame
    properties: Mapping[str, Property] = field(default_factory=dict)
    values: Mapping[str, float | str] = field(default_factory=dict)
    messages: tuple[Osc, ...] = ()
    children: tuple[Node, ...] = ()

    def get(self, key: str) -> Property:
        """A property, given or its kind's own. Raises KeyError for one that the kind does not have."""
        if key in self.properties:
            return self.properties[key]
        return (_COMMON | _OWN[self.kind])[key]

    def number(self, key: str) -> float:
        """A property that is a number."""
        found = self.get(key)
        assert isinstance(found, int | float)
        return found

    def colour(self, key: str) -> Colour:
        """A property that is a colour."""
        found = self.get(key)
        assert isinstance(found, Colour)
        return found

    def value(self, key: str) -> float | str:
        """A value as it is at first."""
        return self.values.get(key, _VALUES[self.kind][key])

    @property
    def tag(self) -> str:
        """What scripts know it by; "" for nothing."""
        return str(self.properties.get("tag", ""))

    def walk(self) -> Iterator[Node]:
        """This one and all below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()


_COMMON: dict[str, Property] = {
    "background": True,
    "color": Colour(0.25, 0.25, 0.25),
    "cornerRadius": 0.0,
    "grabFocus": True,
    "interactive": True,
    "locked": False,
    "orientation": 0,
    "outline": True,
    "outlineStyle": 1,
    "pointerPriority": 0,
    "shape": 1,
    "visible": True,
}
_INERT: dict[str, Property] = {"interactive": False}
_TEXT: dict[str, Property] = {
    **_INERT,
    "font": 0,
    "textAlignH": 2,
    "textAlignV": 2,
    "textClip": True,
    "textColor": Colour(1.0, 1.0, 1.0),
    "textSize": 14,
}
_LINES: dict[str, Property] = {
    "cursor": True,
    "cursorDisplay": 0,
    "gridColor": Colour(0.0, 0.0, 0.0, 0.25),
    "response": 0,
    "responseFactor": 100,
}
_OWN: dict[Kind, dict[str, Property]] = {
    "BOX": _INERT,
    "BUTTON": {"buttonType": 0, "press": True, "release": True, "valuePosition": False},
    "LABEL": {**_TEXT, "textLength": 0},
    "TEXT": {**_TEXT, "textWrap": True},
    "FADER": {**_LINES, "bar": True, "barDisplay": 0, "centered": False, "grid": True, "gridSteps": 13},
    "XY": {
        **_LINES,
        "lines": True,
        "linesDisplay": 0,
        "gridX": True,
        "gridY": True,
        "gridStepsX": 10,
        "gridStepsY": 10,
        "lockX": False,
        "lockY": False,
    },
    "RADIAL": {
        **_LINES,
        "shape": 2,
        "outlineStyle": 0,
        "inverted": False,
        "centered": False,
        "grid": True,
        "gridSteps": 20,
    },
    "GROUP": {**_INERT, "grabFocus": False, "outlineStyle": 0},
    "PAGER": {
        "grabFocus": False,
        "outlineStyle": 0,
        "tabLabels": True,
        "tabbar": True,
        "tabbarDoubleTap": False,
        "tabbarSize": 40,
        "textSizeOff": 14,
        "textSizeOn": 14,
    },
}
"""What TouchOSC gives a new control of each kind beside `_COMMON`: its files say all of it, so ours do."""
_VALUES: dict[Kind, dict[str, float | str]] = {
    "BOX": {},
    "BUTTON": {"x": 0.0},
    "LABEL": {"text": ""},
    "TEXT": {"text": ""},
    "FADER": {"x": 0.0},
    "XY": {"x": 0.0, "y": 0.0},
    "RADIAL": {"x": 0.0},
    "GROUP": {},
    "PAGER": {"page": 0.0},
}
"""And its values; every control has "touch" beside these."""


def tosc(root: Node) -> bytes:
    """The file. zlib's releases may pack differently: compare what they unpack to."""
    return zlib.compress(xml(root).encode("utf-8"), _LEVEL)


def xml(root: Node) -> str:
    """The document, the same for the same tree."""
    return f"<?xml version='1.0' encoding='UTF-8'?><lexml version='6'>{_node(root, root.name, True)}</lexml>"


def _node(node: Node, path: str, is_root: bool) -> str:
    properties = _COMMON | _OWN[node.kind] | {"frame": node.frame, "name": node.name} | dict(node.properties)
    values = _VALUES[node.kind] | dict(node.values)
    parts = [f"<node ID='{uuid.uuid5(_IDS, path)}' type='{node.kind}'>", "<includes></includes>" if is_root else ""]
    parts += ["<properties>", *(_property(key, properties[key]) for key in sorted(properties)), "</properties>"]
    parts += ["<values>", *(_value(key, value) for key, value in values.items()), _value("touch", "false"), "</values>"]
    if node.messages:
        parts += ["<messages>", *map(_osc, node.messages), "</messages>"]
    if node.children:
        below = (_node(child, f"{path}/{place}", False) for place, child in enumerate(node.children))
        parts += ["<children>", *below, "</children>"]
    return "".join((*parts, "</node>"))


def _property(key: str, value: Property) -> str:
    match value:
        case bool():
            kind, text = "b", str(int(value))
        case int():
            kind, text = "i", str(value)
        case float():
            kind, text = "f", _number(value)
        case str():
            kind, text = "s", escape(value)
        case _:
            kind = "r" if isinstance(value, Frame) else "c"
            text = "".join(
                f"<{part}>{_number(number)}</{part}>" for part, number in zip(value._fields, value, strict=True)
            )
    return f"<property type='{kind}'><key>{key}</key><value>{text}</value></property>"


def _value(key: str, value: float | str) -> str:
    text = escape(value) if isinstance(value, str) else _number(value)
    return (
        f"<value><key>{key}</key><locked>0</locked><lockedDefaultCurrent>0</lockedDefaultCurrent>"
        f"<default>{text}</default><defaultPull>0</defaultPull></value>"
    )


def _osc(osc: Osc) -> str:
    triggers = "".join(
        f"<trigger><var>{trigger.value}</var><condition>{trigger.condition}</condition></trigger>"
        for trigger in osc.triggers
    )
    path = _partial(Part(osc.address, "STRING", is_constant=True))
    return (
        f"<osc><enabled>1</enabled><send>{int(bool(osc.triggers))}</send><receive>{int(osc.is_received)}</receive>"
        f"<feedback>0</feedback><noDuplicates>0</noDuplicates><connections>{CONNECTIONS}</connections>"
        f"{f'<triggers>{triggers}</triggers>' if triggers else ''}"
        f"<path>{path}</path><arguments>{''.join(map(_partial, osc.arguments))}</arguments></osc>"
    )


def _partial(part: Part) -> str:
    return (
        f"<partial><type>{'CONSTANT' if part.is_constant else 'VALUE'}</type><conversion>{part.conversion}</conversion>"
        f"<value>{escape(part.value)}</value><scaleMin>{_number(part.low)}</scaleMin>"
        f"<scaleMax>{_number(part.high)}</scaleMax></partial>"
    )


def _number(value: float) -> str:
    """As short as it may be, to a ten-thousandth; never with an exponent."""
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
