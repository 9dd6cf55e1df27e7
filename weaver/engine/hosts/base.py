"""What plays the instrument: a host asks for sound block by block, in time, and says how it fares.

    jack        a client of a JACK or PipeWire server; MIDI comes in on it too
    portaudio   an output device of this machine
    silent      nobody hears it, but time goes by

Offline rendering needs no host: `Engine.render`.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from weaver.engine.engine import SAMPLE_RATES_HZ, Engine
from weaver.model.errors import ConfigError, DeviceError

KINDS = ("auto", "jack", "portaudio", "silent")
BLOCKS_FRAMES = (16, 4096)
MIDI_AUTO, MIDI_NONE = "auto", "none"


class AbsentError(DeviceError):
    """There is no such thing here at all: no library, no server, no device. `auto` looks further then."""


@dataclass(frozen=True, slots=True)
class HostStatus:
    """How a host fares. `latency_s` is the way from a rendered frame to the ear, as far as the system tells."""

    name: str
    device: str
    sample_rate: float
    block_frames: int
    latency_s: float
    load: float
    """Time spent on sound over the time there is, averaged over about half a second: 0 to 1."""
    underflows: int
    running: bool
    """False before the start, after the stop, and while what it plays on is gone."""
    note: str
    """In plain words, what a player should know; empty when all is as asked for."""


class Host(Protocol):
    """An opened host. While it runs, it alone advances the engine's state.

    In every host `state.host_time_s` is on the clock of time.monotonic(), so that an arrival there can be turned
    into a frame.
    """

    name: str
    """Its kind, as in `open_host`."""
    device: str
    sample_rate: float
    block_frames: int

    def start(self, engine: Engine) -> None:
        """Play. An engine at another sample rate is restarted at the host's. Raises DeviceError."""

    def stop(self) -> None:
        """Play no more, and let go of the device. No callback runs when this returns; a second call does
        nothing."""

    def status(self) -> HostStatus:
        """How it fares now; may be asked from any thread."""


def open_host(
    kind: str,
    device: str | None = None,
    rate: float | None = None,
    block: int | None = None,
    client_name: str = "weaver",
    midi: str = MIDI_AUTO,
    connect: bool = True,
) -> Host:
    """Open a host, ready to start.

    Parameters
    ----------
    kind : str
        `auto` is JACK where a server answers (none is ever started), else PortAudio's best output, else silent.
    device : str, optional
        An output of PortAudio's: its name, or a part of it that no other has. `auto` leaves JACK out then.
    rate, block : optional
        In Hz and frames; what the device prefers if not given.
    midi : str
        On JACK, whose MIDI to connect to: auto (all there is), none, or a name or a part of names.
    connect : bool
        On JACK, whether to connect to the physical outputs.

    Raises
    ------
    DeviceError
        What was asked for cannot be had; it says what can.
    ConfigError
        There is no such kind.
    """
    if kind not in KINDS:
        raise ConfigError("audio", ", ".join(KINDS), repr(kind))
    check_rate(rate)
    if block is not None and not BLOCKS_FRAMES[0] <= block <= BLOCKS_FRAMES[1]:
        raise DeviceError(f"a block of {block} frames: {BLOCKS_FRAMES[0]} to {BLOCKS_FRAMES[1]} are possible")
    if device is not None and kind in ("jack", "silent"):
        raise DeviceError(f"{kind} has no devices to choose from: leave {device!r} out, or take portaudio")
    if kind == "silent":
        return _silent(rate, block, "silent, as asked for")
    if kind == "portaudio":
        return _portaudio(device, rate, block)
    if kind == "jack":
        return _jack(rate, block, client_name, midi, connect)
    missing = []
    if device is None:
        try:
            return _jack(rate, block, client_name, midi, connect)
        except AbsentError as absent:
            missing.append(str(absent))
    try:
        return _portaudio(device, rate, block)
    except AbsentError as absent:
        missing.append(str(absent))
    except DeviceError as refusal:
        if device is not None or rate is not None or block is not None:
            raise
        missing.append(str(refusal))
    return _silent(rate, block, f"silent: no audio device found ({'; '.join(missing)})")


def check_rate(rate: float | None) -> None:
    """Raises DeviceError for a sample rate that the instrument is not made for."""
    low, high = SAMPLE_RATES_HZ
    if rate is not None and not low <= rate <= high:
        raise DeviceError(f"a sample rate of {rate:g} Hz: {low:.0f} to {high:.0f} Hz are possible")


def compile_callback(kind: str) -> None:
    """Compile what a host of this kind calls, or load it from disk, so that nothing compiles while it plays.

    The first time takes seconds, so a program that starts may say what it is doing; nearly all of them are for
    what every host needs. Raises AbsentError for jack where its library is missing.
    """
    from weaver.engine.hosts.heart import heart
    from weaver.engine.hosts.jack_host import load_callbacks
    from weaver.engine.hosts.portaudio_callback import callback

    heart()
    if kind in ("auto", "portaudio"):
        callback()
    if kind == "jack":
        load_callbacks()
    elif kind == "auto":
        with suppress(AbsentError):
            load_callbacks()


def _silent(rate: float | None, block: int | None, note: str) -> Host:
    from weaver.engine.hosts.silent_host import SilentHost

    return SilentHost(rate, block, note)


def _portaudio(device: str | None, rate: float | None, block: int | None) -> Host:
    from weaver.engine.hosts.portaudio_host import open_portaudio

    return open_portaudio(device, rate, block)


def _jack(rate: float | None, block: int | None, client_name: str, midi: str, connect: bool) -> Host:
    from weaver.engine.hosts.jack_host import open_jack

    return open_jack(rate, block, client_name, midi, connect)
