"""`weaver bench`: everything measured in one run, the instrument beside its peers, as tables and as JSON."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from weaver import __version__
from weaver.bench.bank import PeerResult
from weaver.bench.daw import daw_rows
from weaver.bench.hands import hand_rows, pad_to_sound
from weaver.bench.jack_dummy import JackServer, jack_dummy, realtime_allowed, stop, wait_for_port
from weaver.bench.note_to_sound import measure, peers_latency
from weaver.bench.own import bare_bank, block_rows, full_instrument, offline_row
from weaver.bench.peers import ring_peers
from weaver.bench.player import READY
from weaver.bench.table import SECTIONS, Row, bank_rows, latency_row, latency_rows, show, to_json
from weaver.bench.tablet import tablet_rows
from weaver.model.errors import DeviceError, WeaverError

NOTES = 60
PERIOD_FRAMES = 64
HOGS = 3
"""Threads that keep the interpreter busy in the playing process, in the second of its two runs."""
LONGEST_S = 120.0
CHILD = "weaver.bench.player"
Tell = Callable[[str], None]
BESIDE = ("memory", "gesture_to_sound")
"""Sections that are measured with another one: with note to sound, and with tablet."""


def bank(pyo_python: str, tell: Tell) -> list[Row]:
    """The instrument's bank and whole self, beside the same bank in the peers."""
    peers = ring_peers(pyo_python=pyo_python, progress=tell)
    tell("the bare bank")
    own: list[PeerResult] = [bare_bank()]
    tell("the full instrument")
    own.append(full_instrument())
    return bank_rows(peers, own)


def note_to_sound(tell: Tell) -> list[Row]:
    """The instrument idle and hogged, then the peers, on one JACK dummy server; and its resident memory."""
    try:
        with jack_dummy(48_000, PERIOD_FRAMES) as server:
            rows = []
            for name, hogs in (("Sonic Weaver, idle", 0), (f"Sonic Weaver, {HOGS} threads hog the GIL", HOGS)):
                tell(name)
                rows += _play(name, hogs, server)
            rows.append(pad_to_sound(tell, server))
            return rows + latency_rows(peers_latency(notes=NOTES, server=server, progress=tell))
    except WeaverError as error:
        return [Row("note_to_sound", "all", detail=str(error))]


def _play(name: str, hogs: int, server: JackServer) -> list[Row]:
    """Measure the instrument in a process of its own."""
    command = [sys.executable, "-m", CHILD, str(LONGEST_S), str(hogs)]
    pipe = subprocess.PIPE
    child = subprocess.Popen(command, env=server.environment, stdout=pipe, stderr=subprocess.DEVNULL)
    try:
        if child.stdout is None or child.stdout.readline() != READY.encode():
            raise DeviceError("the playing process did not start")
        midi_port = wait_for_port("weaver:midi_in", server, process=child)
        audio_port = wait_for_port("weaver:out_1", server, process=child)
        time.sleep(1.0)  # connected, and its hogs at work
        latency = measure(midi_port, audio_port, NOTES, server=server)
        child.terminate()
        seen = json.loads(child.communicate(timeout=20)[0])
    finally:
        stop(child)
    scheduling = "real-time" if realtime_allowed() else "ordinary"
    blocks = f"{scheduling} scheduling, room off; {seen['blocks']} blocks, load {100 * seen['load']:.1f} %"
    rows = [latency_row(name, latency, __version__, blocks, int(seen["underflows"]))]
    if not hogs:
        detail = "16 glasses on JACK, no terminal page"
        rows.append(Row("memory", "Sonic Weaver", {"resident_mb": seen["resident_mb"]}, __version__, detail))
    return rows


def start(tell: Tell) -> list[Row]:
    """From the command line to the end of the first block, with an empty and with a full cache of kernels."""
    rows = []
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "WEAVER_CACHE": cache}
        options = ["--audio", "silent", "--midi", "none", "--no-terminal", "--seconds", "0.01"]
        for name in ("cold: every kernel compiled", "warm"):
            tell(f"start, {name}")
            began_s = time.perf_counter()
            command = [sys.executable, "-m", "weaver", "play", *options]
            done = subprocess.run(command, env=environment, capture_output=True, text=True)
            took_s = time.perf_counter() - began_s
            figures = {"start_s": took_s} if done.returncode == 0 else {}
            rows.append(Row("start", name, figures, __version__, "" if figures else done.stderr.strip()[-200:]))
    return rows


def main(arguments: Sequence[str] = ()) -> int:
    """Run the sections asked for (all by default), print the tables, write JSON if a file is named."""
    parser = argparse.ArgumentParser(prog="weaver bench", description=__doc__)
    sections = [section.key for section in SECTIONS if section.key not in BESIDE]
    parser.add_argument("--only", choices=sections, action="append", help="measure just this section")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE too")
    parser.add_argument("--pyo-python", default=sys.executable, metavar="PYTHON", help="an interpreter with pyo")
    options = parser.parse_args(list(arguments))
    console = Console(stderr=True)

    def tell(what: str) -> None:
        console.print(f"measuring {what} ...", style="dim", highlight=False)

    measures: dict[str, Callable[[], list[Row]]] = {
        "bank": lambda: bank(options.pyo_python, tell),
        "block": lambda: block_rows(tell),
        "note_to_sound": lambda: note_to_sound(tell),
        "hands": lambda: hand_rows(tell),
        "tablet": lambda: tablet_rows(tell),
        "daw": lambda: daw_rows(tell),
        "start": lambda: start(tell),
        "offline": lambda: [offline_row(tell)],
    }
    rows = [row for key in options.only or sections for row in measures[key]()]
    show(rows, Console(width=None if sys.stdout.isatty() else 140))
    if options.json:
        options.json.write_text(to_json(rows) + "\n")
    return 0
