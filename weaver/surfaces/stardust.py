"""The chronometer: liquid stardust, whose strands weave through each other, more and quicker as the time runs out."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from rich.text import Text

from weaver.model.spheres import blend
from weaver.surfaces.palette import ALARM, FAINT, GOLD, INK, NIGHT, WHITE, scattered
from weaver.surfaces.picture import ShowView

STARS, SPARK = "··∙•✦", "✧"
"""Dust from thin to dense; and one grain in a while."""
DUST_ROWS = 3
ROOMY = 56
"""Cells of width from which the time says what it counts."""
SILVER = "#cfd3ff"
LONGEST, SHORTEST = 52.0, 15.0
"""Cells of a strand's wave while there is all the time in the world, and when there is none."""
STRANDS = (1.6, 6.0)
"""How many there are then."""
THICKNESS = 0.4
"""Of a strand, in rows."""
SWING, FLAT_SWING, STRAIGHT = 1.25, 0.8, 0.12
"""How many rows a strand swings up and down: in the midst of three rows, in one, and drawn out by silence."""
URGENT_S = 18.0
"""Left on the chronometer when half the way from calm to urgent is gone."""
TURNS_RAD, GRAINS_CELLS = 0.55, 3.0
"""Pace of a strand's wave and of the grains along it, a second, while the flow is calm."""
LATER_FLOW, SILENT_FLOW = 0.7, 0.12
"""Flow of the dust once the first note has sounded, and in the silence before it."""
LATER_URGENCY = {"silence": 0.0, "performance": 0.25, "finale": 0.85, "reckoned": 0.0}
"""And how urgent its shape is then."""
SILENT_LIGHT = 0.75
"""Light of the one strand that is left in the silence."""
UNLIKE, BETWEEN_RAD = 0.23, 2.4
"""How much longer each strand's wave is than the one before, and how far behind."""
SMOOTH, SPARKLING, FAR = 0.25, 0.93, 2.5
"""Light of the faintest grain, the grain from which one sparkles, and where a strand ends, in its thickness."""
APART = 977
"""Between the numbers of the grains of two strands."""
FADE = 0.6
"""How much fainter the dust is at both ends."""
SHADES, DARKEST, LIGHTEST = 8, 0.25, 0.85
"""Steps of light, so that neighbours share a style, and their ends on the way from night by the tint to white."""


def flow_of(show: ShowView) -> float:
    """How quickly the dust flows, 1 is calm."""
    if show.phase == "prelude":
        return show.flow
    return SILENT_FLOW if show.phase == "silence" else LATER_FLOW


def urgency_of(show: ShowView) -> float:
    """How urgent the dust's shape is, 0 to 1."""
    if show.phase == "prelude":
        return URGENT_S / (URGENT_S + max(show.chronometer_s, 0.0))
    return LATER_URGENCY[show.phase]


def chronometer(show: ShowView, width: int, rows: int, drift_s: float, light: float = 1.0) -> list[Text]:
    """So many rows of stardust that has flowed for so long and shines so brightly, and in their midst the time."""
    label, strands = _time(show, width), _strands(show, rows, drift_s)
    start = max((width - len(label)) // 2, 0)
    light *= SILENT_LIGHT if show.phase == "silence" else 1.0
    lines = []
    for row in range(rows):
        dust = [_star(strands, cell - width / 2.0, row - rows // 2, width, light) for cell in range(width)]
        if row == rows // 2:
            line = _joined(dust[:start]).append_text(label).append_text(_joined(dust[start + len(label) :]))
        else:
            line = _joined(dust)
        lines.append(line)
    return lines


def _joined(dust: list[tuple[str, str]]) -> Text:
    """Glyphs and their styles as text; neighbours of one style are one piece, for there are many."""
    text = Text(no_wrap=True, overflow="crop")
    for style, stars in groupby(dust, key=itemgetter(1)):
        text.append("".join(glyph for glyph, _ in stars), style)
    return text


def _time(show: ShowView, width: int) -> Text:
    """What there is to say of the time in a phase, with some air about it."""
    if show.phase == "prelude":
        text = Text(f"  {minutes(show.chronometer_s)} ", f"bold {blend((GOLD, ALARM), urgency_of(show) ** 2)}")
        return text.append("to the first note  " if width >= ROOMY else " ", FAINT)
    if show.phase == "silence":
        return Text.assemble(("  silence ", INK), (f"{show.silence_s:.1f} s  ", f"bold {WHITE}"))
    words = {"finale": "finale ", "reckoned": "the last note has rung "}
    return Text.assemble((f"  {words.get(show.phase, '')}", INK), (f"{minutes(show.elapsed_s)}  ", f"bold {GOLD}"))


def minutes(seconds: float) -> str:
    """As m:ss.t, never more than there is."""
    tenths = math.floor(max(seconds, 0.0) * 10.0 + 1e-3)
    return f"{tenths // 600}:{tenths % 600 // 10:02d}.{tenths % 10}"


class Strand(NamedTuple):
    """One of the strands the dust flows along: a wave, and grains that run along it."""

    turns_rad: float  # a cell, to the right
    phase_rad: float
    swing_rows: float
    grains_cells: float  # how far its grains have run to the right
    seed: int
    light: float
    tint: str


def _strands(show: ShowView, rows: int, drift_s: float) -> list[Strand]:
    """As many as the time is urgent; the last of them only begins to show."""
    urgency = urgency_of(show)
    count, swing = STRANDS[0] + (STRANDS[1] - STRANDS[0]) * urgency, SWING if rows > 1 else FLAT_SWING
    if show.phase == "silence":
        count, swing = 1.0, STRAIGHT
    length = LONGEST * (SHORTEST / LONGEST) ** urgency
    strands = []
    for index in range(math.ceil(count)):
        way = 1.0 if index % 2 else -1.0
        strands.append(
            Strand(
                turns_rad=2.0 * math.pi / (length * (1.0 + UNLIKE * index)),
                phase_rad=BETWEEN_RAD * index + way * TURNS_RAD * drift_s,
                swing_rows=swing,
                grains_cells=way * GRAINS_CELLS * drift_s * (1.0 + UNLIKE * index),
                seed=index * APART,
                light=min(count - index, 1.0),
                tint=SILVER if index % 2 else GOLD,
            )
        )
    return strands


def _star(strands: list[Strand], x: float, y: float, width: int, light: float) -> tuple[str, str]:
    """The dust at a place beside the midst of it, in cells and rows: its glyph and style."""
    dense, tint, is_spark = 0.0, GOLD, False
    for strand in strands:
        away = (y - strand.swing_rows * math.sin(strand.turns_rad * x + strand.phase_rad)) / THICKNESS
        if abs(away) > FAR:
            continue
        grain = scattered(math.floor(x - strand.grains_cells) + strand.seed)
        there = math.exp(-away * away) * strand.light * (SMOOTH + (1.0 - SMOOTH) * grain)
        if there > dense:
            dense, tint, is_spark = there, strand.tint, grain > SPARKLING
    dense *= light * (1.0 - FADE * min(abs(2.0 * x / width), 1.0) ** 2)
    step = round(dense * SHADES)
    if step == 0:
        return " ", ""
    glyph = SPARK if is_spark and dense > 0.5 else STARS[min(int(dense * len(STARS)), len(STARS) - 1)]
    return glyph, _shade(tint, step)


@lru_cache
def _shade(tint: str, step: int) -> str:
    return blend((NIGHT, tint, WHITE), DARKEST + (LIGHTEST - DARKEST) * step / SHADES)
