"""A native JACK synth of one click, which sounds a known number of frames after each note-on."""

from __future__ import annotations

from types import TracebackType
from typing import Any

import jack
import numpy as np
from numba import carray, cfunc, from_dtype, types

from weaver.bench.probe import pointer, port_buffer

EVENT = np.dtype([("time", np.uint32), ("size", np.uint64), ("bytes", np.uint64)], align=True)
"""`jack_midi_event_t` of jack/midiport.h."""
STATE = np.dtype(
    [
        ("midi_in", np.uint64),
        ("audio_out", np.uint64),
        ("event_address", np.uint64),
        ("event", EVENT),
        ("delay_frames", np.int64),
        ("clock", np.int64),
        ("due", np.int64),
    ],
    align=True,
)
event_count = types.ExternalFunction("jack_midi_get_event_count", types.uint32(types.voidptr))
event_get = types.ExternalFunction("jack_midi_event_get", types.int32(types.voidptr, types.voidptr, types.uint32))


@cfunc(types.int32(types.uint32, types.CPointer(from_dtype(STATE))), error_model="numpy")
def process(frames: Any, user: Any) -> int:
    """Click where it is due, in this period or a later one."""
    s = carray(user, 1)[0]
    midi = port_buffer(pointer(s.midi_in), frames)
    sound = carray(port_buffer(pointer(s.audio_out), frames), (frames,), np.float32)
    for index in range(event_count(midi)):
        event_get(pointer(s.event_address), midi, np.uint32(index))
        if carray(pointer(s.event.bytes), (1,), np.uint8)[0] == 0x90:
            s.due = s.clock + s.event.time + s.delay_frames
    for frame in range(frames):
        sound[frame] = 0.5 if s.clock + frame == s.due else 0.0
    s.clock += frames
    return 0


class Echo:
    """The synth, from `with` to its end: ports `echo:notes` and `echo:sound`."""

    def __init__(self, server: str, delay_frames: int) -> None:
        self._client = jack.Client("echo", no_start_server=True, servername=server)
        self._state = np.zeros(1, STATE)
        ports = (self._client.midi_inports.register("notes"), self._client.outports.register("sound"))
        for field, port in zip(("midi_in", "audio_out"), ports, strict=True):
            self._state[field] = int(jack._ffi.cast("uintptr_t", port._ptr))
        self._state["event_address"] = self._state.ctypes.data + STATE.fields["event"][1]
        self._state["delay_frames"], self._state["due"] = delay_frames, -1
        jack._lib.jack_set_process_callback(
            self._client._ptr,
            jack._ffi.cast("JackProcessCallback", process.address),
            jack._ffi.cast("void*", self._state.ctypes.data),
        )

    def __enter__(self) -> Echo:
        self._client.activate()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._client.deactivate()
        self._client.close()
