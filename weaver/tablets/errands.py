"""What tablets ask for that is no gesture: done by whoever runs the instrument."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from weaver.model.osc_packet import Argument
from weaver.osc.peer import Peer


class Errands(Protocol):
    """Called on the thread that hears; none of it may wait."""

    def begin_show(self) -> None:
        """Begin the show that is written for the set on stage, at the next turn."""

    def change_set(self, name: str) -> None:
        """Bring another set on stage, at the next turn, if there is one of that name."""

    def hello(self, peer: Peer, port: int) -> None:
        """A peer listens on that port; 0: on the one that this came from."""

    def pong(self, peer: Peer, arguments: Sequence[Argument]) -> None:
        """Answer a peer's ping with what came with it."""

    def sync(self, peer: Peer) -> None:
        """Tell a peer everything anew."""
