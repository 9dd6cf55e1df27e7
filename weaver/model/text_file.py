"""Reading a small text file that a player wrote: every way that can fail is a ConfigError naming the file."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from weaver.model.errors import ConfigError


def read_bytes(path: Path, max_bytes: int) -> bytes:
    """The whole of a regular file of at most `max_bytes`.

    Raises ConfigError if it is missing, unreadable, not a regular file, or larger. Devices and pipes are
    refused before they are opened, because opening a pipe nobody writes to would wait for ever.
    """
    try:
        mode = os.stat(path).st_mode
        data = _first_bytes(path, max_bytes + 1) if stat.S_ISREG(mode) else b""
    except FileNotFoundError:
        raise ConfigError(str(path), "a file", "no such file") from None
    except OSError as error:
        raise ConfigError(str(path), "a readable file", (error.strerror or str(error)).lower()) from error
    except ValueError as error:  # a NUL or a lone surrogate in the name: no file system has such a file
        raise ConfigError(repr(str(path)), "a file name", str(error)) from error
    if not stat.S_ISREG(mode):
        raise ConfigError(str(path), "a file", "a directory" if stat.S_ISDIR(mode) else "a device or pipe")
    if len(data) > max_bytes:
        raise ConfigError(str(path), f"a file of at most {max_bytes // 1024} KiB", "a larger one")
    return data


def _first_bytes(path: Path, count: int) -> bytes:
    with open(path, "rb") as file:
        return file.read(count)


def decode_utf8(data: bytes, path: Path) -> str:
    """The text of UTF-8 bytes, a byte order mark dropped. Raises ConfigError naming the line of the first bad
    byte.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1  # the object, not data: a mark was dropped from it
        found = f"byte 0x{error.object[error.start]:02x}"
        raise ConfigError(f"{path}: line {line}", "UTF-8 text", found) from error
