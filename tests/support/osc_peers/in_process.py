"""Libraries for Python: pyliblo3, which is liblo itself, and python-osc as a client."""

from __future__ import annotations

import pyliblo3
from pythonosc.osc_message import OscMessage
from pythonosc.osc_packet import OscPacket
from pythonosc.udp_client import SimpleUDPClient
from support.osc_peers.peer import OscPeer, Received, Value


class PyLiblo(OscPeer):
    """A server of liblo's that hears and says at the same port, or over TCP by one connection. It understands bundles,
    and whatever has come is taken when one asks for it."""

    def __init__(self, to: tuple[str, int], protocol: int = pyliblo3.UDP) -> None:
        super().__init__(to)
        self._protocol = protocol
        self._server = pyliblo3.Server(None, protocol)
        self._server.add_method(None, None, self._hear)
        self.port = self._server.port
        self._heard: list[Received] = []

    def _hear(self, path: str, values: list[Value], *_: object) -> None:
        self._heard.append((path, list(values)))

    def send(self, address: str, *values: Value) -> None:
        self._server.send(self._target(), address, *values)

    def send_together(self, *messages: tuple[str, *tuple[Value, ...]], in_s: float | None = None) -> None:
        """Say messages as one bundle, due in so many seconds; None is: at once."""
        together = [pyliblo3.Message(address, *values) for address, *values in messages]
        due = () if in_s is None else (pyliblo3.time() + in_s,)
        self._server.send(self._target(), pyliblo3.Bundle(*due, *together))

    def _target(self) -> pyliblo3.Address:
        return pyliblo3.Address(*self.to, self._protocol)

    def received(self) -> list[Received]:
        while self._server.recv(0):
            pass
        return list(self._heard)

    def close(self) -> None:
        self._server.free()


class PythonOsc(OscPeer):
    """Says and hears at one port that the system has chosen. Its client reads single messages only; bundles are taken
    apart by the library's parser."""

    def __init__(self, to: tuple[str, int]) -> None:
        super().__init__(to)
        self._client = SimpleUDPClient(*to, timeout=0)
        self._client._sock.bind(("", 0))
        self.port = self._client._sock.getsockname()[1]
        self._heard: list[Received] = []

    def send(self, address: str, *values: Value) -> None:
        self._client._address, self._client._port = self.to
        self._client.send_message(address, list(values))

    def received(self) -> list[Received]:
        while packet := self._client.receive():
            for timed in OscPacket(packet).messages:
                message: OscMessage = timed.message
                self._heard.append((message.address, list(message.params)))
        return list(self._heard)

    def close(self) -> None:
        self._client.close()
