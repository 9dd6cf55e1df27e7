"""The JACK host: a client with MIDI in and out, a clock and two outputs, on JACK's or PipeWire's server.

What other clients play arrives merged in one port, and so in one of the decoder's slots: when a source goes away,
all that is held through it is let go, because JACK does not tell who held what. Controllers that are joined have
ports of their own (`jack_wires`).
"""

from __future__ import annotations

import os
import time
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from weaver.dsp.sizes import new_record
from weaver.engine.engine import Engine
from weaver.engine.hosts.base import AbsentError, Claims, check_rate, claims_nothing
from weaver.engine.hosts.heart import address_of
from weaver.engine.hosts.supervised import SupervisedHost, clock_offset_s
from weaver.life.transport import JACK
from weaver.model.errors import DeviceError

if TYPE_CHECKING:
    from weaver.engine.hosts.jack_ports import Patchbay
    from weaver.engine.hosts.jack_wires import JackWires

SLOW_LOOK_S = 1.0
"""Connections and clocks are looked at this often even when JACK says nothing."""
DEFAULT_SERVER = "default"
"""What libjack calls a server that JACK_DEFAULT_SERVER does not name."""


def load_libjack() -> ModuleType:
    """Our bindings to libjack. Raises AbsentError, which says what to install."""
    try:
        from weaver.engine.hosts import libjack
    except (ImportError, OSError) as error:
        raise AbsentError("libjack is missing: install it (Debian: apt-get install libjack-jackd2-0)") from error
    return libjack


def load_callbacks() -> Any:
    """The compiled callbacks. Raises AbsentError without libjack."""
    load_libjack()
    from weaver.engine.hosts.jack_callback import callbacks

    return callbacks()


def open_jack(
    rate: float | None, block: int | None, client_name: str, midi: str, connect: bool, claims: Claims = claims_nothing
) -> SupervisedHost:
    """Join the server that answers; never start one.

    Raises AbsentError where none answers, DeviceError where it runs at another rate or block than asked for.
    """
    load_libjack().silence_messages()
    from weaver.engine.hosts.jack_ports import Patchbay
    from weaver.engine.hosts.jack_wires import JackWires

    wires = JackWires()
    patchbay = Patchbay(client_name, midi, connect, claims)

    def open_line(preferred: float | None) -> JackLine:
        # what was asked for holds at first: later, a server that comes back in another way is better than none
        return JackLine(client_name, patchbay, wires, *((rate, block) if preferred is None else (None, None)))

    return SupervisedHost("jack", open_line, wires)


class JackLine:
    """One life of our client, from joining a server until one of the two leaves."""

    def __init__(
        self, client_name: str, patchbay: Patchbay, wires: JackWires, rate: float | None, block: int | None
    ) -> None:
        """Join, without playing yet; JACK numbers the client's name if it is taken.

        Raises AbsentError when no server answers, DeviceError when it does not run as asked.
        """
        import jack

        try:
            self._client = jack.Client(client_name, no_start_server=True)
        except jack.JackOpenError as error:
            raise AbsentError("no JACK server answers") from error
        self.device = f"JACK server {os.environ.get('JACK_DEFAULT_SERVER', DEFAULT_SERVER)!r}"
        self.sample_rate = float(self._client.samplerate)
        self._patchbay, self._wires = patchbay, wires
        self._engine: Engine | None = None
        self._registrations, self._arrivals, self._next_look_s = -1, 0, 0.0
        try:
            self._check(rate, block)
            self._own = {
                port.shortname: port
                for port in (
                    self._client.midi_inports.register("midi_in"),
                    self._client.midi_outports.register("midi_out"),
                    self._client.midi_outports.register("clock_out"),
                    self._client.outports.register("out_1"),
                    self._client.outports.register("out_2"),
                )
            }
        except (DeviceError, jack.JackError) as error:
            self._client.close()
            raise DeviceError(str(error)) from error
        self._cycle = self._new_cycle()
        self.latency_s = self.block_frames / self.sample_rate

    def _check(self, rate: float | None, block: int | None) -> None:
        """Raises DeviceError: a client takes its server's rate and period."""
        check_rate(self.sample_rate)
        has = f"the JACK server runs at {self.sample_rate:.0f} Hz with {self._client.blocksize} frames a period"
        if rate is not None and rate != self.sample_rate:
            raise DeviceError(f"{has}: {rate:g} Hz has to be set there")
        if block is not None and block != self._client.blocksize:
            raise DeviceError(f"{has}: {block} frames have to be set there")

    def _new_cycle(self) -> np.record:
        """The callbacks' record, all but for the state."""
        from weaver.engine.hosts.jack_callback import CYCLE
        from weaver.engine.hosts.libjack import address

        memory = new_record(CYCLE)
        memory.view(np.uint8).fill(0)  # JACK's thread must not be the first to touch a page
        cycle = memory[0]
        cycle.client = address(self._client._ptr)
        cycle.midi_in, cycle.midi_out = address(self._own["midi_in"]._ptr), address(self._own["midi_out"]._ptr)
        cycle.clock_out = address(self._own["clock_out"]._ptr)
        cycle.out_1, cycle.out_2 = address(self._own["out_1"]._ptr), address(self._own["out_2"]._ptr)
        cycle.event_address = address_of(cycle.event)
        cycle.time.position_address = cycle.time.position.ctypes.data
        cycle.latency_address = address_of(cycle.latency)
        cycle.block_frames = self._client.blocksize
        return cycle

    @property
    def block_frames(self) -> int:
        """Frames in the latest cycle."""
        return int(self._cycle.block_frames)

    @property
    def load(self) -> float:
        """As the callback measures it."""
        return float(self._cycle.load)

    def run(self, engine: Engine) -> None:
        """Give JACK the callbacks and go. Raises DeviceError."""
        import jack

        self._engine, self._cycle.state = engine, address_of(engine.state)
        engine.outward.drop()  # what was for the last server
        self._set_clock_offset()
        self._hook(jack._ffi, jack._lib)
        try:
            self._client.activate()
        except jack.JackError as error:
            raise DeviceError(f"JACK: {error}") from error
        self._patchbay.enter(self._client)
        self._wires.enter(self._client, self._cycle.wires, engine, self._own["midi_in"])
        self.tend()

    def _hook(self, ffi: Any, library: Any) -> None:
        """Set every callback to a native one: Python on a thread of JACK's would hold up the whole graph."""
        from weaver.engine.hosts.libjack import set_latency_callback

        callbacks, client = load_callbacks(), self._client._ptr
        cycle = ffi.cast("void*", address_of(self._cycle))
        library.jack_set_process_callback(client, ffi.cast("JackProcessCallback", callbacks.process.address), cycle)
        library.jack_set_xrun_callback(client, ffi.cast("JackXRunCallback", callbacks.xrun.address), cycle)
        library.jack_set_port_registration_callback(
            client, ffi.cast("JackPortRegistrationCallback", callbacks.registration.address), cycle
        )
        set_latency_callback(self._client, callbacks.latency.address, address_of(self._cycle))
        library.jack_on_info_shutdown(client, ffi.cast("JackInfoShutdownCallback", callbacks.shutdown.address), cycle)

    def trouble(self) -> str:
        """Whether the server is gone, or is no longer what it was."""
        if self._cycle.gone:
            return f"{self.device} has gone"
        if self._client.samplerate != self.sample_rate:
            return f"{self.device} has another sample rate"
        return ""

    def tend(self) -> None:
        """Look after connections: at once when ports come or go, and now and then."""
        registrations, now_s = int(self._cycle.registrations), time.monotonic()
        if registrations == self._registrations and now_s < self._next_look_s:
            return
        self._registrations, self._next_look_s = registrations, now_s + SLOW_LOOK_S
        self._set_clock_offset()
        with self._wires.lock:
            arrived = self._arrived()
            changes = self._patchbay.look(self._client, self._own, arrived)
            if changes.source_left:
                self._let_go()
            if changes.listener_came and self._engine is not None:
                self._engine.outward.begin_again()
            self._wires.look(arrived)
            self._set_latency()

    def _arrived(self) -> set[str]:
        """Names of the ports that have come since the last time."""
        import jack

        since, self._arrivals = self._arrivals, int(self._cycle.arrivals)
        ring = self._cycle.arrived
        places = range(max(since, self._arrivals - len(ring)), self._arrivals)
        numbers = (int(ring[place % len(ring)]) for place in places)
        handles = (jack._lib.jack_port_by_id(self._client._ptr, number) for number in numbers)
        return {jack.Port(handle, self._client).name for handle in handles if handle}

    def close(self) -> None:
        """Leave the server; libjack has ended its thread when this returns, so that the record may go."""
        self._wires.leave()
        self._client.close()
        self._let_go()
        if self._engine is not None:
            self._engine.give_time(JACK, 0.0, 0.0, False)  # nobody would ever say that it stopped

    def _set_clock_offset(self) -> None:
        from weaver.engine.hosts.libjack import clock_s

        self._cycle.clock_offset_s = clock_offset_s(clock_s)

    def _set_latency(self) -> None:
        """One period, or what the outputs we are connected to say."""
        from weaver.engine.hosts.libjack import output_latency_frames

        latency_frames = max(self.block_frames, output_latency_frames(self._own["out_1"]))
        self.latency_s = latency_frames / self.sample_rate

    def _let_go(self) -> None:
        from weaver.engine.hosts.jack_callback import JACK_SLOT

        if self._engine is not None:
            self._engine.let_go(JACK_SLOT)
