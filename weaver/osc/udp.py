"""A UDP socket that never waits and never raises: messages come out of it, nonsense is counted."""

from __future__ import annotations

import socket
from collections import Counter

from weaver.model import osc_packet
from weaver.model.errors import DeviceError, ProtocolError
from weaver.model.osc_packet import OscMessage

LOOPBACK = "127.0.0.1"
_RECEIVE_BUFFER_BYTES = 1 << 20
"""Room for some 2,500 small packets: Linux gives a fifth of that by itself, less than a stall of 200 ms can bring."""
_BURST_PACKETS = 256
"""At most so many at a time, so that a flood keeps nobody else waiting."""


class Udp:
    """Bound to an address of ours. `lost` counts, by reason, what was not a message or did not go out; it may be shared
    with others."""

    def __init__(self, lost: Counter[str], host: str = LOOPBACK, port: int = 0) -> None:
        """Raises DeviceError if the address cannot be had."""
        self.lost = lost
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER_BYTES)
            self.socket.bind((host, port))
        except OSError as error:
            self.socket.close()
            raise DeviceError(f"UDP {host}:{port}: {error}") from error
        self.socket.setblocking(False)
        self.port: int = self.socket.getsockname()[1]

    def send(self, host: str, port: int, packet: bytes) -> bool:
        """Send a packet; False if it did not go out. That it did does not mean that anybody is there."""
        try:
            return self.socket.sendto(packet, (host, port)) == len(packet)
        except (OSError, OverflowError):  # gone, full, or no such port
            self.lost["not sent"] += 1
            return False

    def receive(self, only_from: str = LOOPBACK) -> list[tuple[OscMessage, int]]:
        """What has come from a host since the last time, each with the port it came from."""
        messages: list[tuple[OscMessage, int]] = []
        for _ in range(_BURST_PACKETS):
            try:
                packet, (host, port) = self.socket.recvfrom(osc_packet.MAX_PACKET_BYTES + 1)
            except BlockingIOError:
                break
            except ConnectionError:  # an earlier packet found nobody; some systems say so here
                continue
            except OSError:  # the socket is closed
                break
            if host != only_from:
                self.lost["unknown sender"] += 1
                continue
            try:
                messages.append((osc_packet.decode(packet), port))
            except ProtocolError as error:
                self.lost[str(error)] += 1
        return messages

    def close(self) -> None:
        """A second call does nothing."""
        self.socket.close()
