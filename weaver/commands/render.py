"""`weaver render`: a MIDI file becomes audio, as fast as the machine goes. All input is checked before it starts."""

from __future__ import annotations

import argparse
import re
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from weaver.app import midi_tables
from weaver.commands.first_start import learning
from weaver.dsp.sizes import CELL
from weaver.engine.engine import SAMPLE_RATES_HZ, Engine
from weaver.engine.precompile import compile_entries, compile_offline, units_beside
from weaver.midi.files import midi_file_length_s, read_midi_file
from weaver.model.errors import ConfigError
from weaver.model.law import STAKES
from weaver.model.spheres import SphereSet, load_set
from weaver.model.units import gain_to_db, seconds_to_frames
from weaver.takes.audio_file import FLOAT, AudioWriter, audio_file, check_audio_path
from weaver.takes.offline import ScoreEvent, Stems, play_score
from weaver.takes.plot import check_plot, plot_audio

BLOCK_FRAMES = 1024
MOST_FRAMES = 1 << 20
"""The longest block: 8 MB of sound."""
LONGEST_S = 24 * 3600.0


@dataclass(slots=True)
class _Result:
    """What is told at the end."""

    frames: int = 0
    peak: float = 0.0


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Render one file; says peak, length and speed. Raises ConfigError before anything is written."""
    block_frames = _block(arguments)
    spheres, tables = load_set(arguments.set), midi_tables(arguments.mode, arguments.tuning, arguments.kbm)
    low, high = SAMPLE_RATES_HZ
    if not low <= arguments.rate <= high:
        raise ConfigError("--rate", f"{low:g} to {high:g} Hz", arguments.rate)
    events, length_frames = _score(arguments.score, arguments.rate)
    check_audio_path(arguments.output)
    if arguments.plot is not None:
        check_plot(arguments.plot)
    with learning(console):
        with units_beside():
            compile_offline()
            compile_entries()
    engine = Engine(spheres, tables, float(arguments.rate), arguments.seed)
    engine.set_parameter("stakes", STAKES.index(arguments.stakes))
    began_s = time.perf_counter()
    result = _render(arguments, console, engine, events, length_frames, block_frames)
    took_s = time.perf_counter() - began_s
    seconds = result.frames / arguments.rate
    console.print(
        f"{arguments.output}: {seconds:.1f} s, peak {gain_to_db(result.peak):.1f} dBFS, "
        f"{seconds / took_s:.0f} times real time"
    )
    if arguments.plot is not None:
        plot_audio(arguments.output, arguments.plot, f"{arguments.score.stem} · {spheres.title}")
        console.print(f"{arguments.plot}: its spectrogram")
    return 0


def _block(arguments: argparse.Namespace) -> int:
    """Frames rendered at once; stems are taken cell by cell, so theirs is the grid's."""
    if arguments.stems is not None:
        if arguments.block not in (None, CELL):
            raise ConfigError("--block", f"{CELL}, which --stems needs, or none", arguments.block)
        return CELL
    if arguments.block is None:
        return BLOCK_FRAMES
    if arguments.block > MOST_FRAMES:
        raise ConfigError("--block", f"1 to {MOST_FRAMES} frames", arguments.block)
    return int(arguments.block)


def _score(path: Path, sample_rate: int) -> tuple[list[ScoreEvent], int]:
    """The file's messages at their frames, and its length in frames."""
    try:
        length_s = midi_file_length_s(path)
        messages = read_midi_file(path)
    except OSError as error:
        raise ConfigError(str(path), "a MIDI file", (error.strerror or str(error)).lower()) from error
    if length_s > LONGEST_S:
        raise ConfigError(str(path), "at most 24 hours of music", f"{length_s / 3600.0:.0f} hours")
    events = [
        ScoreEvent(seconds_to_frames(message.time_s, sample_rate), message.port, message.data) for message in messages
    ]
    return events, seconds_to_frames(length_s, sample_rate)


def _render(
    arguments: argparse.Namespace,
    console: Console,
    engine: Engine,
    events: list[ScoreEvent],
    length_frames: int,
    block_frames: int,
) -> _Result:
    """Write all files, or none of them."""
    result = _Result()
    with ExitStack() as stack:
        output = stack.enter_context(audio_file(arguments.output, arguments.rate))
        stems = _StemFiles(stack, arguments.stems, engine, arguments.rate) if arguments.stems else None
        bar = stack.enter_context(_progress(console))
        task = bar.add_task(arguments.score.name, total=max(length_frames, 1))
        for block in play_score(engine, events, length_frames, block_frames):
            output.write(block)
            if stems is not None:
                stems.write()
            result.frames += len(block)
            result.peak = max(result.peak, float(np.max(np.abs(block))))
            bar.update(task, completed=min(result.frames, length_frames))
    return result


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(complete_style="#8a5cf0", finished_style="#f5c45e"),
        TextColumn("{task.percentage:3.0f} %"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


class _StemFiles:
    """A file for each sphere, in floating point (only the mix is limited), one for the audience, one for the room."""

    def __init__(self, stack: ExitStack, folder: Path, engine: Engine, sample_rate: int) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(str(folder), "a folder for stems", (error.strerror or str(error)).lower()) from error
        self._stems = Stems(engine)
        self._spheres = [
            stack.enter_context(audio_file(folder / name, sample_rate, FLOAT)) for name in stem_names(engine.spheres)
        ]
        self._audience: AudioWriter = stack.enter_context(audio_file(folder / "audience.wav", sample_rate, FLOAT))
        self._room: AudioWriter = stack.enter_context(audio_file(folder / "room.wav", sample_rate, FLOAT))

    def write(self) -> None:
        """Append the cell that has just been rendered."""
        self._stems.take()
        stem: NDArray[np.float32]
        for file, stem in zip(self._spheres, self._stems.spheres, strict=True):
            file.write(stem)
        self._audience.write(self._stems.audience)
        self._room.write(self._stems.room)


def stem_names(spheres: SphereSet) -> list[str]:
    """File names of the stems: number and name, in letters that every file system takes."""
    return [
        f"{number:02d}-{re.sub(r'[^A-Za-z0-9]+', '-', sphere.name).strip('-').lower() or 'sphere'}.wav"
        for number, sphere in enumerate(spheres.spheres, start=1)
    ]
