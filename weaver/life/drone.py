"""The hum of the audience: a low drone under everything, which asks when they doubt and is warm when they do not.

Its root is the set's lowest pitch, folded into the octave from 41 Hz. Partials are phasors; how strong each is
follows from the mood's tone and pressure:

    warm          root, fifth, octave, tenth, and what lies above
    questioning   fifth and tenth fade; a tritone and a minor ninth come, in pairs that beat slowly; the root rises
    pressure      the octave below comes, and brightness goes

All of them together keep their power. It is off, and costs nothing, while `audience_db` is at its bottom.
"""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.cells import add
from weaver.dsp.glide import glided, linear_gain
from weaver.dsp.jit import fill, kernel
from weaver.dsp.sizes import CELL, record
from weaver.life.phasor import sweep
from weaver.life.records import LIFE_EVERY
from weaver.model.parameters import AUDIENCE_DB

LEVEL_DBFS = -34.0
"""RMS at 0 dB of `audience_db`, before the room."""
LOWEST_HZ = 41.0
RISE_CENTS = 70.0
"""How far a wholly questioning root has risen."""
TONE_S, ROOT_S, RETURN_S = 2.5, 3.0, 5.0
"""Time constants of the tone and of the root; how long the drone takes to come back from a panic."""
RISE_PER_S, FALL_PER_S = 25.0, 25.0
"""Nepers a second at most: a partial comes out of nothing in half a second."""
FAINT = 1e-6
"""Amplitude from which a partial begins, and at which it has ended."""
SWELL, SWELL_S, SWELL_APART_S = 0.3, 6.0, 2.1
"""Every partial swells by this share; the first in this time, each of the others in so much more."""
PHASE_APART = 2.4
"""Radians (about the golden angle) between the phases that neighbours begin with: no crest where all meet."""

TRITONE, NINTH = 2.0 ** (6.0 / 12.0), 2.0 ** (13.0 / 12.0)
SUB, ROOT, FIFTH, OCTAVE, TENTH, TWELFTH, FIFTEENTH, SEVENTEENTH = range(8)
PARTIALS = 12
RATIO = np.array([0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, TRITONE, TRITONE, NINTH, NINTH])
APART_HZ = np.array([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -0.12, 0.12, -0.19, 0.19])
BASE = np.array([0.15, 1.0, 0.6, 0.5, 0.42, 0.3, 0.2, 0.16, 0.34, 0.34, 0.22, 0.22])
"""Amplitude of each at its strongest without pressure; of the sub without, and it grows with it."""
WARMTH = np.array([0.0, 0.0, 1.0, 0.0, 2.0, 1.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0])
DOUBT = np.array([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 2.0, 2.0, 2.0, 2.0])
"""Exponents: how it goes with warmth and doubt, which add up to 1."""
DARKENS = np.array([0.0, 0.0, 0.2, 0.4, 0.5, 0.8, 0.85, 0.9, 0.2, 0.2, 0.5, 0.5])
"""Share of it that full pressure takes."""
SUB_PRESSURE = 1.0
"""What full pressure adds to the sub."""

DRONE = record(
    ("out", "f4", (2, CELL)),  # its sound in this cell; nothing while it does not sound
    ("row", "f4", (2, CELL)),  # scratch: one partial
    ("sounding", "i4"),  # 0: costs nothing
    ("faded", "i4"),  # after a panic: 1 and the frames of its fade that are over; 0 there was none
    ("back", "f4"),  # 0..1: how far it has come back since
    ("gain", "f4"),
    ("tone", "f4"),  # the mood's, slower
    ("pressure", "f4"),
    ("root_hz", "f8"),
    ("wanted", "f8", (PARTIALS,)),  # amplitude
    ("re", "f8", (PARTIALS,)),
    ("im", "f8", (PARTIALS,)),
    ("step_re", "f8", (PARTIALS,)),  # per frame
    ("step_im", "f8", (PARTIALS,)),
)


@kernel
def prepare_drone(state):
    """Before the first frame."""
    state.drone.back = 1.0


@kernel
def wanted_root_hz(state, doubt):
    """The set's lowest pitch in the drone's octave, and what doubt adds to it."""
    definition = state.definitions[state.playing]
    lowest_hz = definition.pitch_hz[0]
    for s in range(1, definition.count):
        lowest_hz = min(lowest_hz, definition.pitch_hz[s])
    octaves = math.floor(math.log2(lowest_hz / LOWEST_HZ))
    return lowest_hz * 2.0 ** (doubt * RISE_CENTS / 1200.0 - octaves)


@kernel
def strength(partial, doubt, pressure):
    """Amplitude of a partial beside the root's."""
    base = BASE[partial] + (SUB_PRESSURE * pressure if partial == SUB else 0.0)
    tinted = (1.0 - doubt) ** WARMTH[partial] * doubt ** DOUBT[partial]
    return base * tinted * (1.0 - DARKENS[partial] * pressure)


@kernel
def intend(state, dt):
    """Decide what all partials shall be, from mood, pressure and level."""
    drone, mood = state.drone, state.mood
    doubt = (1.0 - drone.tone) / 2.0
    root_hz = wanted_root_hz(state, doubt)
    drone.tone = glided(drone.tone, mood.tone, TONE_S, dt)
    drone.pressure = glided(drone.pressure, mood.pressure, TONE_S, dt)
    drone.root_hz += (root_hz - drone.root_hz) * (1.0 - math.exp(-dt / ROOT_S))
    drone.back = min(drone.back + dt / RETURN_S, 1.0)
    power = 0.0
    for partial in range(PARTIALS):
        drone.wanted[partial] = strength(partial, doubt, drone.pressure)
        power += drone.wanted[partial] ** 2
    level = drone.gain * drone.back**2 * 10.0 ** (LEVEL_DBFS / 20.0) * math.sqrt(2.0 / power)
    for partial in range(PARTIALS):
        drone.wanted[partial] *= level


@kernel
def begin(state):
    """From silence: where it would be by now had it sounded."""
    drone = state.drone
    drone.sounding = 1
    drone.tone, drone.pressure = state.mood.tone, state.mood.pressure
    drone.root_hz = wanted_root_hz(state, (1.0 - drone.tone) / 2.0)


@kernel
def steer(state, partial, dt):
    """Set how a partial turns and grows until its next turn, so that it arrives at what is wanted."""
    drone = state.drone
    swell_hz = 1.0 / (SWELL_S + SWELL_APART_S * partial)
    swell = 1.0 + SWELL * math.sin(2.0 * math.pi * swell_hz * state.frame / state.sample_rate)
    wanted = drone.wanted[partial] * swell
    amplitude = math.hypot(drone.re[partial], drone.im[partial])
    if amplitude < FAINT:
        drone.re[partial] = drone.im[partial] = 0.0
        if wanted < FAINT:
            return
        amplitude = FAINT
        drone.re[partial] = FAINT * math.cos(PHASE_APART * partial)
        drone.im[partial] = FAINT * math.sin(PHASE_APART * partial)
    nepers = math.log(max(wanted, FAINT / 2.0) / amplitude)
    radius = math.exp(min(max(nepers, -FALL_PER_S * dt), RISE_PER_S * dt) / (LIFE_EVERY * CELL))
    angle = 2.0 * math.pi * (RATIO[partial] * drone.root_hz + APART_HZ[partial]) / state.sample_rate
    drone.step_re[partial], drone.step_im[partial] = radius * math.cos(angle), radius * math.sin(angle)


@kernel
def sing(drone, partial):
    """Add this cell of a partial: one ear hears it a quarter of a turn before the other, in turns."""
    row = drone.row
    step_re, step_im = drone.step_re[partial], drone.step_im[partial]
    re, im = sweep(row[0], row[1], drone.re[partial], drone.im[partial], step_re, step_im)
    drone.re[partial], drone.im[partial] = re, im
    add(drone.out[partial % 2], row[0])
    add(drone.out[1 - partial % 2], row[1])


@kernel
def fade(drone, first, faded):
    """Take the frames from `first` on down a straight line to silence, a cell long, `faded` of which are over."""
    for n in range(first, CELL):
        gain = max(np.float32(1.0) - np.float32(faded + n - first + 1) / np.float32(CELL), np.float32(0.0))
        drone.out[0, n] *= gain
        drone.out[1, n] *= gain


@kernel
def silence_drone(state):
    """A panic, at the frame the clock is on: it has faded out a cell later, and comes back slowly."""
    drone = state.drone
    at = np.int64(state.frame % CELL)
    if not drone.faded:
        drone.faded = 1
        if at > 0:  # else the cell has not been rendered yet
            fade(drone, at, 0)
            drone.faded += CELL - at


@kernel
def fall_silent(drone):
    """Forget all partials, and begin to come back."""
    fill(drone.re, 0.0)
    fill(drone.im, 0.0)
    fill(drone.wanted, 0.0)
    drone.back = 0.0
    drone.faded = 0


@kernel
def drone(state):
    """At a grid point: render the coming cell, into `state.drone.out`."""
    drone, turn, dt = state.drone, state.frame // CELL % LIFE_EVERY, LIFE_EVERY * CELL / state.sample_rate
    if turn == 0:
        drone.gain = linear_gain(state.parameter[AUDIENCE_DB])
        if drone.gain > 0.0 and not drone.sounding:
            begin(state)
    if not drone.sounding:
        drone.faded = 0
        return
    if turn == 0:
        intend(state, dt)
    for side in range(2):
        fill(drone.out[side], 0.0)
    heard = False
    for partial in range(PARTIALS):
        if partial % LIFE_EVERY == turn:
            steer(state, partial, dt)
        if drone.re[partial] != 0.0 or drone.im[partial] != 0.0:
            sing(drone, partial)
            heard = True
    drone.sounding = heard or drone.gain > 0.0
    if drone.faded:
        fade(drone, 0, drone.faded - 1)
        fall_silent(drone)
