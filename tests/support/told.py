"""Tablets that are told how things are, with a clock of their own."""

from __future__ import annotations

from weaver.model.osc_addresses import Space
from weaver.model.osc_packet import decode_packet
from weaver.osc.fact import Arguments
from weaver.osc.peer import Peer
from weaver.osc.telling import Telling

TICK_S = 1.0 / 60.0
LIGHT, STATE, RUB, PLAYED = (f"/sphere/1/{name}" for name in ("light", "state", "rub", "played"))

Told = list[tuple[str, Arguments]]


class Room:
    """A telling with a clock of its own, and tablets that keep what they are told. Only what has been put is told."""

    def __init__(self, spheres: int = 2) -> None:
        self.now_s = 1000.0
        self.packets: list[tuple[float, Peer, bytes]] = []
        self.deaf: set[Peer] = set()
        self.peers: list[Peer] = []
        self.telling = Telling(self.send)
        self.telling.renew(Space([f"S{s}" for s in range(spheres)]).nodes())

    def send(self, peer: Peer, packet: bytes) -> bool:
        if peer in self.deaf:
            return False
        self.packets.append((self.now_s, peer, packet))
        return True

    def enter(self, port: int = 9000) -> Peer:
        peer = Peer("10.0.0.2", port, met_s=self.now_s, heard_s=self.now_s)
        self.peers.append(peer)
        return peer

    def tick(self, ticks: int = 1, are_heard: bool = True) -> None:
        for _ in range(ticks):
            self.now_s += TICK_S
            for peer in self.peers:
                peer.heard_s = self.now_s if are_heard else peer.heard_s
            self.telling.tick(self.now_s, self.peers)

    def pass_s(self, duration_s: float, are_heard: bool = True) -> None:
        self.tick(round(duration_s / TICK_S), are_heard)

    def take(self, peer: Peer | None = None, alive: bool = False) -> Told:
        """What a peer, or the only one, has been told since the last time."""
        told = [
            (message.address, message.arguments)
            for _, to, packet in self.packets
            if to is (peer or self.peers[0])
            for together in decode_packet(packet)
            for message in together.messages
            if alive or message.address != "/alive"
        ]
        self.packets = [sent for sent in self.packets if sent[1] is not (peer or self.peers[0])]
        return told

    def put_all(self, spheres: int, value: float = 0.5) -> int:
        """Let something be true of many addresses; returns of how many."""
        names = ("light", "flicker", "health", "soothed", "damp")
        for s in range(spheres):
            for name in names:
                self.telling.put(f"/sphere/{s + 1}/{name}", (value,))
        return spheres * len(names)
