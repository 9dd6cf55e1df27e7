"""Writing takes while somebody plays: a thread of its own moves the engine's log to a file, several times a second.

Whatever happens to the disk, the sound goes on; what the disk does not take is kept in memory and tried again. When
the engine is made anew for another sample rate the take ends, and another begins.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from weaver.engine.engine import Engine
from weaver.engine.log import Beginning, StagedShow, Stretch
from weaver.engine.provenance import law_digest, midi_digest, provenance, set_digest, show_digest
from weaver.model.gestures import BEGIN, INSTALL
from weaver.model.parameters import PARAMETERS
from weaver.model.spheres import SphereSet
from weaver.takes.growing_file import GrowingFile
from weaver.takes.take import (
    ENDING,
    Header,
    Reference,
    ShowReference,
    command_line,
    header_line,
    is_played,
    number,
    object_line,
)

PERIOD_S = 0.1
PATIENCE_S = 5.0
"""How long to wait in the end for a disk that neither takes nor refuses."""
CLOCK_S = 0.5
"""Between two lines of the clock: with `PERIOD_S`, less than a second is lost to a kill."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a take has to name of its instrument, beside the set: names, or absolute paths, of what can be loaded."""

    mode: str
    tuning: str | None = None
    kbm: str | None = None


class Recorder:
    """Records an engine from its first frame on; to be made before its host starts, and closed after it has stopped.

    A take in which nobody played anything is removed in the end.
    """

    def __init__(self, engine: Engine, folder: Path, origin: Origin) -> None:
        """Never fails for the disk's sake: see `trouble`."""
        self._engine, self._folder, self._origin = engine, folder, origin
        self._writing: _Writing | None = None
        self._ended: list[_Writing] = []
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        engine.keep_log()
        self._turn()
        self._thread.start()

    @property
    def path(self) -> Path | None:
        """The take that is being written, or was last; None while it cannot be, or when it was not worth keeping."""
        return self._writing.file.path if self._writing else None

    @property
    def trouble(self) -> str:
        """What a player should know; empty when all that was played is safe."""
        return self._writing.trouble if self._writing else ""

    def close(self) -> None:
        """Write the end of the take. A second call does nothing."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        self._thread.join(PATIENCE_S)
        if self._thread.is_alive() or self._writing is None:
            return
        self._turn()
        self._writing.end()
        for writing in (*self._ended, self._writing):
            writing.settle(at_once=True)
            writing.file.close()

    def _run(self) -> None:
        while not self._stopping.wait(PERIOD_S):
            self._turn()

    def _turn(self) -> None:
        for stretch in self._engine.log():
            if self._writing is None or stretch.beginning is not self._writing.beginning:
                if self._writing is not None:
                    self._writing.end()
                    self._ended.append(self._writing)
                self._writing = _Writing(self._folder, self._header(stretch.beginning), stretch.beginning)
            self._writing.write(stretch)
        self._ended = [writing for writing in self._ended if not writing.settle()]

    def _header(self, beginning: Beginning) -> Header:
        state, origin = self._engine.state, self._origin
        return Header(
            provenance=provenance(),
            started=datetime.now().astimezone().isoformat(timespec="seconds"),
            seed=int(state.seed),
            sample_rate=beginning.sample_rate,
            frame=beginning.frame,
            set=_reference(beginning.spheres),
            mode=origin.mode,
            tuning=origin.tuning,
            kbm=origin.kbm,
            midi_sha256=midi_digest(self._engine.midi_map),
            law=Reference(self._engine.law.source, law_digest(self._engine.law)),
            parameters={
                parameter.name: float(number(target))
                for parameter, target in zip(PARAMETERS, beginning.targets, strict=True)
            },
            show=beginning.show and (_show_reference(beginning.show[0]), beginning.show[1]),
        )


class _Writing:
    """One take while it is written."""

    def __init__(self, folder: Path, header: Header, beginning: Beginning) -> None:
        moment = datetime.fromisoformat(header.started).strftime("%Y-%m-%d_%H-%M-%S")
        name = re.sub(r"[^A-Za-z0-9]+", "-", beginning.spheres.name).strip("-") or "set"
        self.beginning = beginning
        self.file = GrowingFile(folder, f"{moment}_{name}", ENDING)
        self._until = self._clock = beginning.frame
        self._clock_frames = int(CLOCK_S * beginning.sample_rate)
        self._is_played = False
        self._lost, self._lost_in_all = 0, 0
        self.file.add(header_line(header))

    @property
    def trouble(self) -> str:
        """What is wrong, in words for the player."""
        said = []
        if self.file.trouble:
            said.append(f"the take cannot be written: {self.file.trouble}; trying again")
        if self._lost_in_all:
            said.append(f"{self._lost_in_all} commands are missing from the take")
        return "; ".join(said)

    def write(self, stretch: Stretch) -> None:
        """Append what was done."""
        sets, shows = iter(stretch.sets), iter(stretch.shows)
        for command in stretch.commands:
            line = command_line(command)
            if command["kind"] == INSTALL:
                line = object_line({"set": _reference(next(sets))._asdict()}) + line
            elif command["kind"] == BEGIN:
                line = object_line({"show": _show_reference(next(shows))._asdict()}) + line
            self._is_played |= is_played(int(command["kind"]), float(command["values"][0]))
            self._add(line)
        self._lost += stretch.lost
        self._lost_in_all += stretch.lost
        self._until = stretch.until
        if self._until >= self._clock + self._clock_frames and self._add(b"%d\n" % self._until, commands=0):
            self._clock = self._until
        self.file.flush()

    def end(self) -> None:
        """Append the end."""
        self._add(object_line({"end": self._until}), commands=0)

    def settle(self, at_once: bool = False) -> bool:
        """After the end: whether all is on disk, and the file closed; or removed, if nobody has played."""
        if not self._is_played and not self._lost_in_all:
            self.file.remove()
            return True
        self.file.flush(at_once)
        if self.file.is_written:
            self.file.close()
        return self.file.is_written

    def _add(self, line: bytes, commands: int = 1) -> bool:
        """Append a line, and before it how much is missing."""
        gap = object_line({"lost": self._lost}) if self._lost else b""
        if self.file.add(gap + line):
            self._lost = 0
            return True
        self._lost += commands
        self._lost_in_all += commands
        return False


def _reference(spheres: SphereSet) -> Reference:
    return Reference(spheres.source, set_digest(spheres))


def _show_reference(staged: StagedShow) -> ShowReference:
    show, prelude_s = staged
    return ShowReference(show.source, show_digest(show, prelude_s), prelude_s)
