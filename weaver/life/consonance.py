"""Consonance, judged while it sounds: how loud each sphere is, how sour, how well in tune; and all of them together.

Only what is *between* spheres counts. A bell is rough by nature, and would else crack itself. What a sphere's
partials are taken to be is the parameter `connoisseur`: six harmonics on its pitch, so that ears used to other
instruments agree, or its own strongest partials, so that glasses want to be tuned as glasses. The roughness is by
the model that the parameter `judge` names (`roughness`), the harmonicity by `harmonicity`.

The work is shared out over cells: every cell looks after eight spheres and judges some pairs of those that sound.
"""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.ears import DB, NEAREST_M, REFERENCE_M
from weaver.dsp.jit import fill, kernel, reduction
from weaver.dsp.sizes import CELL, JUDGED, SPHERES, record
from weaver.life.harmonicity import SERIES, belonging, forget_series, match, seek_root
from weaver.life.roughness import between, find_reach
from weaver.model.parameters import CONNOISSEUR, JUDGE

ATTENDED = 8
"""Spheres looked after in a cell: each is every 8 cells, or 11 ms."""
PAIRS = (8, 8, 4)
"""Pairs judged in a cell, by model; Vassilakis's takes twice as long. Of 8 spheres that sound each pair is judged every
4 cells or 5 ms, of 64 every 252 or a third of a second (7 and 504 by Vassilakis)."""
HARMONICS = 6
"""Of a sphere's reduced spectrum, with amplitudes 1/k."""
SEMITONE, MIDDLE_C_HZ = 2.0 ** (1.0 / 12.0), 261.6256
"""The clash that sourness is measured by."""
SILENT = 3e-4
"""Loudness below which a sphere is not judged. Full strikes have about 1, a resting hum of -40 dB about 0.01."""
HARDLY_HEARD = 0.01
"""Loudness at which a sphere's sourness counts half."""
NO_CLASH = 1e-3
"""Share of two loudnesses below which the softer is drowned."""
LEAST_REFERENCE = 1e-6
SMOOTHING_S = 0.15
ROUGHNESS_WEIGHT, HARMONICITY_WEIGHT = 1.620010, 1.779924
"""Of Harrison & Pearce's regression on what listeners say of chords (Psychological Review 127, 2020, model of 2019)."""
SEMITONE_ROUGHNESS, SEMITONE_HARMONICITY = 0.484, 0.59
"""C4 with C#4, the zero of consonance: by Hutchinson & Knopoff, whose roughness theirs is, and by `harmonicity`."""
ROUGH = ROUGHNESS_WEIGHT * SEMITONE_ROUGHNESS
WORST = ROUGH + HARMONICITY_WEIGHT * (1.0 - SEMITONE_HARMONICITY)
STRANGER = 0.5
"""Attunement of a sphere that is smooth with all others, but belongs to no common series with them."""

HARMONY = record(
    ("roughness", "f4"),  # of all together, smoothed; 1 is two equal tones a semitone apart
    ("harmonicity", "f4"),  # 0..1, smoothed: how much of it is harmonics of one root
    ("consonance", "f4"),  # 0..1: 1 alone or in perfect tune, 0 a semitone
    ("next_sphere", "i4"),  # whom the next cell looks after first
    ("first", "i4"),  # the pair it judges first, as places in `sounding`
    ("second", "i4"),
    ("count", "i4"),  # spheres that sound
    ("sounding", "i4", (SPHERES,)),  # and who they are, in order
    ("heard", "i4", (SPHERES,)),  # 1: it is one of them
    ("basis", "i4"),  # model and kind of spectrum that the partials are made for
    ("pitch_hz", "f8", (SPHERES,)),  # and their pitch; 0: they are not made
    ("partials", "i4", (SPHERES,)),  # how many
    ("ratio", "f4", (SPHERES, JUDGED)),  # to the pitch
    ("level", "f4", (SPHERES, JUDGED)),  # amplitude beside the strongest
    ("tonal", "f4", (SPHERES, JUDGED)),  # what of it is a harmonic of its own pitch
    ("hz", "f4", (SPHERES, JUDGED)),
    ("reach", "f4", (SPHERES, JUDGED)),  # Hz, how far below others may lie and be rough with it
    ("reference", "f4", (SPHERES,)),  # roughness of the sphere with its like a semitone above middle C
    ("pair", "f4", (SPHERES, SPHERES)),  # roughness of two beside their reference, as loud as they are
    ("trial_hz", "f4", (2, JUDGED)),  # scratch
    ("trial_reach", "f4", (2, JUDGED)),
    ("series", SERIES),
)


@kernel
def meet_spheres(state):
    """Nothing sounds yet, and so nothing is out of tune."""
    harmony, life = state.harmony, state.life
    harmony.count = harmony.first = harmony.second = harmony.next_sphere = 0
    harmony.roughness = 0.0
    harmony.harmonicity = harmony.consonance = 1.0
    for s in range(SPHERES):
        harmony.heard[s] = 0
        harmony.pitch_hz[s] = 0.0
        fill(harmony.pair[s], 0.0)
        life.loudness[s] = life.sourness[s] = 0.0
        life.attunement[s] = 1.0
    forget_series(harmony.series)


@kernel
def listen(state):
    """A cell's share of judging."""
    harmony = state.harmony
    basis = 2 * np.int32(state.parameter[JUDGE] + 0.5) + np.int32(state.parameter[CONNOISSEUR] >= 0.5)
    if basis != harmony.basis:
        harmony.basis = basis
        fill(harmony.pitch_hz, 0.0)
    for _ in range(ATTENDED):
        attend(state, harmony.next_sphere)
        harmony.next_sphere = (harmony.next_sphere + 1) % SPHERES
    for _ in range(min(PAIRS[harmony.basis // 2], harmony.count * (harmony.count - 1) // 2)):
        judge_next_pair(harmony, state.life.loudness)
    seek_root(harmony, state.life.loudness)
    sum_up(state)


@kernel
def attend(state, s):
    """Look after sphere `s`: whether it sounds, where its partials are, and what comes of its pairs."""
    harmony, life = state.harmony, state.life
    loudness = loudness_of(state, s)
    life.loudness[s] = loudness
    heard = np.int32(loudness > SILENT)
    if heard:
        place_partials(state, s)
    if heard != harmony.heard[s]:
        harmony.heard[s] = heard
        forget_pairs(harmony, s)
    if harmony.count < 2 or not heard:
        life.sourness[s] = 0.0
        life.attunement[s] = 1.0
        return
    sourness = total(harmony.pair[s]) * loudness / (loudness + HARDLY_HEARD)
    belongs = belonging(harmony, s)
    life.sourness[s] = sourness
    life.attunement[s] = max(1.0 - sourness, 0.0) * (STRANGER + (1.0 - STRANGER) * belongs)


@kernel
def loudness_of(state, s):
    """Amplitude of sphere `s` where the listener is, in the unit of its modes' states; 0 if it is silent."""
    sphere, definition = state.sphere, state.definitions[state.playing]
    if not sphere.awake[s] or sphere.broken[s]:
        return 0.0
    hum = math.hypot(sphere.hum_re[s], sphere.hum_im[s]) / definition.gain[s]
    level = definition.level[s] * math.exp(DB * sphere.lift[s]) * sphere.hush[s] * sphere.shine[s]
    return (math.sqrt(sphere.energy[s]) + hum) * level * REFERENCE_M / max(sphere.distance[s], NEAREST_M)


@kernel
def place_partials(state, s):
    """Put the partials of sphere `s` where its pitch is now."""
    harmony = state.harmony
    pitch_hz = state.sphere.pitch_hz[s] * 2.0 ** (state.sphere.cents[s] / 1200.0)
    if pitch_hz == harmony.pitch_hz[s]:
        return
    if harmony.pitch_hz[s] == 0.0:
        make_partials(state, s)
    harmony.pitch_hz[s] = pitch_hz
    for k in range(harmony.partials[s]):
        harmony.hz[s, k] = pitch_hz * harmony.ratio[s, k]
    find_reach(harmony.basis // 2, harmony.hz[s], harmony.partials[s], harmony.reach[s])


@kernel
def make_partials(state, s):
    """Find the partials by which sphere `s` is judged, and how rough they would be with their like a semitone up."""
    harmony, definition = state.harmony, state.definitions[state.playing]
    own = harmony.basis % 2
    count = 0
    for k in range(JUDGED if own else HARMONICS):
        ratio = definition.judged_ratio[s, k] if own else np.float32(k + 1)
        level = definition.judged_level[s, k] if own else np.float32(1.0 / (k + 1))
        if ratio > 0.0:
            harmony.ratio[s, count] = ratio
            harmony.level[s, count] = level
            harmony.tonal[s, count] = level * match(ratio)
            count += 1
    harmony.partials[s] = count
    hz, reach, level, model = harmony.trial_hz, harmony.trial_reach, harmony.level[s], harmony.basis // 2
    for k in range(count):
        hz[0, k] = MIDDLE_C_HZ * harmony.ratio[s, k]
        hz[1, k] = SEMITONE * hz[0, k]
    find_reach(model, hz[0], count, reach[0])
    find_reach(model, hz[1], count, reach[1])
    semitone = between(model, hz[0], level, reach[0], count, 1.0, hz[1], level, reach[1], count, 1.0)
    harmony.reference[s] = max(semitone, LEAST_REFERENCE)


@kernel
def forget_pairs(harmony, s):
    """Sphere `s` begins or ceases to sound: what was found of its pairs holds no more."""
    for t in range(SPHERES):
        harmony.pair[s, t] = harmony.pair[t, s] = 0.0
    harmony.count = 0
    for t in range(SPHERES):
        if harmony.heard[t]:
            harmony.sounding[harmony.count] = t
            harmony.count += 1


@kernel
def judge_next_pair(harmony, loudness):
    """Judge one pair of those that sound, and move on to the next: (1, 0), (2, 0), (2, 1), (3, 0)..."""
    harmony.second += 1
    if harmony.second >= harmony.first:
        harmony.first, harmony.second = harmony.first + 1, 0
    if harmony.first >= harmony.count:
        harmony.first, harmony.second = 1, 0
    a, b = harmony.sounding[harmony.first], harmony.sounding[harmony.second]
    harmony.pair[a, b] = harmony.pair[b, a] = clash(harmony, a, b, loudness[a], loudness[b])


@kernel
def clash(harmony, a, b, loudness_a, loudness_b):
    """Roughness of two spheres as loud as they are: 1 for equal tones a semitone apart."""
    if min(loudness_a, loudness_b) < NO_CLASH * max(loudness_a, loudness_b):
        return 0.0
    louder = max(loudness_a, loudness_b)
    found = between(
        harmony.basis // 2,
        harmony.hz[a],
        harmony.level[a],
        harmony.reach[a],
        harmony.partials[a],
        loudness_a / louder,
        harmony.hz[b],
        harmony.level[b],
        harmony.reach[b],
        harmony.partials[b],
        loudness_b / louder,
    )
    return 2.0 * found / (harmony.reference[a] + harmony.reference[b])


@reduction
def total(row):
    """Sum of float32[SPHERES]."""
    found = np.float32(0.0)
    for index in range(SPHERES):
        found += row[index]
    return found


@kernel
def sum_up(state):
    """Roughness, harmonicity and consonance of everything, a cell further on their way.

    Sourness weighted by power is, for Hutchinson & Knopoff, the roughness between all spheres at once.
    """
    harmony, life = state.harmony, state.life
    power = rough = 0.0
    for place in range(harmony.count):
        s = harmony.sounding[place]
        square = life.loudness[s] * life.loudness[s]
        power += square
        rough += square * life.sourness[s]
    if power > 0.0:
        rough /= power
    along = np.float32(min(CELL / (state.sample_rate * SMOOTHING_S), 1.0))
    harmony.roughness += (np.float32(rough) - harmony.roughness) * along
    harmony.harmonicity += (harmony.series.found - harmony.harmonicity) * along
    lost = ROUGH * harmony.roughness + HARMONICITY_WEIGHT * (1.0 - harmony.harmonicity)
    harmony.consonance = max(1.0 - lost / WORST, 0.0)
