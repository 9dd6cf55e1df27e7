"""Takes as commands need them: with the sets and tables they name, and in what these differ from the recorded ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from weaver.engine.engine import Engine
from weaver.engine.hosts import compile_callback
from weaver.engine.provenance import law_digest, midi_digest, provenance, set_digest, show_digest
from weaver.model.errors import ConfigError
from weaver.model.law import DEFAULT_LAW, Law, load_law
from weaver.model.show import Show, load_show
from weaver.model.spheres import SphereSet, load_set
from weaver.takes.audio_file import FLOAT
from weaver.takes.replay import Hear, Library, Summary, engine_for, ignore, replay, summary_of
from weaver.takes.take import Header, Reference, ShowReference, Take
from weaver.wishes import Wishes, midi_tables

WHAT = {
    "weaver": "Sonic Weaver",
    "python": "Python",
    "numpy": "NumPy",
    "numba": "Numba",
    "llvmlite": "llvmlite",
    "kernels": "the sound's code",
    "system": "the system",
    "cpu": "the processor",
    "features": "what the processor can",
}
"""What the parts of a take's provenance are called."""


@dataclass
class Replay:
    """A take that is ready to be played again. `differences` says why it may not sound the very same, a line each."""

    take: Take
    summary: Summary
    library: Library
    tables: np.record
    law: Law
    differences: list[str]
    encoding: str = FLOAT

    @property
    def sample_rate(self) -> float:
        """In Hz."""
        return self.take.header.sample_rate

    @property
    def length_frames(self) -> int:
        """Of the whole."""
        return self.summary.end_frame - self.take.header.frame

    @property
    def title(self) -> str:
        """Of the set it begins with."""
        return self.library.sets[self.take.header.set.source].title

    @property
    def spheres(self) -> SphereSet:
        """The largest of its sets."""
        return max(self.library.sets.values(), key=lambda spheres: len(spheres.spheres))

    def compile(self) -> None:
        """What it is rendered by."""
        compile_callback("silent")

    def begin(self, block_frames: int, hear: Hear = ignore) -> tuple[Engine, Iterator[NDArray[np.float32]]]:
        """An engine that stands at its beginning, and the sound, in blocks; `hear` as `takes.replay` has it."""
        header = self.take.header
        engine = engine_for(header, self.library.sets[header.set.source], self.tables, self.law)
        return engine, replay(engine, self.take, self.summary.end_frame, self.library, block_frames, hear)


def open_take(path: Path) -> Replay:
    """Read a whole take, and load what it names. Raises ConfigError for a bad take, or a missing set or show."""
    take = Take(path)
    summary = summary_of(take)
    sets = {reference.source: load_set(reference.source) for reference in summary.sets}
    shows = {reference.source: load_show(reference.source) for reference in summary.shows}
    tables, tables_differ = _tables(take.header)
    law, law_differs = _law(take.header)
    differences = [*losses(summary), *provenance_differences(take.header), *tables_differ, *law_differs]
    for reference in summary.sets:
        differences += set_differences(reference, sets[reference.source])
    for show in summary.shows:
        differences += show_differences(show, shows[show.source])
    return Replay(take, summary, Library(sets, shows), tables, law, differences)


def provenance_differences(header: Header) -> list[str]:
    """In what this instrument and machine differ from the recorded ones."""
    here, there = provenance(), header.provenance
    return [
        f"{what}: recorded with {there.get(key, 'nothing that it tells')}, here is {here[key]}"
        for key, what in WHAT.items()
        if here[key] != there.get(key)
    ]


def set_differences(reference: Reference, spheres: SphereSet) -> list[str]:
    """Whether a set is still what it was."""
    if set_digest(spheres) == reference.sha256:
        return []
    return [f"the set {reference.source} is not the one that was recorded"]


def show_differences(reference: ShowReference, show: Show) -> list[str]:
    """Whether a show is still what it was."""
    if show_digest(show, reference.prelude_s) == reference.sha256:
        return []
    return [f"the show {reference.source} is not the one that was recorded"]


def losses(summary: Summary) -> list[str]:
    """What is not in the take though it was played."""
    return [f"{summary.lost} commands are missing"] if summary.lost else []


def rules_differences(header: Header) -> list[str]:
    """Whether MIDI still means what it meant, and spheres still live as they lived."""
    return _tables(header)[1] + _law(header)[1]


def _law(header: Header) -> tuple[Law, list[str]]:
    """The law; where its file is missing, the one there is unless another is asked for."""
    source = header.law.source
    try:
        law = load_law(source)
    except ConfigError as error:
        return load_law(DEFAULT_LAW), [f"{error}; the law {DEFAULT_LAW} holds"]
    return law, [] if law_digest(law) == header.law.sha256 else [f"the law {source} is not the one that was recorded"]


def _tables(header: Header) -> tuple[np.record, list[str]]:
    """The decoder's tables; where a file of theirs is missing, the nearest there are."""
    tuning, kbm = (Path(name) if name is not None else None for name in (header.tuning, header.kbm))
    try:
        tables = midi_tables(header.mode, tuning, kbm)
    except ConfigError as error:
        return midi_tables(Wishes().mode), [f"{error}; MIDI is played in plain {Wishes().mode} mode"]
    if midi_digest(tables) == header.midi_sha256:
        return tables, []
    named = ", ".join(filter(None, (f"mode {header.mode}", header.tuning, header.kbm)))
    return tables, [f"what MIDI does ({named}) is not what was recorded"]
