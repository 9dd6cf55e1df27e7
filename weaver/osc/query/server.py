"""The server of OSCQuery, on an asyncio loop of its own: HTTP and WebSocket on one port.

Whatever comes is bounded: connections and the heads of requests (door), the size of a frame, and what may wait for one
who does not read. What is refused is counted. Everybody may ask (answers); a WebSocket is for those who may play. A
page in a browser speaks for whoever wrote it, not for the machine it is shown on: its WebSocket (browsers say so by
Origin) is refused unless it comes from this very machine.
"""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from http import HTTPStatus

from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode
from websockets.http11 import Request, Response

from weaver.model.errors import ProtocolError
from weaver.model.osc_addresses import Space
from weaver.model.osc_packet import MAX_PACKET_BYTES, Argument, Together, decode_packet, encode
from weaver.osc.peer import Peer
from weaver.osc.peers import Peers
from weaver.osc.query.answers import Answers, Asked, is_of_this_machine
from weaver.osc.query.door import Connection, Door, header, response
from weaver.osc.query.listener import LISTEN, Listener, command
from weaver.osc.telling import VALUES_S
from weaver.osc.udp import LOOPBACK

ANSWER_S = 30.0
"""For a whole answer: a layout by poor Wi-Fi."""
CLOSE_S = 3.0
HEARTBEAT_S = 5.0
"""Between pings, and until one counts as unanswered: who is silent while it holds a sphere is taken for gone."""
BACKLOG_BYTES, STUCK_S = 65536, 5.0
"""What may wait for a listener who does not read; and for how long, before it is sent away."""
BACKLOG = 512  # connections that wait to be looked at: a crowd at the door makes nobody knock again
END_S = 0.5
STRANGER = "not let in yet: whoever plays the instrument can let you in"


class Server:
    """Everything here runs on the loop's thread, but for told() and stop()."""

    def __init__(
        self,
        answers: Answers,
        space: Callable[[], Space],
        value: Callable[[str], Sequence[Argument] | None],
        hear: Callable[[Peer, tuple[Together, ...], float], None],
        gone: Callable[[Peer], None],
        peers: Peers,
        lost: Counter[str],
    ) -> None:
        self._answers, self._space, self._value = answers, space, value
        self._hear, self._gone, self._peers, self._lost = hear, gone, peers, lost
        self._listeners: dict[ServerConnection, Listener] = {}
        self._door = Door(lost)
        self._farewells: set[asyncio.Task[None]] = set()
        self._wanted: set[str] = set()
        self._fresh: dict[str, tuple[Argument, ...]] = {}
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()

    def told(self, address: str, arguments: Sequence[Argument]) -> None:
        """An address has changed: those who listen to it are told at the next pulse. From any thread."""
        if address in self._wanted:
            with self._lock:
                self._fresh[address] = tuple(arguments)

    def send(self, peer: Peer, packet: bytes) -> bool:
        """Send a packet to one who is connected, beside what it listens to, unless too much waits for it already. From
        any thread; False if it is not connected."""
        connection = next((where for where, one in tuple(self._listeners.items()) if one.peer is peer), None)
        if connection is None or self._loop is None:
            return False
        try:
            self._loop.call_soon_threadsafe(self._say, connection, packet)
        except RuntimeError:  # it has ended
            return False
        return True

    def _say(self, connection: ServerConnection, packet: bytes) -> None:
        if connection.transport.is_closing():
            return
        if connection.transport.get_write_buffer_size() > BACKLOG_BYTES:
            self._count("not told")
        else:
            broadcast((connection,), packet)

    def stop(self) -> None:
        """End run(), from any thread."""
        if self._loop is not None:
            try:
                self._loop.call_soon_threadsafe(self._stop.set)
            except RuntimeError:  # it has ended already
                return

    async def run(self, sock: socket.socket, is_closed: Callable[[], bool]) -> None:
        """Serve a socket that listens, until stop() is called or `is_closed` says that it was before we began."""
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(lambda loop, context: self._count("trouble on the loop"))
        unheard = logging.Logger("websockets", logging.CRITICAL + 1)  # what happens is counted, not printed
        server = await serve(
            self._welcome,
            sock=sock,
            process_request=self._answer,
            create_connection=lambda *given, **named: Connection(self._door, *given, **named),  # type: ignore[arg-type]
            compression=None,
            server_header=None,
            open_timeout=ANSWER_S,
            close_timeout=CLOSE_S,
            ping_interval=HEARTBEAT_S,
            ping_timeout=HEARTBEAT_S,
            max_size=MAX_PACKET_BYTES,
            backlog=BACKLOG,
            logger=unheard,
        )
        pulse = asyncio.create_task(self._beat())
        if not is_closed():
            await self._stop.wait()
        pulse.cancel()
        server.close()
        try:
            async with asyncio.timeout(END_S):
                await server.wait_closed()
        except TimeoutError:  # somebody does not answer our goodbye
            self._door.clear()
            await asyncio.sleep(0)  # for what was aborted to be closed

    def _count(self, reason: str) -> None:
        self._lost[reason] += 1

    def _answer(self, connection: ServerConnection, request: Request) -> Response | None:
        """The answer to a request; None where a WebSocket is wanted and may be had."""
        origin = header(request.headers, "Origin")
        if header(request.headers, "Upgrade").casefold() == "websocket":
            if not origin or is_of_this_machine(origin):
                return None
            self._count("page from elsewhere")
            return response(HTTPStatus.FORBIDDEN, {}, b"")
        answer = self._answers.answer(
            Asked(
                request.path,
                connection.remote_address[0],
                connection.local_address[0],
                request.method,
                header(request.headers, "Accept"),
                origin,
            )
        )
        headers = {"Content-Type": answer.kind, **answer.headers} if answer.kind else answer.headers
        return response(answer.status, headers, answer.body, request.method != "HEAD")

    async def _welcome(self, connection: ServerConnection) -> None:
        """One WebSocket, from its opening to its end."""
        host, port = connection.remote_address[:2]
        if host == connection.local_address[0]:  # nobody but this machine has both ends of a connection
            host = LOOPBACK
        now_s = time.monotonic()
        peer = self._peers.admit(host, port, "websocket", now_s) if self._peers.knock(host, now_s) else None
        if peer is None:
            self._count("stranger")
            await connection.close(CloseCode.POLICY_VIOLATION, STRANGER)
            return
        listener = self._listeners[connection] = Listener(peer)
        try:
            async for frame in connection:
                now_s = time.monotonic()
                peer = self._peers.admit(host, port, "websocket", now_s)
                if peer is not None:  # else it says too much, or was sent away
                    listener.peer = peer
                    self._take(connection, listener, frame, now_s)
        except ConnectionClosed:  # without a goodbye
            return
        finally:
            del self._listeners[connection]
            self._wanted = set().union(*(other.heeds for other in self._listeners.values()))
            self._leave(listener.peer)

    def _leave(self, peer: Peer) -> None:
        self._peers.leave(peer)
        try:
            self._gone(peer)
        except Exception:  # the others are still there
            self._count("refused")

    def _take(self, connection: ServerConnection, listener: Listener, frame: str | bytes, now_s: float) -> None:
        """One frame: text is a command, bytes are an OSC packet."""
        try:
            if isinstance(frame, bytes):
                self._play(listener, decode_packet(frame), now_s)
                return
            name, address = command(frame, self._answers.tree.shows)
        except ProtocolError as error:
            self._count(str(error))
            return
        if name == LISTEN:
            self._wanted.add(address)
            listener.listen(address)
            self._ask(listener, address)
            self._send(connection, listener, now_s)
        else:
            listener.ignore(address)

    def _play(self, listener: Listener, together: tuple[Together, ...], now_s: float) -> None:
        space = self._space()
        addresses = [message.address for moment in together for message in moment.messages]
        listener.peer.messages += len(addresses)
        self._peers.charge(listener.peer, len(addresses) - 1)
        for address in addresses:
            if (target := space.resolve(address)) is not None:
                listener.wrote(target.address, now_s)
        try:
            self._hear(listener.peer, together, now_s)
        except Exception:  # the others are still there
            self._count("refused")

    async def _beat(self) -> None:
        """Tell listeners what is new, at every pulse."""
        while True:
            await asyncio.sleep(VALUES_S)
            try:
                self._pulse(time.monotonic())
            except Exception:  # it may be well at the next pulse
                self._count("pulse missed")

    def _pulse(self, now_s: float) -> None:
        if not self._listeners:
            return
        if self._answers.renew():
            self._move()
        with self._lock:
            fresh, self._fresh = self._fresh, {}
        packets = {address: self._packet(address, arguments) for address, arguments in fresh.items()}
        for connection, listener in tuple(self._listeners.items()):
            if not self._peers.is_known(listener.peer) and not listener.is_dismissed:
                listener.is_dismissed = True
                self._dismiss(connection)
            for address, packet in packets.items():
                if packet:
                    listener.tell(address, packet, self._answers.tree.is_event(address))
            for address in listener.settled(now_s):
                self._ask(listener, address)
            self._send(connection, listener, now_s)

    def _dismiss(self, connection: ServerConnection) -> None:
        """It may not play any more."""
        self._count("sent away")
        farewell = asyncio.create_task(connection.close(CloseCode.POLICY_VIOLATION, STRANGER))
        self._farewells.add(farewell)
        farewell.add_done_callback(self._farewells.discard)

    def _move(self) -> None:
        """Another set is on stage: what is not there any more is not listened to any more."""
        for listener in self._listeners.values():
            for address in tuple(listener.heeds):
                if not self._answers.tree.shows(address):
                    listener.ignore(address)
        broadcast(tuple(self._listeners), json.dumps({"COMMAND": "PATH_CHANGED", "DATA": "/"}))

    def _ask(self, listener: Listener, address: str) -> None:
        """Have a listener told how an address is now, if that is known. What has happened is over."""
        try:
            arguments = None if self._answers.tree.is_event(address) else self._value(address)
        except Exception:  # it may be known another time
            self._count("not told")
            return
        if arguments is not None and (packet := self._packet(address, arguments)):
            listener.tell(address, packet)

    def _packet(self, address: str, arguments: Sequence[Argument]) -> bytes:
        try:
            return encode(address, *arguments)
        except ProtocolError:
            self._count("not told")
            return b""

    def _send(self, connection: ServerConnection, listener: Listener, now_s: float) -> None:
        """Send what is due, unless too much waits already: then it stays due, the latest of each address.

        One message a frame: Chataigne reads a message, and no bundle.
        """
        if connection.transport.get_write_buffer_size() > BACKLOG_BYTES:
            listener.stuck_s = now_s if listener.stuck_s is None else listener.stuck_s
            if now_s - listener.stuck_s > STUCK_S:
                self._count("slow listener")
                connection.transport.abort()
            return
        listener.stuck_s = None
        for packet in listener.take():
            broadcast((connection,), packet)
