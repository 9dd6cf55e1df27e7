"""What life tells the world, one number a kind; the values of each packet behind it."""

from __future__ import annotations

STATE_CHANGED = 16
"""A sphere's state: new, old, damage, stress."""
CRACKED = 17
"""A crack was born: how many there are, damage."""
FLAKED = 18
"""A splinter has left: how many so far, energy."""
PHASE = 24
"""A phase of the show has begun: which, seconds since the show did, silence held so far."""
INCIDENT = 25
"""An incident comes over a sphere: its number, seconds since the show began, damage it goes for, seconds it takes."""
SPARED = 26
"""An incident stays away from a sphere that has been healed: its number, seconds since the show began."""
BREAKING = 27
"""The first note breaks a sphere: number of the incident that has set it up, seconds since the show began."""
