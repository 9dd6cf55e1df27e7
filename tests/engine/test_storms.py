"""What DAWs send when they stop, locate and loop leaves nothing held; zones that fit nothing are bounded."""

from __future__ import annotations

import random

import numpy as np
import pytest
from support.player import Player, play
from support.playing_out import plays_out, run

from weaver.dsp.sizes import SPHERES

MODES = ["pads", "keys", "mpe", "channels"]
LOCATE = ((64, 0), (123, 0))
"""What Ardour 7.3 sends on all 16 channels when it stops and when it is moved."""


def all_channels(player: Player, *controls: tuple[int, int], port: int = 0) -> None:
    for channel in range(16):
        for number, value in controls:
            assert player.engine.midi((0xB0 | channel, number, value), port)
    player.engine.render(64)


def held(player: Player) -> bool:
    """Whether anything is: a key, a pedal, a finger, a wheel."""
    state = player.engine.state
    fingers = state.touch.key_pressure[:SPHERES].any() or state.touch.pressure_target.any()
    return bool(player.held or fingers or state.midi.sustain.any() or np.any(state.sphere.release < 0))


def chord(player: Player, port: int = 0) -> None:
    """Sixty-four notes at one frame, on all channels, under the pedal, pressed and bent."""
    for n in range(64):
        assert player.engine.midi((0x90 | n % 16, 32 + n, 100), port)
    for channel in range(16):
        for data in (
            (0xB0 | channel, 64, 127),
            (0xD0 | channel, 99),
            (0xE0 | channel, 0, 0x60),
            (0xA0 | channel, 50, 9),
        ):
            assert player.engine.midi(data, port)
    player.engine.render(64)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("set_name", ["auditorium", "grand"])
def test_stop_and_locate_let_all_go(mode, set_name):
    player = play(mode, set_name)
    chord(player)
    assert player.held
    all_channels(player, *LOCATE)
    assert not held(player)
    player.wait(0.05)
    assert player.engine.state.counters.dropped_commands == 0


@pytest.mark.parametrize("mode", MODES)
def test_reset_all_controllers_centres_and_lifts(mode):
    player = play(mode, "auditorium")
    chord(player)
    all_channels(player, (121, 0), *LOCATE)
    assert not held(player)
    assert not player.engine.state.midi.bend.any() and not player.engine.state.midi.pressure.any()
    assert not player.engine.state.sphere.wheel.any() or mode in ("keys", "mpe"), "what dies away keeps its pitch"


@pytest.mark.parametrize("mode", MODES)
def test_a_loop_that_never_ends_its_keys(mode):
    player = play(mode, "auditorium")
    for _ in range(50):
        for channel, key in ((0, 48), (1, 50), (2, 52)):
            assert player.engine.midi((0x90 | channel, key, 90))
        player.engine.render(64)
    assert len(player.held) == 3
    for channel, key in ((0, 48), (1, 50), (2, 52)):
        player.off(key, channel=channel)
    assert not held(player)


@pytest.mark.parametrize("mode", MODES)
def test_a_storm_of_locating_while_it_plays_out(mode):
    player = play(mode, "grand")
    plays_out(player.engine, "mpe-lower", echoes=True)
    chance = random.Random(mode)
    for _ in range(40):
        for _ in range(12):
            data = (chance.choice((0x90, 0x80)) | chance.randrange(16), chance.randrange(32, 96), chance.randrange(128))
            assert player.engine.midi(data)
        all_channels(player, *LOCATE)
        assert not held(player)
        run(player.engine, 64)
    state = player.engine.state.midi_out
    sounding = state.key[state.key >= 0]
    assert len(sounding) == np.count_nonzero(state.holder >= 0)
    assert state.lost == 0


CONFIGURATIONS = (
    *("B0 65 00 B0 64 06 B0 06 00", "BF 65 00 BF 64 06 BF 06 0F", "B0 65 00 B0 64 06 B0 06 0F"),
    *("B7 65 00 B7 64 06 B7 06 05", "B0 65 00 B0 06 07 B0 64 06", "B0 64 06 B0 65 00 B0 06 09"),
    *(
        "B0 65 7F B0 64 7F B0 06 0F",
        "BF 64 06 BF 06 0A BF 26 0A",
        "B3 65 00 B3 64 00 B3 06 7F",
        "B0 60 00 B0 61 00 B0 62 06",
    ),
)


@pytest.mark.parametrize("mode", MODES)
def test_configurations_that_fit_nothing_are_bounded(mode):
    player = play(mode, "auditorium")
    chance, midi = random.Random(mode), player.engine.state.midi
    for _ in range(200):
        words = chance.choice(CONFIGURATIONS).split()
        cut = chance.choice((9, 9, 6, 3))
        player.send_all(" ".join(words[:cut]), port=chance.choice((0, 3)))
        if chance.random() < 0.3:
            player.note(chance.randrange(128), channel=chance.randrange(16))
        assert 0 <= midi.lower.min() and midi.lower.max() <= 15
        both = (midi.lower > 0) & (midi.upper > 0)
        assert np.all((midi.lower + midi.upper)[both] <= 14)
        if mode != "mpe":
            assert not midi.lower.any() and not midi.upper.any()
        assert midi.bend_range.max() <= 96.0
    for port in (0, 3):
        all_channels(player, *LOCATE, port=port)
    assert not held(player)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("releases", "port", "goes"), [(1, 0, True), (1, 15, True), (0, 0, False), (1, 3, False)])
def test_a_daws_stop_lets_go_where_it_is_asked_to(mode, releases, port, goes):
    player = play(mode, "auditorium")
    player.engine.set_parameter("stop_releases", releases)
    player.note(50, channel=2, port=port)
    player.control(64, 127, channel=0 if mode == "mpe" else 2, port=port)
    player.note(52, channel=3, port=5)
    player.send(0xFC, port=port)
    by_port = [s for s in player.held if player.engine.state.midi.voice_port[s] == port]
    assert (by_port == []) == goes
    assert len(player.held) == len(by_port) + 1, "what others hold stays"
    assert bool(player.engine.state.midi.sustain[port].any()) != goes
