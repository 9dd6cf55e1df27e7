"""Compiling ahead of the first sound, so that nothing compiles while the instrument plays, and how far it is.

A cold start uses three processes: two compile the units (`engine.units`), which call little that the rest calls, while
this one compiles the rest. Where all is in the cache neither compiles anything.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from numba import types
from numba.core import event

from weaver.dsp.jit import CACHE, PACKAGE
from weaver.engine.hands import read_hand
from weaver.engine.midi_out import take_clock_out, take_midi_out
from weaver.engine.mts import read_message
from weaver.engine.performance import boot, render
from weaver.engine.ring import push_batch, push_command, raise_panic, take_log, take_notices
from weaver.engine.snapshot import read_snapshot
from weaver.engine.tune import log_tuning

BESIDE = (("room", "midi"), ("life",))
"""What each process beside this one compiles."""


class _Counter(event.Listener):  # type: ignore[misc, unused-ignore]
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
def units_beside() -> Iterator[None]:
    """While this lasts, other processes compile the units that are not in the cache; their end is waited for.

    If one fails, whoever needs its units compiles them.
    """
    children = [_start_child(units) for units in BESIDE if not all(_is_cached(unit) for unit in units)]
    gc.disable()  # a compiler makes millions of objects that all live until it has done
    try:
        yield
        for child in children:
            child.wait()
    finally:
        gc.enable()
        for child in children:
            if child.poll() is None:
                child.terminate()
                child.wait()


def _is_cached(unit: str) -> bool:
    return any(CACHE.rglob(f"units._{unit}*.nbi"))


def _start_child(units: Sequence[str]) -> subprocess.Popen[bytes]:
    paths = [str(PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(
        [sys.executable, "-m", "weaver.engine.units", *units],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def compile_entries() -> None:
    """Everything that `Engine` calls beside a host, for the types that it calls it with."""
    address = types.intp
    numbers = (types.intp,) * 4 + (types.float64,) * 4
    boot.compile((address,))
    push_command.compile((address, *numbers, types.boolean))
    push_batch.compile((address, address, types.intp, types.intp))
    raise_panic.compile((address,))
    take_notices.compile((address, address, types.intp))
    take_log.compile((address, address, types.intp))
    read_snapshot.compile((address, address))
    take_midi_out.compile((address, address, types.intp))
    take_clock_out.compile((address, address, types.intp))
    read_hand.compile((address, types.intp, address))
    read_message.compile((address, types.intp, types.intp, address))
    log_tuning.compile((address, address))


def compile_offline() -> None:
    """What renders without a host."""
    render.compile((types.intp, types.intp, types.intp))
