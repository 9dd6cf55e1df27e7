"""monome grids by way of serialosc: OSC on this machine, made to look like any other controller's wires.

serialoscd (port 12002) says which grids there are and at which port each listens; a grid is asked for its size, and
told to send its keys here (github.com/monome/docs, serialosc/osc.md). Keys become notes, so that a grid's profile is
like any other: note 16 * row + column on channel 1, rows counted from the bottom of the upper eight. The lower eight of
a grid of 16 by 16 are the same notes on channel 2.
"""

from __future__ import annotations

import select
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from weaver.model.errors import DeviceError
from weaver.model.osc_packet import OscMessage, encode
from weaver.model.wires import Heard
from weaver.osc.udp import LOOPBACK, Udp

DAEMON_PORT = 12002
PREFIX = "/weaver"
"""What addresses of lights and keys begin with while a grid is ours."""
LOOK_S = 1.0
"""Between two questions to the daemon and to each grid. The daemon tells of changes at once, but only once."""
LOST_AFTER_S = 3.5
_POLL_S = 0.05
"""How long the thread sleeps at most where nothing comes."""
_HEARD_MESSAGES = 4096
_MAX_GRIDS = 16
"""More than any player has: who only says that there are grids cannot use up our sockets."""
_COLUMNS, _ROWS, _ROWS_PER_CHANNEL = 16, 16, 8
_NOTE_ON, _NOTE_OFF, _VELOCITY = 0x90, 0x80, 127


@dataclass(slots=True)
class _Grid:
    """A grid that the daemon told of. It can be joined when it has said its size."""

    identity: str
    kind: str
    port: int
    udp: Udp
    heard_s: float
    columns: int = 0
    rows: int = 0
    slot: int | None = None

    @property
    def name(self) -> str:
        return f"monome grid {self.columns}x{self.rows} {self.identity}"


class SerialoscWires:
    """`weaver.model.wires.Wires` for monome grids. One thread hears them all; `sink(slot, bytes, time_s)` gets each key
    as a note on that thread, and `on_vanished(slot)` each slot whose grid went or was parted: what it held is to be let
    go. Whatever those raise is counted.

    What is sent to a slot is a whole OSC packet for PREFIX. Closed with close().
    """

    def __init__(
        self,
        sink: Callable[[int, bytes, float], None],
        on_vanished: Callable[[int], None] = lambda slot: None,
        slots: Sequence[int] = (12, 13, 14),
        port: int = DAEMON_PORT,
        clock: Callable[[], float] = time.monotonic,
        look_s: float = LOOK_S,
        lost_after_s: float = LOST_AFTER_S,
    ) -> None:
        """`slots` are those that may be given to grids. Raises DeviceError if not even this machine can be reached."""
        self._sink, self._on_vanished, self._slots = sink, on_vanished, tuple(slots)
        self._daemon_port, self._clock, self._look_s, self._lost_after_s = port, clock, look_s, lost_after_s
        self._lost: Counter[str] = Counter()
        self._heard: deque[Heard] = deque(maxlen=_HEARD_MESSAGES)
        self._grids: dict[str, _Grid] = {}
        self._slot_of: dict[str, int] = {}
        self._lock = threading.RLock()
        self._stop = threading.Event()
        self._udp = Udp(self._lost)
        self.port: int = self._udp.port
        """Where the daemon answers."""
        self._thread = threading.Thread(target=self._run, name="serialosc", daemon=True)
        self._thread.start()

    def inputs(self) -> Mapping[str, tuple[str, ...]]:
        """Grids that are there and have said their size: name -> name, kind, id."""
        with self._lock:
            return {grid.name: (grid.name, grid.kind, grid.identity) for grid in self._grids.values() if grid.rows}

    def outputs(self) -> Mapping[str, tuple[str, ...]]:
        """The same: a grid's keys and lights go by one name."""
        return self.inputs()

    def joined(self) -> Mapping[int, str]:
        """Who is joined now: slot -> name."""
        with self._lock:
            return {grid.slot: grid.name for grid in self._grids.values() if grid.slot is not None}

    def join(self, input_name: str, output_name: str | None = None) -> int:
        """Have a grid's keys sent here: its slot. Raises DeviceError if it is not there, or no slot is left."""
        with self._lock:
            for grid in self._grids.values():
                if grid.rows and grid.name == input_name:
                    grid.slot = self._slot_for(grid.identity)
                    self._bind(grid)
                    return grid.slot
        raise DeviceError(f"there is no {input_name!r}")

    def part(self, slot: int) -> None:
        """A grid's keys are heard no more, its lights stay as they are."""
        with self._lock:
            grid = self._in_slot(slot)
            if grid is None:
                return
            grid.slot = None
        self._vanished(slot)

    def send(self, slot: int, data: bytes) -> bool:
        """Send one OSC packet; False if nobody is joined there, or it did not go out."""
        with self._lock:
            grid = self._in_slot(slot)
            if grid is None:
                self._lost["nobody"] += 1
                return False
            return grid.udp.send(LOOPBACK, grid.port, data)

    def heard(self) -> list[Heard]:
        """Keys since the last time, as the notes they were made to."""
        with self._lock:
            heard = list(self._heard)
            self._heard.clear()
        return heard

    @property
    def lost(self) -> Mapping[str, int]:
        """How much was lost, by reason."""
        return dict(self._lost)

    def close(self) -> None:
        """Part all, end the thread, close the sockets. A second call does nothing."""
        self._stop.set()
        self._thread.join()
        for slot in list(self.joined()):
            self.part(slot)
        for udp in (self._udp, *(grid.udp for grid in self._grids.values())):
            udp.close()

    def _slot_for(self, identity: str) -> int:
        """The slot it had, else the lowest that nobody ever had, else one whose grid is not there."""
        taken = {grid.slot for grid in self._grids.values()}
        known = self._slot_of.get(identity)
        if known is not None and (known not in taken or self._in_slot(known) is self._grids[identity]):
            return known
        fresh = [slot for slot in self._slots if slot not in self._slot_of.values()]
        for slot in (*fresh, *self._slots):
            if slot not in taken:
                self._slot_of = {who: had for who, had in self._slot_of.items() if had != slot} | {identity: slot}
                return slot
        raise DeviceError(f"all {len(self._slots)} slots for grids are taken")

    def _in_slot(self, slot: int) -> _Grid | None:
        return next((grid for grid in self._grids.values() if grid.slot == slot), None)

    def _bind(self, grid: _Grid) -> None:
        for packet in (
            encode("/sys/port", grid.udp.port),
            encode("/sys/host", LOOPBACK),
            encode("/sys/prefix", PREFIX),
        ):
            grid.udp.send(LOOPBACK, grid.port, packet)

    def _run(self) -> None:
        self._ask_for_notice()
        next_look_s = time.monotonic()
        while not self._stop.is_set():
            if time.monotonic() >= next_look_s:
                next_look_s = time.monotonic() + self._look_s
                self._look()
            with self._lock:
                grids = list(self._grids.values())
            readable = select.select([self._udp.socket, *(grid.udp.socket for grid in grids)], [], [], _POLL_S)[0]
            if self._udp.socket in readable:
                for message in self._udp.messages():
                    self._hear_daemon(message)
            for grid in grids:
                if grid.udp.socket in readable:
                    for message in grid.udp.messages():
                        self._hear_grid(grid, message)

    def _look(self) -> None:
        """Ask who is there, and whether those we know still are."""
        self._udp.send(LOOPBACK, self._daemon_port, encode("/serialosc/list", LOOPBACK, self._udp.port))
        for grid in list(self._grids.values()):
            if self._clock() - grid.heard_s > self._lost_after_s:
                self._vanish(grid)
            else:
                self._ask_size(grid)

    def _ask_size(self, grid: _Grid) -> None:
        grid.udp.send(LOOPBACK, grid.port, encode("/sys/info", LOOPBACK, grid.udp.port))

    def _ask_for_notice(self) -> None:
        """And for the list, asked after it: what came between two notices was told to nobody."""
        for address in ("/serialosc/notify", "/serialosc/list"):
            self._udp.send(LOOPBACK, self._daemon_port, encode(address, LOOPBACK, self._udp.port))

    def _hear_daemon(self, message: OscMessage) -> None:
        match message.address, message.arguments:
            case ("/serialosc/device" | "/serialosc/add" as address, (str(identity), *rest)):
                if address == "/serialosc/add":
                    self._ask_for_notice()
                match rest:
                    case [str(kind), int(port), *_] if 0 < port < 1 << 16:
                        self._appear(identity, kind, port)
                    case _:  # older daemons say no more than that there is one: the list says the rest
                        pass
            case ("/serialosc/remove", (str(identity), *_)):
                self._ask_for_notice()
                if (grid := self._grids.get(identity)) is not None:
                    self._vanish(grid)
            case _:
                self._lost["unknown address"] += 1

    def _appear(self, identity: str, kind: str, port: int) -> None:
        known = self._grids.get(identity)
        if known is not None and known.port == port:
            return
        if known is None and len(self._grids) >= _MAX_GRIDS:
            self._lost["too many grids"] += 1
            return
        if known is not None:  # it was away, and came back so quickly that nobody saw it go
            self._vanish(known)
        try:
            grid = _Grid(identity, kind, port, Udp(self._lost), self._clock())
        except DeviceError:  # no more sockets: asked again at the next look
            self._lost["no socket"] += 1
            return
        with self._lock:
            self._grids[identity] = grid
        self._ask_size(grid)

    def _vanish(self, grid: _Grid) -> None:
        with self._lock:
            self._grids.pop(grid.identity, None)
            slot, grid.slot = grid.slot, None
            grid.udp.close()
        if slot is not None:
            self._vanished(slot)

    def _vanished(self, slot: int) -> None:
        try:
            self._on_vanished(slot)
        except Exception:  # the other grids are still there
            self._lost["refused"] += 1

    def _hear_grid(self, grid: _Grid, message: OscMessage) -> None:
        grid.heard_s = self._clock()
        match message.address, message.arguments:
            case ("/sys/size", (int(columns), int(rows), *_)) if 0 < columns <= _COLUMNS and 0 < rows <= _ROWS:
                self._resize(grid, columns, rows)
            case ("/sys/disconnect", _):
                self._vanish(grid)
            case (address, (int(x), int(y), int(is_down), *_)) if address == f"{PREFIX}/grid/key":
                self._key(grid, x, y, is_down != 0)
            case (address, _) if not address.startswith("/sys/"):
                self._lost["unknown address"] += 1

    def _resize(self, grid: _Grid, columns: int, rows: int) -> None:
        """It said its size; where that changed (it was turned) it goes by another name, and has to be joined anew."""
        with self._lock:
            if (grid.columns, grid.rows) == (columns, rows):
                return
            slot, grid.slot = grid.slot, None
            grid.columns, grid.rows = columns, rows
        if slot is not None:
            self._vanished(slot)

    def _key(self, grid: _Grid, x: int, y: int, is_down: bool) -> None:
        slot = grid.slot
        if slot is None or not (0 <= x < grid.columns and 0 <= y < grid.rows):
            self._lost["key out of place" if slot is not None else "nobody"] += 1
            return
        channel, from_top = divmod(y, _ROWS_PER_CHANNEL)
        row = _ROWS_PER_CHANNEL - 1 - from_top
        status, velocity = (_NOTE_ON, _VELOCITY) if is_down else (_NOTE_OFF, 0)
        heard = Heard(slot, bytes((status | channel, _COLUMNS * row + x, velocity)), grid.heard_s)
        with self._lock:
            if len(self._heard) == _HEARD_MESSAGES:
                self._lost["not heard"] += 1
            self._heard.append(heard)
        try:
            self._sink(heard.slot, heard.data, heard.time_s)
        except Exception:  # nor may whoever listens end the thread
            self._lost["refused"] += 1
