"""The delay-locked loop against block times that are made up."""

from __future__ import annotations

import math
import random

import pytest

from weaver.engine.clock import LOST_S, FrameClock

RATE, BLOCK = 48_000, 256


def feed(clock: FrameClock, seconds: float, jitter_s: float, true_rate: float = RATE, every: int = 12) -> float:
    """Blocks of a clock that runs at `true_rate`, each up to `jitter_s` late; only some are seen. The last time."""
    chance = random.Random(7)
    time_s = 0.0
    for block in range(0, int(seconds * RATE / BLOCK), every):
        time_s = 100.0 + block * BLOCK / true_rate
        clock.observe(block * BLOCK, time_s + chance.random() * jitter_s)
    return time_s


def test_it_answers_from_the_second_block_on() -> None:
    clock = FrameClock(RATE)
    assert not clock.is_locked
    with pytest.raises(ValueError, match="not observed"):
        clock.frame_at(1.0)
    clock.observe(0, 10.0)
    assert not clock.is_locked
    clock.observe(BLOCK, 10.0 + BLOCK / RATE)
    assert clock.is_locked
    assert clock.frame_at(10.0 + 2 * BLOCK / RATE) == pytest.approx(2 * BLOCK, abs=0.01)


def test_jitter_is_smoothed() -> None:
    clock = FrameClock(RATE)
    now_s = feed(clock, seconds=30.0, jitter_s=0.003)
    mean_late_frames = 0.0015 * RATE
    true = (now_s - 100.0) * RATE
    assert abs(clock.frame_at(now_s) + mean_late_frames - true) < 0.0005 * RATE


def test_a_clock_that_runs_fast_is_followed() -> None:
    clock, true_rate = FrameClock(RATE), RATE * 1.0004
    now_s = feed(clock, seconds=60.0, jitter_s=0.0, true_rate=true_rate)
    ahead_s = 2.0
    assert clock.frame_at(now_s + ahead_s) == pytest.approx((now_s + ahead_s - 100.0) * true_rate, abs=2.0)


def test_a_steady_delay_varies_less_than_the_blocks_do() -> None:
    clock, chance = FrameClock(RATE), random.Random(3)
    asked = []
    for block in range(3000):
        time_s = block * BLOCK / RATE
        clock.observe(block * BLOCK, time_s + chance.random() * 0.002)
        if block > 2000:
            asked.append(clock.frame_at(time_s) - block * BLOCK)
    mean = sum(asked) / len(asked)
    deviation_s = math.sqrt(sum((value - mean) ** 2 for value in asked) / len(asked)) / RATE
    assert deviation_s < 0.0001


def test_a_host_that_stopped_for_a_while_is_found_again() -> None:
    clock = FrameClock(RATE)
    now_s = feed(clock, seconds=5.0, jitter_s=0.0)
    frame, later_s = int(5.0 * RATE), now_s + LOST_S + 10.0
    clock.observe(frame, later_s)
    assert not clock.is_locked
    clock.observe(frame + BLOCK, later_s + BLOCK / RATE)
    assert clock.frame_at(later_s) == pytest.approx(frame, abs=1.0)


def test_the_same_block_seen_twice_changes_nothing() -> None:
    clock = FrameClock(RATE)
    now_s = feed(clock, seconds=1.0, jitter_s=0.001)
    before = clock.frame_at(now_s)
    clock.observe(clock._line.frame, now_s + 0.01)  # type: ignore[union-attr]
    assert clock.frame_at(now_s) == before


def test_when_a_frame_is_due_is_the_same_question_the_other_way_round() -> None:
    clock = FrameClock(RATE)
    with pytest.raises(ValueError, match="not observed"):
        clock.time_at(0)
    now_s = feed(clock, seconds=10.0, jitter_s=0.003, true_rate=RATE * 1.0002)
    for time_s in (now_s - 1.0, now_s, now_s + 0.02):
        assert clock.time_at(clock.frame_at(time_s)) == pytest.approx(time_s, abs=1e-9)
    assert clock.time_at(clock.frame_at(now_s) + RATE) == pytest.approx(now_s + 1.0, abs=0.001)
