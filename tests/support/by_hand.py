"""Driver callbacks called as their drivers would, but by us and at our own pace."""

from __future__ import annotations

import ctypes
from types import TracebackType

import jack
import numpy as np
from numpy.typing import NDArray

from weaver.engine.engine import Engine
from weaver.engine.hosts import libjack
from weaver.engine.hosts.heart import address_of
from weaver.engine.hosts.jack_callback import CYCLE, callbacks
from weaver.engine.hosts.jack_lanes import put_message
from weaver.engine.hosts.portaudio_callback import STREAM, TIMES, callback

CONTROLLER = 1
"""The slot of the controller that a JACK client by hand has ports for."""


class PortAudioByHand:
    """PortAudio's callback on an engine."""

    def __init__(self, engine: Engine, block: int) -> None:
        self.out = np.zeros((block, 2), np.float32)
        self.times = np.zeros(1, TIMES)
        self.flags = 0
        self.record = np.zeros(1, STREAM).view(np.recarray)[0]
        self.record.state = address_of(engine.state)
        pointer, long = ctypes.c_void_p, ctypes.c_ulong
        self._call = ctypes.CFUNCTYPE(ctypes.c_int, pointer, pointer, long, pointer, long, pointer)(callback().address)

    def __call__(self) -> NDArray[np.float32]:
        """One block: float32[block, 2]."""
        times, user = self.times.ctypes.data, address_of(self.record)
        assert self._call(None, self.out.ctypes.data, len(self.out), times, self.flags, user) == 0
        return self.out


class JackByHand:
    """JACK's process callback on an engine, with the ports of a client that is not active, and of one controller."""

    def __init__(self, engine: Engine) -> None:
        self._client = jack.Client("by-hand", no_start_server=True)
        self.frames = self._client.blocksize
        self.midi_in = self._client.midi_inports.register("midi_in")
        self.midi_out = self._client.midi_outports.register("midi_out")
        self.clock_out = self._client.midi_outports.register("clock_out")
        self._outs = [self._client.outports.register(name) for name in ("out_1", "out_2")]
        self.cycle = np.zeros(1, CYCLE).view(np.recarray)[0]
        self.cycle.state = address_of(engine.state)
        self.cycle.client = libjack.address(self._client._ptr)
        self.cycle.midi_in = libjack.address(self.midi_in._ptr)
        self.cycle.midi_out = libjack.address(self.midi_out._ptr)
        self.cycle.clock_out = libjack.address(self.clock_out._ptr)
        self.cycle.time.position_address = self.cycle.time.position.ctypes.data
        self.cycle.out_1, self.cycle.out_2 = (libjack.address(port._ptr) for port in self._outs)
        self.cycle.event_address = address_of(self.cycle.event)
        self.controller_out = self._client.midi_outports.register("controller_1_out")
        self._controller_in = self._client.midi_inports.register("controller_1_in")
        self.cycle.wires.outputs[CONTROLLER] = libjack.address(self.controller_out._ptr)
        self.cycle.wires.inputs[CONTROLLER] = libjack.address(self._controller_in._ptr)
        self._call = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_uint32, ctypes.c_void_p)(callbacks().process.address)

    def __call__(self) -> NDArray[np.float32]:
        """One cycle: float32[frames, 2]."""
        assert self._call(self.frames, address_of(self.cycle)) == 0
        return np.stack([np.frombuffer(port.get_buffer(), np.float32) for port in self._outs], axis=1)

    def tell(self, data: bytes) -> bool:
        """Put a message for the controller in its lane; whether there was room."""
        where = np.frombuffer(data, np.uint8).ctypes.data
        return bool(put_message(address_of(self.cycle.wires), CONTROLLER, where, len(data)))

    def told(self) -> list[bytes]:
        """What the last cycle told the controller."""
        return [bytes(data) for _, data in self.controller_out.incoming_midi_events()]

    def __enter__(self) -> JackByHand:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._client.close()
