"""A /dev/shm of its own for each process that runs tests.

JACK keeps a client's socket there by the client's name alone: of two that are called the same, each on a server of its
own, the second would take the first one's place.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess

FOLDER = "/dev/shm"
_CLONE_NEWNS = 0x20000
_MS_REC, _MS_PRIVATE = 0x4000, 0x40000
"""Of Linux: sched.h and sys/mount.h."""


def is_permitted() -> bool:
    """Whether a process may have one: on Linux, mostly as root."""
    if (unshare := shutil.which("unshare")) is None:
        return False
    mount = [unshare, "--mount", "mount", "-t", "tmpfs", "tmpfs", FOLDER]
    return subprocess.run(mount, capture_output=True).returncode == 0


def have_own() -> None:
    """From now on, for this thread, and threads and processes that it starts. Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    _check(libc.unshare(_CLONE_NEWNS), "unshare")
    _check(libc.mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE, None), "mount")
    _check(libc.mount(b"tmpfs", FOLDER.encode(), b"tmpfs", 0, None), "mount")


def _check(result: int, call: str) -> None:
    if result:
        raise OSError(ctypes.get_errno(), f"{call}: {os.strerror(ctypes.get_errno())}")
