"""The show's incidents: what a script does to the spheres, as damage a second in `life.wound`."""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.jit import fill, kernel
from weaver.dsp.rings import push_notice
from weaver.dsp.sizes import CELL, SPHERES
from weaver.life.notices import BREAKING, INCIDENT, SPARED
from weaver.life.records import FAILING, FLICKERING, FRACTURED, LIFE_EVERY, SHATTERED, WHOLE
from weaver.life.stage import (
    ACTIVE,
    AFFLICTED,
    FINALE,
    HEALED,
    HURT,
    OVER,
    PERFORMANCE,
    STAYED_AWAY,
    WAITING,
)

INTO_STATE = 0.25
"""How far into a state's range of damage an incident goes that names it: hysteresis does not undo it at once."""
BREAK_PER_S, BREAK_S = 60.0, 0.25
"""Damage a second of the blow that breaks a failing sphere, which so takes a few milliseconds, and its longest time."""


@kernel
def follow_script(state):
    """At a grid point: what this cell does to every sphere."""
    show, script = state.show, state.script
    fill(state.life.wound, 0.0)
    watch_healing(state)
    if show.phase >= FINALE:
        return
    for i in range(script.incidents):
        if show.course[i] == WAITING and is_due(state, i):
            begin_incident(state, i)
        if show.course[i] == ACTIVE:
            pursue(state, i)
    for s in range(SPHERES):
        if show.breaking_s[s] > 0.0:
            go_on_breaking(state, s)


@kernel
def watch_healing(state):
    """How spheres fare that incidents came over."""
    plight = state.show.plight
    for s in range(SPHERES):
        is_whole = state.life.state[s] == WHOLE
        if plight[s] == AFFLICTED and not is_whole:
            plight[s] = HURT
        elif plight[s] == HURT and is_whole:
            plight[s] = HEALED


@kernel
def is_due(state, i):
    """Whether the time of incident `i` has come."""
    show, script = state.show, state.script
    due = np.int64(script.time_s[i] * state.sample_rate + 0.5)
    if script.is_after[i]:
        return show.phase == PERFORMANCE and show.phase_frames >= due
    return show.frames >= due


@kernel
def aim_of(state, i):
    """The damage that incident `i` goes for."""
    law, wanted = state.law, state.script.to_state[i]
    low, high = state.script.to_damage[i], state.script.to_damage[i]
    if wanted == FLICKERING:
        low, high = law.states_flickering, law.states_fractured
    elif wanted == FRACTURED:
        low, high = law.states_fractured, law.states_failing
    elif wanted == FAILING:
        low, high = law.states_failing, np.float32(1.0)
    return low + np.float32(INTO_STATE) * (high - low)


@kernel
def begin_incident(state, i):
    """Incident `i` comes over its sphere, unless that is broken, or was healed and is spared."""
    show, script = state.show, state.script
    s = script.sphere[i]
    number, since_s = np.float32(i), np.float32(show.frames / state.sample_rate)
    if script.spares_healed[i] and show.plight[s] == HEALED:
        show.course[i] = STAYED_AWAY
        push_notice(state, SPARED, s, number, since_s, np.float32(0), np.float32(0))
    elif state.life.state[s] >= SHATTERED:
        show.course[i] = STAYED_AWAY
    else:
        aim = aim_of(state, i)
        turns = max(np.int64(math.ceil(script.over_s[i] * state.sample_rate / (LIFE_EVERY * CELL))), np.int64(1))
        cells = turns * LIFE_EVERY  # so that the law, in turns, sees the whole of it
        lacking = max(aim - state.sphere.damage[s], np.float32(0.0))
        show.rate[i] = lacking / (cells * CELL / state.sample_rate)
        show.cells_left[i] = cells
        show.course[i] = ACTIVE
        show.plight[s] = AFFLICTED
        push_notice(state, INCIDENT, s, number, since_s, np.float32(aim), np.float32(script.over_s[i]))


@kernel
def wound(state, s, per_s):
    """Do harm to sphere `s` in this cell."""
    state.life.wound[s] += per_s
    state.tally.damage[s] += np.float32(per_s * CELL / state.sample_rate)


@kernel
def pursue(state, i):
    """Another cell of incident `i`."""
    show = state.show
    if show.cells_left[i] > 0:
        wound(state, state.script.sphere[i], show.rate[i])
        show.cells_left[i] -= 1
    else:
        show.course[i] = OVER


@kernel
def strike_the_failing(state):
    """The first note has sounded: what incidents have set up to shatter, and is failing, begins to break."""
    show, script = state.show, state.script
    for i in range(script.incidents):
        s = script.sphere[i]
        has_come = show.course[i] == ACTIVE or show.course[i] == OVER
        if script.shatters[i] and has_come and state.life.state[s] == FAILING:
            show.breaking_s[s] = BREAK_S
            since_s = np.float32(show.frames / state.sample_rate)
            push_notice(state, BREAKING, s, np.float32(i), since_s, np.float32(0), np.float32(0))


@kernel
def go_on_breaking(state, s):
    """Another cell of the blow to sphere `s`, until it has shattered."""
    if state.life.state[s] >= SHATTERED:
        state.show.breaking_s[s] = 0.0
        return
    wound(state, s, np.float32(BREAK_PER_S))
    state.show.breaking_s[s] -= np.float32(CELL / state.sample_rate)
