"""osc.js and node-osc, in a process of Node.js that is told by JSON lines what to say, and tells what it hears."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from support.needed import NODE_MODULES, node_module, program
from support.osc_peers.peer import OscPeer, Program, Received, Value, free_port

_SCRIPT = Path(__file__).with_name("node_peer.js")


class _Node(OscPeer):
    """One of the three ways that node_peer.js knows."""

    module: str
    way: str

    def __init__(self, to: tuple[str, int]) -> None:
        super().__init__(to)
        node_module(self.module)
        self.port = free_port()
        node = program("node", "nodejs")
        command = [node, str(_SCRIPT), self.way, str(self.port), *map(str, to)]
        self._program = Program(command, {"NODE_PATH": str(NODE_MODULES)})
        self._program.wait_until(lambda: "ready" in self._program.lines)

    def send(self, address: str, *values: Value) -> None:
        self._say([[address, *values]])

    def send_together(self, *messages: Sequence[Value]) -> None:
        """Say messages as one bundle, each an address and its arguments."""
        self._say(messages, is_bundle=True)

    def _say(self, messages: Sequence[Sequence[Value]], is_bundle: bool = False) -> None:
        host, port = self.to
        self._program.say(json.dumps({"host": host, "port": port, "messages": messages, "isBundle": is_bundle}))

    def received(self) -> list[Received]:
        found = (json.loads(line) for line in list(self._program.lines) if line.startswith("["))
        return [(address, values) for address, *values in found]

    def close(self) -> None:
        self._program.close()


class OscJs(_Node):
    """Says from the port it hears at; whole numbers as integers, others as floats, as we choose for it."""

    module, way = "osc", "osc.js"


class OscJsTcp(_Node):
    """A connection to `to` that was there from the beginning, framed by SLIP; answers come back by it."""

    module, way = "osc", "osc.js-tcp"


class NodeOsc(_Node):
    """Says from any port, hears at its own; types are its own choice."""

    module, way = "node-osc", "node-osc"
