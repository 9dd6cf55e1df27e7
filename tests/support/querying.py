"""An OSCQuery server with an instrument behind it that is made of a dict."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from support.eventually import eventually
from websockets.sync.client import ClientConnection, connect

from weaver.model.osc_addresses import Space
from weaver.model.osc_packet import OscMessage, Together, decode
from weaver.model.osc_space import REPLY_PORT
from weaver.osc.peer import Peer
from weaver.osc.peers import Peers
from weaver.osc.query import Query

LOOPBACK = "127.0.0.1"
NAMES = ("Azure", "Amber", "Rose")
LAYOUTS = {
    "sonic-weaver-tablet-landscape.tosc": b"\x78\x9c a layout",
    "sonic-weaver-phone-portrait.tosc": b"\x78\x9c another",
}
PATIENCE_S = 10.0
XHTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
"""What browsers say they accept."""


class Instrument:
    """What a server asks and tells: spheres, values, what was heard and who went."""

    def __init__(self, own: tuple[str, ...] = ("127.0.0.0/8",)) -> None:
        self.space = Space(NAMES)
        self.values: dict[str, tuple[Any, ...]] = {}
        self.heard: list[tuple[Peer, tuple[Together, ...]]] = []
        self.gone: list[Peer] = []
        self.made: list[str] = []
        self.peers = Peers(REPLY_PORT, own=own)

    def messages(self) -> list[OscMessage]:
        """All that was heard, in order."""
        return [message for _, together in self.heard for moment in together for message in moment.messages]

    def layouts(self) -> dict[str, Any]:
        """Their makers, which keep an account of what they made."""

        def maker(name: str) -> Any:
            return lambda: (self.made.append(name), LAYOUTS[name])[1]

        return {name: maker(name) for name in LAYOUTS}


@contextmanager
def serving(instrument: Instrument, **wishes: Any) -> Iterator[Query]:
    """A server that answers, on a free port of this machine."""
    query = Query(
        lambda: instrument.space,
        lambda address: instrument.values.get(address),
        lambda peer, together, now_s: instrument.heard.append((peer, together)),
        instrument.gone.append,
        instrument.peers,
        instrument.layouts(),
        **{"port": 0, **wishes},
    )
    try:
        assert eventually(lambda: get(query, "/?HOST_INFO")[0] == 200)
        yield query
    finally:
        query.close()
        query.close()


def get(query: Query, target: str, method: str = "GET", source: str = LOOPBACK, **headers: str) -> tuple[int, Any, Any]:
    """Status, headers and body of one request, JSON made to what it means. From an address of this machine."""
    connection = http.client.HTTPConnection(LOOPBACK, query.port, timeout=PATIENCE_S, source_address=(source, 0))
    try:
        connection.request(method, target, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        body = response.read()
        is_json = body and response.getheader("Content-Type", "").startswith("application/json")
        return response.status, response.headers, json.loads(body) if is_json else body
    finally:
        connection.close()


def raw(query: Query, source: str = LOOPBACK) -> socket.socket:
    """A connection that has said nothing yet."""
    return socket.create_connection((LOOPBACK, query.port), PATIENCE_S, (source, 0))


@contextmanager
def joined(query: Query, **wishes: Any) -> Iterator[ClientConnection]:
    """A client by WebSocket."""
    with connect(f"ws://{LOOPBACK}:{query.port}/", compression=None, open_timeout=PATIENCE_S, **wishes) as client:
        yield client


def say(client: ClientConnection, name: str, data: object) -> None:
    client.send(json.dumps({"COMMAND": name, "DATA": data}))


def next_message(client: ClientConnection) -> OscMessage:
    frame = client.recv(PATIENCE_S)
    assert isinstance(frame, bytes)
    return decode(frame)


@contextmanager
def listening(query: Query, instrument: Instrument, *addresses: str) -> Iterator[ClientConnection]:
    """A client that has been told how its addresses are."""
    with joined(query) as client:
        for address in addresses:
            instrument.values.setdefault(address, (0.25,))
            say(client, "LISTEN", address)
            assert next_message(client) == OscMessage(address, instrument.values[address])
        yield client
