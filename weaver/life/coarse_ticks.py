"""Ticks of MIDI's clock that wait for a period of JACK's to begin, several for one.

Programs that know no frames send so (RtMidi on JACK): intervals are whole periods then, and at 120 bpm with periods of
1024 frames 41 of them hold 42 ticks. Such a clock is told by two intervals that are a period apart, and its tempo is
the mean of many.
"""

from __future__ import annotations

import numpy as np

from weaver.dsp.jit import kernel
from weaver.life.tempi import in_range

LEAST_COARSE = 0.25
"""Of a period: what is finer is smoothed like any jitter."""
COARSE_TICKS, COARSE_GAIN = 192, 0.1
"""Of a coarse clock: over so many ticks its tempo is averaged, and so much of what a tick is off is believed."""
COARSEST = 2.0
"""Of the periods of a coarse clock: a tick that is sooner than this is another's, or a storm's."""


@kernel
def coarse_frames(clock, interval):
    """Frames of the periods of which this interval and the one before are whole numbers, one apart; 0 if they are not.
    A period is a power of two."""
    apart = abs(interval - clock.gap)
    if clock.learnt < 1 or apart < LEAST_COARSE * clock.period or apart & (apart - 1) != 0:
        return np.int64(0)
    return np.int64(apart if min(interval, clock.gap) % apart == 0 else 0)


@kernel
def learn_coarse(state, interval, coarse):
    """Ticks come at beginnings of periods: only many of them together tell a tempo. This one, when it is sooner than
    the one before, has waited least for its period, and else longest."""
    clock = state.transport.clock
    clock.coarse = coarse
    clock.learnt += 1
    clock.period = in_range(state, (state.frame - clock.learnt_frame) / clock.learnt)
    clock.last = state.frame + (0.5 if interval < clock.gap else -0.5) * coarse
    clock.due = clock.last + clock.period
    clock.astray = clock.halves = clock.was_half = 0


@kernel
def follow_coarse(state):
    """Move a coarse clock on to a tick: its tempo is the mean of many."""
    clock = state.transport.clock
    off = state.frame - clock.due
    clock.last = clock.due + COARSE_GAIN * off
    clock.learnt += 1
    if clock.learnt > COARSE_TICKS:
        clock.learnt_frame += clock.period
        clock.learnt = COARSE_TICKS
    clock.period = in_range(state, (clock.last - clock.learnt_frame) / clock.learnt)
    clock.due = clock.last + clock.period
