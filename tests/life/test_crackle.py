"""Crackle: energies by a power law, aftershocks by Omori's, flakes, and silence from what is whole."""

from __future__ import annotations

import numpy as np
from support.harming import living, timeless, wound
from support.playing import level_db, seconds, sphere

from weaver.dsp.sizes import CELL
from weaver.life.crackle import EXPONENT, FLAKE_FROM, LEAST_ENERGY, MOST_ENERGY
from weaver.life.notices import FLAKED


def crackling(damage: float, duration_s: float, seed: int = 1) -> list[int]:
    """Grid points of a sphere's events."""
    instrument = living(sphere("glass", 440.0, hum_db=-40.0), by=timeless(), seed=seed)
    wound(instrument, damage)
    events, before = [], 0
    for cell in range(round(duration_s * 48_000 / CELL)):
        instrument.render(CELL)
        count = int(instrument.state.life.crackles[0])
        events += [cell] * (count - before)
        before = count
    return events


def test_a_whole_sphere_does_not_crackle():
    instrument = living(sphere(), by=timeless())
    instrument.gesture("strike", 0)
    seconds(instrument, 5.0)
    assert instrument.state.life.crackles[0] == instrument.state.life.flakes[0] == 0


def test_the_more_damage_the_more_events():
    counts = [len(crackling(damage, 40.0)) for damage in (0.2, 0.5, 0.9)]
    assert counts[0] < counts[1] < counts[2]
    assert counts[2] > 50


def test_events_come_in_bursts_as_aftershocks_do():
    events = np.array(crackling(0.9, 120.0))
    counts = np.histogram(events, np.arange(0, 120 * 750, 375))[0]  # in half seconds
    assert counts.var() > 1.3 * counts.mean()  # without aftershocks they were equal (Poisson)


def test_energies_follow_the_power_law():
    """The largest events leave a flake: their share of all is what the law says it is."""
    instrument = living(sphere("glass", 440.0, hum_db=-40.0), by=timeless())
    wound(instrument, 0.95)
    energies, total = [], 0
    for _ in range(60):
        for _ in range(10):
            instrument.gesture("strike", 0, velocity=0.5)
            seconds(instrument, 0.25)
        energies += [float(notice.values[1]) for notice in instrument.notices() if notice.kind == FLAKED]
    total = int(instrument.state.life.crackles[0])
    low, high, slope = LEAST_ENERGY, MOST_ENERGY, 1 - EXPONENT
    expected = (high**slope - FLAKE_FROM**slope) / (high**slope - low**slope)
    assert abs(len(energies) / total - expected) < 4 * np.sqrt(expected / total)
    # maximum likelihood for the tail, whose upper bound is far
    exponent = 1 + len(energies) / np.log(np.array(energies) / FLAKE_FROM).sum()
    assert 1.25 < exponent < 1.75


def test_it_is_heard_beside_what_is_silent():
    instrument = living(sphere("glass", 440.0), by=timeless())
    seconds(instrument, 0.2)
    before = level_db(seconds(instrument, 1.0))
    wound(instrument, 0.9)
    assert before < -100
    assert level_db(seconds(instrument, 10.0)) > -85
