"""The modes of a resonator, from the multiplets its symmetry gives it.

A round body vibrates in *multiplets*: modes of one pattern, turned about the axis, that would share one
frequency if the body were perfect. A bell's or glass's rim has doublets (a cosine and a sine member with
`order` waves round the rim), a sphere has 2l+1 members for each degree l. No body is perfect, so the members
lie a little apart and beat; that distance is the healthy split, and a crack is heard as its growing.

Conventions, shared with the kernels: a contact or an ear at azimuth theta couples to a mode by
cos(order*theta + lobe), with lobe 0 for the cosine and -pi/2 for the sine member, and from near the pole to
the equator or rim the coupling grows as sin(colatitude)**rise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from weaver.model.units import db_to_gain

COSINE_LOBE = 0.0
SINE_LOBE = -math.pi / 2

WALL_BENDING = (12.0, 485.52, 3806.5)
"""b of the wall along its height, by nodal circles. 12 is French's (a bar clamped at one end has 1.8751^4 =
12.36 there); its second and third modes have 4.6941^4 and 7.8548^4, which we take."""

LOWEST_RIM_ORDER = 2  # 0 would stretch the rim, 1 would move the whole glass

ELLIPTIC_SHARE = 0.8
"""Of a sphere's split: what the levels |m| of a slightly oblong sphere take; the rest parts each +-m pair."""


@dataclass(frozen=True)
class Mode:
    """One damped sinusoid of a sphere, as the kernels ring it.

    `ratio` is its frequency / f0 with the healthy split in it, `t60_s` the time to fall by 60 dB, `gain` how
    well it radiates (relative), and `order`, `lobe` (radians) and `rise` say how it couples: see above.
    `centre` is the ratio of its multiplet, `place` where it lies in the split, -1/2 to 1/2.
    """

    ratio: float
    t60_s: float
    gain: float
    order: int
    lobe: float
    rise: float
    centre: float
    place: float


@dataclass(frozen=True)
class Partial:
    """One multiplet: `members` modes spread over `split_percent` of its frequency, `ratio` times f0.

    `members` is 1 (rotationally symmetric, order 0), 2 (a rim doublet of `order`) or 2l+1 (a sphere's degree
    l, orders 0 to l, `order` unused). `gain` is that of the whole multiplet, for a contact and an ear at one
    place on the equator; `t60_factor` scales its decay time.
    """

    ratio: float
    members: int
    order: int
    split_percent: float
    gain: float = 1.0
    t60_factor: float = 1.0

    @property
    def width(self) -> float:
        """The split, as a difference of ratios."""
        return self.ratio * self.split_percent / 100.0

    def split_members(self) -> list[tuple[float, int, float]]:
        """(place in the split, order, lobe) of every member, the most symmetric first."""
        if self.members == 1:
            return [(0.0, 0, COSINE_LOBE)]
        if self.members == 2:
            return [(-0.5, self.order, COSINE_LOBE), (0.5, self.order, SINE_LOBE)]
        degree = self.members // 2
        found = [(-ELLIPTIC_SHARE / 2, 0, COSINE_LOBE)]
        for order in range(1, degree + 1):
            # an oblong sphere parts the levels as m^2 (rotational ellipsoid), a dent then parts +m from -m
            level = ELLIPTIC_SHARE * ((order / degree) ** 2 - 0.5)
            apart = (1 - ELLIPTIC_SHARE) / 2
            found += [(level - apart, order, COSINE_LOBE), (level + apart, order, SINE_LOBE)]
        return found

    @property
    def member_gain(self) -> float:
        """Gain of one member: the multiplet's, shared among its orders, each of which couples fully."""
        return self.gain / (self.members // 2 + 1) if self.members > 2 else self.gain


@dataclass(frozen=True)
class WineGlass:
    """The doublets of a wine glass, from one shape knob: its radius / height R/H.

    French, "In vino veritas: a study of wineglass acoustics", Am. J. Phys. 51 (1983), gives the lowest mode
    of a cylinder open at the top; the same energies with n waves round the rim instead of 2 give

        f_n ~ sqrt{ [(n^2 - 1)^2 + b (R/H)^4] / (1 + 1/n^2) },   b = 12

    where b is the bending of the wall along its height. A larger b (`WALL_BENDING`) gives the families with
    one and two nodal circles below the rim. Ratios are relative to n = 2 without a circle. A slender glass
    (R/H small) is 1 : 2.83 : 5.42 like a free ring, a wide one (R/H = 1) 1 : 2.02 : 3.64.
    """

    shape: float  # the knob where a sphere does not say
    split_percent: tuple[float, ...]  # of the doublets in order of frequency, over and over
    gain_db_per_octave: float
    gain_db_per_circle: float

    def partials(self, shape: float, highest_ratio: float) -> list[Partial]:
        """Every doublet up to a ratio, in order of frequency."""
        found = []
        for circles, bending in enumerate(WALL_BENDING):
            order = LOWEST_RIM_ORDER
            while (ratio := self.ratio(order, shape, bending)) <= highest_ratio:
                level_db = self.gain_db_per_octave * math.log2(ratio) + self.gain_db_per_circle * circles
                found.append((ratio, order, db_to_gain(level_db)))
                order += 1
        splits = self.split_percent
        return [
            Partial(ratio, 2, order, splits[rank % len(splits)], gain)
            for rank, (ratio, order, gain) in enumerate(sorted(found))
        ]

    @staticmethod
    def ratio(order: int, shape: float, bending: float = WALL_BENDING[0]) -> float:
        """Frequency of a doublet relative to the glass's lowest."""

        def squared(n: int, b: float) -> float:
            return ((n * n - 1) ** 2 + b * shape**4) / (1 + 1 / (n * n))

        return math.sqrt(squared(order, bending) / squared(LOWEST_RIM_ORDER, WALL_BENDING[0]))
