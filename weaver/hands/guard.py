"""If we are killed: a small process that then leaves the controllers as they were, which we cannot do any more.

It is started when the first controller is entered that has to be left, is told what to do by a pipe, and does it when
the pipe breaks without a farewell. After a clean end it has nothing to do, and ends too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from threading import Timer
from typing import IO

from weaver.hands.holding import locked

JACK_BACKENDS = ("rtmidi-jack", "libremidi-jack")
CLIENT_NAME = "weaver-guard"
GOODBYE_S = 0.5
"""How long we wait for it to end."""
DRAIN_S = 0.1
"""Between the last message and the end of a port: what is written has to get out."""
CONNECTED_S = 0.05
"""JACK has to have heard of a connection before anything is written to it."""
RESTORED_S = 20.0
"""Whoever takes longer hangs on a driver, and must not keep controllers from others for ever."""


class Guard:
    """Our end of it. Nothing here raises: without a guard the instrument plays as well.

    `leaving` is the file it shall lock for an input's port, so that nobody takes what is still being left.
    """

    def __init__(self, on_jack: bool, leaving: Callable[[str], str] = lambda port: "") -> None:
        self._on_jack, self._leaving = on_jack, leaving
        self._child: subprocess.Popen[bytes] | None = None
        self._watched: set[int] = set()
        self._is_broken = False

    def watch(self, slot: int, output: str, leave: Iterable[bytes], pause_s: float, port: str = "") -> None:
        """Leave the controller on this output so from now on, if we cannot; `port` is its input's."""
        messages = [message.hex() for message in leave]
        if not messages:
            self.drop(slot)
        else:
            self._start()
            self._watched.add(slot)
            held = self._leaving(port)
            self._tell({"slot": slot, "output": output, "leave": messages, "pause_s": pause_s, "held": held})

    def drop(self, slot: int) -> None:
        """It has gone, or there is nothing to do for it."""
        if slot in self._watched:
            self._watched.discard(slot)
            self._tell({"slot": slot})

    def farewell(self) -> None:
        """All have been left; a second call does nothing."""
        child, self._child = self._child, None
        if child is None:
            return
        self._write(child.stdin, {"farewell": True})
        try:
            if child.stdin is not None:
                child.stdin.close()
            child.wait(GOODBYE_S)
        except (OSError, subprocess.TimeoutExpired):
            child.kill()
            child.wait()

    def _start(self) -> None:
        if self._child is not None or self._is_broken:
            return
        command = [sys.executable, "-m", __spec__.name, *(["jack"] if self._on_jack else [])]
        silence = subprocess.DEVNULL
        try:  # in a session of its own, so that what ends us at the terminal does not end it
            self._child = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=silence, stderr=silence, start_new_session=True
            )
        except OSError:
            self._is_broken = True

    def _tell(self, what: Mapping[str, object]) -> None:
        if self._child is not None:
            self._write(self._child.stdin, what)

    @staticmethod
    def _write(pipe: IO[bytes] | None, what: Mapping[str, object]) -> None:
        if pipe is None:
            return
        try:
            pipe.write(json.dumps(what).encode() + b"\n")
            pipe.flush()
        except (OSError, ValueError):  # it is gone: then nobody watches
            pass


def keep_watch(lines: Iterable[bytes]) -> dict[int, dict[str, object]]:
    """What is left to be done when the lines end: by slot; nothing after a farewell."""
    watched: dict[int, dict[str, object]] = {}
    for line in lines:
        try:
            told = json.loads(line)
        except ValueError:  # the pipe broke in the middle of a line
            continue
        if told.get("farewell"):
            return {}
        if "leave" in told:
            watched[told["slot"]] = told
        else:
            watched.pop(told.get("slot"), None)
    return watched


def restore(watched: Iterable[Mapping[str, object]], on_jack: bool) -> None:
    """Leave every controller. What fails for one is tried for the others all the same."""
    from weaver.midi.ports import best_backend
    from weaver.model.errors import DeviceError

    for kind in JACK_BACKENDS if on_jack else (None,):
        try:
            backend = best_backend(kind, CLIENT_NAME)
            found = backend.outputs()
        except DeviceError:
            continue
        for told in watched:
            name = str(told["output"])
            port = next((port for port in found if port.name == name or (on_jack and name in port.identity)), None)
            if port is None:
                continue
            try:
                opened = backend.open_output(port.name)
                time.sleep(CONNECTED_S)
                for message in told["leave"]:  # type: ignore[attr-defined]
                    opened.send(bytes.fromhex(message))
                    time.sleep(float(told["pause_s"]))  # type: ignore[arg-type]
                time.sleep(DRAIN_S)
                opened.close()
            except DeviceError:
                continue
        backend.close()
        return


def holding(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The same lines; whatever they name is locked until we end, and what is dropped let go."""
    files: dict[int, int] = {}
    for line in lines:
        yield line
        try:
            told = json.loads(line)
            slot, held = told.get("slot", -1), told.get("held")
            if (file := files.pop(slot, None)) is not None:
                os.close(file)
            if held and (file := locked(Path(held))) is not None:
                files[slot] = file
        except (OSError, ValueError):  # who cannot lock can still restore
            continue


if __name__ == "__main__":
    left = keep_watch(holding(sys.stdin.buffer))
    if left:
        watchdog = Timer(RESTORED_S, os._exit, (1,))
        watchdog.daemon = True
        watchdog.start()
        restore(left.values(), on_jack="jack" in sys.argv[1:])
