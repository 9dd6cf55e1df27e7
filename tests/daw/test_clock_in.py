"""The clock of jack_midi_clock, steady and not, followed on JACK: tempo, place, stop, song position, loss."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import pytest
from support.clocks import CLOCK_OUT, MidiClock, MidiRecorder, TransportMaster
from support.eventually import eventually
from support.following import Times, undisturbed, watch
from support.jack import JackServer

from weaver.engine.engine import Engine
from weaver.engine.hosts import open_host
from weaver.engine.maps import empty_midi_map
from weaver.life.clock_out import CLOCK_TICK, CONTINUE, POSITION, START, STOP
from weaver.life.tempi import TICKS
from weaver.life.ticks import LOST_S, TICKS_PER_SIXTEENTH
from weaver.life.transport import CLOCK, OWN
from weaver.model.parameters import SYNCS
from weaver.model.spheres import load_set

BPM = 137.0
LOCATED_S = 0.1
"""After which a transport has been moved, and jack_midi_clock has seen it."""
Connect = Callable[[str, str], None]


class Master(NamedTuple):
    """The clock, and what it said."""

    transport: TransportMaster
    recorder: MidiRecorder

    def said(self) -> list[bytes]:
        return [heard.data for heard in self.recorder.heard()]

    def begin(self, frame: int = 0) -> None:
        """Roll from a frame of the transport's."""
        self.transport.locate(frame)
        time.sleep(LOCATED_S)
        self.transport.play()

    def stop(self, engine: Engine) -> None:
        """Stop, and wait until that is known."""
        self.transport.stop()
        assert eventually(lambda: self.said() and self.said()[-1][0] in (STOP, POSITION))
        assert eventually(lambda: not engine.snapshot().rolling)


@pytest.fixture(scope="module")
def engine(server: JackServer) -> Iterator[Engine]:
    """An instrument on the server that follows MIDI's clock."""
    host = open_host("jack", midi="none", connect=False)
    engine = Engine(load_set("glasses"), empty_midi_map(), host.sample_rate)
    engine.set_parameter("sync", SYNCS.index("clock"))
    host.start(engine)
    yield engine
    host.stop()


@pytest.fixture
def master(engine: Engine, connect: Connect, request: pytest.FixtureRequest) -> Iterator[Master]:
    """With so many percent of jitter."""
    with TransportMaster(BPM) as transport, MidiClock(request.param) as _, MidiRecorder() as recorder:
        connect(CLOCK_OUT, recorder.port)
        connect(CLOCK_OUT, "weaver:midi_in")
        yield Master(transport, recorder)


def lost(engine: Engine) -> Callable[[], int]:
    return lambda: int(engine.state.counters.underflows)


def followed(engine: Engine, master: Master, seconds: float) -> tuple[Times, np.ndarray]:
    """From its start on: what was made of its time, and the frames of the ticks."""
    before = len(master.recorder.heard())
    master.begin()
    assert eventually(lambda: engine.snapshot().rolling)
    times = watch(engine, seconds)
    master.stop(engine)
    ticks = [heard.frame for heard in master.recorder.heard()[before:] if heard.data[0] == CLOCK_TICK]
    assert eventually(lambda: engine.snapshot().time_source == OWN)
    return times, np.array(ticks)


@pytest.mark.parametrize("master", [0], indirect=True)
def test_a_steady_clock(engine: Engine, master: Master) -> None:
    times, ticks = undisturbed(lost(engine), lambda: followed(engine, master, 1.5))
    assert np.abs(times.bpm[len(times.bpm) // 3 :] - BPM).max() < 0.1
    assert set(times.source) == {CLOCK}
    assert engine.state.transport.clock.count == len(ticks) - 1


@pytest.mark.parametrize(("master", "smoother"), [(10, 4.0), (20, 1.5)], indirect=["master"])
def test_an_unsteady_clock(engine: Engine, master: Master, smoother: float) -> None:
    """Its jitter is one of intervals, so that it wanders too: nobody could make a steady tempo of it."""
    times, ticks = undisturbed(lost(engine), lambda: followed(engine, master, 3.0))
    raw_bpm = 60.0 * engine.sample_rate / TICKS / np.diff(ticks)
    settled = times.bpm[len(times.bpm) // 3 :]
    assert settled.std() < raw_bpm.std() / smoother
    assert settled.mean() == pytest.approx(BPM, rel=0.04)
    assert engine.state.transport.clock.count == len(ticks) - 1, "but no tick is lost"


@pytest.mark.parametrize("master", [0], indirect=True)
def test_stop_position_and_continue(engine: Engine, master: Master) -> None:
    def scene() -> tuple[Times, list[bytes], int]:
        before = len(master.said())
        master.begin()
        watch(engine, 0.4)
        master.stop(engine)
        times = watch(engine, LOST_S + 0.2)
        gone_frames = times.frame[times.source == OWN][0] - engine.state.transport.clock.latest_frame
        assert LOST_S <= gone_frames / engine.sample_rate < LOST_S + 0.15, "a clock that is silent is gone"
        master.begin(200_000)
        assert eventually(lambda: engine.snapshot().rolling)
        times = watch(engine, 0.4)
        master.stop(engine)
        return times, master.said()[before:], int(engine.state.transport.clock.count)

    times, said, count = undisturbed(lost(engine), scene)
    words = [data for data in said if data[0] != CLOCK_TICK]
    kinds = [data[0] for data in words]
    assert kinds.count(START) == 1 and kinds.count(CONTINUE) == 1 and kinds.index(START) < kinds.index(CONTINUE)
    going_on = words.index(bytes((CONTINUE,)))
    position = words[going_on - 1]
    assert position[0] == POSITION
    from_tick = (position[1] | position[2] << 7) * TICKS_PER_SIXTEENTH
    since = said[said.index(bytes((CONTINUE,))) :].count(bytes((CLOCK_TICK,)))
    assert count == from_tick + since - 1
    assert times.beat[-1] == pytest.approx(count / TICKS, abs=0.2)
    assert np.all(np.diff(times.beat[times.rolling == 1]) >= 0)
