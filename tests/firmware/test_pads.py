"""The sphere controller's pads and buttons: from pressure to MIDI."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise

import pytest
from support.circuitpython import PADS
from support.sphere_player import TURN_US, Player, channel_messages, press

from weaver.model import surface_protocol as protocol


@pytest.mark.parametrize("pad", range(PADS))
def test_a_press_is_one_note_with_pressure_and_an_end(player: Player, pad: int) -> None:
    player.levels[pad] = press(8)
    heard = player.run(0.5)
    note = protocol.FIRST_NOTE + pad
    assert [message[:2] for message in heard if message[0] in (0x90, 0x80)] == [
        bytes((0x90, note)),
        bytes((0x80, note)),
    ]
    pressures = channel_messages(heard, 0xA0)
    assert {message[1] for message in pressures} == {note}
    assert max(message[2] for message in pressures) == pytest.approx(127 * 30_000 / 40_000, abs=6)
    assert all(a[2] != b[2] for a, b in pairwise(pressures))


def test_velocity_grows_with_speed(player: Player) -> None:
    velocities = []
    for rise_ms in (120, 60, 30, 15, 8, 4, 2):
        player.levels[3] = press(rise_ms)
        (note_on,) = channel_messages(player.run(0.6), 0x90)
        velocities.append(note_on[2])
    assert velocities == sorted(set(velocities))
    assert velocities[0] < 30 and velocities[-1] > 115


def test_a_note_comes_within_eight_milliseconds_of_a_strike(player: Player) -> None:
    player.levels[0] = press(3)
    assert channel_messages(player.run(0.008), 0x90)


def test_noise_spikes_and_shaking_fingers_play_nothing_twice(player: Player) -> None:
    spikes = random.Random(4)
    player.levels = {pad: lambda ms: 9_000.0 * (spikes.random() < 0.02) for pad in range(PADS)}
    assert not channel_messages(player.run(2.0), 0x90)
    player.levels = {5: lambda ms: 1_500 + 400 * spikes.uniform(-1, 1) if 20 < ms < 800 else 0.0}
    heard = player.run(1.0)
    assert len(channel_messages(heard, 0x90)) == len(channel_messages(heard, 0x80)) == 1


def test_pressure_is_told_at_most_a_hundred_times_a_second(player: Player) -> None:
    player.levels = {pad: lambda ms: 8_000 + 7_000 * abs((ms / 100) % 2 - 1) for pad in range(PADS)}
    pressures = Counter(message[1] for message in channel_messages(player.run(2.0), 0xA0))
    assert len(pressures) == PADS and all(60 < count <= 201 for count in pressures.values())


def test_all_pads_at_once(player: Player) -> None:
    player.levels = {pad: press(6) for pad in range(PADS)}
    heard = player.run(0.5)
    assert Counter(message[0] for message in heard if message[0] != 0xA0) == {0x90: PADS, 0x80: PADS}


def test_a_pad_that_was_touched_at_the_start_finds_its_rest() -> None:
    player = Player()
    player.levels[2] = lambda ms: 20_000.0
    player.run(0.6)
    player.levels[2] = lambda ms: 0.0
    player.run(0.1)
    player.levels[2] = press(8)
    assert len(channel_messages(player.run(0.5), 0x90)) == 1


def test_a_slow_creep_is_no_press(player: Player) -> None:
    player.levels[1] = lambda ms: ms / 2
    assert not channel_messages(player.run(12.0), 0x90)


def test_a_note_off_waits_for_room_on_the_cable(player: Player) -> None:
    player.levels[0] = press(8, hold_ms=50)
    player.run(0.05)
    player.wiring.room = 0
    player.run(0.1)
    player.levels.clear()
    player.wiring.room = 1 << 20
    assert len(channel_messages(player.run(0.1), 0x80)) == 1


def test_buttons_are_control_changes_and_do_not_bounce(player: Player) -> None:
    for pressed in (True, False, True):
        player.wiring.buttons[1] = pressed
        player.run(TURN_US / 1e6)
    heard = player.run(0.1)
    player.wiring.buttons[1] = False
    heard = channel_messages(player.heard, 0xB0) + channel_messages(player.run(0.1), 0xB0)
    assert heard == [bytes((0xB0, protocol.FIRST_BUTTON_CC + 1, 127)), bytes((0xB0, protocol.FIRST_BUTTON_CC + 1, 0))]


def test_the_clock_may_wrap() -> None:
    player = Player(begin_us=(1 << 29) - 1_000_000)
    player.run(0.6)
    player.tell(protocol.Welcome())
    for _ in range(4):
        player.levels[0] = press(8)
        player.tell(protocol.HostAlive())
        assert len(channel_messages(player.run(0.5), 0x90)) == 1
    assert player.controller.is_welcome
