"""OSCQuery: other programs see what there is to play, with ranges and descriptions, and listen to it; a tablet's
browser finds a page that says how to connect, and layouts.

It has a thread of its own, and the libraries that it needs are imported there, so that it delays nothing.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from weaver.model.errors import DeviceError
from weaver.model.osc_addresses import Space
from weaver.model.osc_packet import Argument, Together
from weaver.model.osc_space import QUERY_PORT, RECEIVE_PORT, REPLY_PORT
from weaver.osc.addresses import own_addresses
from weaver.osc.ears import EVERYWHERE
from weaver.osc.peer import Peer
from weaver.osc.peers import Peers
from weaver.osc.query.answers import About, Answers
from weaver.osc.query.page import PAGE
from weaver.osc.udp import LOOPBACK

if TYPE_CHECKING:
    from weaver.osc.query.server import Server

NAME = "Sonic Weaver"
_END_S = 1.0
"""How long close() waits at most."""


class Query:
    """The server. `hear(peer, together, time_s)` gets what a WebSocket's peer sends, `gone(peer)` is told when it went;
    both on this thread, as `space`, `value` and `layouts` are called on it. `lost` counts, by reason, what was refused
    or went wrong; `note` says what the player should know. Closed with close()."""

    def __init__(
        self,
        space: Callable[[], Space],
        value: Callable[[str], Sequence[Argument] | None],
        hear: Callable[[Peer, tuple[Together, ...], float], None],
        gone: Callable[[Peer], None],
        peers: Peers,
        layouts: Mapping[str, Callable[[], bytes]] | None = None,
        addresses: Callable[[], Sequence[str]] = own_addresses,
        name: Callable[[], str] = lambda: NAME,
        is_open: bool = False,
        osc_port: int = RECEIVE_PORT,
        reply_port: int = REPLY_PORT,
        port: int = QUERY_PORT,
    ) -> None:
        """`space` is the same object as long as the same set is on stage; `value(address)` is what an address shows
        now, None if that is not known. `addresses` are those by which others reach this machine, the likeliest first;
        with `is_open` they may. If `port` is taken, it is another one.

        Raises DeviceError if there is no port to be had.
        """
        self.lost: Counter[str] = Counter()
        self.note = ""
        self._host = EVERYWHERE if is_open else LOOPBACK
        self._socket = self._listen(port)
        self.port: int = self._socket.getsockname()[1]
        if port not in (0, self.port):
            self.note = f"OSCQuery is on port {self.port}: {port} is taken"
        self._addresses: Callable[[], Sequence[str]] = addresses if is_open else lambda: ()
        about = About(name, osc_port, self.port, reply_port, is_open, self._addresses)
        self._space, self._value, self._hear, self._gone, self._peers = space, value, hear, gone, peers
        self._make: Callable[[], Answers] = lambda: Answers(space, value, layouts or {}, about, self.lost)
        self._server: Server | None = None
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="osc query", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """The page for a tablet's browser."""
        host = next(iter(self._addresses()), LOOPBACK)
        return f"http://{host}:{self.port}{PAGE}"

    def told(self, address: str, arguments: Sequence[Argument]) -> None:
        """An address has changed: who listens to it is told. From any thread; never waits."""
        if (server := self._server) is not None:
            server.told(address, arguments)

    def send(self, peer: Peer, packet: bytes) -> bool:
        """Answer a peer that is connected here; False if it is not any more. From any thread; never waits."""
        server = self._server
        return server is not None and server.send(peer, packet)

    def close(self) -> None:
        """Say goodbye and end, within about a second. A second call does nothing."""
        self._closed.set()
        if (server := self._server) is not None:
            server.stop()
        self._thread.join(_END_S)
        self._socket.close()

    def _listen(self, port: int) -> socket.socket:
        for wanted in (port, 0):
            sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            try:
                if os.name == "posix":  # elsewhere it would let two share a port
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                sock.bind((self._host, wanted))
                sock.listen()
                return sock
            except OSError as error:
                sock.close()
                trouble = error
        raise DeviceError(f"OSCQuery: no port on {self._host}: {trouble}") from trouble

    def _run(self) -> None:
        try:
            logging.getLogger("asyncio").addHandler(logging.NullHandler())  # what goes wrong is counted, not printed
            asyncio.run(self._serve())
        except Exception as error:  # the instrument plays on without
            self.lost["ended"] += 1
            self.note = f"OSCQuery has ended: {type(error).__name__}: {error}"

    async def _serve(self) -> None:
        from weaver.osc.query.server import Server

        self._server = Server(self._make(), self._space, self._value, self._hear, self._gone, self._peers, self.lost)
        await self._server.run(self._socket, self._closed.is_set)
