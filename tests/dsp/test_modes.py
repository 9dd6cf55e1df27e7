"""Every material sounds as its table says: frequencies, decays, and what a mallet does to them."""

from __future__ import annotations

import numpy as np
import pytest
from support.playing import (
    centroid_hz,
    cents,
    engine,
    envelope,
    level_db,
    peak_hz,
    peak_of,
    rms,
    seconds,
    spectrum,
    sphere,
)

from weaver.dsp.sizes import CELL
from weaver.model.spheres import load_set
from weaver.model.units import LN_1000

MATERIALS = ["glass", "bell", "bowl", "sphere"]


def modes_now(instrument, s=0):
    count = instrument.state.definitions[instrument.state.playing].modes[s]
    bank = instrument.state.bank
    return np.array(bank.re[s, :count]) + 1j * np.array(bank.im[s, :count])


@pytest.mark.parametrize("rate", [44_100.0, 48_000.0, 192_000.0])
@pytest.mark.parametrize("material", MATERIALS)
def test_every_mode_turns_and_decays_as_its_table_says(material, rate):
    """Within 2 cents and 5 %, read off the state over a whole number of cells."""
    one = sphere(material)
    instrument = engine(one, rate=rate)
    instrument.gesture("strike", 0, velocity=0.8, hardness=0.9)
    instrument.render(CELL * 60)  # the mallet has left
    before = modes_now(instrument)
    cells = 20
    instrument.render(CELL * cells)
    after = modes_now(instrument)
    frames = CELL * cells
    table = one.spectrum()
    hz = np.array([mode.ratio for mode in table]) * one.f0_hz
    t60_s = np.array([mode.t60_s for mode in table])
    rung = np.abs(before) > 1e-6
    assert rung.sum() >= 0.8 * len(table)
    turned = np.angle(after / before * np.exp(-2j * np.pi * hz * frames / rate))
    off_cents = 1200 * np.log2(1 + turned * rate / (2 * np.pi * frames) / hz)
    assert np.abs(off_cents[rung]).max() < 2
    lost = np.log(np.abs(before) / np.abs(after)) * rate / frames
    np.testing.assert_allclose(LN_1000 / lost[rung], t60_s[rung], rtol=0.05)


@pytest.mark.parametrize("material", MATERIALS)
def test_the_partials_that_are_heard_are_those_of_the_table(material):
    one = sphere(material)
    instrument = engine(one)
    instrument.gesture("strike", 0, velocity=0.9, hardness=0.9, position=1.0)
    sound = seconds(instrument, 7.2)[9600:, 0]  # long enough to tell the members of a doublet apart
    hz, magnitude = spectrum(sound)
    table = np.array([mode.ratio * one.f0_hz for mode in one.spectrum()])
    loud = np.flatnonzero(magnitude > 3e-3 * magnitude.max())
    lines = [i for i in loud if magnitude[i] == magnitude[max(0, i - 12) : i + 13].max()]
    assert len(lines) >= 4
    for i in lines:
        found = peak_of(hz, magnitude, hz[i], 1.0)
        assert np.abs(1200 * np.log2(table / found)).min() < 2, f"{found:.2f} Hz is in no table"


def test_a_hard_strike_makes_nothing_but_its_modes():
    """Alias products, were there any, would stand between the modes; they are 80 dB down."""
    one = sphere("bell", 523.25)
    instrument = engine(one)
    instrument.gesture("strike", 0, velocity=1.0, hardness=1.0)
    sound = seconds(instrument, 2.0)[4800:, 0]
    hz, magnitude = spectrum(sound)
    far = np.ones(len(hz), bool)
    for mode in one.spectrum():
        far &= np.abs(hz - mode.ratio * one.f0_hz) > 25
    far &= hz > 40
    assert 20 * np.log10(magnitude[far].max() / magnitude.max()) < -80


@pytest.mark.parametrize("material", MATERIALS)
def test_velocity_brightens_and_loudens(material):
    heard = []
    for velocity in (0.1, 0.4, 1.0):
        instrument = engine(sphere(material, 330.0))
        instrument.gesture("strike", 0, velocity=velocity)
        heard.append(seconds(instrument, 0.5)[:, 0])
    centroids, levels = [centroid_hz(sound) for sound in heard], [level_db(sound) for sound in heard]
    assert centroids[0] * 1.02 < centroids[1] < centroids[2] / 1.02
    assert levels[0] + 6 < levels[1] < levels[2] - 4


def test_hardness_and_position_brighten():
    def centroid(**arguments):
        instrument = engine(sphere("glass", 330.0))
        instrument.gesture("strike", 0, velocity=0.6, **arguments)
        return centroid_hz(seconds(instrument, 0.4)[:, 0])

    assert centroid(hardness=0.1) < 0.8 * centroid(hardness=0.5) < 0.7 * centroid(hardness=1.0)
    assert centroid(position=0.2) < 0.95 * centroid(position=1.0)


@pytest.mark.parametrize("name", ["auditorium", "bowls", "glasses", "bells"])
def test_a_set_is_about_equally_loud(name):
    """A-weighted level of the first half second, within 4 dB of the set's mean at every sphere, at one distance."""
    levels = []
    for member in load_set(name).spheres:
        instrument = engine(sphere(member.material.name, member.f0_hz, shape=member.shape, modes=member.modes))
        instrument.gesture("strike", 0, velocity=0.7, position=0.85)
        hz, magnitude = spectrum(seconds(instrument, 0.5).mean(axis=1))
        levels.append(20 * np.log10(np.sqrt(np.sum((magnitude * a_curve(hz)) ** 2))))
    assert np.ptp(levels) < 8
    assert np.abs(levels - np.mean(levels)).max() < 4


def a_curve(hz):
    """IEC 61672-1, written from the standard's own form with its exact pole frequencies."""
    s = np.maximum(hz, 1.0) ** 2
    gain = 12194.217**2 * s**2 / ((s + 20.598997**2) * (s + 12194.217**2))
    return gain / np.sqrt((s + 107.65265**2) * (s + 737.86223**2)) * 10**0.1


def test_there_is_no_dc():
    instrument = engine(sphere("bowl", 110.0))
    instrument.gesture("rub", 0, pressure=0.9, speed=0.3)
    instrument.gesture("strike", 0, velocity=1.0)
    sound = seconds(instrument, 4.0)[48_000:]
    assert abs(sound.mean()) < 1e-3 * rms(sound)


def test_a_sphere_dies_away_as_its_lowest_modes_do_and_then_sleeps():
    one = sphere("glass", 880.0, t60_scale=0.5)
    instrument = engine(one)
    instrument.gesture("strike", 0)
    loud = envelope(seconds(instrument, 0.5))[20]
    later = envelope(seconds(instrument, 2.0))
    assert 20 * np.log10(later[-1] / loud) == pytest.approx(-60 * 2.3 / one.spectrum()[0].t60_s, abs=8)
    seconds(instrument, 8.0)
    assert instrument.state.sphere.awake[0] == 0
    assert not np.any(seconds(instrument, 0.1))


def test_a_struck_mallet_bounces_once_and_gives_its_momentum():
    instrument = engine(sphere("glass", 440.0))
    instrument.gesture("strike", 0, velocity=0.5)
    instrument.render(64)
    assert instrument.state.sphere.held[0] == 1
    instrument.render(64 * 40)
    assert instrument.state.sphere.held[0] == 0
    assert -0.5 < instrument.state.touch.speed[0] < 0  # it came back slower than it went


def test_bend_lands_within_a_cent():
    for bend in (-700.0, -1.0, 50.0, 1200.0):
        instrument = engine(sphere("bell", 440.0, t60_scale=2.0))
        instrument.gesture("strike", 0)
        instrument.gesture("bend", 0, cents=bend)
        seconds(instrument, 0.3)
        sound = seconds(instrument, 1.5)[:, 0]
        wanted = 440.0 * 2 ** (bend / 1200)  # the prime; the hum and the nominal move with it
        assert abs(cents(peak_hz(sound, wanted, 30), wanted)) < 1 + 2.6  # half the doublet's own split


def test_modes_bent_beyond_nyquist_fade_and_do_not_fold():
    instrument = engine(sphere("glass", 3000.0))
    instrument.gesture("strike", 0, hardness=1.0)
    instrument.gesture("bend", 0, cents=3600.0)
    sound = seconds(instrument, 1.0)[12_000:, 0]
    hz, magnitude = spectrum(sound)
    assert magnitude[hz < 2900].max() < 1e-4 * max(magnitude.max(), 1e-3)
