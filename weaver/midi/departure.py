"""One port by which messages leave, each at its moment: opened, watched, sent to by a thread of its own, and closed."""

from __future__ import annotations

import math
import threading
import time
from collections import Counter, deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from weaver.midi.ports import AUTO, Backend, OutputPort, cable, candidates, is_own, match, own_port
from weaver.midi.sounding import Sounding

TAKE_S = 0.001
"""Between two looks at what there is to send; it is sent on time all the same."""
LOOK_S = 0.2
"""Between two looks at the port list."""
ANSWER_S = 2.0
"""A driver that has not opened a port by then hangs, and is left behind."""
CLOSE_S = 0.3
"""So long, after it has been asked to fall silent, the sound has to say what ends: more than its longest block, and the
way to the ear."""


class Departure:
    """`take` brings what has been put out since the last time: OUT_EVENT[n]; `time_at` says when what happens at a
    frame is due on the clock of time.monotonic(), NaN while nobody knows. `on_open` is told, on the thread, when there
    is a port to send to, and when nothing shall be put out any more."""

    def __init__(
        self,
        own_name: str,
        word: str,
        take: Callable[[], NDArray[np.void]],
        on_open: Callable[[bool], object],
        time_at: Callable[[int], float],
        backend_of: Callable[[], Backend],
    ) -> None:
        """`word` is auto, for a port of our own of this name (or a cable, where there can be none), or a part of the
        name of another's.

        Returns when the port is open, if it is there; a port that is missing is waited for. Raises DeviceError when
        there is no MIDI library, or the word may mean several ports.
        """
        self.own_name = own_name
        self.name = own_port(own_name) if word == AUTO else word
        self.is_open = False
        self.messages = 0
        self.last_s: float | None = None
        self.lost: Counter[str] = Counter()
        """By reason, what the driver would not do."""
        self.last_error = ""
        self._asked, self._word, self._meant = word, word, ""
        self._take, self._time_at, self._backend_of, self._on_open = take, time_at, backend_of, on_open
        self._port: OutputPort | None = None
        self._identity = ""
        self._waiting: deque[tuple[int, bytes]] = deque()
        self._sounding = Sounding()
        self._end, self._ready = threading.Event(), threading.Event()
        self._refusal: Exception | None = None
        self._thread = threading.Thread(target=self._run, name=own_name.replace("_", " "), daemon=True)
        self._thread.start()
        self._ready.wait(ANSWER_S)
        if self._refusal is not None:
            raise self._refusal

    @property
    def note(self) -> str:
        """What keeps it from sending, if something does."""
        if self.is_open or self._asked == AUTO:
            return self.last_error if self.lost["open"] else ""
        return f"no MIDI output {self._asked!r} (yet)"

    @property
    def is_shown(self) -> bool:
        """Whether a player wants to know of it: not where the system has no MIDI."""
        return self.is_open or self._word != AUTO or bool(self.lost)

    def end(self) -> None:
        """Ask for silence, let what is under way go out, and end what sounds still; `join` waits for it."""
        self._end.set()

    def join(self) -> None:
        """Wait until the port is closed, unless its driver hangs."""
        self._thread.join(2 * CLOSE_S)

    def _run(self) -> None:
        """All that touches the driver happens here: CoreMIDI lists ports for one thread only."""
        backend: Backend | None = None
        try:
            backend = self._backend_of()
            if self._word == AUTO and not backend.has_virtual:
                self._word = cable(self.own_name)
            if self._word != AUTO and candidates(names := list(self._present(backend)), self._word):
                match(names, self._word)
        except Exception as refusal:  # told to whoever made us, on their thread
            self._refusal = refusal
            if backend is not None:
                backend.close()
            self._ready.set()
            return
        try:
            self._look(backend)
            self._ready.set()
            self._send_until_the_end(backend)
        finally:
            self._shut()
            backend.close()

    def _send_until_the_end(self, backend: Backend) -> None:
        next_look_s = time.monotonic() + LOOK_S
        while not self._end.is_set():
            self._turn()
            if time.monotonic() >= next_look_s:
                self._look(backend)
                next_look_s = time.monotonic() + LOOK_S
            time.sleep(self._idle_s() if self._port is not None else LOOK_S / 4)
        self._on_open(False)
        until_s = time.monotonic() + CLOSE_S
        while self._turn() and time.monotonic() < until_s:
            time.sleep(self._idle_s())
        for data in self._sounding.endings():
            self._send(data)

    def _turn(self) -> bool:
        """Take what there is, and send what is due; whether there is more to come."""
        for event in self._take():
            self._waiting.append((int(event["frame"]), event["data"][: event["size"]].tobytes()))
        while self._waiting and self._left_s() <= 0.0:
            self._send(self._waiting.popleft()[1])
        return bool(self._waiting) or self._sounding.is_any

    def _left_s(self) -> float:
        """Until the next message is due."""
        due_s = self._time_at(self._waiting[0][0])
        return math.inf if math.isnan(due_s) else due_s - time.monotonic()

    def _idle_s(self) -> float:
        """How long to sleep: to the very moment of the next message, if it is so near."""
        return max(min(self._left_s(), TAKE_S), 0.0) if self._waiting else TAKE_S

    def _send(self, data: bytes) -> None:
        self._sounding.follow(data)
        if self._port is None:
            return
        try:
            self._port.send(data)
        except Exception as error:  # a driver must not end the thread
            self._count("send", error)
            return
        self.messages += 1
        self.last_s = time.monotonic()

    def _look(self, backend: Backend) -> None:
        """Open the port if it is there, close it if it went."""
        if self._word == AUTO:
            if self._port is None and not self.lost["open"] and backend.has_virtual and not backend.reason:
                self._open(lambda: backend.open_virtual_output(self.own_name))
            return
        try:
            present = self._present(backend)
        except Exception as error:  # the list may be back at the next look
            self._count("list", error)
            return
        if self._port is not None and present.get(self._meant) != self._identity:
            self._shut()
            self._on_open(False)
        if self._meant not in present:
            found = candidates(list(present), self._word)
            self._meant = found[0] if len(found) == 1 else ""
        if self._port is None and self._meant:
            self._identity = present[self._meant]
            self._open(lambda: backend.open_output(self._meant))

    def _open(self, opened: Callable[[], OutputPort]) -> None:
        try:
            self._port = opened()
        except Exception as error:  # tried again at the next look, if it is another's
            self._count("open", error)
            return
        if self._word != AUTO:
            self.name = self._meant
        self.is_open = True
        self._on_open(True)

    def _shut(self) -> None:
        port, self._port = self._port, None
        if port is None:
            return
        self.is_open = False
        try:
            port.close()
        except Exception as error:  # it is gone either way
            self._count("close", error)

    @staticmethod
    def _present(backend: Backend) -> dict[str, str]:
        """Name -> identity of what can be sent to: not ourselves. A cable with our name is no port of ours."""
        ports = backend.outputs()
        return {port.name: port.identity for port in ports if not (backend.has_virtual and is_own(port.name))}

    def _count(self, reason: str, error: Exception) -> None:
        self.lost[reason] += 1
        self.last_error = f"{self.name}: {reason}: {error}"
