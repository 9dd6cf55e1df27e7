"""What makes a sphere live at rest: its hum and its light."""

from __future__ import annotations

import numpy as np
from support.playing import engine, envelope, peak_hz, seconds, sphere


def test_the_hum_pulses_and_a_gesture_wakes_it():
    instrument = engine(sphere("glass", 440.0, hum_db=-30.0))
    rest = envelope(seconds(instrument, 9.0))
    assert rest[100:].min() < 0.5 * rest[100:].max()  # it breathes
    assert -55 < 20 * np.log10(rest.max()) < -30
    tone = seconds(instrument, 2.0)[:, 0]
    assert abs(peak_hz(tone, 440.0, 50) - 440.0) < 0.5  # its own tone
    instrument.gesture("strike", 0, velocity=0.01)
    instrument.gesture("damp", 0, amount=1.0)
    awake = envelope(seconds(instrument, 9.0))
    assert awake[200:].max() > 1.5 * rest.max()


def test_the_light_follows_the_sound():
    instrument = engine(sphere("glass"))
    seconds(instrument, 0.1)
    assert instrument.snapshot().light[0] == 0
    instrument.gesture("strike", 0, velocity=0.9)
    seconds(instrument, 0.1)
    bright = float(instrument.snapshot().light[0])
    assert bright > 0.5
    seconds(instrument, 4.0)
    assert instrument.snapshot().light[0] < bright


def test_spheres_breathe_apart_from_each_other():
    instrument = engine(*[sphere("glass", 300.0 + 50 * s, f"S{s}", hum_db=-30.0) for s in range(3)])
    seconds(instrument, 2.0)
    lights = []
    for _ in range(60):
        seconds(instrument, 0.1)
        lights.append(instrument.snapshot().light[:3].copy())
    heights = np.argmax(np.array(lights), axis=0)
    assert len(set(heights.tolist())) == 3


def test_turning_the_hum_down_silences_it():
    instrument = engine(sphere("glass", 300.0, hum_db=-30.0))
    seconds(instrument, 1.0)
    instrument.set_parameter("hum_db", -60.0)
    seconds(instrument, 2.0)
    assert np.abs(seconds(instrument, 0.2)).max() < 1e-5
