"""The audience's mood: what billions of eyes feel, moved by what they notice (`witness`) and by time, never by chance.

It is known by valence (-1 anguish .. 1 delight), arousal (0..1) and attention (0..1). `MOVES` says what moves them;
out of them, and of some causes beside, come what surfaces show, the law weighs and the hum sings:

    gold       held breath: attention while nothing is decided and little sounds
    crimson    alarm: damage, a shatter; roughness; a little of it for silence that drags on
    violet     rest: neither arousal nor attention, nor alarm
    blue       excitement: arousal that is not fear, while something sounds
    emerald    joy: valence and relief, without alarm
    gaze       attention and alarm: how far the eyes zoom in
    pressure   attention, the more of it the more arousal and doubt
    tone       valence, less alarm and suspense: -1 questioning .. 1 warm

All is bounded and glides: a mood changes in seconds, a fright in less than half of one.
"""

from __future__ import annotations

import numpy as np

from weaver.dsp.glide import glided
from weaver.dsp.jit import kernel
from weaver.dsp.sizes import CELL, SPHERES, record
from weaver.life.records import LIFE_EVERY
from weaver.life.witness import (
    ALARM,
    INTEREST,
    LOUD,
    RELIEF,
    RESTLESS,
    SOUR,
    SWEET,
    bounded,
    follow,
    listen,
    wait,
    watch,
    watch_hands,
)
from weaver.model.mood import MOOD_COLOURS

_VALENCE, _AROUSAL, _ATTENTION = range(3)
CAUSES: tuple[tuple[str, tuple[float, float, float]], ...] = (
    # what they notice (0..1)        valence arousal attention
    ("consonance of what sounds", (0.65, 0.00, 0.00)),
    ("its roughness", (-0.90, 0.10, 0.00)),
    ("loudness", (0.00, 0.25, 0.00)),
    ("dynamics", (0.00, 0.15, 0.15)),
    ("virtuosity", (0.25, 0.45, 0.25)),
    ("held breath", (0.00, 0.10, 0.60)),
    ("silence that drags on", (-0.30, 0.15, -0.10)),
    ("fear of damage, or a shatter", (-0.90, 0.50, 0.50)),
    ("spheres that are gone", (-0.50, 0.00, 0.00)),
    ("rescue", (0.80, 0.20, 0.20)),
    ("what is new", (0.00, 0.00, 0.45)),
)
"""What moves what, in the order of `witness.SWEET` ...: what each does in full. Time moves attention by letting what
is new grow old."""
MOVES = np.array([moves for _, moves in CAUSES], np.float32)
AT_REST = (0.0, 0.1, 0.1)
"""Valence, arousal, attention when nothing moves them."""
VALENCE_RISE_S, VALENCE_FALL_S = 3.0, 1.0
"""Time constants: trust comes slower than distrust, excitement and attention faster than they go."""
AROUSAL_RISE_S, AROUSAL_FALL_S = 0.8, 4.0
ATTENTION_RISE_S, ATTENTION_FALL_S = 1.0, 5.0
SHOW_S = 0.35
"""Time constant of all that is shown."""

COLOURS = tuple(MOOD_COLOURS)
GOLD, CRIMSON, VIOLET, BLUE, EMERALD = range(len(COLOURS))
DROWNED = 0.6
"""Share of held breath that full loudness takes away."""
ROUGH_CRIMSON, RESTLESS_CRIMSON = 1.2, 0.2
RELIEF_EMERALD = 0.9
FAINTEST = 1e-4
"""The least share of a colour, so that they always have a sum."""
GAZE_ATTENTION, GAZE_ALARM = 0.5, 0.6
TONE_VALENCE, TONE_ALARM, TONE_GOLD = 1.3, -0.8, -0.35
PRESSURE_REST, PRESSURE_AROUSAL, PRESSURE_DOUBT = 0.2, 0.3, 0.5

MOOD = record(
    ("valence", "f4"),  # -1..1
    ("arousal", "f4"),  # 0..1
    ("attention", "f4"),  # 0..1
    ("colours", "f4", (len(COLOURS),)),  # weights, whose sum is 1
    ("gaze", "f4"),  # 0..1
    ("pressure", "f4"),  # 0..1: their weight on the player
    ("tone", "f4"),  # -1 questioning .. 1 warm
    ("cause", "f4", (len(CAUSES),)),  # 0..1, by `witness`; what follows is its memory
    ("level_db", "f4"),  # running mean, while something sounds
    ("variance_db2", "f4"),  # and variance
    ("silence_s", "f4"),
    ("fear", "f4"),  # 0..1, of damage
    ("shock", "f4"),  # 0..1, of a shatter
    ("rate_hz", "f4"),  # gestures a second
    ("effort", "f4"),  # their running mean
    ("effort_variance", "f4"),
    ("recent", "f4", (SPHERES,)),  # 1 when a sphere is played, fading
    ("hurt", "i4", (SPHERES,)),  # 1: fractured or worse since it was whole
    ("falls", "i4"),  # `life.falls`,
    ("played", "i4", (SPHERES,)),  # `touch.played`,
    ("state", "i4", (SPHERES,)),  # `life.state`
    ("damage", "f4", (SPHERES,)),  # and `sphere.damage` at the last look
)


@kernel
def prepare_mood(state):
    """Before the first frame: something new begins, and they hold their breath."""
    mood = state.mood
    mood.cause[INTEREST] = mood.colours[GOLD] = 1.0
    mood.attention = MOVES[INTEREST, _ATTENTION]


@kernel
def moved(mood, index):
    """Where all causes together take valence, arousal or attention."""
    wanted = AT_REST[index]
    for cause in range(MOVES.shape[0]):
        wanted += mood.cause[cause] * MOVES[cause, index]
    return wanted


@kernel
def feel(mood, dt):
    """Move valence, arousal and attention."""
    valence = bounded(moved(mood, _VALENCE), -1.0, 1.0)
    arousal = bounded(moved(mood, _AROUSAL), 0.0, 1.0)
    attention = bounded(moved(mood, _ATTENTION), 0.0, 1.0)
    mood.valence = follow(mood.valence, valence, VALENCE_RISE_S, VALENCE_FALL_S, dt)
    mood.arousal = follow(mood.arousal, arousal, AROUSAL_RISE_S, AROUSAL_FALL_S, dt)
    mood.attention = follow(mood.attention, attention, ATTENTION_RISE_S, ATTENTION_FALL_S, dt)


@kernel
def score(mood, colour):
    """How strongly a colour is felt."""
    cause, fearless = mood.cause, 1.0 - mood.cause[ALARM]
    if colour == GOLD:
        undecided = (1.0 - abs(mood.valence)) * (1.0 - cause[RELIEF])
        return mood.attention * undecided * (1.0 - DROWNED * cause[LOUD])
    if colour == CRIMSON:
        return cause[ALARM] + ROUGH_CRIMSON * cause[SOUR] + RESTLESS_CRIMSON * cause[RESTLESS]
    if colour == VIOLET:
        return (1.0 - mood.arousal) * (1.0 - mood.attention) * fearless
    if colour == BLUE:
        return mood.arousal * (1.0 + mood.valence) / 2.0 * (cause[SWEET] + cause[SOUR]) * fearless
    return (max(mood.valence, 0.0) + RELIEF_EMERALD * cause[RELIEF]) * fearless


@kernel
def paint(mood, dt):
    """Move the colours' weights towards the squares of their scores, so that the strongest stands out."""
    total = shown = 0.0
    for index in range(len(COLOURS)):
        total += FAINTEST + score(mood, index) ** 2
    for index in range(len(COLOURS)):
        mood.colours[index] = glided(mood.colours[index], (FAINTEST + score(mood, index) ** 2) / total, SHOW_S, dt)
        shown += mood.colours[index]
    for index in range(len(COLOURS)):
        mood.colours[index] /= shown


@kernel
def weigh(mood, dt):
    """Move gaze, pressure and tone."""
    alarm = mood.cause[ALARM]
    gaze = GAZE_ATTENTION * mood.attention + GAZE_ALARM * alarm
    tone = TONE_VALENCE * mood.valence + TONE_ALARM * alarm + TONE_GOLD * mood.colours[GOLD]
    doubt = (1.0 - mood.tone) / 2.0
    pressure = mood.attention * (PRESSURE_REST + PRESSURE_AROUSAL * mood.arousal + PRESSURE_DOUBT * doubt)
    mood.gaze = glided(mood.gaze, bounded(gaze, 0.0, 1.0), SHOW_S, dt)
    mood.tone = glided(mood.tone, bounded(tone, -1.0, 1.0), SHOW_S, dt)
    mood.pressure = glided(mood.pressure, bounded(pressure, 0.0, 1.0), SHOW_S, dt)


@kernel
def mood(state):
    """At a grid point: every eighth time, look, feel and show."""
    if state.frame // CELL % LIFE_EVERY != 0:
        return
    dt = LIFE_EVERY * CELL / state.sample_rate
    listen(state, dt)
    wait(state.mood, dt)
    watch(state, dt)
    watch_hands(state, dt)
    feel(state.mood, dt)
    paint(state.mood, dt)
    weigh(state.mood, dt)
