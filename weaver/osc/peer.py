"""Who is at the other end: a tablet, a program, another instrument."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Transport = Literal["udp", "tcp", "websocket"]


@dataclass(eq=False, slots=True)
class Peer:
    """One that may play. It is the same object for as long as it is known, and is known by that.

    `port` is where its replies go; of a connection (tcp, websocket) the port it came from. Times are of
    time.monotonic(). `pinged_s` is when it last sent a heartbeat (/ping), None if it never did: only who has a
    heartbeat can lose it.
    """

    host: str
    port: int
    transport: Transport = "udp"
    met_s: float = 0.0
    heard_s: float = 0.0
    pinged_s: float | None = None
    messages: int = 0
    name: str = ""

    @property
    def title(self) -> str:
        """As pages and logs call it."""
        return self.name or f"{self.host}:{self.port}"
