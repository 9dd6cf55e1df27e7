"""The law of the spheres' life: stress grows cracks, care closes them, and what is cracked through shatters.

    damage = length of all cracks / the length that shatters, 0 to 1
    cracks grow at (stress / threshold - 1) ** exponent beyond the threshold, and are born likewise
    care closes them; rest does with the logarithm of time (the slow dynamics of damaged solids)

A sphere's state follows its damage with hysteresis. A shattered sphere is silence, until it gathers again. The law is
weighed for each sphere at every eighth grid point, in turn: about a hundred times a second.
"""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.chance import draw
from weaver.dsp.jit import kernel
from weaver.dsp.rings import push_notice
from weaver.dsp.sizes import CELL, SPHERES
from weaver.life.cracks import age, begin_crack, close, count_cracks, grow, total_length
from weaver.life.notices import CRACKED, STATE_CHANGED
from weaver.life.records import FAILING, FLICKERING, FRACTURED, LIFE_EVERY, REFORMING, SHATTERED, WHOLE
from weaver.life.ruin import break_up, gather
from weaver.life.stress import LEAST_LOUD, healing_of, stakes_of, stress_on

RUINED = 0.9999
"""Damage that shatters: 1, but for the rounding of sums."""
LIGHT, FIRM = 0.25, 0.4
"""Pressure of a finger up to which it soothes in full, and from which it does not."""
GENTLE_S = 0.15
"""Time in which a soothing hand comes to rest."""


@kernel
def weigh(state):
    """At a grid point: the law for the spheres whose turn it is."""
    turn = np.int64(state.frame // CELL) % LIFE_EVERY
    seconds = LIFE_EVERY * CELL / state.sample_rate
    for s in range(turn, state.definitions[state.playing].count, LIFE_EVERY):
        notice_play(state, s, seconds)
        if state.life.state[s] == SHATTERED or state.life.state[s] == REFORMING:
            gather(state, s, seconds)
        else:
            endure(state, s, seconds)
        tell_state(state, s)


@kernel
def care_for(touch, s):
    """How gently sphere `s` is held: by a soothing hand, or by a finger that rubs it as lightly as one would soothe."""
    if not touch.rubbed[s] or touch.pressure[s] <= 0.0:
        return touch.soothe_target[s]
    light = (FIRM - touch.pressure[s]) / (FIRM - LIGHT)
    return max(touch.soothe_target[s], min(max(light, 0.0), 1.0))


@kernel
def find_place(state, s):
    """Where sphere `s` stands on the platform."""
    life, sphere = state.life, state.sphere
    bearing = math.radians(sphere.azimuth[s])
    life.x_m[s] = sphere.distance[s] * math.sin(bearing)
    life.y_m[s] = sphere.distance[s] * math.cos(bearing)


@kernel
def notice_play(state, s, seconds):
    """Where sphere `s` is, whether it is played, and how gently it is held."""
    life, touch = state.life, state.touch
    find_place(state, s)
    touch.soothe[s] += (care_for(touch, s) - touch.soothe[s]) * min(seconds / GENTLE_S, 1.0)
    life.unplayed_s[s] += seconds
    if life.heard[s] != touch.played[s] or touch.rubbed[s] or life.loudness[s] > LEAST_LOUD:
        life.heard[s] = touch.played[s]
        life.unplayed_s[s] = 0.0
    if touch.soothe[s] > 0.5:
        life.unplayed_s[s] = 0.0


@kernel
def endure(state, s, seconds):
    """Stress and care, for so many seconds, on a sphere that stands."""
    law, life, crack = state.law, state.life, state.crack
    life.stress[s] += (stress_on(state, s) - life.stress[s]) * min(seconds / law.stress_smoothing_s, 1.0)
    before = total_length(crack, s)
    harm(state, s, before, seconds)
    close(state, s, healing_of(state, s) * law.cracks_full_length_rad * seconds)
    age(state, s, seconds)
    after = total_length(crack, s)
    life.growth[s] = max(after - before, 0.0) / seconds
    state.sphere.damage[s] = min(after / law.cracks_full_length_rad, 1.0)
    if state.sphere.damage[s] > RUINED:
        break_up(state, s)


@kernel
def harm(state, s, length, seconds):
    """Let cracks be born and grow on sphere `s`, whose cracks are `length` rad long by now."""
    law, life, stakes = state.law, state.life, stakes_of(state)
    excess = life.stress[s] / law.cracks_threshold - 1.0
    life.peace_s[s] += seconds
    more = 0.0
    if law.stakes_worst[stakes] > 0.0:
        more = life.wound[s] * law.cracks_full_length_rad * seconds
    if excess > 0.0:
        pace = excess**law.cracks_exponent
        count = count_cracks(state.crack, s)
        if draw(life.chance, s) < law.cracks_nucleation_per_s * pace * seconds / (1 + count * count):
            begin_crack(state, s)
        if count > 0:
            more += law.cracks_growth_rad_per_s * pace * seconds
    if excess > 0.0 or more > 0.0:
        life.peace_s[s] = 0.0
    room = law.stakes_worst[stakes] * law.cracks_full_length_rad - length
    count = count_cracks(state.crack, s)
    grow(state, s, min(more, max(room, 0.0)))
    born = count_cracks(state.crack, s)
    if born > count:
        damage = np.float32(length / law.cracks_full_length_rad)
        push_notice(state, CRACKED, s, np.float32(born), damage, np.float32(0), np.float32(0))


@kernel
def state_by_damage(law, now, damage):
    """The state that goes with a damage, for a sphere in state `now`: a bound must be well behind it to be left."""
    worse = FAILING if damage >= law.states_failing else FRACTURED
    if damage < law.states_fractured:
        worse = FLICKERING if damage >= law.states_flickering else WHOLE
    kept = damage + law.states_hysteresis
    better = FAILING if kept >= law.states_failing else FRACTURED
    if kept < law.states_fractured:
        better = FLICKERING if kept >= law.states_flickering else WHOLE
    return min(max(now, worse), better)


@kernel
def tell_state(state, s):
    """Let the state of sphere `s` follow its damage, and say so."""
    life, damage = state.life, state.sphere.damage[s]
    before = life.seen[s]
    if life.state[s] < SHATTERED:
        life.state[s] = state_by_damage(state.law, life.state[s], damage)
    now = life.state[s]
    if now != before:
        life.seen[s] = now
        push_notice(state, STATE_CHANGED, s, np.float32(now), np.float32(before), damage, life.stress[s])


@kernel
def bring_to_life(state):
    """A set has come: all its spheres are whole, and nobody has played them yet."""
    life = state.life
    for s in range(SPHERES):
        find_place(state, s)
        life.state[s] = life.seen[s] = WHOLE
        life.presence[s] = life.flicker[s] = 1.0
        life.stress[s] = life.wound[s] = life.unplayed_s[s] = life.peace_s[s] = life.growth[s] = 0.0
        life.heard[s] = life.fall[s] = life.crackles[s] = life.flakes[s] = life.mended[s] = 0
        life.shocked[s] = 0.0
        for shock in range(life.after.shape[1]):
            life.after[s, shock, 0] = 0.0
        for index in range(state.crack.length.shape[1]):
            state.crack.length[s, index] = 0.0
    life.falls = life.undo = 0


@kernel
def inflict(state, s, damage):
    """Give sphere `s` cracks of this damage."""
    full = state.law.cracks_full_length_rad
    grow(state, s, max(damage * full - total_length(state.crack, s), 0.0))
    state.sphere.damage[s] = min(total_length(state.crack, s) / full, 1.0)
    if state.sphere.damage[s] > RUINED:
        break_up(state, s)
    tell_state(state, s)
