"""What tablets ask the instrument's own thread for, until it is taken."""

from __future__ import annotations

import threading


class Wanted:
    """From any thread."""

    def __init__(self) -> None:
        self._show, self._spheres = False, ""
        self._lock = threading.Lock()

    def ask(self, show: bool = False, spheres: str = "") -> None:
        """For the show, for a set by its name; of several sets the last one counts."""
        with self._lock:
            self._show, self._spheres = self._show or show, spheres or self._spheres

    def take(self) -> tuple[bool, str]:
        """Whether the show is to begin, and the set that is to come on stage, "" if none is; once."""
        with self._lock:
            taken = self._show, self._spheres
            self._show, self._spheres = False, ""
        return taken
