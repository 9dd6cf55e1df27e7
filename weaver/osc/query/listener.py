"""One who is connected by WebSocket: which addresses it listens to, and what is to be told to it.

It is told the latest of each address, once per pulse, and only what differs from what it was told last. What it has
just written itself it is told when it has been silent about that for a while: then as it settled.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from weaver.model.errors import ProtocolError
from weaver.osc.echoes import SETTLE_S
from weaver.osc.peer import Peer

LISTEN, IGNORE = "LISTEN", "IGNORE"


class Listener:
    """What it listens to can be no more than there are addresses. Times are of time.monotonic()."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.heeds: set[str] = set()
        self.due: dict[str, bytes] = {}
        self.stuck_s: float | None = None
        """Since when it has not read what it was sent."""
        self.is_dismissed = False
        """Its connection is about to be closed."""
        self._told: dict[str, bytes] = {}
        self._wrote_s: dict[str, float] = {}

    def listen(self, address: str) -> None:
        """From now on it is told of an address, and first of all how that is now."""
        self.heeds.add(address)
        self._told.pop(address, None)

    def ignore(self, address: str) -> None:
        """It is told no more of an address."""
        self.heeds.discard(address)
        for about in (self.due, self._told, self._wrote_s):
            about.pop(address, None)

    def tell(self, address: str, packet: bytes, is_event: bool = False) -> None:
        """An address is now as this packet says; an event is news even if it is like the last one."""
        if address in self.heeds:
            self.due[address] = packet
            if is_event:
                self._told.pop(address, None)

    def wrote(self, address: str, now_s: float) -> None:
        """It wrote to an address itself."""
        if address in self.heeds:
            self._wrote_s[address] = now_s
            self._told.pop(address, None)

    def settled(self, now_s: float) -> list[str]:
        """What it wrote a while ago, and is to be told of now; each only once."""
        settled = [address for address, since_s in self._wrote_s.items() if now_s - since_s >= SETTLE_S]
        for address in settled:
            del self._wrote_s[address]
        return settled

    def take(self) -> list[bytes]:
        """What it is to be sent now."""
        packets = []
        for address in [address for address in self.due if address not in self._wrote_s]:
            packet = self.due.pop(address)
            if self._told.get(address) != packet:
                self._told[address] = packet
                packets.append(packet)
        return packets


def command(text: str, shows: Callable[[str], bool]) -> tuple[str, str]:
    """A command and the address it is about: {"COMMAND": "LISTEN" or "IGNORE", "DATA": address}.

    Raises ProtocolError, with one of a few reasons. LISTEN has to be about what is shown.
    """
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise ProtocolError("not JSON") from None
    match said:
        case {"COMMAND": "LISTEN" | "IGNORE" as name, "DATA": str(address)}:
            if name == LISTEN and not shows(address):
                raise ProtocolError("nothing to listen to")
            return str(name), address
    raise ProtocolError("unknown command")
