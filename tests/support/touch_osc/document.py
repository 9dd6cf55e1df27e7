"""A .tosc file: zlib over XML, read strictly. What is unknown raises ValueError: nobody knows what the app would do."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

VALUES_OF = {
    "BOX": ("touch",),
    "BUTTON": ("x", "touch"),
    "LABEL": ("text", "touch"),
    "TEXT": ("text", "touch"),
    "FADER": ("x", "touch"),
    "XY": ("x", "y", "touch"),
    "RADIAL": ("x", "touch"),
    "ENCODER": ("x", "y", "touch"),
    "RADAR": ("x", "y", "touch"),
    "RADIO": ("x", "touch"),
    "GROUP": ("touch",),
    "PAGER": ("page", "touch"),
    "GRID": ("touch",),
}
"""The types of control, and the values each of them has."""
_COMMON: dict[str, Any] = {
    "background": True,
    "color": (1.0, 0.0, 0.0, 1.0),
    "cornerRadius": 1.0,
    "frame": (0.0, 0.0, 100.0, 100.0),
    "grabFocus": True,
    "locked": False,
    "name": "",
    "orientation": 0,
    "outline": True,
    "outlineStyle": 0,
    "pointerPriority": 0,
    "script": "",
    "shape": 1,
    "tag": "",
    "visible": True,
}
_TEXT = {"font": 0, "textSize": 14, "textColor": (1.0, 1.0, 1.0, 1.0), "textAlignH": 2, "textAlignV": 2}
"""What a control has of which its file says nothing."""
_CONTAINERS = ("GROUP", "PAGER", "GRID")
_STILL = ("BOX", "LABEL", "TEXT", "GROUP", "PAGER")
_CONNECTIONS = 10


@dataclass(frozen=True)
class Partial:
    """A piece of an address, or an argument. `scale` is where 0 and 1 of a value lie outside."""

    kind: str
    conversion: str
    value: str
    scale: tuple[float, float]


@dataclass(frozen=True)
class Trigger:
    """A value that sends the message when it changes; ANY, RISE or FALL."""

    key: str
    condition: str

    def fires(self, before: Any, after: Any) -> bool:
        """Whether that change sends."""
        if self.condition == "ANY":
            return True
        return bool(after) and not before if self.condition == "RISE" else bool(before) and not after


@dataclass(frozen=True)
class OscBinding:
    """One <osc> of a control."""

    is_enabled: bool
    sends: bool
    receives: bool
    feeds_back: bool
    skips_duplicates: bool
    connections: str
    triggers: tuple[Trigger, ...]
    path: tuple[Partial, ...]
    arguments: tuple[Partial, ...]

    @property
    def can_send(self) -> bool:
        return self.is_enabled and self.sends and "1" in self.connections

    @property
    def can_receive(self) -> bool:
        return self.is_enabled and self.receives and "1" in self.connections


@dataclass(frozen=True)
class LocalBinding:
    """One <local> of a control: a value handed to another control."""

    is_enabled: bool
    triggers: tuple[Trigger, ...]
    source: Partial
    target_kind: str
    target_key: str
    target_id: str


@dataclass
class Node:
    """One <node>: values by key with their defaults, and how strongly each is pulled back there, 0 to 100."""

    kind: str
    identity: str
    properties: dict[str, Any]
    values: dict[str, Any]
    pulls: dict[str, float]
    osc: list[OscBinding] = field(default_factory=list)
    local: list[LocalBinding] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)


@lru_cache(maxsize=8)
def parse_tosc(data: bytes) -> Node:
    """The root of a layout, the same one for the same layout: nobody changes it. Raises ValueError, zlib.error or
    ParseError for what is none.
    """
    root = ElementTree.fromstring(zlib.decompress(data).decode("utf-8"))
    _expect(root.tag == "lexml" and root.get("version") in ("3", "4", "6"), f"<{root.tag} {root.attrib}>")
    nodes = list(root)
    _expect(len(nodes) == 1 and nodes[0].get("type") == "GROUP", "one root, a GROUP")
    node = _node(nodes[0])
    seen: set[str] = set()
    _unique(node, seen)
    return node


def _unique(node: Node, seen: set[str]) -> None:
    _expect(node.identity not in seen, f"the ID {node.identity} twice")
    seen.add(node.identity)
    for child in node.children:
        _unique(child, seen)


def _node(element: Element) -> Node:
    kind = element.get("type", "")
    _expect(kind in VALUES_OF, f"control {kind!r}")
    order = ["includes", "properties", "values", "messages", "children"]
    tags = [part.tag for part in element]
    _expect(tags == [tag for tag in order if tag in tags], f"{tags} in a node")
    properties = dict(_COMMON, interactive=kind not in _STILL, **(_TEXT if kind in ("LABEL", "TEXT") else {}))
    properties |= dict(map(_property, element.iterfind("properties/property")))
    node = Node(kind, element.get("ID") or "", properties, {}, {})
    for value in element.iterfind("values/value"):
        key = _text(value, "key")
        _expect(key in VALUES_OF[kind], f"a value {key!r} of a {kind}")
        node.values[key] = typed(key, _text(value, "default"))
        node.pulls[key] = float(_text(value, "defaultPull") or 0)
    for key in VALUES_OF[kind]:
        node.values.setdefault(key, typed(key, ""))
    for message in element.iterfind("messages/*"):
        if message.tag == "osc":
            node.osc.append(_osc(message))
        elif message.tag == "local":
            node.local.append(_local(message))
        else:
            _expect(message.tag in ("midi", "gamepad"), f"<{message.tag}>")
    node.children = [_node(child) for child in element.iterfind("children/node")]
    _expect(kind in _CONTAINERS or not node.children, f"children of a {kind}")
    if kind == "GRID":
        across, down = node.properties.get("gridX", 0), node.properties.get("gridY", 0)
        _expect(len(node.children) == across * down, f"a grid of {across} by {down} with {len(node.children)} children")
    return node


def typed(key: str, text: str) -> Any:
    """A value from how it is written."""
    if key == "touch":
        return text in ("true", "1")
    if key == "text":
        return text
    return int(float(text or 0)) if key == "page" else float(text or 0)


def _property(element: Element) -> tuple[str, Any]:
    kind, key, value = element.get("type"), _text(element, "key"), element.find("value")
    assert value is not None
    text = value.text or ""
    if kind == "b":
        return key, {"0": False, "1": True}[text]
    if kind == "i":
        return key, int(text)
    if kind == "f":
        return key, float(text)
    if kind == "s":
        return key, text
    _expect(kind in ("r", "c"), f"a property of type {kind!r}")
    wanted = "xywh" if kind == "r" else "rgba"
    _expect([part.tag for part in value] == list(wanted), f"{key} without {wanted}")
    numbers = tuple(float(part.text or "") for part in value)
    _expect(kind == "r" or all(0 <= number <= 1 for number in numbers), f"{key} {numbers}")
    return key, numbers


def _osc(element: Element) -> OscBinding:
    connections = _text(element, "connections")
    _expect(len(connections) == _CONNECTIONS and set(connections) <= {"0", "1"}, f"connections {connections!r}")
    return OscBinding(
        *(_text(element, flag) == "1" for flag in ("enabled", "send", "receive", "feedback", "noDuplicates")),
        connections,
        _triggers(element),
        tuple(map(_partial, element.iterfind("path/partial"))),
        tuple(map(_partial, element.iterfind("arguments/partial"))),
    )


def _local(element: Element) -> LocalBinding:
    return LocalBinding(
        _text(element, "enabled") == "1",
        _triggers(element),
        _partial(element),
        _text(element, "dstType"),
        _text(element, "dstVar"),
        _text(element, "dstID"),
    )


def _triggers(element: Element) -> tuple[Trigger, ...]:
    found = tuple(
        Trigger(_text(t, "var"), _text(t, "condition") or "ANY") for t in element.iterfind("triggers/trigger")
    )
    _expect(all(trigger.condition in ("ANY", "RISE", "FALL") for trigger in found), f"{found}")
    return found


def _partial(element: Element) -> Partial:
    kind, conversion = _text(element, "type"), _text(element, "conversion")
    _expect(kind in ("CONSTANT", "PROPERTY", "VALUE", "INDEX"), f"a partial {kind!r}")
    _expect(conversion in ("BOOLEAN", "INTEGER", "FLOAT", "STRING"), f"a conversion {conversion!r}")
    scale = float(_text(element, "scaleMin") or 0), float(_text(element, "scaleMax") or 1)
    return Partial(kind, conversion, _text(element, "value"), scale)


def _text(element: Element, tag: str) -> str:
    return element.findtext(tag) or ""


def _expect(is_so: bool, what: str) -> None:
    if not is_so:
        raise ValueError(what)
