"""Harm at will: a sphere as damaged as one wants it, to examine what damage does. Offline: no take records it."""

from __future__ import annotations

from weaver.dsp.jit import entry
from weaver.dsp.modes import tune
from weaver.dsp.wear import wear
from weaver.engine.address import state_at
from weaver.life.law import inflict


@entry
def hurt(address, s, damage):
    """Give sphere `s`, which is whole, cracks of this damage, 0 to 1, at once."""
    inflict(state_at(address), s, damage)


@entry
def wear_alone(address, s, damage):
    """Give the modes of sphere `s`, which is whole and rings, the wear of this damage, and nothing else of it.

    No crack opens, crackles or flickers, so that what is linear can be heard by itself, until the sphere sleeps.
    """
    state = state_at(address)
    state.sphere.damage[s] = damage
    wear(state, s)
    tune(state, s)
    state.sphere.damage[s] = state.sphere.damage_worn[s] = 0.0
