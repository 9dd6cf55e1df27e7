"""sclang, SuperCollider's language, without a window or a sound server.

It is told over OSC what to say: /say address value..., and /later seconds address value..., as a bundle with a real
time tag. What else it hears it writes down as one line of JSON.
"""

from __future__ import annotations

import json
import os
import socket
import tempfile
from pathlib import Path

from pythonosc.udp_client import SimpleUDPClient
from support.needed import program
from support.osc_peers.peer import LOOPBACK, OscPeer, Program, Received, Value, free_port

_SCRIPT = """
var to = NetAddr("127.0.0.1", 9);
thisProcess.addOSCRecvFunc({ |message, time, from|
  switch(message[0],
    '/to', { to = NetAddr(message[1].asString, message[2].asInteger) },
    '/say', { to.sendMsg(*message[1..]) },
    '/later', { to.sendBundle(message[1], message[2..]) },
    {
      ("heard [" ++ message.collect({ |value|
        if(value.isNumber) { value.asString } { "\\"" ++ value.asString ++ "\\"" }
      }).join(", ") ++ "]").postln;
    });
});
("listening at" + NetAddr.langPort).postln;
"""


class SuperCollider(OscPeer):
    """Says and hears at one port. It has no truth values on the wire: they go out as 1 and 0."""

    def __init__(self, to: tuple[str, int]) -> None:
        super().__init__(to)
        sclang = program("sclang", "supercollider-language")
        self.port = free_port()
        self._folder = tempfile.TemporaryDirectory()
        script = Path(self._folder.name) / "peer.scd"
        script.write_text(_SCRIPT)
        environment = {
            "HOME": self._folder.name,
            "XDG_RUNTIME_DIR": self._folder.name,
            "QT_QPA_PLATFORM": "offscreen",
            "QTWEBENGINE_DISABLE_SANDBOX": "1",
        }
        os.chmod(self._folder.name, 0o700)
        self._program = Program([sclang, "-u", str(self.port), str(script)], environment)
        self._program.wait_until(lambda: any(line.startswith("listening at") for line in self._program.lines))
        self._control = SimpleUDPClient(LOOPBACK, self.port, family=socket.AF_INET)
        self._said_to: tuple[str, int] | None = None

    def send(self, address: str, *values: Value) -> None:
        self._tell("/say", address, *values)

    def send_later(self, in_s: float, address: str, *values: Value) -> None:
        """Say it now, in a bundle that is due in so many seconds."""
        self._tell("/later", in_s, address, *values)

    def _tell(self, call: str, *values: Value) -> None:
        if self._said_to != self.to:
            self._said_to = self.to
            self._control.send_message("/to", list(self.to))
        self._control.send_message(call, list(values))

    def received(self) -> list[Received]:
        heard = (line.partition("heard ") for line in list(self._program.lines))
        found = [json.loads(rest) for before, mark, rest in heard if mark and not before.strip("-> ")]
        return [(address, values) for address, *values in found]

    def close(self) -> None:
        self._control.close()
        self._program.close()
        self._folder.cleanup()
