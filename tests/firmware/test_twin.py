"""The sphere controller as a twin among twins: played, leant on, told pictures, unplugged."""

from __future__ import annotations

import pytest
from support.twins.sphere_controller import SphereController

from weaver.model import surface_protocol as protocol


@pytest.fixture
def twin() -> SphereController:
    """One that was just plugged in and welcomed."""
    twin = SphereController()
    (hello, *_) = twin.hear(protocol.encode(protocol.Ask()), 1000.0)
    assert isinstance(protocol.decode(hello), protocol.Hello)
    assert twin.mode == "idle"
    twin.hear(protocol.encode(protocol.Welcome()), 1000.1)
    assert twin.mode == "welcome" and twin.lights == {}
    return twin


@pytest.mark.parametrize("velocity", [10, 64, 120])
def test_pads_play_about_as_they_are_struck(twin: SphereController, velocity: int) -> None:
    (note_on, *_) = twin.press(5, 0, velocity)
    assert note_on[:2] == bytes((0x90, 41)) and note_on[2] == pytest.approx(velocity, abs=25)
    (pressure,) = twin.lean(5, 0, 100)
    assert pressure[:2] == bytes((0xA0, 41)) and pressure[2] == pytest.approx(100, abs=3)
    assert twin.release(5, 0)[-1] == bytes((0x80, 41, 64))


def test_a_picture_is_seen(twin: SphereController) -> None:
    twin.hear(protocol.encode(protocol.Picture(1, 1, 32, ((127, 0, 0),) * 16)), 1000.2)
    assert twin.light(2, 0) == (255, 0, 0) == twin.lights["light", 47]
    assert twin.light(3, 0) == (0, 0, 0)


def test_it_misses_its_host_and_forgets_it_without_power(twin: SphereController) -> None:
    assert protocol.decode(twin.hear(protocol.encode(protocol.HostAlive()), 1009.0)[-1])
    assert twin.mode == "idle"
    twin.hear(protocol.encode(protocol.Welcome()), 1009.1)
    assert twin.mode == "welcome"
    twin.reboot()
    assert twin.mode == "idle"


def test_identity_and_buttons(twin: SphereController) -> None:
    assert twin.hear(protocol.IDENTITY_REQUEST, 1000.3)[-1] == protocol.IDENTITY_REPLY
    assert twin.button(0, True) == [bytes((0xB0, protocol.FIRST_BUTTON_CC, 127))]
