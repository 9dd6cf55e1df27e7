"""A sphere's partials, measured: where each multiplet lies, how far its members are apart, how long they ring.

That is heard best where nothing else is: on modes as worn as a damage makes them, while their crack is kept shut
(`specimen.tap_worn`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from weaver.model.units import ratio_to_cents
from weaver.takes.measure import Bands, Samples, Tones, find_tones
from weaver.takes.specimen import Asked, Specimen

TAPS, LONGEST_TAP_S, DECAYS = 3, 12.0, 1.2
"""Taps whose sounds are looked at together; each is as long as so many of the longest decay, but not longer."""
WIDEST, NEAREST, NARROWEST_HZ = 0.03, 0.6, 4.0
"""A band is as wide as this of its frequency, or reaches so far towards the next multiplet, beside its members."""
TOGETHER = 4.0
"""Multiplets that lie this near, in Hz over seconds of decay, are parted in one band."""


@dataclass(frozen=True)
class Multiplet:
    """Modes that would be one if the sphere were perfect: Hz and T60 asked for, and the tones found."""

    asked_hz: Samples
    asked_t60_s: float
    found: Tones

    @property
    def resolved(self) -> bool:
        """Whether every member has been told from the others."""
        return len(self.found.hz) == len(self.asked_hz)

    @property
    def cents_off(self) -> float:
        """From the mean of the members asked for to the mean of those found."""
        return ratio_to_cents(float(self.found.hz.mean() / self.asked_hz.mean())) if len(self.found.hz) else math.nan

    @property
    def asked_split_hz(self) -> float:
        """From the lowest member to the highest."""
        return float(np.ptp(self.asked_hz))

    @property
    def found_split_hz(self) -> float:
        """The same of those found; NaN if not all were."""
        return float(np.ptp(self.found.hz)) if self.resolved else math.nan


def measure_multiplets(specimen: Specimen, damage: float) -> tuple[Multiplet, ...]:
    """Partials, splits and decays, of modes so worn."""
    longest_s = max(mode.t60_s for mode in specimen.sphere.spectrum())
    seconds = min(DECAYS * longest_s, LONGEST_TAP_S)
    taps = [specimen.tap_worn(damage, seconds, take) for take in range(TAPS)]
    asked = taps[0][1]
    bands = [Bands(sound, specimen.rate) for sound, _ in taps]
    found: list[Multiplet] = []
    groups = _groups(asked)
    for place, group in enumerate(groups):
        beside = [groups[other] for other in (place - 1, place + 1) if 0 <= other < len(groups)]
        apart_hz = min(_apart_hz(asked.hz[group], asked.hz[other]) for other in beside) if beside else math.inf
        found += _part(asked, group, bands, apart_hz)
    return tuple(found)


def _groups(asked: Asked) -> list[list[int]]:
    """Modes by multiplet, in order of frequency; multiplets that lie too near for a band each are together."""
    groups: list[list[int]] = []
    for number in range(int(asked.multiplet.max()) + 1):
        members = [int(mode) for mode in np.flatnonzero(asked.multiplet == number)]
        if groups:
            near_hz = max(float(np.ptp(asked.hz[members])), TOGETHER / float(asked.t60_s[members].min()))
            if _apart_hz(asked.hz[members], asked.hz[groups[-1]]) < near_hz:
                groups[-1] += members
                continue
        groups.append(members)
    return groups


def _apart_hz(some: Samples, others: Samples) -> float:
    return float(np.abs(some[:, np.newaxis] - others).min())


def _part(asked: Asked, group: list[int], bands: Sequence[Bands], apart_hz: float) -> list[Multiplet]:
    """The multiplets of one band. If it holds several, they are told apart only where all their members are found."""
    hz = asked.hz[group]
    centre_hz, reach_hz = float(hz.min() + hz.max()) / 2.0, float(np.ptp(hz)) / 2.0
    half_hz = max(min(NEAREST * apart_hz, WIDEST * centre_hz), NARROWEST_HZ) + reach_hz
    tones = find_tones([band.cut(centre_hz, half_hz) for band in bands], len(group))
    order = [group[place] for place in np.argsort(hz)]
    parted = []
    for number in sorted({int(asked.multiplet[mode]) for mode in group}):
        places = [place for place, mode in enumerate(order) if asked.multiplet[mode] == number]
        members = [order[place] for place in places]
        some = tones
        if len(tones.hz) == len(group):
            some = Tones(tones.hz[places], tones.loss[places], len(places))
        elif len(places) < len(group):
            some = Tones(np.empty(0), np.empty(0), len(places))
        t60_s = len(members) / float(np.sum(1.0 / asked.t60_s[members]))
        parted.append(Multiplet(asked.hz[members], t60_s, some))
    return parted
