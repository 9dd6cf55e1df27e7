"""Strikes that wait for their part of a beat: on the very frame, let go as ever, and the same when a take is played."""

from __future__ import annotations

import numpy as np
import pytest
from support.playing import RATE, engine, seconds, sphere
from support.playing_out import HAND_PORT, plays_out, run, strikes

from weaver.engine.engine import Engine
from weaver.engine.in_time import LATE
from weaver.engine.layout import COMMAND
from weaver.engine.midi_out import DAW_PORTS
from weaver.engine.zones import KEYS
from weaver.life.transport import LEAD_S
from weaver.model.gestures import BLOW

LEAD = round(LEAD_S * RATE)
EIGHTH = 12_000
"""Frames of an eighth at 120 bpm."""


def rolling(*members: object, parts: float = 2.0, mode: int = 0, **changes: object) -> Engine:
    """An engine whose song has begun with the first frame, and whose strikes wait for so many parts of a beat."""
    instrument = engine(*members, mode=mode, **changes)
    instrument.set_parameter("quantise", parts)
    instrument.gesture("roll", beat=0)
    instrument.render(64)
    return instrument


def struck_frames(instrument: Engine, until: int, s: int = 0) -> list[int]:
    """The frames at which the mallet landed on a sphere, looking at every one."""
    found = []
    while int(instrument.state.frame) < until:
        before = int(instrument.state.touch.played[s])
        instrument.render(1)
        if int(instrument.state.touch.played[s]) > before:
            found.append(int(instrument.state.frame) - 1)
    return found


@pytest.mark.parametrize(("parts", "grid"), [(1, 24_000), (1.6, 12_000), (2, 12_000), (3, 8_000), (4, 6_000)])
def test_it_waits_for_the_next_part(parts, grid):
    instrument = rolling(parts=parts)
    instrument.gesture("strike", 0, 3000)
    instrument.render(grid - 400)
    assert struck_frames(instrument, grid + 400) == [grid + LEAD]


def test_without_it_a_strike_is_at_once():
    instrument = rolling(parts=0)
    instrument.gesture("strike", 0, 2000)
    instrument.render(1500)
    assert struck_frames(instrument, 3000) == [2000]


@pytest.mark.parametrize(("after", "waits"), [(0, False), (0.9 * LATE, False), (1.1 * LATE, True)])
def test_a_little_late_is_now(after, waits):
    instrument = rolling()
    at = EIGHTH + LEAD + round(after * EIGHTH)
    instrument.gesture("strike", 0, at)
    instrument.render(at - 500)
    expected = 2 * EIGHTH + LEAD if waits else at
    assert struck_frames(instrument, 2 * EIGHTH + LEAD + 200) == [expected]


def test_a_note_waits_but_its_release_does_not():
    instrument = rolling(mode=KEYS)
    instrument.midi((0x90, 69, 100), 0, 2000)
    instrument.midi((0x80, 69, 0), 0, 3000)
    instrument.render(5000)
    assert instrument.state.midi.voice_held[0] == 0 and instrument.state.touch.played[0] == 0
    assert struck_frames(instrument, EIGHTH + 400) == [EIGHTH + LEAD]
    seconds(instrument, 1.0)
    assert instrument.state.midi.voice_held[0] == 0


@pytest.mark.parametrize(("port", "leaves"), [(DAW_PORTS[0], 0), (HAND_PORT, 1)])
def test_who_struck_is_remembered_while_it_waits(port, leaves):
    instrument = rolling(mode=KEYS)
    plays_out(instrument, settle=False, configures=False)
    instrument.midi((0x90, 69, 100), port, 2000)
    _, left = run(instrument, EIGHTH + 400)
    assert instrument.state.touch.played[0] == 1
    assert [frame for frame, *_ in strikes(left)] == [EIGHTH + LEAD] * leaves


def test_a_panic_calls_off_what_waits():
    instrument = rolling()
    instrument.gesture("strike", 0, 2000)
    instrument.gesture("panic", frame=4000)
    seconds(instrument, 1.0)
    assert instrument.state.touch.played[0] == 0 and instrument.state.sphere.energy[0] == 0.0
    assert instrument.state.counters.refused_commands == 0


def test_a_blow_for_a_sphere_that_has_left_is_nothing():
    instrument = rolling(sphere(), sphere(f0_hz=660.0, name="Two"))
    instrument.gesture("strike", 1, 2000)
    instrument.render(3000)
    from support.playing import spheres

    assert instrument.change_set(spheres(sphere()))
    sound = seconds(instrument, 1.0)
    assert np.all(np.isfinite(sound)) and instrument.state.touch.played[0] == 0


def test_a_restart_calls_off_what_waits():
    instrument = rolling()
    instrument.gesture("strike", 0, 2000)
    instrument.render(3000)
    instrument.restart(44_100.0)
    seconds(instrument, 1.0)
    assert instrument.state.touch.played[0] == 0


def test_at_one_frame_a_blow_comes_first_whenever_the_other_was_said():
    at, sounds = EIGHTH + LEAD, []
    for said_at in (1000, 6000):
        instrument = rolling()
        instrument.gesture("strike", 0, 2000)
        sound = [instrument.render(said_at)]
        instrument.gesture("bend", 0, at, cents=500.0)
        instrument.midi((0xB0, 120, 0), 0, at)
        sounds.append(np.concatenate([*sound, instrument.render(2 * EIGHTH - said_at)]))
        assert instrument.state.sphere.energy[0] == 0.0
    np.testing.assert_array_equal(*sounds)


def test_nobody_else_lets_the_mallet_land():
    instrument = engine()
    blow = np.zeros(1, COMMAND)
    blow["kind"], blow["values"][0, 0] = BLOW, 1.0
    assert instrument.perform(blow)
    instrument.render(64)
    assert instrument.state.touch.played[0] == 0 and instrument.state.counters.refused_commands == 1


def test_many_that_wait_leave_room_for_releases():
    instrument = rolling(parts=1, mode=KEYS)
    instrument.render(4000)
    for n in range(3000):
        instrument.midi((0x90, 20 + n % 90, 100), 0)
        if n % 300 == 299:
            instrument.render(64)
    for note in range(20, 110):
        instrument.midi((0x80, note, 0), 0)
    instrument.render(64)
    assert instrument.state.counters.dropped_commands > 0
    assert instrument.state.midi.voice_held[0] == 0


def test_any_block_and_a_replay_give_the_same_samples():
    def play(block: int, log: list[np.void] | None = None) -> np.ndarray:
        instrument = engine(sphere(), sphere(f0_hz=550.0, name="Two"))
        if log is None:
            instrument.set_parameter("quantise", 4.0)
            instrument.gesture("roll", beat=0)
            for n in range(12):
                instrument.gesture("strike", n % 2, 1000 + 3517 * n, velocity=0.3 + 0.05 * n)
            instrument.midi((0x90, 61, 90), 0, 30_011)
        else:
            for command in log:
                values = [float(value) for value in command["values"]]
                instrument.repeat(int(command["frame"]), int(command["kind"]), int(command["sphere"]), 0, values)
        instrument.keep_log()
        sound = [instrument.render(min(block, 60_000 - at)) for at in range(0, 60_000, block)]
        logs.append(np.concatenate([stretch.commands for stretch in instrument.log()]))
        return np.concatenate(sound)

    logs: list[np.ndarray] = []
    first = play(64)
    assert np.abs(first).max() > 0.01
    for block in (1000, 17, 4096):
        assert np.array_equal(play(block), first)
    assert np.array_equal(play(480, list(logs[0])), first)
    assert np.array_equal(logs[-1], logs[0])
