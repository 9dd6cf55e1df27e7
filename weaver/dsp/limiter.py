"""The last stage: nothing leaves above -0.3 dBFS, and no sound is delayed for it.

A limiter that looks ahead by delaying would cost every note its delay. This one looks ahead by knowing what is
coming: a strike promises the peak it will cause at the frame it lands, before the mallet has given its energy away,
and every grid point announces the exact peak of all that rings freely in the coming cell. The gain glides there in
time. A promise is forgotten as it is kept. What was not foreseen meets the guard, which is immediate.
"""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.jit import kernel
from weaver.dsp.sizes import record

CEILING = np.float32(10 ** (-0.3 / 20))
ATTACK_S, HOLD_S, RELEASE_S = 0.0004, 0.03, 0.18
"""The gain falls within a hard mallet's contact, waits for a low note's half-period, and returns unheard."""
TINY = np.float32(1e-15)
PROMISE_S = 0.004
"""A strike has shown its peak after a few milliseconds; until then its promise counts on top of what sounds."""
DC_HZ = 4.0
"""Corner of the high-pass that takes away what a finger pressing one way leaves behind."""

LIMITER = record(
    ("attack", "f4"),  # per frame, towards a lower gain
    ("release", "f4"),  # per frame, what is left of the foreseen peak
    ("hold_frames", "i4"),
    ("leak", "f4"),  # of the DC block, per frame
    ("gain", "f4"),
    ("foreseen", "f4"),  # the peak that is reckoned with
    ("promised", "f4"),  # what strikes will add to it
    ("forget", "f4"),  # per frame, what is left of a promise
    ("hold", "i4"),  # frames until `foreseen` may fall
    ("least", "f4"),  # lowest gain since the last snapshot
    ("input", "f4", (2,)),  # of the DC block, one frame ago
    ("output", "f4", (2,)),
)


@kernel
def prepare_limiter(limiter, sample_rate):
    """Set the time constants for a sample rate in Hz, and forget."""
    limiter.attack = 1.0 - math.exp(-1.0 / (ATTACK_S * sample_rate))
    limiter.release = math.exp(-1.0 / (RELEASE_S * sample_rate))
    limiter.hold_frames = np.int32(HOLD_S * sample_rate)
    limiter.leak = 1.0 - 2.0 * math.pi * DC_HZ / sample_rate
    limiter.gain = limiter.least = 1.0
    limiter.foreseen = limiter.promised = 0.0
    limiter.forget = math.exp(-1.0 / (PROMISE_S * sample_rate))
    limiter.hold = 0
    for side in range(2):
        limiter.input[side] = limiter.output[side] = 0.0


@kernel
def announce(limiter, peak):
    """Say that the sound will reach `peak` (linear) shortly."""
    if peak >= limiter.foreseen:
        limiter.foreseen = peak
        limiter.hold = limiter.hold_frames


@kernel
def promise(limiter, peak):
    """Say that a strike, landing now, will add `peak` (linear) to the sound."""
    limiter.promised += peak


@kernel
def block_dc(limiter, side, value):
    """One frame of one side through a first-order high-pass."""
    result = value - limiter.input[side] + limiter.leak * limiter.output[side]
    if abs(result) < TINY:  # what is left of silence is silence, and not a denormal
        result = np.float32(0.0)
    limiter.input[side] = value
    limiter.output[side] = result
    return result


@kernel
def limit(limiter, left, right):
    """One frame: the gain to multiply both sides with, so that neither passes the ceiling."""
    peak = max(abs(left), abs(right))
    announce(limiter, peak)
    if limiter.hold > 0:
        limiter.hold -= 1
    else:
        limiter.foreseen *= limiter.release
    limiter.promised *= limiter.forget
    if limiter.promised < TINY:
        limiter.promised = np.float32(0.0)
    wanted = CEILING / max(limiter.foreseen + limiter.promised, CEILING)
    if wanted < limiter.gain:
        limiter.gain += (wanted - limiter.gain) * limiter.attack
    else:
        limiter.gain = wanted
    if peak * limiter.gain > CEILING:
        limiter.gain = CEILING / peak
    limiter.least = min(limiter.least, limiter.gain)
    return limiter.gain


@kernel
def clip(value):
    """The guard's last word: rounding may not pass the ceiling, and what is not a number is silence."""
    if not abs(value) <= np.float32(1e9):
        return np.float32(0.0)
    return min(max(value, -CEILING), CEILING)
