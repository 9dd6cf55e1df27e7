"""What is hurt is seen on every surface: sickly and cracked, and what has shattered is dark."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.jack import JackServer, environment
from support.twins import ApcMiniMk1, ApcMiniMk2, LaunchpadX
from support.twins.plug import Plug, plugged
from support.twins.stage import Stage, brightness, is_sickly, on_stage, ready, shown

from weaver.engine.harm import hurt
from weaver.wishes import Wishes

EMERALD, COBALT, AZURE = 3, 4, 7
CRACKS_ROW = 7
FRACTURED, ALL_THERE_IS = 0.5, 1.0


@pytest.fixture(scope="module")
def harmed(jackd: JackServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stage, tuple[Plug, ...]]]:
    """Cobalt is fractured and Azure shattered; nothing is at stake, so that it stays so."""
    folder = str(tmp_path_factory.mktemp("data"))
    with environment(WEAVER_DATA=folder), on_stage(Wishes(audio="jack", stakes="off")) as stage:
        with plugged(LaunchpadX(), ApcMiniMk2(), ApcMiniMk1()) as plugs:
            stage.ring()
            assert ready(stage, *plugs)
            address = stage.instrument.engine.address
            hurt(address, COBALT, FRACTURED)
            hurt(address, AZURE, ALL_THERE_IS)
            assert stage.until(lambda: (stage.states()[COBALT], stage.states()[AZURE]) == ("fractured", "shattered"))
            yield stage, plugs


def test_a_cracked_sphere_turns_sickly_and_whole_ones_do_not(harmed: tuple[Stage, tuple[Plug, ...]]) -> None:
    stage, (launchpad, apc, _) = harmed
    for sphere in range(COBALT + 1):
        stage.instrument.engine.gesture("strike", sphere, velocity=0.9)
    for plug in (launchpad, apc):
        assert stage.until(lambda plug=plug: any(map(is_sickly, shown(plug, COBALT))), 3.0)  # type: ignore[misc]
        assert not any(map(is_sickly, shown(plug, EMERALD)))


def test_cracks_are_seen_where_they_are_and_nowhere_else(harmed: tuple[Stage, tuple[Plug, ...]]) -> None:
    stage, plugs = harmed
    for plug in plugs:
        assert stage.until(lambda plug=plug: any(plug.light(COBALT, CRACKS_ROW)))  # type: ignore[misc]
        assert not any(plug.light(EMERALD, CRACKS_ROW))


def test_what_is_shattered_is_dark(harmed: tuple[Stage, tuple[Plug, ...]]) -> None:
    stage, plugs = harmed
    stage.instrument.engine.gesture("strike", AZURE, velocity=0.9)
    for plug in plugs:
        assert stage.until(lambda plug=plug: brightness(plug, AZURE) < 0.3 * brightness(plug, EMERALD))  # type: ignore[misc]
