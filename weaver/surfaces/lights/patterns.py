"""How a light tells a sphere's health without a colour: by the rate and pattern of its pulse, on the sound's clock."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from weaver.model.law import STATES


@dataclass(frozen=True, slots=True)
class Pattern:
    """Brightness over one period: steps of equal length, 0 to 1, or a swell between `levels[0]` and `levels[1]`. One
    that flickers is dimmed by the sphere's flicker besides."""

    period_s: float
    levels: tuple[float, ...]
    swells: bool = False
    flickers: bool = False


PATTERNS: dict[str, Pattern] = {
    "whole": Pattern(1.0, (1.0,)),  # steady
    "flickering": Pattern(2.0, (0.0,) + (1.0,) * 19, flickers=True),  # as it sounds; a wink in a quiet moment
    "fractured": Pattern(1.0, (1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0)),  # blinks twice, and a pause
    "failing": Pattern(1.0 / 4.5, (1.0, 0.0)),  # a fast pulse
    "shattered": Pattern(1.0, (0.0,)),  # dark
    "reforming": Pattern(2.5, (0.05, 0.65), swells=True),  # a slow swell
}
"""One for each of model.law.STATES."""

MISMATCH_HZ = 2.0
"""How often a light changes between where a knob is and where what it turns is, until they meet."""

_FLICKERS = np.array([PATTERNS[state].flickers for state in STATES])


def levels_at(now_s: float) -> NDArray[np.float32]:
    """float32[state]: how bright each of model.law.STATES is at a time."""
    return np.array([level_at(PATTERNS[state], now_s) for state in STATES], np.float32)


def level_at(pattern: Pattern, now_s: float) -> float:
    """How bright a pattern is at a time, but for what flickers."""
    phase = now_s / pattern.period_s % 1.0
    if pattern.swells:
        low, high = pattern.levels
        return low + (high - low) * (0.5 - 0.5 * math.cos(2.0 * math.pi * phase))
    return pattern.levels[min(int(phase * len(pattern.levels)), len(pattern.levels) - 1)]


def pulse(state: NDArray[np.int32], flicker: NDArray[np.float32], now_s: float) -> NDArray[np.float32]:
    """float32[sphere]: the brightness that tells each sphere's health."""
    return levels_at(now_s)[state] * np.where(_FLICKERS[state], flicker, np.float32(1.0))


def is_at_hardware(now_s: float) -> bool:
    """Whether a light that tells of a mismatch now shows the knob, rather than what it turns."""
    return now_s * MISMATCH_HZ % 1.0 >= 0.5
