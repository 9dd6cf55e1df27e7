"""The clock that is sent: each tick on the frame it falls on, and what is said of the song before it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from support.playing import RATE, engine, seconds
from support.ticking import CONTINUE, POSITION, START, STOP, TICK

from weaver.engine.engine import Engine
from weaver.life.transport import LINK

LEAD = 48
"""Frames between a start and its first tick at this rate."""


def sent(instrument: Engine, duration_s: float, block: int = 4800) -> list[tuple[int, tuple[int, ...]]]:
    """What leaves in the next seconds: (frame, message)."""
    heard = []
    until = int(instrument.state.frame) + round(duration_s * RATE)
    while int(instrument.state.frame) < until:
        instrument.render(min(block, until - int(instrument.state.frame)))
        for event in instrument.outward.take_clock():
            heard.append((int(event["frame"]), tuple(int(byte) for byte in event["data"][: event["size"]])))
    return heard


def ticks(heard: list[tuple[int, tuple[int, ...]]]) -> NDArray[np.int64]:
    return np.array([frame for frame, message in heard if message == (TICK,)])


def others(heard: list[tuple[int, tuple[int, ...]]]) -> list[tuple[int, tuple[int, ...]]]:
    return [(frame, message) for frame, message in heard if message != (TICK,)]


def clocked(bpm: float = 120.0) -> Engine:
    instrument = engine()
    instrument.set_parameter("tempo_bpm", bpm)
    instrument.outward.clock()
    return instrument


@pytest.mark.parametrize("bpm", [20.0, 97.3, 120.0, 133.33, 400.0])
def test_every_tick_is_on_the_first_frame_not_before_its_time(bpm):
    instrument = clocked(bpm)
    instrument.gesture("roll", beat=0)
    found = ticks(sent(instrument, 20.0))
    period = 60.0 * RATE / 24 / float(np.float32(bpm))
    ideal = LEAD + np.arange(len(found)) * period
    late = found - ideal
    assert late.min() > -1e-3 and late.max() < 1.0
    assert len(found) == int((20.0 * RATE - LEAD) / period) + 1


def test_whole_periods_have_no_jitter_at_all():
    instrument = clocked(120.0)
    instrument.gesture("roll", beat=0)
    assert set(np.diff(ticks(sent(instrument, 30.0))).tolist()) == {1000}
    instrument.set_parameter("tempo_bpm", 150.0)
    sent(instrument, 0.1)
    assert set(np.diff(ticks(sent(instrument, 30.0))).tolist()) == {800}


def test_it_ticks_while_the_song_stands():
    heard = sent(clocked(), 2.0)
    assert set(np.diff(ticks(heard)).tolist()) == {1000} and len(ticks(heard)) in (96, 97) and others(heard) == []


def test_nobody_who_listens_costs_nothing_and_loses_nothing():
    instrument = engine()
    assert sent(instrument, 1.0) == [] and instrument.state.clock_out.lost == 0


def test_start_comes_a_millisecond_before_its_tick():
    instrument = clocked()
    sent(instrument, 0.51)
    instrument.gesture("roll", beat=0)
    heard = sent(instrument, 0.2)
    ((started, message),) = others(heard)
    assert message == (START,)
    after = [frame for frame in ticks(heard) if frame >= started]
    assert after[:3] == [started + LEAD, started + LEAD + 1000, started + LEAD + 2000]


def test_stop_position_and_continue():
    instrument = clocked()
    instrument.gesture("roll", beat=0)
    sent(instrument, 1.0)
    instrument.gesture("halt")
    ((_, message),) = others(sent(instrument, 0.5))
    assert message == (STOP,)
    instrument.gesture("roll", beat=1030.5)
    heard = sent(instrument, 0.5)
    sixteenth = 1030 * 4 + 2
    (at, position), (begun, message) = others(heard)
    assert position == (POSITION, sixteenth % 128, sixteenth // 128) and message == (CONTINUE,) and at == begun
    assert instrument.snapshot().beat == pytest.approx(1030.5 + 1.0, abs=0.02)


def test_what_is_moved_while_it_rolls_is_stopped_and_continued():
    instrument = clocked()
    instrument.gesture("roll", beat=0)
    sent(instrument, 1.0)
    instrument.gesture("roll", beat=16)
    kinds = [message for _, message in others(sent(instrument, 0.5))]
    assert kinds == [(STOP,), (POSITION, 64, 0), (CONTINUE,)]


def test_a_song_that_is_joined_between_sixteenths_is_continued_on_the_next():
    instrument = clocked()
    instrument.give_time(LINK, 120.0, 10.1, True)
    heard = sent(instrument, 1.0)
    (at, position), (begun, message) = others(heard)
    assert position == (POSITION, 41, 0) and message == (CONTINUE,) and at == begun
    where = 10.1 + at / RATE * 2.0
    assert where == pytest.approx(10.25, abs=0.003)
    assert at in ticks(heard)


def test_a_song_that_is_a_little_beyond_a_sixteenth_is_on_it():
    instrument = clocked()
    instrument.give_time(LINK, 120.0, 8.0 + 0.3 / 24, True)
    (_, position), (begun, message) = others(sent(instrument, 0.2))
    assert position == (POSITION, 32, 0) and message == (CONTINUE,) and begun <= 128


def test_ticks_that_nobody_heard_are_not_made_up_for():
    instrument = clocked()
    sent(instrument, 0.5)
    instrument.outward.clock(False)
    assert sent(instrument, 2.0) == []
    instrument.outward.clock()
    assert np.diff(ticks(sent(instrument, 0.5))).min() >= 999


def test_beyond_the_last_position_the_last_one_is_said():
    instrument = clocked()
    instrument.gesture("roll", beat=60_000)
    (_, position), _ = others(sent(instrument, 0.2))
    assert position == (POSITION, 127, 127)


def test_a_clock_that_is_followed_is_passed_on_smoothly():
    instrument = clocked()
    late = np.random.default_rng(4).integers(0, 150, 480)
    heard = []
    for n in range(480):
        instrument.midi((TICK,), 0, int(instrument.state.frame) + int(late[n]))
        if n == 100:
            instrument.midi((START,), 0, int(instrument.state.frame))
        heard += sent(instrument, 1000 / RATE)
    intervals = np.diff(ticks(heard))[-200:]
    assert intervals.std() < 0.2 * np.diff(np.arange(480) * 1000 + late).std()
    assert [message for _, message in others(heard)] in ([(START,)], [(POSITION, 1, 0), (CONTINUE,)])


def test_who_is_sent_nothing_more_is_told_to_stop():
    instrument = clocked()
    instrument.gesture("roll", beat=0)
    sent(instrument, 1.0)
    instrument.outward.clock(False)
    assert [message for _, message in sent(instrument, 1.0)] == [(STOP,)]
    instrument.outward.clock()
    kinds = [message[0] for _, message in others(sent(instrument, 0.5))]
    assert kinds == [POSITION, CONTINUE]


def test_a_full_ring_loses_and_counts():
    instrument = clocked(400.0)
    seconds(instrument, 10.0)
    assert instrument.state.clock_out.lost > 1000
    seconds(instrument, 0.01)
    assert len(instrument.outward.take_clock()) == 256
    assert len(ticks(sent(instrument, 1.0))) == pytest.approx(160, abs=1)
