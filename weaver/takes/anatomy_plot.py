"""A picture of a sphere's anatomy: its spectrum, its decays, its crackle and its flicker. Needs matplotlib."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from weaver.life.crackle import EXPONENT
from weaver.takes.anatomy import Anatomy
from weaver.takes.audio_file import whole_file
from weaver.takes.measure import Bands, Samples, power_spectrum
from weaver.takes.partials import NARROWEST_HZ
from weaver.takes.plot import COLOURS, DOTS_PER_INCH, FAINT, GROUND, INCHES, INK, TICKS_HZ, check_plot
from weaver.takes.signs import ROUGH_S, SPEED
from weaver.takes.specimen import Specimen

SPECTRUM, MARK, ASKED, WHOLE = COLOURS[5], COLOURS[7], COLOURS[8], FAINT
FRAME = "#2a2145"
DEEPEST_DB, HIGHEST_HZ = -110.0, 18_000.0
DECAYS, DECAY_HALF, DECAY_S = 5, 0.025, 4.0
FLICKER_S = 12.0
BINS = 24


def plot_anatomy(specimen: Specimen, anatomy: Anatomy, picture: Path) -> None:
    """Draw it into the PNG file `picture`, the whole sphere in faint. Raises as `check_plot` and `whole_file` do."""
    check_plot(picture)
    from matplotlib.figure import Figure  # half a second that only this needs

    figure = Figure(figsize=INCHES, dpi=DOTS_PER_INCH, facecolor=GROUND)
    grid = figure.add_gridspec(2, 3, height_ratios=(1.15, 1.0), hspace=0.34, wspace=0.24)
    figure.subplots_adjust(left=0.062, right=0.975, top=0.885, bottom=0.085)
    name = f"{specimen.sphere.name} · {specimen.sphere.material.name} at damage {anatomy.damage:g}"
    figure.text(0.062, 0.945, name, color=INK, fontsize=15, family="serif")
    _draw_spectrum(figure.add_subplot(grid[0, :]), specimen, anatomy)
    _draw_decays(figure.add_subplot(grid[1, 0]), specimen, anatomy)
    _draw_crackle(figure.add_subplot(grid[1, 1]), anatomy)
    _draw_flicker(figure.add_subplot(grid[1, 2]), anatomy)
    for axes in figure.axes:
        axes.set_facecolor(GROUND)
        axes.tick_params(colors=FAINT, which="both")
        for spine in axes.spines.values():
            spine.set_color(FRAME)
    with whole_file(picture) as hidden:
        figure.savefig(hidden, format="png", facecolor=GROUND)


def _label(axes: Any, title: str, x: str, y: str) -> None:
    axes.set_title(title, color=INK, fontsize=10, loc="left")
    axes.set_xlabel(x, color=FAINT)
    axes.set_ylabel(y, color=FAINT)


def _draw_spectrum(axes: Any, specimen: Specimen, anatomy: Anatomy) -> None:
    """Of a strike, whole and as it is; the partials that the model asks for as ticks."""
    top = 0.0
    for damage, colour in ((0.0, WHOLE), (anatomy.damage, SPECTRUM)):
        sound, _ = specimen.strike(damage, SPEED, sum(ROUGH_S), 0)
        hz, power = power_spectrum(sound, specimen.rate, *ROUGH_S)
        top = top or float(power.max())
        axes.plot(hz[1:], 10.0 * np.log10(power[1:] / top + 1e-15), color=colour, lw=0.6)
    lowest_hz = 0.4 * float(anatomy.multiplets[0].asked_hz.min())
    for multiplet in anatomy.multiplets:
        axes.vlines(multiplet.asked_hz, 3.0, 10.0, color=ASKED, lw=0.7)
    axes.set_xscale("log")
    axes.set_xlim(lowest_hz, HIGHEST_HZ)
    axes.set_ylim(DEEPEST_DB, 12.0)
    ticks = [tick for tick in TICKS_HZ if lowest_hz < tick < HIGHEST_HZ]
    axes.set_xticks(ticks, [f"{tick / 1000:g}k" if tick >= 1000 else f"{tick}" for tick in ticks])
    axes.minorticks_off()
    _label(axes, "a strike; whole in faint, ticks are the partials asked for", "Hz", "dB")


def _draw_decays(axes: Any, specimen: Specimen, anatomy: Anatomy) -> None:
    """Of the lowest partials, as worn as they are; dotted as the model asks."""
    sound, _ = specimen.tap_worn(anatomy.damage, DECAY_S, 0)
    bands = Bands(sound, specimen.rate)
    for number, multiplet in enumerate(anatomy.multiplets[:DECAYS]):
        centre_hz = float(multiplet.asked_hz.mean())
        band = bands.cut(centre_hz, max(DECAY_HALF * centre_hz, NARROWEST_HZ))
        level = 10.0 * np.log10(np.square(np.abs(band.samples)).sum(axis=1) + 1e-20)
        time_s = DECAY_S - (len(level) - np.arange(len(level))) / band.rate
        axes.plot(time_s, level - level[0], color=COLOURS[3 + number], lw=1.0)
        axes.plot(time_s, -60.0 * (time_s - time_s[0]) / multiplet.asked_t60_s, color=ASKED, lw=0.7, ls=":")
    axes.set_ylim(-62.0, 8.0)
    axes.set_xlim(0.0, DECAY_S)
    _label(axes, "decays of the lowest partials; dotted as asked", "seconds", "dB")


def _draw_crackle(axes: Any, anatomy: Anatomy) -> None:
    """Density of the clicks' energies, and the slope that the model draws them by."""
    energies = anatomy.crackle.energies
    if len(energies) > 1:
        edges = np.geomspace(float(energies.min()), float(energies.max()) * 1.001, BINS + 1)
        counts = np.histogram(energies, edges)[0]
        middle = np.sqrt(edges[1:] * edges[:-1])
        density = counts / np.diff(edges)
        axes.loglog(middle[counts > 0], density[counts > 0], "o", color=MARK, ms=4)
        line: Samples = middle**-EXPONENT
        line *= np.exp(np.mean(np.log(density[counts > 0])) - np.mean(np.log(line[counts > 0])))
        axes.loglog(middle, line, color=ASKED, lw=0.8, ls=":")
    else:
        axes.text(0.5, 0.5, "silence", color=FAINT, ha="center", transform=axes.transAxes)
        axes.set_xticks([])
        axes.set_yticks([])
    _label(axes, f"crackle; dotted E^-{EXPONENT:g}", "energy", "density")


def _draw_flicker(axes: Any, anatomy: Anatomy) -> None:
    """The hum's envelope, and the light beside it; a whole sphere is steady."""
    flicker = anatomy.flicker
    time_s = np.linspace(0.0, flicker.seconds, len(flicker.sound))
    axes.axhline(1.0, color=WHOLE, lw=1.0)
    axes.plot(time_s, flicker.light, color=MARK, lw=1.6)
    axes.plot(time_s, flicker.sound, color=SPECTRUM, lw=0.8)
    axes.set_xlim(0.0, min(FLICKER_S, flicker.seconds))
    axes.set_ylim(-0.1, 1.3)
    _label(axes, "flicker of the light (gold) and of the sound", "seconds", "")
