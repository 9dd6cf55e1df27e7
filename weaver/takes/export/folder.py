"""A folder of files that are there whole, all of them, or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from weaver.model.errors import ConfigError, DeviceError
from weaver.takes.audio_file import check_folder

EARLIER = "earlier"


def check_free(folder: Path, names: Sequence[str], may_replace: bool) -> None:
    """ConfigError unless files of these names ("stems/room.wav") can be put into a folder, which need not be there.

    Where one is there already, the first such is named, unless it may be replaced.
    """
    if not folder.is_dir():
        if folder.exists():
            raise ConfigError(str(folder), "the name of a folder", "a file")
        check_folder(folder)
    for path in (folder / name for name in names):
        above = path.parent
        if above.exists():
            check_folder(path)
        if path.exists() and not may_replace:
            raise ConfigError(str(path), "a new name, or --force", "a file that is there already")


@contextmanager
def whole_folder(folder: Path, names: Sequence[str]) -> Iterator[Path]:
    """A hidden folder in `folder`, or beside it if that is not there yet, to be filled with files of these names; they
    move there if nothing goes wrong.

    Whatever else is in it goes. Files of the same names are replaced when all is ready, and are as they were if that
    fails. Raises ConfigError if the hidden folder cannot be made, DeviceError if the files cannot be moved.
    """
    home = folder if folder.is_dir() else folder.parent  # on one disk, whatever is mounted where
    hidden = home / f".{folder.name}.{os.getpid()}.part"
    try:
        hidden.mkdir()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ConfigError(str(folder), "a folder that may be written to", reason) from error
    try:
        yield hidden
        try:
            _move(hidden, folder, names)
        except OSError as error:
            raise DeviceError(f"{folder}: cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def _move(hidden: Path, folder: Path, names: Sequence[str]) -> None:
    """Move all files, or bring everything back to where it was."""
    done: list[tuple[Path, Path]] = []
    made: list[Path] = []
    earlier = hidden / EARLIER
    earlier.mkdir()
    try:
        for number, name in enumerate(names):
            target = folder / name
            for above in reversed([above for above in (target.parent, *target.parents) if not above.exists()]):
                if above not in made:
                    above.mkdir()
                    made.append(above)
            if target.exists():
                _rename(target, earlier / str(number), done)
            _rename(hidden / name, target, done)
    except BaseException:
        for source, target in reversed(done):
            if target.exists():
                os.replace(target, source)
        for above in reversed(made):
            above.rmdir()
        raise


def _rename(source: Path, target: Path, done: list[tuple[Path, Path]]) -> None:
    done.append((source, target))
    os.rename(source, target)
