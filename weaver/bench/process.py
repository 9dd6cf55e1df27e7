"""Running other programs for the benchmark: their output, their processor time, or why they will not."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from weaver.bench.bank import PeerError

TIMEOUT_S = 300.0
"""The longest a program may take: g++ on 512 unrolled filters needs up to a minute on a slow machine."""


def need(program: str) -> None:
    """Raise PeerError when `program` is not on the path."""
    if shutil.which(program) is None:
        raise PeerError(f"{program} is not installed")


def run(command: Sequence[str], folder: Path | None = None, text_in: str = "") -> str:
    """Run a program in `folder` to its end, with `text_in` as its input, and return what it printed.

    Raises PeerError when it is missing, fails (with the last line it said), or takes over TIMEOUT_S.
    """
    try:
        done = subprocess.run(command, cwd=folder, input=text_in, capture_output=True, text=True, timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired as error:
        raise PeerError(f"{command[0]} took longer than {TIMEOUT_S:.0f} s") from error
    except OSError as error:
        raise PeerError(f"{command[0]} cannot be run: {error.strerror}") from error
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
        raise PeerError(f"{Path(command[0]).name} failed ({done.returncode}): {said}")
    return done.stdout


def cpu_s(command: Sequence[str], folder: Path | None = None) -> float:
    """Processor seconds, user and system, that a program takes from start to end.

    Raises as `run`, and PeerError on systems that do not account for their processes' time (Windows).
    """
    try:
        import resource
    except ImportError as error:
        raise PeerError("this system does not count a program's processor time") from error
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(command, folder)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


def version_of(command: Sequence[str]) -> str:
    """The first version number in what a program prints about itself. Raises PeerError when it is missing."""
    need(command[0])
    found = re.search(r"\d+\.\d+[.\d]*", run(command))
    return found.group() if found else ""
