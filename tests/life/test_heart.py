"""The heart's beat: exact on the sample clock, after what it follows, and never with a jump."""

from __future__ import annotations

import numpy as np
import pytest
from support.playing import RATE, engine, seconds

from weaver.dsp.sizes import CELL
from weaver.engine.engine import Engine
from weaver.life.heart import CALM_BPM, EXCITED_BPM, MOOD, PARAMETER, TAPS, TIME

TICKS = 24


def now(instrument: Engine) -> int:
    return int(instrument.state.frame)


def taps(instrument: Engine, bpm: float, count: int, jitter_s: float = 0.0) -> list[int]:
    """Taps from the next frame on, each up to so much late in turns; their frames. Time passes until a beat after."""
    beat = 60.0 / bpm
    offsets_s = [n * beat + (jitter_s if n % 3 == 1 else 0.0) for n in range(count)]
    frames = [now(instrument) + 1 + round(offset_s * RATE) for offset_s in offsets_s]
    for frame in frames:
        instrument.gesture("tap", frame=frame)
    seconds(instrument, count * beat)
    return frames


def clock(instrument: Engine, bpm: float, beats: float, block: int = 1, port: int = 0, start: bool = False) -> int:
    """MIDI clock from the next frame on, rounded up to blocks; the frame of the first tick. Time passes with it."""
    first = now(instrument) + 1
    if start:
        instrument.midi((0xFA,), port, first)
    for tick in range(round(beats * TICKS)):
        frame = first + round(tick * 60.0 / bpm / TICKS * RATE)
        instrument.midi((0xF8,), port, -(-frame // block) * block)
        if tick % TICKS == TICKS - 1:  # the ring holds no hour of them
            instrument.render(max(frame - now(instrument), 0))
    instrument.render(max(frame + 1 - now(instrument), 0))
    return first


def beat_at(instrument: Engine, frame: int) -> float:
    """Beats since the start at a frame, from the phase at the last cell's end and the tempo."""
    heart = instrument.state.heart
    end = -(-now(instrument) // CELL) * CELL
    return float(heart.beats + heart.phase + (frame - end) / RATE * heart.bpm / 60.0)


def off_beat(instrument: Engine, frame: int) -> float:
    """How far a frame is from the heart's nearest beat, in beats."""
    place = beat_at(instrument, frame)
    return abs(place - round(place))


def test_a_parameter_is_its_tempo_to_the_sample():
    instrument = engine()
    instrument.set_parameter("heart_bpm", 121.5)
    seconds(instrument, 8.0)
    before = beat_at(instrument, now(instrument)), now(instrument)
    seconds(instrument, 20.0)
    after = beat_at(instrument, now(instrument)), now(instrument)
    expected = (after[1] - before[1]) / RATE * 121.5 / 60.0
    assert after[0] - before[0] == pytest.approx(expected, abs=1e-6)
    snapshot = instrument.snapshot()
    assert snapshot.frame == now(instrument) // CELL * CELL
    assert snapshot.heart_bpm == pytest.approx(121.5)
    assert snapshot.heart_beats + snapshot.heart_phase == pytest.approx(beat_at(instrument, snapshot.frame), abs=1e-5)


def test_without_anything_else_it_is_the_moods():
    instrument = engine()
    seconds(instrument, 8.0)
    heart, arousal = instrument.state.heart, float(instrument.state.mood.arousal)
    assert heart.source == MOOD
    assert heart.bpm == pytest.approx(CALM_BPM + (EXCITED_BPM - CALM_BPM) * arousal, abs=2.0)
    for _ in range(300):
        instrument.state.mood.arousal = 1.0
        seconds(instrument, 0.01)
    assert heart.bpm == pytest.approx(EXCITED_BPM, abs=1.0)


@pytest.mark.parametrize("bpm", [48.0, 97.3, 160.0])
def test_taps_are_the_tempo_and_beats_fall_on_them(bpm):
    instrument = engine()
    seconds(instrument, 1.3)
    frames = taps(instrument, bpm, 2)
    assert instrument.state.heart.source == TAPS
    frames += taps(instrument, bpm, 0) or taps(instrument, bpm, 4)
    seconds(instrument, 5 * 60.0 / bpm)
    assert instrument.state.heart.bpm == pytest.approx(bpm, rel=0.001)
    assert off_beat(instrument, frames[-1]) < 0.01


def test_uneven_taps_are_averaged():
    instrument = engine()
    taps(instrument, 100.0, 10, jitter_s=0.015)
    seconds(instrument, 3.0)
    assert instrument.state.heart.bpm == pytest.approx(100.0, rel=0.01)


def test_a_lone_tap_moves_the_beat_but_is_no_tempo():
    instrument = engine()
    taps(instrument, 100.0, 1)
    assert instrument.state.heart.source == MOOD
    seconds(instrument, 3.0)
    taps(instrument, 100.0, 4)
    seconds(instrument, 3.3)
    [frame] = taps(instrument, 100.0, 1)
    seconds(instrument, 5.0)
    assert instrument.state.heart.source == TAPS
    assert instrument.state.heart.bpm == pytest.approx(100.0, rel=0.001)
    assert off_beat(instrument, frame) < 0.01


def test_a_new_tempo_is_taken_up_at_its_second_tap_and_a_bounce_is_none():
    instrument = engine()
    taps(instrument, 70.0, 6)
    frames = taps(instrument, 140.0, 2)
    instrument.gesture("tap", frame=now(instrument) + 1)
    instrument.gesture("tap", frame=now(instrument) + 1 + round(0.05 * RATE))
    seconds(instrument, 5.0)
    assert len(frames) == 2
    assert instrument.state.heart.bpm == pytest.approx(140.0, rel=0.001)


@pytest.mark.parametrize(("bpm", "block"), [(120.0, 1), (63.7, 1), (174.0, 1), (120.0, 256), (97.0, 512)])
def test_a_midi_clock_is_followed_whatever_its_jitter(bpm, block):
    instrument = engine()
    seconds(instrument, 0.7)
    first = clock(instrument, bpm, 12, block)
    heart = instrument.state.heart
    assert heart.source == TIME
    assert heart.bpm == pytest.approx(bpm, rel=0.01 if block > 1 else 0.001)
    assert off_beat(instrument, first) < 0.02
    assert instrument.state.midi.events == 0  # nobody has played anything


def test_a_clocks_start_is_a_beat_and_forgets_taps():
    instrument = engine()
    taps(instrument, 80.0, 4)
    clock(instrument, 120.0, 3.4)
    assert instrument.state.heart.source == TAPS
    first = clock(instrument, 120.0, 10, start=True)
    assert instrument.state.heart.source == TIME
    assert instrument.state.heart.bpm == pytest.approx(120.0, rel=0.001)
    assert off_beat(instrument, first) < 0.02


def test_a_clock_that_stops_is_lost_after_half_a_second():
    instrument = engine()
    clock(instrument, 120.0, 4)
    seconds(instrument, 0.4)
    assert instrument.state.heart.source == TIME
    seconds(instrument, 0.2)
    assert instrument.state.heart.source == MOOD


def test_of_two_clocks_the_first_is_followed():
    instrument = engine()
    beats = 8
    for tick in range(beats * TICKS):
        instrument.midi((0xF8,), 3, 1 + tick * 1000)
        instrument.midi((0xF8,), 5, 300 + tick * 800)
        instrument.render(1000)
    assert instrument.state.transport.clock.port == 3
    assert instrument.state.heart.bpm == pytest.approx(60.0 * RATE / 24_000, rel=0.001)


def test_whom_it_follows_and_that_it_never_jumps():
    """All sources one after another: the beat goes on and on, at most a third faster or slower than the tempo."""
    instrument = engine()
    heart = instrument.state.heart
    places, bpms, sources = [], [], []

    def listen(cells: int) -> None:
        for _ in range(cells):
            instrument.render(CELL)
            places.append(float(heart.beats + heart.phase))
            bpms.append(float(heart.bpm))
        sources.append(int(heart.source))

    listen(300)
    for tick in range(3 * TICKS):
        instrument.midi((0xF8,), 0, now(instrument) + 1 + tick * 700)
    listen(3 * TICKS * 700 // CELL)
    for tap in range(4):
        instrument.gesture("tap", frame=now(instrument) + 11 + tap * 20_000)
    listen(2000)
    instrument.set_parameter("heart_bpm", 200.0)
    listen(1000)
    instrument.set_parameter("heart_bpm", 0.0)
    listen(1000)
    assert sources == [MOOD, TIME, TAPS, PARAMETER, TAPS]
    step = np.diff(places) / (np.array(bpms[1:]) / 60.0 * CELL / RATE)
    assert 0.69 < step.min() and step.max() < 1.31
    assert np.abs(np.diff(bpms)).max() < 1.0


def test_only_clock_and_transport_pass_among_system_messages():
    instrument = engine()
    for data in ((0xFE,), (0xF0, 1, 0xF7), (0xFF,), (0xF9,)):
        assert instrument.midi(data)
    assert instrument.state.commands.written[0] == 0
    for data in ((0xF8,), (0xF2, 1, 2), (0xFA,), (0xFB,), (0xFC,)):
        assert instrument.midi(data)
    assert instrument.state.commands.written[0] == 5
    seconds(instrument, 0.1)
    assert instrument.state.transport.clock.ticks == 1 and not instrument.state.midi.ignored.any()
