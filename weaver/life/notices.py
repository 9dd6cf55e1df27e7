"""What life tells the world, one number a kind; the values of each packet behind it."""

from __future__ import annotations

STATE_CHANGED = 16
"""A sphere's state: new, old, damage, stress."""
CRACKED = 17
"""A crack was born: how many there are, damage."""
FLAKED = 18
"""A splinter has left: how many so far, energy."""
