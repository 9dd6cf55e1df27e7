"""What peers are told: one truth for all, to each what it does not know yet, as differences, in bundles.

    edges       what is_edge, and events, at the next tick; edges at the one after that again, should a packet be lost
    values      30 times a second, the latest of each address, if they differ by their row's step
    everything  to a peer that is new, asks for it, or has been silent for a while: paced (`hearer`)
    anew        in turn, all within REFRESH_S: heals whatever was lost
    /alive      five times a second: keeps a tablet's radio awake, and shows that we are there

Nobody is told what it does itself (`echoes`), and nobody anything who has not been heard for AWAY_S. What could not be
sent is told later, as it stands then. All that is kept for a peer is bounded by how many addresses there are.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from weaver.model.osc_space import Row
from weaver.osc.echoes import Echoes
from weaver.osc.fact import Arguments, Bundles, Fact
from weaver.osc.hearer import Hearer
from weaver.osc.peer import Peer

VALUES_S = 1.0 / 30.0
"""Between two times that values are told; a tick that is early by LATITUDE of that will do."""
LATITUDE = 0.1
ALIVE_S = 0.2
REFRESH_S = 4.0
SILENCE_S, AWAY_S = 5.0, 60.0
"""Silence after which a peer is told everything when it speaks, and that after which it is told nothing until then."""
ALIVE = "/alive"
_MOST_COUNT = 2**31
"""From where a count of 32 bits begins anew."""

Listener = Callable[[str, Arguments], object]


class Telling:
    """Tells peers. `send` puts a packet on its way to a peer and says whether it went; it does not wait.

    `renew`, `put`, `drop` and `tick` are for one thread, the rest for any.
    """

    def __init__(self, send: Callable[[Peer, bytes], bool]) -> None:
        self.lost: Counter[str] = Counter()
        """By reason, what was not told."""
        self.bytes_sent = 0
        self.listeners: list[Listener] = []
        """Are told (address, arguments) of all that is news, when peers are: at a tick, on its thread."""
        self._send = send
        self._facts: dict[str, Fact] = {}
        self._standing: list[Fact] = []  # those that are true of something, but for events
        self._values: dict[Fact, None] = {}
        self._edges: dict[Fact, None] = {}
        self._again: list[Fact] = []
        self._echoes = Echoes()
        self._hearers: dict[Peer, Hearer] = {}
        self._asked: set[Peer] = set()
        self._gone: set[Peer] = set()
        self._lock = threading.Lock()
        self._next_values_s = self._next_alive_s = 0.0
        self._cursor, self._refreshed = 0, 0.0
        self._count = 0

    def renew(self, nodes: Iterable[tuple[str, Row]]) -> None:
        """From now on there are these addresses. What is true of one that was there before stays true."""
        known = self._facts
        self._facts = {address: known.get(address) or Fact(address, row) for address, row in nodes if row.is_shown}
        for address in known.keys() - self._facts.keys():
            known[address].drop()
        self._find_standing()

    def put(self, address: str, arguments: Arguments) -> None:
        """That is true now; numbers and texts as the address's row has them."""
        fact = self._facts.get(address)
        if fact is None:
            self.lost["unknown address"] += 1
            return
        is_new = fact.arguments is None
        is_news = fact.put(arguments)
        if is_new and not fact.row.is_event:
            self._standing.append(fact)
        if is_news:
            (self._edges if fact.row.is_edge or fact.row.is_event else self._values)[fact] = None

    def drop(self, address: str) -> None:
        """Nothing is true of that address any more, so that nobody is told of it."""
        if (fact := self._facts.get(address)) is not None:
            fact.drop()
            self._find_standing()

    def value(self, address: str) -> Arguments | None:
        """What is true of an address; None if nothing is."""
        fact = self._facts.get(address)
        return None if fact is None else fact.arguments

    def wrote(self, peer: Peer, address: str, arguments: Arguments, now_s: float) -> None:
        """A peer has written that."""
        if (fact := self._facts.get(address)) is not None:
            self._echoes.wrote(peer, fact, arguments, now_s)

    def touched(self, peer: Peer, address: str, is_down: bool, now_s: float) -> None:
        """A peer has a finger on the control of that address, or has it no more."""
        if (fact := self._facts.get(address)) is not None:
            self._echoes.touched(peer, fact, is_down, now_s)

    def sync(self, peer: Peer) -> None:
        """Tell a peer everything."""
        with self._lock:
            self._asked.add(peer)

    def forget(self, peer: Peer) -> None:
        """A peer is gone; if it comes back it is a new one."""
        with self._lock:
            self._gone.add(peer)

    def tick(self, now_s: float, peers: Sequence[Peer]) -> None:
        """Tell peers what is due; 60 times a second. They are all that may be told."""
        values: list[Fact] = []
        news: dict[Fact, None] = {}
        if now_s >= self._next_values_s - LATITUDE * VALUES_S:
            self._next_values_s = max(self._next_values_s + VALUES_S, now_s)
            self._live(now_s)
            news, self._values = self._values, {}
            values = [*news, *self._refresh()]
        edges, news = [*self._again, *self._edges], self._edges | news
        self._again, self._edges = [fact for fact in self._edges if fact.row.is_edge], {}
        self._meet(now_s, peers)
        bundles = Bundles()
        for hearer in self._hearers.values():
            if now_s - hearer.heard_s <= AWAY_S:
                self._tell(hearer, edges, values, now_s, bundles)
        self.lost["cannot be said"] += bundles.unsayable
        for listener in self.listeners:
            for fact in news:
                if fact.arguments is not None:
                    listener(fact.address, fact.arguments)

    def _tell(
        self, hearer: Hearer, edges: Sequence[Fact], values: Sequence[Fact], now_s: float, bundles: Bundles
    ) -> None:
        held, settled = self._echoes.settle(hearer.peer, now_s)
        hearer.owe(edges, is_urgent=True)
        hearer.owe(values)
        hearer.owe(settled)
        hearer.spare(held)
        self.bytes_sent += hearer.tell(now_s, self._send, bundles)

    def _meet(self, now_s: float, peers: Sequence[Peer]) -> None:
        """Take note of who is there, who has come, and who is back."""
        with self._lock:
            asked, self._asked = self._asked, set()
            gone, self._gone = self._gone, set()
        known = {peer: hearer for peer, hearer in self._hearers.items() if peer not in gone}
        self._hearers = {peer: known.get(peer) or Hearer(peer, now_s) for peer in peers}
        self._echoes.keep(self._hearers.keys())
        for peer, hearer in self._hearers.items():
            heard_s = peer.heard_s  # it may speak at any moment
            is_back = heard_s - hearer.heard_s >= SILENCE_S
            hearer.heard_s = heard_s
            if peer not in known or is_back or peer in asked:
                hearer.owe(self._standing)

    def _live(self, now_s: float) -> None:
        """Give a sign of life, when it is time for it."""
        if now_s >= self._next_alive_s - LATITUDE * ALIVE_S and ALIVE in self._facts:
            self._next_alive_s = max(self._next_alive_s + ALIVE_S, now_s)
            self._count = (self._count + 1) % _MOST_COUNT
            self.put(ALIVE, (self._count,))

    def _refresh(self) -> list[Fact]:
        """Those whose turn it is to be told anew."""
        count = len(self._standing)
        self._refreshed += count * VALUES_S / REFRESH_S
        turns = int(self._refreshed)
        self._refreshed -= turns
        first, self._cursor = self._cursor, (self._cursor + turns) % max(count, 1)
        return [self._standing[(first + turn) % count] for turn in range(turns)]

    def _find_standing(self) -> None:
        facts = self._facts.values()
        self._standing = [fact for fact in facts if fact.arguments is not None and not fact.row.is_event]
