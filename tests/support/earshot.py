"""Ears on loopback, and who speaks to them: real sockets, of which some pretend to be on other machines."""

from __future__ import annotations

import contextlib
import socket
import struct
from collections.abc import Callable, Iterator

import pytest
from support.eventually import eventually

from weaver.model.osc_packet import OscMessage, Together, encode
from weaver.osc.ears import Ears
from weaver.osc.peer import Peer
from weaver.osc.peers import RATE_HZ, Peers

HERE, THERE = "127.0.0.1", "127.0.0.2"
"""This machine, and, where only the first is taken for that, another."""
ONLY_HERE = ("127.0.0.1/32",)


class Earshot:
    """Ears, and all that they heard."""

    def __init__(
        self, peers: Peers, hear: Callable[[Peer, OscMessage], None] = lambda peer, message: None, **options: object
    ) -> None:
        self.peers = peers
        self.packets: list[tuple[Peer, tuple[Together, ...], float]] = []
        self.gone: list[Peer] = []
        self.ticks: list[float] = []
        self._also = hear
        self.ears = Ears(peers, self.hear, self.gone.append, **{"port": 0, "tick": self.ticks.append} | options)
        self.ears.start()

    def hear(self, peer: Peer, together: tuple[Together, ...], arrival_s: float) -> None:
        self.packets.append((peer, together, arrival_s))
        for message in self.messages_of(together):
            self._also(peer, message)

    @staticmethod
    def messages_of(together: tuple[Together, ...]) -> list[OscMessage]:
        return [message for one in together for message in one.messages]

    @property
    def said(self) -> list[OscMessage]:
        """Every message, in order."""
        return [message for _, together, _ in list(self.packets) for message in self.messages_of(together)]

    def heard(self, address: str) -> bool:
        """Whether that is heard, sooner or later."""
        return eventually(lambda: any(message.address == address for message in self.said))

    def still_hears(self) -> bool:
        """Whether all is well: this machine speaks, by UDP and by TCP, and is heard."""
        before = len(self.said)
        with udp() as one, self.connect() as other:
            one.sendto(encode("/well"), (HERE, self.ears.port))
            other.sendall(sized(encode("/well")))
            return eventually(lambda: len(self.said) >= before + 2)

    def connect(self, host: str = HERE) -> socket.socket:
        """A connection, from a host."""
        stream = socket.create_connection((HERE, self.ears.port), timeout=10, source_address=(host, 0))
        stream.settimeout(10)
        return stream


@contextlib.contextmanager
def earshot(
    *allowed: str,
    rate_hz: float = RATE_HZ,
    reply_port: int = 9,
    hear: Callable[[Peer, OscMessage], None] = lambda peer, message: None,
    **options: object,
) -> Iterator[Earshot]:
    """Ears for whom only 127.0.0.1 is this machine."""
    found = Earshot(Peers(reply_port, allowed, own=ONLY_HERE, rate_hz=rate_hz), hear, **options)
    try:
        yield found
    finally:
        found.ears.close()


def udp(host: str = HERE, port: int = 0) -> socket.socket:
    """A socket bound to an address of that host."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        bound.bind((host, port))
    except OSError:
        bound.close()
        if host == HERE:
            raise
        pytest.skip("this system has one loopback address only")
    bound.settimeout(10)
    return bound


def sized(packet: bytes) -> bytes:
    """As OSC 1.0 has it on TCP."""
    return struct.pack(">I", len(packet)) + packet


def slipped(packet: bytes) -> bytes:
    """As OSC 1.1 has it."""
    return b"\xc0" + packet.replace(b"\xdb", b"\xdb\xdd").replace(b"\xc0", b"\xdb\xdc") + b"\xc0"


def is_closed(stream: socket.socket) -> bool:
    """Whether the other end hangs up, within the socket's patience; what it says before is read over."""
    try:
        while stream.recv(65536):
            pass
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True
