"""A child process whose calls are asked for by JSON lines: one list a line, [call, argument...], one value for each.

pylibremidi's Linux wheel brings a libjack too old for a current server; with the system's loaded first (LD_PRELOAD) it
works. That must not touch the libraries of the process that tests.
"""

from __future__ import annotations

import ctypes.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENDS_IN_S = 5.0


class Remote:
    """The child's calls as methods."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def __getattr__(self, call: str) -> Any:
        def ask(*arguments: str) -> Any:
            assert self._process.stdin is not None and self._process.stdout is not None
            self._process.stdin.write(json.dumps([call, *arguments]) + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
            assert answer, f"the child ended during {call}"
            return json.loads(answer)

        return ask


@contextmanager
def remote(module: str) -> Iterator[Remote]:
    """The child of this name among the helpers, with the system's libjack; skips where there is none."""
    libjack = ctypes.util.find_library("jack")
    if not sys.platform.startswith("linux") or libjack is None:
        pytest.skip("needs the system's libjack, loaded before pylibremidi's own")
    process = subprocess.Popen(
        [sys.executable, "-m", f"support.{module}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | {"LD_PRELOAD": libjack, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests")))},
    )
    child = Remote(process)
    try:
        yield child
        child.end()
    finally:
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            pipe.close()
        try:
            process.wait(ENDS_IN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def serve(target: Any) -> None:
    """The child's side: answer by the methods of `target`, until `end` has been called."""
    for line in sys.stdin:
        call, *arguments = json.loads(line)
        answer: Any = getattr(target, call)(*arguments)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
        if call == "end":
            return
