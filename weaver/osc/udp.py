"""A UDP socket that never waits and never raises: what was said comes out of it, nonsense is counted."""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TypeVar

from weaver.model import osc_packet
from weaver.model.errors import DeviceError, ProtocolError
from weaver.model.osc_packet import OscMessage, Together
from weaver.osc import refusals

LOOPBACK = "127.0.0.1"
RECEIVE_BUFFER_BYTES = 1 << 20
"""Room for some 2,500 small packets: Linux gives a fifth of that by itself, less than a stall of 200 ms can bring."""
_BURST_PACKETS = 256
"""At most so many at a time, so that a flood keeps nobody else waiting."""
_SEND_TRIES = 3
"""What is raised may be said of an earlier packet, to somebody else."""

Who = TypeVar("Who")


class Udp:
    """Bound to an address of ours. `lost` counts, by reason, what could not be read or did not go out; it may be shared
    with others."""

    def __init__(self, lost: Counter[str], host: str = LOOPBACK, port: int = 0, expects_refusals: bool = False) -> None:
        """Raises DeviceError if the address cannot be had."""
        self.lost = lost
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
            self.socket.bind((host, port))
            if expects_refusals:
                refusals.expect_refusals(self.socket)
        except (OSError, OverflowError) as error:
            self.socket.close()
            raise DeviceError(f"UDP {host}:{port}: {error}") from error
        self.socket.setblocking(False)
        self._refusing = threading.Lock()
        self.port: int = self.socket.getsockname()[1]

    def send(self, host: str, port: int, packet: bytes) -> bool:
        """Send a packet; False if it did not go out. That it did does not mean that anybody is there."""
        for _ in range(_SEND_TRIES):
            try:
                with self._refusing:
                    return self.socket.sendto(packet, (host, port)) == len(packet)
            except BlockingIOError:  # full
                break
            except (OSError, OverflowError):  # gone, or no such port
                continue
        self.lost["not sent"] += 1
        return False

    def receive(self, admit: Callable[[str, int], Who | None]) -> Iterator[tuple[Who, tuple[Together, ...]]]:
        """What has come since the last time, each with who said it: `admit(host, port)` knows, and is asked before
        anything is read; what it answers with None is thrown away."""
        for _ in range(_BURST_PACKETS):
            try:
                packet, (host, port) = self.socket.recvfrom(osc_packet.MAX_PACKET_BYTES + 1)
            except BlockingIOError:
                break
            except ConnectionError:  # an earlier packet found nobody; some systems say so here
                continue
            except OSError:  # the socket is closed, or a host cannot be reached
                break
            who = admit(host, port)
            if who is None:
                continue
            try:
                together = osc_packet.decode_packet(packet)
            except ProtocolError as error:
                self.lost[str(error)] += 1
                continue
            yield who, together

    def messages(self, only_from: str = LOOPBACK) -> Iterator[OscMessage]:
        """What one host has said since the last time, for whom times do not matter."""

        def admit(host: str, port: int) -> bool | None:
            if host == only_from:
                return True
            self.lost["unknown sender"] += 1
            return None

        for _, packet in self.receive(admit):
            for together in packet:
                yield from together.messages

    def refused(self) -> list[tuple[str, int]]:
        """Whom packets did not reach since the last time, where that is known: (host, port)."""
        with self._refusing:  # with each that is taken Linux would raise the next one to whoever sends
            return refusals.refusals(self.socket)

    def close(self) -> None:
        """A second call does nothing."""
        self.socket.close()
