"""What `weaver monitor` prints of what controllers say."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
import time

import pytest
from rich.console import Console
from support.eventually import eventually
from support.jack import JackServer
from support.twins.launchpad_mk3 import LaunchpadX
from support.twins.plain import Box
from support.twins.plug import plugged

from weaver.commands.monitor import LIGHTS_S, LINE_S, Mirror
from weaver.hands.board import Board
from weaver.hands.seat import Said, Shown
from weaver.listening import layer
from weaver.mapping.profile_file import load_profile

TITLE = "Akai APC mini mk2"


class Printed:
    """A mirror, and a controller before it: messages at times, then the lines."""

    def __init__(self, **options: bool) -> None:
        self._file = io.StringIO()
        self.mirror = Mirror(Console(file=self._file, width=300), **options)
        self._board = Board(layer()(load_profile("apc-mini-mk2"), 8, 0))
        self._began_s = self.mirror._began_s

    def say(self, data: bytes, at_s: float = 0.0, falls: bool = False) -> None:
        touch = None if falls else self._board.touch(data)
        self.mirror._said.append(Said(1, TITLE, data, touch, self._began_s + at_s, falls))

    def lines(self, now_s: float = 0.0) -> list[str]:
        self.mirror.flush(self._began_s + now_s)
        lines = self._file.getvalue().splitlines()
        self._file.seek(0)
        self._file.truncate()
        return lines

    def end(self) -> list[str]:
        self.mirror.finish()
        return self.lines()


@pytest.fixture
def printed() -> Printed:
    return Printed()


def test_a_line_says_who_touched_what_how_with_which_bytes_and_what_it_did(printed: Printed) -> None:
    printed.say(bytes((0x90, 3, 127)), 1.5)
    (line,) = printed.lines(2.0)
    for part in ("1.500", TITLE, "grid 4,1", "pressed 127", "90 03 7F", "strike 4"):
        assert part in line
    printed.say(bytes((0xB0, 56, 127)), 2.0)
    (line,) = printed.lines(2.1)
    assert "faders 9,1" in line and "level_db 6 dB" in line


def test_spheres_are_called_by_their_names(printed: Printed) -> None:
    printed.mirror._names = ("Violet", "Crimson")
    printed.say(bytes((0xB0, 49, 0)))
    assert "lift Crimson -24 dB" in printed.lines()[0]


def test_a_flood_of_one_control_is_thinned_out_and_ends_with_its_last_word(printed: Printed) -> None:
    for message in range(1000):
        printed.say(bytes((0xB0, 48, message % 128)), message / 1000)
    lines = printed.lines(1.0 + LINE_S)
    assert 15 <= len(lines) <= 22
    assert f"at {999 % 128} " in lines[-1]
    shown = sum(1 + int(line.rpartition("(and ")[2].split()[0]) if "(and" in line else 1 for line in lines)
    assert shown == 1000


def test_presses_are_never_thinned_out(printed: Printed) -> None:
    for press in range(40):
        printed.say(bytes((0x90, 3, 127 * (press % 2))), press / 1000)
    assert len(printed.lines(1.0)) == 40


def test_what_nothing_is_mapped_to_is_told_once_and_counted(printed: Printed) -> None:
    for press in range(5):
        printed.say(bytes((0x90, 122, 127)), press)
    printed.say(bytes((0x90, 123, 127)))
    lines = printed.lines(9.0)
    assert [("nothing is mapped" in line) for line in lines] == [True, True]
    assert printed.end() == [
        f"{TITLE}: note 122 ch 1 came 5 times, and nothing is mapped to it",
        f"{TITLE}: note 123 ch 1 came 1 times, and nothing is mapped to it",
    ]


def test_other_inputs_go_by_the_mode(printed: Printed) -> None:
    printed.say(bytes((0x90, 60, 1)), falls=True)
    assert "by the mode" in printed.lines()[0]
    assert printed.end() == []


def test_who_it_is_is_said_once_and_odd_messages_harm_nothing(printed: Printed) -> None:
    for _ in range(3):
        printed.say(bytes.fromhex("F07E000602474F0019F7"))
    for data in (b"", b"\xf0", b"\xf8", b"\x90", b"\xb0\x01", b"\xe0\x00\x40", b"\xd0\x05", b"\xc0\x07"):
        printed.say(data)
    lines = printed.lines()
    assert sum("says who it is" in line for line in lines) == 1
    assert any("program 7 ch 1" in line for line in lines)


def test_lights_are_summed_up_or_shown_byte_by_byte() -> None:
    summed = Printed(shows_lights=True)
    for picture in range(10):
        summed.mirror._shown.append(
            Shown(1, TITLE, (b"\x90\x01\x02", b"\x90\x02\x03"), 2, summed._began_s + picture / 60)
        )
    assert summed.lines(0.2) == []
    (line,) = summed.lines(LIGHTS_S)
    assert "20 lights in 20 messages, 60 bytes" in line
    whole = Printed(shows_bytes=True)
    whole.mirror._shown.append(Shown(1, TITLE, (bytes(range(40)),), 2, whole._began_s))
    assert bytes(range(40)).hex(" ").upper() in whole.lines()[0]


def test_what_is_answered_again_and_again_is_told_once(printed: Printed) -> None:
    mode = bytes.fromhex("F0 00 20 29 02 0C 0E 01 F7")
    printed.say(mode)
    printed.say(mode, 2.0)
    printed.say(bytes.fromhex("F0 00 20 29 02 0C 0E 00 F7"), 4.0)
    assert len(printed.lines(5.0)) == 2


def test_it_mirrors_a_controller_that_plays(jackd: JackServer) -> None:
    """As a process: what is touched and what that does, what lights are told, strangers by the mode."""
    command = [sys.executable, "-m", "weaver", "monitor", "--lights", "--audio", "jack", "--no-take"]
    said: list[str] = []
    out = subprocess.PIPE
    with (
        plugged(LaunchpadX(), Box()) as (launchpad, box),
        subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, text=True) as monitor,
    ):
        reader = threading.Thread(target=lambda: said.extend(monitor.stdout or ()), daemon=True)
        reader.start()

        def is_said(*words: str) -> bool:
            return any(all(word in line for word in words) for line in list(said))

        def played() -> bool:
            launchpad.press(3, 0, 90)
            launchpad.release(3, 0)
            box.say(bytes((0x90, 50, 100)), bytes((0x80, 50, 0)))
            time.sleep(0.3)
            return is_said("grid 4,1", "pressed 90", "90 0E 5A", "strike Emerald")

        try:
            assert eventually(lambda: launchpad.mode == "programmer", 60.0)  # before, its pads have other notes
            assert eventually(played)
            assert eventually(lambda: is_said("Launchpad X", "is told", "lights in"))
            assert eventually(lambda: is_said("Box of Knobs MIDI 1", "note 50 ch 1", "by the mode"))
        finally:
            monitor.terminate()
            monitor.wait(20.0)
            reader.join(5.0)
    assert monitor.returncode == 0, "".join(said)
    assert not [line for line in said if "nothing is mapped" in line]
