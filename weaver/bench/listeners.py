"""Tablets to be measured with, as a process: `python -m weaver.bench.listeners PORT COUNT SECONDS`.

Each listens at a port of its own, says so, and pings twice a second.
At the end, or on SIGTERM, it says how much they were told, as a line of JSON.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from collections import Counter

from weaver.model.osc_packet import encode
from weaver.osc.udp import LOOPBACK, Udp

PING_S, TURN_S = 0.5, 0.005
ENDED = threading.Event()


def main() -> None:
    """Listen until the time is up or SIGTERM comes, then report."""
    signal.signal(signal.SIGTERM, lambda *_: ENDED.set())
    port, count, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    lost: Counter[str] = Counter()
    tablets = [Udp(lost, LOOPBACK) for _ in range(count)]
    for tablet in tablets:
        tablet.send(LOOPBACK, port, encode("/hello", tablet.port))
    packets = size = 0
    began_s = time.monotonic()
    ping_s = began_s
    while not ENDED.wait(TURN_S) and (now_s := time.monotonic()) < began_s + seconds:
        if now_s >= ping_s:
            ping_s += PING_S
            for tablet in tablets:
                tablet.send(LOOPBACK, port, encode("/ping"))
        for tablet in tablets:
            while True:
                try:
                    size += len(tablet.socket.recv(65536))
                except OSError:  # nothing more
                    break
                packets += 1
    took_s = time.monotonic() - began_s
    sys.stdout.write(json.dumps({"packets_s": packets / took_s, "kbytes_s": size / took_s / 1000.0}) + "\n")


if __name__ == "__main__":
    main()
