"""What strains a sphere, and what does it good: the first half of the law (constants: configs/laws)."""

from __future__ import annotations

import math

from weaver.dsp.jit import kernel
from weaver.dsp.sizes import THREADS
from weaver.life.records import SHATTERED
from weaver.model.parameters import STAKES

LEAST_LOUD = 0.02
"""Loudness from which a sphere is said to be played."""
CLEAN = 0.1
"""Sourness below which play is consonant."""


HARDLY_MOVED = 0.08
"""Loudness at which sourness strains half as much as it could: a resting hum has about 0.01, a strike 1."""
SOUREST = 2.0
"""Sourness that nothing makes worse: a cluster is a cluster."""


@kernel
def stakes_of(state):
    """Which of `model.law.STAKES` is played for."""
    return int(state.parameter[STAKES] + 0.5)


@kernel
def overdrive(state, s):
    """Doublings of the energy beyond what sphere `s` bears."""
    law, radius = state.law, state.definitions[state.playing].radius[s]
    bears = law.stress_bearing * (law.stress_bearing_smallest + (1.0 - law.stress_bearing_smallest) * radius)
    energy = state.sphere.energy[s]
    return math.log2(energy / bears) if energy > bears else 0.0


@kernel
def neglect(state, s):
    """0..1: how long nobody has played sphere `s`."""
    law = state.law
    return min(max((state.life.unplayed_s[s] - law.stress_neglect_after_s) / law.stress_neglect_over_s, 0.0), 1.0)


@kernel
def nearness(state, first, second, reach_m):
    """1 at the same place on the platform, one half at `reach_m`."""
    life = state.life
    away = math.hypot(life.x_m[first] - life.x_m[second], life.y_m[first] - life.y_m[second]) / reach_m
    return 1.0 / (1.0 + away * away)


@kernel
def contagion(state, s):
    """How much ruined sound comes from around sphere `s`: the damage of each that sounds, by nearness."""
    life, total = state.life, 0.0
    for other in range(state.definitions[state.playing].count):
        if other != s and state.sphere.damage[other] > 0.0 and life.state[other] != SHATTERED:
            sounds = min(life.loudness[other] / LEAST_LOUD, 1.0)
            near = nearness(state, s, other, state.law.stress_contagion_reach_m)
            total += state.sphere.damage[other] * sounds * near
    return total


@kernel
def bond(state, s):
    """How ruined the partners are that threads tie to sphere `s`, by the threads' strength."""
    thread, total = state.thread, 0.0
    for index in range(THREADS):
        if thread.strength[index] > 0.0 and (thread.first[index] == s or thread.second[index] == s):
            other = thread.first[index] + thread.second[index] - s
            total += thread.strength[index] * state.sphere.damage[other]
    return total


@kernel
def felt(loudness):
    """Share of its sourness that strains a sphere as loud as this: what hardly moves is hardly worked at."""
    return loudness / (loudness + HARDLY_MOVED)


@kernel
def stress_on(state, s):
    """All that strains sphere `s` now, before it is smoothed."""
    law, life, stakes = state.law, state.life, stakes_of(state)
    sour = max(min(life.sourness[s] * felt(life.loudness[s]), SOUREST) - law.stress_sourness_borne, 0.0)
    strain = law.stress_overdrive * overdrive(state, s) + law.stress_sourness * sour
    strain += law.stress_neglect * neglect(state, s)
    strain += law.stress_contagion * min(contagion(state, s), 1.0) + law.stress_bond * bond(state, s)
    weight = law.stress_tension * state.mood.pressure * law.stakes_tension[stakes]
    return law.stakes_stress[stakes] * strain + weight


@kernel
def healing_of(state, s):
    """Damage a second that soothing, consonant play and rest take from sphere `s`."""
    law, life = state.law, state.life
    attuned = law.healing_least_attunement + (1.0 - law.healing_least_attunement) * life.attunement[s]
    heals = law.healing_soothe_per_s * state.touch.soothe[s] * attuned
    if life.loudness[s] > LEAST_LOUD and life.sourness[s] < CLEAN and overdrive(state, s) == 0.0:
        heals += law.healing_play_per_s * life.attunement[s]
    peace_s = life.peace_s[s] - law.healing_rest_after_s
    if peace_s > 0.0:
        heals += law.healing_rest_per_s / (1.0 + peace_s / law.healing_log_time_s)
    return heals * law.stakes_healing[stakes_of(state)]
