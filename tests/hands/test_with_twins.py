"""The instrument and the devices it knows, at the two ends of real ports: found, entered, painted, played, left."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest
from support.twins import (
    Apc40Mk2,
    ApcMiniMk1,
    ApcMiniMk2,
    BeatStep,
    LaunchControlXl,
    LaunchControlXl3,
    LaunchpadMiniMk3,
    LaunchpadMk2,
    LaunchpadProMk3,
    LaunchpadX,
    LinnStrument,
    Lpd8Mk2,
    Mackie,
    MiniLab3,
    Mpd218,
    MpkMini3,
    NanoKontrol2,
    Push2,
    Twister,
    XTouchMini,
)
from support.twins.apc_mini_mk2 import NOTES
from support.twins.plug import Naming, Plug, plugged
from support.twins.stage import (
    WAKES_IN_S,
    Stage,
    brightness,
    hue_apart,
    is_grey,
    ready,
    shown,
    striking_pad,
)
from support.twins.twin import Twin

VIOLET, EMERALD, AZURE = (0, 261.0), (3, 153.0), (7, 200.0)
"""Spheres of the auditorium, and their hues in degrees."""

SETTLES_IN_S = 0.3
"""From silence to lights that show it."""


class Case(NamedTuple):
    """A device, the modes it may be played in, and how near (degrees) its colours come, None where it has not the
    spheres' own. `lit` : it has lights; `shaded` : they can be more or less bright, or dark."""

    make: Callable[[], Twin]
    modes: tuple[str, ...]
    near: float | None
    lit: bool = True
    shaded: bool = True


CASES = (
    Case(LaunchpadX, ("programmer",), 20.0),
    Case(LaunchpadMiniMk3, ("programmer",), 20.0),
    Case(LaunchpadProMk3, ("programmer",), 20.0),
    Case(LaunchpadMk2, ("session", "user 2"), 20.0),
    Case(lambda: ApcMiniMk2(NOTES), ("session",), 20.0),
    Case(ApcMiniMk1, ("",), None, shaded=False),
    Case(Apc40Mk2, ("ableton", "alternate"), 45.0),
    Case(LaunchControlXl, tuple(f"template {number}" for number in range(8, 16)), None),
    Case(LaunchControlXl3, ("daw",), 20.0),
    Case(Lpd8Mk2, ("program 1",), 20.0),
    Case(Mpd218, ("",), None, lit=False, shaded=False),
    Case(MpkMini3, ("",), None, lit=False, shaded=False),
    Case(NanoKontrol2, ("external", "native"), None),
    Case(XTouchMini, ("standard", "mackie"), None),
    Case(Mackie, ("met",), None),
    Case(Twister, ("standard", "native"), 45.0),
    Case(Push2, ("live", "user", "dual"), 45.0),
    Case(BeatStep, ("",), None, shaded=False),
    Case(MiniLab3, ("daw",), 20.0),
    Case(LinnStrument, ("user firmware",), 60.0, shaded=False),
)


def has_hue(plug: Plug, sphere: int, degrees: float, near: float) -> bool:
    """Whether one of a sphere's lights has about this hue."""
    return any(hue_apart(colour, degrees) < near for colour in shown(plug, sphere) if not is_grey(colour))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.make().kind)
def test_it_is_known_entered_painted_and_plays(stage: Stage, case: Case) -> None:
    stage.ring()
    with plugged(case.make()) as (plug,):
        assert stage.until(lambda: plug.mode in case.modes, WAKES_IN_S)
        if case.lit:
            assert ready(stage, plug)
        near = case.near
        if near is not None:
            assert stage.until(
                lambda: all(has_hue(plug, *sphere, near) for sphere in (VIOLET, EMERALD, AZURE)), WAKES_IN_S
            )
        stage.hush()
        stage.wait(SETTLES_IN_S)
        before = [brightness(plug, sphere) for sphere in range(8)]
        assert stage.until(lambda: striking_pad(stage, plug, 2) is not None)
        stage.hush()
        assert striking_pad(stage, plug, 5) is not None
        if case.shaded:
            assert stage.until(lambda: brightness(plug, 5) > before[5])


@pytest.mark.parametrize("naming", ["a2j", "pipewire"])
def test_it_is_known_by_the_names_that_bridges_give_its_ports(stage: Stage, naming: Naming) -> None:
    with plugged(LaunchpadX(), ApcMiniMk2(), naming=naming) as (launchpad, apc):
        stage.ring()
        assert ready(stage, launchpad, apc)
        stage.hush()
        assert striking_pad(stage, apc, 4) == (4, 0)


def test_harder_presses_are_louder_where_a_device_feels_them(stage: Stage) -> None:
    with plugged(LaunchpadX()) as (plug,):
        stage.ring()
        assert ready(stage, plug)
        energies = []
        for velocity in (20, 120):
            stage.hush()
            assert stage.struck_by(lambda velocity=velocity: plug.press(1, 0, velocity)) == 1  # type: ignore[misc]
            stage.wait(0.05)
            energies.append(float(stage.state.sphere.energy[1]))
            plug.release(1, 0)
        assert energies[1] > 4.0 * energies[0]


def test_relative_knobs_turn_what_lies_under_them(stage: Stage) -> None:
    with plugged(LaunchControlXl3()) as (plug,):
        assert ready(stage, plug)
        before = float(stage.state.sphere.azimuth_target[4])
        for _ in range(8):
            plug.do("turn", 4, 2)
        assert stage.until(lambda: float(stage.state.sphere.azimuth_target[4]) > before + 1.0)
        stage.instrument.engine.gesture("place", 4, azimuth=before)
