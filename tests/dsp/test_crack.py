"""The breathing crack, against closed form and published signs: pitch falls with force, harmonics, sidebands."""

from __future__ import annotations

import numpy as np
import pytest
from numba import njit
from numpy.typing import NDArray
from support.playing import RATE, cents, engine, peak_hz, seconds, spectrum, sphere

from weaver.dsp import crack
from weaver.engine.address import state_at
from weaver.engine.engine import Engine

F0_HZ = 440.0


@njit
def place_crack(address, s, longitude, height):
    crack.place_crack(state_at(address), s, longitude, height)


def lone_mode(delta: float, gap: float, amplitude: float) -> Engine:
    """One mode that never dies away, felt in full by a crack, and set going."""
    instrument = engine(sphere("bowl", F0_HZ, modes=1))
    definition, state = instrument.state.definitions[0], instrument.state
    for name, value in {"ratio": 1, "loss": 1e-3, "order": 0, "rise": 0, "lobe_cos": 1, "lobe_sin": 0}.items():
        definition[name][0, 0] = value
    instrument.gesture("strike", 0, velocity=0.001)
    seconds(instrument, 0.1)
    place_crack(instrument.address, 0, 0.0, 1.0)
    break_open(instrument, delta, gap)
    state.bank.re[0], state.bank.im[0] = 0.0, 0.0
    state.bank.re[0, 0] = amplitude
    return instrument


def break_open(instrument: Engine, delta: float, gap: float, s: int = 0) -> None:
    """A crack of that kind; `life` leaves it alone in a sphere that it knows to be whole."""
    instrument.state.sphere.delta[s], instrument.state.sphere.gap[s] = delta, gap


def motion(instrument: Engine, duration_s: float = 0.5) -> NDArray[np.float64]:
    """The mode's displacement, frame by frame."""
    found = np.zeros(round(duration_s * RATE))
    for n in range(len(found)):
        found[n] = instrument.state.bank.im[0, 0]
        instrument.render(1)
    return found


def harmonic_db(sound: NDArray[np.float64], hz: float, number: int) -> float:
    """Level of a harmonic beside the first."""
    at, magnitude = spectrum(sound)
    first, wanted = (magnitude[np.abs(at - n * hz) < 12].max() for n in (1, number))
    return float(20 * np.log10(wanted / first))


@pytest.mark.parametrize("delta", [0.02, 0.1, 0.3])
def test_without_a_gap_the_pitch_is_that_of_the_closed_form(delta):
    found = peak_hz(motion(lone_mode(delta, 0.0, 1.0)), F0_HZ, 400)
    root = np.sqrt(1 - delta)
    assert abs(cents(found, F0_HZ * 2 * root / (1 + root))) < 0.5


@pytest.mark.parametrize(
    "delta, amplitude, hz, second_db",
    [(0.05, 0.5, 439, -61), (0.05, 1, 437, -52), (0.05, 2, 436, -50), (0.2, 0.5, 438, -50), (0.2, 1, 428, -39)],
)
def test_with_a_gap_force_lowers_the_pitch_and_raises_the_second_harmonic(delta, amplitude, hz, second_db):
    sound = motion(lone_mode(delta, 0.4, amplitude))
    found = peak_hz(sound, F0_HZ, 200)
    assert found == pytest.approx(hz, abs=1.0)  # simulated to 1 Hz
    assert harmonic_db(sound, found, 2) == pytest.approx(second_db, abs=2.0)


def test_below_the_gap_nothing_happens():
    sound = motion(lone_mode(0.2, 0.4, 0.35), 0.2)
    assert abs(cents(peak_hz(sound, F0_HZ), F0_HZ)) < 0.2
    assert harmonic_db(sound, F0_HZ, 2) < -80


def test_two_tones_make_sums_and_differences():
    def between(delta: float) -> float:
        instrument = engine(sphere("bowl", 300.0, modes=4))  # two doublets
        instrument.gesture("strike", 0, velocity=0.9)
        seconds(instrument, 0.01)
        place_crack(instrument.address, 0, 0.3, 1.0)
        break_open(instrument, delta, 0.05)
        sound = seconds(instrument, 1.0)[:, 0]
        hz, magnitude = spectrum(sound)
        second = 300.0 * float(instrument.state.definitions[0].ratio[0, 2:4].mean())
        sides = [magnitude[np.abs(hz - (second + side * 300.0)) < 15].max() for side in (-1, 1)]
        return float(20 * np.log10(max(sides) / magnitude.max()))

    assert between(0.2) > between(0.0) + 20


def test_what_lies_beyond_half_the_sample_rate_is_not_folded_back():
    f0_hz = 2093.0  # its harmonics fold onto places well between them
    instrument = engine(sphere("bowl", f0_hz, modes=2, t60_scale=4.0))
    instrument.gesture("strike", 0, velocity=1.0)
    seconds(instrument, 0.01)
    place_crack(instrument.address, 0, 0.3, 1.0)
    break_open(instrument, 0.3, 0.0)
    sound = seconds(instrument, 1.0)[:, 0]
    found = peak_hz(sound, f0_hz, 200)
    hz, magnitude = spectrum(sound)
    distance = np.abs((hz + found / 2) % found - found / 2)  # from the nearest harmonic
    folded = magnitude[(distance > 0.2 * found) & (hz > 100) & (hz < 15_000)].max()
    assert 20 * np.log10(folded / magnitude.max()) < -55


@pytest.mark.parametrize("bent_cents", [0.0, -2400.0, -4800.0, 2400.0, 9600.0])
def test_a_crack_takes_no_energy_from_nowhere_however_far_it_is_bent(bent_cents):
    instrument = engine(sphere("glass", 200.0, modes=32))
    instrument.gesture("bend", 0, cents=bent_cents)
    seconds(instrument, 0.5)
    instrument.gesture("strike", 0, velocity=1.0, hardness=1.0)
    seconds(instrument, 0.05)
    place_crack(instrument.address, 0, 1.0, 1.0)
    break_open(instrument, 0.3, 0.0)
    energies = [float(instrument.state.sphere.energy[0])]
    for _ in range(40):
        seconds(instrument, 0.05)
        energies.append(float(instrument.state.sphere.energy[0]))
    assert energies[-1] < energies[0] and max(energies) < 1.5 * energies[0]
    assert instrument.state.counters.nan_spheres == 0
