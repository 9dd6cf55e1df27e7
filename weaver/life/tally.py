"""What is reckoned of a show: how each sphere fared, what was played, how well it sounded, how it was received."""

from __future__ import annotations

import numpy as np

from weaver.dsp.jit import fill, kernel
from weaver.dsp.sizes import CELL
from weaver.life.records import FRACTURED, REFORMING, SHATTERED, WHOLE
from weaver.life.stage import PERFORMANCE, PRELUDE, SILENCE
from weaver.life.stress import LEAST_LOUD

CONSONANT = 0.6
"""Consonance of all that sounds from which on it is one: the auditorium's fifths have 0.9 and more, a semitone 0.1."""


@kernel
def clear_tally(state):
    """Before a show."""
    tally = state.tally
    fill(tally.least_health, 1.0)
    fill(tally.damage, 0.0)
    for s in range(tally.state.shape[0]):
        tally.state[s] = tally.worst[s] = tally.saved[s] = tally.lost[s] = tally.shatters[s] = 0
    tally.notes = tally.coaxing = 0
    tally.consonance_s = tally.longest_s = tally.mood_sum = 0.0
    tally.mood = 0.0
    tally.cells = 0


@kernel
def keep_tally(state, notes):
    """Another cell of a show, in which `notes` were played."""
    tally, phase = state.tally, state.show.phase
    for s in range(state.definitions[state.playing].count):
        tally_sphere(state, s)
    if phase == PRELUDE or phase == SILENCE:
        tally.coaxing += notes
    if phase == PERFORMANCE:
        tally.notes += notes
        tally_consonance(state)
    tally.mood = np.float32(mood_of(state))
    tally.mood_sum += tally.mood
    tally.cells += 1


@kernel
def tally_sphere(state, s):
    """How sphere `s` fares."""
    tally, now = state.tally, state.life.state[s]
    tally.least_health[s] = min(tally.least_health[s], np.float32(1.0) - state.sphere.damage[s])
    if now == SHATTERED and tally.state[s] != SHATTERED:
        tally.shatters[s] += 1
    tally.worst[s] = max(tally.worst[s], min(now, SHATTERED))
    tally.saved[s] = now == WHOLE and tally.worst[s] >= FRACTURED
    tally.lost[s] = now == SHATTERED or now == REFORMING
    tally.state[s] = now


@kernel
def tally_consonance(state):
    """The consonance that is being held, and the longest one."""
    tally = state.tally
    if is_consonant(state):
        tally.consonance_s += CELL / state.sample_rate
    else:
        tally.consonance_s = 0.0
    tally.longest_s = max(tally.longest_s, tally.consonance_s)


@kernel
def is_consonant(state):
    """Whether two spheres or more sound together, and well."""
    sounding = 0
    for s in range(state.definitions[state.playing].count):
        sounding += state.life.loudness[s] > LEAST_LOUD
    return sounding >= 2 and state.harmony.consonance >= CONSONANT


@kernel
def mood_of(state):
    """How the audience feels: 0 anguish, 1 delight."""
    return 0.5 + 0.5 * state.mood.valence
