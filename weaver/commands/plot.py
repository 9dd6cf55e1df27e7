"""`weaver plot`: a take as a picture: its spectrogram, and what became of every sphere."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from rich.console import Console

from weaver.commands.first_start import learning
from weaver.commands.render import progress
from weaver.commands.replaying import open_take
from weaver.dsp.sizes import CELL
from weaver.engine.engine import Engine
from weaver.engine.precompile import compile_entries, units_beside
from weaver.model.gestures import MIDI, RUB, STRIKE
from weaver.takes.audio_file import audio_file
from weaver.takes.plot import check_plot
from weaver.takes.plot_timeline import plot_timeline
from weaver.takes.take import Command
from weaver.takes.timeline import Timeline

BLOCK_FRAMES = 6 * CELL
"""Fine enough for a sample of the timeline twenty times a second."""
NOTE_ON = 0x90


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Render the take again, and draw it. Raises ConfigError before anything is written."""
    check_plot(arguments.output)
    piece = open_take(arguments.take)
    with learning(console):
        with units_beside():
            piece.compile()
            compile_entries()
    heard: list[Command] = []
    engine, blocks = piece.begin(BLOCK_FRAMES, heard.append)
    for difference in piece.differences:
        console.print(f"{arguments.take}: {difference}", soft_wrap=True)
    spheres = [(sphere.name, sphere.colour) for sphere in piece.spheres.spheres]
    timeline = Timeline(spheres, piece.sample_rate, piece.take.header.frame)
    with tempfile.TemporaryDirectory(prefix="weaver-") as folder:
        sound = Path(folder) / "take.wav"
        with audio_file(sound, round(piece.sample_rate), piece.encoding) as output, progress(console) as bar:
            task = bar.add_task(arguments.take.name, total=max(piece.length_frames, 1))
            for block in blocks:
                output.write(block)
                timeline.sample(engine.snapshot())
                for command in heard:
                    tell(timeline, engine, command)
                heard.clear()
                bar.update(task, advance=len(block))
        plot_timeline(timeline, arguments.output, f"{arguments.take.stem} · {piece.title}", sound)
    console.print(f"{arguments.output}: {piece.length_frames / piece.sample_rate:.1f} s of {piece.title}")
    return 0


def tell(timeline: Timeline, engine: Engine, command: Command) -> None:
    """Mark what a command has done; which sphere took a note is asked of the engine that has just played it."""
    time_s = timeline.seconds(command.frame)
    count = len(timeline.spheres)
    if command.brought is not None:
        timeline.note(time_s, command.brought.source)
    elif command.kind in (STRIKE, RUB) and command.values[0] > 0.0:
        for s in range(count) if command.sphere < 0 else [command.sphere]:
            timeline.strike(time_s, s)
    elif command.kind == MIDI and int(command.values[0]) & 0xF0 == NOTE_ON and command.values[2] > 0.0:
        midi, channel, note = engine.state.midi, int(command.values[0]) & 0x0F, int(command.values[1])
        for s in range(count):
            if (midi.voice_port[s], midi.voice_channel[s], midi.voice_note[s]) == (command.source, channel, note):
                timeline.strike(time_s, s)
