"""A surface from spheres to bytes: what the device remembers is the picture."""

from __future__ import annotations

import numpy as np
import pytest
from support.lighting import knobs, laid, lights, shining, spot

from weaver.mapping.loom import Spot
from weaver.model.errors import ConfigError
from weaver.surfaces.lights.panel import Panel

SHOWS = ("body", "body", "body", "body", "body", "light", "health", "cracks")


def grid() -> list[Spot]:
    """A column a sphere, as a Launchpad counts its pads."""
    return [
        spot(
            SHOWS[row], "rgb", column, led=10 * row + column + 11, height=row / 8, stretch=1 / 8, place=8 * row + column
        )
        for row in range(8)
        for column in range(8)
    ]


def launchpad(messages: list[tuple[bytes, float]], memory: dict[int, tuple[int, ...]]) -> None:
    """Do what the device does."""
    for message, _ in messages:
        assert message[:7] == bytes.fromhex("F0 00 20 29 02 0C 03") and message[-1] == 0xF7
        body = message[7:-1]
        for start in range(0, len(body), 5):
            kind, led, *colour = body[start : start + 5]
            assert kind == 3
            memory[led] = tuple(colour)


def test_the_device_remembers_the_picture() -> None:
    chance = np.random.default_rng(11)
    panel = Panel(laid(*grid()), lights("novation-rgb", "F0 00 20 29 02 0C", per_message=80))
    memory: dict[int, tuple[int, ...]] = {}
    for n in range(60):
        flicker = chance.random(8)
        shine = shining(
            now_s=n / 60,
            light=flicker * chance.random(8),
            flicker=flicker,
            health=chance.random(8),
            state=chance.integers(0, 6, 8),
            cracked=chance.random((8, 16)) * (chance.random() < 0.5),
            growth=chance.random(8),
        )
        messages = panel.frame(shine, knobs(64), n / 60)
        assert len(messages) == 1
        launchpad(messages, memory)
        wanted = panel.looks.wanted(shine, knobs(64)).astype(int)
        assert memory == {s.led: tuple((127 * colour + 127) // 255) for s, colour in zip(grid(), wanted, strict=True)}


def test_nothing_is_said_while_nothing_changes() -> None:
    panel = Panel(laid(*grid()), lights("novation-rgb", "F0 00 20 29 02 0C", per_message=80))
    assert panel.frame(shining(), knobs(64), 0.0)
    assert [panel.frame(shining(), knobs(64), 1.0 + n) for n in range(3)] == [[], [], []]
    panel.forget()
    (message, _), *rest = panel.frame(shining(), knobs(64), 5.0)
    assert len(message) == 7 + 64 * 5 + 1 and not rest


def test_the_lights_flicker_in_the_picture_in_which_the_sound_does() -> None:
    panel = Panel(laid(*grid()), lights("novation-rgb", "F0 00 20 29 02 0C", per_message=80))
    memory: dict[int, tuple[int, ...]] = {}
    flicker = np.clip(0.5 + 0.6 * np.sin(np.arange(120) * 0.9), 0.0, 1.0)
    lit = []
    for n, value in enumerate(flicker):
        shine = shining(now_s=n / 60, light=0.8 * value, flicker=value, health=0.6, state="fractured")
        launchpad(panel.frame(shine, knobs(64), n / 60), memory)
        lit.append(max(memory[61]))
    assert np.corrcoef(flicker, lit)[0, 1] > 0.85


def test_a_flood_breaker_is_painted_whole_in_a_tenth_of_a_second() -> None:
    how = lights("apc-rgb", "F0 47 7F 4F 24", per_message=4, per_picture=12, heal=2, pause_s=0.002)
    panel = Panel(laid(*grid()), how)
    told = 0
    for n in range(7):
        messages = panel.frame(shining(light=0.5), knobs(64), n / 60)
        pads = [(len(message) - 8) // 8 for message, _ in messages]
        assert max(pads) <= 4 and sum(pads) <= 12
        told += sum(pads)
    assert panel.memory.is_settled(panel.looks.wanted(shining(light=0.5), knobs(64)))


def test_lights_that_no_driver_can_tell_are_refused() -> None:
    with pytest.raises(ConfigError):
        Panel(laid(), lights("unknown"))
