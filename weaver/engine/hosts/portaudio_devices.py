"""PortAudio's outputs: which there are, which one a player means, and what it can do."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from weaver.engine.hosts.base import AbsentError
from weaver.model.errors import DeviceError

CHANNELS = 2
SAMPLE_FORMAT = "float32"
USUAL_RATES_HZ = (44_100.0, 48_000.0, 88_200.0, 96_000.0, 176_400.0, 192_000.0)
PREFERRED_APIS = ("Core Audio", "Windows WASAPI", "ALSA")
"""The system's own way to each device, with the least latency that needs no driver to be installed."""
_INSTALL = {
    "linux": "install libportaudio2 (Debian: apt-get install libportaudio2; Fedora: dnf install portaudio)",
    "darwin": "install it (brew install portaudio)",
}


@dataclass(frozen=True, slots=True)
class Output:
    """One device that can play stereo, by one of the system's ways to it."""

    index: int
    name: str
    api: str
    channels: int
    default_rate_hz: float


def load_portaudio() -> ModuleType:
    """The module sounddevice. Raises AbsentError where PortAudio is missing, saying what to install.

    Import it nowhere else: the first import is what opens PortAudio.
    """
    try:
        with _no_jack():
            import sounddevice
    except (ImportError, OSError) as error:
        advice = _INSTALL.get(sys.platform, "install sounddevice again, which brings it (pip install sounddevice)")
        raise AbsentError(f"PortAudio is missing: {advice}") from error
    return sounddevice


@contextmanager
def _no_jack() -> Iterator[None]:
    """Let PortAudio find no JACK server while it opens.

    It would stay a client of that server, and abort the whole process when it closes after the server has gone
    (an assertion in its pa_jack.c). JACK has a host of its own here.
    """
    before = os.environ.get("JACK_DEFAULT_SERVER")
    os.environ["JACK_DEFAULT_SERVER"] = "not-for-portaudio"
    try:
        yield
    finally:
        if before is None:
            del os.environ["JACK_DEFAULT_SERVER"]
        else:
            os.environ["JACK_DEFAULT_SERVER"] = before


def list_outputs() -> list[Output]:
    """All outputs with two channels or more, in PortAudio's order. Raises AbsentError without PortAudio."""
    portaudio = load_portaudio()
    apis = portaudio.query_hostapis()
    return [
        Output(
            index=index,
            name=str(device["name"]),
            api=str(apis[device["hostapi"]]["name"]),
            channels=int(device["max_output_channels"]),
            default_rate_hz=float(device["default_samplerate"]),
        )
        for index, device in enumerate(portaudio.query_devices())
        if device["max_output_channels"] >= CHANNELS
    ]


def best_output() -> Output:
    """The default output of the best way to it. Raises AbsentError when there is none."""
    outputs = {output.index: output for output in list_outputs()}
    portaudio = load_portaudio()
    defaults = {str(api["name"]): int(api["default_output_device"]) for api in portaudio.query_hostapis()}
    for name in (*PREFERRED_APIS, *defaults):
        if defaults.get(name, -1) in outputs:
            return outputs[defaults[name]]
    if outputs:
        return next(iter(outputs.values()))
    raise AbsentError("PortAudio finds no stereo output")


def find_output(wanted: str) -> Output:
    """The output of exactly this name, or else the only one with the word in its name, in any case.

    Raises DeviceError, with the candidates, when none fits, or several do.
    """
    outputs = list_outputs()
    if not outputs:
        raise AbsentError("PortAudio finds no stereo output")
    exact = [output for output in outputs if output.name == wanted]
    fitting = exact or [output for output in outputs if wanted.casefold() in output.name.casefold()]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise DeviceError(f"{wanted!r} fits several outputs; write more of the name:\n{describe(fitting)}")
    raise DeviceError(f"{wanted!r} fits no output; there is:\n{describe(outputs)}")


def describe(outputs: list[Output]) -> str:
    """One line for each, as "index: name (host API), rates/channels"."""
    return "\n".join(
        f"  {output.index}: {output.name} ({output.api}), {rates_text(output)}/{output.channels} channels"
        for output in outputs
    )


def rates_text(output: Output) -> str:
    """The usual rates that an output takes now."""
    offered = [f"{rate_hz:.0f}" for rate_hz in USUAL_RATES_HZ if accepts(output, rate_hz)]
    return f"{', '.join(offered)} Hz" if offered else "no usual rate (is it in use?)"


def accepts(output: Output, rate_hz: float) -> bool:
    """Whether an output would open at a rate; one that is in use elsewhere may refuse all."""
    return not refusal(output, rate_hz)


def refusal(output: Output, rate_hz: float) -> str:
    """PortAudio's reason why an output would not open at a rate, or nothing."""
    portaudio: Any = load_portaudio()
    try:
        portaudio.check_output_settings(output.index, CHANNELS, SAMPLE_FORMAT, samplerate=rate_hz)
    except (portaudio.PortAudioError, ValueError) as error:
        return str(error)
    return ""


def rescan() -> None:
    """Have PortAudio look for devices anew. No stream may be open. Raises AbsentError when it fails at that."""
    portaudio: Any = load_portaudio()
    try:
        with _no_jack():
            portaudio._terminate()
            portaudio._initialize()
    except portaudio.PortAudioError as error:
        raise AbsentError(str(error)) from error
