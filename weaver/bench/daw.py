"""Beside a DAW: how even the clock we send is, how well one that is heard is followed, how fast a take is exported.

Clocks stand beside peers. One that is sent is heard by a native JACK client: the instrument's, that of
`jack_midi_clock`, and that of a thread of Python. One that is heard is a list of jittery ticks, taken offline, the same
for the instrument's loop and for whoever takes the interval between two ticks for the tempo.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from weaver import __version__
from weaver.bench.bank import SAMPLE_RATE_HZ
from weaver.bench.jack_dummy import JackServer, jack_dummy, libjack, stop, wait_for_port
from weaver.bench.own import SEED, instrument, weave
from weaver.bench.player import READY
from weaver.bench.process import version_of
from weaver.bench.table import Row
from weaver.bench.timer_clock import NAME as TIMER
from weaver.commands.export import Plan, compile_export, export
from weaver.commands.replaying import open_take
from weaver.dsp.sizes import CELL
from weaver.engine.engine import Engine
from weaver.life.clock_out import CLOCK_TICK
from weaver.life.tempi import TICKS
from weaver.model.errors import DeviceError, WeaverError
from weaver.model.law import STAKES
from weaver.model.spheres import load_set
from weaver.takes.recorder import Origin, Recorder
from weaver.wishes import midi_tables

PERIOD_FRAMES = 64
BPM, FASTER_BPM = 120.0, 140.0
HEARD_S = 20.0
FIRST_TICKS = TICKS
"""Not counted: whoever starts may be late."""
LONGEST_S = 120.0
TRIES = 3
"""A run in which the server missed deadlines is repeated: it tells of the machine. The one with the fewest is kept."""
HOGS = 3
HELD_S = 20.0
"""For so long the master keeps each of its tempi; a tempo's sd is that of the last half of the first."""
SETTLED_BPM = 1.0
JITTER = 0.1
"""Of a tick: how early or late one may be."""
QUANTUM_FRAMES = 256
"""What MIDI by way of a library that knows no frames is rounded up to: JACK's commonest period."""
TAKE_S = 60
Tell = Callable[[str], None]


def daw_rows(tell: Tell) -> list[Row]:
    """Clocks sent, clocks heard, and a take exported."""
    rows = []
    tell("clocks that are sent")
    try:
        with jack_dummy(SAMPLE_RATE_HZ, PERIOD_FRAMES) as server:
            for sender in senders():
                tell(sender.name)
                rows.append(clock_row(sender, server))
    except WeaverError as error:
        rows.append(Row("daw", "clock sent", detail=str(error)))
    tell("a clock that is heard")
    rows += slave_rows()
    tell("an export")
    return [*rows, export_row()]


class Sender(NamedTuple):
    """Whoever sends a clock of `BPM`: how it is run, and its port (a regular expression)."""

    name: str
    command: list[str]
    port: str
    version: Callable[[], str]


def senders() -> list[Sender]:
    """All of them."""
    player = [sys.executable, "-m", "weaver.bench.player", f"{LONGEST_S:g}"]
    timer = [sys.executable, "-m", "weaver.bench.timer_clock", f"{BPM:g}", f"{LONGEST_S:g}"]
    clock = ["jack_midi_clock", "-B", "-b", f"{BPM:g}"]
    hogged = f"{HOGS} threads hog the GIL"
    ours, theirs, library = lambda: __version__, lambda: version_of([clock[0], "-V"]), lambda: version("python-rtmidi")
    return [
        Sender("clock sent: Sonic Weaver, idle", [*player, "0"], "^weaver:clock_out$", ours),
        Sender(f"clock sent: Sonic Weaver, {hogged}", [*player, str(HOGS)], "^weaver:clock_out$", ours),
        Sender("clock sent: jack_midi_clock", clock, "^jack_midi_clock:", theirs),
        Sender("clock sent: a thread of Python with python-rtmidi, idle", [*timer, "0"], f"^{TIMER}:", library),
        Sender(f"clock sent: the same, {hogged}", [*timer, str(HOGS)], f"^{TIMER}:", library),
    ]


def clock_row(sender: Sender, server: JackServer, seconds: float = HEARD_S) -> Row:
    """How far a clock's ticks are from evenness, heard for so long; why that is not known, if it is not."""
    try:
        said = sender.version()
        runs: list[tuple[int, NDArray[np.int64]]] = []
        while len(runs) < TRIES and (not runs or min(xruns for xruns, _ in runs) > 0):
            runs.append(heard(sender.command, sender.port, server, seconds))
        xruns, ticks = min(runs, key=lambda run: run[0])
        figures = evenness(ticks)
    except (WeaverError, PackageNotFoundError) as error:
        return Row("daw", sender.name, detail=str(error))
    detail = f"{BPM:g} BPM, {server.period_frames}-frame periods, the server's xruns: {xruns}"
    return Row("daw", sender.name, figures, said, detail)


def heard(command: Sequence[str], port: str, server: JackServer, seconds: float) -> tuple[int, NDArray[np.int64]]:
    """Xruns, and the frames of the ticks of a clock that is run for so long. Raises WeaverError."""
    jack = libjack()
    from weaver.bench.clock_ear import ClockEar

    ours = command[0] == sys.executable
    pipe = subprocess.PIPE if ours else subprocess.DEVNULL
    child = subprocess.Popen(command, env=server.environment, stdout=pipe, stderr=subprocess.DEVNULL)
    try:
        if ours and (child.stdout is None or child.stdout.readline() != READY.encode()):
            raise DeviceError(f"{command[2]} did not start")
        found = wait_for_port(port, server, process=child)
        try:
            ear = ClockEar(server.name, found, room=round(2 * (seconds + 1) * BPM * TICKS / 60.0))
        except jack.JackError as error:
            raise DeviceError(f"{found} cannot be listened to: {error}") from error
        try:
            ear.roll()
            time.sleep(seconds + FIRST_TICKS * 60.0 / (BPM * TICKS))
        finally:
            ear.close()
        return ear.xruns, ear.ticks
    finally:
        stop(child)
        if child.stdout is not None:
            child.stdout.close()


def evenness(ticks: NDArray[np.int64]) -> dict[str, float]:
    """How many intervals lie between ticks, their standard deviation, and how far the worst is off; frames, shape (n,).

    Raises DeviceError when there are too few.
    """
    intervals = np.diff(ticks[FIRST_TICKS:])
    if len(intervals) < TICKS:
        raise DeviceError(f"only {len(ticks)} ticks were heard")
    due = 60.0 * SAMPLE_RATE_HZ / (BPM * TICKS)
    return {
        "ticks": len(intervals),
        "std_frames": float(np.std(intervals)),
        "max_frames": float(np.abs(intervals - due).max()),
    }


def slave_rows(held_s: float = HELD_S) -> list[Row]:
    """How a master is followed that goes from one tempo to another, with two kinds of jitter."""
    rows = []
    for kind, ticks in jittery_ticks(held_s).items():
        detail = f"{BPM:g} BPM, then {FASTER_BPM:g}; {kind}"
        for name, tempi in (("Sonic Weaver", followed(ticks)), ("raw intervals", raw(ticks))):
            rows.append(Row("daw", f"clock heard: {name}", following(ticks, tempi, held_s), detail=detail))
    return rows


def jittery_ticks(held_s: float = HELD_S) -> dict[str, NDArray[np.int64]]:
    """Frames of the ticks of a master that keeps each tempo for so long, by the kind of jitter; shape (n,) each."""
    periods = []
    for bpm in (BPM, FASTER_BPM):
        periods += [60.0 * SAMPLE_RATE_HZ / (bpm * TICKS)] * round(held_s * bpm * TICKS / 60.0)
    even = SAMPLE_RATE_HZ + np.concatenate(([0.0], np.cumsum(periods)))
    rng = np.random.default_rng(SEED)
    off = rng.uniform(-JITTER, JITTER, len(even)) * np.concatenate((periods[:1], periods))
    late = rng.uniform(0.0, QUANTUM_FRAMES)  # where the first falls in its period
    return {
        f"ticks up to {JITTER:.0%} early or late": np.round(even + off).astype(np.int64),
        f"ticks at the next of every {QUANTUM_FRAMES} frames": (
            np.ceil((even + late) / QUANTUM_FRAMES).astype(np.int64) * QUANTUM_FRAMES
        ),
    }


def followed(ticks: NDArray[np.int64]) -> NDArray[np.float64]:
    """The instrument's tempo after each tick, BPM; shape (n,), as `ticks`."""
    engine = instrument(load_set("auditorium"))
    begun = int(engine.state.frame)
    snapshot = engine.snapshot()
    tempi = np.zeros(len(ticks))
    for place, tick in enumerate(ticks):
        engine.midi((CLOCK_TICK,), frame=begun + int(tick))
        until = begun + (int(tick) // CELL + 2) * CELL  # its grid point comes after it
        engine.render(until - int(engine.state.frame))
        tempi[place] = engine.snapshot(snapshot).tempo_bpm
    return tempi


def raw(ticks: NDArray[np.int64]) -> NDArray[np.float64]:
    """The tempo that each interval says, BPM; shape (n,), as `ticks`."""
    intervals = np.diff(ticks, prepend=2 * ticks[0] - ticks[1])
    tempi: NDArray[np.float64] = 60.0 * SAMPLE_RATE_HZ / (TICKS * intervals)
    return tempi


def following(ticks: NDArray[np.int64], tempi: NDArray[np.float64], held_s: float = HELD_S) -> dict[str, float]:
    """A tempo's standard deviation while the master keeps its own, and how long after a new one it is off by more than
    `SETTLED_BPM` for the last time; the latter is left out where it still is at the end."""
    since_s = (ticks - ticks[0]) / SAMPLE_RATE_HZ
    steady = (since_s > 0.5 * held_s) & (since_s < held_s)
    figures = {"ticks": float(np.count_nonzero(steady)), "tempo_sd_bpm": float(np.std(tempi[steady]))}
    off = np.flatnonzero((since_s >= held_s) & (np.abs(tempi - FASTER_BPM) > SETTLED_BPM))
    last_s = since_s[off[-1]] if len(off) else held_s
    if last_s < 1.5 * held_s:
        figures["settled_s"] = float(last_s - held_s)
    return figures


def export_row(seconds: int = TAKE_S) -> Row:
    """How much faster than real time a take becomes all that a DAW opens, its spheres woven all the while."""
    with tempfile.TemporaryDirectory() as folder:
        path = woven_take(Path(folder), seconds)
        piece = open_take(path)
        compile_export(piece)
        plan = Plan(piece, Path(folder, "song"))
        made = export(plan)
    detail = f"{made.song.length_s:.0f} s of the default set, {len(made.song.notes)} notes, {len(plan.names)} files"
    return Row("daw", "a take exported", {"times_real_time": made.speed}, __version__, detail)


def woven_take(folder: Path, seconds: int) -> Path:
    """Weave on the default set for so long, offline, and record it."""
    engine = Engine(load_set("auditorium"), midi_tables("pads"), float(SAMPLE_RATE_HZ), SEED)
    engine.set_parameter("stakes", STAKES.index("off"))
    recorder = Recorder(engine, folder, Origin("pads"))
    try:
        rng = np.random.default_rng(SEED)
        for _ in range(seconds):
            weave(engine, rng, 1.0)
            engine.render(SAMPLE_RATE_HZ)
    finally:
        recorder.close()
    if recorder.path is None:
        raise DeviceError(recorder.trouble)
    return recorder.path
