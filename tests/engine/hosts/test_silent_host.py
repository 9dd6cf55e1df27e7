"""Real time without a device."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from support.eventually import eventually

from weaver.engine.engine import Engine
from weaver.engine.hosts.base import Host
from weaver.engine.hosts.silent_host import CATCH_UP_S

RATE_HZ, BLOCK = 48_000.0, 480


def test_frames_follow_the_clock(opened: Callable[..., Host], make_engine: Callable[..., Engine]) -> None:
    host, engine = opened("silent", rate=RATE_HZ, block=BLOCK), make_engine()
    assert (host.name, host.sample_rate, host.block_frames) == ("silent", RATE_HZ, BLOCK)
    before_s = time.monotonic()
    host.start(engine)
    assert eventually(lambda: engine.state.frame >= RATE_HZ / 4)
    host.stop()
    frames = int(engine.state.frame)
    longest_s = time.monotonic() - before_s
    skipped_s = 0.0 if engine.state.counters.underflows == 0 else longest_s
    assert RATE_HZ / 4 <= frames <= longest_s * RATE_HZ, "never ahead of the clock"
    # the last block's own clock says how many frames were due: drift would show as a growing distance
    due = (float(engine.state.host_time_s) - before_s) * RATE_HZ
    assert int(engine.state.host_frame) == pytest.approx(due, abs=BLOCK + (CATCH_UP_S + skipped_s) * RATE_HZ)
    assert frames % BLOCK == 0
    status = host.status()
    assert "silent" in status.note and not status.running
    host.stop()
    assert engine.state.frame == frames


def test_time_lost_is_skipped_and_counted(
    opened: Callable[..., Host], make_engine: Callable[..., Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    from weaver.engine.hosts import silent_host

    slept_s = 5.0
    jump = [0.0]
    monkeypatch.setattr(silent_host.time, "monotonic", lambda real=time.monotonic: real() + jump[0])
    host, engine = opened("silent", rate=RATE_HZ, block=BLOCK), make_engine()
    host.start(engine)
    assert eventually(lambda: engine.state.frame > 0)
    before = int(engine.state.frame)
    jump[0] = slept_s
    assert eventually(lambda: engine.state.counters.underflows > 0)
    host.stop()
    assert engine.state.frame - before < slept_s * RATE_HZ / 2


def test_it_makes_the_engine_fit(opened: Callable[..., Host], make_engine: Callable[..., Engine]) -> None:
    host, engine = opened("silent", rate=96_000.0), make_engine(48_000.0)
    host.start(engine)
    assert engine.sample_rate == 96_000.0
    assert host.status().running
    with pytest.raises(RuntimeError):
        host.start(engine)
