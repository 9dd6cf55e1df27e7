"""Something that is told: an address, what is true of it now, and that as a packet; and packets in bundles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from weaver.model.errors import ProtocolError
from weaver.model.osc_packet import Argument, encode, encode_bundle
from weaver.model.osc_space import Row

Arguments = tuple[Argument, ...]

BUNDLE_BYTES = 1400
"""What passes through any network unbroken: an Ethernet frame of 1,500 less the headers of IP, UDP and tunnels."""
_HEAD_BYTES, _SIZE_BYTES = 16, 4
"""Of a bundle, and of each packet in it (OSC 1.0)."""
SURE = 0.9999
"""Of a step: float32 keeps the last few digits of it to itself."""


class Fact:
    """What is true of one address. `arguments` is None until somebody says it."""

    __slots__ = ("_packet", "_said", "address", "arguments", "row")

    def __init__(self, address: str, row: Row) -> None:
        self.address, self.row = address, row
        self.arguments: Arguments | None = None
        self._said: Arguments | None = None
        self._packet: bytes | None = None

    def put(self, arguments: Arguments) -> bool:
        """Let this be true from now on; whether that is news: an event, or so far from the last news as the row says.

        What is nearer is true all the same, and goes out with whatever tells everything anew.
        """
        if arguments != self.arguments:
            self.arguments, self._packet = arguments, None
        if self.row.is_event or self._said is None or self._are_apart(arguments, self._said):
            self._said = arguments
            return True
        return False

    def drop(self) -> None:
        """Nothing is true of it any more."""
        self.arguments = self._said = self._packet = None

    def differs(self, arguments: Arguments) -> bool:
        """Whether somebody who believes this is wrong by a step, or more."""
        return self.arguments is not None and self._are_apart(self.arguments, arguments)

    def packet(self) -> bytes:
        """The message; empty if there is nothing to tell. Raises ProtocolError for what cannot be said in OSC."""
        if self._packet is None:
            if self.arguments is None:
                return b""
            self._packet = encode(self.address, *self.arguments)
        return self._packet

    def _are_apart(self, some: Arguments, others: Arguments) -> bool:
        if len(some) != len(others):
            return True
        least = self.row.step * SURE
        for one, other in zip(some, others, strict=True):
            if one != other:
                if not (isinstance(one, (int, float)) and isinstance(other, (int, float))):
                    return True
                if abs(one - other) >= least:
                    return True
        return False


class Bundles:
    """Facts as bundles; what several are told alike is put together once. For one moment: truth changes."""

    def __init__(self) -> None:
        self._known: dict[tuple[Fact, ...], list[tuple[bytes, list[Fact]]]] = {}
        self.unsayable = 0
        """Facts that cannot be said in OSC."""

    def of(self, facts: Iterable[Fact]) -> Sequence[tuple[bytes, list[Fact]]]:
        """Bundles of at most BUNDLE_BYTES (or of one message), each with its facts. One is empty: nothing to tell."""
        key = tuple(facts)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = list(self._put_together(key))
        return known

    def _put_together(self, facts: Sequence[Fact]) -> Iterable[tuple[bytes, list[Fact]]]:
        packets: list[bytes] = []
        inside: list[Fact] = []
        size = _HEAD_BYTES
        for fact in facts:
            try:
                packet = fact.packet()
            except ProtocolError:
                self.unsayable += 1
                packet = b""
            more = _SIZE_BYTES + len(packet)
            if packets and size + more > BUNDLE_BYTES:
                yield encode_bundle(packets), inside
                packets, inside, size = [], [], _HEAD_BYTES
            inside.append(fact)
            if packet:
                packets.append(packet)
                size += more
        if inside:
            yield encode_bundle(packets) if packets else b"", inside
