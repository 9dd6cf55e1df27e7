"""A monome grid behind serialosc: OSC on loopback, a daemon that lists devices, and notices that come but once."""

from __future__ import annotations

import socket
import threading
from abc import ABC, abstractmethod
from collections import Counter, deque
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from types import TracebackType

from support.twins.osc import Value, pack, unpack
from support.twins.twin import DARK, LOG_MESSAGES, Colour, grey

HOST = "127.0.0.1"
WAIT_S = 0.05
TOP_LEVEL = 15
HALF = 8
"""From this level on a light that knows only on and off is on."""


class Peer(ABC):
    """A UDP socket on loopback and the thread that answers at it."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((HOST, 0))
        self._socket.settimeout(WAIT_S)
        self.port: int = self._socket.getsockname()[1]
        self.refused: Counter[str] = Counter()
        self.lock = threading.RLock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="monome twin", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while not self._ended.is_set():
            try:
                data, sender = self._socket.recvfrom(65536)
                address, values = unpack(data)
            except TimeoutError:
                continue
            except OSError:  # what an unreachable receiver of ours comes back as
                continue
            except ValueError:
                self.refused["osc"] += 1
                continue
            with self.lock:
                self.hear(address, values, sender)

    @abstractmethod
    def hear(self, address: str, values: list[Value], sender: tuple[str, int]) -> None:
        """A message came in."""

    def send(self, to: tuple[str, int], address: str, *values: Value) -> None:
        self._socket.sendto(pack(address, *values), to)

    def close(self) -> None:
        """A second call does nothing."""
        self._ended.set()
        self._thread.join()
        self._socket.close()


class Monome(Peer):
    """A grid of levels 0 to 15; ids that are not m and digits are of old ones, which know only on and off.

    Columns count from the left and rows from the bottom, as with all twins; OSC counts rows from the top.
    """

    kind = "monome grid"
    overrides = False

    def __init__(self, identity: str = "m1000123", columns: int = 16, rows: int = 8) -> None:
        self.identity, self.columns, self.rows = identity, columns, rows
        self.has_levels = identity[:1] == "m" and identity[1:].isdigit()
        self.name = f"monome {columns * rows}"
        self.prefix, self.host, self.to_port = "/monome", HOST, 0
        self.log: deque[tuple[str, list[Value]]] = deque(maxlen=LOG_MESSAGES)
        self.is_out = False
        """Its cable has been pulled: what is still under way to it is lost."""
        self._levels = [[0] * columns for _ in range(rows)]
        super().__init__()

    @property
    def mode(self) -> str:
        return f"{self.prefix} to {self.to_port}"

    def level(self, column: int, row: int) -> int:
        """0 to 15."""
        with self.lock:
            level = self._levels[self.rows - 1 - row][column]
        return level if self.has_levels else TOP_LEVEL * (level >= HALF)

    def light(self, column: int, row: int) -> Colour:
        return grey(self.level(column, row) / TOP_LEVEL, (255, 200, 120))

    @property
    def lights(self) -> dict[tuple[int, int], Colour]:
        """What is not dark, by (column, row)."""
        cells = ((column, row) for column in range(self.columns) for row in range(self.rows))
        return {cell: colour for cell in cells if (colour := self.light(*cell)) != DARK}

    def reboot(self) -> None:
        """Off and on: the lights are dark; where to send is serialosc's and stays."""
        with self.lock:
            self._levels = [[0] * self.columns for _ in range(self.rows)]

    def hear(self, address: str, values: list[Value], sender: tuple[str, int]) -> None:
        if self.is_out:
            return
        self.log.append((address, values))
        if address.startswith("/sys/"):
            self._system(address[len("/sys/") :], values, sender)
        elif address.startswith(f"{self.prefix}/grid/led/") and all(isinstance(value, int) for value in values):
            self._led(address[len(f"{self.prefix}/grid/led/") :], [int(value) for value in values])
        else:
            self.refused["address"] += 1

    def _system(self, what: str, values: list[Value], sender: tuple[str, int]) -> None:
        if what == "port" and values:
            self.to_port = int(values[0])
        elif what == "host" and values:
            self.host = str(values[0])
        elif what == "prefix" and values:
            self.prefix = "/" + str(values[0]).strip("/")
        elif what == "info":
            self._tell_all(values)
        else:
            self.refused["sys"] += 1

    def _tell_all(self, values: list[Value]) -> None:
        """To a host and a port, to a port here, or to where keys go."""
        host = str(values[0]) if len(values) > 1 else self.host
        to = (host, int(values[-1]) if values else self.to_port)
        self.send(to, "/sys/id", self.identity)
        self.send(to, "/sys/size", self.columns, self.rows)
        self.send(to, "/sys/host", self.host)
        self.send(to, "/sys/port", self.to_port)
        self.send(to, "/sys/prefix", self.prefix)
        self.send(to, "/sys/rotation", 0)

    def _led(self, what: str, values: list[int]) -> None:
        is_level = what.startswith("level/")
        shape = what.removeprefix("level/")
        if shape == "all" and len(values) == 1:
            for y in range(self.rows):
                for x in range(self.columns):
                    self._put(x, y, values[0], is_level)
        elif shape == "set" and len(values) == 3:
            self._put(*values, is_level)
        elif shape == "map" and len(values) == (66 if is_level else 10) and not (values[0] % 8 or values[1] % 8):
            for cell in range(64):
                value = values[2 + cell] if is_level else values[2 + cell // 8] >> cell % 8 & 1
                self._put(values[0] + cell % 8, values[1] + cell // 8, value, is_level)
        elif shape in ("row", "col") and len(values) > 2:
            self._line(shape, values, is_level)
        elif shape != "intensity":
            self.refused["led"] += 1

    def _line(self, shape: str, values: list[int], is_level: bool) -> None:
        x, y, *rest = values
        cells = rest if is_level else [mask >> bit & 1 for mask in rest for bit in range(8)]
        for at, value in enumerate(cells):
            self._put(x + at * (shape == "row"), y + at * (shape == "col"), value, is_level)

    def _put(self, x: int, y: int, value: int, is_level: bool) -> None:
        if not (0 <= x < self.columns and 0 <= y < self.rows and 0 <= value <= TOP_LEVEL):
            self.refused["cell"] += 1
            return
        self._levels[y][x] = value if is_level else TOP_LEVEL * bool(value)

    def _key(self, column: int, row: int, is_down: int) -> None:
        with self.lock:
            address, to = f"{self.prefix}/grid/key", (self.host, self.to_port)
        if to[1]:
            self.send(to, address, column, self.rows - 1 - row, is_down)

    def press(self, column: int, row: int, velocity: int = 100) -> None:
        self._key(column, row, 1)

    def release(self, column: int, row: int) -> None:
        self._key(column, row, 0)


class SerialOsc(Peer):
    """The daemon: on a port of its own, where serialoscd has 12002. A context manager, for its grids too."""

    def __init__(self, *grids: Monome) -> None:
        self._all = list(grids)
        self._grids = list(grids)
        self._waiting: list[tuple[str, int]] = []
        super().__init__()

    def __enter__(self) -> SerialOsc:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        for grid in self._all:
            grid.close()

    def hear(self, address: str, values: list[Value], sender: tuple[str, int]) -> None:
        if address not in ("/serialosc/list", "/serialosc/notify") or len(values) < 2:
            self.refused["address"] += 1
            return
        to = (str(values[0]), int(values[1]))
        if address == "/serialosc/notify":
            self._waiting.append(to)
            return
        for grid in self._grids:
            self.send(to, "/serialosc/device", grid.identity, grid.name, grid.port)

    @property
    def is_asked(self) -> bool:
        """Whether somebody waits for its next notice."""
        with self.lock:
            return bool(self._waiting)

    def _notify(self, what: str, grid: Monome) -> None:
        """Whoever asked is told once, and has to ask again."""
        waiting, self._waiting = self._waiting, []
        for to in waiting:
            self.send(to, f"/serialosc/{what}", grid.identity, grid.name, grid.port)

    def pull(self, grid: Monome) -> None:
        """The cable of a grid is pulled."""
        with self.lock:
            self._grids.remove(grid)
            if grid.to_port:
                grid.send((grid.host, grid.to_port), "/sys/disconnect")
            with grid.lock:
                grid.is_out = True
                grid.reboot()
            self._notify("remove", grid)

    def put_back(self, grid: Monome) -> None:
        """The first time it is plugged in."""
        with self.lock:
            if grid not in self._all:
                self._all.append(grid)
            grid.is_out = False
            self._grids.append(grid)
            self._notify("add", grid)


class GridPlug:
    """A grid with its cable, to be played and looked at as a `plug.Plug` is."""

    def __init__(self, twin: Monome, daemon: SerialOsc) -> None:
        self.twin = twin
        self._daemon = daemon
        self._is_in = False
        self.put_back()

    def put_back(self) -> None:
        if not self._is_in:
            self._is_in = True
            self._daemon.put_back(self.twin)

    def pull(self) -> None:
        """A second call does nothing."""
        if self._is_in:
            self._is_in = False
            self._daemon.pull(self.twin)

    def press(self, column: int, row: int, velocity: int = 100) -> None:
        self.twin.press(column, row, velocity)

    def release(self, column: int, row: int) -> None:
        self.twin.release(column, row)

    def light(self, column: int, row: int) -> Colour:
        return self.twin.light(column, row)

    def lights(self) -> dict[Hashable, Colour]:
        return dict(self.twin.lights)


@contextmanager
def grids_plugged(daemon: SerialOsc, *twins: Monome) -> Iterator[tuple[GridPlug, ...]]:
    """These grids, with a daemon that runs; they are pulled out in the end."""
    plugs = tuple(GridPlug(twin, daemon) for twin in twins)
    try:
        yield plugs
    finally:
        for plug in plugs:
            plug.pull()
