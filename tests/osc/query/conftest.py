"""A server of OSCQuery, and the instrument behind it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.querying import Instrument, serving

from weaver.osc.query import Query


@pytest.fixture
def instrument() -> Instrument:
    return Instrument()


@pytest.fixture
def query(instrument: Instrument) -> Iterator[Query]:
    with serving(instrument) as query:
        yield query
