"""The controls of a layout as they are now: values, properties, where each lies, and what is under a finger."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from support.touch_osc.document import Node, Partial

Place = tuple[float, float]
_NORTH, _EAST, _SOUTH = range(3)


class Control:
    """One control. `values` and `properties` are those of now."""

    def __init__(self, node: Node, parent: Control | None = None, index: int = 0) -> None:
        """`index` is its place among its siblings, from 1; 0 for the root."""
        self.node, self.parent, self.index = node, parent, index
        self.kind = node.kind
        self.properties: dict[str, Any] = dict(node.properties)
        self.values: dict[str, Any] = dict(node.values)
        self.children = [Control(child, self, place) for place, child in enumerate(node.children, 1)]
        self.fingers: list[Any] = []

    def __repr__(self) -> str:
        return f"<{self.kind} {self.where}>"

    @property
    def name(self) -> str:
        return str(self.properties.get("name", ""))

    @property
    def where(self) -> str:
        """The names from the root's children down to it."""
        return self.name if self.parent is None or self.parent.parent is None else f"{self.parent.where}/{self.name}"

    def walk(self) -> Iterator[Control]:
        """It, and all within it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()

    def find_property(self, key: str) -> Any:
        """A property by its name, or that of its parent's and so on: parent.name."""
        if key.startswith("parent."):
            return None if self.parent is None else self.parent.find_property(key.removeprefix("parent."))
        return self.properties.get(key)

    @property
    def size(self) -> Place:
        """Width and height, in the canvas's pixels."""
        return self.properties["frame"][2:]

    @property
    def origin(self) -> Place:
        """Its upper left corner on the canvas."""
        if self.parent is None:
            return 0.0, 0.0
        x, y = self.parent.origin
        return x + self.properties["frame"][0], y + self.properties["frame"][1]

    def inside(self, place: Place) -> Place:
        """A place on the canvas as a part of it: 0 to 1 from left to right, and from below to above."""
        (left, top), (width, height) = self.origin, self.size
        return (place[0] - left) / width, 1.0 - (place[1] - top) / height

    def on_canvas(self, x: float, y: float) -> Place:
        """The opposite of `inside`."""
        (left, top), (width, height) = self.origin, self.size
        return left + x * width, top + (1.0 - y) * height

    def along(self, x: float, y: float) -> float:
        """How far along it a place is, by its orientation."""
        orientation = self.properties["orientation"]
        far = {_NORTH: y, _EAST: x, _SOUTH: 1.0 - y}.get(orientation, 1.0 - x)
        return min(max(far, 0.0), 1.0)

    @property
    def is_on_page(self) -> bool:
        """Whether it is visible, and all it lies in, and no pager has turned to another page."""
        if not self.properties["visible"]:
            return False
        if self.parent is None:
            return True
        if self.parent.kind == "PAGER" and self.parent.values["page"] != self.index - 1:
            return False
        return self.parent.is_on_page

    @property
    def is_touchable(self) -> bool:
        return bool(self.properties["interactive"])

    def under(self, place: Place) -> Control | None:
        """What a finger at that place of the canvas takes hold of: the uppermost control that can be touched, and that
        no other finger holds. Groups clip what is in them."""
        x, y = self.inside(place)
        if not (self.is_on_page and 0.0 <= x <= 1.0 and 0.0 <= y <= 1.0):
            return None
        for child in reversed(self.children):
            found = child.under(place)
            if found is not None:
                return found
        return self if self.is_touchable and not self.fingers else None

    def fit(self, key: str, value: Any) -> Any:
        """A value as this control can have it."""
        if key == "touch":
            return bool(value)
        if key == "text":
            return f"{value:g}" if isinstance(value, float) else str(value)
        top: float = 1.0
        if self.kind == "RADIO":
            top = self.properties.get("steps", 1) - 1
        elif key == "page":
            top = len(self.children) - 1
        number = min(max(float(value), 0.0), top)
        return round(number) if self.kind == "RADIO" or key == "page" else number

    def outward(self, partial: Partial) -> Any:
        """What a partial says: scaled, and converted; a value or property that the control lacks is 0."""
        if partial.kind == "CONSTANT":
            found: Any = partial.value
        elif partial.kind == "INDEX":
            found = self.index
        elif partial.kind == "PROPERTY":
            found = self.find_property(partial.value)
        else:
            found = self.values.get(partial.value)
            if isinstance(found, (int, float)) and not isinstance(found, bool):
                low, high = partial.scale
                found = low + found * (high - low)
        return convert(found, partial.conversion)

    def path(self, partials: tuple[Partial, ...]) -> str:
        """The address of a message."""
        return "".join(str(self.outward(partial)) for partial in partials)


def inward(partial: Partial, value: Any) -> Any:
    """An argument that has come, as a value: scaled the other way."""
    low, high = partial.scale
    if partial.conversion == "STRING" or isinstance(value, str) or low == high:
        return value
    return (float(value) - low) / (high - low)


def convert(value: Any, conversion: str) -> Any:
    """To the type that is sent."""
    if conversion == "STRING":
        return f"{value:g}" if isinstance(value, float) else str("" if value is None else value)
    try:
        number = float(value or 0)
    except ValueError:
        number = 0.0
    if conversion == "BOOLEAN":
        return number != 0.0
    return round(number) if conversion == "INTEGER" else number
