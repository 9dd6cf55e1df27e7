"""The npm packages oscquery, ws and osc as one client of OSCQuery, in a process of Node.js."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from support.eventually import eventually
from support.needed import NODE_MODULES, node_module, program
from support.osc_peers.peer import Program

_SCRIPT = Path(__file__).with_name("oscquery_client.js")


class OscQueryClient:
    """Finds the instrument of that name by zeroconf, or goes to `port` straight, and keeps what it is told."""

    def __init__(self, name: str, port: int = 0) -> None:
        for module in ("oscquery", "ws", "osc"):
            node_module(module)
        node = program("node", "nodejs")
        self._program = Program([node, str(_SCRIPT), name, str(port)], {"NODE_PATH": str(NODE_MODULES)})

    def told(self, key: str) -> list[Any]:
        """All lines so far that tell about something, in order."""
        lines = [json.loads(line) for line in list(self._program.lines) if line.startswith("{")]
        return [line for line in lines if key in line]

    def wait_for(self, key: str) -> Any:
        """The first line that tells about something."""
        assert eventually(lambda: self.told(key)), self._program.lines
        return self.told(key)[0]

    def listen(self, address: str) -> None:
        """Ask to be told of an address."""
        self._program.say(json.dumps({"listen": address}))

    def say(self, address: str, *values: float) -> None:
        """Say a message by the WebSocket."""
        self._program.say(json.dumps({"say": [address, *values]}))

    def close(self) -> None:
        """End it."""
        self._program.close()


@contextmanager
def oscquery_client(name: str, port: int = 0) -> Iterator[OscQueryClient]:
    """For a while."""
    client = OscQueryClient(name, port)
    try:
        yield client
    finally:
        client.close()
