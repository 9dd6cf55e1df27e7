"""Single keys from a terminal, as they are pressed: termios on POSIX, msvcrt on Windows.

The terminal's own line editing is switched off while keys are read, and put back whatever happens.
"""

from __future__ import annotations

import os
import select
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

ESCAPE = "\x1b"
UP, DOWN, RIGHT, LEFT = "↑", "↓", "→", "←"
"""What the arrow keys are called here."""
_ARROWS = {
    f"{ESCAPE}{lead}{letter}": arrow
    for lead in "[O"
    for letter, arrow in zip("ABCD", (UP, DOWN, RIGHT, LEFT), strict=True)
}
"""What terminals send for them (ECMA-48's cursor keys, and DEC's in application mode)."""
_WINDOWS_ARROWS = {"H": UP, "P": DOWN, "M": RIGHT, "K": LEFT}
"""What follows the prefix of a function key in msvcrt."""
_MOST_BYTES = 64
"""Read at once; a held key repeats some 30 times a second."""
_WINDOWS_POLL_S = 0.005


class Keys(Protocol):
    """Where key presses come from."""

    def wait(self, timeout_s: float) -> str:
        """The characters of the keys pressed meanwhile; waits until there is one, at most `timeout_s`."""


@contextmanager
def terminal_keys() -> Iterator[Keys | None]:
    """The keys of the terminal that is standard input; None if that is no terminal."""
    if not sys.stdin.isatty():
        yield None
    elif sys.platform == "win32":
        yield _WindowsKeys()
    else:
        with _cbreak(sys.stdin.fileno()) as keys:
            yield keys


def plain_keys(text: str) -> str:
    """What was typed, without the sequences that function keys send; Escape by itself stays, arrows have their sign."""
    for sent, arrow in _ARROWS.items():
        text = text.replace(sent, arrow)
    if text.startswith(ESCAPE) and len(text) > 1:
        return ""
    return text.replace(ESCAPE, "") if len(text) > 1 else text


class _PosixKeys:
    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._gone = False

    def wait(self, timeout_s: float) -> str:
        if self._gone:
            time.sleep(timeout_s)
            return ""
        ready, _, _ = select.select([self._descriptor], [], [], max(timeout_s, 0.0))
        if not ready:
            return ""
        try:
            data = os.read(self._descriptor, _MOST_BYTES)
        except OSError:  # the terminal was closed
            data = b""
        self._gone = not data
        return plain_keys(data.decode("utf-8", "ignore"))


class _WindowsKeys:
    def wait(self, timeout_s: float) -> str:
        import msvcrt

        until_s = time.monotonic() + timeout_s
        while time.monotonic() < until_s:
            if msvcrt.kbhit():  # type: ignore[attr-defined,unused-ignore]
                key: str = msvcrt.getwch()  # type: ignore[attr-defined,unused-ignore]
                if key in ("\x00", "\xe0"):  # a function key: its code follows
                    code: str = msvcrt.getwch()  # type: ignore[attr-defined,unused-ignore]
                    return _WINDOWS_ARROWS.get(code, "")
                return key
            time.sleep(_WINDOWS_POLL_S)
        return ""


@contextmanager
def _cbreak(descriptor: int) -> Iterator[_PosixKeys]:
    """Keys at once and unseen; Ctrl-C still interrupts."""
    import termios
    import tty

    before = termios.tcgetattr(descriptor)
    try:
        tty.setcbreak(descriptor, termios.TCSANOW)
        yield _PosixKeys(descriptor)
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
