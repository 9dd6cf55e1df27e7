"""A picture of a sound: its spectrogram over a strip of its waveform, in the colours of the auditorium.

Three transforms of different lengths share the picture: long windows below, where partials lie close, short
ones above, where strikes are to be seen. Needs matplotlib (the extra "plot").
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from weaver.model.errors import ConfigError
from weaver.takes.audio_file import check_folder, whole_file

COLOURS = ("#05030d", "#130a33", "#301169", "#5c1f9c", "#9136b0", "#cc4f97", "#f0806a", "#f9bd4f", "#fff0b8")
"""From the dark between the stars by way of violet to gold, evenly brighter."""
INK, FAINT, GROUND = "#efe6ff", "#8f83b5", "#07040f"
WINDOWS = ((16_384, 0.0, 300.0), (8_192, 300.0, 1_500.0), (2_048, 1_500.0, 1e9))
"""(frames of the window, from Hz, to Hz)"""
FINER = 2
"""Points in a bin (zero-padding) and in a row: a tone that falls between loses 0.4 dB instead of 1.4."""
LOWEST_HZ, HIGHEST_HZ = 40.0, 16_000.0
ROWS, COLUMNS = 720, 1500
RANGE_DB = 90.0
INCHES, DOTS_PER_INCH = (13.0, 7.0), 120
TICKS_HZ = (50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)


def check_plot(path: Path) -> None:
    """ConfigError unless a picture of this name can be made here."""
    if path.suffix.lower() != ".png":
        raise ConfigError(str(path), "a name that ends in .png", repr(path.name))
    if find_spec("matplotlib") is None:
        raise ConfigError("--plot", "matplotlib (pip install 'sonic-weaver[plot]')", "no such package")
    check_folder(path)


def plot_audio(audio: Path, picture: Path, title: str) -> None:
    """Draw the audio file `audio` into the PNG file `picture`. Raises as `check_plot` and `whole_file` do."""
    check_plot(picture)
    from matplotlib.figure import Figure  # half a second that only this needs

    sound, sample_rate = read_mono(audio)
    figure = Figure(figsize=INCHES, dpi=DOTS_PER_INCH, facecolor=GROUND)
    strip, spectrum = figure.subplots(2, 1, sharex=True, height_ratios=(1, 6), gridspec_kw={"hspace": 0.03})
    figure.subplots_adjust(left=0.062, right=0.93, top=0.92, bottom=0.075)
    figure.text(0.062, 0.945, title, color=INK, fontsize=15, family="serif")
    seconds = len(sound) / sample_rate
    draw_strip(strip, sound, seconds)
    draw_spectrum(figure, spectrum, spectrogram(sound, sample_rate), seconds, sample_rate)
    with whole_file(picture) as hidden:
        figure.savefig(hidden, format="png", facecolor=GROUND)


def spectrogram(sound: NDArray[np.float32], sample_rate: int) -> NDArray[np.float32]:
    """Levels in dB re full scale, float32[ROWS, COLUMNS]; rows are evenly spaced in the logarithm of frequency.

    A row shows the loudest of what lies in it, so that no partial falls between two.
    """
    row_hz = np.geomspace(LOWEST_HZ, min(HIGHEST_HZ, sample_rate / 2), ROWS * FINER).reshape(ROWS, FINER)
    centres = np.linspace(0, len(sound), COLUMNS, endpoint=False).astype(np.int64)
    levels = np.empty((ROWS, COLUMNS), np.float32)
    for frames, low_hz, high_hz in WINDOWS:
        window = np.hanning(frames).astype(np.float32)
        padded = np.pad(sound, frames // 2)
        rows = (row_hz[:, 0] >= low_hz) & (row_hz[:, 0] < high_hz)
        bins = row_hz[rows] * FINER * frames / sample_rate
        for column, centre in enumerate(centres):
            magnitude = np.abs(np.fft.rfft(padded[centre : centre + frames] * window, FINER * frames))
            heard = np.interp(bins, np.arange(len(magnitude)), magnitude)
            levels[rows, column] = heard.max(axis=1) * 2.0 / window.sum()
    return np.asarray(20.0 * np.log10(np.maximum(levels, 1e-9)), np.float32)


def read_mono(path: Path) -> tuple[NDArray[np.float32], int]:
    """The mean of both channels, and the sample rate, read in blocks."""
    with soundfile.SoundFile(path) as file:
        blocks = [block.mean(axis=1) for block in file.blocks(1 << 16, dtype="float32", always_2d=True)]
        rate = int(file.samplerate)
    return (np.concatenate(blocks) if blocks else np.zeros(1, np.float32)), rate


def draw_strip(axes: Any, sound: NDArray[np.float32], seconds: float) -> None:
    """The waveform as its peaks."""
    columns = np.array_split(sound, min(COLUMNS, len(sound)))
    time_s = np.linspace(0, seconds, len(columns), endpoint=False)
    axes.fill_between(time_s, [c.min() for c in columns], [c.max() for c in columns], color=COLOURS[7], lw=0)
    axes.set_facecolor(GROUND)
    axes.set_yticks([])
    axes.tick_params(bottom=False)
    for spine in axes.spines.values():
        spine.set_visible(False)


def draw_spectrum(figure: Any, axes: Any, levels: NDArray[np.float32], seconds: float, sample_rate: int) -> None:
    """Levels from `spectrogram`, over a logarithmic axis of frequency, with their scale beside all of the figure."""
    from matplotlib.colors import LinearSegmentedColormap

    top_db = float(levels.max())
    highest_hz = min(HIGHEST_HZ, sample_rate / 2)
    edges_hz = np.geomspace(LOWEST_HZ, highest_hz, ROWS + 1)
    image = axes.pcolormesh(
        np.linspace(0, seconds, COLUMNS + 1),
        edges_hz,
        levels,
        cmap=LinearSegmentedColormap.from_list("auditorium", COLOURS),
        vmin=top_db - RANGE_DB,
        vmax=top_db,
        rasterized=True,
    )
    axes.set_yscale("log")
    axes.set_ylim(LOWEST_HZ, highest_hz)
    ticks = [tick for tick in TICKS_HZ if tick < highest_hz]
    axes.set_yticks(ticks, [f"{tick / 1000:g}k" if tick >= 1000 else f"{tick}" for tick in ticks])
    axes.minorticks_off()
    axes.set_xlabel("seconds", color=FAINT)
    axes.set_ylabel("Hz", color=FAINT)
    axes.tick_params(colors=FAINT)
    for spine in axes.spines.values():
        spine.set_color("#2a2145")
    bar = figure.colorbar(image, ax=figure.axes, fraction=0.018, pad=0.012)
    bar.outline.set_visible(False)
    bar.ax.tick_params(colors=FAINT)
    bar.set_label("dB", color=FAINT)
