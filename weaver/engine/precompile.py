"""Compiling ahead of the first sound, so that nothing compiles while the instrument plays, and how far it is.

All of it happens in one process: what costs is to infer the kernels' types, and a second process, even on a second
core, would have to do that again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from numba import types
from numba.core import event

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


def compile_entries() -> None:
    """Everything that `Engine` calls beside a host, for the types that it calls it with."""
    address = types.intp
    numbers = (types.intp,) * 4 + (types.float64,) * 4
    boot.compile((address,))
    push_command.compile((address, *numbers, types.boolean))
    raise_panic.compile((address,))
    take_notices.compile((address, address, types.intp))
    read_snapshot.compile((address, address))


def compile_offline() -> None:
    """What renders without a host."""
    render.compile((types.intp, types.intp, types.intp))
