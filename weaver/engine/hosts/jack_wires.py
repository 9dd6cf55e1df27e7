"""Controllers on JACK: a pair of ports of our client for each, and bytes to and from them.

A controller's messages sound by way of its own port, at their own frames, and so in its own slot of the decoder. The
ports stay once they are there. A source that goes is let go at once and has to be joined again, in the same slot; when
the whole server goes, those who were joined are joined again as they come back.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

import jack
import numpy as np

from weaver.dsp.sizes import PORTS
from weaver.engine.engine import Engine
from weaver.engine.hosts.heart import address_of
from weaver.engine.hosts.jack_connections import (
    INPUT,
    MIDI_TYPE,
    OUTPUT,
    connected,
    connections,
    disconnect,
    is_connected,
    known_as,
)
from weaver.engine.hosts.jack_lanes import LANE_PACKETS, has_message, put_message, take_message
from weaver.engine.hosts.libjack import address
from weaver.model.errors import DeviceError
from weaver.model.wires import LONGEST_BYTES, Heard

FIRST_SLOT, LAST_SLOT = 1, PORTS - 2
"""Slot 0 is `midi_in`'s, the last one that of a virtual input, where there is one."""
LEAVE_S = 0.25
"""A parting controller waits so long at most until it was told everything."""
_CYCLES_TO_TELL = 3
"""Written in one cycle, read in the same or in a circle in the next, and over when the third has begun."""
_POLL_S = 0.002


@dataclass(slots=True)
class _Seat:
    """A slot and who sits in it, or did last."""

    source: str
    sink: str | None = None
    is_joined: bool = False
    is_told: bool = False
    """Whether the sink is connected."""
    is_awaited: bool = False
    """It was joined when the server went."""
    sink_left: bool = False
    """The sink went by itself: when it is back, it is connected again."""
    left_s: float = 0.0
    listening: jack.OwnMidiPort | None = None
    telling: jack.OwnMidiPort | None = None


class JackWires:
    """`Wires` on our client, whichever it is just now; without one nobody is there."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        """Held by whoever uses the client: libjack's requests are for one thread at a time."""
        self._seats: dict[int, _Seat] = {}
        self._client: jack.Client | None = None
        self._midi_in: jack.OwnPort | None = None
        self._engine: Engine | None = None
        self._wires: np.record | None = None
        self._address = 0
        self._lost: Counter[str] = Counter()
        self._message = np.zeros(LONGEST_BYTES, np.uint8)

    # What `Wires` are

    def inputs(self) -> Mapping[str, tuple[str, ...]]:
        """Every MIDI source of other clients, with its aliases."""
        return self._ports(OUTPUT)

    def outputs(self) -> Mapping[str, tuple[str, ...]]:
        """Every MIDI sink of other clients, likewise."""
        return self._ports(INPUT)

    def join(self, input_name: str, output_name: str | None) -> int:
        """Connect a source and a sink to a slot's ports. What was connected to `midi_in` sounds here instead.

        Raises DeviceError where a port is not there, there is no server, or no slot is free.
        """
        with self.lock:
            client, sources, sinks = self._client, self.inputs(), self.outputs()
            if client is None:
                raise DeviceError("no JACK server answers")
            if input_name not in sources:
                raise DeviceError(f"no MIDI source {input_name!r} on JACK; there is {_listed(sources)}")
            if output_name is not None and output_name not in sinks:
                raise DeviceError(f"no MIDI sink {output_name!r} on JACK; there is {_listed(sinks)}")
            slot = self._slot_of(input_name)
            seat = self._seats.get(slot)
            if seat is None or seat.source != input_name:
                old, seat = seat, _Seat(input_name)
                if old is not None:
                    seat.listening, seat.telling = old.listening, old.telling
                self._seats[slot] = seat
            seat.sink = output_name
            self._connect(client, slot, seat)
            return slot

    def joined(self) -> Mapping[int, str]:
        """Slot -> source."""
        return {slot: seat.source for slot, seat in sorted(self._seats.items()) if seat.is_joined}

    def part(self, slot: int) -> None:
        """Disconnect, once what was sent has gone out; waits LEAVE_S at most."""
        seat = self._seats.get(slot)
        if seat is None:
            return
        if seat.is_joined and seat.is_told:
            self._await_told(slot)
        with self.lock:
            seat.is_awaited = False
            if not seat.is_joined:
                return
            client = self._client
            if client is not None:
                disconnect(client, seat.source, seat.listening)
                disconnect(client, seat.sink, seat.telling)
            self._vacate(slot, seat)

    def send(self, slot: int, data: bytes) -> bool:
        """Put one whole message of LONGEST_BYTES at most into the slot's lane; the next cycle has it go out."""
        seat, wires = self._seats.get(slot), self._wires
        if seat is None or wires is None or not (seat.is_joined and seat.is_told):
            self._lost["nobody"] += 1
        elif not 0 < len(data) <= LONGEST_BYTES:
            self._lost["too long"] += 1
        elif put_message(self._address, slot, np.frombuffer(data, np.uint8).ctypes.data, len(data)):
            return True
        return False

    def heard(self) -> list[Heard]:
        """What has come since the last time, last words of those who went included."""
        wires = self._wires
        if wires is None or not has_message(self._address):
            return []
        where, out, said = self._address, self._message, []
        for slot in list(self._seats):
            for _ in range(LANE_PACKETS):  # who floods must not hold up who listens
                size, time_s = take_message(where, slot, out.ctypes.data)
                if not size:
                    break
                said.append(Heard(slot, out[:size].tobytes(), time_s))
        return sorted(said, key=lambda heard: heard.time_s)

    @property
    def lost(self) -> Mapping[str, int]:
        """flood, too long in, not heard; too long, full, refused, nobody."""
        return self._lost + self._lost_now()

    # What a line does with them

    def enter(self, client: jack.Client, wires: np.record, engine: Engine, midi_in: jack.OwnPort) -> None:
        """There is a client, and it runs. `wires` : the WIRES of its callbacks."""
        with self.lock:
            for seat in self._seats.values():
                seat.listening = seat.telling = None
            self._client, self._wires, self._engine, self._midi_in = client, wires, engine, midi_in
            self._address = address_of(wires)

    def leave(self) -> None:
        """The client is about to go: nobody is joined, and what they held is let go."""
        with self.lock:
            for slot, seat in self._seats.items():
                if seat.is_joined:
                    self._vacate(slot, seat)
                    seat.is_awaited = True
            self._lost += self._lost_now()
            self._client = self._midi_in = self._wires = None

    def look(self, arrived: set[str]) -> None:
        """Notice who went; connect again whoever was joined when the server went, and sinks that are back.

        `arrived` : names of ports that have come since the last look.
        """
        with self.lock:
            client = self._client
            if client is None:
                return
            for slot, seat in self._seats.items():
                if seat.is_joined:
                    self._check(client, slot, seat, arrived)
                elif seat.is_awaited and seat.source in self.inputs():
                    with suppress(DeviceError):  # it may go at any moment
                        self._connect(client, slot, seat)

    def _check(self, client: jack.Client, slot: int, seat: _Seat, arrived: set[str]) -> None:
        """Whether source and sink of a joined seat are still connected. A sink undone by hand stays undone."""
        if not is_connected(client, seat.source, seat.listening):
            disconnect(client, seat.sink, seat.telling)
            self._vacate(slot, seat)
            return
        seat.is_told = is_connected(client, seat.sink, seat.telling)
        if seat.sink is None or seat.is_told:
            return
        if seat.sink not in self.outputs():
            seat.sink_left = True
        elif seat.sink_left or seat.sink in arrived:
            seat.is_told = connected(client, seat.sink, seat.telling)
            seat.sink_left = not seat.is_told

    def _connect(self, client: jack.Client, slot: int, seat: _Seat) -> None:
        """Register what is missing of the slot's ports, and connect them. Raises DeviceError."""
        try:
            if seat.listening is None:
                seat.listening = client.midi_inports.register(f"controller_{slot}_in")
                seat.telling = client.midi_outports.register(f"controller_{slot}_out")
        except jack.JackError as error:
            raise DeviceError(f"JACK: {error}") from error
        self._give_ports(slot, seat)
        for other in connections(client, seat.telling):
            if other != seat.sink:
                disconnect(client, other, seat.telling)
        if self._midi_in is not None:
            disconnect(client, seat.source, self._midi_in)
        if not connected(client, seat.source, seat.listening):
            raise DeviceError(f"{seat.source} cannot be connected")
        seat.is_told = seat.sink is not None and connected(client, seat.sink, seat.telling)
        seat.sink_left = not seat.is_told
        seat.is_joined, seat.is_awaited = True, False

    def _give_ports(self, slot: int, seat: _Seat) -> None:
        """Let the callbacks know of a slot's ports."""
        if self._wires is not None and seat.listening is not None and seat.telling is not None:
            self._wires.inputs[slot] = address(seat.listening._ptr)
            self._wires.outputs[slot] = address(seat.telling._ptr)

    def _vacate(self, slot: int, seat: _Seat) -> None:
        """Nobody sits here any more; what was held is let go."""
        seat.is_joined = seat.is_told = False
        seat.left_s = time.monotonic()
        if self._engine is not None:
            self._engine.let_go(slot)

    def _slot_of(self, source: str) -> int:
        """This source's slot, or the lowest nobody had, or that of who left first. Raises DeviceError."""
        for slot, seat in self._seats.items():
            if seat.source == source:
                return slot
        for slot in range(FIRST_SLOT, LAST_SLOT + 1):
            if slot not in self._seats:
                return slot
        left = [(seat.left_s, slot) for slot, seat in self._seats.items() if not seat.is_joined]
        if not left:
            raise DeviceError(f"{source!r} finds all {LAST_SLOT} slots of controllers taken")
        return min(left)[1]

    def _await_told(self, slot: int) -> None:
        """Wait until what was sent is with the sink, LEAVE_S at most."""
        wires, until_s = self._wires, time.monotonic() + LEAVE_S
        if wires is None:
            return
        lane, cycles = wires.outward[slot], -1
        while time.monotonic() < until_s:
            if cycles < 0 and lane.written[0] == lane.read[0]:
                cycles = int(wires.cycles)
            if cycles >= 0 and wires.cycles >= cycles + _CYCLES_TO_TELL:
                return
            time.sleep(_POLL_S)

    def _lost_now(self) -> Counter[str]:
        """What the callbacks of this client have lost."""
        wires = self._wires
        if wires is None:
            return Counter()
        return Counter(
            {
                "flood": int(wires.flood),
                "too long in": int(wires.too_long),
                "not heard": int(wires.inward["lost"].sum()),
                "full": int(wires.outward["lost"].sum()),
                "refused": int(wires.refused),
            }
        )

    def _ports(self, direction: int) -> dict[str, tuple[str, ...]]:
        with self.lock:
            return {} if self._client is None else known_as(self._client, MIDI_TYPE, direction)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(repr, names)) or "none"
