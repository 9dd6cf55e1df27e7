"""The clock that we send, judged by other people's programs while the interpreter of its process is never free."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from support.clocks import CLOCK_IN, ClockJudge, MidiRecorder, Tick, Word
from support.eventually import eventually
from support.following import undisturbed
from support.jack import JackServer
from support.remote import Remote, remote

from weaver.life.clock_out import CLOCK_TICK, CONTINUE, POSITION, START, STOP

RATE_HZ = 48_000
PERIOD_FRAMES = 4096
"""Of the server: threads that hog the interpreter keep a core busy, too."""
Connect = Callable[[str, str], None]


@pytest.fixture(scope="module")
def player(server: JackServer) -> Iterator[Remote]:
    with remote("hogged_player") as child:
        yield child


def test_others_judge_it(player: Remote, connect: Connect) -> None:
    def scene() -> list[Tick | Word]:
        with ClockJudge() as judge:
            player.tempo("120")
            connect("weaver:clock_out", CLOCK_IN)
            player.roll("0")
            assert eventually(lambda: len(judge.ticks()) > 24)
            player.tempo("150")
            assert eventually(lambda: len(judge.ticks()) > 60)
            player.halt()
            assert eventually(lambda: bytes((STOP,)) in said(judge))
            player.roll("17")
            assert eventually(lambda: bytes((CONTINUE,)) in said(judge))
            player.halt()
            assert eventually(lambda: said(judge).count(bytes((STOP,))) == 2)
            return judge.heard()

    def said(judge: ClockJudge) -> list[bytes]:
        return [heard.data for heard in judge.heard() if isinstance(heard, Word)]

    heard = undisturbed(player.lost, scene)
    words = [one.data for one in heard if isinstance(one, Word)]
    assert [data[0] for data in words if data[0] != POSITION] == [START, STOP, CONTINUE, STOP]
    assert words[words.index(bytes((CONTINUE,))) - 1] == bytes((POSITION, 17 * 4, 0))
    began, ended = (
        next(place for place, one in enumerate(heard) if isinstance(one, Word) and one.data == bytes((word,)))
        for word in (START, STOP)
    )
    ticks = [one for one in heard[began:ended] if isinstance(one, Tick)]
    intervals = [tick.interval_frames for tick in ticks]
    changed = intervals.index(800.0)
    assert set(intervals[: changed - 1]) == {1000.0} and set(intervals[changed:]) == {800.0}
    assert ticks[0].bpm == pytest.approx(120.0, abs=0.01) and ticks[-1].bpm == pytest.approx(150.0, abs=0.01)


@pytest.mark.parametrize("bpm", [137.0, 120.0])
def test_it_lies_on_its_grid_to_the_frame(player: Remote, connect: Connect, bpm: float) -> None:
    def scene() -> np.ndarray:
        player.tempo(str(bpm))
        time.sleep(0.1)
        with MidiRecorder() as recorder:
            connect("weaver:clock_out", recorder.port)
            assert eventually(lambda: len(recorder.heard()) > 60)
            return np.array([one.frame for one in recorder.heard() if one.data == bytes((CLOCK_TICK,))])

    frames = undisturbed(player.lost, scene)[2:]
    grid = np.arange(len(frames)) * 60.0 * RATE_HZ / (bpm * 24)
    assert np.ptp(frames - grid) < 1.0, "a tick comes at the first frame that is not before it"
