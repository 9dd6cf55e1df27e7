"""Controllers as Python sees them: maps for them in, how their controls stand out."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np

from weaver.dsp.jit import entry
from weaver.dsp.sizes import ACTIONS, PORTS, new_record
from weaver.engine.address import hand_view_at, state_at
from weaver.engine.hand import UNKNOWN, map_of
from weaver.engine.hand_knobs import aim_of
from weaver.engine.layout import HAND_VIEW
from weaver.model.gestures import HAND


@entry
def read_hand(address, port, out_address):
    """Fill the HAND_VIEW at an address. What moves meanwhile is seen as it was before or after, each by itself."""
    state, view = state_at(address), hand_view_at(out_address)
    hand, table = state.hand[port], map_of(state, port)
    for index in range(ACTIONS):
        view.aim[index] = aim_of(state, table.action[index]) if index < table.count else UNKNOWN
        view.hardware[index] = hand.hardware[index]
        view.caught[index] = hand.caught[index]
        view.down[index] = hand.down[index]
        view.pressing[index] = hand.pressing[index]


class Hands:
    """The controllers of one state, from any thread; nobody knows yet where their knobs stand."""

    def __init__(self, state: np.record) -> None:
        self._state = state
        self._address = int(state.__array_interface__["data"][0])
        self._lock = threading.Lock()  # a view is of a map that nobody writes
        self._given = [0] * PORTS
        state["hand"]["hardware"] = UNKNOWN

    def give(self, slot: int, hand_map: np.record, push: Callable[..., bool]) -> bool:
        """Stage a map for a port and have it put in force; see `Engine.give_hand`."""
        with self._lock:
            place = 1 - int(self._state["hand"]["map"][slot])
            if place == self._given[slot]:
                return False
            self._state["hand_map"][place, slot] = hand_map
            if pushed := push(0, HAND, -1, slot, (place, 0.0, 0.0, 0.0), True):
                self._given[slot] = place
            return pushed

    def view(self, slot: int) -> np.record:
        """How the controls of a port stand beside what they turn."""
        view = new_record(HAND_VIEW)
        with self._lock:
            read_hand(self._address, slot, view.ctypes.data)
        return view[0]
