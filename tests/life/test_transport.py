"""The song's time: whose it is, where it stands, and that it neither jumps nor drifts."""

from __future__ import annotations

import numpy as np
import pytest
from support.playing import RATE, engine, seconds
from support.ticking import START, TICK

from weaver.dsp.sizes import CELL, PENDING
from weaver.engine.engine import Engine
from weaver.life.transport import CLOCK, JACK, JUMP_BEATS, LEAD_S, LINK, OWN
from weaver.model.parameters import SYNCS


def beat(instrument: Engine) -> float:
    return float(instrument.snapshot().beat)


def tick(instrument: Engine, count: int, period: int = 1000) -> None:
    for _ in range(count):
        instrument.midi((TICK,))
        instrument.render(period)


def test_our_own_time_stands_until_it_is_rolled():
    instrument = engine()
    seconds(instrument, 1.0)
    snapshot = instrument.snapshot()
    assert (snapshot.rolling, snapshot.beat, snapshot.time_source) == (0, 0.0, OWN)
    assert snapshot.tempo_bpm == 120.0
    assert snapshot.pulse == pytest.approx(2.0, abs=0.01)  # time goes by all the same


def test_it_rolls_and_halts_where_it_is():
    instrument = engine()
    instrument.gesture("roll", beat=0)
    seconds(instrument, 3.0)
    assert beat(instrument) == pytest.approx(6.0, abs=0.01)
    instrument.gesture("halt")
    seconds(instrument, 1.0)
    assert beat(instrument) == pytest.approx(6.0, abs=0.01)
    instrument.gesture("roll")
    seconds(instrument, 1.0)
    assert beat(instrument) == pytest.approx(8.0, abs=0.3)  # it goes on with the next sixteenth
    instrument.gesture("roll", beat=100)
    seconds(instrument, 1.0)
    assert beat(instrument) == pytest.approx(102.0, abs=0.01)


def test_it_rolls_from_the_next_sixteenth():
    instrument = engine()
    instrument.gesture("roll", beat=1.1)
    instrument.render(CELL)
    instrument.render(CELL)
    assert beat(instrument) == pytest.approx(1.25 - LEAD_S * 2.0 + 2 * CELL / RATE * 2.0, abs=1e-6)


def test_rolling_what_rolls_changes_nothing():
    instrument = engine()
    instrument.gesture("roll", beat=0)
    seconds(instrument, 1.0)
    instrument.gesture("roll")
    seconds(instrument, 1.0)
    assert beat(instrument) == pytest.approx(4.0, abs=0.01)
    assert instrument.state.transport.starts == 1


@pytest.mark.parametrize("bpm", [20.0, 61.7, 133.3, 400.0])
def test_a_beat_is_exact_after_minutes(bpm):
    instrument = engine()
    instrument.set_parameter("tempo_bpm", bpm)
    instrument.gesture("roll", beat=0)
    instrument.render(64)
    seconds(instrument, 120.0)
    transport = instrument.state.transport
    expected = (int(transport.frame) - np.ceil(LEAD_S * RATE)) / RATE * float(np.float32(bpm)) / 60.0
    assert transport.beat == pytest.approx(expected, abs=1e-6)


def test_a_tempo_out_of_range_is_refused_by_name_and_bounded_by_the_sound():
    from weaver.model.errors import ConfigError

    instrument = engine()
    for bpm in (0.0, 10_000.0, float("nan")):
        with pytest.raises(ConfigError, match="tempo_bpm"):
            instrument.set_parameter("tempo_bpm", bpm)
    for giver, bpm in ((LINK, 10_000.0), (JACK, -3.0)):
        instrument.give_time(giver, bpm, 0.0, True)
        instrument.render(640)
        assert 20.0 <= instrument.state.transport.bpm <= 999.0


@pytest.mark.parametrize(("giver", "source"), [(JACK, JACK), (LINK, LINK)])
def test_whoever_gives_time_is_followed(giver, source):
    instrument = engine()
    instrument.render(1000)
    instrument.give_time(giver, 90.0, 10.25, True, int(instrument.state.frame) + 500)
    instrument.render(500)
    seconds(instrument, 2.0)
    snapshot = instrument.snapshot()
    assert (snapshot.time_source, snapshot.rolling) == (source, 1)
    assert snapshot.tempo_bpm == 90.0
    assert snapshot.beat == pytest.approx(10.25 + 3.0, abs=0.003)
    instrument.give_time(giver, 90.0, 4.0, False)
    seconds(instrument, 0.5)
    assert beat(instrument) == pytest.approx(4.0) and not instrument.snapshot().rolling
    instrument.give_time(giver, 0.0, 0.0, False)
    seconds(instrument, 0.1)
    assert instrument.snapshot().time_source == OWN


def test_a_small_correction_is_caught_up_with_smoothly():
    instrument = engine()
    instrument.give_time(LINK, 120.0, 0.0, True)
    seconds(instrument, 1.0)
    instrument.give_time(LINK, 120.0, beat(instrument) + 0.05, True)
    before, places = beat(instrument), []
    for _ in range(40):
        instrument.render(64)
        places.append(beat(instrument))
    steps = np.diff([before, *places])
    nominal = 120.0 / 60.0 * 64 / RATE
    assert steps.min() >= 0.49 * nominal and steps.max() <= 2.01 * nominal
    assert places[-1] == pytest.approx(before + 0.05 + 40 * nominal, abs=0.003)
    assert instrument.state.transport.starts == 1


def test_where_time_is_moved_it_jumps_and_has_not_started_anew():
    instrument = engine()
    instrument.give_time(JACK, 120.0, 0.0, True)
    seconds(instrument, 1.0)
    instrument.give_time(JACK, 120.0, beat(instrument) + 1.5 * JUMP_BEATS, True)
    before = beat(instrument)
    instrument.render(CELL)
    assert beat(instrument) == pytest.approx(before + 1.5 * JUMP_BEATS, abs=0.01)
    assert instrument.state.transport.starts == 1


def test_the_pulse_of_a_song_that_stands_is_another_s_too():
    instrument = engine()
    instrument.give_time(LINK, 120.0, 100.5, False)
    seconds(instrument, 1.0)
    snapshot = instrument.snapshot()
    assert snapshot.beat == 100.5 and snapshot.pulse == pytest.approx(102.5, abs=0.01)


@pytest.mark.parametrize("giver", [OWN, CLOCK, LINK + 1])
def test_nobody_else_gives_time(giver):
    instrument = engine()
    instrument.give_time(giver, 90.0, 10.0, True)
    instrument.render(CELL)
    assert instrument.state.counters.refused_commands == 1
    assert instrument.snapshot().time_source == OWN and not instrument.state.transport.given["bpm"].any()


def test_sync_chooses():
    instrument = engine()
    instrument.give_time(JACK, 80.0, 0.0, True)
    tick(instrument, 30)
    assert instrument.snapshot().time_source == CLOCK  # auto: who sends a clock wants to be followed
    for word, source in (("jack", JACK), ("own", OWN), ("link", OWN), ("clock", CLOCK), ("auto", CLOCK)):
        instrument.set_parameter("sync", SYNCS.index(word))
        tick(instrument, 3)
        assert instrument.snapshot().time_source == source
    instrument.give_time(LINK, 100.0, 0.0, False)
    tick(instrument, 3)
    assert instrument.snapshot().time_source == LINK


def test_who_follows_can_neither_roll_nor_halt():
    instrument = engine()
    instrument.midi((START,))
    tick(instrument, 48)
    instrument.gesture("halt")
    tick(instrument, 12)
    assert instrument.snapshot().rolling and beat(instrument) == pytest.approx(2.5, abs=0.01)
    instrument.gesture("roll", beat=77)
    tick(instrument, 12)
    assert beat(instrument) == pytest.approx(3.0, abs=0.01)


def test_any_block_gives_the_same_time():
    def play(block: int) -> tuple[bytes, bytes]:
        instrument = engine()
        instrument.outward.clock()
        instrument.gesture("roll", frame=700, beat=3)
        instrument.set_parameter("tempo_bpm", 171.3, 9000)
        for n in range(60):
            instrument.midi((TICK,), 0, 20_000 + n * 900)
        instrument.midi((START,), 0, 30_100)
        while int(instrument.state.frame) < 96_000:
            instrument.render(min(block, 96_000 - int(instrument.state.frame)))
        return instrument.state.transport.tobytes(), instrument.outward.take_clock().tobytes()

    first = play(64)
    assert all(play(block) == first for block in (1000, 17, 4096))


@pytest.mark.parametrize("bpm", [400.0, 999.0])
def test_a_tempo_that_is_said_is_followed_as_far_as_links_go(bpm):
    instrument = engine()
    instrument.give_time(LINK, bpm, 0.0, True)
    seconds(instrument, 6.0)
    assert beat(instrument) == pytest.approx(bpm / 10.0, abs=0.05)


def test_a_stop_gets_through_a_flood():
    instrument = engine()
    instrument.give_time(JACK, 120.0, 0.0, True)
    instrument.render(64)
    for _ in range(PENDING):
        instrument.gesture("tap", frame=10_000)
    instrument.give_time(JACK, 0.0, 0.0, False)
    instrument.render(128)
    assert instrument.state.counters.dropped_commands > 0
    assert not instrument.snapshot().rolling
