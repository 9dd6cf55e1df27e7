"""`weaver doctor --loopback`: how long a round trip takes, and the figure to type into a DAW.

On JACK it is a DAW's external instrument that is measured: a note goes into an instrument of our own, whose outputs are
connected to nothing else, and its sound is waited for. Nobody hears it, and a weaver that plays is left alone.
With MIDI ports it is their loop: a cable, IAC, loopMIDI. What was connected for it goes away with its clients.
"""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from weaver.commands.first_start import learning
from weaver.midi.ports import OWN_NAME, Backend, InputPort, PortInfo, best_backend, match
from weaver.model.errors import ConfigError, DeviceError

NOTES = 20
LATEST_S = 0.5
"""What has not come back after so long is lost."""
GIVEN_UP = 3
"""So many lost in a row, and nothing has ever come back: there is no loop."""
PAUSE_S = 0.02
POLL_S = 0.0002
NOTE_OFF, KEY = 0x8F, 0
"""What goes round by MIDI: note-offs on the last channel, their keys counted up. They do no harm where there is no loop
but an instrument."""
HELP = (
    "start jackd or PipeWire, or name what is looped: --loopback PORT, or --loopback OUT IN ('weaver ports' has them)"
)


@dataclass(frozen=True, slots=True)
class PortLatency:
    """What JACK says of a port, in frames, least and most: since when its data is captured, until when it is played."""

    name: str
    capture: tuple[int, int]
    playback: tuple[int, int]


@dataclass(frozen=True, slots=True)
class JackTrip:
    """A round trip on JACK, and what its ports say of themselves while it is measured."""

    server: str
    rate_hz: float
    period_frames: int
    notes: int
    median_frames: float
    std_frames: float
    max_frames: int
    misses: int
    xruns: int
    ports: tuple[PortLatency, ...]


@dataclass(frozen=True, slots=True)
class MidiTrip:
    """A round trip by MIDI: seconds of each message that came back, shape (n,), and how many did not."""

    sent_to: str
    heard_from: str
    trips_s: NDArray[np.float64]
    lost: int


def run(ports: Sequence[str], console: Console) -> int:
    """Measure and print. Raises ConfigError for more ports than two, DeviceError where nothing can be measured."""
    if len(ports) > 2:
        raise ConfigError("--loopback", "no port, PORT, or OUT and IN", " ".join(ports))
    if ports:
        backend = best_backend(client_name=f"{OWN_NAME}-loopback")
        try:
            lines = midi_lines(midi_trip(backend, ports[0], ports[-1]))
        finally:
            backend.close()
    else:
        lines = jack_lines(jack_trip(console))
    for line in lines:
        console.print(line, soft_wrap=True)
    return 0


def jack_trip(console: Console, notes: int = NOTES) -> JackTrip:
    """Play into an instrument of our own on JACK, and wait for its sound.

    Raises DeviceError where no server answers, or no sound comes back.
    """
    from weaver.bench.note_to_sound import measure
    from weaver.engine.hosts.base import AbsentError

    try:
        with _instrument(console) as (host, name):
            found: list[PortLatency] = []
            latency = measure(
                f"{name}:midi_in",
                f"{name}:out_1",
                notes,
                rate_hz=round(host.sample_rate),
                gap_s=0.2,
                spread_s=0.1,
                before_leaving=lambda: found.extend(port_latencies(name)),  # JACK has told all by then
            )
            return JackTrip(
                *(host.device, host.sample_rate, host.block_frames, latency.n, latency.median_frames),
                *(latency.std_frames, latency.max_frames, latency.misses, latency.xruns, tuple(found)),
            )
    except AbsentError as absent:
        raise DeviceError(f"{absent}: {HELP}") from absent


@contextmanager
def _instrument(console: Console) -> Iterator[tuple[Any, str]]:
    """A host that plays, and its client's name; dry, because what waits for its silence would wait for the room's."""
    from weaver.engine.engine import Engine
    from weaver.engine.hosts import open_host
    from weaver.engine.hosts.opening import compile_callback
    from weaver.model.parameters import parameter_named
    from weaver.model.spheres import load_set
    from weaver.wishes import midi_tables

    name = f"{OWN_NAME}-loopback-{os.getpid()}"
    host = open_host("jack", client_name=name, midi="none", connect=False)
    try:
        with learning(console):
            compile_callback(host.name)
            engine = Engine(load_set("glasses"), midi_tables("keys"), host.sample_rate)
        engine.set_parameter("wet_db", parameter_named("wet_db").low)
        engine.set_parameter("stakes", 0.0)
        host.start(engine)
        yield host, name
    finally:
        host.stop()


def port_latencies(name: str) -> list[PortLatency]:
    """What JACK says of the ports of the client `name`, of those of a weaver that plays, and of the machine's own."""
    import jack

    from weaver.engine.hosts.libjack import CAPTURE, LATENCY_RANGE, PLAYBACK, address

    ask = ctypes.CDLL(jack._libname).jack_port_get_latency_range
    client = jack.Client(f"{OWN_NAME}-asks", no_start_server=True)

    def said(port: Any, mode: int) -> tuple[int, int]:
        latency = np.zeros(1, LATENCY_RANGE)
        ask(ctypes.c_void_p(address(port._ptr)), mode, ctypes.c_void_p(latency.ctypes.data))
        return int(latency["least"][0]), int(latency["most"][0])

    try:
        ports = [
            *client.get_ports(f"^({name}|{OWN_NAME}):(midi_in|out_1)$"),
            *client.get_ports(is_physical=True, is_audio=True),
        ]
        return [PortLatency(port.name, said(port, CAPTURE), said(port, PLAYBACK)) for port in ports]
    finally:
        client.close()


def jack_lines(trip: JackTrip) -> Iterator[str]:
    """The report of a round trip on JACK, and the figure."""
    per_ms = trip.rate_hz / 1000.0
    yield f"Round trip on JACK: a note in, its sound out ({trip.notes} notes)"
    yield f"  {trip.server}, {trip.rate_hz:.0f} Hz, periods of {trip.period_frames} frames"
    yield (
        f"  median {trip.median_frames:g} frames ({trip.median_frames / per_ms:.2f} ms), "
        f"sd {trip.std_frames:.2f}, at most {trip.max_frames}"
    )
    if trip.misses:
        yield f"  {trip.misses} notes were not heard in time"
    if trip.xruns:
        yield f"  the server missed {trip.xruns} deadlines meanwhile: give it a larger period, or real-time privileges"
    yield "What JACK says of ports, in frames"
    for port in trip.ports:
        yield f"  {port.name}: capture {_range(port.capture)}, playback {_range(port.playback)}"
    yield "What to type into the DAW's external-instrument device"
    yield f"  {trip.median_frames / per_ms:.2f} ms, or {trip.median_frames:g} samples"
    yield (
        "  for a DAW on this JACK server. Where it reaches the instrument by another interface or a loopback device, "
        "add that one's latency, unless its ports report it, as JACK's do."
    )


def _range(frames: tuple[int, int]) -> str:
    least, most = frames
    return f"{least}" if least == most else f"{least} to {most}"


def midi_trip(
    backend: Backend, to: str, back: str, messages: int = NOTES, clock: Callable[[], float] = time.perf_counter
) -> MidiTrip:
    """Send to one port and listen at the other, which are joined somewhere outside; equal names where one is both ends.

    Raises DeviceError when a port cannot be had, or nothing comes back.
    """
    if backend.reason:
        raise DeviceError(backend.reason)
    sent_to, heard_from = _one(backend.outputs(), to, "output"), _one(backend.inputs(), back, "input")
    heard = backend.open_input(heard_from)
    try:
        sent = backend.open_output(sent_to)
        try:
            trips_s: list[float] = []
            lost = 0
            time.sleep(PAUSE_S)
            for number in range(messages):
                data = bytes((NOTE_OFF, KEY + number, 0x40))
                while heard.receive() is not None:
                    pass  # what others say, and what came too late
                began_s = clock()
                sent.send(data)
                came = _comes(heard, data, clock, began_s + LATEST_S)
                if came:
                    trips_s.append(clock() - began_s)
                else:
                    lost += 1
                if lost >= GIVEN_UP and not trips_s:
                    raise DeviceError(
                        f"nothing of what is sent to {sent_to!r} comes back at {heard_from!r}: join them, by a cable "
                        "or a loop of the system's"
                    )
                time.sleep(PAUSE_S)
            return MidiTrip(sent_to, heard_from, np.array(trips_s), lost)
        finally:
            sent.close()
    finally:
        heard.close()


def _one(ports: Sequence[PortInfo], wanted: str, kind: str) -> str:
    """The port of this name, or the one whose name contains it. Raises DeviceError, which says what there is."""
    found = match([port.name for port in ports], wanted)
    if len(found) != 1:  # auto and none are words for other options
        raise DeviceError(f"{wanted!r} is not the name of a MIDI {kind}")
    return found[0]


def _comes(port: InputPort, data: bytes, clock: Callable[[], float], until_s: float) -> bool:
    """Whether this very message comes in time."""
    while clock() < until_s:
        got = port.receive()
        if got is not None and got.data == data:
            return True
        if got is None:
            time.sleep(POLL_S)
    return False


def midi_lines(trip: MidiTrip) -> Iterator[str]:
    """The report of a round trip by MIDI."""
    trips_ms = trip.trips_s * 1000.0
    yield f"Round trip by MIDI, from {trip.sent_to!r} to {trip.heard_from!r} ({len(trips_ms)} messages)"
    yield f"  median {np.median(trips_ms):.2f} ms, sd {trips_ms.std():.2f}, at most {trips_ms.max():.2f}"
    if trip.lost:
        yield f"  {trip.lost} did not come back within {LATEST_S:g} s"
    yield (
        "  A DAW's external-instrument device wants the way of a note to us and of our sound back: half of this, and "
        "the latency of both interfaces ('weaver doctor' tells ours)."
    )
