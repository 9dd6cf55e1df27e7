"""Live performances, on real hosts: what was heard is what the take gives, sample for sample."""

from __future__ import annotations

import itertools
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from support.eventually import eventually
from support.jack import JackServer
from support.jack_callbacks import CallbackClient

from weaver.app import Instrument
from weaver.commands.replaying import open_take
from weaver.engine.hosts import silent_host
from weaver.engine.hosts.heart import Block
from weaver.model.configs import list_configs
from weaver.model.gestures import MIDI
from weaver.model.show import load_show
from weaver.takes.replay import summary_of
from weaver.takes.take import Command, Take
from weaver.wishes import Wishes

PERIOD = 256
"""Frames of a block of the test server."""


LOST_S = 2.0
"""A take lags by less than a second; a busy machine may keep it from the disk for another."""


def replayed(path: Path, block_frames: int = 333) -> NDArray[np.float32]:
    piece = open_take(path)
    assert piece.differences == []
    _, blocks = piece.begin(block_frames)
    return np.concatenate([np.array(block) for block in blocks])


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[NDArray[np.float32]]:
    """What the silent host plays, block by block."""
    blocks: list[NDArray[np.float32]] = []

    class Heard(Block):
        def render(self, frames: int | None = None) -> NDArray[np.float32]:
            sound = super().render(frames)
            blocks.append(sound.T.copy())
            return sound

    monkeypatch.setattr(silent_host, "Block", Heard)
    return blocks


def test_the_silent_host(tmp_path: Path, heard: list[NDArray[np.float32]]) -> None:
    """Played at once, whenever it comes; a program change brings another set."""
    with Instrument(Wishes(audio="silent", midi="none", block=113, mode="keys", takes=tmp_path)) as made:
        chance = random.Random(1)
        for n in range(120):
            made.engine.midi((0x90, 48 + chance.randrange(24), chance.randrange(128)))
            made.engine.gesture("strike", chance.randrange(7), velocity=chance.random())
            if n % 10 == 0:
                made.engine.gesture("rub", chance.randrange(7), pressure=chance.random())
                made.engine.set_parameter("tilt_db", chance.uniform(-6, 6))
            if n == 50:
                made.engine.midi((0xC0, list_configs("sets").index("bowls")))
            if n == 90:
                made.engine.panic()
            made.turn()
            time.sleep(0.01)
    assert made.take is not None and made.take_trouble == ""
    assert {reference.source for reference in summary_of(Take(made.take)).sets} == {"auditorium", "bowls"}
    sound = np.concatenate(heard)
    assert np.abs(sound).max() > 0.05
    np.testing.assert_array_equal(replayed(made.take), sound)


def test_a_show(tmp_path: Path, heard: list[NDArray[np.float32]]) -> None:
    show = load_show("auditorium")
    wishes = Wishes(audio="silent", midi="none", takes=tmp_path, show=show, prelude_s=10.0, stakes="virtuoso")
    with Instrument(wishes) as made:
        for n in range(10):
            made.engine.gesture("strike", n % 8, velocity=1.0)
            made.turn()
            time.sleep(0.05)
    assert made.take is not None
    np.testing.assert_array_equal(replayed(made.take), np.concatenate(heard))


class Listener:
    """A client that plays notes at odd moments, and keeps both outputs of weaver's."""

    def __init__(self) -> None:
        self.blocks: list[NDArray[np.float32]] = []
        self.due: list[tuple[int, bytes]] = []
        self._client = CallbackClient("listener")
        self.keys = self._client.midi_outports.register("keys")
        self.ears = [self._client.inports.register(f"ear_{n}") for n in (1, 2)]
        self._client.set_process_callback(self._process)
        self._client.activate()
        self._client.connect(self.keys, "weaver:midi_in")
        for n, ear in enumerate(self.ears, start=1):
            self._client.connect(f"weaver:out_{n}", ear)

    def _process(self, frames: int) -> None:
        self.keys.clear_buffer()
        due, self.due = self.due, []
        for offset, data in due:
            self.keys.write_midi_event(offset, data)
        self.blocks.append(np.stack([ear.get_array().copy() for ear in self.ears], axis=1))

    def close(self) -> None:
        self._client.close()


@pytest.fixture
def connected(jackd: JackServer, tmp_path: Path) -> Iterator[tuple[Instrument, Listener]]:
    with Instrument(Wishes(audio="jack", midi="none", takes=tmp_path)) as made:
        listener = Listener()
        try:
            yield made, listener
        finally:
            listener.close()


def perform_on_jack(made: Instrument, listener: Listener) -> None:
    """Two seconds of notes at odd offsets, from a peer, decoded within the callback; and gestures of ours."""
    chance = random.Random(3)
    for n in range(40):
        offsets = sorted(chance.randrange(PERIOD) for _ in range(3))
        listener.due = [(at, bytes((0x90, 48 + chance.randrange(8), chance.randrange(128)))) for at in offsets]
        made.engine.gesture("rub" if n % 5 else "bend", n % 8)
        if n == 30:
            made.engine.panic()
        made.turn()
        time.sleep(0.05)


def test_jack(connected: tuple[Instrument, Listener]) -> None:
    made, listener = connected
    perform_on_jack(made, listener)
    listener.close()
    made.close()
    assert made.take is not None
    commands = [event for event in Take(made.take).events() if isinstance(event, Command)]
    assert sum(command.kind == MIDI for command in commands) >= 60
    assert len({command.frame % PERIOD for command in commands if command.kind == MIDI}) > 30, "at their own frames"
    sound = replayed(made.take)
    assert np.abs(sound).max() > 0.05
    places = {sound[at : at + PERIOD].tobytes(): at for at in range(0, len(sound), PERIOD)}
    found = [places.get(block.tobytes()) for block in listener.blocks if block.any()]
    exact = [place for place in found if place is not None]
    assert len(exact) > 300 and all(later >= before for before, later in itertools.pairwise(exact))
    assert len(exact) >= 0.97 * len(found), "all, but for a period that a busy machine loses or hears twice"


def test_kill_9_leaves_a_take_that_renders(tmp_path: Path) -> None:
    """Somebody plays `weaver play` by a pseudo-terminal, and it is killed in the middle."""
    pty = pytest.importorskip("pty")
    takes = tmp_path / "takes"
    command = [sys.executable, "-m", "weaver", "play", "--audio", "silent", "--midi", "none", "--take", str(takes)]
    keys, terminal = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120", "LINES": "40"}
    with subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=terminal, env=environment) as child:
        os.close(terminal)
        os.set_blocking(keys, False)

        def strike() -> bool:
            """Press keys and read the page away; whether the disk has some of it, and a clock after that."""
            os.write(keys, b"asdf")
            try:
                os.read(keys, 1 << 16)
            except BlockingIOError:
                pass
            return any(summary_of(Take(path)).end_frame > 60_000 for path in takes.glob("*.take"))

        def safe() -> bool:
            time.sleep(0.05)
            return strike()

        assert eventually(safe, give_up_s=60.0)
        killed_s = time.time()
        child.send_signal(signal.SIGKILL)
        child.wait()
    os.close(keys)
    (path,) = takes.glob("*.take")
    summary = summary_of(Take(path))
    assert not summary.is_complete and summary.played > 4
    assert killed_s - path.stat().st_mtime < LOST_S
    sound = replayed(path)
    assert len(sound) == summary.end_frame and np.abs(sound).max() > 0.05
