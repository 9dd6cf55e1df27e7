"""Pure Data without sound or window: netsend and netreceive, oscformat and oscparse.

Its patch is told by FUDI over TCP what to say. oscparse takes bundles apart, and gives an address as a list of its
parts with the arguments behind them: where one ends and the others begin is known only to who knows the address.
"""

from __future__ import annotations

import socket
import tempfile
from pathlib import Path

from support.needed import program
from support.osc_peers.peer import LOOPBACK, OscPeer, Program, Received, Value, free_port, is_taken

_PATCH = """#N canvas 0 0 450 300 10;
#X obj 10 10 netreceive -u -b {port};
#X obj 10 40 oscparse;
#X obj 10 100 print heard;
#X obj 200 10 netreceive {control};
#X obj 200 40 route to address types say;
#X obj 200 70 trigger anything bang;
#X obj 200 100 list prepend connect;
#X obj 200 130 list trim;
#X msg 240 160 disconnect;
#X obj 300 70 list prepend set;
#X obj 300 100 list trim;
#X obj 300 130 oscformat;
#X obj 300 160 list prepend send;
#X obj 300 190 list trim;
#X obj 200 220 netsend -u -b;
#X obj 400 70 list prepend format;
#X obj 400 100 list trim;
#X obj 450 70 list prepend;
#X connect 0 0 1 0;
#X connect 1 0 2 0;
#X connect 3 0 4 0;
#X connect 4 0 5 0;
#X connect 5 0 6 0;
#X connect 6 0 7 0;
#X connect 7 0 14 0;
#X connect 5 1 8 0;
#X connect 8 0 14 0;
#X connect 4 1 9 0;
#X connect 9 0 10 0;
#X connect 10 0 11 0;
#X connect 4 2 15 0;
#X connect 15 0 16 0;
#X connect 16 0 11 0;
#X connect 4 3 17 0;
#X connect 17 0 11 0;
#X connect 11 0 12 0;
#X connect 12 0 13 0;
#X connect 13 0 14 0;
"""


class PureData(OscPeer):
    """Says from any port, hears at its own. All its numbers are floats; texts are without blanks."""

    def __init__(self, to: tuple[str, int]) -> None:
        super().__init__(to)
        pd = program("pd", "puredata-core")
        self.port, control = free_port(), free_port()
        self._folder = tempfile.TemporaryDirectory()
        patch = Path(self._folder.name) / "peer.pd"
        patch.write_text(_PATCH.format(port=self.port, control=control))
        options = "-nogui -noaudio -nomidi -noprefs -stderr -open".split()
        self._program = Program([pd, *options, str(patch)])
        self._program.wait_until(lambda: is_taken(self.port) and is_taken(control, socket.SOCK_STREAM))
        self._control = socket.create_connection((LOOPBACK, control))
        self._said_to: tuple[str, int] | None = None

    def send(self, address: str, *values: Value) -> None:
        if self._said_to != self.to:
            self._said_to = self.to
            self._tell("to", *self.to)
        self._tell("address", *address[1:].split("/"))
        self._tell("types", "".join("s" if isinstance(value, str) else "f" for value in values) or "f")
        self._tell("say", *(value if isinstance(value, str) else float(value or 0) for value in values))

    def _tell(self, *words: Value) -> None:
        self._control.sendall((" ".join(map(str, words)) + ";\n").encode())

    def received(self) -> list[Received]:
        """Arguments stand as parts of their address."""
        return [("/" + "/".join(words), []) for words in self._words()]

    def heard(self, address: str) -> list[list[Value]]:
        parts = address[1:].split("/")
        return [list(map(_value, words[len(parts) :])) for words in self._words() if words[: len(parts)] == parts]

    def _words(self) -> list[list[str]]:
        heard = (line.removeprefix("heard: ") for line in list(self._program.lines) if line.startswith("heard: "))
        return [line.removeprefix("list ").split() for line in heard]

    def close(self) -> None:
        self._control.close()
        self._program.close()
        self._folder.cleanup()


def _value(word: str) -> Value:
    try:
        return float(word)
    except ValueError:
        return word
