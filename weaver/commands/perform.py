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
from weaver.commands.play import ending_by_signals, has_page, play_on, tell_take
from weaver.commands.wished import heard_through
from weaver.engine.staging import read_reckoning
from weaver.life.notices import PHASE
from weaver.life.stage import RECKONED
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
        heard_through(arguments),
        stakes=arguments.stakes or show.stakes,
        show=show,
        prelude_s=arguments.prelude,
        in_time=arguments.in_time,
    )
    with ending_by_signals() as ending:
        try:
            with Instrument(wishes, lambda: learning(console)) as instrument:
                ending.defer()
                usher = Usher(instrument, show, ending.event)
                play_on(instrument, console, ending.event, has_page(arguments, console), watch=usher.watch)
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
    """Keeps what becomes of the spheres in `timeline`; ends the evening when it is reckoned."""

    def __init__(self, instrument: Instrument, show: Show, ended: threading.Event) -> None:
        self._instrument, self._ended = instrument, ended
        spheres = [(sphere.name, sphere.colour) for sphere in show.spheres.spheres]
        self.timeline = Timeline(spheres, instrument.engine.sample_rate)

    def watch(self, notices: NDArray[np.void]) -> None:
        """One turn, in which the sound has said `notices`."""
        snapshot = self._instrument.engine.snapshot()
        self.timeline.sample(snapshot)
        for notice in notices:
            if notice["kind"] == PHASE:
                self.timeline.note(self.timeline.seconds(int(notice["frame"])), PHASES[int(notice["values"][0])])
        if int(snapshot.phase) == RECKONED:
            self._ended.set()
