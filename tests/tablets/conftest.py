"""An engine that peers speak to."""

from __future__ import annotations

import pytest
from support.speaking import Stage


@pytest.fixture
def stage() -> Stage:
    return Stage()
