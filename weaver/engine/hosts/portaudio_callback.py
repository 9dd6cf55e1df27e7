"""PortAudio's stream callback, native: one block of interleaved stereo float32."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

import numpy as np
from numba import carray, cfunc, from_dtype, types

from weaver.dsp.sizes import record
from weaver.engine.address import state_at
from weaver.engine.hosts.heart import advance_frames, heart, pointer
from weaver.engine.units import NATIVE

OUTPUT_UNDERFLOW = 4
"""paOutputUnderflow of portaudio.h."""
SAMPLE_BYTES = 4

TIMES = np.dtype([("input_adc_s", "f8"), ("now_s", "f8"), ("output_dac_s", "f8")])
"""PaStreamCallbackTimeInfo of portaudio.h, in the stream's own clock."""

STREAM = record(
    ("state", "u8"),  # address of STATE
    ("clock_offset_s", "f8"),  # time.monotonic() less the stream's clock; Python writes it
)

_LONG = types.uint32 if os.name == "nt" else types.uint64
"""C's unsigned long."""


def _callback(unused, out, frames, times, flags, user):
    """Render `frames` frames to the address `out`: left, right, left, right..."""
    stream = carray(user, (1,))[0]
    state = state_at(np.intp(stream.state))
    now_s = carray(times, (1,))[0].now_s
    if now_s > 0.0:  # a few drivers leave it empty
        state.host_time_s = now_s + stream.clock_offset_s
        state.host_frame = state.frame
    if flags & OUTPUT_UNDERFLOW:
        state.counters.underflows += 1
    right = out + np.uint64(SAMPLE_BYTES)
    advance_frames(pointer(stream.state), pointer(out), pointer(right), np.int64(2), np.int64(frames))
    return 0


@cache
def callback() -> Any:
    """Compiled, or loaded from disk, at the first call; its user data is the address of a STREAM."""
    heart()
    times, stream = types.CPointer(from_dtype(TIMES)), types.CPointer(from_dtype(STREAM))
    # the output is a number here, so that its second channel is an addition away
    signature = types.int32(types.voidptr, types.uint64, _LONG, times, _LONG, stream)
    return cfunc(signature, **NATIVE)(_callback)
