"""The thread that looks at the sound, and tells peers."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence

from weaver.osc.peer import Peer
from weaver.osc.telling import Telling
from weaver.tablets.shown import Shown

LOOK_S = 1.0 / 60.0
"""Between two looks for what has to be told at once; at every second one for all else."""
CLOSE_S = 1.0


class Voice:
    """Speaks from when it is made until it is closed. `lost` counts what went wrong, by reason."""

    def __init__(self, shown: Shown, telling: Telling, known: Callable[[], Sequence[Peer]]) -> None:
        """`known` are those who may be told."""
        self.lost: Counter[str] = Counter()
        self._shown, self._telling, self._known = shown, telling, known
        self._looks = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="osc voice", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Fall silent; a second call does nothing."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(CLOSE_S)

    def _run(self) -> None:
        next_s = time.monotonic()
        while not self._stop.wait(max(next_s - time.monotonic(), 0.0)):
            now_s = time.monotonic()
            next_s = max(next_s + LOOK_S, now_s)
            try:
                self._look(now_s)
            except Exception as error:  # the next look may go right
                self.lost[f"{type(error).__name__} while telling"] += 1

    def _look(self, now_s: float) -> None:
        self._looks += 1
        peers = self._known()
        self._shown.look(self._telling.put, self._looks % 2 == 0)
        self._telling.put("/peers", (len(peers),))
        self._telling.tick(now_s, peers)
