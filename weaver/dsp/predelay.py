"""The room's pre-delay: what is sent there arrives a while later, as in a hall whose walls stand further back.

The room hears each cell one cell late, and its reflections are early by as much; this delay comes on top of what it has
anyhow. It is a part of the song's beat, or so many milliseconds. Where it changes, the old one fades to the new one. At
0 the bus goes by untouched, and nothing is kept. Memory: 1 MB, enough for half a second at 192 kHz.
"""

from __future__ import annotations

import numpy as np

from weaver.dsp.jit import kernel
from weaver.dsp.sizes import CELL, record
from weaver.model.parameters import PREDELAY_BEATS, PREDELAY_MS

LONGEST_S = 0.5
"""The most of `predelay_ms`, and of as many beats."""
RING = 131_072
"""Frames of memory at 192 kHz; lower rates use a part of it, to stay in cache."""
FADE_S = 0.02
CREEP_S = 0.001
"""A delay in beats stays where it is while it is no further off than this: a clock's tempo is never quite still."""

PREDELAY = record(
    ("frames", "i8"),  # the delay that is heard; 0 is none
    ("next", "i8"),  # the one that it fades to; the same, if it does not
    ("fade_from", "f4"),  # 0..1 of the way there, at the cell's start
    ("fade", "f4"),  # and at its end
    ("ring", "i8"),  # frames of memory in use, a power of two
    ("at", "i8"),  # frames kept since there was a delay
    ("memory", "f4", (2, RING)),
)


@kernel
def wanted_frames(state):
    """The delay that is asked for."""
    seconds, beats = state.target[PREDELAY_MS] / 1000.0, state.target[PREDELAY_BEATS]
    if beats > 0.0 and state.transport.bpm > 0.0:
        seconds = 60.0 * beats / state.transport.bpm
    return np.int64(min(seconds, LONGEST_S) * state.sample_rate + 0.5)


@kernel
def aim_delay(state):
    """Begin to fade to another delay, if that is asked for and no fade is on."""
    delay, wanted = state.predelay, wanted_frames(state)
    creep = np.int64(CREEP_S * state.sample_rate) if state.target[PREDELAY_BEATS] > 0.0 else np.int64(0)
    if delay.next != delay.frames or abs(wanted - delay.frames) <= creep:
        return
    delay.next, delay.fade = wanted, 0.0
    if delay.frames == 0:
        delay.at, delay.ring = 0, RING
        while delay.ring >= 2 * (LONGEST_S * state.sample_rate + CELL):
            delay.ring //= 2


@kernel
def heard_before(delay, channel, n, frames):
    """What was sent `frames` frames before frame `n` of this cell; silence, before anything was kept."""
    place = delay.at + n - frames
    return delay.memory[channel, place & (delay.ring - 1)] if place >= 0 else np.float32(0.0)


@kernel
def delay_bus(state):
    """In place of what was sent in the last cell, what the room shall hear of it, and of those before."""
    delay, bus = state.predelay, state.bus
    aim_delay(state)
    if delay.frames == 0 and delay.next == 0:
        return
    fading = delay.next != delay.frames
    delay.fade_from = delay.fade
    if fading:
        delay.fade = min(np.float32(1.0), delay.fade + np.float32(CELL / (FADE_S * state.sample_rate)))
    change = delay.fade - delay.fade_from
    for channel in range(2):
        for n in range(CELL):
            delay.memory[channel, (delay.at + n) & (delay.ring - 1)] = bus[channel, n]
        for n in range(CELL):
            late = heard_before(delay, channel, n, delay.frames)
            if fading:
                share = delay.fade_from + change * np.float32(n) / np.float32(CELL)
                late += share * (heard_before(delay, channel, n, delay.next) - late)
            bus[channel, n] = late
    delay.at += CELL
    if fading and delay.fade >= 1.0:
        delay.frames = delay.next
