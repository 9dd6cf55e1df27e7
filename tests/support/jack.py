"""A private JACK server on the dummy driver: a real peer for everything that speaks JACK."""

from __future__ import annotations

import gc
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import jack

START_TIMEOUT_S = 10.0
STOP_TIMEOUT_S = 5.0
PLACE_TIMEOUT_S = 60.0
"""A machine has places for eight servers; when all are taken, tests elsewhere on it will end."""
NO_PLACE = "Too many servers already active"
SETTLED_PERIODS = 4
"""In which a new connection is surely taken over, though a client be late."""
WITNESS = Path(__file__).with_name("jack_witness.py")
_numbers = itertools.count()
_witnesses: dict[str, subprocess.Popen[str]] = {}


@dataclass(frozen=True)
class JackServer:
    """A server that runs. Clients find it unasked: libjack reads JACK_DEFAULT_SERVER when one opens."""

    name: str
    sample_rate_hz: int
    period_frames: int
    pid: int


@contextmanager
def environment(**values: str) -> Iterator[None]:
    """Environment variables for a while, visible to C libraries too; afterwards all is as it was."""
    before = {key: os.environ.get(key) for key in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for key, value in before.items():
            if value is None:
                os.environ.pop(key, None)
            else:
                os.environ[key] = value


@contextmanager
def jack_server(rate: int = 48_000, period: int = 256) -> Iterator[JackServer]:
    """A server of our own at `rate` hertz and `period` frames, which answers when this yields.

    Close clients before it ends: some libraries hang on a server that is gone. Ends only its own process, which ends
    with ours however that ends: a machine has room for eight servers, and those left over would take it.
    Raises RuntimeError, with what jackd said, when it does not come up.
    """
    name = f"weaver-test-{os.getpid()}-{next(_numbers)}"
    setpriv = shutil.which("setpriv")
    dies_with_us = [setpriv, "--pdeathsig", "TERM"] if setpriv else []
    command = [*dies_with_us, "jackd", "-r", "-n", name, "-d", "dummy", "-r", str(rate), "-p", str(period)]
    with (
        environment(JACK_DEFAULT_SERVER=name, JACK_NO_START_SERVER="1"),
        tempfile.TemporaryFile("w+") as said,
    ):
        process = _start(command, said)
        try:
            yield JackServer(name, rate, period, process.pid)
        finally:
            if (witness := _witnesses.pop(name, None)) is not None:
                witness.communicate()
            gc.collect()  # a client that only waits to be collected must not outlive its server
            process.terminate()
            try:
                process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            for left in Path("/dev/shm").glob(f"jack_*_{name}_*"):  # jackd forgets a semaphore now and then
                left.unlink(missing_ok=True)


def _start(command: list[str], said: IO[str]) -> subprocess.Popen[bytes]:
    """The server's process, which answers. Raises RuntimeError."""
    until_s = time.monotonic() + PLACE_TIMEOUT_S
    while True:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT)
        if _answers(process):
            return process
        process.terminate()
        process.wait()
        said.seek(0)
        words = said.read()[-1000:]
        if NO_PLACE not in words or time.monotonic() > until_s:
            raise RuntimeError(f"jackd did not start: {words}")
        time.sleep(1.0)
        said.truncate(0)


def settle() -> None:
    """Wait until what was connected before this is heard.

    The server takes new connections over between two periods, and a period later where a client had not done.
    """
    name = os.environ["JACK_DEFAULT_SERVER"]
    if (witness := _witnesses.get(name)) is None:
        command = [sys.executable, "-P", str(WITNESS), str(SETTLED_PERIODS)]
        witness = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        _witnesses[name] = witness
    assert witness.stdin is not None and witness.stdout is not None
    witness.stdin.write("\n")
    witness.stdin.flush()
    assert witness.stdout.readline() == "\n", "the witness has ended"


def _answers(process: subprocess.Popen[bytes]) -> bool:
    """Whether a client can connect before the time is up."""
    until_s = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < until_s and process.poll() is None:
        try:
            jack.Client("weaver-probe", no_start_server=True).close()
        except jack.JackOpenError:
            time.sleep(0.05)
        else:
            return True
    return False
