"""The audience's hum: what it is made of, by its spectrum; how it goes off, and that off is off."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import fftconvolve
from support.playing import (
    DRY,
    RATE,
    centroid_hz,
    cents,
    engine,
    envelope,
    level_db,
    peak_hz,
    rms,
    seconds,
    spectrum,
    sphere,
    spheres,
)

from weaver.dsp.sizes import CELL
from weaver.engine.engine import Engine
from weaver.life.drone import LEVEL_DBFS, RISE_CENTS
from weaver.takes.offline import Stems

LOWEST_HZ = 200.0
ROOT_HZ = 50.0
TRITONE, NINTH = 2 ** (6 / 12), 2 ** (13 / 12)


def auditorium(audience_db: float = 0.0, rate: float = RATE, lowest_hz: float = LOWEST_HZ) -> Engine:
    """Two spheres that do not hum, in a dry room, under an audience."""
    instrument = engine(sphere("glass", 2.5 * lowest_hz), sphere("glass", lowest_hz, "Two"), rate=rate)
    for name, value in (DRY | {"audience_db": audience_db}).items():
        instrument.set_parameter(name, value)
    return instrument


def sung(instrument: Engine, tone: float, pressure: float, duration_s: float) -> NDArray[np.float32]:
    """Its sound while the mood is held where it is wanted: float32[frames, 2]."""
    sound = []
    for _ in range(round(duration_s / 0.02)):
        instrument.state.mood.tone, instrument.state.mood.pressure = tone, pressure
        sound.append(seconds(instrument, 0.02))
    return np.concatenate(sound)


def partials_db(sound: NDArray[np.float32], root_hz: float, *ratios: float) -> list[float]:
    """Levels of partials beside the root's."""
    hz, magnitude = spectrum(sound[:, 0])
    levels = [magnitude[np.abs(hz - ratio * root_hz) < 1.2].max() for ratio in (1.0, *ratios)]
    return [20 * np.log10(level / levels[0]) for level in levels[1:]]


@pytest.fixture(scope="module")
def warm() -> NDArray[np.float32]:
    instrument = auditorium()
    sung(instrument, 1.0, 0.0, 20.0)
    return sung(instrument, 1.0, 0.0, 8.0)


@pytest.fixture(scope="module")
def asking() -> NDArray[np.float32]:
    instrument = auditorium()
    sung(instrument, -1.0, 0.0, 20.0)
    return sung(instrument, -1.0, 0.0, 8.0)


def test_off_is_off_and_after_having_been_on_too():
    instrument = auditorium(-60.0)
    untouched = instrument.state.drone.tobytes()
    assert not np.any(sung(instrument, -1.0, 1.0, 1.0))
    assert instrument.state.drone.tobytes() == untouched
    instrument.set_parameter("audience_db", 0.0)
    assert np.any(seconds(instrument, 1.0))
    instrument.set_parameter("audience_db", -60.0)
    seconds(instrument, 4.0)
    assert not instrument.state.drone.sounding
    assert not np.any(seconds(instrument, 0.5)) or np.abs(seconds(instrument, 2.0)).max() < 1e-9  # the DC block's rest


def test_its_level_is_that_of_a_distant_crowd_and_even(warm, asking):
    for sound in (warm, asking):
        assert level_db(sound) == pytest.approx(LEVEL_DBFS, abs=2.0)
        assert level_db(sound[:, 0]) == pytest.approx(level_db(sound[:, 1]), abs=1.0)
    half = auditorium(-12.0)
    sung(half, 1.0, 0.0, 12.0)
    assert level_db(sung(half, 1.0, 0.0, 8.0)) == pytest.approx(level_db(warm) - 12.0, abs=0.5)


@pytest.mark.parametrize(("lowest_hz", "root_hz"), [(41.5, 41.5), (81.0, 81.0), (83.0, 41.5), (700.0, 43.75)])
def test_its_root_is_the_sets_lowest_pitch_in_its_octave(lowest_hz, root_hz):
    instrument = auditorium(lowest_hz=lowest_hz)
    sung(instrument, 1.0, 0.0, 20.0)
    assert abs(cents(peak_hz(sung(instrument, 1.0, 0.0, 6.0)[:, 0], root_hz), root_hz)) < 4.0


def test_warm_it_is_root_fifth_octave_tenth(warm):
    fifth, octave, tenth, tritone, ninth = partials_db(warm, ROOT_HZ, 1.5, 2.0, 2.5, TRITONE, NINTH)
    assert min(fifth, octave, tenth) > -14.0
    assert max(tritone, ninth) < -60.0


def test_questioning_the_root_rises_and_a_tritone_and_a_ninth_beat_slowly(asking):
    root_hz = peak_hz(asking[:, 0], ROOT_HZ, 120.0)
    assert cents(root_hz, ROOT_HZ) == pytest.approx(RISE_CENTS, abs=4.0)
    fifth, octave, tenth, tritone, ninth = partials_db(asking, root_hz, 1.5, 2.0, 2.5, TRITONE, NINTH)
    assert max(fifth, tenth) < -30.0
    assert min(octave, tritone, ninth) > -18.0
    time_s = np.arange(len(asking)) / RATE
    turned = asking[:, 0] * np.exp(-2j * np.pi * TRITONE * root_hz * time_s)
    loud = np.abs(fftconvolve(turned, np.hanning(24_000), "valid"))
    assert loud.min() < 0.3 * loud.max()  # within eight seconds


def test_pressure_deepens_it(warm):
    instrument = auditorium()
    sung(instrument, 1.0, 1.0, 12.0)
    pressed = sung(instrument, 1.0, 1.0, 8.0)
    [light], [heavy] = partials_db(warm, ROOT_HZ, 0.5), partials_db(pressed, ROOT_HZ, 0.5)
    assert heavy > light + 12.0
    assert centroid_hz(pressed[:, 0]) < 0.7 * centroid_hz(warm[:, 0])
    assert level_db(pressed) == pytest.approx(level_db(warm), abs=2.0)


def test_it_changes_slowly_and_without_a_click():
    instrument = auditorium()
    before = sung(instrument, -1.0, 1.0, 8.0)
    turning = sung(instrument, 1.0, 0.0, 8.0)
    steepest = np.abs(np.diff(sung(instrument, 1.0, 0.0, 4.0), axis=0)).max()
    assert np.abs(np.diff(np.vstack([before[-1:], turning]), axis=0)).max() < 1.3 * steepest
    tritone = [
        partials_db(turning[n : n + 96_000], ROOT_HZ * 2 ** (RISE_CENTS / 1200), TRITONE)[0] for n in (0, 288_000)
    ]
    assert tritone[0] > -20.0 > tritone[1]


@pytest.mark.parametrize("at", [96_000, 96_001, 96_037, 96_063])
def test_a_panic_silences_it_within_a_cell_and_it_returns_slowly(at):
    instrument = auditorium()
    before = sung(instrument, 1.0, 0.0, 2.0)
    assert len(before) == 96_000
    instrument.render(at - 96_000)
    instrument.panic()
    gone = instrument.render(8 * CELL)
    assert not np.any(instrument.state.drone.out)
    assert np.abs(np.diff(gone[CELL:], axis=0)).max() < 5e-6  # what the DC block remembers
    assert np.abs(np.diff(gone[:CELL], axis=0)).max() < np.abs(before).max() / 20
    after = envelope(sung(instrument, 1.0, 0.0, 8.0), 4800)
    assert after[5] < 0.05 * rms(before)
    assert after[-10:].mean() > 0.7 * rms(before)


def test_a_hush_leaves_it_alone():
    instrument = auditorium()
    sung(instrument, 1.0, 0.0, 4.0)
    instrument.gesture("hush")
    assert level_db(sung(instrument, 1.0, 0.0, 2.0)) > LEVEL_DBFS - 3.0


def test_another_set_takes_it_along():
    instrument = auditorium()
    before = sung(instrument, 1.0, 0.0, 4.0)
    assert instrument.change_set(spheres(sphere("glass", 60.0)))
    instrument.set_parameter("wet_db", -60.0)
    steepest = np.abs(np.diff(before[96_000:], axis=0)).max()
    sliding = sung(instrument, 1.0, 0.0, 20.0)
    assert np.abs(np.diff(np.vstack([before[-1:], sliding]), axis=0)).max() < 1.6 * steepest
    assert abs(cents(peak_hz(sliding[-288_000:, 0], 60.0), 60.0)) < 5.0


def test_any_block_size_gives_the_same_samples():
    sounds = []
    for block in (1, 17, 64, 480):
        instrument = auditorium()
        instrument.set_parameter("wet_db", -6.0)
        instrument.gesture("strike", 0, frame=5000)
        instrument.gesture("panic", frame=20_011)
        instrument.set_parameter("audience_db", -20.0, frame=22_222)
        sounds.append(np.concatenate([instrument.render(min(block, 28_800 - n)) for n in range(0, 28_800, block)]))
    for sound in sounds[1:]:
        assert np.array_equal(sound, sounds[0])
    assert level_db(sounds[0]) > -60.0


@pytest.mark.parametrize("rate", [44_100.0, 96_000.0])
def test_every_rate_hums_alike(warm, rate):
    instrument = auditorium(rate=rate)
    sung(instrument, 1.0, 0.0, 20.0)
    sound = sung(instrument, 1.0, 0.0, 8.0)
    assert level_db(sound) == pytest.approx(level_db(warm), abs=0.3)
    assert abs(cents(peak_hz(sound[:, 0], ROOT_HZ, rate=rate), ROOT_HZ)) < 4.0


def test_it_goes_to_the_room_and_is_a_stem():
    instrument = auditorium()
    instrument.set_parameter("wet_db", 0.0)
    seconds(instrument, 2.0)
    stems = Stems(instrument)
    instrument.render(CELL)
    stems.take()
    assert np.abs(stems.room).max() > 1e-5
    assert not np.any(stems.spheres)
    np.testing.assert_allclose(stems.audience, instrument.state.drone.out.T, rtol=1e-6)
