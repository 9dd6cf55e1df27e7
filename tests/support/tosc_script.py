"""A layout's script in a real Lua, with as little of TouchOSC about it as it has use for.

Functions of the base library are those that TouchOSC's manual lists (Scripting API, "Lua Functions"), of Lua 5.1.
"""

from __future__ import annotations

from typing import Any

from support.needed import module

from weaver.surfaces.touchosc.document import Colour, Node

BASE = "error ipairs next pairs print select tonumber tostring unpack type table math string"
FRAME_MS = 16


def lua_runtime() -> Any:
    """Lua 5.1, as TouchOSC has it."""
    return module("lupa.lua51", "lupa").LuaRuntime(unpack_returned_tuples=True)


class ScriptedTablet:
    """A layout on a screen: its script runs; messages bound to controls are not its business."""

    def __init__(self, root: Node) -> None:
        self.now_ms = 0
        self.sent: list[tuple[str, Any]] = []
        self._lua = lua_runtime()
        make = self._lua.table_from
        self._all: list[tuple[Node, Any]] = []
        given = {name: self._lua.globals()[name] for name in BASE.split()}
        given["Color"] = lambda r, g, b, a: make({"r": r, "g": g, "b": b, "a": a})
        given["getMillis"] = lambda: self.now_ms
        given["sendOSC"] = lambda address, value=None: self.sent.append((address, value))
        given["self"] = given["root"] = self._control(root)
        self._world = make(given)
        load = self._lua.eval("function(text, world) local f = assert(loadstring(text)); setfenv(f, world); f() end")
        load(root.properties["script"], self._world)
        self._world["init"]()

    def _control(self, node: Node) -> Any:
        def colour(value: Colour) -> Any:
            return self._lua.table_from(value._asdict())

        fields: dict[str, Any] = {"name": node.name, "tag": node.tag, "visible": node.get("visible")}
        fields["color"] = colour(node.colour("color"))
        if node.kind in ("LABEL", "TEXT"):
            fields["textColor"] = colour(node.colour("textColor"))
        fields["values"] = self._lua.table_from(dict(node.values))
        fields["children"] = self._lua.table_from([self._control(child) for child in node.children])
        control = self._lua.table_from(fields)
        self._all.append((node, control))
        return control

    def receive(self, address: str, *arguments: float | str) -> bool:
        """Whether the script keeps it to itself."""
        tagged = [{"tag": "s" if isinstance(value, str) else "f", "value": value} for value in arguments]
        listed = self._lua.table_from([self._lua.table_from(one) for one in tagged])
        return bool(self._world["onReceiveOSC"](self._lua.table_from([address, listed])))

    def notify(self, what: str, value: str) -> None:
        """As a control's script does."""
        self._world["onReceiveNotify"](what, value)

    def run(self, milliseconds: int) -> None:
        """So long, frame by frame."""
        for _ in range(milliseconds // FRAME_MS):
            self.now_ms += FRAME_MS
            self._world["update"]()

    def controls(self, name: str, tag: str) -> list[Any]:
        """All that have that name and whose tag begins so."""
        return [control for node, control in self._all if node.name == name and node.tag.startswith(tag)]

    def colour(self, name: str, tag: str, what: str = "color") -> tuple[float, ...]:
        """Of the first of them: red, green, blue, alpha, to a thousandth."""
        found = self.controls(name, tag)[0][what]
        return tuple(round(found[part], 3) for part in "rgba")

    def text(self, name: str, tag: str) -> str:
        """Of the first of them."""
        return str(self.controls(name, tag)[0]["values"]["text"])
