"""The instrument on a JACK server, as a process to be measured: `python -m weaver.bench.player SECONDS HOGS`.

HOGS threads run Python without a pause, so that the interpreter's lock is never free. It says when it plays, and at
the end what it saw, as one line of JSON: blocks, underflows, load, resident memory.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from weaver.engine.engine import Engine
from weaver.engine.hosts import open_host
from weaver.mapping.modes import compile_mode, load_mode
from weaver.mapping.tuning import standard_tuning
from weaver.model.parameters import parameter_named
from weaver.model.spheres import load_set

READY = "playing\n"


def hog() -> None:
    """Never let go of the interpreter's lock willingly."""
    while True:
        sum(number * number for number in range(20_000))


def resident_mb() -> float:
    """Resident memory of this process in MB (Linux), 0 where it cannot be told."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def main() -> None:
    """Play until the time is up or SIGTERM comes, then report."""
    seconds, hogs = float(sys.argv[1]), int(sys.argv[2])
    host = open_host("jack", midi="none", connect=False)
    midi_map = compile_mode(load_mode("keys"), standard_tuning())
    engine = Engine(load_set("glasses"), midi_map, host.sample_rate)
    engine.set_parameter("wet_db", parameter_named("wet_db").low)  # the probe waits for silence; a room delays it
    engine.outward.clock()
    host.start(engine)
    for _ in range(hogs):
        threading.Thread(target=hog, daemon=True).start()
    done = threading.Event()

    def stop(*_: Any) -> None:
        done.set()

    signal.signal(signal.SIGTERM, stop)
    sys.stdout.write(READY)
    sys.stdout.flush()
    until_s = time.monotonic() + seconds
    while not done.is_set() and time.monotonic() < until_s:
        done.wait(0.1)
    status = host.status()
    seen = {
        "blocks": int(engine.state.counters.blocks),
        "underflows": status.underflows,
        "load": status.load,
        "resident_mb": resident_mb(),
    }
    host.stop()
    sys.stdout.write(json.dumps(seen) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
