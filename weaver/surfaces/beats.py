"""Beats as the eye has them: where in one it is, and whether one has just begun. For all surfaces alike."""

from __future__ import annotations

import math

BEATS_PER_BAR = 4
"""Nobody tells us the metre: bars are counted as most music has them."""
QUANTISES = {0: "off", 1: "beat", 2: "1/2", 4: "1/4"}
"""Parts of a beat that strikes may be made to wait for, as keys and buttons offer them, and what those say."""
NEARLY = 1e-6
"""Of a beat: what is summed up cell by cell may be a hair's breadth before the beat it is on."""
ON_BEAT = 0.3
"""Of a beat, from its beginning, that a lamp is lit."""


def whole_beats(beat: float) -> int:
    """The quarter note that a beat lies in, from 0."""
    return math.floor(beat + NEARLY)


def since_beat(pulse: float) -> float:
    """How much of a beat has gone by since one began, 0 to 1."""
    return max(pulse - whole_beats(pulse), 0.0)


def is_on_beat(pulse: float) -> bool:
    """Whether a beat has just begun."""
    return since_beat(pulse) < ON_BEAT


def bar_and_beat(beat: float) -> str:
    """Bar and beat, both counted from 1: "3.2" after nine quarter notes; "0.4" is the last one before the song."""
    bar, rest = divmod(whole_beats(beat), BEATS_PER_BAR)
    return f"{bar + 1}.{rest + 1}"
