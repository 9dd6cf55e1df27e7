"""The command ring and those who wait: order, ties, frames to come and gone, and what gets through when all is full."""

from __future__ import annotations

import numpy as np
import pytest
from support.player import Player, play

from weaver.dsp.sizes import COMMANDS, NOTICES, RESERVED
from weaver.engine.ring import push_command
from weaver.engine.status import is_release
from weaver.model.gestures import MIDI
from weaver.model.parameters import INDEX, LEVEL_DB


def level_db(player: Player) -> float:
    return float(player.engine.state.target[LEVEL_DB])


def fill(player: Player, count: int = 5000) -> int:
    """Push note-ons until none goes in; how many did."""
    return sum(player.engine.midi((0x90, 60 + n % 16, 1), frame=1) for n in range(count))


def test_at_one_frame_the_order_of_arrival_holds() -> None:
    player = play("keys")
    for frame in (0, int(player.engine.state.frame) + 7):
        for value in (-30.0, -20.0, -10.0):
            player.engine.set_parameter("level_db", value, frame)
        player.engine.render(64)
        assert level_db(player) == -10.0
        player.engine.set_parameter("level_db", 0.0)


def test_what_is_for_later_waits_whatever_came_first() -> None:
    player = play("keys")
    start = int(player.engine.state.frame)
    for after, value in ((300, -30.0), (100, -10.0), (200, -20.0)):
        player.engine.set_parameter("level_db", value, start + after)
    heard = []
    for _ in range(4):
        player.engine.render(100)
        heard.append(level_db(player))
    assert heard == [0.0, -10.0, -20.0, -30.0]
    assert player.engine.state.waiting == 0


def test_a_command_takes_effect_at_its_very_frame() -> None:
    early, late = play("keys"), play("keys")
    at = int(early.engine.state.frame) + 37
    early.engine.midi((0x90, 67, 127), frame=at)
    late.engine.midi((0x90, 67, 127), frame=at + 1)
    first, second = early.engine.render(2000), late.engine.render(2000)
    assert not first[:37].any()
    assert first[37:1000].any()
    assert int(np.argmax(second != 0, axis=0)[0]) == int(np.argmax(first != 0, axis=0)[0]) + 1


def test_what_comes_too_late_is_done_at_once_and_counted() -> None:
    player = play("keys")
    player.engine.render(1000)
    player.engine.set_parameter("level_db", -10.0, 5)
    player.engine.set_parameter("level_db", -20.0, 0)
    player.engine.render(64)
    assert level_db(player) == -20.0
    assert player.engine.state.counters.late_commands == 1


def test_a_full_ring_keeps_places_for_what_must_get_through() -> None:
    player = play("keys")
    s = player.note(67)
    assert fill(player) == COMMANDS - RESERVED
    assert player.engine.dropped == 5000 - (COMMANDS - RESERVED)
    assert not player.engine.set_parameter("level_db", -10.0)
    assert player.engine.midi((0x80, 67, 0))
    assert player.engine.midi((0x90, 67, 0))
    assert player.engine.midi((0xB0, 123, 0))
    assert player.engine.let_go(0)
    assert player.engine.gesture("panic")
    player.engine.render(64)
    assert player.held == []
    assert player.engine.state.counters.dropped_commands > 0
    assert player.note(72) >= 0 and s >= 0


def test_note_offs_get_through_a_full_ring() -> None:
    player = play("keys")
    taken = [player.note(note) for note in range(60, 76)]
    assert player.held == sorted(taken)
    fill(player)
    for note in range(60, 76):
        assert player.engine.midi((0x80, note, 0))
    player.engine.render(64)
    assert player.held == []


def test_panic_gets_through_where_nothing_else_does() -> None:
    player = play("keys")
    player.note(67)
    fill(player)
    while player.engine.midi((0x80, 0, 0)):
        pass
    assert player.engine.state.commands.written[0] - player.engine.state.commands.read[0] == COMMANDS
    player.engine.panic()
    assert player.engine.state.panics_done == 0
    player.engine.render(0)
    assert player.engine.state.panics_done == 1
    assert player.engine.state.sphere.hush[7] == 0.0


def test_the_ring_goes_round() -> None:
    player = play("keys")
    for turn in range(30):
        for n in range(500):
            assert player.engine.set_parameter("level_db", -((turn * 500 + n) % 60))
        player.engine.render(1)
        assert level_db(player) == -((turn * 500 + 499) % 60)
    assert player.engine.state.counters.dropped_commands == 0


@pytest.mark.parametrize(
    ("data", "release"),
    [
        ((0x80, 60, 0), True),
        ((0x9F, 60, 0), True),
        ((0x90, 60, 1), False),
        ((0xB0, 120, 0), True),
        ((0xB3, 123, 0), True),
        ((0xB0, 7, 0), False),
        ((0xE0, 0, 0), False),
    ],
)
def test_what_is_a_release(data: tuple[int, ...], release: bool) -> None:
    assert is_release(data) == release


def test_nonsense_in_the_ring_is_refused_and_counted() -> None:
    player = play("keys")
    state = player.engine.state
    wrong = [
        (0, 31, 0, 0, 0.0, 0.0, 0.0, 0.0),
        (0, 1, 16, 0, 0.5, 0.5, 0.5, 0.0),
        (0, 1, 0, 0, float("nan"), 0.5, 0.5, 0.0),
        (0, 1, 0, 0, 0.5, float("inf"), 0.5, 0.0),
        (0, 32, -1, 0, float(len(INDEX)), 0.0, 0.0, 0.0),
        (0, 8, 0, 0, 16.0, 1.0, 0.0, 0.0),
        (0, MIDI, 0, 0, 1e30, 0.0, 0.0, 3.0),
    ]
    for command in wrong:
        assert push_command(player.engine.address, *command, False)
    player.engine.render(64)
    assert state.counters.refused_commands == len(wrong)


def test_notices_nobody_reads_are_counted() -> None:
    player = play("keys")
    for _ in range(3):
        for n in range(500):
            player.engine.midi((0xC0, n % 128))
        player.engine.render(1)
    assert player.engine.state.counters.lost_notices == 1500 - NOTICES
    told = player.engine.notices()
    assert [int(notice.values[0]) for notice in told] == [n % 500 % 128 for n in range(NOTICES)]
    assert len(player.engine.notices()) == 0
