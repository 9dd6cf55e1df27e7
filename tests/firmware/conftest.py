"""A controller to play on, and one with a host."""

from __future__ import annotations

import pytest
from support.sphere_player import Player

from weaver.model import surface_protocol as protocol


@pytest.fixture
def player() -> Player:
    """A controller that was left alone until it had calibrated itself."""
    made = Player()
    made.run(0.6)
    return made


@pytest.fixture
def host(player: Player) -> Player:
    """A controller that a host has welcomed."""
    player.tell(protocol.Welcome())
    player.run(0.05)
    return player
