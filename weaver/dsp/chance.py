"""Seeded chance: the only random numbers there are.

SplitMix64 (Steele, Lea & Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014): one word of state,
a fixed stride, a mixing of bits. Every sphere has a stream of its own, so that what one does changes no other.
"""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.jit import kernel

STRIDE = np.uint64(0x9E3779B97F4A7C15)
MIX_1, MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
TO_UNIT = np.float32(2.0**-24)
EVEN = 1e-9
"""Tilt over its whole range, in nepers, below which a power law's density is as good as even in octaves."""


@kernel
def mix(word):
    """The 64 well-stirred bits of one state of the generator."""
    word = (word ^ (word >> np.uint64(30))) * MIX_1
    word = (word ^ (word >> np.uint64(27))) * MIX_2
    return word ^ (word >> np.uint64(31))


@kernel
def draw(streams, index):
    """The next number of stream `index`: float32 in [0, 1). `streams` is uint64[n], moved on."""
    streams[index] += STRIDE
    return np.float32(mix(streams[index]) >> np.uint64(40)) * TO_UNIT


@kernel
def sow(streams, seed):
    """Give every stream its own start, from one seed."""
    for index in range(streams.shape[0]):
        streams[index] = mix(np.uint64(seed) + np.uint64(index + 1) * STRIDE)


@kernel
def between(streams, index, low, high):
    """A number drawn from `low` to `high`, all alike."""
    return low + (high - low) * draw(streams, index)


@kernel
def power_law(u, low, high, exponent):
    """The value in [low, high] at quantile `u` of a density that falls as value ** -exponent, both ends > 0.

    Its inverse distribution, [low^(1-a) + u (high^(1-a) - low^(1-a))]^(1/(1-a)); at exponent 1, where all octaves
    are alike, its limit low (high / low)^u.
    """
    octaves = math.log(high / low)
    tilt = (1.0 - exponent) * octaves
    if abs(tilt) < EVEN:
        return low * math.exp(u * octaves)
    return low * math.exp(math.log1p(u * math.expm1(tilt)) / (1.0 - exponent))
