"""An engine on a JACK server that follows somebody else's time, and what it makes of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple, TypeVar

import jack
import numpy as np
import pytest
from numpy.typing import NDArray
from support.eventually import eventually

from weaver.engine.engine import Engine

ATTEMPTS = 3
LOOK_S = 0.01
T = TypeVar("T")


class Times(NamedTuple):
    """Looks at the song's time, one after another: its fields as the snapshot has them."""

    frame: NDArray[np.int64]
    bpm: NDArray[np.float64]
    beat: NDArray[np.float64]
    rolling: NDArray[np.int64]
    source: NDArray[np.int64]


def watch(engine: Engine, seconds: float) -> Times:
    """Look for so long, again and again."""
    looks = []
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        now = engine.snapshot()
        looks.append((now.frame, now.tempo_bpm, now.beat, now.rolling, now.time_source))
        time.sleep(LOOK_S)
    frame, bpm, beat, rolling, source = zip(*looks, strict=True)
    return Times(
        np.array(frame, np.int64), np.array(bpm, float), np.array(beat, float), np.array(rolling), np.array(source)
    )


def undisturbed(lost: Callable[[], int], scene: Callable[[], T]) -> T:
    """What a scene gives, once the machine has kept every deadline meanwhile.

    What is lost with a period says nothing about who follows; where all attempts are disturbed, the test is skipped.
    """
    for _ in range(ATTEMPTS):
        before = lost()
        result = scene()
        if lost() == before:
            return result
    pytest.skip("the machine is busy elsewhere: it loses periods")


@contextmanager
def wiring() -> Iterator[Callable[[str, str], None]]:
    """Connects one port to another, as soon as both are there; a client of its own that has no part in the graph."""
    client = jack.Client("wiring", no_start_server=True)

    def connected(source: str, sink: str) -> bool:
        if sink not in (port.name for port in client.get_all_connections(source)):
            client.connect(source, sink)
        return True

    def connect(source: str, sink: str) -> None:
        def done() -> bool:
            try:
                return connected(source, sink)
            except jack.JackError:  # one is not there yet, or not yet active
                return False

        assert eventually(done), f"{source} cannot be connected to {sink}"

    try:
        yield connect
    finally:
        client.close()
