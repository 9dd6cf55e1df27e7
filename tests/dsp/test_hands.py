"""The gestures, as they are heard: rub, damp, lift, tilt, place, bind, hush, panic."""

from __future__ import annotations

import numpy as np
import pytest
from support.playing import centroid_hz, engine, envelope, level_db, peak_hz, rms, seconds, spectrum, sphere


def rubbed(pressure=0.6, speed=0.5, material="glass", hold_s=3.0):
    instrument = engine(sphere(material, 392.0))
    instrument.gesture("rub", 0, pressure=pressure, speed=speed)
    return instrument, seconds(instrument, hold_s)


@pytest.mark.parametrize("material", ["glass", "bell", "bowl", "sphere"])
def test_a_rubbed_sphere_starts_sings_and_rings_on(material):
    instrument, sung = rubbed(material=material)
    swell = envelope(sung)
    assert swell[0] < 0.05 * swell.max()  # it begins in a squeak
    assert swell[40:].max() > 0.02  # it sings
    assert abs(1200 * np.log2(peak_hz(sung[48_000:, 0], 392.0, 1900) / 392.0)) < 1800  # one of its own low modes
    instrument.gesture("rub", 0, pressure=0.0)
    rung = envelope(seconds(instrument, 1.0))
    assert 0.02 * swell[-1] < rung[50] < 1.5 * swell.max()  # and rings on without the finger
    assert instrument.state.touch.rubbed[0] == 0
    assert instrument.state.sphere.held[0] == 0


def test_the_singing_glass_sings_its_lowest_mode():
    _, sung = rubbed()
    hz, magnitude = spectrum(sung[48_000:, 0])
    assert abs(hz[np.argmax(magnitude)] - 392.0) < 2.0


def test_pressure_starts_it_sooner_and_speed_makes_it_louder():
    def start_s(pressure):
        swell = envelope(rubbed(pressure)[1])
        return np.argmax(swell > 0.3 * swell.max()) * 0.01

    assert start_s(0.9) < start_s(0.2)
    assert rms(rubbed(speed=0.6)[1][72_000:]) > 1.5 * rms(rubbed(speed=0.25)[1][72_000:])


def test_a_finger_held_still_brakes_what_moves_under_it():
    """The cosine member of the lowest doublet, which moves there; its sine member has a node under the finger."""
    left = []
    for pressure in (0.0, 0.7):
        instrument = engine(sphere("glass", 392.0))
        instrument.gesture("strike", 0)
        seconds(instrument, 0.2)
        instrument.gesture("rub", 0, pressure=pressure, speed=0.0)
        seconds(instrument, 1.0)
        bank = instrument.state.bank
        left.append(np.abs(bank.re[0, :2] + 1j * bank.im[0, :2]))
    cosine = int(np.argmax(instrument.state.definitions[0].lobe_cos[0, :2]))
    assert left[1][cosine] < 0.3 * left[0][cosine]
    assert left[1][1 - cosine] > 0.9 * left[0][1 - cosine]


def test_the_finger_going_round_beats():
    """A rotating force on a doublet of order n pulsates 2n times a turn (nodes travel with the finger)."""
    from weaver.dsp.contact import TURNS_PER_S

    instrument = engine(sphere("glass", 392.0, modes=2))
    instrument.gesture("rub", 0, pressure=0.8, speed=0.5)
    seconds(instrument, 2.0)
    swell = envelope(seconds(instrument, 8.0)[:, [0, 0]], 480)
    ripple = np.abs(np.fft.rfft((swell - swell.mean()) * np.hanning(len(swell))))
    rate_hz = np.fft.rfftfreq(len(swell), 0.01)[1 + np.argmax(ripple[1:])]
    turns = TURNS_PER_S * 0.5
    assert min(abs(rate_hz - n * turns) for n in (2, 4, 8)) < 0.15
    assert ripple.max() / len(swell) > 0.01 * swell.mean()


def test_a_hand_damps_and_treble_first():
    loose, damped = engine(sphere("bell")), engine(sphere("bell"))
    for instrument in (loose, damped):
        instrument.gesture("strike", 0, velocity=0.9, hardness=0.9)
        seconds(instrument, 0.05)
    damped.gesture("damp", 0, amount=0.8)
    free, held = seconds(loose, 0.3)[:, 0], seconds(damped, 0.3)[:, 0]
    assert level_db(held) < level_db(free) - 6
    assert centroid_hz(held) < 0.9 * centroid_hz(free)


def test_lift_is_decibels():
    quiet, loud = engine(sphere("bell")), engine(sphere("bell"))
    quiet.gesture("lift", 0, level=-20.0)
    for instrument in (quiet, loud):
        instrument.gesture("strike", 0, velocity=0.3)
    assert level_db(seconds(loud, 0.5)[4800:]) - level_db(seconds(quiet, 0.5)[4800:]) == pytest.approx(20, abs=0.3)


def test_a_sleeping_sphere_wakes_where_it_was_put():
    """What was turned while it slept holds from the first frame on; nothing is heard gliding there."""
    plain, moved = engine(sphere("bell")), engine(sphere("bell"))
    moved.gesture("lift", 0, level=-20.0)
    moved.gesture("bend", 0, cents=100.0)
    seconds(moved, 0.1), seconds(plain, 0.1)
    for instrument in (plain, moved):
        instrument.gesture("strike", 0, velocity=0.5)
    first = [rms(instrument.render(128)) for instrument in (plain, moved)]
    assert 20 * np.log10(first[0] / first[1]) == pytest.approx(20, abs=0.5)
    assert moved.state.sphere.cents[0] == 100.0


def test_tilt_tilts_about_a_kilohertz():
    flat, bright = engine(sphere("bell", 500.0)), engine(sphere("bell", 500.0))
    bright.gesture("tilt", 0, brightness=6.0)
    spectra = []
    for instrument in (flat, bright):
        instrument.gesture("strike", 0, velocity=0.3)
        seconds(instrument, 0.3)
        spectra.append(spectrum(seconds(instrument, 1.0)[:, 0]))
    hz, plain = spectra[0]
    for line, gain_db in ((250.0, -12.0), (500.0, -6.0), (1000.0, 0.0)):
        near = np.abs(hz - line) < 6
        assert 20 * np.log10(spectra[1][1][near].max() / plain[near].max()) == pytest.approx(gain_db, abs=0.6)


def test_place_goes_left_and_right_and_away():
    def levels(**place):
        instrument = engine(sphere("bell"))
        instrument.gesture("place", 0, **place)
        instrument.gesture("strike", 0, velocity=0.5)
        sound = seconds(instrument, 1.0)[24_000:]
        return level_db(sound[:, 0]), level_db(sound[:, 1]), centroid_hz(sound[:, 0])

    left, right = levels(azimuth=-80.0, distance=2.0), levels(azimuth=80.0, distance=2.0)
    assert left[0] - left[1] > 4 and right[1] - right[0] > 4
    near, far = levels(azimuth=0.0, distance=1.0), levels(azimuth=0.0, distance=8.0)
    assert near[0] - far[0] == pytest.approx(18, abs=1.5)  # 1/r
    assert far[2] < near[2]  # air takes treble


def test_a_far_sphere_is_more_room_than_sound():
    def wet_share(distance):
        both = []
        for wet_db in (-60.0, 0.0):
            instrument = engine(sphere("bell"))
            instrument.set_parameter("wet_db", wet_db)
            instrument.gesture("place", 0, distance=distance)
            seconds(instrument, 0.1)
            instrument.gesture("strike", 0, velocity=0.3)
            both.append(level_db(seconds(instrument, 0.6)))
        return both[1] - both[0]

    assert wet_share(10.0) > wet_share(1.0) + 3


def test_a_moving_sphere_makes_no_clicks():
    """Energy above the highest mode while it is moved stays 70 dB below the tone."""
    instrument = engine(sphere("glass", 300.0, modes=4))
    instrument.gesture("strike", 0, velocity=0.6, hardness=0.0)
    seconds(instrument, 0.5)
    for azimuth, level, distance in ((80, -20, 6), (-80, 6, 1), (0, -40, 2), (40, 0, 2)):
        instrument.gesture("place", 0, azimuth=azimuth, distance=distance)
        instrument.gesture("lift", 0, level=level)
        sound = seconds(instrument, 0.12)[:, 0]
        hz, magnitude = spectrum(sound)
        assert 20 * np.log10(magnitude[hz > 3000].max() / magnitude.max()) < -70


def test_a_bend_glides_without_a_click():
    instrument = engine(sphere("glass", 300.0, modes=4))
    instrument.gesture("strike", 0, velocity=0.6, hardness=0.0)
    seconds(instrument, 0.5)
    instrument.gesture("bend", 0, cents=200.0)
    hz, magnitude = spectrum(seconds(instrument, 0.12)[:, 0])
    assert 20 * np.log10(magnitude[hz > 3000].max() / magnitude.max()) < -70


def test_a_thread_carries_energy_and_makes_none():
    first, second = sphere("glass", 300.0, "A"), sphere("glass", 450.0, "B")
    instrument = engine(first, second)
    instrument.gesture("bind", 0, other=1, strength=1.0)
    instrument.gesture("strike", 0, velocity=0.7)
    seconds(instrument, 0.05)
    shared = []
    for _ in range(20):
        seconds(instrument, 0.05)
        shared.append([float(e) for e in instrument.state.sphere.energy[:2]])
    shared = np.array(shared)
    assert shared[-1, 1] > 0.3 * shared[-1, 0]
    assert np.all(np.diff(shared.sum(axis=1)) <= 0)
    assert abs(peak_hz(seconds(instrument, 1.0)[:, 0], 450.0, 50) - 450.0) < 1.0
    instrument.gesture("bind", 0, other=1, strength=0.0)
    seconds(instrument, 0.01)
    assert not np.any(instrument.state.thread.strength)


def test_without_a_thread_nothing_passes():
    instrument = engine(sphere("glass", 300.0, "A"), sphere("glass", 450.0, "B"))
    instrument.gesture("strike", 0)
    seconds(instrument, 0.5)
    assert instrument.state.sphere.energy[1] == 0


def test_hush_is_soft_and_panic_is_now():
    hushed, panicked = engine(sphere("bell")), engine(sphere("bell"))
    for instrument in (hushed, panicked):
        instrument.gesture("strike", 0, velocity=0.8)
        seconds(instrument, 0.3)
    hushed.gesture("hush")
    panicked.panic()
    soft, now = seconds(hushed, 6.0), seconds(panicked, 0.2)
    assert envelope(soft)[10] > 0.3 * envelope(soft)[0]
    assert not np.any(soft[-4800:])
    assert np.abs(now[200:]).max() < 1e-3 and not np.any(now[-2400:] > 1e-4)
    assert np.abs(np.diff(now[:400, 0])).max() < 0.2 * np.abs(now[:64]).max()  # no click
    for instrument in (hushed, panicked):
        instrument.gesture("strike", 0, velocity=0.8)
        assert level_db(seconds(instrument, 0.3)) > -40  # a gesture wakes it as new
