"""The performer's heart: a beat that surfaces show, and that whatever keeps time may follow.

It follows the first of these that there is:

    parameter   `heart_bpm` above 0; its phase runs free
    taps        two or more, each within 2.5 s of the one before: the mean of the last four intervals; beats fall on
                taps. One that is far off begins a new tempo, one too soon after another is a bounce. Forgotten five
                minutes after the last tap, and when a clock starts, which is the later wish
    time        the song's, where it is followed or rolls (`transport`)
    mood        the audience's arousal

Whatever changes, the tempo glides there and the phase never jumps: to meet a tap or a song it hurries or tarries.
"""

from __future__ import annotations

import math

from weaver.dsp.jit import kernel
from weaver.dsp.sizes import CELL, record
from weaver.life.transport import OWN
from weaver.model.parameters import HEART_BPM

PARAMETER, TAPS, TIME, MOOD = range(4)
"""What the heart may follow."""
SLOWEST_BPM, FASTEST_BPM = 20.0, 300.0
CALM_BPM, EXCITED_BPM = 52.0, 132.0
"""The heart of a performer before an audience of arousal 0 and 1."""
GLIDE_S = 0.4
"""Time constant of the tempo."""
ALIGN_BEATS, HURRY = 1.0, 0.3
"""The phase draws near within about a beat, at most so much faster or slower than the tempo."""
BOUNCE_S, PAUSE_S = 0.15, 2.5
"""Between two taps of a tempo lies more than the one and at most the other."""
NEW_TEMPO = 0.4
"""An interval that is off the mean by this share begins a new tempo."""
INTERVALS = 4
FORGET_S = 300.0

HEART = record(
    ("bpm", "f8"),
    ("phase", "f8"),  # 0..1 of a beat, at this cell's end
    ("beats", "i8"),  # so far
    ("source", "i4"),  # PARAMETER...
    ("tapped", "i4"),  # 1: there has been a tap,
    ("tap_frame", "i8"),  # the last one then
    ("tap_count", "i4"),  # intervals of this tempo so far
    ("tap_intervals", "f8", (INTERVALS,)),  # frames, the last ones
    ("tap_beat", "f8"),  # frames of a beat by taps, 0 none
)


@kernel
def prepare_heart(state):
    """Before the first frame."""
    state.heart.bpm = CALM_BPM


@kernel
def mean_interval(heart):
    """Mean of the taps' last intervals, in frames."""
    count = min(heart.tap_count, INTERVALS)
    total = 0.0
    for index in range(count):
        total += heart.tap_intervals[index]
    return total / max(count, 1)


@kernel
def tap(state):
    """A tap, at the frame the clock is on."""
    heart = state.heart
    interval = state.frame - heart.tap_frame
    if heart.tapped and interval < BOUNCE_S * state.sample_rate:
        return
    if not heart.tapped or interval > PAUSE_S * state.sample_rate:
        heart.tap_count = 0
        if interval > FORGET_S * state.sample_rate:
            heart.tap_beat = 0.0
    else:
        if abs(interval - mean_interval(heart)) > NEW_TEMPO * mean_interval(heart):
            heart.tap_count = 0
        heart.tap_intervals[heart.tap_count % INTERVALS] = interval
        heart.tap_count += 1
        heart.tap_beat = mean_interval(heart)
    heart.tapped = 1
    heart.tap_frame = state.frame


@kernel
def guide(state):
    """What the heart follows: which source, its tempo in bpm, and frames since a beat of its; negative: no beat."""
    heart, per_minute = state.heart, 60.0 * state.sample_rate
    if state.parameter[HEART_BPM] > 0.0:
        return PARAMETER, float(state.parameter[HEART_BPM]), -1.0
    since_tap = state.frame - heart.tap_frame
    if heart.tap_beat > 0.0 and since_tap < FORGET_S * state.sample_rate:
        return TAPS, per_minute / heart.tap_beat, float(since_tap)
    transport = state.transport
    if transport.source != OWN or transport.rolling:
        since = transport.pulse - math.floor(transport.pulse)
        return TIME, transport.bpm, since * per_minute / transport.bpm
    return MOOD, CALM_BPM + (EXCITED_BPM - CALM_BPM) * state.mood.arousal, -1.0


@kernel
def heart(state):
    """At a grid point: move the beat on to the cell's end."""
    heart, cell_s = state.heart, CELL / state.sample_rate
    source, wanted_bpm, since_beat = guide(state)
    wanted_bpm = min(max(wanted_bpm, SLOWEST_BPM), FASTEST_BPM)
    heart.source = source
    heart.bpm += (wanted_bpm - heart.bpm) * (1.0 - math.exp(-cell_s / GLIDE_S))
    step = heart.bpm / 60.0 * cell_s
    if since_beat >= 0.0:
        early = heart.phase - since_beat / state.sample_rate * wanted_bpm / 60.0
        early -= math.floor(early + 0.5)
        step *= 1.0 - min(max(early / ALIGN_BEATS, -HURRY), HURRY)
    heart.phase += step
    if heart.phase >= 1.0:
        heart.phase -= 1.0
        heart.beats += 1
