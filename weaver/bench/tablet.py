"""What tablets cost, how soon they are heard, and whether anything is lost: the instrument with OSC on JACK."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from weaver import __version__
from weaver.bench.bank import PeerError
from weaver.bench.gesture_to_sound import PANIC, STRIKE, gesture_row, supercollider_rows
from weaver.bench.hands import child, instrument, told
from weaver.bench.jack_dummy import JackServer, jack_dummy, stop, wait_for_port
from weaver.bench.note_to_sound import measure
from weaver.bench.process import need
from weaver.bench.table import Row, latency_row
from weaver.bench.whole_player import BRINK, SETTLED_S
from weaver.model.errors import WeaverError
from weaver.osc.udp import LOOPBACK

OSC_PORT = 8020
GESTURES, NOTES = 200, 16
FLOOD_PER_S, FLOOD_S = 10_000, 10.0
WEIGHED_S, LONGEST_S = 10.0, 300.0
TABLETS = 4
KEY, SILENCER = 68, b"\xb0\x78\x00"
SILENT = ("tilt", "bend", "lift", "place")
"""Gestures that make no sound by themselves, so that the notes between them can be timed."""
Tell = Callable[[str], None]


def tablet_rows(tell: Tell) -> list[Row]:
    """All rows of the section, of gesture to sound, and one of note to sound."""
    try:
        with jack_dummy(48_000, 64) as server:
            return [
                _own_gestures(tell, server),
                *supercollider_rows(GESTURES, server, tell),
                *_flood(tell, server),
                _feedback(tell, server),
            ]
    except WeaverError as error:
        return [Row("tablet", "all", detail=str(error))]


def _own_gestures(tell: Tell, server: JackServer) -> Row:
    name = "Sonic Weaver, a strike to its sound"
    tell(name)
    with instrument("glasses", LONGEST_S, server, OSC_PORT) as player:
        audio_port = wait_for_port("weaver:out_1", server, process=player)
        time.sleep(SETTLED_S)
        return gesture_row(name, audio_port, OSC_PORT, GESTURES, server, STRIKE, PANIC, __version__)


def _flood(tell: Tell, server: JackServer) -> Iterator[Row]:
    """Many gestures from liblo, while notes come by MIDI."""
    name = f"{FLOOD_PER_S:,} gestures a second for {FLOOD_S:g} s, by oscsendfile"
    tell(name)
    need("oscsendfile")
    with instrument("glasses", LONGEST_S, server, OSC_PORT) as player:
        midi_port = wait_for_port("weaver:midi_in", server, process=player)
        audio_port = wait_for_port("weaver:out_1", server, process=player)
        time.sleep(SETTLED_S)
        with _sending() as sender:
            latency = measure(midi_port, audio_port, NOTES, server=server, key=KEY, silencer=SILENCER)
            if sender.wait(LONGEST_S):
                raise PeerError("oscsendfile failed")
        time.sleep(1.0)
        seen = told(player)
    sent, underflows = int(FLOOD_PER_S * FLOOD_S), int(seen["underflows"])
    figures = {
        "sent": sent,
        "lost": sent - int(seen["heard"]),
        "core_percent": float(seen["core_percent"]["osc ears"]),
        "underflows": underflows,
    }
    yield Row("tablet", name, figures, __version__, f"{seen['lost']} refused; the ears' whole thread, rests included")
    yield latency_row("Sonic Weaver, in that flood", latency, __version__, "MIDI, while gestures come", underflows)


@contextmanager
def _sending() -> Iterator[subprocess.Popen[bytes]]:
    """liblo, sending messages at their times: bundles of one, dated now."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "gestures")
        with path.open("w") as file:
            for number in range(int(FLOOD_PER_S * FLOOD_S)):
                seconds, rest = divmod(number, FLOOD_PER_S)
                fraction = rest * (1 << 32) // FLOOD_PER_S
                gesture, value = SILENT[number % len(SILENT)], number % 100 / 100.0 + 0.5
                file.write(f"{seconds:08x}.{fraction:08x} /sphere/{number % 8 + 1}/{gesture} f {value:.2f}\n")
        sender = subprocess.Popen(
            ["oscsendfile", f"osc.udp://{LOOPBACK}:{OSC_PORT}", str(path)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield sender
        finally:
            stop(sender)


def _feedback(tell: Tell, server: JackServer) -> Row:
    """Four tablets, all spheres flickering."""
    name = f"feedback to {TABLETS} tablets"
    tell(name)
    with instrument(BRINK, WEIGHED_S, server, OSC_PORT) as player:
        arguments = ["weaver.bench.listeners", str(OSC_PORT), str(TABLETS), str(LONGEST_S)]
        with child(arguments, server) as tablets:
            seen = json.loads(player.communicate(timeout=LONGEST_S)[0])
            heard = told(tablets)
    figures = {
        "core_percent": float(seen["core_percent"]["osc voice"]),
        "packets_s": heard["packets_s"],
        "kbytes_s": heard["kbytes_s"],
        "underflows": int(seen["underflows"]),
    }
    return Row("tablet", name, figures, __version__, "8 spheres, all flickering, struck; the voice's whole thread")
