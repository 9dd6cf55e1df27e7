"""OSC over TCP: a listening socket and its connections, none of which is ever waited for.

Who connects and says nothing, or begins a packet and does not end it, is sent away; who has said one that could be read
may stay and listen for as long as it likes, for as long as it reads what it is told.
"""

from __future__ import annotations

import socket
import sys
import threading
from collections import Counter
from collections.abc import Callable

from weaver.model.errors import DeviceError, ProtocolError
from weaver.osc.framing import Framing
from weaver.osc.peer import Peer
from weaver.osc.udp import LOOPBACK

MAX_PER_HOST, MAX_CONNECTIONS = 8, 32
FIRST_WORD_S = 10.0
"""Who has not said anything that could be read by then is no peer of ours."""
FRAME_S = 5.0
"""A packet that has begun has ended by then: Wi-Fi is seldom away for longer than two seconds."""
HUNG_UP = "hung up"
"""The end of any connection that ends well."""
MAX_UNREAD_BYTES = 64 * 1024
"""What waits for a peer beyond the system's own buffer: a second or two of everything there is to tell."""
_SEND_BUFFER_BYTES = 64 * 1024
_TURN_BYTES = 4096
"""Read at most so much from one connection before the others have their turn: some hundred packets."""
_TURN_ACCEPTS = 16
_BACKLOG = 64
_KEEPALIVE = {"TCP_KEEPIDLE": 10, "TCP_KEEPALIVE": 10, "TCP_KEEPINTVL": 3, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 15_000}
"""tcp(7): who is gone without a word is noticed after some 20 s (s, but the last in ms). Systems know some of them."""


class Connection:
    """One of them. `peer` is None until it has said something. All but send() is the ears' own."""

    def __init__(self, stream: socket.socket, host: str, port: int, now_s: float) -> None:
        self.socket, self.host, self.port = stream, host, port
        self.peer: Peer | None = None
        self.is_proven = False
        """Whether it has said a packet that could be read."""
        self.why_lost = ""
        """Why it is to be closed; "" if it is not."""
        self._met_s, self._begun_s = now_s, now_s
        self._framing = Framing()
        self._unread = bytearray()
        self._lock = threading.Lock()

    def receive(self, now_s: float) -> list[bytes]:
        """The packets that have come."""
        try:
            data = self.socket.recv(_TURN_BYTES)
            packets = self._framing.feed(data)
        except BlockingIOError:
            return []
        except OSError:
            data, packets = b"", []
        except ProtocolError as error:
            self.why_lost = str(error)
            return []
        if not data:
            self.why_lost = HUNG_UP
        if packets or not self._framing.is_begun:
            self._begun_s = now_s
        return packets

    def send(self, packet: bytes) -> bool:
        """Tell it, or have it told when it has read what came before; False if it is lost. From any thread."""
        with self._lock:
            if self.why_lost:
                return False
            self._unread += self._framing.frame(packet)
            self._push()
            return not self.why_lost

    def flush(self) -> None:
        """Send what waits, as far as it is taken."""
        with self._lock:
            self._push()

    def look(self, now_s: float) -> None:
        """Whether it is overdue."""
        if not self._framing.is_begun:
            self._begun_s = now_s
        if now_s - self._begun_s > FRAME_S:
            self.why_lost = self.why_lost or "packet never ended"
        elif not self.is_proven and now_s - self._met_s > FIRST_WORD_S:
            self.why_lost = self.why_lost or "said nothing"

    def _push(self) -> None:
        if self._unread and not self.why_lost:
            try:
                del self._unread[: self.socket.send(self._unread)]
            except BlockingIOError:
                pass
            except OSError:
                self.why_lost = HUNG_UP
            if len(self._unread) > MAX_UNREAD_BYTES:
                self.why_lost = "does not read"


class Tcp:
    """Listens at an address of ours. Closed with close(), which closes the connections too."""

    def __init__(self, lost: Counter[str], host: str = LOOPBACK, port: int = 0) -> None:
        """Raises DeviceError if the address cannot be had."""
        self.lost = lost
        self.connections: list[Connection] = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            if sys.platform != "win32":  # there it would take the port from whoever listens
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.socket.bind((host, port))
            self.socket.listen(_BACKLOG)
        except (OSError, OverflowError) as error:
            self.socket.close()
            raise DeviceError(f"TCP {host}:{port}: {error}") from error
        self.socket.setblocking(False)
        self.port: int = self.socket.getsockname()[1]

    def accept(self, knock: Callable[[str], bool], now_s: float) -> list[Connection] | None:
        """Who has connected; `knock(host)` says who may. None if the system has nothing left to accept with: then ask
        again only after a while."""
        fresh: list[Connection] = []
        for _ in range(_TURN_ACCEPTS):
            try:
                stream, (host, port) = self.socket.accept()
            except (BlockingIOError, ConnectionError):
                break
            except OSError:
                self.lost["could not accept"] += 1
                return fresh or None
            if not knock(host):
                stream.close()
                continue
            if not self._has_room(host):
                self.lost["too many connections"] += 1
                stream.close()
                continue
            try:
                _prepare(stream)
            except OSError:
                stream.close()
                continue
            fresh.append(Connection(stream, host, port, now_s))
            self.connections.append(fresh[-1])
        return fresh

    def drop(self, connection: Connection) -> None:
        """Close a connection; unless it was the peer that hung up, count why."""
        if connection.why_lost != HUNG_UP:
            self.lost[connection.why_lost] += 1
        self.connections.remove(connection)
        connection.socket.close()

    def close(self) -> None:
        """A second call does nothing."""
        for connection in self.connections:
            connection.socket.close()
        self.connections.clear()
        self.socket.close()

    def _has_room(self, host: str) -> bool:
        of_host = sum(connection.host == host for connection in self.connections)
        return of_host < MAX_PER_HOST and len(self.connections) < MAX_CONNECTIONS


def _prepare(stream: socket.socket) -> None:
    stream.setblocking(False)
    stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEPALIVE.items():
        if (option := getattr(socket, name, None)) is not None:
            stream.setsockopt(socket.IPPROTO_TCP, option, value)
