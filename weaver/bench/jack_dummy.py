"""A private JACK server without hardware: real timing, nothing audible, and nobody else's graph disturbed."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from weaver.model.errors import DeviceError

START_TIMEOUT_S = 10.0
STOP_TIMEOUT_S = 5.0
POLL_S = 0.02

_numbers = itertools.count()


@dataclass(frozen=True)
class JackServer:
    """A running server: its name, and its period in frames at `rate_hz`."""

    name: str
    rate_hz: int
    period_frames: int

    @property
    def environment(self) -> dict[str, str]:
        """The environment that makes a child's JACK clients join this server and start no other."""
        return {**os.environ, "JACK_DEFAULT_SERVER": self.name, "JACK_NO_START_SERVER": "1"}


def libjack() -> Any:
    """The module `jack`, imported here because that fails without libjack. Raises DeviceError then."""
    try:
        import jack
    except OSError as error:
        raise DeviceError(f"libjack is missing: {error}") from error
    return jack


def realtime_allowed() -> bool:
    """Whether this process may use real-time scheduling, as a musician's machine is set up to allow."""
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    except (AttributeError, OSError):
        return False
    return True


@contextmanager
def jack_dummy(rate_hz: int = 48_000, period_frames: int = 64) -> Iterator[JackServer]:
    """Run `jackd` with its dummy driver under a name of its own; it answers when the block begins.

    Raises DeviceError when jackd is not installed, ends at once, or does not answer in START_TIMEOUT_S.
    """
    if shutil.which("jackd") is None:
        raise DeviceError("jackd is not installed")
    server = JackServer(f"weaver-{os.getpid()}-{next(_numbers)}", rate_hz, period_frames)
    scheduling = ["-R"] if realtime_allowed() else ["-r"]
    driver = ["-d", "dummy", "-r", str(rate_hz), "-p", str(period_frames)]
    process = subprocess.Popen(
        ["jackd", "-n", server.name, *scheduling, *driver], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for_answer(server, process)
        yield server
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to end, and kill it when it does not within STOP_TIMEOUT_S."""
    process.terminate()
    try:
        process.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_for_port(
    pattern: str, server: JackServer, timeout_s: float = 10.0, process: subprocess.Popen[bytes] | None = None
) -> str:
    """The first port of `server` whose full name the regular expression fits, as soon as there is one.

    Raises DeviceError after `timeout_s`, without the server, or once `process`, whose port it is, has ended.
    """
    jack = libjack()
    try:
        client = jack.Client("waiting", no_start_server=True, servername=server.name)
    except jack.JackError as error:
        raise DeviceError(f"the JACK server {server.name} does not answer: {error}") from error
    try:
        deadline_s = time.monotonic() + timeout_s
        while time.monotonic() < deadline_s:
            if ports := client.get_ports(pattern):
                return str(ports[0].name)
            if process is not None and process.poll() is not None:
                raise DeviceError(f"{process.args!r} ended before it had a port {pattern!r}")
            time.sleep(POLL_S)
    finally:
        client.close()
    raise DeviceError(f"no JACK port {pattern!r} within {timeout_s:.0f} s")


def _wait_for_answer(server: JackServer, process: subprocess.Popen[bytes]) -> None:
    """Return once a client can join the server."""
    jack = libjack()
    jack.set_error_function(lambda message: None)  # each refused attempt would print three lines
    try:
        deadline_s = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline_s:
            if process.poll() is not None:
                raise DeviceError(f"jackd ended with {process.returncode} at its start")
            try:
                jack.Client("hello", no_start_server=True, servername=server.name).close()
                return
            except jack.JackOpenError:
                time.sleep(POLL_S)
    finally:
        jack.set_error_function(None)
    raise DeviceError(f"jackd did not answer within {START_TIMEOUT_S:.0f} s")
