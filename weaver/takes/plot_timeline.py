"""A performance as a picture: its sound above, and below it a lane for each sphere, and the moods.

A lane is as thick as its sphere is whole, with a tick for each time it was played and a mark where its state changed.
Needs matplotlib (the extra "plot").
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from weaver.model.law import STATES
from weaver.model.mood import MOOD_COLOURS
from weaver.takes.audio_file import whole_file
from weaver.takes.plot import (
    DOTS_PER_INCH,
    FAINT,
    GROUND,
    INK,
    check_plot,
    draw_spectrum,
    draw_strip,
    read_mono,
    spectrogram,
)
from weaver.takes.timeline import Timeline

WIDTH_INCHES, SOUND_INCHES, LANE_INCHES, MOOD_INCHES = 13.0, 5.6, 0.22, 0.3
LEAST_LANES_INCHES = 1.2
FULLEST = 0.42
"""Half the thickness of a whole sphere's lane, of the space between two."""
MARKS = dict(zip(STATES, "●·/≠×○", strict=True))
"""Where a sphere comes to a state."""


def plot_timeline(timeline: Timeline, picture: Path, title: str, audio: Path | None = None) -> None:
    """Draw a timeline into a PNG file, under the spectrogram of its sound if there is one.

    Raises as `check_plot` and `whole_file` do.
    """
    check_plot(picture)
    from matplotlib.figure import Figure  # half a second that only this needs

    lanes = max(LANE_INCHES * len(timeline.spheres), LEAST_LANES_INCHES)
    heights = [*((0.9, SOUND_INCHES - 0.9) if audio else ()), lanes, MOOD_INCHES]
    inches = sum(heights) + 1.2
    figure = Figure(figsize=(WIDTH_INCHES, inches), dpi=DOTS_PER_INCH, facecolor=GROUND)
    rows = figure.subplots(
        len(heights), 1, sharex=True, squeeze=False, height_ratios=heights, gridspec_kw={"hspace": 0.04}
    )
    figure.subplots_adjust(left=0.09, right=0.93, top=1.0 - 0.6 / inches, bottom=0.55 / inches)
    figure.text(0.09, 1.0 - 0.42 / inches, title, color=INK, fontsize=15, family="serif")
    axes = list(rows[:, 0])
    seconds = float(timeline.times_s[-1]) if len(timeline.times_s) else 1.0
    if audio is not None:
        sound, sample_rate = read_mono(audio)
        seconds = len(sound) / sample_rate
        draw_strip(axes[0], sound, seconds)
        draw_spectrum(figure, axes[1], spectrogram(sound, sample_rate), seconds, sample_rate)
        axes[1].set_xlabel("")
        axes = axes[2:]
    _draw_lanes(axes[0], timeline)
    _draw_moods(axes[1], timeline)
    axes[-1].set_xlabel("seconds", color=FAINT)
    axes[-1].set_xlim(0.0, max(seconds, 1e-3))
    with whole_file(picture) as hidden:
        figure.savefig(hidden, format="png", facecolor=GROUND)


def _draw_lanes(axes: Any, timeline: Timeline) -> None:
    """The first sphere lowest, as its tone is."""
    _dress(axes)
    time_s, health = timeline.times_s, timeline.health
    for s, (_, colour) in enumerate(timeline.spheres):
        half = FULLEST * health[:, s]
        axes.fill_between(time_s, s - half, s + half, color=colour, alpha=0.38, lw=0)
        axes.plot(time_s, np.full(len(time_s), s), color=colour, lw=0.5, alpha=0.6)
        struck_s = [time for time, sphere in timeline.strikes if sphere == s]
        axes.vlines(struck_s, s - FULLEST, s + FULLEST, color=colour, lw=0.9)
    for at_s, s, text in timeline.notes:
        if s >= 0 and text in MARKS:
            axes.text(at_s, s, MARKS[text], color=INK, fontsize=8, ha="center", va="center", clip_on=True)
        else:
            axes.axvline(at_s, color=FAINT, lw=0.6, ls=":")
            axes.text(at_s, len(timeline.spheres) - 0.5, f" {text}", color=FAINT, fontsize=7, va="top", clip_on=True)
    axes.set_ylim(-0.6, len(timeline.spheres) - 0.4)
    axes.set_yticks(range(len(timeline.spheres)), [name for name, _ in timeline.spheres])
    for label, (_, colour) in zip(axes.get_yticklabels(), timeline.spheres, strict=True):
        label.set_color(colour)
        label.set_fontsize(8 if len(timeline.spheres) <= 24 else 5)


def _draw_moods(axes: Any, timeline: Timeline) -> None:
    """One band, in the colours of the moods as they weigh."""
    from matplotlib.colors import to_rgb

    _dress(axes)
    axes.set_yticks([0.5], ["mood"])
    axes.set_ylim(0.0, 1.0)
    weights = np.maximum(timeline.mood, 0.0)
    total = weights.sum(axis=1, keepdims=True)
    colours = np.array([to_rgb(colour) for colour in MOOD_COLOURS.values()])
    ground = np.array(to_rgb(GROUND))
    blended = np.where(total > 0.0, weights @ colours / np.maximum(total, 1e-9), ground)
    if len(blended) > 1:
        time_s = timeline.times_s
        axes.imshow(blended[np.newaxis], aspect="auto", extent=(time_s[0], time_s[-1], 0.0, 1.0), origin="lower")


def _dress(axes: Any) -> None:
    axes.set_facecolor(GROUND)
    axes.tick_params(colors=FAINT, length=0)
    for spine in axes.spines.values():
        spine.set_color("#2a2145")
