"""libjack for native code: its functions as Numba calls them, from the very library that JACK-Client loaded.

Numba finds them by name, so that what calls them can be kept on disk. Importing this raises OSError where there is
no libjack.
"""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

import jack
import llvmlite.binding as llvm
import numpy as np
from numba import cfunc, types

from weaver.engine.units import NATIVE

llvm.load_library_permanently(jack._libname)
_library = ctypes.CDLL(jack._libname)
_library.jack_get_time.restype = ctypes.c_uint64

_pointer, _u32 = types.voidptr, types.uint32
port_buffer = types.ExternalFunction("jack_port_get_buffer", _pointer(_pointer, _u32))
event_count = types.ExternalFunction("jack_midi_get_event_count", _u32(_pointer))
event_get = types.ExternalFunction("jack_midi_event_get", types.int32(_pointer, _pointer, _u32))
midi_clear = types.ExternalFunction("jack_midi_clear_buffer", types.void(_pointer))
midi_write = types.ExternalFunction("jack_midi_event_write", types.int32(_pointer, _u32, _pointer, types.uintp))
midi_reserve = types.ExternalFunction("jack_midi_event_reserve", types.uint64(_pointer, _u32, types.uintp))
cycle_start = types.ExternalFunction("jack_last_frame_time", _u32(_pointer))
frame_to_us = types.ExternalFunction("jack_frames_to_time", types.uint64(_pointer, _u32))
transport_query = types.ExternalFunction("jack_transport_query", types.int32(_pointer, _pointer))
get_latency = types.ExternalFunction("jack_port_get_latency_range", types.void(_pointer, types.int32, _pointer))
set_latency = types.ExternalFunction("jack_port_set_latency_range", types.void(_pointer, types.int32, _pointer))
time_us = types.ExternalFunction("jack_get_time", types.uint64())

MIDI_EVENT = np.dtype([("time", np.uint32), ("size", np.uintp), ("bytes", np.uint64)], align=True)
"""`jack_midi_event_t` of jack/midiport.h; `time` counts frames from the cycle's start."""

CAPTURE, PLAYBACK = 0, 1
"""`JackLatencyCallbackMode` of jack/types.h."""
LATENCY_RANGE = np.dtype([("least", np.uint32), ("most", np.uint32)], align=True)
"""`jack_latency_range_t` likewise, in frames."""

ROLLING = 1
"""`JackTransportRolling` of jack/transport.h."""
BBT_VALID, BBT_OFFSET_VALID = 0x10, 0x40
"""`JackPositionBBT` and `JackBBTFrameOffset`: what of a position is meant."""
POSITION_BYTES = 256
"""More than any version's `jack_position_t` has."""
_of_position = dict(jack._ffi.typeof("jack_position_t").fields)
_BBT = (
    *(("valid", np.uint32), ("bar", np.int32), ("beat", np.int32), ("tick", np.int32), ("beats_per_bar", np.float32)),
    *(("beat_type", np.float32), ("ticks_per_beat", np.float64), ("beats_per_minute", np.float64)),
    ("bbt_offset", np.uint32),
)
POSITION = np.dtype(
    {
        "names": [name for name, _ in _BBT],
        "formats": [kind for _, kind in _BBT],
        "offsets": [_of_position[name].offset for name, _ in _BBT],
        "itemsize": POSITION_BYTES,
    },
    align=True,
)
"""`jack_position_t` of jack/transport.h, as far as it concerns us."""


class _LatencyRange(ctypes.Structure):
    """`jack_latency_range_t` of jack/types.h."""

    _fields_ = (("least", ctypes.c_uint32), ("most", ctypes.c_uint32))


def address(handle: Any) -> int:
    """The address behind one of JACK-Client's handles, or of anything else of cffi's."""
    return int(jack._ffi.cast("uintptr_t", handle))


def clock_s() -> float:
    """JACK's own clock, now."""
    return float(_library.jack_get_time()) / 1e6


def output_latency_frames(port: jack.OwnPort) -> int:
    """How long after it is written, at most, a frame of this output is heard, as far as the server knows."""
    range_frames = _LatencyRange()
    _library.jack_port_get_latency_range(ctypes.c_void_p(address(port._ptr)), PLAYBACK, ctypes.byref(range_frames))
    return int(range_frames.most)


def set_latency_callback(client: jack.Client, callback_address: int, user_address: int) -> None:
    """Have a client's ports' latencies told by native code; JACK-Client does not know this function."""
    handles = (address(client._ptr), callback_address, user_address)
    _library.jack_set_latency_callback(*(ctypes.c_void_p(handle) for handle in handles))


def _ignore(message):
    """What libjack wants to print."""


@cache
def silence_messages() -> Any:
    """Keep libjack from writing on the player's terminal: three lines each time that no server answers.

    The receiver is native, because libjack may speak from its real-time thread.
    """
    ignore = cfunc(types.void(_pointer), **NATIVE)(_ignore)
    receiver = jack._ffi.cast("void (*)(const char*)", ignore.address)
    jack._lib.jack_set_error_function(receiver)
    jack._lib.jack_set_info_function(receiver)
    return ignore
