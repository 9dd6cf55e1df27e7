"""Stems as files: one for each sphere, one for the audience's hum, one for the room.

They are in floating point, because only the mix is limited; their sum is the mix before its DC block and limiter.
"""

from __future__ import annotations

import re
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from weaver.dsp.sizes import CELL
from weaver.engine.engine import Engine
from weaver.model.errors import ConfigError
from weaver.model.spheres import SphereSet
from weaver.takes.audio_file import FLOAT, GATHERED_FRAMES, audio_file
from weaver.takes.offline import Stems

AUDIENCE, ROOM = "audience.wav", "room.wav"
STEMS_BYPASS = "stems bypass the limiter: their sum is the mix before its DC block and limiter"
"""What whoever makes stems is told."""


class StemFiles:
    """The stems of a performance that is rendered cell by cell."""

    def __init__(self, stack: ExitStack, folder: Path, engine: Engine, spheres: SphereSet, sample_rate: int) -> None:
        """`spheres` is the set, or the largest of those that come on stage.

        The files are closed, and get their names, when the stack is left without an error. Raises ConfigError for a
        folder that cannot be had.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(str(folder), "a folder for stems", (error.strerror or str(error)).lower()) from error
        self._engine = engine
        self._stems = Stems(engine, len(spheres.spheres))
        self._files = [
            stack.enter_context(audio_file(folder / name, sample_rate, FLOAT)) for name in stem_names(spheres)
        ]
        self._gathered = np.empty((len(self._files), GATHERED_FRAMES, 2), np.float32)
        self._count = 0

    def write_cell(self) -> None:
        """Append the cell that has just been rendered; nothing if there is more of it to come."""
        if int(self._engine.state.frame) % CELL == 0:
            self._write(CELL)

    def write_rest(self) -> None:
        """Append what there is of a last cell. To be called at the end, whether there is one or not."""
        if rest := int(self._engine.state.frame) % CELL:
            self._write(rest)
        self._flush()

    def _write(self, frames: int) -> None:
        if self._count + frames > GATHERED_FRAMES:
            self._flush()
        self._stems.take()
        now = self._gathered[:, self._count : self._count + frames]
        now[:-2] = self._stems.spheres[:, :frames]
        now[-2] = self._stems.audience[:frames]
        now[-1] = self._stems.room[:frames]
        self._count += frames

    def _flush(self) -> None:
        for file, stem in zip(self._files, self._gathered, strict=True):
            file.write(stem[: self._count])
        self._count = 0


def stem_names(spheres: SphereSet) -> list[str]:
    """File names of all stems: number and name, in letters that every file system takes; the audience, the room."""
    return [
        *(
            f"{number:02d}-{re.sub(r'[^A-Za-z0-9]+', '-', sphere.name).strip('-').lower() or 'sphere'}.wav"
            for number, sphere in enumerate(spheres.spheres, start=1)
        ),
        AUDIENCE,
        ROOM,
    ]
