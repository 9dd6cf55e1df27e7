"""Controllers on a system's MIDI: `Wires` over the inputs that are open and the outputs that there are.

What a joined controller says is heard here beside the sink of the inputs. Outputs are listed and opened on the thread
of the inputs, because a driver may be for one thread only; each sends on its own.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from weaver.midi.inputs import DAW_SLOT, MidiInputs
from weaver.midi.news import MidiIn
from weaver.midi.outlet import Outlet
from weaver.midi.ports import AUTO, candidates
from weaver.model.errors import DeviceError
from weaver.model.wires import LONGEST_BYTES, Heard

MOST_HEARD = 1024
"""Messages of one controller that wait to be asked for: a tenth of a second and more of any."""


@dataclass(slots=True)
class _Seat:
    """A joined controller. Its outlet is opened and given up on the inputs' thread."""

    source: str
    sink: str | None
    identity: str = ""
    """Of the sink: another one means that it has been replugged."""
    outlet: Outlet | None = None
    said: deque[Heard] = field(default_factory=deque)


class MidiWires:
    """Close it before the inputs it is made for."""

    def __init__(self, inputs: MidiInputs, let_go: Callable[[int], object] = lambda slot: None) -> None:
        """`let_go` is told the slot of a controller that parts; of one that vanishes, the inputs tell."""
        self._inputs, self._let_go = inputs, let_go
        self._seats: dict[int, _Seat] = {}
        self._lock = threading.Lock()
        """Of `_seats`; nobody calls a driver while holding it."""
        self._sinks: dict[str, str] = {}
        self._lost: Counter[str] = Counter()
        inputs.follow(self)

    def inputs(self) -> Mapping[str, tuple[str, ...]]:
        """What is open, but for our own virtual input."""
        return {name: (name,) for name in self._slots()}

    def outputs(self) -> Mapping[str, tuple[str, ...]]:
        """What there was when the inputs last looked; our own ports and those that only pass on are left out."""
        return {name: (name,) for name in self._sinks}

    def join(self, input_name: str, output_name: str | None) -> int:
        """Open the output, and hear the input, in the slot that it has. Raises DeviceError."""
        return self._inputs.errands.ask(lambda: self._join(input_name, output_name))

    def joined(self) -> Mapping[int, str]:
        """Slot -> input."""
        with self._lock:
            return {slot: seat.source for slot, seat in sorted(self._seats.items())}

    def part(self, slot: int) -> None:
        """Close its output, once what was sent has gone out (`outlet.CLOSE_S` at most). The input stays open."""
        with self._lock:
            seat = self._seats.pop(slot, None)
        if seat is None:
            return
        if seat.outlet is not None:
            seat.outlet.close()
        self._count(seat.outlet)
        self._let_go(slot)

    def send(self, slot: int, data: bytes) -> bool:
        """Queue one whole message; a thread of the output's sends it."""
        seat = self._seats.get(slot)
        outlet = seat.outlet if seat is not None else None
        if outlet is None:
            self._lost["nobody"] += 1
        elif not 0 < len(data) <= LONGEST_BYTES:
            self._lost["too long"] += 1
        elif outlet.send(data):
            return True
        else:
            self._lost["full"] += 1
        return False

    def heard(self) -> list[Heard]:
        """What joined controllers have said since the last time."""
        with self._lock:
            seats = list(self._seats.values())
        said = [seat.said.popleft() for seat in seats for _ in range(len(seat.said))]
        return sorted(said, key=lambda heard: heard.time_s)

    @property
    def lost(self) -> Mapping[str, int]:
        """too long in, not heard; too long, full, refused (by the driver), nobody."""
        with self._lock:
            outlets = [seat.outlet for seat in self._seats.values() if seat.outlet is not None]
        return self._lost + Counter(refused=sum(outlet.refused for outlet in outlets))

    def close(self) -> None:
        """Part from everybody; a second call does nothing."""
        for slot in list(self._seats):
            self.part(slot)

    # On the thread of the inputs

    def message(self, event: MidiIn) -> None:
        """An input has said something."""
        seat = self._seats.get(event.port)
        if seat is None:
            return
        if len(event.data) > LONGEST_BYTES:
            self._lost["too long in"] += 1
        elif len(seat.said) >= MOST_HEARD:
            self._lost["not heard"] += 1
        else:
            seat.said.append(Heard(event.port, event.data, event.time_s))

    def vanished(self, slot: int) -> None:
        """An input has gone: its controller has to join again."""
        with self._lock:
            seat = self._seats.pop(slot, None)
        if seat is not None and seat.outlet is not None:
            seat.outlet.abandon()
            self._count(seat.outlet)

    def looked(self) -> None:
        """Time to list outputs: leave those that went, open those that are back. Raises DeviceError."""
        backend = self._inputs.backend
        found = {port.name: port.identity for port in backend.outputs()}
        self._sinks = {name: found[name] for name in candidates(list(found), AUTO)}
        for slot, seat in list(self._seats.items()):
            identity = found.get(seat.sink or "", "")
            if seat.outlet is not None and identity != seat.identity:
                seat.outlet.abandon()
                self._count(seat.outlet)
                seat.outlet = None
            if seat.outlet is None and seat.sink in found:
                self._install(slot, seat, Outlet(backend.open_output(seat.sink)), identity)

    def _join(self, input_name: str, output_name: str | None) -> int:
        slots = self._slots()
        if input_name not in slots:
            raise DeviceError(f"no open MIDI input {input_name!r}; there is {', '.join(map(repr, slots)) or 'none'}")
        slot, backend = slots[input_name], self._inputs.backend
        old = self._seats.get(slot)
        if old is not None and old.source == input_name and old.sink == output_name and (old.outlet or not output_name):
            return slot
        seat = _Seat(input_name, output_name)
        if output_name is not None:
            outlet = Outlet(backend.open_output(output_name))
            seat.outlet, seat.identity = outlet, {port.name: port.identity for port in backend.outputs()}[output_name]
        with self._lock:
            self._seats[slot] = seat
        if old is not None and old.outlet is not None:
            old.outlet.abandon()
            self._count(old.outlet)
        return slot

    def _install(self, slot: int, seat: _Seat, outlet: Outlet, identity: str) -> None:
        """Give a seat its outlet, unless it has parted meanwhile."""
        with self._lock:
            if self._seats.get(slot) is seat:
                seat.outlet, seat.identity = outlet, identity
                return
        outlet.abandon()

    def _slots(self) -> dict[str, int]:
        """Open hardware inputs: name -> slot."""
        return {s.name: s.port for s in self._inputs.status() if s.connected and s.port != DAW_SLOT}

    def _count(self, outlet: Outlet | None) -> None:
        """Keep what an outlet has counted that is given up."""
        if outlet is not None:
            self._lost["refused"] += outlet.refused
