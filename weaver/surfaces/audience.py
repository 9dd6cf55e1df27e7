"""The audience as the page shows it: the colours of its mood, that flow through each other, and its eyes."""

from __future__ import annotations

import math

from rich.text import Text

from weaver.surfaces.palette import MOODS, WHITE, mixed, scattered
from weaver.surfaces.picture import MoodView

WORDS = ("held breath", "fear", "calm", "wonder", "joy")
"""What the colours of the mood mean, in their order."""
WORD_CELLS = max(map(len, WORDS))
EYES = "–◡○◎◉"
"""How wide an eye is open."""
EYE_EVERY, ALL_AWAKE, SLEEPY = 8, 1.1, 0.35
"""Cells of sky for each eye, the gaze that would wake all of them, and how much less wide the last of them opens."""
STRIPES = ((41.0, 3.1, 0.0), (17.0, 5.3, 2.1), (53.0, -2.3, 4.0), (29.0, 4.1, 1.3), (35.0, -3.7, 5.2))
"""The stripes of each colour: cells from one to the next, cells a second that they flow, where they begin (rad)."""
CONTRAST, VIVID = 1.9, 1.4
"""How far a stripe stands out (it has exp(CONTRAST) of its colour's weight at the most), and the power of a weight that
keeps what is felt little from greying what is felt much."""
SWELLS = ((23.0, 4.7, 0.5), (11.0, -3.1, 0.3), (5.3, 6.1, 0.2))
"""The waves of light along the band: their length and pace like those of the stripes, and their height."""
SURE = 3.0
"""And that for the one colour which stands for all."""
HEIGHTS = "▁▂▃▄▅▆▇█"
LOW, LIFTED, SWELLING = 0.25, 0.4, 0.35
"""The band's middle height without pressure, what full pressure adds, and half the height of its waves."""
BEHIND, DIMMEST = 0.25, 0.55
"""Light behind the band, and of its lowest wave."""


def feeling(mood: MoodView) -> Text:
    """The eye that looks, and the word for what is felt most."""
    most = max(range(len(WORDS)), key=mood.weights.__getitem__)
    return Text.assemble((f"{eye(mood.gaze)} ", f"bold {WHITE}"), (WORDS[most], f"bold {MOODS[most]}"))


def tint(mood: MoodView) -> str:
    """One colour for it all."""
    return mixed(MOODS, [weight**SURE for weight in mood.weights])


def eye(gaze: float) -> str:
    """An eye, from shut to wide open."""
    return EYES[min(int(min(max(gaze, 0.0), 1.0) * len(EYES)), len(EYES) - 1)]


def mood_band(mood: MoodView, cells: int, drift_s: float) -> Text:
    """Stripes of the mood's colours, raised by its pressure, that have flowed for so long; in them, eyes that look."""
    text = Text()
    middle = LOW + LIFTED * min(max(mood.pressure, 0.0), 1.0)
    eyes = _eyes(mood.gaze, cells)
    for cell in range(cells):
        shares = [
            weight**VIVID * math.exp(CONTRAST * math.sin(_turn(cell, drift_s, length, pace) + start))
            for weight, (length, pace, start) in zip(mood.weights, STRIPES, strict=True)
        ]
        behind = mixed(MOODS, shares, BEHIND)
        if cell in eyes:
            text.append(eyes[cell], f"bold {WHITE} on {behind}")
            continue
        wave = sum(high * math.sin(_turn(cell, drift_s, length, pace)) for length, pace, high in SWELLS)
        colour = mixed(MOODS, shares, DIMMEST + (1.0 - DIMMEST) * (0.5 + 0.5 * wave))
        height = min(max(middle + SWELLING * wave, 0.0), 1.0)
        text.append(HEIGHTS[round(height * (len(HEIGHTS) - 1))], f"{colour} on {behind}")
    return text


def _eyes(gaze: float, cells: int) -> dict[int, str]:
    """The eyes that look, by their place: the wider the gaze, the more of them and the wider each."""
    eyes = {}
    for place in range(cells // EYE_EVERY):
        waking = scattered(place)
        if gaze > waking * ALL_AWAKE:
            cell = place * EYE_EVERY + int(scattered(place + cells) * (EYE_EVERY - 1))
            eyes[cell] = eye(gaze - SLEEPY * waking)
    return eyes


def _turn(cell: int, drift_s: float, length: float, pace: float) -> float:
    """Phase at a cell of a wave that flows, rad."""
    return 2.0 * math.pi * (cell - pace * drift_s) / length
