"""What a player says at the door: who of those on the network may come in."""

from __future__ import annotations

from typing import Protocol

from weaver.surfaces.picture import NetworkView


class Door(Protocol):
    """Called on the thread that runs the instrument; what comes of it is seen in the view."""

    def allow(self) -> object:
        """Let the first stranger play who asks; nothing happens if nobody does."""

    def remember(self) -> object:
        """Let those who were let in this evening play for good."""

    def revoke(self) -> object:
        """Send the one away who was let in last, and forget it."""

    def view(self) -> NetworkView | None:
        """How it is now; None if nothing is heard."""
