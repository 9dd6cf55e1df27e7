"""Crackle: what a cracked sphere says when a crack jumps, as rock and glass do.

Energies follow a power law (Gutenberg-Richter; p(E) ~ E^-1.39 in compressed glass, Baro et al., PRL 110, 088702,
2013), so a few events carry nearly all of the energy. Each is followed by aftershocks, whose rate falls as
n(t) = K E^theta / (t + c)^p (Omori & Utsu). Only what no shock has caused comes at random in time.
"""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.chance import draw, power_law
from weaver.dsp.jit import kernel
from weaver.dsp.rings import push_notice
from weaver.dsp.shatter import crackle, flake
from weaver.dsp.sizes import CELL
from weaver.life.notices import FLAKED
from weaver.life.records import AFTERSHOCKS

LEAST_ENERGY, MOST_ENERGY, EXPONENT = 1e-5, 1.0, 1.39
PRODUCTIVITY, PRODUCTIVITY_POWER = 1.0, 0.35
"""K (events a second to the power p) and theta: 0.6 aftershocks for each shock, so that it dies away."""
OMORI_S, OMORI_POWER = 0.05, 1.2
FORGOTTEN_S = 12.0
PER_RAD = 40.0
"""Events for each radian that cracks grow."""
PLAYED_PER_S, IDLE_PER_S = 14.0, 6.0
"""Events a second of a ruined sphere while it rings at full strength; and at rest, as its hum works at the cracks."""
KICK = 0.25
"""Momentum that an event of energy 1 gives the sphere at its crack."""
FLAKE_FROM, FLAKE_DAMAGE = 0.002, 0.25
"""Energy and damage from which an event costs a splinter."""
LOUD = 1.0
"""Root of energy at which a sphere rings at full strength."""


@kernel
def aftershock_rate(state, s, cell_s):
    """Events a second that are still owed to the last shocks of sphere `s`; time passes for them."""
    after = state.life.after[s]
    rate = 0.0
    for shock in range(AFTERSHOCKS):
        if after[shock, 0] > 0.0:
            rate += after[shock, 0] / (after[shock, 1] + OMORI_S) ** OMORI_POWER
            after[shock, 1] += cell_s
            if after[shock, 1] > FORGOTTEN_S:
                after[shock, 0] = 0.0
    return rate


@kernel
def remember_shock(state, s, energy):
    """Let a shock have aftershocks, in the place of the one that has fewest left."""
    after = state.life.after[s]
    least, place = 1e30, 0
    for shock in range(AFTERSHOCKS):
        left = after[shock, 0] / (after[shock, 1] + OMORI_S) ** OMORI_POWER
        if left < least:
            least, place = left, shock
    productivity = PRODUCTIVITY * (energy / MOST_ENERGY) ** PRODUCTIVITY_POWER
    if productivity / OMORI_S**OMORI_POWER > least:
        after[place, 0] = productivity
        after[place, 1] = 0.0


@kernel
def crackle_along(state, s):
    """At a grid point: let the cracks of sphere `s` jump, or not."""
    sphere, life = state.sphere, state.life
    damage = sphere.damage[s]
    cell_s = CELL / state.sample_rate
    ringing = min(math.sqrt(sphere.energy[s]) / LOUD, 1.0)
    rate = PER_RAD * life.growth[s] + aftershock_rate(state, s, cell_s)
    rate += damage * (PLAYED_PER_S * ringing + IDLE_PER_S * damage)
    rate *= life.presence[s]  # where a sphere was there is silence, until it gathers
    if draw(life.chance, s) < 1.0 - math.exp(-rate * cell_s):
        jump(state, s, power_law(draw(life.chance, s), LEAST_ENERGY, MOST_ENERGY, EXPONENT))


@kernel
def jump(state, s, energy):
    """One event: a click from the crack, a push to the sphere, perhaps a splinter, and aftershocks."""
    sphere, life, bank = state.sphere, state.life, state.bank
    at = np.int64(draw(life.chance, s) * CELL)
    life.crackles[s] += 1
    crackle(state, s, energy, at)
    remember_shock(state, s, energy)
    if sphere.awake[s] and not sphere.broken[s]:
        push = np.float32(KICK * math.sqrt(energy))
        for k in range(bank.used[s]):
            bank.re[s, k] += push * bank.crack[s, k]
    if energy > FLAKE_FROM and sphere.damage[s] > FLAKE_DAMAGE:
        life.flakes[s] += 1
        flake(state, s, energy, at)
        push_notice(state, FLAKED, s, np.float32(life.flakes[s]), np.float32(energy), np.float32(0), np.float32(0))
