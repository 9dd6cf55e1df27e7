"""Audio files that are there whole or not at all: WAV and FLAC, written as the sound is made.

What is written goes to a hidden file in the same folder, which takes the name it is meant to have only when all
of it is there. An error or Ctrl-C on the way leaves nothing behind, and an older file of that name as it was.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from weaver.model.errors import ConfigError, DeviceError

FORMATS = {".wav": "WAV", ".flac": "FLAC"}
"""What the end of a name stands for (libsndfile's name of the format)."""
FIXED, FLOAT = "PCM_24", "FLOAT"
"""24 bits for what is limited to full scale; floating point for stems, which may pass it."""
GATHERED_FRAMES = 4096


def check_audio_path(path: Path) -> str:
    """The format a name stands for, as libsndfile calls it. ConfigError if none, or if it cannot be written."""
    ending = path.suffix.lower()
    if ending not in FORMATS:
        raise ConfigError(str(path), f"a name that ends in {' or '.join(FORMATS)}", repr(path.name))
    check_folder(path)
    return FORMATS[ending]


def check_folder(path: Path) -> None:
    """ConfigError unless a file of this name can be made."""
    folder = path.parent
    if path.is_dir():
        raise ConfigError(str(path), "the name of a file", "a folder")
    if not folder.is_dir():
        raise ConfigError(str(path), "a folder that exists", "no such folder" if not folder.exists() else "a file")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ConfigError(str(path), "a folder that may be written to", "permission denied")


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A hidden, empty file beside `path`, to be filled; it becomes `path` if nothing goes wrong in between.

    Raises ConfigError if it cannot be made, DeviceError if it cannot take the name.
    """
    check_folder(path)
    hidden = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        os.close(os.open(hidden, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ConfigError(str(path), "a folder that may be written to", reason) from error
    try:
        yield hidden
        try:
            os.replace(hidden, path)
        except OSError as error:
            raise DeviceError(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        hidden.unlink(missing_ok=True)


class AudioWriter:
    """A stereo file that is open for more. Small blocks are gathered before they are encoded."""

    def __init__(self, path: Path, file: soundfile.SoundFile) -> None:
        self.path = path
        self._file = file
        self._gathered = np.empty((GATHERED_FRAMES, 2), np.float32)
        self._count = 0

    def write(self, block: NDArray[np.float32]) -> None:
        """Append float32[frames, 2]. Raises DeviceError when the disk does not take it."""
        for at in range(0, len(block), GATHERED_FRAMES):
            part = block[at : at + GATHERED_FRAMES]
            if self._count + len(part) > GATHERED_FRAMES:
                self.flush()
            self._gathered[self._count : self._count + len(part)] = part
            self._count += len(part)

    def flush(self) -> None:
        """Hand over what was gathered. Raises as `write` does."""
        try:
            self._file.write(self._gathered[: self._count])
        except (soundfile.LibsndfileError, AssertionError) as error:  # a short write fails an assertion there
            raise DeviceError(f"{self.path}: cannot be written: {error or 'the disk is full'}") from error
        self._count = 0


@contextmanager
def audio_file(path: Path, sample_rate: int, encoding: str = FIXED) -> Iterator[AudioWriter]:
    """A stereo file to be written in blocks; its format is that of the name, FLAC having no floating point.

    Raises ConfigError for a name, folder or sample rate that will not do.
    """
    kind = check_audio_path(path)
    with whole_file(path) as hidden:
        subtype = encoding if soundfile.check_format(kind, encoding) else FIXED
        try:
            file = soundfile.SoundFile(hidden, "w", sample_rate, 2, subtype, format=kind)
        except soundfile.LibsndfileError as error:
            raise ConfigError(str(path), f"{kind} at {sample_rate} Hz", error.error_string) from error
        with file:
            writer = AudioWriter(path, file)
            yield writer
            writer.flush()
