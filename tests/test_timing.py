"""Moments and frames of an instrument that plays, on blocks that are made up."""

from __future__ import annotations

import itertools
import math
from types import SimpleNamespace

import pytest

from weaver.timing import STEADY_MARGIN_S, Timing

RATE, BLOCK = 48_000.0, 256


class Playing:
    """An engine and its host, whose blocks come as they should."""

    def __init__(self, latency_s: float = 0.0) -> None:
        self.sample_rate, self.block_frames, self.latency_s = RATE, BLOCK, latency_s
        self.state = SimpleNamespace(host_frame=0, host_time_s=0.0)

    def status(self) -> SimpleNamespace:
        return SimpleNamespace(sample_rate=RATE, block_frames=BLOCK, latency_s=self.latency_s)

    def play(self, timing: Timing, blocks: int = 100) -> None:
        for block in range(blocks):
            self.state.host_frame, self.state.host_time_s = 1_000_000 + block * BLOCK, 50.0 + block * BLOCK / RATE
            timing.keep()


def timing_of(playing: Playing, manner: str = "steady") -> Timing:
    return Timing(playing, playing, manner)  # type: ignore[arg-type]


def test_steady_timing_is_later_but_always_by_the_same() -> None:
    playing = Playing()
    steady = timing_of(playing)
    assert steady.frame_of(50.5) == 0 and not steady.is_known
    playing.play(steady)
    assert steady.is_known
    frames = [steady.frame_of(50.5 + n * 0.001) for n in range(5)]
    assert all(later - before == pytest.approx(RATE / 1000, abs=1) for before, later in itertools.pairwise(frames))
    due = 1_000_000 + 0.5 * RATE
    assert BLOCK < frames[0] - due < BLOCK + 0.005 * RATE


def test_a_host_that_comes_back_at_another_rate_is_learnt_anew() -> None:
    playing = Playing()
    timing = timing_of(playing)
    playing.play(timing)
    playing.sample_rate = 2 * RATE
    timing.keep()
    assert not timing.is_known and timing.steady_frame(50.5) == 0


def test_prompt_timing_is_at_once_unless_it_is_asked_to_be_steady() -> None:
    playing = Playing()
    prompt = timing_of(playing, "prompt")
    playing.play(prompt)
    assert prompt.frame_of(50.5) == 0
    assert prompt.steady_frame(50.5) > 1_000_000


@pytest.mark.parametrize("latency_s", [0.0, 0.04])
def test_what_leaves_does_so_when_it_is_heard_but_never_before_it_is_rendered(latency_s: float) -> None:
    playing = Playing(latency_s)
    timing = timing_of(playing)
    assert math.isnan(timing.time_at(1_000_000))
    playing.play(timing)
    way_s = max(latency_s, BLOCK / RATE + STEADY_MARGIN_S)
    assert timing.time_at(1_000_000 + RATE) == pytest.approx(51.0 + way_s, abs=1e-6)


@pytest.mark.parametrize("latency_s", [0.0, 0.04])
def test_what_is_said_in_time_is_of_a_frame_not_yet_rendered_and_heard_at_that_moment(latency_s: float) -> None:
    playing = Playing(latency_s)
    timing = timing_of(playing)
    assert timing.frame_heard_at(60.0) == 0
    playing.play(timing)
    now_s = 60.0
    frame = timing.frame_heard_at(now_s + timing.lead_s)
    assert timing.time_at(frame) == pytest.approx(now_s + timing.lead_s, abs=2.0 / RATE)
    assert frame >= 1_000_000 + (now_s - 50.0) * RATE + BLOCK
