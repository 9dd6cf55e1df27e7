"""Waiting for what another thread or process is about to do, without guessing how long it takes."""

from __future__ import annotations

import time
from collections.abc import Callable

GIVE_UP_S = 10.0


def eventually(what: Callable[[], object], give_up_s: float = GIVE_UP_S) -> bool:
    """Whether `what()` becomes true; asks every few milliseconds, gives up only where something is broken."""
    until_s = time.monotonic() + give_up_s
    while not what():
        if time.monotonic() > until_s:
            return False
        time.sleep(0.003)
    return True
