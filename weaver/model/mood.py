"""The colours of the audience's mood, as every surface shows them."""

from __future__ import annotations

MOOD_COLOURS: dict[str, str] = {
    "gold": "#f5c45e",
    "crimson": "#e0243f",
    "violet": "#8a5cf0",
    "blue": "#2f7dff",
    "emerald": "#17c47a",
}
"""Held breath, fear, calm, wonder, joy; the order is that of the weights in the state (`life.mood`)."""
