"""What a first start shows while the kernels are compiled: a warm one compiles nothing, and shows nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.status import Status

from weaver.engine.precompile import counting

WHAT = "learning to ring (first start only)"


@contextmanager
def learning(console: Console) -> Iterator[None]:
    """Show how many functions have been compiled, from the first one on."""
    status: list[Status] = []

    def tell(count: int) -> None:
        if not console.is_terminal:
            if count == 1:
                console.print(f"{WHAT} ...")
        elif not status:
            status.append(Status(f"{WHAT} ...", console=console, spinner="moon", speed=0.6, refresh_per_second=6))
            status[0].start()
        else:
            status[0].update(f"{WHAT}: {count} functions")

    with counting(tell):
        try:
            yield
        finally:
            for shown in status:
                shown.stop()
