"""What leaves by the instrument's MIDI ports, as Python sees it: in what form, and taking it out of the rings.

On JACK the callback takes it out natively; elsewhere, and offline, one consumer in Python does.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from weaver.dsp.sizes import CLOCK_EVENTS, MIDI_EVENTS
from weaver.engine.midi_out import take_clock_out, take_midi_out
from weaver.life.clock_out import OUT_EVENT
from weaver.model.gestures import PLAY_OUT
from weaver.model.midi_out import FORMS, PlayOut


class Outward:
    """The two rings of one state."""

    def __init__(self, state: np.record, push: Callable[..., bool]) -> None:
        """`push` : puts a command into the state's ring; False if that is full."""
        self._state, self._push = state, push
        self._wanted: PlayOut | None = None
        self._address = int(state.__array_interface__["data"][0])
        self._midi = np.zeros(MIDI_EVENTS, OUT_EVENT).view(np.recarray)
        self._clock = np.zeros(CLOCK_EVENTS, OUT_EVENT).view(np.recarray)

    def play(self, wanted: PlayOut) -> bool:
        """Let what is woven leave as MIDI; False if the ring was full."""
        self._wanted = wanted
        values = (FORMS.index(wanted.form), wanted.lanes, wanted.configures, wanted.echoes)
        return self._push(0, PLAY_OUT, -1, 0, values, False)

    def begin_again(self) -> None:
        """Somebody new listens: zones and ranges are said again."""
        if self._wanted is not None:
            self.play(self._wanted)

    def drop(self) -> None:
        """What waits to leave is too old: nobody took it out in time. Not while somebody else takes it out."""
        self.take_midi()
        self.take_clock()

    def clock(self, on: bool = True) -> None:
        """Let MIDI's clock leave."""
        self._state.clock_out.on = on

    def take_midi(self) -> NDArray[np.void]:
        """What has left since the last time: OUT_EVENT[n], in order, valid until the next call."""
        return self._midi[: take_midi_out(self._address, self._midi.ctypes.data, MIDI_EVENTS)]

    def take_clock(self) -> NDArray[np.void]:
        """The same of the clock. Messages may be of frames up to a cell ahead."""
        return self._clock[: take_clock_out(self._address, self._clock.ctypes.data, CLOCK_EVENTS)]
