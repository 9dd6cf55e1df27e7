"""Scripts of controls: Lua 5.1 with the few functions that TouchOSC lets them have, each control's in its own world
(hexler.net/touchosc/manual/script). Fields that do not exist are errors, which the app would only log."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import lupa.lua51 as lua
from support.touch_osc.controls import Control
from support.touch_osc.document import VALUES_OF

_PRELUDE = """
local get, set, count, say, send, millis = ...
local function proxy(kind, control)
  local made = newproxy(true)
  local meta = getmetatable(made)
  meta.__index = function(_, key) return get(kind, control, key) end
  meta.__newindex = function(_, key, value) set(kind, control, key, value) end
  meta.__len = function() return count(kind, control) end
  return made
end
local Color = setmetatable({
  fromHexString = function(text)
    local function part(at) return (tonumber(text:sub(at, at + 1), 16) or 255) / 255 end
    return {r = part(1), g = part(3), b = part(5), a = part(7)}
  end,
}, {__call = function(_, r, g, b, a) return {r = r or 0, g = g or 0, b = b or 0, a = a or 1} end})
local function copy(from, more)
  local made = {}
  for key, value in pairs(from) do made[key] = value end
  for key, value in pairs(more) do made[key] = value end
  return made
end
local function world(control, root, types)
  return {
    error = error, ipairs = ipairs, next = next, pairs = pairs, print = say, select = select, tonumber = tonumber,
    tostring = tostring, unpack = unpack, type = type,
    table = copy(table, {unpack = unpack, pack = function(...) return {...} end}),
    math = copy(math, {clamp = function(x, low, high) return math.min(math.max(x, low), high) end}),
    string = copy(string, {}),
    self = control, root = root, ControlType = types, Color = Color, getMillis = millis,
    sendOSC = function(...) send(select("#", ...), ...) end,
    PointerState = {BEGIN = 0, ACTIVE = 1, MOVE = 2, END = 3},
  }
end
local function load(source, name, env)
  local chunk, trouble = loadstring(source, name)
  if not chunk then error(trouble, 0) end
  setfenv(chunk, env)()
  return env
end
return proxy, world, load
"""
_TYPES = {name: number for number, name in enumerate(VALUES_OF, 1)}
_CONNECTIONS = 10


class Host(Protocol):
    """What scripts can do to the tablet."""

    def set_value(self, control: Control, key: str, value: Any, cause: str) -> None: ...

    def send_osc(self, address: str, arguments: Sequence[tuple[str, Any]]) -> None: ...


class Scripts:
    """All scripts of a layout. `errors` and `printed` collect what the app's log would show."""

    def __init__(self, root: Control, host: Host) -> None:
        self.errors: list[str] = []
        self.printed: list[str] = []
        self._root, self._host = root, host
        self._started_s = time.monotonic()
        self._lua = lua.LuaRuntime(unpack_returned_tuples=True, register_eval=False)
        self._proxies: dict[tuple[str, int], Any] = {}
        self._proxy, world, load = self._lua.execute(
            _PRELUDE, self._get, self._set, self._count, self._print, self._send, self._millis
        )
        types = self._lua.table_from(_TYPES)
        self._worlds: dict[int, Any] = {}
        self._scripted: list[Control] = []
        for control in root.walk():
            if control.properties.get("script", "").strip():
                env = world(self._to_lua(control), self._to_lua(root), types)
                if self._guard(control, load, control.properties["script"], f"={control.where or 'root'}", env):
                    self._worlds[id(control)] = env
                    self._scripted.append(control)
        self._updating = [control for control in self._scripted if self._function(control, "update")]

    def begin(self) -> None:
        """init(), of all that have it."""
        for control in self._scripted:
            self.call(control, "init")

    def update(self) -> None:
        """One frame."""
        for control in self._updating:
            self.call(control, "update")

    def call(self, control: Control, name: str, *arguments: Any) -> Any:
        """Call a control's function, if it has it; what it returns."""
        function = self._function(control, name)
        if function is None:
            return None
        return self._guard(control, lambda: (function(*arguments),), wants=True)

    def receive(self, address: str, arguments: Sequence[tuple[str, Any]]) -> bool:
        """onReceiveOSC, parents first; whether one of them has consumed the message."""
        for control in self._scripted:
            if self._function(control, "onReceiveOSC") is not None:
                listed = [self._lua.table_from({"tag": tag, "value": value}) for tag, value in arguments]
                message = self._lua.table(address, self._lua.table_from(listed))
                connections = self._lua.table_from([True] + [False] * (_CONNECTIONS - 1))
                if self.call(control, "onReceiveOSC", message, connections) is True:
                    return True
        return False

    def _function(self, control: Control, name: str) -> Any:
        world = self._worlds.get(id(control))
        return None if world is None else world[name]

    def _guard(self, control: Control, do: Callable[..., Any], *arguments: Any, wants: bool = False) -> Any:
        try:
            done = do(*arguments)
            return done[0] if wants else True
        except (lua.LuaError, KeyError, TypeError, ValueError) as error:
            self.errors.append(f"{control.where or 'root'}: {error}")
            return None

    def _to_lua(self, value: Any, kind: str = "control") -> Any:
        if isinstance(value, Control):
            if (kind, id(value)) not in self._proxies:
                self._proxies[kind, id(value)] = self._proxy(kind, value)
            return self._proxies[kind, id(value)]
        if isinstance(value, tuple):
            return self._lua.table_from(dict(zip("rgba" if kind == "c" else "xywh", value, strict=True)))
        return value

    def _get(self, kind: str, control: Control, key: Any) -> Any:
        if kind == "children":
            return self._to_lua(self._child(control, key))
        if kind == "values":
            return control.values[key]
        if kind == "control" and key in ("children", "properties", "values"):
            return self._to_lua(control, key)
        if kind == "control" and key in ("parent", "index", "ID", "type"):
            fields = {"parent": control.parent, "index": control.index, "ID": control.node.identity}
            return self._to_lua(_TYPES[control.kind] if key == "type" else fields[key])
        if kind == "control" and key in _METHODS:
            return lambda _, *given: _METHODS[key](self, control, *given)
        if key not in control.properties:
            raise KeyError(f"no {key!r} of {control!r}")
        return self._to_lua(control.properties[key], "r" if key == "frame" else "c")

    def _set(self, kind: str, control: Control, key: Any, value: Any) -> None:
        if kind == "values":
            if key not in control.values:
                raise KeyError(f"no value {key!r} of {control!r}")
            self._host.set_value(control, key, value, "script")
            return
        if kind == "children" or key not in control.properties:
            raise KeyError(f"no {key!r} of {control!r}")
        if isinstance(before := control.properties[key], tuple):
            names = "xywh" if key == "frame" else "rgba"
            value = tuple(float(value[name]) for name in names)
        elif type(before) is bool:
            value = bool(value)
        control.properties[key] = value

    def _count(self, kind: str, control: Control) -> int:
        return len(control.children)

    def _child(self, control: Control, key: Any) -> Control | None:
        if isinstance(key, str):
            return next((child for child in control.children if child.name == key), None)
        place = int(key) - 1
        return control.children[place] if 0 <= place < len(control.children) else None

    def _print(self, *words: Any) -> None:
        self.printed.append(" ".join(map(str, words)))

    def _millis(self) -> int:
        return round(1000 * (time.monotonic() - self._started_s))

    def _send(self, count: int, *given: Any) -> None:
        """sendOSC(path, value..., [connections]), numbers; or ({path, {{tag=, value=}...}}, [connections])."""
        values = list(given[:count])
        if lua.lua_type(values[0]) == "table":
            path, listed = values[0][1], values[0][2]
            tagged = [(item["tag"], item["value"]) for item in listed.values()] if listed else []
        else:
            path, *rest = values
            tagged = [_tagged(value) for value in rest if lua.lua_type(value) != "table"]
        self._host.send_osc(path, tagged)

    def _find(self, control: Control, matches: Callable[[Control], bool], is_deep: bool) -> list[Control]:
        among = list(control.walk())[1:] if is_deep else control.children
        return [child for child in among if matches(child)]

    def _find_by_name(self, control: Control, name: str, is_deep: bool = False) -> Any:
        found = self._find(control, lambda child: child.name == name, is_deep)
        return self._to_lua(found[0]) if found else None

    def _find_all_by_name(self, control: Control, name: str, is_deep: bool = False) -> Any:
        found = self._find(control, lambda child: child.name == name, is_deep)
        return self._lua.table_from([self._to_lua(child) for child in found])

    def _find_all_by_property(self, control: Control, key: str, value: Any, is_deep: bool = False) -> Any:
        found = self._find(control, lambda child: child.properties.get(key) == value, is_deep)
        return self._lua.table_from([self._to_lua(child) for child in found])

    def _notify(self, control: Control, key: str, value: Any = None) -> None:
        self.call(control, "onReceiveNotify", key, value)


def _tagged(value: Any) -> tuple[str, Any]:
    if isinstance(value, bool):
        return ("T" if value else "F"), value
    return ("s", value) if isinstance(value, str) else ("f", float(value))


_METHODS: dict[str, Callable[..., Any]] = {
    "findByName": Scripts._find_by_name,
    "findAllByName": Scripts._find_all_by_name,
    "findAllByProperty": Scripts._find_all_by_property,
    "notify": Scripts._notify,
}
