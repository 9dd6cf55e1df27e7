"""The units of native code, compiled or loaded once for a process: see `dsp.units`.

    python -m weaver.engine.units room midi

puts those into the cache of kernels. A cold start runs such beside itself, while it compiles the rest.
"""

from __future__ import annotations

import gc
import sys
from functools import cache
from typing import Any

import numpy as np
from numba import carray, cfunc, types

from weaver.dsp.hall import prepare_room
from weaver.dsp.jit import ARITHMETIC, kernel
from weaver.dsp.predelay import delay_bus
from weaver.dsp.room import run_room
from weaver.dsp.units import LIFE, MIDI, PREPARE_ROOM, ROOM
from weaver.engine.address import STATE_POINTER
from weaver.engine.decoder import midi_unit
from weaver.life.living import life_unit

NATIVE: dict[str, Any] = {"error_model": "numpy", "fastmath": ARITHMETIC, "cache": True}
"""How every function is compiled that is called by its address."""


@kernel
def room_unit(state):
    """The room as one unit: do what `ask` says."""
    if state.asked == PREPARE_ROOM:
        prepare_room(state.room, state.sample_rate, state.seed)
    else:
        delay_bus(state)
        run_room(state.room, state.bus, state.wet)


def _room(state):
    room_unit(carray(state, (1,))[0])


def _midi(state):
    midi_unit(carray(state, (1,))[0])


def _life(state):
    life_unit(carray(state, (1,))[0])


_UNITS = {"room": (ROOM, _room), "midi": (MIDI, _midi), "life": (LIFE, _life)}


@cache
def compiled_unit(name: str) -> Any:
    """A unit's compiled function: seconds when new, an instant from disk."""
    return cfunc(types.void(STATE_POINTER), **NATIVE)(_UNITS[name][1])


def give_units(state: np.record) -> None:
    """Let a state know where its units are."""
    for name, (place, _) in _UNITS.items():
        state.units[place] = compiled_unit(name).address


if __name__ == "__main__":
    gc.disable()  # this process compiles and ends
    for wanted in sys.argv[1:]:
        compiled_unit(wanted)
