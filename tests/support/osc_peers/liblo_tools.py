"""liblo's oscsend and oscdump, over UDP or TCP (each message on a connection of its own, as oscsend does it)."""

from __future__ import annotations

import re
import shlex
import socket
import subprocess

from support.needed import program
from support.osc_peers.peer import OscPeer, Program, Received, Value, free_port, is_taken

_CONSTANTS: dict[str, Value] = {"#T": True, "#F": False, "Nil": None}
_LINE = re.compile(r"[0-9a-f]{8}\.[0-9a-f]{8} (/\S*) ?(\S*) ?(.*)")


class LibloTools(OscPeer):
    """`scheme` is osc.udp or osc.tcp. Each message is said from another port."""

    def __init__(self, to: tuple[str, int], scheme: str = "osc.udp", port: int | None = None) -> None:
        super().__init__(to)
        self._scheme = scheme
        self._oscsend = program("oscsend", "liblo-tools")
        self.port = port or free_port()
        kind = socket.SOCK_STREAM if scheme == "osc.tcp" else socket.SOCK_DGRAM
        where = f"osc.tcp://:{self.port}" if scheme == "osc.tcp" else str(self.port)
        self._dump = Program([program("oscdump", "liblo-tools"), "-L", where])
        self._dump.wait_until(lambda: is_taken(self.port, kind))

    def send(self, address: str, *values: Value) -> None:
        host, port = self.to
        tags = "".join(map(_tag, values))
        words = [str(value) for value in values if not isinstance(value, bool) and value is not None]
        subprocess.run([self._oscsend, f"{self._scheme}://{host}:{port}/", address, tags, *words], check=True)

    def received(self) -> list[Received]:
        found = (_LINE.fullmatch(line) for line in list(self._dump.lines))
        return [(line[1], list(map(_value, line[2], shlex.split(line[3])))) for line in found if line is not None]

    def close(self) -> None:
        self._dump.close()


def _tag(value: Value) -> str:
    if value is None or isinstance(value, bool):
        return {None: "N", True: "T", False: "F"}[value]
    return "i" if isinstance(value, int) else "f" if isinstance(value, float) else "s"


def _value(tag: str, word: str) -> Value:
    if tag in "ih":
        return int(word)
    if tag in "fd":
        return float(word)
    return _CONSTANTS[word] if tag in "TFN" else word
