"""From a note to its sound, in frames, for any synth with a JACK MIDI input and a JACK audio output.

The probe plays into the synth and listens to it, which is a circle; JACK cuts it with one period of delay.
So a synth that starts its sound on the very frame of its note measures exactly one period. That delay is a
player's as well: a note reaches a synth in the period after the one in which the finger fell.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from weaver.bench.bank import PeerError
from weaver.bench.jack_dummy import JackServer, jack_dummy, libjack, stop, wait_for_port
from weaver.bench.process import version_of
from weaver.model.errors import DeviceError, WeaverError

THRESHOLD = 1e-4
"""-80 dBFS."""
KEY = 76
GAP_S, SPREAD_S = 0.35, 0.15
HOLD_S, RELEASE_S = 0.1, 0.05
QUIET_S = 0.02
SETTLE_S = 0.5
"""A synth is left alone this long after its ports appear: some miss deadlines while they load."""
POLL_S = 0.05

SOUND_FONTS = (
    Path("/usr/share/sounds/sf2/FluidR3_GM.sf2"),
    Path("/usr/share/soundfonts/FluidR3_GM.sf2"),
    Path("/usr/share/sounds/sf2/default-GM.sf2"),
    Path("/usr/share/soundfonts/default.sf2"),
)
"""Where Debian, Arch and Fedora keep a General MIDI SoundFont."""


@dataclass(frozen=True)
class Latency:
    """Distances from note-on to sound over `n` notes, and what went wrong meanwhile."""

    n: int
    median_frames: float
    max_frames: int
    std_frames: float
    xruns: int
    misses: int


@dataclass(frozen=True)
class PeerLatency:
    """One synth's latency; None where it could not be measured, and `detail` says why."""

    name: str
    version: str
    latency: Latency | None
    detail: str


def measure(
    midi_port: str,
    audio_port: str,
    notes: int = 40,
    *,
    server: JackServer | None = None,
    threshold: float = THRESHOLD,
    key: int = KEY,
    channel: int = 0,
    gap_s: float = GAP_S,
    spread_s: float = SPREAD_S,
    hold_s: float = HOLD_S,
    release_s: float = RELEASE_S,
    quiet_s: float = QUIET_S,
    rate_hz: int = 48_000,
    seed: int = 1,
    silencer: bytes = b"",
    before_leaving: Callable[[], None] = lambda: None,
) -> Latency:
    """Play `notes` single notes into a JACK synth and time each one's first frame above `threshold` (linear).

    A note is sent only after `quiet_s` of silence, `gap_s` to `gap_s + spread_s` after the one before, at any
    frame of a period. It is held for `hold_s`; one not heard by then is a miss. `release_s` later all sound
    is switched off (CC 120, or `silencer`, messages of three bytes), for synths that ring on. `channel` counts from 0.
    `before_leaving` is called when all is measured, while the synth is still between the probe's ports.
    `server` None is the default server, running at `rate_hz`. libjack knows one server at a time: have no client
    of another one open.

    Raises DeviceError without libjack, server or port, and when the synth is never silent or never heard.
    """
    jack = libjack()
    from weaver.bench.probe import Probe

    rate_hz = server.rate_hz if server else rate_hz
    frames = {"gap": gap_s, "spread": spread_s, "hold": hold_s, "release": release_s, "quiet": quiet_s}
    settings = {f"{name}_frames": round(value_s * rate_hz) for name, value_s in frames.items()}
    try:
        probe = Probe(server.name if server else None, notes, settings, channel, key, silencer)
    except jack.JackError as error:
        raise DeviceError(f"no JACK server answers: {error}") from error
    probe.state["threshold"], probe.state["seed"] = threshold, seed
    try:
        probe.start(midi_port, audio_port)
        longest_s = 2.0 + notes * 2 * (gap_s + spread_s + hold_s + release_s)
        deadline_s = time.monotonic() + longest_s
        while not probe.done:
            if time.monotonic() > deadline_s:
                left = int(probe.state["notes_left"][0])
                raise DeviceError(f"{audio_port} was not silent in time for {left} of {notes} notes")
            time.sleep(POLL_S)
        before_leaving()
    except jack.JackError as error:
        raise DeviceError(f"{midi_port} and {audio_port} cannot be used: {error}") from error
    finally:
        probe.close()
    heard = probe.latencies_frames[: int(probe.state["heard"][0])]
    if not len(heard):
        raise DeviceError(f"{audio_port} did not rise above {threshold} within {hold_s} s of a note")
    return summary(heard, int(probe.state["xruns"][0]), int(probe.state["misses"][0]))


def summary(latencies_frames: NDArray[np.int64], xruns: int, misses: int) -> Latency:
    """The figures of at least one latency, shape (n,)."""
    return Latency(
        n=len(latencies_frames),
        median_frames=float(np.median(latencies_frames)),
        max_frames=int(latencies_frames.max()),
        std_frames=round(float(latencies_frames.std()), 2),
        xruns=xruns,
        misses=misses,
    )


@contextmanager
def running(command: list[str], server: JackServer) -> Iterator[subprocess.Popen[bytes]]:
    """Run a synth as a client of `server`, with an empty home folder, so that it starts as it was shipped."""
    with tempfile.TemporaryDirectory() as home:
        data, config = Path(home, ".local/share"), Path(home, ".config")
        data.mkdir(parents=True)
        config.mkdir()
        folders = {"HOME": home, "XDG_DATA_HOME": str(data), "XDG_CONFIG_HOME": str(config)}
        process = subprocess.Popen(
            command,
            env={**server.environment, **folders},
            stdin=subprocess.PIPE,  # kept open: FluidSynth ends when its shell does
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield process
        finally:
            stop(process)
            assert process.stdin is not None
            process.stdin.close()


def fluidsynth_command(server: JackServer) -> list[str]:
    """FluidSynth with JACK at both ends and no effects. Raises PeerError without a SoundFont."""
    fonts = [path for path in SOUND_FONTS if path.exists()]
    if not fonts:
        raise PeerError(f"no General MIDI SoundFont, as {SOUND_FONTS[0]}")
    settings = {
        "audio.jack.id": "fluidsynth",
        "midi.jack.id": "fluidsynth",
        "audio.jack.autoconnect": "0",
        "midi.autoconnect": "0",
        "audio.realtime-prio": "0",
        "midi.realtime-prio": "0",
        "synth.polyphony": "64",
    }
    options = [part for name, value in settings.items() for part in ("-o", f"{name}={value}")]
    rate, period = str(server.rate_hz), str(server.period_frames)
    drivers = ["-a", "jack", "-m", "jack", "-r", rate, "-z", period, "-R", "0", "-C", "0"]
    return ["fluidsynth", "-q", *drivers, *options, str(fonts[0])]


def amsynth_command(server: JackServer) -> list[str]:
    """amsynth without its window, with JACK at both ends and the patch it starts with."""
    return ["amsynth", "-x", "-m", "jack", "-a", "jack"]


@dataclass(frozen=True)
class Synth:
    """How a synth is run and which ports it then has (regular expressions)."""

    name: str
    version: list[str]
    command: Callable[[JackServer], list[str]]
    midi_port: str
    audio_port: str


SYNTHS = (
    Synth("FluidSynth", ["fluidsynth", "--version"], fluidsynth_command, "fluidsynth:midi", "fluidsynth:left"),
    Synth("amsynth", ["amsynth", "-v"], amsynth_command, "amsynth:midi_in", "amsynth:L out"),
)


def synth_latency(synth: Synth, server: JackServer, notes: int) -> PeerLatency:
    """Start one synth on `server`, measure it, end it; without figures when it is missing or silent."""
    version = ""
    try:
        version = version_of(synth.version)
        with running(synth.command(server), server) as process:
            midi_port = wait_for_port(synth.midi_port, server, process=process)
            audio_port = wait_for_port(synth.audio_port, server, process=process)
            time.sleep(SETTLE_S)
            latency = measure(midi_port, audio_port, notes, server=server)
    except WeaverError as error:
        return PeerLatency(synth.name, version, None, str(error))
    return PeerLatency(synth.name, version, latency, f"{midi_port} to {audio_port}")


def peers_latency(
    rate_hz: int = 48_000,
    period_frames: int = 64,
    notes: int = 40,
    server: JackServer | None = None,
    progress: Callable[[str], None] = lambda name: None,
) -> list[PeerLatency]:
    """Measure each of SYNTHS in turn on one server: `server`, or a private one as given.

    `progress` is told each synth's name as its turn comes. About half a minute with 40 notes each.
    """
    if server is None:
        try:
            with jack_dummy(rate_hz, period_frames) as private:
                return peers_latency(notes=notes, server=private, progress=progress)
        except DeviceError as error:
            return [PeerLatency(synth.name, "", None, str(error)) for synth in SYNTHS]
    results = []
    for synth in SYNTHS:
        progress(synth.name)
        results.append(synth_latency(synth, server, notes))
    return results
