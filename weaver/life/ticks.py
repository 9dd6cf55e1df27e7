"""MIDI's clock, heard: 24 ticks a quarter note, smoothed by a delay-locked loop; start, stop, continue, song position.

The loop is second order (F. Adriaensen, "Using a DLL to filter time", 2005): `due` is when the next tick is expected,
`period` how many frames lie between two. It is quick while it learns a tempo and slow once it knows it, the slower the
more ticks wander. A tick that comes far off its time is counted but not believed; several in a row are a new tempo.

Ticks of one port count, that of the first, until it has been silent for half a second. Where two clocks are merged into
one port, those that come soon after another and far from their due are the other's, and are left out. Those that
wait for a period to begin are smoothed in another way (`coarse_ticks`).
"""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.jit import kernel
from weaver.dsp.sizes import record
from weaver.life.coarse_ticks import COARSEST, coarse_frames, follow_coarse, learn_coarse
from weaver.life.tempi import FASTEST_BPM, TICKS, in_range, tick_frames

TICKS_PER_SIXTEENTH = 6
"""Song position counts sixteenths."""
LOST_S = 0.5
"""A clock that is silent for so long is gone."""
ACQUIRING_HZ, LOCKED_HZ, WANDERING_HZ = 2.0, 0.5, 0.25
"""Bandwidth of the loop: while it learns, when it knows, and when it knows of a clock that wanders."""
ACQUIRED_TICKS = 24
"""From here on the loop knows."""
WANDERING_S = 0.002
"""Mean distance between a tick and its due, from which a clock wanders."""
ASTRAY_S, ASTRAY_JITTERS, ASTRAY_TICKS = 0.010, 4.0, 3
"""So many ticks in a row, each further off to the same side than this, and than so many times what ticks are off in the
mean, are a new tempo. Of one that wanders, ticks are off to both sides."""
OUTLIER = 0.5
"""Of a period: one tick that is further off is not believed."""
EARLY, OFF_DUE = 0.55, 0.3
"""Of a period: a tick that follows another closer than this, and is further off its due than that, is another's."""
DOUBLED_TICKS = 12
"""So many such ticks, each halfway, are one clock of twice the tempo after all."""
HALFWAY = 0.1
"""Of a period: this near to its middle is halfway."""
SURE_TICKS = 3
"""Ticks from which a tempo is believed: a master that is silent while it stands gives no more notice than that."""
JITTER_TICKS = 24.0
"""Over so many ticks the distance from their due is averaged."""
OVERDUE_TICKS = 1.5
"""So far beyond the last tick time goes by without the next: a late one is no stop."""

CLOCK_IN = record(
    ("port", "i4"),
    ("ticks", "i8"),  # since it was last silent
    ("latest_frame", "i8"),  # of the last tick
    ("last", "f8"),  # the same, filtered, in frames
    ("due", "f8"),  # when the next one is expected
    ("period", "f8"),  # frames between two; 0 until there were two
    ("learnt", "i8"),  # ticks since the loop began to learn a tempo
    ("astray", "i4"),  # ticks in a row that were far off, late or, below 0, early,
    ("astray_from", "i8"),  # and the frame of the one before them
    ("halves", "i4"),  # ticks of which each came halfway, between two others
    ("was_half", "i4"),  # 1: the latest was such a one
    ("learnt_frame", "f8"),  # when it began to
    ("gap", "i8"),  # frames between the two ticks before the latest
    ("coarse", "i8"),  # frames of the periods at whose beginnings ticks come; 0: they come at any frame
    ("jitter", "f8"),  # frames: how far ticks are from their due in the mean
    ("count", "i8"),  # ticks that go by, rolling or not; while it rolls, the place in the song
    ("song", "i8"),  # where the song stands when it does not roll, in ticks
    ("rolling", "i4"),
    ("starting", "i4"),  # 1: the next tick begins it
    ("outliers", "i8"),  # ticks that were not believed,
    ("strangers", "i8"),  # of another port, or much too early,
    ("misplaced", "i8"),  # and song positions that came while it rolled
)


@kernel
def has_clock(state):
    """Whether a clock ticks."""
    clock = state.transport.clock
    return clock.ticks > 0 and state.frame - clock.latest_frame <= LOST_S * state.sample_rate


@kernel
def is_sure(state):
    """Whether a clock ticks, and its tempo is known."""
    return state.transport.clock.ticks >= SURE_TICKS and has_clock(state)


@kernel
def clock_bpm(state):
    """The tempo of the clock that ticks."""
    return 60.0 * state.sample_rate / (state.transport.clock.period * TICKS)


@kernel
def learn_tempo(state, interval):
    """The loop begins anew at the tick that has just come, for ticks that lie so many frames apart."""
    clock = state.transport.clock
    clock.period = in_range(state, float(interval))
    clock.last = float(state.frame)
    clock.due = clock.last + clock.period
    clock.learnt = 1
    clock.learnt_frame = state.frame - clock.period
    clock.astray = clock.halves = clock.was_half = 0


@kernel
def is_strange(state, port, interval):
    """Whether a tick is another clock's."""
    clock = state.transport.clock
    if port != clock.port:
        return True
    if clock.ticks < 2:
        return interval < 0.5 * tick_frames(state, FASTEST_BPM)  # a storm
    if clock.coarse > 0 and interval % clock.coarse == 0:
        return clock.due - state.frame > COARSEST * clock.coarse + clock.period
    if interval >= EARLY * clock.period or abs(state.frame - clock.due) <= OFF_DUE * clock.period:
        if not clock.was_half:
            clock.halves = 0
        clock.was_half = 0
        return False
    is_half = abs(interval / clock.period - 0.5) < HALFWAY
    clock.halves = clock.halves + 1 if is_half else 0
    clock.was_half = is_half
    return clock.halves < DOUBLED_TICKS


@kernel
def count_astray(state, off):
    """Note whether a tick, so many frames off its due, is astray as the one before it was."""
    clock = state.transport.clock
    limit = OUTLIER * clock.period + clock.coarse
    if clock.coarse == 0:
        limit = min(limit, max(ASTRAY_S * state.sample_rate, ASTRAY_JITTERS * clock.jitter))
    side = 1 if off > 0.0 else -1
    if abs(off) <= limit:
        clock.astray = 0
    elif clock.astray * side > 0:
        clock.astray += side
    else:
        clock.astray = side
        clock.astray_from = clock.latest_frame


@kernel
def follow_tick(state):
    """Move the loop on to a tick that is this clock's, at the frame the clock is on."""
    clock = state.transport.clock
    off = state.frame - clock.due
    count_astray(state, off)
    if abs(clock.astray) >= ASTRAY_TICKS and state.frame > clock.astray_from:
        learn_tempo(state, (state.frame - clock.astray_from) / abs(clock.astray))
        return
    if clock.coarse > 0:
        follow_coarse(state)
        return
    clock.last = clock.due
    clock.learnt += 1
    if abs(off) > OUTLIER * clock.period and abs(clock.astray) < 2:
        clock.outliers += 1
        clock.due += clock.period
        return
    clock.jitter += (abs(off) - clock.jitter) / JITTER_TICKS
    bandwidth_hz = LOCKED_HZ if clock.jitter < WANDERING_S * state.sample_rate else WANDERING_HZ
    if clock.learnt <= ACQUIRED_TICKS:
        bandwidth_hz = ACQUIRING_HZ
    omega = 2.0 * math.pi * bandwidth_hz * clock.period / state.sample_rate
    clock.due += math.sqrt(2.0) * omega * off + clock.period
    clock.period = in_range(state, clock.period + omega * omega * off)


@kernel
def tick(state, port):
    """A tick, at the frame the clock is on."""
    clock = state.transport.clock
    if not has_clock(state):
        forget_clock(clock)
        clock.port = port
    interval = state.frame - clock.latest_frame
    if clock.starting and port == clock.port:  # many a master begins its grid anew when it starts
        clock.due = float(state.frame)
        clock.ticks = clock.ticks if clock.period > 0.0 else 0
    coarse = coarse_frames(clock, interval) if clock.coarse == 0 and port == clock.port else np.int64(0)
    if clock.ticks > 0 and coarse == 0 and is_strange(state, port, interval):
        clock.strangers += 1
        return
    if clock.ticks == 0:
        clock.last = float(state.frame)
    elif clock.ticks == 1 or clock.halves >= DOUBLED_TICKS:
        learn_tempo(state, interval)
    elif coarse > 0:
        learn_coarse(state, interval, coarse)
    else:
        follow_tick(state)
    clock.gap = interval
    clock.latest_frame = state.frame
    clock.ticks += 1
    clock.count += 1
    if clock.starting:
        clock.starting = 0
        clock.rolling = 1
        clock.count = clock.song
    elif clock.rolling:
        clock.song = clock.count


@kernel
def forget_clock(clock):
    """The clock has been silent: one that comes is a new one. The song stands where it stood, and may yet start."""
    clock.ticks = clock.learnt = 0
    clock.count = -1  # the first tick is a beat's
    clock.period = clock.due = clock.last = clock.jitter = 0.0
    clock.gap = clock.coarse = 0
    clock.astray = clock.halves = clock.was_half = clock.rolling = 0


@kernel
def is_heeded(state, port):
    """Whether what a port says of the song counts: a clock that ticks keeps others out."""
    if has_clock(state) and port != state.transport.clock.port:
        state.transport.clock.strangers += 1
        return False
    return True


@kernel
def start(state, port):
    """MIDI's Start: the next tick is the song's first."""
    clock = state.transport.clock
    if is_heeded(state, port):
        clock.song = 0
        clock.starting = 1
        clock.rolling = 0


@kernel
def resume(state, port):
    """MIDI's Continue: the next tick is where the song stands."""
    clock = state.transport.clock
    if is_heeded(state, port) and not clock.rolling:
        clock.starting = 1


@kernel
def stop(state, port):
    """MIDI's Stop: the song stands, at its next tick."""
    clock = state.transport.clock
    if is_heeded(state, port):
        if clock.rolling:
            clock.song = clock.count + 1
        clock.rolling = clock.starting = 0


@kernel
def locate(state, port, sixteenths):
    """MIDI's song position; one that comes while the song rolls is ignored, as the standard has it."""
    clock = state.transport.clock
    if not is_heeded(state, port):
        return
    if clock.rolling:
        clock.misplaced += 1
    else:
        clock.song = np.int64(sixteenths) * TICKS_PER_SIXTEENTH


@kernel
def ticks_gone(state):
    """Ticks that have gone by at the frame the clock is on, with the part of the next one."""
    clock = state.transport.clock
    if clock.period <= 0.0:
        return float(clock.count)
    return clock.count + min(max((state.frame - clock.last) / clock.period, 0.0), OVERDUE_TICKS)
