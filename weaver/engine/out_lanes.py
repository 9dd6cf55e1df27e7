"""Numbers that leave beside notes: lanes of the spheres' life, and where a channel is a sphere, what hands do to it.

The table is `model.midi_out.LANES`. Each lane has one cell in 32 in which it may be said.
"""

from __future__ import annotations

import numpy as np

from weaver.dsp.jit import kernel
from weaver.dsp.sizes import CELL, CHANNELS
from weaver.engine.lanes import DAMP, LANE_HIGH, LANE_LOW, LEFT, PAN, RIGHT, SOOTHE, SPHERES_LANES, control_place
from weaver.engine.midi_out import EACH_A_CHANNEL
from weaver.engine.out_words import APART, control_of, is_mpe, tell_control
from weaver.life.cracks import total_length
from weaver.model.midi_out import AROUSAL, FRACTURE, HEALTH, LANED_SPHERES, LIGHT, VALENCE

CYCLE = 32
"""Cells in which every lane has its turn."""
STAGGER = 4
"""Cells between the turns of two spheres, where each has a channel: no burst of all at once."""


@kernel
def lane_now(state, lane, s):
    """What a lane stands at, in its unit."""
    if lane == HEALTH:
        return 1.0 - state.sphere.damage[s]
    if lane == LIGHT:
        return np.float64(state.sphere.light[s] * state.sphere.shine[s])
    if lane == FRACTURE:
        return total_length(state.crack, s) / state.law.cracks_full_length_rad
    return np.float64(state.mood.valence if lane == VALENCE else state.mood.arousal)


@kernel
def tell_lane(state, frame, lane, s):
    """Say one if it has moved."""
    norm = (lane_now(state, lane, s) - LANE_LOW[lane]) / (LANE_HIGH[lane] - LANE_LOW[lane])
    channel, number = control_place(state.midi_out.form, lane, s)
    tell_control(state, frame, channel, number, control_of(norm), 0)


@kernel
def tell_lanes(state, frame):
    """At a cell's end: those whose turn it is."""
    out, count = state.midi_out, state.definitions[state.playing].count
    turn = state.frame // CELL % CYCLE
    zone = is_mpe(out.form)
    mood = turn - (CYCLE - 2)
    if mood >= 0:
        tell_lane(state, frame, VALENCE if mood == 0 else AROUSAL, 0)
    elif zone:
        s = turn // SPHERES_LANES
        if s < min(count, LANED_SPHERES):
            tell_lane(state, frame, turn % SPHERES_LANES, s)
    if not zone:
        for s in range(min(count, CHANNELS)):
            lane = (turn + STAGGER * s) % CYCLE
            if lane < SPHERES_LANES:
                tell_lane(state, frame, lane, s)


@kernel
def pan_for(state, azimuth):
    """0 to 127 for an azimuth in degrees; 64 is ahead."""
    return control_of((azimuth - LEFT) / (RIGHT - LEFT))


@kernel
def know_hands(state):
    """Where a channel is a sphere, whoever hears this has it where the set has put it, with no hand on it."""
    out, definition = state.midi_out, state.definitions[state.playing]
    if out.form == EACH_A_CHANNEL:
        for s in range(min(definition.count, CHANNELS)):
            out.control[s, PAN] = pan_for(state, definition.azimuth_deg[s])
            out.control[s, DAMP] = out.control[s, SOOTHE] = 0


@kernel
def tell_hands(state, frame):
    """Where a channel is a sphere, at a cell's end: hands on spheres, and where they are."""
    for s in range(min(state.definitions[state.playing].count, CHANNELS)):
        tell_control(state, frame, s, DAMP, control_of(state.sphere.damping_target[s]), APART)
        tell_control(state, frame, s, SOOTHE, control_of(state.touch.soothe_target[s]), APART)
        tell_control(state, frame, s, PAN, pan_for(state, state.sphere.azimuth_target[s]), APART)
