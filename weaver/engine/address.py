"""Records by address: how Python hands the state to an entry.

Numba looks at a record's whole type each time Python passes one, which for a state of a thousand fields takes
longer than most entries run. So entries that are called often take an address, and find the record there.
"""

from __future__ import annotations

from numba import carray, types
from numba.extending import intrinsic
from numba.np.numpy_support import from_dtype

from weaver.dsp.jit import kernel
from weaver.engine.layout import COMMAND, HAND_VIEW, NOTICE, STATE
from weaver.life.clock_out import OUT_EVENT

STATE_POINTER = types.CPointer(from_dtype(STATE))
COMMAND_POINTER = types.CPointer(from_dtype(COMMAND))
HAND_VIEW_POINTER = types.CPointer(from_dtype(HAND_VIEW))
NOTICE_POINTER = types.CPointer(from_dtype(NOTICE))
OUT_EVENT_POINTER = types.CPointer(from_dtype(OUT_EVENT))
BYTE_POINTER = types.CPointer(types.uint8)
FLOAT_POINTER = types.CPointer(types.float32)


def _pointer_to(kind):
    @intrinsic
    def pointer(typing, address):
        def emit(context, builder, signature, arguments):
            return builder.inttoptr(arguments[0], context.get_value_type(kind))

        return kind(types.intp), emit

    return pointer


_to_state, _to_notice = _pointer_to(STATE_POINTER), _pointer_to(NOTICE_POINTER)
_to_command, _to_hand_view = _pointer_to(COMMAND_POINTER), _pointer_to(HAND_VIEW_POINTER)
_to_out_event = _pointer_to(OUT_EVENT_POINTER)
_to_bytes, _to_floats = _pointer_to(BYTE_POINTER), _pointer_to(FLOAT_POINTER)


@kernel
def state_at(address):
    """The STATE at an address."""
    return carray(_to_state(address), 1)[0]


@kernel
def notices_at(address, count):
    """NOTICE[count] at an address."""
    return carray(_to_notice(address), count)


@kernel
def commands_at(address, count):
    """COMMAND[count] at an address."""
    return carray(_to_command(address), count)


@kernel
def out_events_at(address, count):
    """OUT_EVENT[count] at an address."""
    return carray(_to_out_event(address), count)


@kernel
def hand_view_at(address):
    """The HAND_VIEW at an address."""
    return carray(_to_hand_view(address), 1)[0]


@kernel
def bytes_at(address, count):
    """uint8[count] at an address."""
    return carray(_to_bytes(address), count)


@kernel
def floats_at(address, count):
    """float32[count] at an address."""
    return carray(_to_floats(address), count)
