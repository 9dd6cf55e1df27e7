"""`weaver render`: a MIDI file or a take becomes audio, as fast as the machine goes. All input is checked first."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from weaver.commands.first_start import learning
from weaver.commands.replaying import Replay, open_take
from weaver.dsp.sizes import CELL
from weaver.engine.engine import Engine
from weaver.engine.precompile import compile_entries, compile_offline, units_beside
from weaver.midi.files import midi_file_length_s, read_midi_file
from weaver.model.errors import ConfigError
from weaver.model.law import STAKES
from weaver.model.sample_rates import SAMPLE_RATES_HZ
from weaver.model.spheres import SphereSet, load_set
from weaver.model.units import gain_to_db, seconds_to_frames
from weaver.takes.audio_file import FIXED, audio_file, check_audio_path
from weaver.takes.offline import ScoreEvent, play_score
from weaver.takes.plot import check_plot, plot_audio
from weaver.takes.stem_files import STEMS_BYPASS, StemFiles
from weaver.takes.take import is_take
from weaver.wishes import Wishes, midi_tables

BLOCK_FRAMES = 1024
RATE_HZ, SEED, UNHARMED = 48_000, 1, "off"
TAKES_OWN = ("set", "mode", "tuning", "kbm", "rate", "seed", "stakes")
"""Options that a take leaves nothing to say for."""
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
    piece: Score | Replay
    piece = _take(arguments) if is_take(arguments.score) else _score(arguments)
    check_audio_path(arguments.output)
    if arguments.plot is not None:
        check_plot(arguments.plot)
    with learning(console):
        with units_beside():
            piece.compile()
            compile_entries()
    engine, blocks = piece.begin(block_frames)
    for difference in piece.differences:
        console.print(f"{arguments.score}: {difference}", soft_wrap=True)
    began_s = time.perf_counter()
    result = _render(arguments, console, piece, engine, blocks)
    took_s = time.perf_counter() - began_s
    seconds = result.frames / piece.sample_rate
    console.print(
        f"{arguments.output}: {seconds:.1f} s, peak {gain_to_db(result.peak):.1f} dBFS, "
        f"{seconds / took_s:.0f} times real time"
    )
    if arguments.stems is not None:
        console.print(f"{arguments.stems}: {STEMS_BYPASS}", soft_wrap=True)
    if arguments.plot is not None:
        plot_audio(arguments.output, arguments.plot, f"{arguments.score.stem} · {piece.title}")
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


@dataclass
class Score:
    """A MIDI file that is ready to be played by a set."""

    spheres: SphereSet
    tables: np.record
    events: list[ScoreEvent]
    length_frames: int
    sample_rate: float
    seed: int
    stakes: str
    encoding: str = FIXED
    differences: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Of its set."""
        return self.spheres.title

    def compile(self) -> None:
        """What it is rendered by."""
        compile_offline()

    def begin(self, block_frames: int) -> tuple[Engine, Iterator[NDArray[np.float32]]]:
        """A fresh engine, and the sound, in blocks."""
        engine = Engine(self.spheres, self.tables, self.sample_rate, self.seed)
        engine.set_parameter("stakes", STAKES.index(self.stakes))
        return engine, play_score(engine, self.events, self.length_frames, block_frames)


def _score(arguments: argparse.Namespace) -> Score:
    """The file's messages at their frames, and all that plays them."""
    wishes, path = Wishes(), arguments.score
    spheres = load_set(arguments.set or wishes.spheres)
    tables = midi_tables(arguments.mode or wishes.mode, arguments.tuning, arguments.kbm)
    rate = RATE_HZ if arguments.rate is None else arguments.rate
    low, high = SAMPLE_RATES_HZ
    if not low <= rate <= high:
        raise ConfigError("--rate", f"{low:g} to {high:g} Hz", rate)
    try:
        length_s = midi_file_length_s(path)
        messages = read_midi_file(path)
    except OSError as error:
        raise ConfigError(str(path), "a MIDI file", (error.strerror or str(error)).lower()) from error
    if length_s > LONGEST_S:
        raise ConfigError(str(path), "at most 24 hours of music", f"{length_s / 3600.0:.0f} hours")
    events = [ScoreEvent(seconds_to_frames(message.time_s, rate), message.port, message.data) for message in messages]
    seed = SEED if arguments.seed is None else arguments.seed
    return Score(
        spheres, tables, events, seconds_to_frames(length_s, rate), float(rate), seed, arguments.stakes or UNHARMED
    )


def _take(arguments: argparse.Namespace) -> Replay:
    """A take brings all that plays it."""
    for option in TAKES_OWN:
        if getattr(arguments, option) is not None:
            raise ConfigError(f"--{option}", "none: a take is played with what it was recorded with", "one")
    return open_take(arguments.score)


def _render(
    arguments: argparse.Namespace,
    console: Console,
    piece: Score | Replay,
    engine: Engine,
    blocks: Iterator[NDArray[np.float32]],
) -> _Result:
    """Write all files, or none of them."""
    result = _Result()
    rate = round(piece.sample_rate)
    with ExitStack() as stack:
        output = stack.enter_context(audio_file(arguments.output, rate, piece.encoding))
        stems = StemFiles(stack, arguments.stems, engine, piece.spheres, rate) if arguments.stems else None
        bar = stack.enter_context(progress(console))
        task = bar.add_task(arguments.score.name, total=max(piece.length_frames, 1))
        for block in blocks:
            output.write(block)
            if stems is not None:
                stems.write_cell()
            result.frames += len(block)
            result.peak = max(result.peak, float(np.max(np.abs(block))))
            bar.update(task, completed=min(result.frames, piece.length_frames))
        if stems is not None:
            stems.write_rest()
    return result


def progress(console: Console) -> Progress:
    """A bar that goes when it is full."""
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(complete_style="#8a5cf0", finished_style="#f5c45e"),
        TextColumn("{task.percentage:3.0f} %"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
