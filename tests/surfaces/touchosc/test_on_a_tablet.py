"""Ready-made layouts on the twin of TouchOSC, before a plain socket that tells it all there is to tell."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from support.eventually import eventually
from support.osc_peers.peer import LOOPBACK, free_port
from support.touch_osc import Tablet

from weaver.model.configs import shipped_folder
from weaver.model.osc_addresses import Space
from weaver.model.osc_packet import decode, encode
from weaver.model.osc_space import FINGERS
from weaver.model.spheres import load_set

NAMES = [sphere.name for sphere in load_set("auditorium").spheres]
SOME = 50
"""Packets that a socket's buffer surely has room for."""


class Host:
    """A socket in the instrument's place."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((LOOPBACK, 0))
        self.socket.settimeout(10)

    def hear(self, address: str, count: int = 1) -> list[tuple[object, ...]]:
        """The arguments of the next messages to an address."""
        found: list[tuple[object, ...]] = []
        while len(found) < count:
            message = decode(self.socket.recv(1000))
            if message.address == address:
                found.append(message.arguments)
        return found


@pytest.fixture
def host() -> Iterator[Host]:
    made = Host()
    yield made
    made.socket.close()


@pytest.fixture(params=["tablet-landscape", "tablet-portrait", "phone-landscape", "phone-portrait"])
def tablet(request: pytest.FixtureRequest, host: Host) -> Iterator[Tablet]:
    layout = (shipped_folder() / "touchosc" / f"{request.param}.tosc").read_bytes()
    with Tablet(layout, host.socket.getsockname(), free_port()) as made:
        yield made
        assert made.scripts.errors == [] and made.scripts.printed == []


def test_whatever_can_be_touched_says_what_may_be_said(tablet: Tablet, host: Host) -> None:
    """On every page, where a finger reaches it."""
    space = Space(NAMES)
    touched = [c for c in tablet.root.walk() if c.kind in ("BUTTON", "FADER", "XY") and c.properties["interactive"]]
    for control in touched:
        tablet.open(control)
        finger = tablet.finger_down(control, 0.3, 0.6)
        finger.move(0.7, 0.9)
        finger.up()
    said = {address for _, address, _ in tablet.said}
    assert [address for address in said if space.resolve(address) is None] == []
    heard = {address for address, row in space.nodes() if row.is_heard}
    assert len(said & heard) > 100 and {"/panic", "/sphere/8/damp", "/weave/7/8", "/show/begin"} <= said


def test_five_fingers_on_a_sphere_are_told_apart(tablet: Tablet, host: Host) -> None:
    first = tablet.senders("/sphere/4/finger/1")[0]
    fingers = [tablet.finger_down(first, 0.2 + 0.1 * place, 0.5) for place in range(FINGERS)]
    said = {address for _, address, _ in tablet.said if "/finger/" in address}
    assert said == {f"/sphere/4/finger/{finger}" for finger in range(1, FINGERS + 1)}
    for finger in fingers:
        finger.up()
    address = f"/sphere/4/finger/{FINGERS}"
    assert [arguments[2] for _, where, arguments in tablet.said if where == address][-1] == 0.0


def test_what_is_let_go_of_is_said_twice_more(tablet: Tablet, host: Host) -> None:
    hand, place = (tablet.senders(f"/sphere/8/{what}")[0] for what in ("soothe", "finger/1"))
    tablet.tap(hand)
    finger = tablet.finger_down(place)
    lifted = f"{finger.address}/z"  # of the uppermost of its heap
    finger.up()
    assert host.hear("/sphere/8/soothe", 4) == [(1.0,), (0.0,), (0.0,), (0.0,)]
    assert eventually(lambda: said(tablet, lifted) == [[0.0], [0.0]])
    tablet.tap(hand)
    finger = tablet.finger_down(hand)
    frames = tablet.frames
    assert eventually(lambda: tablet.frames > frames + 30)
    assert said(tablet, "/sphere/8/soothe")[4:] == [[1.0], [0.0], [1.0]]  # it is held, and stays so
    finger.up()


def said(tablet: Tablet, address: str) -> list[list[object]]:
    """What the tablet has said to an address."""
    return [arguments for _, where, arguments in tablet.said if where == address]


def test_all_that_is_told_is_taken_without_a_complaint(tablet: Tablet, host: Host) -> None:
    told = [(address, row) for address, row in Space(NAMES).nodes() if row.is_shown]
    for at in range(0, len(told), SOME):
        for address, row in told[at : at + SOME]:
            values = [(value.words or ("?",))[0] if value.tag == "s" else (value.high or 1.0) for value in row.values]
            host.socket.sendto(encode(address, *values), (LOOPBACK, tablet.port))
        assert eventually(lambda at=at: len(tablet.heard) >= min(at + SOME, len(told)))
    said = [address for _, address, _ in tablet.said if address not in ("/ping", "/sync")]
    assert said == []  # nothing goes back


def test_it_asks_for_all_and_pings(tablet: Tablet, host: Host) -> None:
    assert host.hear("/sync") == [(1.0,)]
    assert host.hear("/ping", 2) == [(1.0,), (2.0,)]
