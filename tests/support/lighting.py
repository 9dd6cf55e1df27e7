"""Spheres and surfaces for tests of lights."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from weaver.mapping.loom import Assignment, Laid, Spot
from weaver.mapping.profile import Control, Lights
from weaver.model.law import STATES
from weaver.surfaces.lights.shine import BINS, Knobs, Shine

COLOURS = ("#8a4bff", "#f5b52e", "#2fb8ff", "#17c47a", "#ff5a5a", "#ffffff", "#c04bff", "#2f7dff")


def header(text: str) -> tuple[int, ...]:
    """As profiles have it."""
    return tuple(bytes.fromhex(text))


def spot(show: str = "light", kind: str = "rgb", sphere: int | None = 0, **more: object) -> Spot:
    """A light."""
    made = Spot("group", 0, kind, "note", 0, show, sphere)  # type: ignore[arg-type]
    return replace(made, **more)  # type: ignore[arg-type]


def spots(kind: str, *leds: int, message: str = "note", channel: int = 0) -> list[Spot]:
    """Lights of a kind by their addresses."""
    return [spot(kind=kind, led=led, message=message, channel=channel) for led in leds]


def laid(*shown: Spot) -> Laid:
    """A page of eight spheres; controls that lights belong to are knobs, each for some parameter."""
    most = max((light.place for light in shown), default=-1)
    knobs = (Assignment(Control("group", n, 0, "cc", 0, n), "parameter", parameter="wet_db") for n in range(most + 1))
    return Laid(tuple(knobs), shown, 0, 1, 0, 8)


def shining(count: int = 8, now_s: float = 0.0, **changes: object) -> Shine:
    """Whole spheres, silent; a number stands for all spheres, `state` may be a word."""
    values: dict[str, object] = {
        "light": np.zeros(count, np.float32),
        "flicker": np.ones(count, np.float32),
        "health": np.ones(count, np.float32),
        "state": np.zeros(count, np.int32),
        "soothed": np.zeros(count, np.float32),
        "held": np.zeros(count, np.bool_),
        "cracked": np.zeros((count, BINS), np.float32),
        "growth": np.zeros(count, np.float32),
        "debris": np.zeros(count, np.float32),
        "deeds": {},
        "is_beat": False,
    }
    for name, value in changes.items():
        if name == "state" and isinstance(value, str):
            value = STATES.index(value)
        old = values[name]
        if isinstance(old, np.ndarray):
            value = np.broadcast_to(np.asarray(value, old.dtype), old.shape).copy()
        values[name] = value
    colour = np.array([tuple(bytes.fromhex(COLOURS[s % 8][1:])) for s in range(count)], np.uint8)
    names = tuple(f"Sphere {s}" for s in range(count))
    return Shine(now_s=now_s, names=names, colour=colour, **values)  # type: ignore[arg-type]


def knobs(count: int = 0, aim: float = -1.0, hardware: float = -1.0, caught: bool = True) -> Knobs:
    """Controls that all stand alike."""
    return Knobs(
        np.full(count, aim, np.float32),
        np.full(count, hardware, np.float32),
        np.full(count, caught, np.bool_),
        np.zeros(count, np.bool_),
    )


def lights(driver: str, head: str = "", **more: object) -> Lights:
    """As a profile has them."""
    return replace(Lights(driver, header(head)), **more)  # type: ignore[arg-type]
