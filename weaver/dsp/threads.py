"""Threads: two spheres bound together pass energy to and fro.

A thread carries energy, not phase. Spheres of a set are tuned apart, and a linear spring between two resonances
that do not coincide would carry next to nothing; so mode by mode, in order of pitch, energy flows from the fuller
to the emptier sphere at a rate proportional to the difference, each keeping its own phase. No energy is made:
whatever the strength, the pair stays as stable as its spheres.
"""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.jit import kernel
from weaver.dsp.sizes import CELL, THREADS
from weaver.dsp.spheres import wake

RATE_PER_S = 6.0
"""Share of the difference that flows per second at full strength: half of it has passed after 60 ms."""
WAKING = 1e-9
"""Energy in one of a pair that wakes the other."""


@kernel
def refill(bank, s, k, energy, own, other):
    """Give mode `k` of sphere `s` an energy: in its own phase, or the other's if nothing rings there yet.

    `own` and `other` are (re, im, energy) as they were before anything flowed.
    """
    re, im, there = own if own[2] > 0.0 else other
    gain = np.float32(math.sqrt(max(energy, 0.0) / there)) if there > 0.0 else np.float32(0.0)
    bank.re[s, k] = re * gain
    bank.im[s, k] = im * gain


@kernel
def flow(state, first, second, share):
    """Pass a share of the difference in energy between the modes of a pair."""
    bank, definition = state.bank, state.definitions[state.playing]
    for k in range(min(definition.modes[first], definition.modes[second])):
        a_re, a_im, b_re, b_im = bank.re[first, k], bank.im[first, k], bank.re[second, k], bank.im[second, k]
        a = a_re, a_im, a_re * a_re + a_im * a_im
        b = b_re, b_im, b_re * b_re + b_im * b_im
        passed = share * (a[2] - b[2])
        refill(bank, first, k, a[2] - passed, a, b)
        refill(bank, second, k, b[2] + passed, b, a)


@kernel
def pass_energy(state):
    """At a grid point: let energy flow along every thread."""
    thread, sphere = state.thread, state.sphere
    share_of_rate = 0.5 * (1.0 - math.exp(-2.0 * RATE_PER_S * CELL / state.sample_rate))
    for index in range(THREADS):
        if thread.strength[index] > 0.0:
            first, second = np.int64(thread.first[index]), np.int64(thread.second[index])
            if max(sphere.energy[first], sphere.energy[second]) > WAKING:
                wake(state, first)
                wake(state, second)
                flow(state, first, second, thread.strength[index] * share_of_rate)
