"""Single keys from a real (pseudo) terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest

from weaver.surfaces.keys import DOWN, LEFT, RIGHT, UP, plain_keys, terminal_keys

if sys.platform == "win32":
    pytest.skip("there are no pseudo terminals", allow_module_level=True)

import pty
import termios


@pytest.fixture
def typist(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The other end of a terminal that is standard input."""
    there, here = pty.openpty()
    with os.fdopen(here, "r") as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield there
    os.close(there)


def test_keys_come_at_once_and_the_terminal_is_put_back(typist: int) -> None:
    before = termios.tcgetattr(sys.stdin.fileno())
    with terminal_keys() as keys:
        assert keys is not None
        assert not termios.tcgetattr(sys.stdin.fileno())[3] & (termios.ICANON | termios.ECHO)
        os.write(typist, b"a")
        assert keys.wait(5.0) == "a"
        os.write(typist, "sD é".encode())
        assert keys.wait(5.0) == "sD é"
        os.write(typist, b"\x1b[A")
        assert keys.wait(5.0) == UP
        os.write(typist, b"\x1bOP")  # F1
        assert keys.wait(5.0) == ""
        assert keys.wait(0.0) == ""
    assert termios.tcgetattr(sys.stdin.fileno()) == before


def test_what_is_no_terminal_has_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    with open(os.devnull) as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        with terminal_keys() as keys:
            assert keys is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("\x1b", "\x1b"),
        ("\x1b[B", DOWN),
        ("\x1bOC", RIGHT),
        ("\x1b[D\x1b[D", LEFT + LEFT),
        ("\x1bOP", ""),
        ("\x1b[5~", ""),
        ("ab", "ab"),
        ("", ""),
    ],
)
def test_escape_is_a_key_arrows_are_and_other_sequences_are_not(typed: str, meant: str) -> None:
    assert plain_keys(typed) == meant
