"""Spheres that are hurt at will, and laws by which nothing heals or everything does."""

from __future__ import annotations

from dataclasses import replace

from support.playing import RATE, spheres

from weaver.engine.engine import Engine
from weaver.engine.harm import hurt
from weaver.engine.maps import empty_midi_map
from weaver.life.notices import STATE_CHANGED
from weaver.model.law import DEFAULT_LAW, Law, load_law
from weaver.model.law import timeless as still
from weaver.model.spheres import Sphere


def law(**changes: float) -> Law:
    """The auditorium's law, with some constants changed, by field name; stakes' fields change for all stakes."""
    found = load_law(DEFAULT_LAW)
    constants = {**found.constants, **{key: changes[key] for key in changes if key in found.constants}}
    stakes = {**found.stakes, **{key: (changes[key],) * 4 for key in changes if key in found.stakes}}
    assert not set(changes) - set(constants) - set(stakes)
    return replace(found, constants=constants, stakes=stakes)


def timeless() -> Law:
    """The auditorium's law, under which nothing changes any more."""
    return still(load_law(DEFAULT_LAW))


def living(*members: Sphere, by: Law | None = None, stakes: float = 2.0, seed: int = 1, rate: float = RATE) -> Engine:
    """An engine that plays for these stakes, by this law."""
    instrument = Engine(spheres(*members), empty_midi_map(), rate, seed, by)
    instrument.set_parameter("stakes", stakes)
    instrument.render(64)
    return instrument


def wound(instrument: Engine, damage: float, s: int = 0) -> None:
    """Crack a sphere at once."""
    hurt(instrument.address, s, damage)


def states_told(instrument: Engine, s: int = 0) -> list[int]:
    """The states a sphere has been said to be in since the last time."""
    return [int(n.values[0]) for n in instrument.notices() if n.kind == STATE_CHANGED and n.sphere == s]
