"""The bench's rows beside a DAW: evenness is what it says, one list of ticks is heard by all, a real clock is heard."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from support.needed import program

from weaver.bench import daw
from weaver.bench.bank import SAMPLE_RATE_HZ
from weaver.bench.daw import (
    BPM,
    FASTER_BPM,
    FIRST_TICKS,
    clock_row,
    evenness,
    export_row,
    following,
    raw,
    senders,
    slave_rows,
)
from weaver.bench.jack_dummy import JackServer, jack_dummy
from weaver.bench.table import Row
from weaver.life.tempi import TICKS
from weaver.model.errors import DeviceError

TICK_FRAMES = round(60 * SAMPLE_RATE_HZ / (BPM * TICKS))
PERIOD_FRAMES = 1024
"""Long enough for a busy machine to keep its deadlines."""


def test_even_ticks_are_even_and_a_late_one_is_seen() -> None:
    ticks = np.arange(FIRST_TICKS + 100) * TICK_FRAMES
    assert evenness(ticks) == {"ticks": 99, "std_frames": 0.0, "max_frames": 0.0}
    ticks[3] += 500  # while it starts
    assert evenness(ticks)["max_frames"] == 0.0
    ticks[FIRST_TICKS + 50] += 7
    late = evenness(ticks)
    assert late["max_frames"] == 7.0 and late["std_frames"] == pytest.approx(7 * np.sqrt(2 / 99))
    with pytest.raises(DeviceError, match="only 30 ticks"):
        evenness(ticks[:30])


def test_settled_is_when_the_tempo_is_off_for_the_last_time() -> None:
    ticks = np.arange(40) * SAMPLE_RATE_HZ // 10
    tempi = np.where(np.arange(40) < 20, BPM, FASTER_BPM)
    tempi[[12, 13]] += (1.0, -1.0)
    tempi[[20, 24]] = BPM
    seen = following(ticks, tempi, held_s=2.0)
    assert seen["settled_s"] == pytest.approx(0.4)
    assert seen["tempo_sd_bpm"] == pytest.approx(np.sqrt(2 / 9)) and seen["ticks"] == 9
    tempi[-1] = BPM
    assert "settled_s" not in following(ticks, tempi, held_s=2.0)


def test_raw_intervals_say_their_own_tempo() -> None:
    assert raw(np.array([0, 1000, 2000, 2800])).tolist() == [120.0, 120.0, 120.0, 150.0]


def test_jittery_ticks_are_followed_and_their_intervals_are_not_a_tempo() -> None:
    rows = slave_rows(held_s=6.0)
    assert [row.name for row in rows] == ["clock heard: Sonic Weaver", "clock heard: raw intervals"] * 2
    for own, intervals in zip(rows[::2], rows[1::2], strict=True):
        assert own.detail == intervals.detail and own.figures["ticks"] == intervals.figures["ticks"]
        assert own.figures["tempo_sd_bpm"] < 0.5 < 5.0 < intervals.figures["tempo_sd_bpm"]
        assert own.figures["settled_s"] < 2.0 and "settled_s" not in intervals.figures


def test_a_missing_clock_gives_a_row_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(daw, "slave_rows", list)
    monkeypatch.setattr(daw, "export_row", lambda: Row("daw", "a take exported"))
    rows = {row.name: row for row in daw.daw_rows(lambda what: None)[:1]}
    assert rows["clock sent"].detail == "jackd is not installed"
    (sender,) = (sender for sender in senders() if "jack_midi_clock" in sender.name)
    row = clock_row(sender, JackServer("nobody", SAMPLE_RATE_HZ, PERIOD_FRAMES))
    assert row.detail == "jack_midi_clock is not installed" and not row.figures


def test_our_clock_is_even_to_the_frame() -> None:
    program("jackd", "jackd2")
    own = senders()[0]
    with jack_dummy(SAMPLE_RATE_HZ, PERIOD_FRAMES) as server:
        row = clock_row(own, server, seconds=1.0)
    assert row.figures["std_frames"] == row.figures["max_frames"] == 0.0, row
    assert row.figures["ticks"] > TICKS


def test_a_woven_take_is_exported_whole() -> None:
    row = export_row(seconds=2)
    assert row.figures["times_real_time"] > 0
    assert re.fullmatch(r"2 s of the default set, \d+ notes, \d+ files", row.detail)
