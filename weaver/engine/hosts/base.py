"""What plays the instrument: a host asks for sound block by block, in time, and says how it fares.

    jack        a client of a JACK or PipeWire server; MIDI comes in on it too
    portaudio   an output device of this machine
    silent      nobody hears it, but time goes by

Offline rendering needs no host: `Engine.render`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from weaver.engine.engine import Engine
from weaver.model.errors import DeviceError
from weaver.model.sample_rates import SAMPLE_RATES_HZ
from weaver.model.wires import Wires

KINDS = ("auto", "jack", "portaudio", "silent")
BLOCKS_FRAMES = (16, 4096)
MIDI_AUTO, MIDI_NONE = "auto", "none"


Claims = Callable[[Iterable[str]], bool]
"""All names that a source of MIDI goes by -> whether it is a controller's, or nobody's: no merged input takes it.

Asked on threads of a host's, at any time.
"""


def claims_nothing(names: Iterable[str]) -> bool:
    """There are no controllers."""
    return False


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

    @property
    def seats(self) -> Wires | None:
        """Where controllers can be joined on the host itself; None where MIDI does not come by way of it."""

    def start(self, engine: Engine) -> None:
        """Play. An engine at another sample rate is restarted at the host's. Raises DeviceError."""

    def stop(self) -> None:
        """Play no more, and let go of the device. No callback runs when this returns; a second call does
        nothing."""

    def status(self) -> HostStatus:
        """How it fares now; may be asked from any thread."""


def check_rate(rate: float | None) -> None:
    """Raises DeviceError for a sample rate that the instrument is not made for."""
    low, high = SAMPLE_RATES_HZ
    if rate is not None and not low <= rate <= high:
        raise DeviceError(f"a sample rate of {rate:g} Hz: {low:.0f} to {high:.0f} Hz are possible")
