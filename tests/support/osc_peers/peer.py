"""What all of them are: somebody who says messages to one address, and keeps what it hears."""

from __future__ import annotations

import itertools
import os
import socket
import subprocess
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence

from support.eventually import eventually

Value = int | float | str | bool | None
Received = tuple[str, list[Value]]
LOOPBACK = "127.0.0.1"
_ENDS_IN_S = 5.0
_first_port = itertools.count(20_000 + os.getpid() % 2_000 * 10)
"""Below the ports that the system gives away, so that nobody gets one between our look and the program's bind."""


class OscPeer(ABC):
    """Says to `to`, hears at `port`. A context manager; has begun to listen once it is made."""

    def __init__(self, to: tuple[str, int]) -> None:
        self.to = to
        self.port = 0

    @abstractmethod
    def send(self, address: str, *values: Value) -> None:
        """Say a message."""

    @abstractmethod
    def received(self) -> list[Received]:
        """All messages heard so far."""

    @abstractmethod
    def close(self) -> None:
        """End it; a second call does nothing."""

    def heard(self, address: str) -> list[list[Value]]:
        """The arguments of all messages to an address."""
        return [values for where, values in self.received() if where == address]

    def __enter__(self) -> OscPeer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Program:
    """A process whose lines are kept as they come. Ends only itself."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        self.lines: list[str] = []
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=os.environ | (environment or {}),
        )
        self._reader = threading.Thread(target=self._read, name=command[0], daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append(line.rstrip("\n"))

    def say(self, line: str) -> None:
        """Write a line to it."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def wait_until(self, ready: Callable[[], object]) -> None:
        """Raises RuntimeError, with what it has said, if that never comes to be."""
        if not eventually(lambda: ready() or self._process.poll() is not None) or self._process.poll() is not None:
            self.close()
            raise RuntimeError(f"{self._process.args!r} did not start: {self.lines[-20:]}")

    def close(self) -> None:
        """End it; a second call does nothing."""
        self._process.terminate()
        try:
            self._process.wait(_ENDS_IN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(_ENDS_IN_S)
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()


def is_taken(port: int, kind: socket.SocketKind = socket.SOCK_DGRAM) -> bool:
    """Whether somebody is bound to that port."""
    with socket.socket(socket.AF_INET, kind) as probe:
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return True
    return False


def free_port() -> int:
    """A port that nobody has, for UDP and TCP."""
    for port in _first_port:
        if not is_taken(port) and not is_taken(port, socket.SOCK_STREAM):
            return port
    raise AssertionError
