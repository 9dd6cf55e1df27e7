"""Choosing a host and opening it."""

from __future__ import annotations

from contextlib import suppress

from weaver.engine.hosts.base import (
    BLOCKS_FRAMES,
    KINDS,
    MIDI_AUTO,
    AbsentError,
    Claims,
    Host,
    check_rate,
    claims_nothing,
)
from weaver.engine.hosts.heart import heart
from weaver.engine.hosts.jack_host import load_callbacks, open_jack
from weaver.engine.hosts.portaudio_callback import callback
from weaver.engine.hosts.portaudio_host import open_portaudio
from weaver.engine.hosts.silent_host import SilentHost
from weaver.model.errors import ConfigError, DeviceError


def open_host(
    kind: str,
    device: str | None = None,
    rate: float | None = None,
    block: int | None = None,
    client_name: str = "weaver",
    midi: str = MIDI_AUTO,
    connect: bool = True,
    claims: Claims = claims_nothing,
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
    claims : Claims
        On JACK, whose MIDI `auto` leaves to be joined as a controller (`Host.seats`), by all the names it has.

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
        return SilentHost(rate, block, "silent, as asked for")
    if kind == "portaudio":
        return open_portaudio(device, rate, block)
    if kind == "jack":
        return open_jack(rate, block, client_name, midi, connect, claims)
    missing = []
    if device is None:
        try:
            return open_jack(rate, block, client_name, midi, connect, claims)
        except AbsentError as absent:
            missing.append(str(absent))
    try:
        return open_portaudio(device, rate, block)
    except AbsentError as absent:
        missing.append(str(absent))
    except DeviceError as refusal:
        if device is not None or rate is not None or block is not None:
            raise
        missing.append(str(refusal))
    return SilentHost(rate, block, f"silent: no audio device found ({'; '.join(missing)})")


def compile_callback(kind: str) -> None:
    """Compile what a host of this kind calls, or load it from disk, so that nothing compiles while it plays.

    The first time takes seconds, so a program that starts may say what it is doing; nearly all of them are for
    what every host needs. Raises AbsentError for jack where its library is missing.
    """
    heart()
    if kind in ("auto", "portaudio"):
        callback()
    if kind == "jack":
        load_callbacks()
    elif kind == "auto":
        with suppress(AbsentError):
            load_callbacks()
