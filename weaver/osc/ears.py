"""The ears: one thread that hears everybody, by UDP and by TCP at the same port number, and answers by the same.

Nothing that comes can end it. What was not taken is counted by reason: here, and at the gate in `peers.lost`.
"""

from __future__ import annotations

import selectors
import threading
import time
from collections import Counter
from collections.abc import Callable

from weaver.model.errors import DeviceError, ProtocolError
from weaver.model.osc_packet import Together, decode_packet
from weaver.model.osc_space import RECEIVE_PORT
from weaver.osc.addresses import own_addresses
from weaver.osc.peer import Peer
from weaver.osc.peers import Peers
from weaver.osc.tcp import Connection, Tcp
from weaver.osc.udp import LOOPBACK, Udp

EVERYWHERE = "0.0.0.0"
TRIES = 10
"""Ports that are tried, each after the other."""
_BURST_MESSAGES = 256
"""After so many by UDP the others have their turn; what has come meanwhile waits in the system's buffer."""
_FULL_S = 0.001
"""Until it is tried again to get rid of what was heard: about a block of the sound."""
SENT_AWAY = "sent away"
_ADDRESSES_S = 2.0
"""Networks come and go: our addresses are looked up again after so long."""


class Ears:
    """`hear(peer, together, arrival_s)` gets every packet, `gone(peer)` every peer whose connection has closed, who was
    sent away or had to make room, and `tick(now_s)` is called every `tick_s` at the latest: all on this thread, so that
    they need no lock among them. They should not wait; whatever they raise is counted.
    """

    def __init__(
        self,
        peers: Peers,
        hear: Callable[[Peer, tuple[Together, ...], float], None],
        gone: Callable[[Peer], None],
        is_open: bool = False,
        port: int = RECEIVE_PORT,
        tick: Callable[[float], None] = lambda now_s: None,
        tick_s: float = 0.02,
        is_full: Callable[[], bool] = lambda: False,
    ) -> None:
        """`is_open`: to other machines too. `port` or, if it is taken, one of the next; 0 is any. While it `is_full`,
        only `tick` is called: packets wait in the system's buffers.

        Raises DeviceError if there is none.
        """
        self.lost: Counter[str] = Counter()
        self.messages = 0
        self._peers, self._hear, self._gone, self._tick, self._tick_s = peers, hear, gone, tick, tick_s
        self._is_open, self._is_full = is_open, is_full
        self._udp, self._tcp = _sockets(self.lost, EVERYWHERE if is_open else LOOPBACK, port)
        self.port: int = self._udp.port
        self._of: dict[Peer, Connection] = {}
        self._own: tuple[str, ...] = ()
        self._own_until_s = self._next_tick_s = float("-inf")
        self._is_accepting = False
        self._selector = selectors.DefaultSelector()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="osc ears", daemon=True)

    def start(self) -> None:
        """Begin to hear."""
        self._selector.register(self._udp.socket, selectors.EVENT_READ, (self._hear_udp,))
        self._thread.start()

    def addresses(self) -> tuple[str, ...]:
        """Where others find us: "host:port", the likeliest first. Without a network, or unless open, only loopback."""
        hosts = self._hosts(time.monotonic()) if self._is_open else ()
        return tuple(f"{host}:{self.port}" for host in hosts or (LOOPBACK,))

    def send(self, peer: Peer, packet: bytes) -> bool:
        """Tell a peer, from any thread, without waiting; False if it did not go out."""
        if peer.transport == "udp":
            return self._udp.send(peer.host, peer.port, packet)
        connection = self._of.get(peer)
        if connection is not None and connection.send(packet):
            return True
        self.lost["not sent"] += 1
        return False

    def close(self) -> None:
        """End the thread, close all sockets. A second call does nothing."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        self._selector.close()
        self._tcp.close()
        self._udp.close()
        self._of.clear()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._tick_if_due()
            if not self._safely(self._turn):
                self._stop.wait(self._tick_s)  # what is broken should not keep a core busy

    def _turn(self) -> None:
        """Wait for what comes, and give everybody who spoke a hearing."""
        if self._is_full():
            self._stop.wait(_FULL_S)
            self._safely(self._tick, time.monotonic())
            return
        for key, _ in self._selector.select(max(0.0, self._next_tick_s - time.monotonic())):
            self._safely(*key.data)
            self._tick_if_due()
            if self._is_full():
                break

    def _safely(self, do: Callable[..., object], *arguments: object) -> bool:
        """Nothing that a peer says, or whoever hears it does, may end the thread. False if it raised."""
        try:
            do(*arguments)
        except Exception as error:
            self.lost[f"{type(error).__name__} in {getattr(do, '__name__', 'a call')}"] += 1
            return False
        return True

    def _tick_if_due(self) -> None:
        now_s = time.monotonic()
        if now_s < self._next_tick_s:
            return
        self._next_tick_s = now_s + self._tick_s
        self._safely(self._tick, now_s)
        self._safely(self._tend, now_s)

    def _tend(self, now_s: float) -> None:
        """Who is lost or has been sent away goes; who could not read all it was told gets the next of it."""
        if not self._is_accepting:
            self._selector.register(self._tcp.socket, selectors.EVENT_READ, (self._accept,))
            self._is_accepting = True
        for peer in self._peers.departed():
            if (connection := self._of.get(peer)) is not None:
                connection.why_lost = connection.why_lost or SENT_AWAY
            else:
                self._safely(self._gone, peer)
        for connection in list(self._tcp.connections):
            connection.flush()
            connection.look(now_s)
            if connection.why_lost:
                self._drop(connection)

    def _hear_udp(self) -> None:
        for host, port in self._udp.refused():
            self._peers.refused(host, port, time.monotonic())
        room = _BURST_MESSAGES
        for (peer, now_s), together in self._udp.receive(self._admit_udp):
            room -= self._take(peer, together, now_s)
            if room <= 0:
                break

    def _admit_udp(self, host: str, port: int) -> tuple[Peer, float] | None:
        now_s = time.monotonic()
        if port == self.port and (host.startswith("127.") or host in self._hosts(now_s)):
            self.lost["from ourselves"] += 1  # a peer says that it listens where we do
            return None
        peer = self._peers.admit(host, port, "udp", now_s)
        return None if peer is None else (peer, now_s)

    def _take(self, peer: Peer, together: tuple[Together, ...], now_s: float) -> int:
        """Hand a packet on: how many messages it was."""
        messages = sum(len(one.messages) for one in together)
        self.messages += messages
        peer.messages += messages
        if messages > 1:
            self._peers.charge(peer, messages - 1)
        self._safely(self._hear, peer, together, now_s)
        return messages

    def _accept(self) -> None:
        now_s = time.monotonic()
        fresh = self._tcp.accept(lambda host: self._peers.knock(host, now_s), now_s)
        if fresh is None:  # until the next tick: the socket stays readable, and we would do nothing else
            self._selector.unregister(self._tcp.socket)
            self._is_accepting = False
        for connection in fresh or ():
            self._selector.register(connection.socket, selectors.EVENT_READ, (self._hear_tcp, connection))

    def _hear_tcp(self, connection: Connection) -> None:
        if connection.why_lost:  # since it was found to be readable
            return
        now_s = time.monotonic()
        for packet in connection.receive(now_s):
            peer = self._peers.admit(connection.host, connection.port, "tcp", now_s)
            if peer is None:
                continue
            if connection.peer is None:
                connection.peer = peer
                self._of[peer] = connection
            elif connection.peer is not peer:  # it was sent away, or had to make room, since the last tick
                self._peers.leave(peer)
                connection.why_lost = SENT_AWAY
                break
            try:
                together = decode_packet(packet)
            except ProtocolError as error:
                self.lost[str(error)] += 1
                continue
            connection.is_proven = True
            self._take(peer, together, now_s)
        if connection.why_lost:
            self._drop(connection)

    def _drop(self, connection: Connection) -> None:
        self._selector.unregister(connection.socket)
        self._tcp.drop(connection)
        if (peer := connection.peer) is not None:
            self._of.pop(peer, None)
            self._peers.leave(peer)
            self._safely(self._gone, peer)

    def _hosts(self, now_s: float) -> tuple[str, ...]:
        if now_s >= self._own_until_s:
            self._own, self._own_until_s = own_addresses(), now_s + _ADDRESSES_S
        return self._own


def _sockets(lost: Counter[str], host: str, port: int) -> tuple[Udp, Tcp]:
    """Both at one port."""
    for number in range(port, port + TRIES) if port else [0] * TRIES:
        try:
            udp = Udp(lost, host, number, expects_refusals=True)
        except DeviceError as error:
            refusal = error
            continue
        try:
            return udp, Tcp(lost, host, udp.port)
        except DeviceError as error:
            refusal = error
            udp.close()
    raise DeviceError(f"none of the ports {port} to {port + TRIES - 1} is free ({refusal})")
