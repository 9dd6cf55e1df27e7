"""Nothing that comes in stops the sound: garbage is counted by reason, chance finds no way past the ceiling."""

from __future__ import annotations

import random

import numpy as np
import pytest
from numpy.typing import NDArray
from support.player import CEILING, Player, play

from weaver.dsp.sizes import PENDING, RESERVED
from weaver.engine.ring import push_command
from weaver.model.gestures import LET_GO, MIDI, PARAMETER
from weaver.model.parameters import PARAMETERS

CUT_SHORT, NO_STATUS, BAD_DATA = "cut short", "no status", "data out of range"
EVENTS = 100_000
BATCH = PENDING - RESERVED - 100
"""Events between two renderings: as many as may wait for one block."""
BATCHES = EVENTS // BATCH + 1


def check(sound: NDArray[np.float32]) -> None:
    assert np.isfinite(sound).all()
    assert np.abs(sound).max(initial=0.0) <= CEILING + 1e-6


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ((0x90,), CUT_SHORT),
        ((0x90, 60), CUT_SHORT),
        ((0xB0, 7), CUT_SHORT),
        ((0xE0, 0), CUT_SHORT),
        ((0xC0,), CUT_SHORT),
        ((0xD0,), CUT_SHORT),
        ((60, 100), NO_STATUS),
        ((0x7F, 1, 2), NO_STATUS),
        ((0x90, 128, 100), BAD_DATA),
        ((0x90, 60, 200), BAD_DATA),
        ((0x90, -1, 100), BAD_DATA),
        ((0xB0, 0x90, 0), BAD_DATA),
        ((0xC0, 255), BAD_DATA),
        ((0xE0, 0, 0x80), BAD_DATA),
    ],
)
def test_what_is_no_message_is_counted_and_ignored(data: tuple[int, ...], reason: str) -> None:
    player = play("keys")
    player.send(*data)
    assert player.ignored == {reason: 1}
    assert player.held == []
    assert player.engine.state.midi.events == 1
    assert player.note(60) >= 0


@pytest.mark.parametrize("port", [-1, 16, 1000])
def test_a_port_there_is_not(port: int) -> None:
    player = play("keys")
    player.send(0x90, 60, 100, port=port)
    assert player.engine.let_go(port)
    player.wait(0.01)
    assert player.ignored == {"no such port": 2}
    assert player.held == []


@pytest.mark.parametrize("data", [(), (0xF8,), (0xFE,), (0xF0, 0x7E, 0x7F, 9, 1, 0xF7), (0xF2, 1, 2)])
def test_system_messages_pass(data: tuple[int, ...]) -> None:
    player = play("keys")
    player.send(*data)
    assert player.ignored == {}


def random_message(chance: random.Random) -> tuple[int, ...]:
    """Mostly whole messages on few channels, so that they meet; some cut, some with bytes that are none."""
    if chance.random() < 0.05:
        return tuple(chance.randrange(-5, 300) for _ in range(chance.randrange(6)))
    kind = chance.choice((0x80, 0x90, 0x90, 0xA0, 0xB0, 0xB0, 0xC0, 0xD0, 0xE0))
    first = chance.choice((0, 1, 6, 38, 64, 74, 100, 101, 120, 121, 123)) if kind == 0xB0 else chance.randrange(128)
    if chance.random() < 0.3:
        first = chance.randrange(128)
    data = (kind | chance.choice((0, 1, 2, 15)), first, chance.choice((0, 6, 127, chance.randrange(128))))
    return data[: chance.choice((1, 2, 3))] if chance.random() < 0.03 else data


@pytest.mark.parametrize("mode", ["pads", "keys", "mpe", "channels"])
def test_random_midi_stays_finite_and_below_the_ceiling(mode: str) -> None:
    chance = random.Random(f"midi {mode}")
    player = play(mode, "auditorium")
    sent = 0
    for _ in range(BATCHES // 3 + 1):
        for _ in range(BATCH):
            data = random_message(chance)
            sent += bool(data and data[0] < 0xF0)
            player.engine.midi(data, chance.choice((0, 0, 0, 1, 15, 99)))
        check(player.engine.render(chance.choice((1, 17, 64, 300))))
        player.engine.notices()
    state = player.engine.state
    assert state.midi.events + state.counters.dropped_commands + state.counters.refused_commands == sent
    assert state.midi.events > 0.99 * sent
    assert state.counters.nan_spheres == 0
    check(player.wait(0.2))
    still_plays(player)


def still_plays(player: Player) -> None:
    """After a panic, with everything back where it was, it plays as ever."""
    player.engine.panic()
    for name in ("damp", "bend", "tilt", "lift", "place"):
        player.engine.gesture(name, **({"amount": 0.0} if name == "damp" else {}))
    for row in PARAMETERS:
        player.engine.set_parameter(row.name, row.default)
    for cc, value in ((7, 127), (11, 127), (74, 64)):
        player.control(cc, value)
    player.wait(0.5)
    player.note(48, 127)
    sound = player.wait(0.2)
    check(sound)
    assert np.abs(sound).max() > 0.05


WILD = (0.0, 1.0, -1.0, 0.5, 1e-30, 1e6, -1e6, 9.9e8, 1e9, 1e30, -1e38, np.inf, -np.inf, np.nan)
KINDS = (*range(-2, 12), PARAMETER, PARAMETER, MIDI, LET_GO, 36, 99, -(2**31), 2**31 - 1)
FRAMES = (0, 0, 0, 1, -5, -(2**62))


def random_command(chance: random.Random, now: int) -> tuple[float, ...]:
    """(frame, kind, sphere, source, four values)."""
    values = [chance.choice(WILD) if chance.random() < 0.3 else chance.uniform(-2, 2) for _ in range(4)]
    kind = chance.choice(KINDS)
    if kind == PARAMETER and chance.random() < 0.8:
        values[0] = float(chance.randrange(16))
    if kind == MIDI and chance.random() < 0.8:
        values = [float(chance.randrange(0x80, 0x100)), float(chance.randrange(128)), float(chance.randrange(128)), 3.0]
    frame = now + chance.randrange(100) if chance.random() < 0.2 else chance.choice(FRAMES)
    sphere = chance.choice((-1, chance.randrange(8), chance.randrange(8), 64, 2**31 - 1, -2))
    return (frame, kind, sphere, chance.choice((0, 1, 15, 16, -1, 2**31 - 1)), *values)


@pytest.mark.parametrize("mode", ["pads", "keys"])
def test_random_commands_stay_finite_and_below_the_ceiling(mode: str) -> None:
    chance = random.Random(f"commands {mode}")
    player = play(mode, "auditorium")
    state = player.engine.state
    for _ in range(BATCHES // 2 + 1):
        now = int(state.frame)
        for _ in range(BATCH):
            assert push_command(player.engine.address, *random_command(chance, now), False)
        check(player.engine.render(chance.choice((1, 17, 64, 300))))
        player.engine.notices()
    assert state.counters.nan_spheres == 0
    assert state.counters.refused_commands > EVENTS // 20
    assert state.counters.dropped_commands < EVENTS // 10
    check(player.wait(0.2))
    still_plays(player)
