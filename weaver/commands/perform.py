"""`weaver perform`: a show on the instrument, from the chronometer to the reckoning."""

from __future__ import annotations

import argparse
import threading
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from weaver.app import Instrument
from weaver.commands.first_start import learning
from weaver.commands.play import ending_by_signals, has_page, heard_through, play_on, tell_take
from weaver.engine.staging import read_reckoning
from weaver.life.notices import BREAKING, INCIDENT, PHASE, SPARED
from weaver.life.stage import RECKONED
from weaver.model.durations import show_duration
from weaver.model.reckoning import reckoning_lines
from weaver.model.show import PHASES, Show, load_show
from weaver.takes.plot import check_plot
from weaver.takes.plot_timeline import plot_timeline
from weaver.takes.timeline import Timeline


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Perform until the show is over, or Ctrl-C or SIGTERM; then its reckoning is printed, and 0 returned.

    Raises ConfigError and DeviceError at the start.
    """
    show = load_show(arguments.show)
    if arguments.picture is not None:
        check_plot(arguments.picture)
    wishes = replace(
        heard_through(arguments), stakes=arguments.stakes or show.stakes, show=show, prelude_s=arguments.prelude
    )
    with ending_by_signals() as ending:
        try:
            with Instrument(wishes, lambda: learning(console)) as instrument:
                ending.defer()
                shows_page = has_page(arguments, console)
                usher = Usher(instrument, show, ending.event, None if shows_page else console)
                play_on(instrument, console, ending.event, shows_page, watch=usher.watch)
        except KeyboardInterrupt:
            return 0
    if arguments.picture is not None:
        plot_timeline(usher.timeline, arguments.picture, f"{show.title} · the reckoning")
        _print(console, f"{arguments.picture}: what became of the spheres")
    for line in reckoning_lines(read_reckoning(instrument.engine.state, show)):
        _print(console, line)
    tell_take(instrument, console)
    return 0


def _print(console: Console, line: str) -> None:
    console.print(line, soft_wrap=True, markup=False, highlight=False)
    console.file.flush()


class Usher:
    """Tells the player of the show's incidents, in lines of text or as the page's note; keeps what becomes of the
    spheres in `timeline`; ends the evening when it is reckoned."""

    def __init__(
        self, instrument: Instrument, show: Show, ended: threading.Event, console: Console | None = None
    ) -> None:
        self._instrument, self._show, self._ended, self._console = instrument, show, ended, console
        spheres = [(sphere.name, sphere.colour) for sphere in show.spheres.spheres]
        self.timeline = Timeline(spheres, instrument.engine.sample_rate)

    def watch(self, notices: NDArray[np.void]) -> None:
        """One turn, in which the sound has said `notices`."""
        told = [words for notice in notices if (words := tell(self._show, notice))]
        if self._console is not None:
            for line in told:
                _print(self._console, line)
        elif told:
            self._instrument.note = "; ".join(told)
        snapshot = self._instrument.engine.snapshot()
        self.timeline.sample(snapshot)
        for notice in notices:
            if notice["kind"] == PHASE:
                self.timeline.note(self.timeline.seconds(int(notice["frame"])), PHASES[int(notice["values"][0])])
        if int(snapshot.phase) == RECKONED:
            self._ended.set()


def tell(show: Show, notice: np.void) -> str:
    """What a notice says of the show's incidents, in words; "" for any other."""
    kind, number, since_s = int(notice["kind"]), int(notice["values"][0]), float(notice["values"][1])
    if kind == INCIDENT:
        return f"{show_duration(round(since_s))} {show.incidents[number].say}"
    if kind == SPARED:
        return f"{_name(show, notice)} is whole again, and is spared"
    return f"{_name(show, notice)} breaks" if kind == BREAKING else ""


def _name(show: Show, notice: np.void) -> str:
    return show.spheres.spheres[int(notice["sphere"])].name
