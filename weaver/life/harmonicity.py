"""Harmonicity: how nearly everything that sounds is harmonics of one root.

The root is sought as the ear seeks a virtual pitch (Terhardt, JASA 55, 1061, 1974): each of the strongest partials
may be one of the first harmonics of it, and the root is right that explains most. With twelve partials, six
harmonics and 24 places in the series its order of the twelve dyads is nearly that of listeners (Spearman 0.99 with
the ratings of Bowling, Purves & Gill, PNAS 115, 2018).
"""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.jit import kernel
from weaver.dsp.sizes import record

STRONGEST = 12
"""Partials that take part."""
CANDIDATES = 6
"""A root may lie as many times below a partial."""
LAST_HARMONIC = 24
"""Higher harmonics lie closer together than the ear's tolerance, so that anything would fit."""
TOLERANCE_CENTS = 20.0
"""Standard deviation of what passes for in tune."""
OUTSIDE = 5.0
"""In those: beyond, nothing passes."""
CENTS = 1200.0 / math.log(2.0)
"""Cents of a small relative difference."""

SERIES = record(
    ("count", "i4"),  # partials that take part in this round
    ("turn", "i4"),  # whose turn it is to name candidates
    ("weakest", "i4"),  # place of the least level
    ("hz", "f4", (STRONGEST,)),
    ("level", "f4", (STRONGEST,)),
    ("best", "f4"),  # so far in this round: what the best root explains
    ("best_hz", "f4"),
    ("found", "f4"),  # of the round before: harmonicity, 0..1
    ("root_hz", "f4"),  # and its root; 0: there is none
)


@kernel
def forget_series(series):
    """Nothing sounds."""
    series.count = series.turn = 0
    series.root_hz = 0.0
    series.found = 1.0


@kernel
def match(ratio):
    """How well something `ratio` times as high as a root passes for a harmonic of it, 0..1."""
    harmonic = math.floor(ratio + 0.5)
    if harmonic < 1.0 or harmonic > LAST_HARMONIC:
        return 0.0
    off = CENTS / TOLERANCE_CENTS * (ratio / harmonic - 1.0)
    if abs(off) > OUTSIDE:
        return 0.0
    return math.exp(-0.5 * off * off)


@kernel
def seek_root(harmony, loudness):
    """A cell's share: let one partial name its candidates; when all have had their turn, begin a new round."""
    series = harmony.series
    if series.turn < series.count:
        for harmonic in range(1, CANDIDATES + 1):
            root_hz = series.hz[series.turn] / harmonic
            explained = 0.0
            for k in range(series.count):
                explained += series.level[k] * match(series.hz[k] / root_hz)
            if explained > series.best:
                series.best = explained
                series.best_hz = root_hz
        series.turn += 1
        return
    end_round(series)
    for place in range(harmony.count):
        s = harmony.sounding[place]
        offer(series, harmony.hz[s], harmony.tonal[s], harmony.partials[s], loudness[s])


@kernel
def end_round(series):
    """Keep what was found, and clear the table."""
    if series.count == 0:
        forget_series(series)
        return
    whole = 0.0
    for k in range(series.count):
        whole += series.level[k]
    series.found = min(series.best / whole, 1.0)
    series.root_hz = series.best_hz
    series.count = series.turn = 0
    series.best = 0.0


@kernel
def offer(series, hz, tonal, count, loudness):
    """Let the partials of a sphere take part if they are among the strongest of all."""
    for k in range(count):
        level = np.float32(tonal[k] * loudness)
        if level <= 0.0:
            continue
        place = series.count
        if place == STRONGEST:
            place = series.weakest
            if level <= series.level[place]:
                continue
        else:
            series.count += 1
        series.hz[place] = hz[k]
        series.level[place] = level
        if series.count == STRONGEST:
            series.weakest = weakest(series.level)


@kernel
def weakest(level):
    """Place of the least of float32[STRONGEST]."""
    found = 0
    for place in range(1, STRONGEST):
        if level[place] < level[found]:
            found = place
    return found


@kernel
def belonging(harmony, s):
    """How well sphere `s` belongs to the root that was found, 0..1; 1 if there is none."""
    root_hz = harmony.series.root_hz
    if root_hz <= 0.0:
        return 1.0
    whole = explained = 0.0
    for k in range(harmony.partials[s]):
        whole += harmony.tonal[s, k]
        explained += harmony.tonal[s, k] * match(harmony.hz[s, k] / root_hz)
    return explained / whole if whole > 0.0 else 1.0
