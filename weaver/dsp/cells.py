"""Arithmetic on one channel of one cell: float32[64] each, whole or in part, never across frames."""

from __future__ import annotations

import numpy as np
from numba import njit

from weaver.dsp.jit import ARITHMETIC, INNER, kernel
from weaver.dsp.sizes import CELL

RAMP = (np.arange(CELL) / CELL).astype(np.float32)


@kernel
def add(total, sound):
    """Add a cell."""
    for n in range(CELL):
        total[n] += sound[n]


@kernel
def add_part(total, sound, first, last):
    """Add frames `first` to `last` of a cell."""
    for n in range(first, last):
        total[n] += sound[n]


@kernel
def add_scaled(total, sound, gain):
    """Add a cell times a gain."""
    for n in range(CELL):
        total[n] += gain * sound[n]


@kernel
def cross(now, before):
    """Fade from `before` to `now` over the cell, in `now`."""
    for n in range(CELL):
        now[n] = before[n] + (now[n] - before[n]) * RAMP[n]


@kernel
def scale_along(out, sound, start, end, first, last):
    """Frames `first` to `last` of `sound` times a gain that goes from `start` to `end` over the cell."""
    for n in range(first, last):
        out[n] = sound[n] * (start + (end - start) * RAMP[n])


@njit(fastmath=ARITHMETIC | {"reassoc", "nnan"}, **INNER)
def peak_of(sound):
    """Largest absolute value of a cell; for meters and the limiter's foresight, so NaN need not survive it."""
    peak = np.float32(0.0)
    for n in range(CELL):
        peak = max(peak, abs(sound[n]))
    return peak
