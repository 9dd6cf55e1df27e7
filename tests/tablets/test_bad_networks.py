"""A tablet on bad Wi-Fi: what is lost, late and out of order leaves nothing held, and in the end it shows the truth."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.bad_network import BadNetwork
from support.jack import environment
from support.osc_peers.peer import LOOPBACK
from support.tablet_stage import go_round, is_painted, listens_at, pad, strike, tablet, value, wishes
from support.touch_osc import Heard, Tablet
from support.twins.stage import QUIET, Stage, on_stage

from weaver.model.osc_addresses import Space
from weaver.model.osc_packet import decode
from weaver.model.osc_space import Row
from weaver.osc import telling

ACCESS_POINT, FAR = "127.0.0.5", "127.0.0.6"
LOSS, JITTER_S = 0.2, 0.08
AZURE, AMBER = 8, 3
REFRESH_S, HEALS_IN_S = 1.0, 10.0
"""All is told anew four times as often as it is, for the sake of whoever waits for this test; one in five is lost."""
PASSING = ("/alive", "/pong", "/heart/beat", "/show/elapsed", "/mood/", "/heart/bpm")
"""Addresses that never come to rest."""


@pytest.fixture(autouse=True)
def refreshed_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "REFRESH_S", REFRESH_S)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with environment(WEAVER_DATA=str(tmp_path_factory.mktemp("data"))), on_stage(wishes(stakes="off")) as made:
        yield made


@pytest.fixture
def network(stage: Stage) -> Iterator[BadNetwork]:
    reply_port = stage.instrument.wishes.reply_port
    with BadNetwork(listens_at(stage), ACCESS_POINT, FAR, reply_port, LOSS, 0.0, JITTER_S) as made:
        yield made


@pytest.fixture
def far(stage: Stage, network: BadNetwork) -> Iterator[Tablet]:
    with tablet(stage, FAR, to=(ACCESS_POINT, network.port)) as made:
        assert stage.until(lambda: is_painted(made))
        yield made


@pytest.fixture
def near(stage: Stage) -> Iterator[Tablet]:
    """A tablet that misses nothing."""
    with tablet(stage, LOOPBACK) as made:
        assert stage.until(lambda: is_painted(made))
        yield made


def standing(stage: Stage) -> list[tuple[str, Row]]:
    """Addresses that have to show the same everywhere, once all is at rest."""
    nodes = Space([sphere.name for sphere in stage.instrument.engine.spheres.spheres]).nodes()
    return [
        (address, row)
        for address, row in nodes
        if row.is_shown and not row.is_event and not address.startswith(PASSING)
    ]


def differences(stage: Stage, far: Tablet, near: Tablet) -> list[tuple[str, object, object]]:
    found = []
    for address, row in standing(stage):
        here, there = near.last(address), far.last(address)
        if here is None or there is None:
            is_same = here is there
        else:
            is_same = all(
                one == other if isinstance(one, str) else abs(one - other) <= row.step
                for one, other in zip(here, there, strict=True)
            )
        if not is_same:
            found.append((address, here, there))
    return found


def test_in_the_end_it_shows_what_is_true_and_nothing_sounds_on(
    stage: Stage, network: BadNetwork, far: Tablet, near: Tablet
) -> None:
    for sphere in range(1, 9):
        strike(far, sphere)
        finger = far.finger_down(pad(far, f"/sphere/{sphere}/finger/1"), 0.5, 0.9)
        go_round(stage, finger, 0.1)
        finger.up()
    for number, gesture in enumerate(("bend", "tilt", "lift", "place"), 1):
        finger = far.finger_down(pad(far, f"/sphere/{number}/{gesture}"), 0.1, 0.1)
        for step in range(1, 9):
            finger.move(0.1 * step, 0.1 * step)
            stage.wait(1 / 60)
        finger.up()
    touch = stage.state.touch
    assert stage.until(lambda: touch.pressure_target[:8].max() == 0.0, 2.0), "a finger that was lifted rubs on"
    stage.instrument.engine.gesture("hush")
    assert stage.until(lambda: stage.state.sphere.energy[:8].max() < QUIET)
    assert stage.until(lambda: not differences(stage, far, near), HEALS_IN_S), differences(stage, far, near)
    assert len(standing(stage)) > 200 and min(network.counts["lost"], network.counts["overtaken"]) > 20
    assert far.scripts.errors == []


@pytest.mark.parametrize("what", ["damp", "soothe"])
def test_a_release_that_is_lost_is_said_again(stage: Stage, network: BadNetwork, far: Tablet, what: str) -> None:
    network.loss = network.jitter_s = 0.0
    address = f"/sphere/{AZURE}/{what}"
    held = stage.state.sphere.damping_target if what == "damp" else stage.state.touch.soothe_target
    finger = far.finger_down(pad(far, address))
    assert stage.until(lambda: held[AZURE - 1] == 1.0)
    lost = lose_one(network, address)
    finger.up()
    assert stage.until(lambda: held[AZURE - 1] == 0.0)
    assert lost == [0.0] and value(far, address) == 0.0


def test_a_lift_that_is_lost_is_said_again(stage: Stage, network: BadNetwork, far: Tablet) -> None:
    """So that the finger strikes when it soon lands there again."""
    network.loss = network.jitter_s = 0.0
    before = said_to(far.heard, f"/sphere/{AMBER}/played")
    finger = far.finger_down(pad(far, f"/sphere/{AMBER}/finger/1"), 0.5, 0.8)
    address = finger.address  # of the uppermost of the sphere's
    assert stage.until(lambda: said_to(far.heard, f"/sphere/{AMBER}/played") == before + 1)
    lost = lose_one(network, address)
    finger.up()
    assert stage.until(lambda: said_to(far.said, f"{address}/z") == 1)
    strike(far, AMBER)
    assert stage.until(lambda: said_to(far.heard, f"/sphere/{AMBER}/played") == before + 2)
    assert lost == [0.0]


def said_to(messages: list[Heard], address: str) -> int:
    """How many of them are to an address."""
    return sum(where == address for _, where, _ in list(messages))


def lose_one(network: BadNetwork, address: str) -> list[object]:
    """Lose the next packet to an address that says that it is let go of; the list gets what it said."""
    lost: list[object] = []

    def loses(packet: bytes) -> bool:
        message = decode(packet)
        if not lost and message.address == address and message.arguments[-1] == 0.0:
            lost.append(message.arguments[-1])
            return True
        return False

    network.loses = loses
    return lost


def test_a_release_that_is_lost_is_seen_and_a_tap_mends_it(stage: Stage, network: BadNetwork, far: Tablet) -> None:
    network.loss = network.jitter_s = 0.0
    address = f"/sphere/{AZURE}/damp"
    damping = stage.state.sphere.damping_target
    finger = far.finger_down(pad(far, address))
    assert stage.until(lambda: damping[AZURE - 1] == 1.0)
    network.loses = lambda packet: packet.startswith(address.encode())
    finger.up()
    assert stage.until(lambda: value(far, address) == 1.0), "the tablet shows that it is still damped"
    network.loses = lambda packet: False
    far.tap(pad(far, address))
    assert stage.until(lambda: damping[AZURE - 1] == 0.0)
    assert stage.until(lambda: value(far, address) == 0.0)
