"""What controllers cost, and how soon they answer: the instrument with controllers of a bench's own on JACK."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from weaver import __version__
from weaver.bench.jack_dummy import JackServer, jack_dummy, libjack, stop, wait_for_port
from weaver.bench.note_to_sound import measure
from weaver.bench.pads import BETWEEN_S, ECHO, FIRST_S
from weaver.bench.player import READY
from weaver.bench.table import Row, latency_row
from weaver.bench.whole_player import BRINK, SETTLED_S
from weaver.model.errors import DeviceError, WeaverError

PERIOD_FRAMES = 64
PRESSES = 20
WEIGHED_S = 10.0
LONGEST_S = 300.0
NOTES = 60
PORTS_S, POLL_S = 5.0, 0.02
PAD, PANIC = 11, b"\xb0\x5b\x7f\xb0\x5b\x00"
"""The lowest pad of a Launchpad in its programmer mode, and the button on its top left, pressed and let go."""
Tell = Callable[[str], None]


def hand_rows(tell: Tell) -> list[Row]:
    """All rows of the section, and one of note to sound."""
    try:
        with jack_dummy(48_000, PERIOD_FRAMES) as server:
            return [_lights(tell, server), *_answers(tell, server)]
    except WeaverError as error:
        return [Row("hands", "all", detail=str(error))]


def pad_to_sound(tell: Tell, server: JackServer) -> Row:
    """A pad of a controller's own port, to its sound, as the notes of the synths are measured."""
    tell("a pad of a Launchpad X")
    with instrument("glasses", LONGEST_S, server) as player, _pads("launchpad-x", LONGEST_S, 0, server):
        midi_port = wait_for_port("weaver:controller_1_in", server, process=player)
        audio_port = wait_for_port("weaver:out_1", server, process=player)
        time.sleep(SETTLED_S)
        latency = measure(midi_port, audio_port, NOTES, server=server, key=PAD, silencer=PANIC)
        seen = told(player)
    return latency_row(
        "Sonic Weaver, a pad of a Launchpad X", latency, __version__, "by its own port and its profile",
        int(seen["underflows"]),
    )  # fmt: skip


def _lights(tell: Tell, server: JackServer) -> Row:
    """Two surfaces of 64 pads, all spheres flickering."""
    tell("two surfaces of 64 pads")
    with (
        _pads("launchpad-x", LONGEST_S, 0, server) as launchpad,
        _pads("apc-mini-mk2", LONGEST_S, 0, server) as apc,
        instrument(BRINK, WEIGHED_S, server) as player,
    ):
        seen = json.loads(player.communicate(timeout=LONGEST_S)[0])
        heard = [told(child) for child in (launchpad, apc)]
    figures = {
        "core_percent": float(seen["core_percent"]["hands"]),
        "messages_s": sum(one["messages_s"] for one in heard),
        "kbytes_s": sum(one["kbytes_s"] for one in heard),
    }
    return Row(
        "hands", "a Launchpad X and an APC mini mk2, 60 pictures a second", figures, __version__,
        f"8 spheres, all flickering, struck; the desk's whole thread; {seen['underflows']} underflows",
    )  # fmt: skip


def _answers(tell: Tell, server: JackServer) -> Iterator[Row]:
    """From a pad to its light, and what is left of that when nobody thinks in between."""
    seconds = FIRST_S + PRESSES * BETWEEN_S + 1.0
    tell("from a pad to its light")
    with instrument("glasses", LONGEST_S, server), _pads("launchpad-x", seconds, PRESSES, server) as pads:
        yield _answer_row("Sonic Weaver, a pad of a Launchpad X to its light", pads, "at rest before each press")
    tell("an echo")
    with _pads(ECHO, seconds, 0, server), _pads("launchpad-x", seconds, PRESSES, server) as pads:
        _connect("Launchpad X.*:.*", "Echo.*:.*", server)
        yield _answer_row("an echo that only answers", pads, "the same ports and the same ear")


def _answer_row(name: str, pads: subprocess.Popen[bytes], detail: str) -> Row:
    took_ms = json.loads(pads.communicate(timeout=LONGEST_S)[0])["took_ms"]
    if not took_ms:
        raise DeviceError(f"{name}: no light ever answered")
    figures = {"n": len(took_ms), "median_ms": statistics.median(took_ms), "max_ms": max(took_ms)}
    return Row("hands", name, figures, detail=detail)


def _connect(one: str, other: str, server: JackServer) -> None:
    """Connect two clients' MIDI both ways, as soon as all four ports are there."""
    for name in (one, other):
        wait_for_port(name, server)
    client = libjack().Client("connecting", no_start_server=True, servername=server.name)
    try:
        for source, target in ((one, other), (other, one)):
            until_s = time.monotonic() + PORTS_S
            while not (outs := client.get_ports(source, is_midi=True, is_output=True)) or not (
                intos := client.get_ports(target, is_midi=True, is_input=True)
            ):
                if time.monotonic() > until_s:
                    raise DeviceError(f"no ports {source!r} and {target!r}")
                time.sleep(POLL_S)
            client.connect(outs[0], intos[0])
    finally:
        client.close()


@contextmanager
def instrument(
    spheres: str, seconds: float, server: JackServer, osc_port: int | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """The instrument, once it plays; with a port, by OSC too."""
    ports = [] if osc_port is None else [str(osc_port)]
    with child(["weaver.bench.whole_player", spheres, str(seconds), *ports], server) as player:
        if player.stdout is None or player.stdout.readline() != READY.encode():
            raise DeviceError("the playing process did not start")
        yield player


def _pads(
    kind: str, seconds: float, presses: int, server: JackServer
) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """A controller."""
    return child(["weaver.bench.pads", kind, str(seconds), str(presses)], server)


@contextmanager
def child(arguments: list[str], server: JackServer) -> Iterator[subprocess.Popen[bytes]]:
    """A module of ours as a process."""
    command = [sys.executable, "-m", *arguments]
    process = subprocess.Popen(command, env=server.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        stop(process)


def told(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    """What a process says at its end."""
    process.terminate()
    seen: dict[str, Any] = json.loads(process.communicate(timeout=20)[0])
    return seen
