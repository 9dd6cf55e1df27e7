"""`weaver play`: the instrument, its page and its keys, until somebody ends it."""

from __future__ import annotations

import argparse
import math
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console

from weaver.app import Instrument, Wishes
from weaver.commands.first_start import learning
from weaver.surfaces.keys import Keys, terminal_keys
from weaver.surfaces.notes import changes, greeting
from weaver.surfaces.picture import Picture
from weaver.surfaces.terminal import FRAMES_PER_S, Press, TerminalPage


class Ending:
    """Ctrl-C, SIGTERM or SIGHUP. While things are being set up they interrupt; later they are only noted."""

    def __init__(self) -> None:
        self.event = threading.Event()
        self._interrupts = True

    def defer(self) -> None:
        """From now on only note it: whoever plays looks at `event`."""
        self._interrupts = False

    def __call__(self, *_: object) -> None:
        self.event.set()
        if self._interrupts:
            raise KeyboardInterrupt


@contextmanager
def ending_by_signals() -> Iterator[Ending]:
    """An `Ending` that hears the signals, which mean afterwards what they meant before."""
    ending = Ending()
    names = ("SIGINT", "SIGTERM", "SIGHUP")
    before = {number: signal.signal(number, ending) for number in (getattr(signal, n, None) for n in names) if number}
    try:
        yield ending
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

    def show(self, picture: Picture) -> None:
        """Say hello once, then what has changed."""
        for line in [greeting(picture)] if self._before is None else changes(self._before, picture):
            self._console.print(line, soft_wrap=True)
        self._console.file.flush()
        self._before = picture

    def press(self, key: str) -> Press | None:
        """No key means anything here."""


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Play until Ctrl-C, SIGTERM or the time is up; 0 then. Raises ConfigError and DeviceError at the start."""
    wishes = Wishes(
        audio=arguments.audio,
        device=arguments.device,
        rate=arguments.rate,
        block=arguments.block,
        spheres=arguments.set,
        tuning=arguments.tuning,
        kbm=arguments.kbm,
        midi=arguments.midi,
        mode=arguments.mode,
        timing=arguments.timing,
    )
    seconds = math.inf if arguments.seconds is None else arguments.seconds
    with ending_by_signals() as ending:
        try:
            with Instrument(wishes, lambda: learning(console)) as instrument:
                ending.defer()
                _play(instrument, console, ending.event, seconds, console.is_terminal and not arguments.no_terminal)
        except KeyboardInterrupt:
            return 0
    return 0


def _play(instrument: Instrument, console: Console, ended: threading.Event, seconds: float, has_page: bool) -> None:
    if not has_page:
        drive(instrument, Notes(console), None, ended, seconds)
        return
    with terminal_keys() as keys, TerminalPage(console) as page:
        drive(instrument, page, keys, ended, seconds)


def drive(instrument: Instrument, surface: Surface, keys: Keys | None, ended: threading.Event, seconds: float) -> None:
    """Keep an instrument and a surface going: a key is done at once, everything else at the page's pace."""
    until_s = time.monotonic() + seconds
    next_s = time.monotonic()
    while not ended.is_set() and time.monotonic() < until_s:
        if time.monotonic() >= next_s:
            instrument.turn()
            surface.show(instrument.picture())
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
    if press.action == "strike":
        instrument.engine.gesture("strike", press.sphere, velocity=press.velocity)
    elif press.action == "hush":
        instrument.engine.gesture("hush")
    else:
        instrument.engine.panic()
