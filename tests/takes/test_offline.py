"""Performances from timed MIDI: exact, the same at any block size, and with an end."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from weaver.dsp.sizes import CELL
from weaver.engine.engine import Engine
from weaver.model.spheres import load_set
from weaver.takes.offline import AT_ONCE, SILENT_DB, TAIL_S, ScoreEvent, Stems, play_score
from weaver.wishes import midi_tables

RATE = 48_000
SCORE = [
    ScoreEvent(0, 0, bytes((0x90, 52, 110))),
    ScoreEvent(1_000, 0, bytes((0xB0, 1, 90))),
    ScoreEvent(4_801, 0, bytes((0x90, 55, 80))),
    ScoreEvent(4_801, 1, bytes((0x90, 53, 60))),
    ScoreEvent(9_999, 0, bytes((0x80, 52, 0))),
]


def engine(name: str = "glasses", seed: int = 1) -> Engine:
    return Engine(load_set(name), midi_tables("keys"), RATE, seed)


def performed(block_frames: int, score: list[ScoreEvent], seed: int = 1) -> NDArray[np.float32]:
    blocks = list(play_score(engine(seed=seed), score, 0, block_frames))
    assert max(map(len, blocks)) <= block_frames
    return np.concatenate(blocks)


def test_the_block_changes_no_sample_and_not_their_number() -> None:
    whole = performed(4096, SCORE)
    for block_frames in (64, 480):
        assert np.array_equal(performed(block_frames, SCORE), whole)


def test_it_rings_out_and_ends_when_it_is_silent() -> None:
    sound = performed(1024, SCORE)
    peak = np.abs(sound)
    assert peak.max() > 0.05
    last = int(np.flatnonzero(peak.max(axis=1) >= 10 ** (SILENT_DB / 20))[-1])
    assert 0.05 * RATE < len(sound) - last < 0.3 * RATE
    assert len(sound) < (TAIL_S + 1) * RATE


def test_a_note_sounds_at_its_frame() -> None:
    late = [ScoreEvent(event.frame + 7_777, event.port, event.data) for event in SCORE]
    hum = np.concatenate(list(play_score(engine(), [], 20_000, 512)))[:7_777]
    sound = performed(512, late)
    assert np.array_equal(sound[:7_777], hum)
    assert not np.array_equal(sound[7_777 : 7_777 + 64], np.zeros((64, 2)))


def test_more_than_may_wait_at_once_all_get_through() -> None:
    played = engine()
    crowd = [ScoreEvent(500, 0, bytes((0xA0, n % 128, n % 100))) for n in range(3 * AT_ONCE)]
    crowd += [ScoreEvent(5_000 + n, 0, bytes((0xE0, n % 128, 64))) for n in range(3 * AT_ONCE)]
    for _ in play_score(played, crowd, 0, 1 << 16):
        pass
    assert played.dropped == 0
    assert played.state.counters.dropped_commands == 0
    assert played.state.counters.late_commands == 0
    assert played.state.midi.events == len(crowd)


def test_the_stems_add_up_to_the_mix() -> None:
    quiet = [ScoreEvent(event.frame, event.port, event.data[:2] + bytes((20,))) for event in SCORE]
    played = engine()
    played.set_parameter("audience_db", 0.0)
    stems = Stems(played)
    mixes, sums = [], []
    for block in play_score(played, quiet, 48_000, CELL):
        stems.take()
        mixes.append(block)
        sums.append(stems.spheres.sum(axis=0) + stems.audience + stems.room)
        assert len(block) == CELL
    mix, total = np.concatenate(mixes), np.concatenate(sums)
    assert played.snapshot().reduction == pytest.approx(1.0)  # not limited, so only the DC block lies between
    blocked = np.zeros_like(total)
    leak = float(played.state.limiter.leak)
    before, out = np.zeros(2), np.zeros(2)
    for n, value in enumerate(total[:48_000]):
        out = value - before + leak * out
        before = value
        blocked[n] = out
    assert np.max(np.abs(blocked[:48_000] - mix[:48_000])) < 2e-5


def test_an_empty_score_is_the_hum_of_the_set_and_ends() -> None:
    sound = np.concatenate(list(play_score(engine("auditorium"), [], RATE, 4096)))
    assert RATE < len(sound) < 12 * RATE
    assert 0.0 < np.abs(sound[:RATE]).max() < 0.1
