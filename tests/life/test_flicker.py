"""The flicker: erratic, in step in sound and light, and none of it in a whole sphere."""

from __future__ import annotations

import numpy as np
from support.harming import living, timeless, wound
from support.playing import envelope, seconds, sphere

from weaver.dsp.sizes import CELL


def flickering(damage: float, duration_s: float = 20.0, rate: float = 48_000.0) -> tuple[np.ndarray, np.ndarray]:
    """The flicker and the light shown, at every grid point, of a sphere that is rubbed."""
    instrument = living(sphere("bowl", 220.0), by=timeless(), rate=rate)
    wound(instrument, damage)
    instrument.gesture("rub", 0, pressure=0.5, speed=0.5)
    seconds(instrument, 1.0)
    found = []
    for _ in range(round(duration_s * rate / CELL)):
        instrument.render(CELL)
        snapshot = instrument.snapshot()
        found.append((snapshot.flicker[0], snapshot.light[0]))
    flicker, light = np.array(found).T
    return flicker, light


def test_a_whole_sphere_shines_steadily():
    flicker, _ = flickering(0.0, 1.0)
    assert (flicker == 1.0).all()


def test_the_more_damage_the_darker_and_the_more_erratic():
    means, lowest = [], []
    for damage in (0.1, 0.4, 0.85):
        flicker, _ = flickering(damage)
        means.append(flicker.mean())
        lowest.append(np.quantile(flicker, 0.02))
    assert means[0] > means[1] > means[2]
    assert means[0] > 0.8 and lowest[0] < 0.9  # mostly lit, with dips
    assert means[2] < 0.6 and lowest[2] < 0.05  # mostly dim


def test_it_wavers_at_all_paces_of_a_failing_bulb():
    flicker, _ = flickering(0.5, 40.0)
    power = np.abs(np.fft.rfft(flicker - flicker.mean())) ** 2
    hz = np.fft.rfftfreq(len(flicker), CELL / 48_000)
    octaves = [power[(hz >= low) & (hz < 2 * low)].sum() for low in (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)]
    assert min(octaves) > 0.02 * sum(octaves)
    assert power[hz > 60].sum() < 0.01 * power[1:].sum()  # but nobody hears it as a tone


def test_its_pace_does_not_hang_on_the_sample_rate():
    slow, fast = flickering(0.5, 20.0)[0], flickering(0.5, 20.0, 96_000.0)[0]
    changes = [np.abs(np.diff(flicker, prepend=1)).sum() for flicker in (slow, fast[::2])]
    assert 0.6 < changes[0] / changes[1] < 1.6


def test_when_the_sound_dips_the_light_does():
    instrument = living(sphere("bowl", 220.0), by=timeless())
    wound(instrument, 0.3)
    instrument.gesture("rub", 0, pressure=0.5, speed=0.5)
    seconds(instrument, 3.0)
    levels, lights = [], []
    for _ in range(1200):
        levels.append(float(envelope(instrument.render(480))[0]))
        lights.append(float(instrument.snapshot().light[0]))
    assert np.corrcoef(levels, lights)[0, 1] > 0.6
