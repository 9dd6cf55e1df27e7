"""A monome grid at the desk, by way of serialosc: on a JACK server, and where there is no MIDI at all."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import NamedTuple, NoReturn

import numpy as np
import pytest
from support.eventually import eventually
from support.twins.monome import HOST, GridPlug, Monome, SerialOsc, grids_plugged
from support.twins.stage import (
    QUIET,
    WAKES_IN_S,
    Stage,
    brightness,
    is_painted,
    on_stage,
    ready,
    slot_of,
    striking_pad,
)
from support.twins.twin import DARK

from weaver import listening
from weaver.app import Instrument
from weaver.engine.harm import hurt
from weaver.model.errors import DeviceError
from weaver.model.gestures import gesture_named
from weaver.osc.serialosc import SerialoscWires
from weaver.wishes import Wishes

HOSTS = ("jack", "silent")
WIDE, SMALL, LARGE, OLD = ("m1000123", 16, 8), ("m1000064", 8, 8), ("m1000256", 16, 16), ("m64-0042", 8, 8)
EMERALD, COBALT, AZURE = 3, 4, 7
RIM, SHOULDER, POLE, RUB, CARE, CRACKS = 0, 1, 2, 3, 4, 7
"""Rows of a grid, from below."""
RIGHT, PAGE_PREVIOUS, PAGE_NEXT, PANIC = 15, 0, 1, 7
"""The column of buttons, and its rows."""
SETTLES_IN_S = 0.3
"""From silence to lights that show it."""
FRACTURED, ALL_THERE_IS = 0.5, 1.0


class Scene(NamedTuple):
    """An instrument that plays, and the daemon that grids are plugged into."""

    stage: Stage
    daemon: SerialOsc


def no_midi(*_: object) -> NoReturn:
    raise DeviceError("no MIDI library")


@contextmanager
def scene_on(host: str, spheres: str = "auditorium") -> Iterator[Scene]:
    """An instrument with the twin's daemon in place of serialosc's; the silent host has no MIDI beside it."""
    with SerialOsc() as daemon, pytest.MonkeyPatch.context() as patch:
        patch.setattr(listening, "SerialoscWires", partial(SerialoscWires, port=daemon.port))
        if host != "jack":
            patch.setattr(listening, "best_backend", no_midi)
        with on_stage(Wishes(audio=host, stakes="off", spheres=spheres)) as stage:
            yield Scene(stage, daemon)


@pytest.fixture(scope="module", params=HOSTS)
def module_scene(request: pytest.FixtureRequest) -> Iterator[Scene]:
    if request.param == "jack":
        request.getfixturevalue("jackd")
    with scene_on(request.param) as made:
        yield made


@pytest.fixture
def scene(module_scene: Scene) -> Scene:
    module_scene.stage.hush()
    return module_scene


def tap(grid: GridPlug, column: int, row: int) -> None:
    grid.press(column, row)
    grid.release(column, row)


def strikes(stage: Stage) -> list[tuple[int, float]]:
    """(sphere, position) of the strikes since the last time."""
    row = gesture_named("strike")
    place = [argument.name for argument in row.arguments].index("position")
    logged = np.concatenate([stretch.commands for stretch in stage.instrument.engine.log()])
    return [(int(c["sphere"]), round(float(c["values"][place]), 2)) for c in logged if c["kind"] == row.code]


def is_at_home(grid: GridPlug) -> bool:
    """Whether nothing was told to it that it has no use for, or no light."""
    return not grid.twin.refused


@pytest.mark.parametrize("shape", [WIDE, SMALL, LARGE, OLD], ids=["128", "64", "256", "old 64"])
def test_it_is_known_painted_and_plays(scene: Scene, shape: tuple[str, int, int]) -> None:
    stage, daemon = scene
    stage.ring()
    with grids_plugged(daemon, Monome(*shape)) as (grid,):
        assert ready(stage, grid)
        stage.hush()
        stage.wait(SETTLES_IN_S)
        quiet = [brightness(grid, sphere) for sphere in range(8)]
        bottom = grid.twin.rows - 8
        assert stage.struck_by(lambda: grid.press(EMERALD, bottom + RIM)) == EMERALD
        assert stage.until(lambda: brightness(grid, EMERALD) > quiet[EMERALD])
        grid.release(EMERALD, bottom + RIM)
        assert is_at_home(grid), grid.twin.refused


def test_rows_are_places_on_a_sphere(scene: Scene) -> None:
    stage, daemon = scene
    with grids_plugged(daemon, Monome(*WIDE)) as (grid,):
        stage.ring()
        assert ready(stage, grid)
        stage.hush()
        stage.instrument.engine.keep_log()
        stage.instrument.engine.log()
        for column, row in ((0, RIM), (AZURE, SHOULDER), (COBALT, POLE)):
            tap(grid, column, row)
        heard: list[tuple[int, float]] = []
        assert stage.until(lambda: heard.extend(strikes(stage)) or len(heard) == 3)
        assert heard == [(0, 0.95), (AZURE, 0.6), (COBALT, 0.2)]


@pytest.mark.parametrize("shape", [WIDE, SMALL], ids=["128", "64"])
def test_a_finger_rubs_and_a_hand_soothes_for_as_long_as_it_is_held(scene: Scene, shape: tuple[str, int, int]) -> None:
    stage, daemon = scene
    with grids_plugged(daemon, Monome(*shape)) as (grid,):
        stage.ring()
        assert ready(stage, grid)
        stage.hush()
        touch = stage.state.touch
        grid.press(EMERALD, RUB)
        assert stage.until(lambda: stage.lights()[EMERALD] > 0.05)
        assert np.flatnonzero(touch.rubbed).tolist() == [EMERALD]
        grid.release(EMERALD, RUB)
        assert stage.until(lambda: not touch.rubbed.any())
        for row in (CARE, CRACKS):
            grid.press(AZURE, row)
            assert stage.until(lambda: touch.soothe_target[AZURE] > 0.0)
            assert np.flatnonzero(touch.soothe_target).tolist() == [AZURE]
            grid.release(AZURE, row)
            assert stage.until(lambda: not touch.soothe_target.any())


def test_it_goes_and_lets_go_and_comes_back_as_it_was(scene: Scene) -> None:
    stage, daemon = scene
    with grids_plugged(daemon, Monome(*WIDE), Monome(*SMALL)) as (wide, small):
        stage.ring()
        assert ready(stage, wide, small)
        slots = slot_of(stage, wide), slot_of(stage, small)
        assert slots[0] != slots[1]
        for _ in range(2):
            soothed = stage.state.touch.soothe_target
            wide.press(2, CRACKS)
            small.press(5, CRACKS)
            assert stage.until(lambda: soothed[2] > 0.0 and soothed[5] > 0.0)  # noqa: B023
            wide.pull()
            assert stage.until(lambda: soothed[2] == 0.0)  # noqa: B023
            assert soothed[5] > 0.0 and wide.lights() == {}
            small.release(5, CRACKS)
            assert stage.until(lambda: soothed[5] == 0.0)  # noqa: B023
            wide.put_back()
            stage.ring()
            assert ready(stage, wide)
            stage.hush()
            assert striking_pad(stage, wide, COBALT) == (COBALT, RIM)
        assert (slot_of(stage, wide), slot_of(stage, small)) == slots


@pytest.fixture(params=HOSTS)
def host(request: pytest.FixtureRequest) -> str:
    """For tests that need an instrument of their own."""
    if request.param == "jack":
        request.getfixturevalue("jackd")
    return str(request.param)


def test_what_is_hurt_is_seen_and_what_has_shattered_is_dark(host: str) -> None:
    with scene_on(host) as (stage, daemon), grids_plugged(daemon, Monome(*WIDE), Monome(*SMALL)) as plugs:
        stage.ring()
        assert ready(stage, *plugs)
        address = stage.instrument.engine.address
        hurt(address, COBALT, FRACTURED)
        hurt(address, AZURE, ALL_THERE_IS)
        assert stage.until(lambda: (stage.states()[COBALT], stage.states()[AZURE]) == ("fractured", "shattered"))
        for grid in plugs:
            assert stage.until(lambda: grid.light(COBALT, CRACKS) != DARK)  # noqa: B023
            assert grid.light(EMERALD, CRACKS) == DARK
            assert stage.until(lambda: not brightness(grid, AZURE))  # noqa: B023
            assert brightness(grid, EMERALD)


def test_buttons_turn_pages_and_panic(host: str) -> None:
    with scene_on(host, "grand") as (stage, daemon), grids_plugged(daemon, Monome(*WIDE)) as (grid,):
        assert stage.until(lambda: is_painted(grid, 1), WAKES_IN_S)
        assert stage.until(lambda: grid.light(RIGHT, PAGE_NEXT) != DARK)
        assert grid.light(RIGHT, PAGE_PREVIOUS) == DARK
        stage.instrument.engine.keep_log()
        for button, first in ((PAGE_NEXT, 8), (PAGE_NEXT, 16), (PAGE_PREVIOUS, 8)):
            tap(grid, RIGHT, button)
            assert stage.until(lambda: stage.instrument.listening.hands()[0].page == first // 8)  # noqa: B023
            stage.wait(SETTLES_IN_S)
            stage.instrument.engine.log()
            tap(grid, EMERALD, RIM)
            assert stage.until(lambda: strikes(stage) == [(first + EMERALD, 0.95)])  # noqa: B023
        assert grid.light(RIGHT, PAGE_PREVIOUS) != DARK
        grid.press(EMERALD, RUB)
        energy = stage.state.sphere.energy
        assert stage.until(lambda: energy[8 + EMERALD] > 0.01)
        tap(grid, RIGHT, PANIC)
        assert stage.until(lambda: energy.max() < QUIET)


def test_closing_leaves_it_dark_and_its_keys_to_others(host: str) -> None:
    with scene_on(host) as (stage, daemon), grids_plugged(daemon, Monome(*WIDE), Monome(*SMALL)) as plugs:
        stage.ring()
        assert ready(stage, *plugs)
        stage.instrument.close()
        assert eventually(lambda: not any(grid.lights() for grid in plugs), 1.0)
        for grid in plugs:  # nobody is there any more where its keys go
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
                other.bind((HOST, grid.twin.to_port))


def test_where_nothing_can_be_heard_nobody_is_taught() -> None:
    with scene_on("silent") as (stage, daemon):
        listens = stage.instrument.listening
        assert stage.instrument.picture().ports_note == "no MIDI library"
        with pytest.raises(DeviceError, match="no controller can be heard: no MIDI library"):
            listens.learn()
        with grids_plugged(daemon, Monome(*WIDE)) as (grid,):
            assert stage.until(lambda: is_painted(grid), WAKES_IN_S)
            assert listens.learn() is listens.lesson
            listens.learn_no_more()


def test_who_wants_no_midi_has_no_grids_either() -> None:
    with SerialOsc() as daemon, pytest.MonkeyPatch.context() as patch:
        patch.setattr(listening, "SerialoscWires", partial(SerialoscWires, port=daemon.port))
        with Instrument(Wishes(audio="silent", midi="none")) as instrument:
            assert instrument.listening.desk is None
