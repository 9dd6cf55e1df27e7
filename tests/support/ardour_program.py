"""Ardour's Lua session program: a process that is told what to do line by line, and what it prints in answer."""

from __future__ import annotations

import itertools
import os
import queue
import shutil
import subprocess
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from support.needed import program

ANSWER_S = 20.0
"""Longer than the slowest call, to make a session, takes on a busy machine."""
END_S = 5.0
SAID_KEPT = 30
"""Lines of what was printed last that an error shows."""
MARK = "|"
"""Begins what our own `print` prints; everything else is Ardour's, or its echo of what it was told."""
NEWEST, OLDEST = 9, 6
"""Versions whose program is looked for."""
_PRINT = f'local said = print; print = function(...) said("{MARK}", ...) end'


class ArdourError(RuntimeError):
    """It did not answer, or said that something is wrong; with what it printed last."""


def ardour_lua() -> str:
    """The path of the newest program. Skips without it; under CI it fails."""
    names = [f"ardour{version}-lua" for version in range(NEWEST, OLDEST - 1, -1)]
    return program(next(filter(shutil.which, names), "ardour7-lua"), "ardour")


class LuaSession:
    """The program, at home in a folder of its own. A context manager; ends only its own process."""

    def __init__(self, home: Path) -> None:
        folders = {name: str(home) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")}
        self._said: list[str] = []
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._calls = itertools.count()
        self._process = subprocess.Popen(
            [program("stdbuf", "coreutils"), "-oL", ardour_lua(), "-i"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=os.environ | folders,
        )
        self._reader = threading.Thread(target=self._read, name="ardour", daemon=True)
        self._reader.start()
        self.run(_PRINT)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def run(self, lua: str) -> list[str]:
        """Run Lua, one statement a line; what it printed, a line each, columns parted by tabs.

        Raises ArdourError for an error of Lua's, and when there is no answer.
        """
        tag = f"done {next(self._calls)}"
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(f'{lua}\nprint("{tag}")\n')
            self._process.stdin.flush()
        except OSError as error:
            raise self.error(f"it has ended, before {lua!r}") from error
        printed: list[str] = []
        until_s = time.monotonic() + ANSWER_S
        while True:
            try:
                line = self._lines.get(timeout=max(until_s - time.monotonic(), 0.01))
            except queue.Empty:
                raise self.error(f"no answer within {ANSWER_S:g} s to {lua!r}") from None
            if line is None:
                raise self.error(f"it ended at {lua!r}")
            if line.startswith("Error: "):
                raise self.error(f"{line} at {lua!r}")
            if line.startswith(MARK):
                if line[1:].strip() == tag:
                    return printed
                printed.append(line[1:].strip())

    def value(self, lua: str) -> str:
        """What an expression is, as Lua prints it."""
        return "\n".join(self.run(f"print({lua})"))

    def wait_for(self, lua: str, wanted: str) -> None:
        """Until an expression is so. Raises ArdourError when it does not become so."""
        until_s = time.monotonic() + ANSWER_S
        while (value := self.value(lua)) != wanted:
            if time.monotonic() > until_s:
                raise self.error(f"{lua} is {value}, not {wanted}")
            time.sleep(0.01)

    def error(self, words: str) -> ArdourError:
        """What is wrong, and what was printed last."""
        return ArdourError(f"Ardour: {words}; it printed:\n" + "\n".join(self._said))

    def close(self) -> None:
        """Close the session and quit, or be ended; a second call does nothing."""
        process = self._process
        assert process.stdin is not None and process.stdout is not None
        if process.stdout.closed:
            return
        try:
            process.stdin.write("if Session then close_session() end\nquit()\n")
            process.stdin.close()
        except OSError:  # it is gone
            pass
        for end in (process.terminate, process.kill):
            try:
                process.wait(END_S)
                break
            except subprocess.TimeoutExpired:
                end()
        process.wait()
        self._reader.join()
        process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._said = [*self._said[1 - SAID_KEPT :], line.rstrip()]
            self._lines.put(line.rstrip())
        self._lines.put(None)
