"""The log: what took effect, at which frame, in which order, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from support.player import play, read_set
from support.playing import engine, sphere

from weaver.dsp.sizes import LOGGED
from weaver.engine.engine import Engine
from weaver.engine.ring import push_command
from weaver.model.gestures import BEND, INSTALL, LET_GO, MIDI, PANIC, PARAMETER, RUB, STRIKE
from weaver.model.parameters import INDEX


@pytest.fixture
def recorded() -> Engine:
    made = engine(sphere("glass", 440.0, "A"), sphere("glass", 550.0, "B"))
    made.keep_log()
    return made


def told(instrument: Engine) -> list[tuple[int, int, int]]:
    """(frame, kind, sphere) of what was done since the last time."""
    (stretch,) = instrument.log()
    return [(int(c.frame), int(c.kind), int(c.sphere)) for c in stretch.commands]


def test_commands_are_logged_when_they_take_effect(recorded: Engine) -> None:
    recorded.gesture("bend", 1, frame=300, cents=5.0)
    recorded.gesture("strike", 0)
    recorded.gesture("rub", 1, frame=100)
    recorded.gesture("strike", 1, frame=100)
    recorded.render(101)
    assert told(recorded) == [(0, STRIKE, 0), (100, RUB, 1), (100, STRIKE, 1)]
    assert told(recorded) == []
    recorded.gesture("strike", 0, frame=50)  # late
    recorded.render(250)
    assert told(recorded) == [(101, STRIKE, 0), (300, BEND, 1)]


def test_every_kind_is_logged_with_its_numbers(recorded: Engine) -> None:
    recorded.midi((0x91, 60, 99), port=3)
    recorded.set_parameter("vibrato_hz", 0.1)
    recorded.let_go(3)
    recorded.gesture("panic")
    recorded.render(64)
    (stretch,) = recorded.log()
    assert list(stretch.commands.kind) == [MIDI, PARAMETER, LET_GO, PANIC]
    assert list(stretch.commands.source) == [3, 0, 3, 0]
    assert stretch.commands["values"].tolist() == [
        [0x91, 60, 99, 3],
        [INDEX["vibrato_hz"], float(np.float32(0.1)), 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
    ]


def test_a_panic_beside_the_ring_comes_before_what_waits_in_it(recorded: Engine) -> None:
    recorded.render(10)
    recorded.gesture("strike", 0)
    recorded.panic()
    recorded.panic()
    recorded.render(10)
    assert told(recorded) == [(10, PANIC, -1), (10, STRIKE, 0)]


def test_what_is_refused_is_not_logged(recorded: Engine) -> None:
    assert push_command(recorded.address, 0, STRIKE, 7, 0, 0.5, 0.5, 0.5, 0.0, False)
    assert push_command(recorded.address, 0, STRIKE, 0, 0, float("nan"), 0.5, 0.5, 0.0, False)
    recorded.render(64)
    assert told(recorded) == []
    assert recorded.state.counters.refused_commands == 2


def test_a_set_stands_by_its_change(recorded: Engine) -> None:
    sets = [read_set(name) for name in ("bowls", "glasses")]
    for spheres in sets:
        assert recorded.change_set(spheres)
        recorded.render(100)
        recorded.notices()
    (stretch,) = recorded.log()
    assert [(int(c.frame), int(c.kind)) for c in stretch.commands] == [(0, INSTALL), (100, INSTALL)]
    assert stretch.sets == tuple(sets)


def test_a_change_of_set_gets_through_where_much_waits() -> None:
    player = play("keys")
    while player.engine.midi((0xA0, 1, 1), frame=10_000):
        pass
    assert player.engine.change_set(read_set("bowls"))
    player.engine.render(64)
    player.engine.notices()
    assert player.engine.spheres.name == "bowls"


def test_nobody_who_does_not_ask_gets_a_log() -> None:
    player = play("pads")
    player.note(50)
    player.engine.change_set(read_set("bowls"))
    player.wait(0.01)
    player.engine.notices()
    player.engine.restart(44_100.0)
    assert [len(stretch.commands) for stretch in player.engine.log()] == [0]


def test_a_full_log_counts_and_goes_on(recorded: Engine) -> None:
    for turn in range(20):
        for n in range(500):
            recorded.set_parameter("level_db", -((turn * 500 + n) % 60))
        recorded.render(1)
    (stretch,) = recorded.log()
    assert len(stretch.commands) == LOGGED
    assert stretch.lost == recorded.state.counters.lost_log == 20 * 500 - LOGGED
    assert recorded.state.target[INDEX["level_db"]] == -((20 * 500 - 1) % 60), "it was done all the same"
    recorded.gesture("strike", 0)
    recorded.render(1)
    (stretch,) = recorded.log()
    assert (len(stretch.commands), stretch.lost) == (1, 0)


def test_it_says_up_to_when_it_is_whole(recorded: Engine) -> None:
    assert recorded.log()[0].until == 0
    recorded.render(77)
    assert recorded.log()[0].until == 77


def test_a_restart_ends_a_stretch_and_begins_another(recorded: Engine) -> None:
    before = recorded.log()[0].beginning
    recorded.set_parameter("tilt_db", 3.0)
    recorded.render(100)
    recorded.restart(96_000.0)
    recorded.gesture("strike", 0)
    recorded.render(1)
    early, late = recorded.log()
    assert early.beginning is before and late.beginning is not before
    assert (early.until, list(early.commands.kind)) == (100, [PARAMETER])
    assert (late.until, [int(c.frame) for c in late.commands]) == (129, [128])
    assert (late.beginning.frame, late.beginning.sample_rate) == (128, 96_000.0)
    assert late.beginning.targets[INDEX["tilt_db"]] == 3.0
    assert [stretch.beginning for stretch in recorded.log()] == [late.beginning]


def test_an_engine_resumes_where_a_log_begins() -> None:
    first = engine(sphere("glass", hum_db=-20.0))
    first.render(1000)
    first.set_parameter("tilt_db", 3.0)
    first.render(24)
    first.restart(48_000.0)
    second = engine(sphere("glass", hum_db=-20.0))
    second.resume(1024, first.state.target)
    np.testing.assert_array_equal(second.render(5000), first.render(5000))
