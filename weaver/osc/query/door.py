"""The door of OSCQuery's server: how many come in, and how long and large a request may be."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import Mapping
from http import HTTPStatus

from websockets.asyncio.server import ServerConnection
from websockets.datastructures import Headers
from websockets.http11 import Response

MAX_CONNECTIONS, MAX_OF_A_HOST = 64, 16
HEAD_S, HEAD_BYTES = 5.0, 16384
"""Time for the head of a request to arrive, and its size: far above what any client or browser sends."""
SEND_BUFFER_BYTES = 65536
"""Of the system, for a connection: by itself it would keep megabytes of values that are old when they are read."""


class Door:
    """Knows who came in. For the loop's thread only; `lost` counts, by reason, what was refused."""

    def __init__(self, lost: Counter[str]) -> None:
        self.lost = lost
        self.inside: set[Connection] = set()
        self._of_host: Counter[str] = Counter()

    def enter(self, connection: Connection, host: str) -> bool:
        """One was opened: False if there are too many, in all or of that host."""
        self.inside.add(connection)
        self._of_host[host] += 1
        return self._of_host[host] <= MAX_OF_A_HOST and len(self.inside) <= MAX_CONNECTIONS

    def leave(self, connection: Connection, host: str) -> None:
        """One was closed."""
        self.inside.discard(connection)
        self._of_host[host] -= 1
        if not self._of_host[host]:
            del self._of_host[host]

    def clear(self) -> None:
        """Nobody stays."""
        for connection in self.inside:
            connection.transport.abort()


class Connection(ServerConnection):
    """A connection that is not kept if there are too many, nor if its request takes too long or is too large."""

    def __init__(self, door: Door, *given: object, **named: object) -> None:
        """All but `door` is for websockets' ServerConnection."""
        super().__init__(*given, **named)  # type: ignore[arg-type]
        self._door, self._head_bytes, self._host, self._is_refused = door, 0, "", False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It was opened."""
        super().connection_made(transport)
        if (sock := transport.get_extra_info("socket")) is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        self._host = str((transport.get_extra_info("peername") or ("",))[0])
        if self._door.enter(self, self._host):
            self.loop.call_later(HEAD_S, self._abort_if_late)
        else:
            self._refuse("too many connections")

    def data_received(self, data: bytes) -> None:
        """Bytes came in."""
        if self.request is None:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES:
                self._refuse("request too large")
                return
        super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """It was closed."""
        self._door.leave(self, self._host)
        if self.request is None and self._head_bytes and not self._is_refused:
            self._door.lost["not a request"] += 1
        super().connection_lost(exc)

    def _abort_if_late(self) -> None:
        if self.request is None and not self.transport.is_closing():
            self._refuse("request too slow")

    def _refuse(self, reason: str) -> None:
        self._is_refused = True
        self._door.lost[reason] += 1
        self.transport.abort()


def header(headers: Headers, name: str) -> str:
    """A header of a request, "" if it has none."""
    return ", ".join(headers.get_all(name))


def response(status: HTTPStatus, headers: Mapping[str, str], body: bytes, has_body: bool = True) -> Response:
    """A response, whose body is only announced (HEAD) if not `has_body`."""
    fields = Headers({"Connection": "close", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"})
    fields.update(headers)
    if status != HTTPStatus.NO_CONTENT:
        fields["Content-Length"] = str(len(body))
    return Response(status, status.phrase, fields, body if has_body else b"")
