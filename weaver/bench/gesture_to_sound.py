"""From a gesture that comes by OSC to its sound, in frames: the instrument, and SuperCollider doing the same.

As for notes, a native JACK client listens; the packet goes out of this process at a frame of the server's clock that is
read just before. There is no circle here, so a sound that begins with the next period is less than a period late.
"""

from __future__ import annotations

import os
import random
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np

from weaver.bench.bank import PeerError
from weaver.bench.jack_dummy import JackServer, stop, wait_for_port
from weaver.bench.note_to_sound import running
from weaver.bench.process import need, version_of
from weaver.bench.scsynth_bank import SynthDef
from weaver.bench.table import Row
from weaver.model.errors import DeviceError, WeaverError
from weaver.model.osc_packet import encode
from weaver.osc.udp import LOOPBACK, Udp

QUIET_S, HOLD_S, APART_S = 0.02, 0.1, 0.05
"""Silence before a gesture, how long its sound is waited for, and how much chance puts between two of them."""
THRESHOLD = 1e-4
SETTLE_S, SILENT_S = 1.0, 5.0
POLL_S = 0.002
SYNTH_PORT, LANGUAGE_PORT = 57310, 57320
CLICK = "click"
CLICK_S = 0.02
FREE_SELF = 2
"""What a synth's unit does when it is done."""
STRIKE = encode("/sphere/9/strike", 1.0, 1.0, 1.0)
PANIC = encode("/panic")


def gesture_row(
    name: str,
    audio_port: str,
    port: int,
    gestures: int,
    server: JackServer,
    gesture: bytes,
    silencer: bytes = b"",
    version: str = "",
) -> Row:
    """Send a packet so often to a port of this machine, and time each one's sound. Raises DeviceError."""
    from weaver.bench.probe import RESTING, Probe  # it needs libjack

    frames = {"hold": HOLD_S, "release": 0.0, "quiet": QUIET_S}
    settings = {f"{word}_frames": round(value_s * server.rate_hz) for word, value_s in frames.items()}
    probe = Probe(server.name, gestures, {**settings, "threshold": THRESHOLD, "notes_left": 0}, 0, 0)
    udp, chance = Udp({}, LOOPBACK), random.Random(1)  # type: ignore[arg-type]
    try:
        probe.start("", audio_port)
        for _ in range(gestures):
            _wait(lambda: probe.is_quiet, f"{audio_port} is never silent")
            time.sleep(APART_S * chance.random())
            probe.expect()
            udp.send(LOOPBACK, port, gesture)
            _wait(lambda: int(probe.state["phase"][0]) == RESTING, f"{audio_port} hangs")
            if silencer:
                udp.send(LOOPBACK, port, silencer)
    finally:
        probe.close()
        udp.close()
    heard = probe.latencies_frames[: int(probe.state["heard"][0])]
    if not len(heard):
        raise DeviceError(f"{audio_port} was never heard")
    figures = {
        "n": len(heard),
        "median_frames": float(np.median(heard)),
        "p99_frames": float(np.quantile(heard, 0.99)),
        "max_frames": int(heard.max()),
        "misses": int(probe.state["misses"][0]),
    }
    return Row("gesture_to_sound", name, figures, version)


def _wait(is_so: Callable[[], bool], otherwise: str) -> None:
    until_s = time.monotonic() + SILENT_S
    while not is_so():
        if time.monotonic() > until_s:
            raise DeviceError(otherwise)
        time.sleep(POLL_S)


def supercollider_rows(gestures: int, server: JackServer, tell: Callable[[str], None]) -> Iterator[Row]:
    """scsynth, told by itself and by way of its language."""
    version = ""
    try:
        version = version_of(["scsynth", "-v"])
        with _scsynth(server) as audio_port:
            time_it = partial(gesture_row, audio_port=audio_port, gestures=gestures, server=server, version=version)
            name = "scsynth, /s_new"
            tell(name)
            yield time_it(name, port=SYNTH_PORT, gesture=encode("/s_new", CLICK, -1, 0, 0))
            name = "sclang, an OSCdef that tells scsynth"
            tell(name)
            with _sclang():
                yield time_it(name, port=LANGUAGE_PORT, gesture=encode("/strike", 1.0))
    except WeaverError as error:
        yield Row("gesture_to_sound", "SuperCollider", version=version, detail=str(error))


def click() -> bytes:
    """A synth that begins at half of full scale, on its first frame, and ends itself."""
    graph = SynthDef()
    half, nothing = graph.constant(0.5), graph.constant(0.0)
    fall = graph.unit("Line", [half, nothing, graph.constant(CLICK_S), graph.constant(FREE_SELF)])
    graph.unit("Out", [nothing, fall], outputs=0)
    return graph.encode(CLICK)


@contextmanager
def _scsynth(server: JackServer) -> Iterator[str]:
    """The server on JACK, with its synth: the port that it sounds through."""
    options = ["-u", str(SYNTH_PORT), "-B", LOOPBACK, "-i", "0", "-o", "1", "-R", "0", "-D", "0"]
    with running(["scsynth", *options, "-z", str(server.period_frames)], server) as process:
        audio_port = wait_for_port("SuperCollider:out_1", server, process=process)
        time.sleep(SETTLE_S)
        udp = Udp({}, LOOPBACK)  # type: ignore[arg-type]
        udp.send(LOOPBACK, SYNTH_PORT, encode("/d_recv", click()))
        udp.close()
        time.sleep(SETTLE_S)
        yield audio_port


@contextmanager
def _sclang() -> Iterator[None]:
    """The language, once it listens."""
    need("sclang")
    with tempfile.TemporaryDirectory() as home:
        script = Path(home, "click.scd")
        script.write_text(
            f'n = NetAddr("{LOOPBACK}", {SYNTH_PORT});\n'
            f'OSCdef(\\strike, {{ n.sendMsg("/s_new", "{CLICK}", -1, 0, 0) }}, "/strike");\n'
            '"listening".postln;\n'
        )
        process = subprocess.Popen(
            ["sclang", "-u", str(LANGUAGE_PORT), str(script)],
            env={**os.environ, "HOME": home, "QT_QPA_PLATFORM": "offscreen", "QTWEBENGINE_DISABLE_SANDBOX": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        try:
            assert process.stdout is not None
            if not any(b"listening" in line for line in process.stdout):
                raise PeerError("sclang ended before it listened")
            yield
        finally:
            stop(process)
            process.stdout.close()  # type: ignore[union-attr]
