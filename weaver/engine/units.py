"""The units of native code, compiled or loaded once for a process: see `dsp.units`.

    python -m weaver.engine.units

puts them into the cache of kernels. A cold start runs that beside itself, while it compiles the rest.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numba import carray, cfunc, types

from weaver.dsp.hall import prepare_room
from weaver.dsp.jit import ARITHMETIC, kernel
from weaver.dsp.room import run_room
from weaver.dsp.units import MIDI, PREPARE_ROOM, ROOM
from weaver.engine.address import STATE_POINTER
from weaver.engine.decoder import midi_unit

NATIVE: dict[str, Any] = {"error_model": "numpy", "fastmath": ARITHMETIC, "cache": True}
"""How every function is compiled that is called by its address."""


@kernel
def room_unit(state):
    """The room as one unit: do what `ask` says."""
    if state.asked == PREPARE_ROOM:
        prepare_room(state.room, state.sample_rate, state.seed)
    else:
        run_room(state.room, state.bus, state.wet)


def _room(state):
    room_unit(carray(state, (1,))[0])


def _midi(state):
    midi_unit(carray(state, (1,))[0])


@cache
def compiled_units() -> dict[int, Any]:
    """Each unit's compiled function by its place: seconds when new, an instant from disk."""
    return {place: cfunc(types.void(STATE_POINTER), **NATIVE)(unit) for place, unit in ((ROOM, _room), (MIDI, _midi))}


def give_units(state: np.record) -> None:
    """Let a state know where its units are."""
    for place, unit in compiled_units().items():
        state.units[place] = unit.address


if __name__ == "__main__":
    compiled_units()
