"""`weaver play`: the instrument, its page and its keys, until somebody ends it."""

from __future__ import annotations

import argparse
import math
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from weaver.app import Instrument
from weaver.commands.first_start import learning
from weaver.commands.time_keys import TIME_KEYS
from weaver.commands.wished import heard_through
from weaver.hands.learning import Learning
from weaver.model.errors import WeaverError
from weaver.model.law import STAKES
from weaver.model.parameters import STAKES as STAKES_INDEX
from weaver.surfaces.keys import Keys, terminal_keys
from weaver.surfaces.notes import changes, greeting
from weaver.surfaces.picture import NetworkView, Picture
from weaver.surfaces.presses import Press
from weaver.surfaces.qr import qr_lines
from weaver.surfaces.reasons import reason_words
from weaver.surfaces.terminal import FRAMES_PER_S, TerminalPage
from weaver.tablets.tablets import Tablets
from weaver.views import view_untaken

Watch = Callable[[NDArray[np.void]], None]
"""Somebody who is told at each turn what the sound has said: NOTICE[n], valid until the next."""


class Ending:
    """Ctrl-C, SIGTERM or SIGHUP. While things are being set up they interrupt; later they are only noted."""

    def __init__(self) -> None:
        self.event = threading.Event()
        self.interrupts = True

    def defer(self) -> None:
        """From now on only note it: whoever plays looks at `event`."""
        self.interrupts = False

    def __call__(self, *_: object) -> None:
        self.event.set()
        if self.interrupts:
            raise KeyboardInterrupt


@contextmanager
def ending_by_signals() -> Iterator[Ending]:
    """An `Ending` that hears the signals, which mean afterwards what they meant before."""
    ending = Ending()
    names = ("SIGINT", "SIGTERM", "SIGHUP")
    before = {number: signal.signal(number, ending) for number in (getattr(signal, n, None) for n in names) if number}
    try:
        yield ending
    except RuntimeError as error:  # an interrupt that falls into Numba's own callbacks is lost there, and breaks it
        if ending.event.is_set() and ending.interrupts:
            raise KeyboardInterrupt from error
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Surface(Protocol):
    """What the instrument shows itself on."""

    def show(self, picture: Picture) -> None:
        """Show how things are now."""

    def press(self, key: str) -> Press | None:
        """What a key means; None if nothing."""


class Notes:
    """Lines of text, for services and pipes."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._before: Picture | None = None
        self._has_shown_code = False

    def show(self, picture: Picture) -> None:
        """Say hello once, then what has changed."""
        for line in [greeting(picture)] if self._before is None else changes(self._before, picture):
            self._console.print(line, soft_wrap=True)
        self._show_code(picture.network)
        self._console.file.flush()
        self._before = picture

    def _show_code(self, network: NetworkView | None) -> None:
        """To somebody who looks at a terminal: once, for a tablet's camera."""
        if network is None or not (network.is_open and network.url and self._console.is_terminal):
            return
        if not self._has_shown_code:
            self._has_shown_code = True
            for row in qr_lines(network.url, *self._console.size):
                self._console.print(row)
            self._console.print(network.url, soft_wrap=True)

    def press(self, key: str) -> Press | None:
        """No key means anything here."""


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Play until Ctrl-C, SIGTERM or the time is up; 0 then. Raises ConfigError and DeviceError at the start."""

    def play(instrument: Instrument, ending: Ending, seconds: float) -> None:
        play_on(instrument, console, ending.event, has_page(arguments, console), seconds)

    return with_instrument(arguments, console, play)


def with_instrument(
    arguments: argparse.Namespace, console: Console, do: Callable[[Instrument, Ending, float], None]
) -> int:
    """Make the instrument that is asked for, do something with it for so many seconds or until it ends, and tell of
    its take; 0 then. Raises ConfigError and DeviceError."""
    wishes = replace(heard_through(arguments), spheres=arguments.set, stakes=arguments.stakes)
    with ending_by_signals() as ending:
        try:
            with Instrument(wishes, lambda: learning(console)) as instrument:
                ending.defer()
                do(instrument, ending, math.inf if arguments.seconds is None else arguments.seconds)
        except KeyboardInterrupt:
            return 0
    tell_take(instrument, console)
    return 0


def tell_take(instrument: Instrument, console: Console) -> None:
    """After the end: what came by MIDI and meant nothing, where the take is, if there is one, and what is not in it."""
    if untaken := reason_words(view_untaken(instrument.engine.state)):
        console.print(f"MIDI that was not taken: {untaken}", soft_wrap=True)
    if instrument.take is not None:
        console.print(f"{instrument.take}: what was played", soft_wrap=True)
    if instrument.take_trouble:
        console.print(instrument.take_trouble, soft_wrap=True)


def has_page(arguments: argparse.Namespace, console: Console) -> bool:
    """Whether there is a page, with keys."""
    return console.is_terminal and not arguments.no_terminal


def play_on(
    instrument: Instrument,
    console: Console,
    ended: threading.Event,
    has_page: bool,
    seconds: float = math.inf,
    watch: Watch | None = None,
) -> None:
    """Play, on the page and its keys or with lines of text, until it has ended or the time is up."""
    if not has_page:
        drive(instrument, Notes(console), None, ended, seconds, watch)
        return
    with terminal_keys() as keys, TerminalPage(console) as page:
        drive(instrument, page, keys, ended, seconds, watch)


def drive(
    instrument: Instrument,
    surface: Surface,
    keys: Keys | None,
    ended: threading.Event,
    seconds: float,
    watch: Watch | None = None,
) -> None:
    """Keep an instrument and a surface going: a key is done at once, everything else at the page's pace.

    `watch` is called at each turn, when it has been shown, with what the sound has said.
    """
    until_s = time.monotonic() + seconds
    next_s = time.monotonic()
    while not ended.is_set() and time.monotonic() < until_s:
        if time.monotonic() >= next_s:
            notices = instrument.turn()
            if instrument.listening.lesson is not None:
                instrument.listening.lesson.turn()
            surface.show(instrument.picture())
            if watch is not None:
                watch(notices)
            next_s = time.monotonic() + 1.0 / FRAMES_PER_S
        wait_s = max(min(next_s, until_s) - time.monotonic(), 0.0)
        if keys is None:
            ended.wait(wait_s)
            continue
        for key in keys.wait(wait_s):
            do(instrument, surface.press(key))


def do(instrument: Instrument, press: Press | None) -> None:
    """What a key asks for."""
    if press is None:
        return
    engine = instrument.engine
    if press.action == "strike":
        engine.gesture("strike", press.sphere, velocity=press.velocity)
    elif press.action == "soothe":  # the digit that laid the hand on takes it off
        rests = engine.state.touch.soothe_target[press.sphere] > 0.0
        engine.gesture("soothe", press.sphere, care=0.0 if rests else 1.0)
    elif press.action == "stakes":
        engine.set_parameter("stakes", (round(float(engine.state.target[STAKES_INDEX])) + 1) % len(STAKES))
    elif press.action == "let_go":
        engine.gesture("soothe", care=0.0)
    elif press.action == "panic":
        engine.panic()
    elif press.action == "resync":
        instrument.listening.resync()
    elif press.action in ("page_before", "page_after"):
        instrument.listening.turn_pages(1 if press.action == "page_after" else -1)
    elif press.action == "learn":
        learn_or_not(instrument)
    elif press.action in TIME_KEYS:
        TIME_KEYS[press.action](engine)
    elif press.action in TABLET_KEYS:
        if instrument.tablets is not None:
            TABLET_KEYS[press.action](instrument.tablets)
    elif press.action in LESSON_KEYS:
        if instrument.listening.lesson is not None:
            LESSON_KEYS[press.action](instrument.listening.lesson)
    elif press.action not in ("turn", "network"):  # the page's own
        engine.gesture(press.action)


LESSON_KEYS: dict[str, Callable[[Learning], None]] = {
    "goal_before": lambda lesson: lesson.choose(-1),
    "goal_after": lambda lesson: lesson.choose(1),
    "sphere_before": lambda lesson: lesson.choose_sphere(-1),
    "sphere_after": lambda lesson: lesson.choose_sphere(1),
    "unlearn": lambda lesson: lesson.undo(),
}


TABLET_KEYS: dict[str, Callable[[Tablets], object]] = {
    "allow": lambda door: door.allow(),
    "remember": lambda door: door.remember(),
    "revoke": lambda door: door.revoke(),
}


def learn_or_not(instrument: Instrument) -> None:
    """Begin a lesson, or end the one that is going on; where that cannot be, the page says why."""
    if instrument.listening.lesson is not None:
        instrument.listening.learn_no_more()
        return
    try:
        instrument.listening.learn()
    except WeaverError as error:
        instrument.note = str(error)
