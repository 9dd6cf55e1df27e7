"""Seeded chance: the only random numbers there are.

SplitMix64 (Steele, Lea & Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014): one word of state,
a fixed stride, a mixing of bits. Every sphere has a stream of its own, so that what one does changes no other.
"""

from __future__ import annotations

import numpy as np

from weaver.dsp.jit import kernel

STRIDE = np.uint64(0x9E3779B97F4A7C15)
MIX_1, MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
TO_UNIT = np.float32(2.0**-24)


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
