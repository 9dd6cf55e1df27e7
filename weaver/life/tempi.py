"""Tempi of MIDI's clock, as frames between two ticks."""

from __future__ import annotations

from weaver.dsp.jit import kernel

TICKS = 24
"""In a quarter note (MIDI 1.0)."""
SLOWEST_BPM, FASTEST_BPM = 20.0, 400.0
"""Tempi that are believed."""


@kernel
def tick_frames(state, bpm):
    """Frames between two ticks of a tempo."""
    return 60.0 * state.sample_rate / (bpm * TICKS)


@kernel
def in_range(state, period):
    """Frames between two ticks, as a tempo that is believed has them."""
    return min(max(period, tick_frames(state, FASTEST_BPM)), tick_frames(state, SLOWEST_BPM))
