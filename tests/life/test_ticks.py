"""MIDI's clock as it is heard: a steady tempo out of ticks that are not, and where the song stands."""

from __future__ import annotations

import numpy as np
import pytest
from support.playing import RATE, engine, seconds
from support.ticking import CONTINUE, POSITION, START, STOP, TICK, frames_of, hear, ideal_s

from weaver.engine.engine import Engine
from weaver.life.tempi import FASTEST_BPM, TICKS
from weaver.life.ticks import ASTRAY_TICKS, DOUBLED_TICKS, LOST_S, OVERDUE_TICKS, SURE_TICKS, WANDERING_S
from weaver.life.transport import CLOCK, OWN, SLOWEST

PERIOD = 1000
"""Frames of a tick at 120 bpm."""


def clock_of(instrument: Engine) -> np.record:
    return instrument.state.transport.clock


def ticks(instrument: Engine, count: int, period: int = PERIOD, port: int = 0) -> None:
    """So many ticks, the first at once; time passes with them."""
    for _ in range(count):
        instrument.midi((TICK,), port)
        instrument.render(period)


@pytest.mark.parametrize("bpm", [40.0, 97.3, 120.0, 137.0, 250.0])
def test_a_steady_clock_is_followed_to_the_frame(bpm):
    heard = ideal_s((16, bpm))
    found, beats = hear(engine(), frames_of(heard))
    assert found[-100:] == pytest.approx(bpm, abs=0.01)
    looked_s = np.arange(1, len(beats) + 1) * 480 / RATE
    away_s = (beats - (looked_s - heard[0]) / 60.0 * bpm)[len(beats) // 2 :] * 60.0 / bpm
    assert np.abs(away_s).max() < 0.002  # a snapshot is of the last grid point


@pytest.mark.parametrize(("jitter_ms", "block"), [(0.35, 1), (2.0, 1), (4.0, 1), (0.0, 256)])
def test_jitter_is_smoothed_far_below_that_of_the_intervals(jitter_ms, block):
    heard = ideal_s((40, 120.0))
    late_s = np.random.default_rng(5).uniform(0.0, jitter_ms / 1000.0, len(heard))
    frames = frames_of(heard + late_s, block)
    found, _ = hear(engine(), frames)
    intervals = np.diff(frames[200:])
    raw_bpm = 60.0 * RATE / TICKS / intervals
    smooth = found[-1200:]
    assert smooth.mean() == pytest.approx(120.0, abs=0.05)
    assert smooth.std() < raw_bpm.std() / 20.0
    assert smooth.std() < 0.15


@pytest.mark.parametrize(("after_bpm", "jitter_ms"), [(140, 0), (140, 4), (60, 0), (121, 0), (240, 0), (300, 0)])
def test_another_tempo_is_found_within_a_beat_or_two(after_bpm, jitter_ms):
    heard = ideal_s((20, 120.0), (30, after_bpm))
    late_s = np.random.default_rng(5).uniform(0.0, jitter_ms / 1000.0, len(heard))
    found, _ = hear(engine(), frames_of(heard + late_s))
    changed = round(heard[20 * TICKS] * RATE / 480)
    away = np.flatnonzero(np.abs(found[changed:] - after_bpm) > 1.0)
    settled_s = (away[-1] + 1 if len(away) else 0) * 480 / RATE
    assert settled_s < 1.0
    assert found.max() < max(after_bpm, 120) * 1.06


def test_three_ticks_make_a_tempo():
    instrument = engine()
    ticks(instrument, SURE_TICKS - 1)
    assert instrument.state.transport.source == OWN
    ticks(instrument, 1)
    assert instrument.state.transport.source == CLOCK and instrument.state.transport.bpm == pytest.approx(120.0)


def test_three_ticks_far_off_are_a_new_tempo():
    instrument = engine()
    ticks(instrument, 48)
    instrument.render(PERIOD)
    ticks(instrument, ASTRAY_TICKS - 1, 2 * PERIOD)
    assert instrument.state.transport.bpm > 110.0
    ticks(instrument, 1, 2 * PERIOD)
    assert instrument.state.transport.bpm == pytest.approx(60.0)


def test_it_is_known_how_far_ticks_wander_and_the_loop_is_slower_then():
    heard = ideal_s((60, 120.0))
    late_s = np.random.default_rng(5).uniform(0.0, 0.009, len(heard))
    instrument = engine()
    found, _ = hear(instrument, frames_of(heard + late_s))
    assert clock_of(instrument).jitter / RATE == pytest.approx(0.009 / 4.0, rel=0.3) and WANDERING_S < 0.009 / 4.0
    assert found[-2000:].std() < 0.12


def test_single_late_ticks_are_not_believed():
    heard = ideal_s((40, 120.0))
    spiky = heard.copy()
    spiky[30::37] += 0.018
    instrument = engine()
    found, beats = hear(instrument, frames_of(spiky))
    assert clock_of(instrument).outliers >= 25
    assert found[-1000:].std() < 0.05
    assert beats[-1] == pytest.approx(40.0, abs=0.05)  # and none is lost


def test_a_second_clock_merged_into_one_port_is_left_out():
    one, other = ideal_s((30, 120.0)), ideal_s((25, 100.0), begin_s=0.013)
    instrument = engine()
    both = np.sort(np.concatenate([frames_of(one), frames_of(other)]))
    found, _ = hear(instrument, both)
    assert clock_of(instrument).strangers > 400
    assert 90.0 < found[100:].min() and found.max() < 160.0


def test_ticks_halfway_now_and_then_are_no_clock_of_twice_the_tempo():
    instrument = engine()
    ticks(instrument, 24)
    for _ in range(DOUBLED_TICKS + 2):
        ticks(instrument, 1, PERIOD // 2)
        ticks(instrument, 1, PERIOD // 2)
        ticks(instrument, 2)
    assert clock_of(instrument).strangers == DOUBLED_TICKS + 2
    assert instrument.state.transport.bpm == pytest.approx(120.0, abs=0.1)


def test_of_two_ports_the_first_counts_until_it_is_silent():
    instrument = engine()
    for _ in range(4 * TICKS):
        instrument.midi((TICK,), 3)
        instrument.midi((START,), 5)
        instrument.midi((TICK,), 5)
        instrument.render(PERIOD)
    clock = clock_of(instrument)
    assert clock.port == 3 and not clock.rolling and clock.strangers == 8 * TICKS
    seconds(instrument, LOST_S + 0.1)
    ticks(instrument, 5, port=5)
    assert clock.port == 5


@pytest.mark.parametrize("block", [512, 1024, 2048])
@pytest.mark.parametrize("bpm", [60.0, 120.0, 160.0, 390.0])
def test_of_ticks_that_wait_for_a_period_to_begin_none_is_lost(bpm, block):
    """Some of them come several at once."""
    heard = ideal_s((40, bpm))
    instrument = engine()
    found, beats = hear(instrument, frames_of(heard, block))
    assert np.abs(found[len(found) // 2 :] - bpm).max() < 0.01 * bpm
    assert beats[-1] == pytest.approx(40.0, abs=0.25)  # those together with the very first are not believed
    assert clock_of(instrument).strangers <= 5


def test_a_clock_that_waits_for_periods_is_found_again_at_another_tempo():
    heard = ideal_s((20, 120.0), (30, 160.0))
    found, _ = hear(engine(), frames_of(heard, 1024))
    changed = round(heard[20 * TICKS] * RATE / 480)
    assert np.abs(found[changed + 200 :] - 160.0).max() < 2.0


def test_a_storm_of_ticks_at_one_frame_is_bounded():
    instrument = engine()
    for _ in range(200):
        for _ in range(40):
            instrument.midi((TICK,), 0)
        instrument.render(480)
    assert clock_of(instrument).strangers > 6000
    assert instrument.state.transport.bpm <= FASTEST_BPM and np.isfinite(instrument.state.transport.beat)


def test_a_storm_of_ticks_is_bounded():
    instrument = engine()
    for _ in range(200):
        for n in range(40):
            instrument.midi((TICK,), 0, int(instrument.state.frame) + n * 12)
        instrument.render(480)
    state = instrument.state
    assert state.transport.bpm <= FASTEST_BPM and np.isfinite(state.transport.beat)
    assert clock_of(instrument).strangers > 6000
    assert state.counters.dropped_commands == 0
    seconds(instrument, 1.0)
    assert state.transport.source == OWN
    found, _ = hear(instrument, frames_of(ideal_s((8, 120.0))))
    assert found[-1] == pytest.approx(120.0, abs=0.05)


def test_too_slow_a_clock_is_none():
    instrument = engine()
    ticks(instrument, 6, period=int(0.6 * RATE))
    assert instrument.state.transport.source == OWN


def test_start_begins_with_the_next_tick():
    instrument = engine()
    ticks(instrument, 30)
    assert not instrument.state.transport.rolling
    instrument.midi((START,))
    ticks(instrument, 49)
    transport = instrument.state.transport
    assert transport.rolling and transport.source == CLOCK
    assert instrument.snapshot().beat == pytest.approx(49 / TICKS, abs=0.01)


def test_a_master_that_was_silent_may_start_at_once():
    """As sequencers do that send no clock while they stand."""
    instrument = engine()
    instrument.midi((START,))
    ticks(instrument, 24)
    assert instrument.snapshot().beat == pytest.approx(1.0, abs=0.01)
    assert instrument.state.transport.starts == 1


def test_a_start_between_two_ticks_begins_the_grid_anew():
    instrument = engine()
    ticks(instrument, 50)
    instrument.render(130 - PERIOD % 130)
    instrument.midi((START,))
    ticks(instrument, 24)
    assert clock_of(instrument).strangers == 0
    assert instrument.snapshot().beat == pytest.approx(1.0, abs=0.01)
    assert instrument.state.transport.bpm == pytest.approx(120.0, abs=0.01)


def test_position_and_continue():
    instrument = engine()
    ticks(instrument, 10)
    instrument.midi((POSITION, 20, 0))
    instrument.midi((CONTINUE,))
    ticks(instrument, 24)
    assert instrument.snapshot().beat == pytest.approx(5.0 + 1.0, abs=0.01)
    instrument.midi((STOP,))
    ticks(instrument, 30)
    transport = instrument.state.transport
    assert not transport.rolling and transport.source == CLOCK
    stood = float(instrument.snapshot().beat)
    assert stood == pytest.approx(6.0, abs=0.01)
    instrument.midi((CONTINUE,))
    ticks(instrument, 12)
    assert instrument.snapshot().beat == pytest.approx(6.5, abs=0.01)


def test_a_start_while_it_rolls_waits_for_its_tick():
    instrument = engine()
    instrument.midi((START,))
    ticks(instrument, 24)
    instrument.midi((START,))
    instrument.render(64)
    assert not instrument.state.transport.rolling and instrument.snapshot().beat == 0.0
    instrument.render(PERIOD - 64)
    ticks(instrument, 12)
    assert instrument.snapshot().beat == pytest.approx(0.5, abs=0.01) and instrument.state.transport.starts == 2


def test_continue_while_it_rolls_changes_nothing():
    instrument = engine()
    instrument.midi((START,))
    ticks(instrument, 24)
    instrument.midi((CONTINUE,))
    ticks(instrument, 24)
    assert clock_of(instrument).count == 47 and instrument.snapshot().beat == pytest.approx(2.0, abs=0.01)


def test_a_tick_that_is_late_slows_time_and_does_not_stop_it():
    instrument = engine()
    ticks(instrument, 24)
    before = float(instrument.snapshot().pulse) * TICKS
    instrument.render(3 * PERIOD)
    gone = float(instrument.snapshot().pulse) * TICKS - before
    assert gone == pytest.approx(OVERDUE_TICKS - 1.0 + SLOWEST * (4.0 - OVERDUE_TICKS), abs=0.15)


def test_a_song_that_was_left_by_a_silent_clock_can_be_continued():
    instrument = engine()
    instrument.midi((START,))
    ticks(instrument, 24)
    seconds(instrument, 2 * LOST_S)
    instrument.midi((CONTINUE,))
    ticks(instrument, 24)
    assert instrument.state.transport.rolling


def test_a_position_while_it_rolls_is_ignored_and_counted():
    instrument = engine()
    instrument.midi((START,))
    ticks(instrument, 24)
    instrument.midi((POSITION, 0, 3))
    ticks(instrument, 1)
    assert clock_of(instrument).misplaced == 1
    assert instrument.snapshot().beat == pytest.approx(25 / TICKS, abs=0.01)


@pytest.mark.parametrize("data", [(POSITION,), (POSITION, 1), (POSITION, 200, 1), (POSITION, 1, 200)])
def test_a_broken_position_is_counted(data):
    instrument = engine()
    instrument.midi(data)
    instrument.render(64)
    assert instrument.state.midi.ignored.sum() == 1 and clock_of(instrument).song == 0


def test_the_last_position_there_is():
    instrument = engine()
    instrument.midi((POSITION, 127, 127))
    instrument.midi((CONTINUE,))
    ticks(instrument, 3 * TICKS)
    assert instrument.snapshot().beat == pytest.approx(16383 / 4 + 3.0, abs=0.01)


def test_a_clock_that_falls_silent_stops_the_song():
    instrument = engine()
    instrument.midi((START,))
    ticks(instrument, 24)
    seconds(instrument, LOST_S - PERIOD / RATE - 0.01)
    assert instrument.state.transport.rolling
    seconds(instrument, 0.02)
    transport = instrument.state.transport
    assert not transport.rolling and transport.source == OWN and transport.stops == 1


def test_any_order_of_messages_is_borne():
    chance = np.random.default_rng(9)
    instrument = engine()
    for _ in range(3000):
        kind = int(chance.choice([TICK, TICK, TICK, START, CONTINUE, STOP, POSITION]))
        data = (kind, *(int(n) for n in chance.integers(0, 128, 2))) if kind == POSITION else (kind,)
        instrument.midi(data, int(chance.integers(0, 3)))
        instrument.render(int(chance.integers(1, 1500)))
        transport = instrument.state.transport
        assert 20.0 <= transport.bpm <= FASTEST_BPM and np.isfinite(transport.beat) and transport.step >= 0.0
