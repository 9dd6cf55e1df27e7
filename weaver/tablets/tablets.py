"""Tablets and other programs on the network: what wires their packets to gestures, and the sound to them.

    packets   ->  Ears -> Weaving  ->  commands            on the thread "osc ears"
    snapshot  ->  Shown -> Telling ->  bundles             on the thread "osc voice"
    questions ->  Query, Discovery                         on threads of theirs

Nothing that comes by the network ends a thread, or reaches the sound but as a command at its frame.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from weaver.engine.engine import Engine
from weaver.model.errors import ConfigError, DeviceError, ProtocolError
from weaver.model.osc_packet import Argument, encode
from weaver.model.osc_space import QUERY_PORT, RECEIVE_PORT, REPLY_PORT
from weaver.model.show import Show
from weaver.osc.discovery import Discovery
from weaver.osc.ears import Ears
from weaver.osc.guests import peers_file
from weaver.osc.peer import Peer
from weaver.osc.peers import Peers
from weaver.osc.query import NAME, Query
from weaver.osc.telling import Telling
from weaver.surfaces.picture import NetworkView, PeerView
from weaver.tablets.layouts import layouts
from weaver.tablets.shown import Shown
from weaver.tablets.voice import Voice
from weaver.tablets.wanted import Wanted
from weaver.tablets.weaving import SILENT_S, Weaving


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the instrument is open to the network. `allowed` are addresses and networks in CIDR notation."""

    port: int = RECEIVE_PORT
    reply_port: int = REPLY_PORT
    query_port: int = QUERY_PORT
    is_open: bool = False
    allowed: tuple[str, ...] = ()
    is_announced: bool = True


class Tablets:
    """Made once the host plays; closed before it stops. Raises DeviceError where no port can be had, and ConfigError
    for networks in `reach` that are none.

    `frame_at` says at which frame something is due that is meant for a moment of time.monotonic(), 0 if nobody knows;
    `frame_of` from which one on what came at a moment takes effect, 0 is at once; `show` what is performed.
    """

    def __init__(
        self,
        engine: Engine,
        reach: Reach,
        frame_at: Callable[[float], int],
        frame_of: Callable[[float], int],
        show: Callable[[], Show | None],
    ) -> None:
        self.wanted = Wanted()
        self._reach, self._note = reach, ""
        self._query: Query | None = None
        self._discovery: Discovery | None = None
        with ExitStack() as stack:
            self._peers = self._open_gate()
            self._weaving = Weaving(engine, self, frame_at, frame_of)
            self._ears = Ears(
                self._peers,
                self._weaving.hear,
                self._gone,
                is_open=reach.is_open,
                port=reach.port,
                tick=self._weaving.tick,
                is_full=lambda: self._weaving.is_full,
            )
            stack.callback(self._ears.close)
            self._telling = Telling(self._ears.send)
            self._weaving.wrote, self._weaving.touches = self._telling.wrote, self._touched
            self._ears.start()
            shown = Shown(engine, lambda space: self._telling.renew(space.nodes()), show)
            voice = Voice(shown, self._telling, self._peers.known)
            stack.callback(voice.close)
            self._voice = voice
            self._be_found(engine, stack)
            self._owned = stack.pop_all()

    def close(self) -> None:
        """Say goodbye, fall silent, then deaf; a second call does nothing."""
        self._owned.close()

    def view(self) -> NetworkView:
        """How it is now."""
        now_s = time.monotonic()
        query, discovery = self._query, self._discovery
        notes = [part.note for part in (query, discovery) if part is not None]
        return NetworkView(
            name=NAME if discovery is None else discovery.name,
            addresses=self._ears.addresses(),
            is_open=self._reach.is_open,
            reply_port=self._reach.reply_port,
            url="" if query is None else query.url,
            peers=tuple(self._view(peer, now_s) for peer in self._peers.here()),
            strangers=self._peers.strangers(),
            messages=self._weaving.played,
            lost=self.lost(),
            note="; ".join(filter(None, (self._note, *notes))),
        )

    def lost(self) -> Counter[str]:
        """How much was not taken, or not told, by reason."""
        parts = (self._peers, self._ears, self._weaving, self._telling, self._voice, self._query, self._discovery)
        return sum((Counter(part.lost) for part in parts if part is not None), Counter[str]())

    # What the player decides

    def allow(self) -> None:
        """Let the first stranger play who asks; nothing happens if nobody does."""
        if strangers := self._peers.strangers():
            self._peers.allow(strangers[0])

    def remember(self) -> None:
        """Let those who were let in this evening play for good; the note says if that cannot be written."""
        self._try(self._peers.remember)

    def revoke(self) -> None:
        """Send the one away who was let in last, and forget it."""
        self._try(self._peers.revoke)

    # What tablets ask for beside gestures: `Errands`

    def begin_show(self) -> None:
        """The show is to begin."""
        self.wanted.ask(show=True)

    def change_set(self, name: str) -> None:
        """Another set is to come on stage."""
        self.wanted.ask(spheres=name)

    def hello(self, peer: Peer, port: int) -> None:
        """A peer listens there, and is told everything."""
        self._telling.sync(self._peers.hello(peer, port))

    def pong(self, peer: Peer, arguments: Sequence[Argument]) -> None:
        """Say that we are there."""
        try:
            answer = encode("/pong", *arguments)
        except ProtocolError:  # what came by TCP may be just too long to go back
            answer = encode("/pong")
        if peer.transport != "websocket":
            self._ears.send(peer, answer)
        elif self._query is not None:
            self._query.send(peer, answer)

    def sync(self, peer: Peer) -> None:
        """A peer is told everything anew."""
        self._telling.sync(peer)

    def _open_gate(self) -> Peers:
        """Who is remembered may come in. A file of them that cannot be read lets nobody in, and is left alone."""
        try:
            return Peers(self._reach.reply_port, self._reach.allowed, peers_file())
        except ConfigError as error:
            self._note = str(error)
            return Peers(self._reach.reply_port, self._reach.allowed)

    def _be_found(self, engine: Engine, stack: ExitStack) -> None:
        """Answer who asks what there is to play, and make it known that there is somebody to ask."""
        reach, port = self._reach, self._ears.port
        try:
            query = Query(
                lambda: self._weaving.space,
                self._telling.value,
                self._weaving.hear,
                self._gone,
                self._peers,
                layouts=layouts(engine),
                addresses=lambda: [address.rpartition(":")[0] for address in self._ears.addresses()],
                name=lambda: NAME if self._discovery is None else self._discovery.name,
                is_open=reach.is_open,
                osc_port=port,
                reply_port=reach.reply_port,
                port=reach.query_port,
            )
        except DeviceError as error:
            self._note = str(error)
        else:
            stack.callback(query.close)
            self._telling.listeners.append(query.told)
            self._query = query
        if reach.is_announced:
            query_port = None if self._query is None else self._query.port
            self._discovery = Discovery(NAME, port, port, query_port, reach.is_open)
            stack.callback(self._discovery.close)

    def _view(self, peer: Peer, now_s: float) -> PeerView:
        has_heartbeat = peer.pinged_s is not None
        return PeerView(
            title=peer.title,
            reply=f"{peer.host}:{peer.port}",
            transport=peer.transport,
            messages=peer.messages,
            quiet_s=max(now_s - peer.heard_s, 0.0),
            has_heartbeat=has_heartbeat,
            is_lost=has_heartbeat and now_s - peer.heard_s > SILENT_S,
            is_remembered=self._peers.is_remembered(peer),
            is_unheard=self._peers.nobody_listens(peer),
        )

    def _touched(self, peer: Peer, address: str, is_down: bool) -> None:
        self._telling.touched(peer, address, is_down, time.monotonic())

    def _gone(self, peer: Peer) -> None:
        self._weaving.let_go(peer)
        self._telling.forget(peer)

    def _try(self, decide: Callable[[], object]) -> None:
        try:
            decide()
        except ConfigError as error:
            self._note = str(error)
