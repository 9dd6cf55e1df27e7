"""Compiling ahead of the first sound: how much there is of it, and two cores for it.

    python -m weaver.engine.precompile

fills the on-disk cache with the entries that Python calls. A cold start runs this beside itself, while it
compiles what takes longer, the host's callback; then it finds the entries in the cache.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numba
import numpy as np
from numba.core import event

from weaver.dsp.jit import PACKAGE
from weaver.dsp.layout import NOTICE, SNAPSHOT, new_state
from weaver.engine.performance import boot, render
from weaver.engine.ring import push_command, raise_panic, take_notices
from weaver.engine.snapshot import read_snapshot


class _Counter(event.Listener):
    """Counts functions as Numba begins to compile them; what comes from the cache does not count."""

    def __init__(self, tell: Callable[[int], None]) -> None:
        self._tell = tell
        self._count = 0

    def on_start(self, _: Any) -> None:
        self._count += 1
        self._tell(self._count)

    def on_end(self, _: Any) -> None:
        """How long it took does not matter."""


@contextmanager
def counting(tell: Callable[[int], None]) -> Iterator[None]:
    """Call `tell` with 1, 2, 3... as functions are compiled in this process; never, if all are in the cache."""
    listener = _Counter(tell)
    event.register("numba:compile", listener)
    try:
        yield
    finally:
        event.unregister("numba:compile", listener)


@contextmanager
def entries_beside() -> Iterator[None]:
    """While this lasts, the first compilation starts a second process for the entries; its end is waited for.

    If it fails, whoever needs the entries compiles them.
    """
    started: list[subprocess.Popen[bytes]] = []

    def start(count: int) -> None:
        if count == 1:
            started.append(_start_child())

    with counting(start):
        try:
            yield
            for child in started:
                child.wait()
        finally:
            for child in started:
                if child.poll() is None:
                    child.terminate()
                    child.wait()


def _start_child() -> subprocess.Popen[bytes]:
    paths = [str(PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(
        [sys.executable, "-m", __name__],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def compile_offline() -> None:
    """The entry that renders without a host."""
    render.compile((numba.typeof(new_state(48_000.0)), numba.typeof(np.zeros((1, 2), np.float32))))


def compile_entries() -> None:
    """Each of the others, for the types that `Engine` calls it with."""
    state = new_state(48_000.0)
    boot.compile((numba.typeof(state),))
    push_command(state, 0, 0, -1, 0, 0.0, 0.0, 0.0, 0.0, True)
    raise_panic(state)
    take_notices(state, np.zeros(1, NOTICE).view(np.recarray))
    read_snapshot(state, np.zeros(1, SNAPSHOT).view(np.recarray)[0])


if __name__ == "__main__":
    compile_entries()
