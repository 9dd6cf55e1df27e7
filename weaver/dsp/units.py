"""Units: parts of the native code that are compiled apart, and called by an address that the state carries.

The room and the spheres' life are called once a cell, the MIDI decoder once an event, so a call through a pointer
costs nothing; and a cold start can compile them at the same time as the rest. `engine.units` makes them.
"""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from weaver.dsp.jit import kernel

ROOM, MIDI, LIFE = range(3)
"""Places of the units' addresses in `state.units`."""
UNITS = 3
PREPARE_ROOM, RUN_ROOM = range(2)
"""What the room can be asked."""
PREPARE_LIFE, MEET_SET, LIVE = range(3)
"""What life can be asked."""


@intrinsic
def _call(typing, address, record):
    """Call the function void (*)(record *) at an address."""

    def emit(context, builder, signature, arguments):
        kind = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t])
        function = builder.inttoptr(arguments[0], kind.as_pointer())
        builder.call(function, [builder.bitcast(arguments[1], cgutils.voidptr_t)])
        return context.get_dummy_value()

    return types.void(types.uint64, record), emit


@kernel
def ask(state, unit, what):
    """Have a unit do what it is asked, to this state."""
    state.asked = what
    _call(state.units[unit], state)
