"""What this machine has for sound and MIDI, asked so that nothing missing is an error."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from weaver.midi.ports import OWN_NAME, Backend, best_backend
from weaver.model.errors import DeviceError

PACKAGES = (
    "numpy", "numba", "llvmlite", "sounddevice", "JACK-Client", "python-rtmidi", "pylibremidi", "mido",
    "soundfile", "tuning-library", "rich", "segno", "ifaddr", "zeroconf", "websockets", "matplotlib", "mtsespy",
    "LinkPython-extern",
)  # fmt: skip
OPTIONAL = ("matplotlib", "mtsespy", "python-rtmidi", "pylibremidi", "LinkPython-extern")
ABOUT = {"LinkPython-extern": "Ableton Link, for --link; under the GPL, version 2 or later"}
"""What is to be known of a package beside its version."""
LIBREMIDI, RTMIDI = "libremidi", "rtmidi"


@dataclass(frozen=True, slots=True)
class Line:
    """One finding, and what to do about it if something is wrong with it."""

    text: str
    advice: str = ""


def version_lines() -> list[Line]:
    """Python, the system, and every library."""
    lines = [Line(f"Python {platform.python_version()} on {platform.platform()}")]
    for package in PACKAGES:
        try:
            about = f" ({ABOUT[package]})" if package in ABOUT else ""
            lines.append(Line(f"{package} {version(package)}{about}"))
        except PackageNotFoundError:
            advice = "" if package in OPTIONAL else f"pip install {package}"
            lines.append(Line(f"{package} is not installed", advice))
    return lines


def processor_lines() -> list[Line]:
    """The processor, how many of its cores we may use, and how Linux sets their speed."""
    cpuinfo = Path("/proc/cpuinfo")
    names = [
        line.partition(":")[2].strip()
        for line in (cpuinfo.read_text().splitlines() if cpuinfo.exists() else [])
        if line.startswith("model name")
    ]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    lines = [Line(f"{names[0] if names else platform.processor() or platform.machine()}, {cores} cores")]
    governor = Path("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
    if governor.exists():
        name = governor.read_text().strip()
        slow = "for the steadiest sound: sudo cpupower frequency-set -g performance"
        lines.append(Line(f"frequency governor: {name}", "" if name == "performance" else slow))
    return lines


def audio_lines() -> list[Line]:
    """PortAudio's output devices."""
    try:
        import sounddevice
    except ImportError:
        return [Line("no sounddevice package", "pip install sounddevice")]
    except OSError as error:  # the package is here, the system's library is not
        return [Line(f"PortAudio: {error}", "install PortAudio (Debian, Ubuntu: apt install libportaudio2)")]
    try:
        apis, devices = sounddevice.query_hostapis(), sounddevice.query_devices()
    except sounddevice.PortAudioError as error:
        return [Line(f"PortAudio: {error}", "see whether other programs have sound")]
    lines = [Line(f"PortAudio: {sounddevice.get_portaudio_version()[1]}")]
    for device in devices:
        if device["max_output_channels"] > 0:
            lines.append(Line(f"  {_device(device, apis)}"))
    if len(lines) == 1:
        lines.append(Line("no output device", "plug one in, or play to a JACK or PipeWire server"))
    return lines


def _device(device: dict[str, Any], apis: Any) -> str:
    latency_ms = device["default_low_output_latency"] * 1000.0
    return (
        f"{device['name']} ({apis[device['hostapi']]['name']}): {device['max_output_channels']} channels, "
        f"{device['default_samplerate']:g} Hz, from {latency_ms:.1f} ms"
    )


def jack_lines() -> list[Line]:
    """Whether a JACK server (or PipeWire in its place) answers, and what it runs at."""
    try:
        import jack
    except (ImportError, OSError) as error:
        return [Line(f"no JACK client library: {error}", "Debian, Ubuntu: apt install libjack-jackd2-0")]
    jack.set_error_function(lambda _: None)
    jack.set_info_function(lambda _: None)
    try:
        client = jack.Client(f"{OWN_NAME}-doctor", no_start_server=True)
    except jack.JackOpenError:
        return [Line("no server answers", "for the lowest latency on Linux: start jackd, or run under pw-jack")]
    try:
        text = f"a server answers: {client.samplerate} Hz, blocks of {client.blocksize}"
        real_time = Line(f"real-time scheduling: {'yes' if client.realtime else 'no'}")
        return [Line(text), real_time]
    finally:
        client.close()


def midi_lines() -> list[Line]:
    """Each MIDI library that is installed, and the ports it sees."""
    lines: list[Line] = []
    for kind in (RTMIDI, LIBREMIDI):
        try:
            backend = best_backend(kind, f"{OWN_NAME}-doctor")
        except DeviceError as error:
            lines.append(Line(str(error)))
            continue
        try:
            lines += _ports(backend)
        finally:
            backend.close()
    return lines


def tuning_lines() -> list[Line]:
    """Whether a master of all tunings could be followed, and whether one is there."""
    from weaver.midi.mts_esp import load_library

    try:
        library = load_library()
    except DeviceError as missing:
        return [Line(str(missing))]
    client = library.register_client()
    try:
        return [Line(f"MTS-ESP is followed; {'a' if library.has_master(client) else 'no'} master is there now")]
    finally:
        library.deregister_client(client)


def _ports(backend: Backend) -> list[Line]:
    title = f"{backend.name} on {backend.api}"
    if backend.reason:
        advice = "" if sys.platform != "linux" else "modprobe snd-seq; or play by way of JACK, which needs none"
        return [Line(f"{title}: {backend.reason}", advice)]
    try:
        inputs, outputs = backend.inputs(), backend.outputs()
    except DeviceError as error:
        return [Line(f"{title}: {error}", "see whether other programs have MIDI")]
    lines = [Line(f"{title}: {len(inputs)} inputs, {len(outputs)} outputs")]
    lines += [Line(f"  in   {port.name}") for port in inputs]
    lines += [Line(f"  out  {port.name}") for port in outputs]
    return lines
