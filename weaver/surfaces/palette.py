"""The page's colours, and how they mix."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from weaver.model.mood import MOOD_COLOURS
from weaver.model.spheres import blend

GOLD, VIOLET, INK, FAINT, ALARM, NIGHT = "#f5c45e", "#8a5cf0", "#e9e2fb", "#7d739b", "#ff5a5a", "#17102b"
SICKLY, GREY, WHITE = "#d8d43a", "#77757f", "#ffffff"
"""Of cracks, and of what has shattered."""
MOODS = tuple(MOOD_COLOURS.values())
"""The audience's colours."""
LEAST_SUM = 1e-9
"""Of weights, below which there is only night."""
GLOW_AT_REST, GLOW_WHITE = 0.35, 0.35
"""How much of its colour a sphere has in the dark, and how much white when it shines brightest."""
FINEST = 6
"""Steps of a channel between two mixed colours that differ, so that they repeat and rich knows them already."""


def mixed(colours: Sequence[str], weights: Sequence[float], light: float = 1.0) -> str:
    """Colours mixed by weights of any sum, at 0..1 of the way from the night to their full light."""
    light = min(max(light, 0.0), 1.0)
    scale = light / max(sum(weights), LEAST_SUM)
    red, green, blue = (dark * (1.0 - light) for dark in channels(NIGHT))
    for colour, weight in zip(colours, weights, strict=True):
        more_red, more_green, more_blue = channels(colour)
        red += scale * weight * more_red
        green += scale * weight * more_green
        blue += scale * weight * more_blue
    return "#" + "".join(f"{min(round(value / FINEST) * FINEST, 255):02x}" for value in (red, green, blue))


def glow(colour: str, light: float) -> str:
    """A sphere's colour in its light: dark at rest, its own when lit, towards white at its brightest."""
    light = min(max(light, 0.0), 1.0)
    lit = blend((NIGHT, colour), GLOW_AT_REST + (1.0 - GLOW_AT_REST) * math.sqrt(light))
    return blend((lit, WHITE), GLOW_WHITE * light**2)


@lru_cache
def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of "#rrggbb", 0 to 255."""
    value = int(colour[1:], 16)
    return value >> 16, value >> 8 & 255, value & 255


def scattered(place: int) -> float:
    """A number from 0 up to 1 that looks random, the same for the same place (Knuth's multiplicative hash, twice)."""
    value = (place * 2654435761) & 0xFFFFFFFF
    value = ((value ^ value >> 15) * 2246822519) & 0xFFFFFFFF
    return (value ^ value >> 13) / 2**32
