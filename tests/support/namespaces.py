"""Two machines made of network namespaces, with a cable between them: an instrument in one, tablets in the other.

A thread, and all threads it starts, can be in a namespace while the rest of the process is not, and a socket stays in
the one it was made in. Only Linux has them, and only root may make them.
"""

from __future__ import annotations

import ctypes
import itertools
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.needed import program

HERE = "10.77.0.1"
THERE = ("10.77.0.2", "10.77.0.3", "10.77.0.4")
_FOLDER = Path("/run/netns")
_CLONE_NEWNET = 0x40000000
_numbers = itertools.count()


@dataclass(frozen=True)
class Lan:
    """The two machines, by the names of their namespaces: `here` has the address HERE, `there` all of THERE."""

    here: str
    there: str

    def socket_there(self) -> socket.socket:
        """A UDP socket of the other machine's."""
        with inside(self.there):
            return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)


@contextmanager
def lan() -> Iterator[Lan]:
    """Both machines, cabled; gone afterwards. Skips where that is not permitted."""
    ip = program("ip", "iproute2")
    number = f"{os.getpid()}-{next(_numbers)}"
    made = Lan(f"weaver-here-{number}", f"weaver-there-{number}")
    try:
        _run(ip, f"netns add {made.here}")
        _run(ip, f"netns add {made.there}")
        _run(ip, f"link add wire netns {made.here} type veth peer name wire netns {made.there}")
        for name, addresses in ((made.here, (HERE,)), (made.there, THERE)):
            for address in addresses:
                _run(ip, f"-n {name} address add {address}/24 dev wire")
            _run(ip, f"-n {name} link set lo up")
            _run(ip, f"-n {name} link set wire up")
            _run(ip, f"-n {name} route add default dev wire")  # multicast needs a way too
        with inside(made.there):
            pass
    except (subprocess.CalledProcessError, OSError) as error:
        _remove(ip, made)
        pytest.skip(f"no network namespaces here: {error}")
    try:
        yield made
    finally:
        _remove(ip, made)


@contextmanager
def inside(name: str) -> Iterator[None]:
    """This thread is in that namespace for a while. Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open("/proc/thread-self/ns/net") as before, open(_FOLDER / name) as wanted:
        _enter(libc, wanted.fileno())
        try:
            yield
        finally:
            _enter(libc, before.fileno())


def _enter(libc: ctypes.CDLL, file: int) -> None:
    if libc.setns(file, _CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


def _run(ip: str, words: str) -> None:
    subprocess.run([ip, *words.split()], check=True, capture_output=True)


def _remove(ip: str, made: Lan) -> None:
    for name in (made.here, made.there):
        subprocess.run([ip, "netns", "delete", name], check=False, capture_output=True)
