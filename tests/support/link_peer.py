"""Another program in a Link session, as a process of its own: it does what lines on its standard input say.

Run as a script it takes part until its input ends; for each line it answers one line of JSON. `LinkPeer` talks to it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

QUANTUM = 4.0


@dataclass(frozen=True)
class LinkPeer:
    """The process, from outside."""

    process: subprocess.Popen[str]

    def ask(self, *words: object) -> dict[str, Any]:
        """Say something, and what it answers: the session as it has it."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer


@contextmanager
def link_peer(namespace: str, bpm: float) -> Iterator[LinkPeer]:
    """One in a network namespace, whose own tempo is `bpm`."""
    words = ["ip", "netns", "exec", namespace, sys.executable, str(Path(__file__)), str(bpm)]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield LinkPeer(process)
    finally:
        process.communicate()  # its input ends, and so does it


def main(bpm: float) -> None:
    import link

    session = link.Link(bpm)
    session.startStopSyncEnabled = True
    session.enabled = True
    clock = session.clock()
    for line in sys.stdin:
        word, *numbers = line.split()
        state, now_us = session.captureSessionState(), clock.micros()
        if word == "tempo":
            state.setTempo(float(numbers[0]), now_us)
        elif word == "start":
            state.setIsPlayingAndRequestBeatAtTime(True, now_us, 0.0, QUANTUM)
        elif word == "stop":
            state.setIsPlaying(False, now_us)
        if word in ("tempo", "start", "stop"):
            session.commitSessionState(state)
        # of a moment on the clock that processes share
        at_s = float(numbers[0]) if word == "at" else time.monotonic()
        at_us = clock.micros() + (at_s - time.monotonic()) * 1e6
        told = {
            "bpm": state.tempo(),
            "beat": state.beatAtTime(int(at_us), QUANTUM),
            "playing": state.isPlaying(),
            "peers": session.numPeers(),
        }
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(float(sys.argv[1]))
