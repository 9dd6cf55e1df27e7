"""What is woven, and the clock, leave by ports of the system, where the host is not JACK.

Each message is sent when its frame is heard: always as long after it was rendered, so that nobody hears in what blocks
it came. Each port has a thread of its own, and so a driver that hangs holds up neither the other nor the sound.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from weaver.midi.departure import Departure
from weaver.midi.ports import CLOCK_OUT, MIDI_OUT, NONE, Backend
from weaver.model.midi_out import PlayOut


class Source(Protocol):
    """The instrument, as far as it is told by MIDI."""

    def play(self, wanted: PlayOut) -> bool:
        """Put what is woven out in this form."""

    def clock(self, on: bool = True) -> None:
        """Put the clock out."""

    def take_midi(self) -> NDArray[np.void]:
        """What is woven, since the last time: OUT_EVENT[n]."""

    def take_clock(self) -> NDArray[np.void]:
        """The same of the clock."""


class Way(NamedTuple):
    """A port of ours: which (MIDI_OUT or CLOCK_OUT), what players know it as, and what it has sent; `last_s` is on the
    clock of time.monotonic(), None until something was."""

    own_name: str
    name: str
    is_open: bool
    messages: int
    last_s: float | None


class Leaving:
    """Closed before the host stops, so that what sounds elsewhere can be ended.

    Zones and ranges are told when a port opens, and again when it comes back; while there is none, the instrument puts
    nothing out.
    """

    def __init__(
        self,
        source: Source,
        backend_of: Callable[[], Backend],
        time_at: Callable[[int], float],
        wanted: PlayOut,
        midi_out: str,
        clock_out: str,
    ) -> None:
        """`midi_out` and `clock_out` are auto, for a port of our own where the system can, none, or a part of another
        port's name; `time_at` as in `Departure`. Raises DeviceError when a name may mean several ports, or there is no
        MIDI library."""
        off = replace(wanted, form="off")

        def play(is_open: bool) -> None:
            source.play(wanted if is_open else off)

        ways = (
            (MIDI_OUT, NONE if wanted.form == off.form else midi_out, source.take_midi, play),
            (CLOCK_OUT, clock_out, source.take_clock, source.clock),
        )
        self.departures: tuple[Departure, ...] = ()
        try:
            for own_name, word, take, on_open in ways:
                if word != NONE:
                    self.departures += (Departure(own_name, word, take, on_open, time_at, backend_of),)
        except BaseException:
            self.close()
            raise

    @property
    def lost(self) -> Counter[str]:
        """By reason, what the drivers would not do."""
        return sum((departure.lost for departure in self.departures), Counter())

    @property
    def note(self) -> str:
        """What keeps it from leaving, in a line; empty if nothing does."""
        return "; ".join(filter(None, (departure.note for departure in self.departures)))

    def ways(self) -> tuple[Way, ...]:
        """The ports, and what has been sent."""
        shown = [departure for departure in self.departures if departure.is_shown]
        return tuple(Way(way.own_name, way.name, way.is_open, way.messages, way.last_s) for way in shown)

    def close(self) -> None:
        """End what sounds, then close the ports; a second call does nothing."""
        for departure in self.departures:
            departure.end()
        for departure in self.departures:
            departure.join()
