"""The gate: who may play, and who is who. A packet passes it before anybody reads what is in it.

A peer is a host and the port where it wants to be told. By default that is the sender's address and the instrument's
reply port, for most programs send from a port that means nothing. What comes from the very port where a peer listens is
that peer's; and who says /hello from a port is bound to that. A connection is a peer by itself.

Whatever is sent here, and by however many, the memory that it costs is bounded.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from weaver.osc.guests import Guests
from weaver.osc.peer import Peer, Transport

THIS_MACHINE = ("127.0.0.0/8",)
RATE_HZ = 20_000.0
"""Messages per second that one peer may say: thirty times what a tablet does under five fingers."""
_BURST_S = 0.5
"""So much of its rate at once: what has gathered in a buffer while the network was away."""
MAX_PER_HOST, MAX_PEERS = 16, 64
_MAX_SOURCES = 256
"""Ports that are bound by /hello; the one silent longest goes."""
MAX_STRANGERS = 8
"""That a page can show. Further ones are not noted while these go on speaking."""
_STRANGER_S = 30.0
"""A stranger who has been silent for so long is not there any more."""
_MAX_VERDICTS = 1024
_REFUSED_S = 3.0
"""A refusal says something about now for so long; hosts answer every packet so, or one in a second."""
_MAX_PORT = 65535

_Key = tuple[Transport, str, int]


@dataclass(eq=False, slots=True)
class _Place:
    """A peer, and what is kept with it. `source` is the port it spoke from last; `is_shared`, whether it ever spoke
    from several: then it may be several programs."""

    peer: Peer
    source: int
    tokens: float
    filled_s: float
    is_shared: bool = False
    refused_s: float = float("-inf")


class Peers:
    """Thread-safe. `lost` counts, by reason, what did not pass."""

    def __init__(
        self,
        reply_port: int,
        allowed: Sequence[str] = (),
        remembered: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
        own: Sequence[str] = THIS_MACHINE,
        rate_hz: float = RATE_HZ,
    ) -> None:
        """`allowed` are addresses and networks; `remembered` a file, which need not be there. Raises ConfigError."""
        self.reply_port, self.lost = reply_port, Counter[str]()
        self._clock, self._rate_hz = clock, rate_hz
        self._guests = Guests(own, allowed, remembered)
        self._places: dict[_Key, _Place] = {}
        self._of: dict[Peer, _Place] = {}
        self._sources: OrderedDict[tuple[str, int], _Place] = OrderedDict()
        self._strangers: dict[str, float] = {}
        self._verdicts: dict[str, bool] = {}
        self._departed: list[Peer] = []
        self._lock = threading.Lock()

    def admit(self, host: str, port: int, transport: Transport, now_s: float) -> Peer | None:
        """Who speaks; None if it may not, or says too much. `port` is the one it speaks from."""
        with self._lock:
            if not self._may(host):
                self._note(host, now_s)
                return None
            place = self._place(host, port, transport, now_s)
            place.peer.heard_s = now_s
            if port != place.source:
                place.source, place.is_shared = port, True
            burst = self._rate_hz * _BURST_S
            if now_s > place.filled_s:  # threads that ask may differ a little about the time
                place.tokens = min(burst, place.tokens + (now_s - place.filled_s) * self._rate_hz)
                place.filled_s = now_s
            if place.tokens < 1.0:
                self.lost["over its rate"] += 1
                return None
            place.tokens -= 1.0
            return place.peer

    def charge(self, peer: Peer, messages: int) -> None:
        """What it said was so many messages more than the one that was reckoned with."""
        with self._lock:
            if (place := self._of.get(peer)) is not None:
                place.tokens -= messages

    def knock(self, host: str, now_s: float) -> bool:
        """Whether a host may connect; if not, it is noted as a stranger."""
        with self._lock:
            may = self._may(host)
            if not may:
                self._note(host, now_s)
            return may

    def hello(self, peer: Peer, port: int) -> Peer:
        """Whoever spoke last as `peer` listens on that port (0: on the one it spoke from): the peer that it is from now
        on. A connection is told by itself, whatever it says."""
        with self._lock:
            place = self._of.get(peer)
            if place is None or peer.transport != "udp":
                return peer
            source, port = place.source, port or place.source
            if not 0 < port <= _MAX_PORT:
                self.lost["no such port"] += 1
                return peer
            known = self._places.get(("udp", peer.host, port))
            if known is None and not place.is_shared:  # nobody else is this peer: it only moves
                del self._places["udp", peer.host, peer.port]
                peer.port = port
                place.refused_s = float("-inf")
                self._places["udp", peer.host, port] = known = place
            elif known is None:
                known = self._meet(peer.host, port, "udp", source, peer.heard_s)
                known.tokens = place.tokens = place.tokens / 2  # together they have no more to say than before
            if known is not place and not place.is_shared and peer in self._of:
                self._drop(place)
            self._bind(peer.host, source, known)
            return known.peer

    def leave(self, peer: Peer) -> None:
        """A connection is closed. Nobody needs to be told that it has departed."""
        with self._lock:
            if (place := self._of.get(peer)) is not None:
                self._forget(place)

    def here(self) -> tuple[Peer, ...]:
        """All who may play and have spoken, as they came, by whatever way."""
        with self._lock:
            return tuple(self._of)

    def known(self) -> tuple[Peer, ...]:
        """Those that may be told, by UDP or their connection, as they came. Who is at a websocket is told by whoever
        serves that."""
        with self._lock:
            return tuple(peer for peer in self._of if peer.transport != "websocket")

    def is_known(self, peer: Peer) -> bool:
        """Whether it still may play."""
        return peer in self._of

    def departed(self) -> tuple[Peer, ...]:
        """Who was sent away, or had to make room, since the last time."""
        if not self._departed:
            return ()
        with self._lock:
            departed, self._departed = tuple(self._departed), []
            return departed

    def strangers(self) -> tuple[str, ...]:
        """Hosts that would like to play, as they came."""
        with self._lock:
            now_s = self._clock()
            return tuple(host for host, heard_s in self._strangers.items() if now_s - heard_s < _STRANGER_S)

    def allow(self, host: str) -> None:
        """Let a host, or a network, in for this evening. Raises ConfigError for what is neither."""
        with self._lock:
            self._guests.allow(host)
            self._judge_anew()

    def remember(self) -> tuple[str, ...]:
        """Let those who were let in this evening come in again: who is new in the file. Raises ConfigError."""
        with self._lock:
            return self._guests.remember()

    def revoke(self) -> str:
        """Send away, and forget, who was let in last; where nobody was this evening, who came last. Returns whom,
        "" if there is only this machine. Raises ConfigError where the file cannot be written; away they are."""
        with self._lock:
            others = [peer for peer in self._of if not self._guests.is_own(peer.host)]
            try:
                return self._guests.revoke(max(others, key=lambda peer: peer.met_s).host if others else None)
            finally:
                self._judge_anew()

    def is_remembered(self, peer: Peer) -> bool:
        """Whether it may play the next time too."""
        with self._lock:
            return self._guests.is_remembered(peer.host)

    def refused(self, host: str, port: int, now_s: float) -> None:
        """A packet to there was sent back."""
        with self._lock:
            if (place := self._places.get(("udp", host, port))) is not None:
                place.refused_s = now_s

    def nobody_listens(self, peer: Peer) -> bool:
        """Whether what it was told just now came back. False does not mean that it was heard."""
        with self._lock:
            place = self._of.get(peer)
            return place is not None and self._clock() - place.refused_s < _REFUSED_S

    def _may(self, host: str) -> bool:
        verdict = self._verdicts.get(host)
        if verdict is None:
            if len(self._verdicts) >= _MAX_VERDICTS:
                self._verdicts.clear()
            verdict = self._verdicts[host] = self._guests.may(host)
        return verdict

    def _note(self, host: str, now_s: float) -> None:
        self.lost["stranger"] += 1
        if host not in self._strangers and len(self._strangers) >= MAX_STRANGERS:
            self._strangers = {who: at_s for who, at_s in self._strangers.items() if now_s - at_s < _STRANGER_S}
        if host in self._strangers or len(self._strangers) < MAX_STRANGERS:
            self._strangers[host] = now_s

    def _judge_anew(self) -> None:
        self._verdicts.clear()
        self._strangers = {host: at_s for host, at_s in self._strangers.items() if not self._guests.may(host)}
        for place in [place for place in self._of.values() if not self._guests.may(place.peer.host)]:
            self._drop(place)

    def _place(self, host: str, port: int, transport: Transport, now_s: float) -> _Place:
        """Where it belongs; a new place if there is none."""
        place = self._places.get((transport, host, port))
        if transport != "udp":
            return place or self._meet(host, port, transport, port, now_s)
        if (bound := self._sources.get((host, port))) is not None:
            self._sources.move_to_end((host, port))
            return bound
        place = place or self._places.get(("udp", host, self.reply_port))
        return place or self._meet(host, self.reply_port, "udp", port, now_s)

    def _meet(self, host: str, port: int, transport: Transport, source: int, now_s: float) -> _Place:
        if transport == "udp":
            self._make_room(MAX_PER_HOST, lambda peer: peer.transport == "udp" and peer.host == host)
        self._make_room(MAX_PEERS, lambda peer: True)
        place = _Place(Peer(host, port, transport, now_s, now_s), source, self._rate_hz * _BURST_S, now_s)
        self._places[transport, host, port] = self._of[place.peer] = place
        return place

    def _make_room(self, most: int, is_one: Callable[[Peer], bool]) -> None:
        peers = [peer for peer in self._of if is_one(peer)]
        if len(peers) >= most:
            self.lost["too many peers"] += 1
            self._drop(self._of[min(peers, key=lambda peer: peer.heard_s)])

    def _bind(self, host: str, source: int, place: _Place) -> None:
        self._sources[host, source] = place
        self._sources.move_to_end((host, source))
        if len(self._sources) > _MAX_SOURCES:
            self._sources.popitem(last=False)

    def _drop(self, place: _Place) -> None:
        """Forget it; whoever asks is told that it has departed."""
        self._forget(place)
        self._departed.append(place.peer)

    def _forget(self, place: _Place) -> None:
        peer = place.peer
        del self._of[peer], self._places[peer.transport, peer.host, peer.port]
        for source in [source for source, bound in self._sources.items() if bound is place]:
            del self._sources[source]
