"""A clock as a program in Python sends one: `python -m weaver.bench.timer_clock BPM SECONDS HOGS`.

A thread sleeps until each tick is due and sends it by python-rtmidi, on JACK; HOGS threads keep the interpreter busy.
It says when it ticks.
"""

from __future__ import annotations

import sys
import threading
import time

from weaver.bench.player import READY, hog
from weaver.life.clock_out import CLOCK_TICK
from weaver.life.tempi import TICKS
from weaver.midi.ports import best_backend

NAME = "timer-clock"


def main() -> None:
    """Tick until the time is up."""
    bpm, seconds, hogs = float(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
    port = best_backend("rtmidi-jack", NAME).open_virtual_output("clock")
    for _ in range(hogs):
        threading.Thread(target=hog, daemon=True).start()
    sys.stdout.write(READY)
    sys.stdout.flush()
    data, tick_s = bytes((CLOCK_TICK,)), 60.0 / (bpm * TICKS)
    began_s = time.monotonic()
    for number in range(round(seconds / tick_s)):
        time.sleep(max(began_s + number * tick_s - time.monotonic(), 0.0))
        port.send(data)


if __name__ == "__main__":
    main()
