"""The listener behind *clock out*: a native JACK client that notes the frame of every tick of MIDI's clock.

It counts in frames of the server's clock, inside its own process callback, so that the interpreter cannot blur the
figure. Importing it raises OSError where there is no libjack.
"""

from __future__ import annotations

from typing import Any

import jack
import numpy as np
from numba import carray, cfunc, from_dtype, types
from numpy.typing import NDArray

from weaver.bench.probe import FRAME_MASK
from weaver.engine.hosts.heart import pointer
from weaver.engine.hosts.libjack import MIDI_EVENT, address, cycle_start, event_count, event_get, port_buffer
from weaver.life.clock_out import CLOCK_TICK

NAME = "weaver-clock-ear"

EAR = np.dtype(
    [
        ("client", np.uint64),  # addresses of libjack's objects
        ("midi_in", np.uint64),
        ("event", np.uint64),  # address of a MIDI_EVENT, scratch
        ("clock", np.int64),  # frames since it began, by the server's clock
        ("clock_32", np.int64),  # the server's own reading of it
        ("room", np.int64),  # ticks that there is room for
        ("heard", np.int64),
        ("xruns", np.int64),
        ("ticks", np.uint64),  # address of one int64 per tick
    ],
    align=True,
)
_ear = from_dtype(EAR)


def _process(frames: Any, user: Any) -> int:
    """JACK's process callback: the ticks of this cycle."""
    s = carray(user, 1)[0]
    now = np.int64(cycle_start(pointer(s.client)))
    s.clock += (now - s.clock_32) & FRAME_MASK
    s.clock_32 = now
    buffer = port_buffer(pointer(s.midi_in), frames)
    for index in range(event_count(buffer)):
        if event_get(pointer(s.event), buffer, np.uint32(index)) != 0:
            continue
        event = carray(pointer(s.event), 1, MIDI_EVENT)[0]
        if event.size == 1 and carray(pointer(event.bytes), 1, np.uint8)[0] == CLOCK_TICK and s.heard < s.room:
            carray(pointer(s.ticks), (s.heard + 1,), np.int64)[s.heard] = s.clock + np.int64(event.time)
            s.heard += 1
    return 0


def _count_xrun(user: Any) -> int:
    """JACK's xrun callback."""
    carray(user, 1)[0].xruns += 1
    return 0


_process_native = cfunc(types.int32(types.uint32, types.CPointer(_ear)), error_model="numpy")(_process)
_count_xrun_native = cfunc(types.int32(types.CPointer(_ear)), error_model="numpy")(_count_xrun)


class ClockEar:
    """A JACK client that hears a clock from the moment it is made until it is closed."""

    def __init__(self, server: str | None, clock_port: str, room: int) -> None:
        """Join `server` (None: the default one) and listen to `clock_port`, for at most so many ticks.

        Raises jack.JackError without the server or the port.
        """
        self._ticks = np.zeros(room, np.int64)
        self._event = np.zeros(1, MIDI_EVENT)
        self._client = jack.Client(NAME, no_start_server=True, servername=server)
        try:
            port = self._client.midi_inports.register("clock")
            self.state = np.zeros(1, EAR)
            fields = {
                "client": address(self._client._ptr),
                "midi_in": address(port._ptr),
                "event": self._event.ctypes.data,
                "ticks": self._ticks.ctypes.data,
                "room": room,
            }
            for name, value in fields.items():
                self.state[name] = value
            ffi, library = jack._ffi, jack._lib
            user = ffi.cast("void*", self.state.ctypes.data)
            process = ffi.cast("JackProcessCallback", _process_native.address)
            library.jack_set_process_callback(self._client._ptr, process, user)
            library.jack_set_xrun_callback(
                self._client._ptr, ffi.cast("JackXRunCallback", _count_xrun_native.address), user
            )
            self._client.activate()
            self._client.connect(clock_port, port)
        except jack.JackError:
            self.close()
            raise

    def roll(self) -> None:
        """Let JACK's transport roll, for clocks that only tick then."""
        self._client.transport_start()

    @property
    def ticks(self) -> NDArray[np.int64]:
        """Frames of the ticks heard so far, shape (n,)."""
        return self._ticks[: int(self.state["heard"][0])].copy()

    @property
    def xruns(self) -> int:
        """Those that the server counted."""
        return int(self.state["xruns"][0])

    def close(self) -> None:
        """Leave the server; what was heard can still be read."""
        self._client.deactivate(ignore_errors=True)
        self._client.close(ignore_errors=True)
