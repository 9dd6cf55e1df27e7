"""Sensory roughness: how harshly partials beat with each other, by three published models.

    Hutchinson & Knopoff, "The acoustic component of Western consonance", Interface 7 (1978), as Harrison & Pearce
    take it up (Psychological Review 127, 2020): of the three the nearest to what listeners say
    Sethares, "Local consonance and the relationship between timbre and scale", JASA 94 (1993), with the lesser of
    two amplitudes, as his later book has it, and the factor 5 of his code
    Vassilakis, "Perceptual and physical properties of amplitude fluctuation", PhD thesis, UCLA (2001)

Amplitudes are linear, frequencies in Hz. A list of partials is two arrays and a count.
"""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.jit import entry, kernel
from weaver.model.parameters import JUDGES

HUTCHINSON, SETHARES, VASSILAKIS = range(len(JUDGES))

BANDWIDTH_HZ, BANDWIDTH_EXPONENT = 1.72, 0.65
"""Critical bandwidth: 1.72 f^0.65."""
ROUGHEST = 0.25
"""Distance at which two partials are roughest, in critical bandwidths."""
SMOOTH = 1.2
"""And from which they are smooth."""
ROUGHEST_RATE, WIDENING, WIDTH_HZ = 0.24, 0.0207, 18.96
"""Sethares: the distance s = 0.24 / (0.0207 f + 18.96) per Hz, fitted to Plomp & Levelt's curves."""
SLOW, FAST = 3.51, 5.75
SETHARES_FACTOR = 5.0
VASSILAKIS_SLOW = 3.5
LOUDNESS_EXPONENT, FLUCTUATION_EXPONENT = 0.1, 3.11
FADED = 3.0
"""In units of s: beyond, less than 3e-5 is left of Sethares's and Vassilakis's curves, whose height is 0.18."""


@kernel
def hutchinson(low_hz, high_hz, a, b):
    """Of two partials, not yet divided by the sum of squares of all amplitudes."""
    bandwidth_hz = BANDWIDTH_HZ * (0.5 * (low_hz + high_hz)) ** BANDWIDTH_EXPONENT
    y = (high_hz - low_hz) / bandwidth_hz
    if y > SMOOTH:
        return 0.0
    rise = y / ROUGHEST * math.exp(1.0 - y / ROUGHEST)
    return a * b * rise * rise


@kernel
def sethares(low_hz, high_hz, a, b):
    """Of two partials."""
    x = ROUGHEST_RATE / (WIDENING * low_hz + WIDTH_HZ) * (high_hz - low_hz)
    return min(a, b) * SETHARES_FACTOR * (math.exp(-SLOW * x) - math.exp(-FAST * x))


@kernel
def vassilakis(low_hz, high_hz, a, b):
    """Of two partials."""
    if a <= 0.0 or b <= 0.0:
        return 0.0
    x = ROUGHEST_RATE / (WIDENING * low_hz + WIDTH_HZ) * (high_hz - low_hz)
    fluctuation = (2.0 * min(a, b) / (a + b)) ** FLUCTUATION_EXPONENT
    return (a * b) ** LOUDNESS_EXPONENT * fluctuation * (math.exp(-VASSILAKIS_SLOW * x) - math.exp(-FAST * x))


@kernel
def pair_roughness(model, hz, other_hz, a, b):
    """Of two partials in any order, by a model."""
    low_hz, high_hz = min(hz, other_hz), max(hz, other_hz)
    if model == SETHARES:
        return sethares(low_hz, high_hz, a, b)
    if model == VASSILAKIS:
        return vassilakis(low_hz, high_hz, a, b)
    return hutchinson(low_hz, high_hz, a, b)


@kernel
def reach_of(model, hz):
    """How far below a partial, in Hz, another may lie and still be rough with it.

    Exact for Hutchinson & Knopoff: the bandwidth is taken at the higher of the two, where it is not narrower than
    at their mean. For the others see `FADED`.
    """
    if model == HUTCHINSON:
        return SMOOTH * BANDWIDTH_HZ * hz**BANDWIDTH_EXPONENT
    return FADED / ROUGHEST_RATE * (WIDENING * hz + WIDTH_HZ)


@kernel
def find_reach(model, hz, count, reach):
    """`reach_of` every partial of a list, into `reach` : float[count]."""
    for k in range(count):
        reach[k] = reach_of(model, hz[k])


@kernel
def power_of(amplitude, count):
    """Sum of squares of a list's amplitudes."""
    power = 0.0
    for k in range(count):
        power += amplitude[k] * amplitude[k]
    return power


@kernel
def roughness_of(model, hz, amplitude, count):
    """Roughness of one list of partials: all its pairs."""
    total = 0.0
    for i in range(count):
        for j in range(i):
            total += pair_roughness(model, hz[i], hz[j], amplitude[i], amplitude[j])
    if model == HUTCHINSON:
        power = power_of(amplitude, count)
        return total / power if power > 0.0 else 0.0
    return total


@kernel
def between(model, hz, amplitude, reach, count, gain, other_hz, other_amplitude, other_reach, other_count, other_gain):
    """Roughness between two lists of partials, and not within either: pairs of one of each.

    Only partials near each other are computed. For Hutchinson & Knopoff both lists together are what it is
    divided by, so that it is what hearing them at once adds.

    Parameters
    ----------
    reach, other_reach : float[count], float[other_count]
        By `find_reach`.
    gain, other_gain : float
        Of all amplitudes of a list.
    """
    total = 0.0
    for i in range(count):
        for j in range(other_count):
            apart_hz = hz[i] - other_hz[j]
            near_hz = reach[i] if apart_hz > 0.0 else other_reach[j]
            if abs(apart_hz) <= near_hz:
                a, b = gain * amplitude[i], other_gain * other_amplitude[j]
                total += pair_roughness(model, np.float64(hz[i]), np.float64(other_hz[j]), a, b)
    if model != HUTCHINSON:
        return total
    power = gain * gain * power_of(amplitude, count)
    power += other_gain * other_gain * power_of(other_amplitude, other_count)
    return total / power if power > 0.0 else 0.0


@entry
def roughness(model, hz, amplitude):
    """`roughness_of` for Python. `hz`, `amplitude` : float64[n]"""
    return roughness_of(model, hz, amplitude, hz.shape[0])


@entry
def roughness_along(model, hz, amplitude, ratios):
    """Roughness between partials and the same partials `ratios` times as high: float64[ratios].

    Parameters
    ----------
    hz, amplitude : float64[n]
    ratios : float64[m]
    """
    count = hz.shape[0]
    reach, other_hz, other_reach = np.empty(count), np.empty(count), np.empty(count)
    found = np.empty(ratios.shape[0])
    find_reach(model, hz, count, reach)
    for step in range(ratios.shape[0]):
        for k in range(count):
            other_hz[k] = hz[k] * ratios[step]
        find_reach(model, other_hz, count, other_reach)
        found[step] = between(model, hz, amplitude, reach, count, 1.0, other_hz, amplitude, other_reach, count, 1.0)
    return found
