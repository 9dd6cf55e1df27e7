"""What a sphere sounds like, measured from its own output beside what its model asks for: how damage is heard.

Its partials (`partials`) and the signs of a crack (`signs`); and here its crackle, whose energies follow a power law,
and the flicker that its sound and its light have in common.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from weaver.life.crackle import EXPONENT, LEAST_ENERGY, MOST_ENERGY
from weaver.life.flicker import QUIETER
from weaver.takes.measure import Bands, Samples, dispersion, find_clicks, fit_power_law, share_of_loudest
from weaver.takes.partials import Multiplet, measure_multiplets
from weaver.takes.signs import Signs, measure_signs
from weaver.takes.specimen import Specimen

FULL_CLICK = 0.02
"""Square of the peak, of both ears together, that a click of energy 1 has on the bench, about."""
LEAST_CLICK = LEAST_ENERGY / 3.0
"""Energy from which a click is counted."""
TAIL = 3e-3
"""The exponent is found from the clicks beyond this, beside the loudest. A flake makes its click louder than by its
energy; beyond this all have one, so that the law is the same."""
LOUDEST, COUNT_S = 0.01, 0.5
"""Of the loudest clicks: which part of all; and the windows in which clicks are counted to see how they gather."""

FLICKER_HALF_HZ, SETTLE_S = 120.0, 1.0
LEVELS, LIT_ALIKE = 60, 1e-3
"""Of the envelope, among which the most frequent is found; and what is not more than this apart does not flicker."""
LIT, DARK = 0.6, 0.5
"""Lit is what the upper envelope is, from so much of it on; a dip goes below the second, of lit."""


@dataclass(frozen=True)
class Crackle:
    """What an unstruck sphere says. `energies` of the clicks found, 1 the model's loudest."""

    seconds: float
    made: int
    flakes: int
    energies: Samples
    exponent: float
    error: float
    loudest_share: float
    dispersion: float


@dataclass(frozen=True)
class Flicker:
    """Of the hum's envelope and of the light: float64[n], 1 is steady, 0 out. `agreement` is their correlation."""

    seconds: float
    sound: Samples
    light: Samples
    agreement: float


@dataclass(frozen=True)
class Anatomy:
    """Everything found in a sphere at one damage."""

    damage: float
    multiplets: tuple[Multiplet, ...]
    signs: Signs
    crackle: Crackle
    flicker: Flicker


def examine(specimen: Specimen, damage: float, crackle_s: float, flicker_s: float) -> Anatomy:
    """Measure everything, listening to the crackle and the hum for so many seconds."""
    return Anatomy(
        damage,
        measure_multiplets(specimen, damage),
        measure_signs(specimen, damage),
        measure_crackle(specimen, damage, crackle_s),
        measure_flicker(specimen, damage, flicker_s),
    )


def measure_crackle(specimen: Specimen, damage: float, seconds: float) -> Crackle:
    """Of the sphere unstruck, its hum off."""
    sound, made, flakes = specimen.leave_alone(damage, seconds)
    times, energies = find_clicks(sound, specimen.rate, FULL_CLICK * LEAST_CLICK)
    loudest = float(energies.max(initial=0.0))
    exponent, error = fit_power_law(energies, TAIL * loudest, loudest)
    return Crackle(
        *(seconds, made, flakes, energies / FULL_CLICK, exponent, error),
        *(share_of_loudest(energies, LOUDEST), dispersion(times, seconds, COUNT_S)),
    )


def asked_loudest_share() -> float:
    """What the loudest hundredth of the events have of all energy, by the law that they are drawn from."""
    slope = 1.0 - EXPONENT
    quantile = LEAST_ENERGY**slope + (1.0 - LOUDEST) * (MOST_ENERGY**slope - LEAST_ENERGY**slope)
    power = 2.0 - EXPONENT
    least = quantile ** (power / slope)
    return float((MOST_ENERGY**power - least) / (MOST_ENERGY**power - LEAST_ENERGY**power))


def measure_flicker(specimen: Specimen, damage: float, seconds: float) -> Flicker:
    """Of the hum, beside that of the whole sphere, whose slow pulse is the same."""
    hums = [specimen.hum(hurt, seconds) for hurt in (damage, 0.0)]
    envelopes = []
    for sound, _ in hums:
        band = Bands(sound, specimen.rate).cut(specimen.sphere.f0_hz, FLICKER_HALF_HZ)
        envelopes.append(np.abs(band.samples).sum(axis=1))
    settled = round(SETTLE_S * band.rate)
    bare = (envelopes[0] / np.maximum(envelopes[1], 1e-12))[settled:-settled]
    sound = 1.0 - (1.0 - bare / _lit(bare)) / QUIETER
    time_s = seconds - (len(envelopes[0]) - np.arange(len(envelopes[0]))) / band.rate
    light = hums[0][1]
    seen = np.interp(time_s[settled:-settled], (np.arange(len(light)) + 1) * seconds / len(light), light)
    steady = min(float(sound.std()), float(seen.std())) < 1e-6
    return Flicker(len(sound) / band.rate, sound, seen, math.nan if steady else float(np.corrcoef(sound, seen)[0, 1]))


def _lit(envelope: Samples) -> float:
    """What it is most often while it is not dark."""
    bright = envelope[envelope > LIT * np.quantile(envelope, 0.95)]
    if np.ptp(bright) < LIT_ALIKE * bright.max():
        return float(np.median(bright))
    counts, edges = np.histogram(bright, LEVELS)
    top = int(np.argmax(counts))
    return float(edges[top] + edges[top + 1]) / 2.0


def dips_per_s(signal: Samples, seconds: float) -> float:
    """How often it falls below DARK."""
    return float(np.sum((signal[:-1] > DARK) & (signal[1:] <= DARK)) / seconds)
