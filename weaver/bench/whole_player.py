"""The whole instrument, as a process to be measured: `python -m weaver.bench.whole_player SET SECONDS [OSC_PORT]`.

With the set "brink" it is the auditorium's, every sphere near its end, flickering and cracked, so that each picture
differs. It says when it plays; over the last SECONDS before SIGTERM or the end it weighs its threads, and tells what it
saw as a line of JSON.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from typing import Any

from weaver.app import Instrument
from weaver.bench.player import READY
from weaver.engine.harm import hurt
from weaver.model.parameters import parameter_named
from weaver.wishes import Wishes

BRINK = "brink"
DAMAGE = 0.7
SETTLED_S = 3.0
"""After so long controllers are recognised and painted."""
STRIKE_S = 0.15
WEIGHED = ("hands", "osc ears", "osc voice")
"""Threads, by their names."""


def main() -> None:
    """Play until the time is up or SIGTERM comes, then report."""
    name, seconds = sys.argv[1], float(sys.argv[2])
    osc_port = int(sys.argv[3]) if len(sys.argv) > 3 else None
    is_brink = name == BRINK
    wishes = Wishes(
        audio="jack",
        spheres="auditorium" if is_brink else name,
        stakes="gentle" if is_brink else "off",
        osc_port=osc_port,
        discovery=False,
    )
    done = threading.Event()

    def stop(*_: Any) -> None:
        done.set()

    signal.signal(signal.SIGTERM, stop)
    with Instrument(wishes) as instrument:
        engine = instrument.engine
        if is_brink:
            for s in range(len(engine.spheres.spheres)):
                hurt(engine.address, s, DAMAGE)
        else:
            engine.set_parameter("wet_db", parameter_named("wet_db").low)  # whoever waits for silence waits less
        sys.stdout.write(READY)
        sys.stdout.flush()
        threads = {thread.name: thread for thread in threading.enumerate() if thread.name in WEIGHED}
        done.wait(SETTLED_S)
        began_s, busy_s = time.monotonic(), {name: cpu_s(thread) for name, thread in threads.items()}
        struck = 0
        while not done.is_set() and time.monotonic() < began_s + seconds:
            instrument.turn()
            if is_brink:
                engine.gesture("strike", struck % len(engine.spheres.spheres), velocity=0.5)
                struck += 1
            done.wait(STRIKE_S)
        took_s = time.monotonic() - began_s
        seen: dict[str, Any] = {
            "core_percent": {name: 100.0 * (cpu_s(thread) - busy_s[name]) / took_s for name, thread in threads.items()},
            "underflows": instrument.host.status().underflows,
        }
        if instrument.tablets is not None:
            network = instrument.tablets.view()
            seen |= {"heard": network.messages, "lost": sum(network.lost.values())}
    sys.stdout.write(json.dumps(seen) + "\n")


def cpu_s(thread: threading.Thread) -> float:
    """Processor time of a thread that runs (POSIX)."""
    assert thread.ident is not None
    return time.clock_gettime(time.pthread_getcpuclockid(thread.ident))


if __name__ == "__main__":
    main()
