"""A JACK server with long periods, for graphs of many programs on a machine that may be busy."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from support.following import wiring
from support.jack import JackServer, jack_server
from support.needed import program

PERIOD_FRAMES = 1024


@pytest.fixture(scope="module")
def server(request: pytest.FixtureRequest) -> Iterator[JackServer]:
    """With periods of PERIOD_FRAMES, which a module may have longer."""
    program("jackd", "jackd2")
    with jack_server(period=getattr(request.module, "PERIOD_FRAMES", PERIOD_FRAMES)) as one:
        yield one


@pytest.fixture(scope="module")
def connect(server: JackServer) -> Iterator[Callable[[str, str], None]]:
    with wiring() as wire:
        yield wire
