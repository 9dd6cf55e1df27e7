"""`weaver export`: a take becomes what a DAW opens: mix, stems, MIDI, projects; all of it, or nothing."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console

from weaver.cli import FINE
from weaver.commands.first_start import learning
from weaver.commands.render import progress
from weaver.commands.replaying import Replay, open_take
from weaver.dsp.sizes import CELL
from weaver.engine.precompile import compile_entries, units_beside
from weaver.model.midi_out import FORMS, Form
from weaver.model.units import gain_to_db
from weaver.options.export import DAWPROJECT, KINDS, MIDI, MIX, RPP, STEMS
from weaver.takes.audio_file import audio_file
from weaver.takes.export.dawproject import write_dawproject
from weaver.takes.export.folder import check_free, whole_folder
from weaver.takes.export.gathering import Gathering
from weaver.takes.export.rpp import write_rpp
from weaver.takes.export.smf import write_smf
from weaver.takes.export.song import Song
from weaver.takes.stem_files import STEMS_BYPASS, StemFiles, stem_names
from weaver.takes.take import ENDING
from weaver.views import incident_words

STEMS_FOLDER = "stems"
FILES = {MIDI: "song.mid", DAWPROJECT: "song.dawproject", RPP: "song.rpp"}
Tell = Callable[[int], None]


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Export one take; says what was made and how fast. Raises ConfigError before anything is written."""
    path: Path = arguments.take
    piece = open_take(path)
    plan = Plan(piece, arguments.output or folder_for(path), arguments.only, arguments.form, arguments.flac)
    check_free(plan.folder, plan.names, arguments.force)
    with learning(console):
        compile_export(piece)
    for difference in piece.differences:
        console.print(f"{path}: {difference}", soft_wrap=True)
    with progress(console) as bar:
        task = bar.add_task(path.name, total=max(piece.length_frames, 1))
        made = export(plan, lambda frames: bar.update(task, completed=frames))
    for line in told(plan, made):
        console.print(line, soft_wrap=True)
    return FINE


def folder_for(take: Path) -> Path:
    """Beside the take, and named after it."""
    return take.with_suffix("") if take.suffix == ENDING else take.with_name(f"{take.name}-export")


def compile_export(piece: Replay) -> None:
    """What it is rendered by, before any time is measured."""
    with units_beside():
        piece.compile()
        compile_entries()


@dataclass(frozen=True)
class Plan:
    """What shall be made of a take, in which folder."""

    piece: Replay
    folder: Path
    kinds: Sequence[str] = KINDS
    form: Form = FORMS[1]
    is_flac: bool = False

    @property
    def mix(self) -> str:
        """The name of the mix."""
        return "mix.flac" if self.is_flac else "mix.wav"

    @property
    def keeps_stems(self) -> bool:
        """Whether stems are among what is made; a project of REAPER's is nothing without."""
        return STEMS in self.kinds or RPP in self.kinds

    @property
    def names(self) -> list[str]:
        """All files, from the folder on."""
        stems = [f"{STEMS_FOLDER}/{name}" for name in stem_names(self.piece.spheres)] if self.keeps_stems else []
        mix = [self.mix] if MIX in self.kinds else []
        return [*mix, *stems, *(name for kind, name in FILES.items() if kind in self.kinds)]


@dataclass(frozen=True, slots=True)
class Made:
    """What came of it: peak of the mix as a gain, seconds of sound, and how long it all took."""

    song: Song
    peak: float
    took_s: float

    @property
    def speed(self) -> float:
        """Times real time."""
        return self.song.length_s / self.took_s


def export(plan: Plan, tell: Tell = lambda frames: None) -> Made:
    """Render the take once, and write all that is asked for; `tell` hears how many frames are done.

    Files of the same names are replaced. On an error nothing is left, and earlier files are as they were.
    """
    began_s = time.perf_counter()
    with whole_folder(plan.folder, plan.names) as folder:
        song, peak = _replay(plan, folder, tell)
        if MIDI in plan.kinds:
            write_smf(song, folder / FILES[MIDI])
        if DAWPROJECT in plan.kinds:
            write_dawproject(song, folder / FILES[DAWPROJECT], folder / STEMS_FOLDER)
        if RPP in plan.kinds:
            write_rpp(song, folder / FILES[RPP], STEMS_FOLDER)
    return Made(song, peak, time.perf_counter() - began_s)


def _replay(plan: Plan, folder: Path, tell: Tell) -> tuple[Song, float]:
    """The song, and the peak of the mix; audio is written as it comes."""
    piece, frames, peak = plan.piece, 0, 0.0
    rate = round(piece.sample_rate)
    heard: list[Gathering] = []
    engine, blocks = piece.begin(CELL, lambda command: heard[0].hear(command))
    gathering = Gathering(engine, piece.take.header, plan.form)
    heard.append(gathering)
    with ExitStack() as stack:
        mix = stack.enter_context(audio_file(folder / plan.mix, rate, piece.encoding)) if MIX in plan.kinds else None
        stems = None
        if plan.keeps_stems or DAWPROJECT in plan.kinds:
            stems = StemFiles(stack, folder / STEMS_FOLDER, engine, piece.spheres, rate)
        for block in blocks:
            if mix is not None:
                mix.write(block)
            if stems is not None:
                stems.write_cell()
            gathering.take()
            frames += len(block)
            peak = max(peak, float(np.max(np.abs(block))))
            tell(frames)
        if stems is not None:
            stems.write_rest()
    library = piece.library
    title = f"{piece.take.path.stem} · {piece.title}"
    return gathering.song(title, frames, piece.spheres, library.sets, library.shows, incident_words), peak


def told(plan: Plan, made: Made) -> list[str]:
    """What is said of it at the end."""
    song = made.song
    lines = [
        f"{plan.folder}: {song.length_s:.1f} s, peak {gain_to_db(made.peak):.1f} dBFS, {len(song.notes)} notes, "
        f"{len(song.markers)} markers; {made.speed:.0f} times real time"
    ]
    if plan.keeps_stems or DAWPROJECT in plan.kinds:
        lines.append(STEMS_BYPASS)
    return lines
