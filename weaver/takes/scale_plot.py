"""A picture of a related scale: the dissonance curve, and its minima. Needs matplotlib (the extra "plot")."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from weaver.takes.audio_file import whole_file
from weaver.takes.plot import COLOURS, DOTS_PER_INCH, FAINT, GROUND, INCHES, INK, check_plot
from weaver.takes.related_scale import REACH_CENTS, RelatedScale

FILL, LINE, MARK = COLOURS[2], COLOURS[5], COLOURS[7]
HEADROOM = 1.08
GRID_CENTS = 100
FRAME = "#2a2145"


def plot_scale(scale: RelatedScale, picture: Path, title: str) -> None:
    """Draw it into the PNG file `picture`. Raises as `check_plot` and `whole_file` do."""
    check_plot(picture)
    from matplotlib.figure import Figure  # half a second that only this needs

    figure = Figure(figsize=INCHES, dpi=DOTS_PER_INCH, facecolor=GROUND)
    axes = figure.subplots()
    figure.subplots_adjust(left=0.062, right=0.97, top=0.92, bottom=0.085)
    figure.text(0.062, 0.945, title, color=INK, fontsize=15, family="serif")
    cents = np.arange(REACH_CENTS + 1)
    axes.fill_between(cents, scale.curve, color=FILL, alpha=0.55, lw=0)
    axes.plot(cents, scale.curve, color=LINE, lw=1.6)
    for step in scale.steps:
        is_period = step is scale.steps[-1]
        axes.axvline(step.cents, color=MARK, lw=1.4 if is_period else 0.8, alpha=0.9 if is_period else 0.45)
        axes.plot(step.cents, scale.curve[step.cents], "o", color=MARK, ms=6)
        axes.annotate(f"{step.cents}", (step.cents, HEADROOM), (5, -14), textcoords="offset points", color=INK)
    axes.set_facecolor(GROUND)
    axes.set_xlim(0, REACH_CENTS)
    axes.set_ylim(0, HEADROOM)
    axes.set_xticks(range(0, REACH_CENTS + 1, GRID_CENTS))
    axes.set_xlabel("cents", color=FAINT)
    axes.set_ylabel("roughness between two", color=FAINT)
    axes.tick_params(colors=FAINT)
    for spine in axes.spines.values():
        spine.set_color(FRAME)
    with whole_file(picture) as hidden:
        figure.savefig(hidden, format="png", facecolor=GROUND)
