"""Harm at will: a sphere as damaged as one wants it, to examine what damage does."""

from __future__ import annotations

from weaver.dsp.jit import entry
from weaver.engine.address import state_at
from weaver.life.law import inflict


@entry
def hurt(address, s, damage):
    """Give sphere `s`, which is whole, cracks of this damage, 0 to 1, at once. For offline use: no take records it."""
    inflict(state_at(address), s, damage)
