"""What the audience notices: the causes of its mood (`mood.CAUSES`), from the sound, the spheres and the hands.

Each cause is 0..1 in `state.mood.cause`. What is heard is measured by the energy of the spheres' modes, so neither
their hum at rest nor the level that the player has set counts.
"""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.glide import glided
from weaver.dsp.jit import fill, kernel
from weaver.life.records import FAILING, FRACTURED, REFORMING, SHATTERED, WHOLE

SWEET, SOUR, LOUD, LIVELY, SKILL, BREATH, RESTLESS, ALARM, LOSS, RELIEF, INTEREST = range(11)
"""Consonance and roughness of what sounds, loudness, dynamics, virtuosity, held breath, silence that drags on, fear or
shock, spheres that are gone, rescue, and what is left of what was new."""

QUIET_DB = -50.0
"""Level, beside the energy of a strike at nearly full speed, below which nothing but the hum is heard."""
PLAIN = 2.0
"""A sound at half of the way from there to 0 dB is heard well enough to be judged in full."""
FORGIVEN = 0.65
"""Consonance from which nothing sounds rough to them: music lives on some tension. A whole tone has about 0.5."""
HEARD_S, LEVEL_S = 0.5, 5.0
"""Time constants: of what is heard, and of the mean and the variance of its level."""
LIVELY_DB = 8.0
"""Standard deviation of the level at which dynamics are at their fullest."""
BREATH_S = 5.0
"""Silence is tensest when it has lasted so long."""
RESTLESS_AFTER_S, RESTLESS_OVER_S = 12.0, 18.0
"""When silence begins to drag, and how long it takes to do so in full."""
GIVE_UP_AFTER_S, GIVE_UP_S = 90.0, 60.0
"""Restlessness itself ends: from then on it fades with this time constant."""
FEAR_RISE_S, FEAR_FALL_S = 1.2, 4.0
WORST, MEAN = 1.15, 0.4
"""Fear of the worst damage there is, and of the mean."""
FRACTURED_FEAR, FAILING_FEAR = 0.35, 0.85
"""The least fear of a sphere in these states."""
SHOCK_S, RELIEF_S = 7.0, 9.0
"""Time constants with which a shatter and a rescue fade: after 20 s little is left."""
ALARM_RISE_S, ALARM_FALL_S = 0.2, 0.5
RELIEF_PER_DAMAGE, RELIEF_WHOLE = 1.2, 0.7
"""Relief for all of a sphere's damage gone, and for one whole again that had been fractured or worse."""
GESTURES_S, RECENT_S, SKILL_S = 2.5, 3.0, 1.0
"""Time constants: of the rate of gestures, of a sphere's having been played, of virtuosity."""
FULL_RATE_HZ, FULL_VARIETY, FULL_SPREAD = 5.0, 5.0, 0.25
"""Gestures a second, spheres at a time, and standard deviation of their effort, that are a virtuoso's."""
VARIETY_SHARE, SPREAD_SHARE = 0.35, 0.25
"""Of virtuosity; the rest is speed alone."""
EFFORT_PART = 0.25
"""Weight of one gesture in the running mean of effort, and in its variance."""
INTEREST_S, INTEREST_GESTURE, INTEREST_CHANGE = 45.0, 0.15, 0.4
"""Attention tires with this time constant; what a gesture, and a sphere that changes its state, gives back."""


@kernel
def bounded(value, low, high):
    """The value, or the end of the range that it lies beyond; what is not a number is the low end."""
    if not value > low:
        return np.float32(low)
    return np.float32(min(value, high))


@kernel
def follow(now, target, rise_s, fall_s, dt):
    """`now` on its way to `target`, with one time constant upwards and one downwards."""
    return glided(now, target, rise_s if target > now else fall_s, dt)


@kernel
def meet_witness(state):
    """New spheres have come: what happened to the old ones is no measure of them."""
    mood = state.mood
    fill(mood.played, 0)
    fill(mood.state, WHOLE)
    fill(mood.damage, 0.0)
    fill(mood.hurt, 0)


@kernel
def heard_consonance(state):
    """How well together is what sounds, 0..1: 1 alone or in perfect tune, 0 a semitone."""
    return state.harmony.consonance


@kernel
def heard_level_db(state):
    """Level of all modes together, 0 dB at an energy of 1; a hush counts."""
    sphere, energy = state.sphere, 0.0
    for s in range(state.definitions[state.playing].count):
        energy += sphere.energy[s] * sphere.hush[s] * sphere.hush[s]
    return 10.0 * math.log10(max(energy, 1e-12))


@kernel
def listen(state, dt):
    """Loudness, dynamics, consonance, roughness."""
    mood, cause, level_db = state.mood, state.mood.cause, heard_level_db(state)
    loudness = bounded(1.0 - level_db / QUIET_DB, 0.0, 1.0)
    sounding = min(PLAIN * loudness, 1.0)
    consonance = bounded(heard_consonance(state), 0.0, 1.0)
    away = np.float32(0.0)
    if loudness > 0.0:
        away = bounded(level_db - mood.level_db, QUIET_DB, -QUIET_DB)
        mood.level_db = glided(mood.level_db, mood.level_db + away, LEVEL_S, dt)
    mood.variance_db2 = glided(mood.variance_db2, away * away, LEVEL_S, dt)
    mood.silence_s = 0.0 if loudness > 0.0 else mood.silence_s + dt
    cause[LOUD] = glided(cause[LOUD], loudness, HEARD_S, dt)
    cause[SWEET] = glided(cause[SWEET], sounding * consonance, HEARD_S, dt)
    cause[SOUR] = glided(cause[SOUR], sounding * bounded(1.0 - consonance / FORGIVEN, 0.0, 1.0), HEARD_S, dt)
    cause[LIVELY] = min(math.sqrt(mood.variance_db2) / LIVELY_DB, 1.0)


@kernel
def wait(mood, dt):
    """What silence does: breath is held while it is young, and then it drags."""
    cause, young = mood.cause, mood.silence_s / BREATH_S
    drags = bounded((mood.silence_s - RESTLESS_AFTER_S) / RESTLESS_OVER_S, 0.0, 1.0)
    given_up = max(mood.silence_s - GIVE_UP_AFTER_S, 0.0) / GIVE_UP_S
    cause[BREATH] = glided(cause[BREATH], young * math.exp(1.0 - young), HEARD_S, dt)
    cause[RESTLESS] = glided(cause[RESTLESS], drags * math.exp(-given_up), HEARD_S, dt)


@kernel
def watch_sphere(state, s):
    """Notice what has become of sphere `s` since the last look; what there is to fear of it."""
    mood, cause, condition = state.mood, state.mood.cause, state.life.state[s]
    damage = bounded(state.sphere.damage[s], 0.0, 1.0)
    relief = RELIEF_PER_DAMAGE * max(mood.damage[s] - damage, 0.0)
    if condition != mood.state[s]:
        cause[INTEREST] += INTEREST_CHANGE
    if condition == WHOLE and mood.hurt[s]:
        relief += RELIEF_WHOLE
    cause[RELIEF] += relief
    mood.hurt[s] = condition != WHOLE and (mood.hurt[s] or condition >= FRACTURED)
    mood.state[s] = condition
    mood.damage[s] = damage
    least = FAILING_FEAR if condition == FAILING else FRACTURED_FEAR if condition == FRACTURED else 0.0
    return max(WORST * damage, least)


@kernel
def watch(state, dt):
    """Damage and loss, shocks and relief. A sphere that is gone is mourned, and no longer feared for."""
    mood, cause, count = state.mood, state.mood.cause, state.definitions[state.playing].count
    worst, total, gone = 0.0, 0.0, 0
    for s in range(count):
        fear = watch_sphere(state, s)
        if mood.state[s] == SHATTERED or mood.state[s] == REFORMING:
            gone += 1
        else:
            worst = max(worst, fear)
            total += mood.damage[s]
    mood.fear = follow(mood.fear, bounded(worst + MEAN * total / count, 0.0, 1.0), FEAR_RISE_S, FEAR_FALL_S, dt)
    mood.shock = glided(mood.shock, 0.0, SHOCK_S, dt)
    if state.life.falls > mood.falls:
        mood.shock = cause[INTEREST] = 1.0
    mood.falls = state.life.falls
    cause[ALARM] = follow(cause[ALARM], max(mood.fear, mood.shock), ALARM_RISE_S, ALARM_FALL_S, dt)
    cause[LOSS] = glided(cause[LOSS], gone / count, HEARD_S, dt)
    cause[RELIEF] = glided(bounded(cause[RELIEF], 0.0, 1.0), 0.0, RELIEF_S, dt)
    cause[INTEREST] = glided(bounded(cause[INTEREST], 0.0, 1.0), 0.0, INTEREST_S, dt)


@kernel
def watch_hands(state, dt):
    """Virtuosity: how fast, on how many spheres, and with how much play of effort."""
    mood, touch, cause, gestures, variety = state.mood, state.touch, state.mood.cause, 0, 0.0
    for s in range(state.definitions[state.playing].count):
        mood.recent[s] = glided(mood.recent[s], 0.0, RECENT_S, dt)
        if touch.played[s] > mood.played[s]:
            gestures += touch.played[s] - mood.played[s]
            mood.recent[s] = 1.0
            away = bounded(touch.effort[s], 0.0, 1.0) - mood.effort
            mood.effort += EFFORT_PART * away
            mood.effort_variance += EFFORT_PART * (away * away - mood.effort_variance)
        mood.played[s] = touch.played[s]
        variety += mood.recent[s]
    mood.rate_hz = bounded(glided(mood.rate_hz, gestures / dt, GESTURES_S, dt), 0.0, FULL_RATE_HZ)
    cause[INTEREST] += (1.0 - cause[INTEREST]) * min(INTEREST_GESTURE * gestures, 1.0)
    grace = VARIETY_SHARE * min(variety / FULL_VARIETY, 1.0)
    grace += SPREAD_SHARE * min(math.sqrt(mood.effort_variance) / FULL_SPREAD, 1.0)
    wanted = mood.rate_hz / FULL_RATE_HZ * (1.0 - VARIETY_SHARE - SPREAD_SHARE + grace)
    cause[SKILL] = glided(cause[SKILL], wanted, SKILL_S, dt)
