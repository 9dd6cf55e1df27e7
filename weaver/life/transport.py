"""The song's time: whose tempo there is, whether it rolls, and where; all that keeps time asks here.

    own      the parameter `tempo_bpm`, started and stopped by the gestures roll and halt
    clock    MIDI's (`ticks`), once its tempo is known, until it falls silent
    jack     JACK's transport, where somebody there says a tempo
    link     Ableton Link's session

The parameter `sync` chooses one, or lets the nearest be taken. `beat` counts quarter notes of the song, and stands
while it does not roll; `pulse` counts those that go by, and is the same while it rolls. Both are those of the grid
point `frame`, and grow by `step` a frame until the next. What is followed is caught up with smoothly where it wavers;
where it jumps, so do they.
"""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.jit import kernel
from weaver.dsp.sizes import CELL, record
from weaver.life.tempi import FASTEST_BPM, SLOWEST_BPM, TICKS
from weaver.life.ticks import CLOCK_IN, clock_bpm, has_clock, is_sure, ticks_gone
from weaver.model.parameters import SYNC, SYNCS, TEMPO_BPM

AUTO, OWN, CLOCK, JACK, LINK = range(len(SYNCS))
"""Whose time is followed: places in SYNCS."""
GIVERS = 2
"""JACK and Link say by commands what their time is."""
FASTEST_GIVEN_BPM = 999.0
"""Tempi that are said, and not reckoned from ticks, are believed so far: as far as Link's go."""
JUMP_BEATS = 0.25
"""Further off than this, time has been moved: it is not caught up with."""
QUICKEST, SLOWEST = 2.0, 0.5
"""How fast the beat may go to catch up, beside the tempo."""
LEAD_S = 0.001
"""Between a start and the first beat, so that whoever hears of the start by MIDI is ready for it (facts of sequencers:
Start comes at least a millisecond before its tick)."""
NEARLY = 1e-7
"""Of a beat's part: less than a frame of any, and more than what summing up a beat cell by cell is off."""
SIXTEENTHS = 4.0
"""In a beat."""
NOTHING, TO_ROLL, TO_HALT = range(3)
"""What has been asked of our own time."""

GIVEN = record(
    ("frame", "i8"),  # when it was said
    ("bpm", "f8"),  # 0: there is none
    ("beat", "f8"),
    ("rolling", "i4"),
)

TRANSPORT = record(
    ("source", "i4"),  # OWN...
    ("rolling", "i4"),
    ("bpm", "f8"),
    ("frame", "i8"),  # the grid point of what follows
    ("beat", "f8"),  # quarter notes of the song
    ("pulse", "f8"),  # that go by, whether it rolls or not
    ("step", "f8"),  # how much they grow in a frame until the next grid point
    ("moved", "i4"),  # 1: at this grid point the song was started, or moved
    ("asked", "i4"),  # NOTHING...
    ("asked_beat", "f8"),
    ("starts", "i8"),  # how often the song was started,
    ("stops", "i8"),  # and stopped
    ("clock", CLOCK_IN),
    ("given", GIVEN, (GIVERS,)),
)


@kernel
def prepare_transport(state):
    """Before the first frame."""
    state.transport.source = OWN


@kernel
def ask_roll(state, beat):
    """Start our own time at a beat, or where it stands; from the next grid point on."""
    state.transport.asked = TO_ROLL
    state.transport.asked_beat = beat


@kernel
def ask_halt(state):
    """Stop our own time."""
    state.transport.asked = TO_HALT


@kernel
def give_time(state, giver, bpm, whole, rest, rolling):
    """JACK or Link says what time it has at this frame; a tempo of 0 is none."""
    given = state.transport.given[giver - JACK]
    given.frame = state.frame
    given.bpm = min(max(bpm, SLOWEST_BPM), FASTEST_GIVEN_BPM) if bpm > 0.0 else 0.0
    given.beat = float(whole) + float(rest)
    given.rolling = 1 if rolling != 0.0 else 0


@kernel
def choose_source(state):
    """Whose time it is."""
    wish = np.int64(state.target[SYNC] + 0.5)
    given = state.transport.given
    if wish == AUTO or wish == LINK:
        if given[LINK - JACK].bpm > 0.0:
            return LINK
    if (wish == AUTO or wish == CLOCK) and is_sure(state):
        return CLOCK
    if (wish == AUTO or wish == JACK) and given[0].bpm > 0.0:
        return JACK
    return OWN


@kernel
def set_source(state, source):
    """Follow another time. Where whoever led has gone, the song stands where it had come to."""
    transport = state.transport
    if source != transport.source:
        transport.source = source
        transport.asked = NOTHING
        if source == OWN and transport.rolling:
            transport.rolling = 0
            transport.stops += 1


@kernel
def keep_own(state):
    """A cell's length of our own time."""
    transport = state.transport
    transport.bpm = min(max(float(state.target[TEMPO_BPM]), SLOWEST_BPM), FASTEST_BPM)
    transport.step = transport.bpm / (60.0 * state.sample_rate)
    if transport.asked == TO_ROLL:
        if transport.asked_beat >= 0.0:
            transport.beat = transport.asked_beat
        elif transport.rolling:
            transport.asked = NOTHING
            return
        transport.beat = math.ceil(transport.beat * SIXTEENTHS - NEARLY) / SIXTEENTHS  # MIDI can say no place between
        transport.beat -= transport.step * math.ceil(LEAD_S * state.sample_rate)
        transport.pulse = transport.beat
        transport.moved = transport.rolling = 1
        transport.starts += 1
    elif transport.asked == TO_HALT and transport.rolling:
        transport.rolling = 0
        transport.stops += 1
    transport.asked = NOTHING


@kernel
def follow(state, wanted, pulse, rolling):
    """A cell's length of another's time: where it is now in song and beats, and whether it rolls."""
    transport = state.transport
    pace = transport.bpm / (60.0 * state.sample_rate)
    began = rolling and not transport.rolling
    if transport.rolling and not rolling:
        transport.stops += 1
    if began or (rolling and abs(wanted - transport.beat) > JUMP_BEATS):
        transport.beat = transport.pulse = wanted
        transport.moved = 1
        transport.starts += began
    elif not rolling:
        transport.beat = wanted
        if abs(pulse - transport.pulse) > JUMP_BEATS:
            transport.pulse = pulse
    transport.rolling = rolling
    ahead = (wanted if rolling else pulse) + pace * CELL
    behind = transport.beat if rolling else transport.pulse
    transport.step = min(max((ahead - behind) / CELL, SLOWEST * pace), QUICKEST * pace)


@kernel
def keep_time(state):
    """At a grid point: where the song is, and how fast it goes until the next."""
    transport, clock = state.transport, state.transport.clock
    gone = transport.step * CELL  # since the last grid point
    transport.pulse += gone
    if transport.rolling:
        transport.beat += gone
    transport.frame = state.frame
    transport.moved = 0
    if clock.rolling and not has_clock(state):
        clock.rolling = 0
    set_source(state, choose_source(state))
    if transport.source == OWN:
        keep_own(state)
    elif transport.source == CLOCK:
        transport.bpm = clock_bpm(state)
        pulse = ticks_gone(state) / TICKS
        follow(state, pulse if clock.rolling else clock.song / TICKS, pulse, clock.rolling)
    else:
        given = state.transport.given[transport.source - JACK]
        transport.bpm = given.bpm
        pulse = given.beat + (state.frame - given.frame) * given.bpm / (60.0 * state.sample_rate)
        follow(state, pulse if given.rolling else given.beat, pulse, given.rolling)


@kernel
def beats_now(state):
    """Beats that have gone by at the frame the clock is on, between grid points too."""
    transport = state.transport
    return transport.pulse + (state.frame - transport.frame) * transport.step


@kernel
def frames_until(state, parts, late):
    """Frames until the next of so many parts of a beat; 0 also where one began less than `late` parts ago."""
    place = beats_now(state) * parts
    since = place - math.floor(place + NEARLY)
    if since <= late or state.transport.step <= 0.0:
        return np.int64(0)
    return np.int64(math.ceil((1.0 - since - NEARLY) / (parts * state.transport.step)))
