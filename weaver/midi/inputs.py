"""The MIDI inputs of an instrument that runs: opened, watched, read by one thread, and closed.

A device may be plugged in, pulled out and put back at any time. Each name keeps its slot for as long as the
instrument runs, so that a controller that comes back is the controller it was.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from weaver.midi.arrival import ArrivalClock
from weaver.midi.errands import Errands
from weaver.midi.news import Follower, MidiIn, SlotStatus
from weaver.midi.ports import AUTO, MIDI_IN, NONE, Backend, InputPort, cable, candidates, match, own_port
from weaver.model.errors import DeviceError

SLOTS = 16
FIRST_SLOT, DAW_SLOT = 1, SLOTS - 1
"""Hardware sits between; slot 0 is that of all that JACK merges. In the last one is our own virtual input, or the port
by which a DAW plays where there can be none: what comes from there does not leave again."""
LOOK_S = 0.2
"""Between two looks at the port list. A cable that is put straight back may get the same number: it is noticed only if
a look falls in between, and USB needs about twice as long to find a device again."""
_POLL_S = 0.001
_LAST_MESSAGES = 1 << 16
"""More than any driver keeps: what a device sent before it went is still played."""
_BURST_MESSAGES = 256
"""At most so many from one port before the others have their turn: one device cannot drown the rest."""


@dataclass(slots=True)
class _Slot:
    """A slot and who sits in it. Written by the reader thread only."""

    name: str
    port: InputPort | None = None
    identity: str = ""
    messages: int = 0
    last_s: float | None = None
    left_s: float = 0.0
    arrival: ArrivalClock = field(default_factory=ArrivalClock)


class MidiInputs:
    """Opens every wanted input, and a virtual one where the system can; reads them all from one thread.

    `sink` gets each message and `on_vanished(port, name)` each slot whose device went, both on the reader's
    thread; what a device had sent before it went comes first. Whatever they raise is counted in `errors`,
    never passed on.
    """

    def __init__(
        self,
        backend: Backend,
        wanted: str | Sequence[str],
        sink: Callable[[MidiIn], None],
        clock: Callable[[], float] = time.monotonic,
        on_vanished: Callable[[int, str], None] = lambda port, name: None,
        look_s: float = LOOK_S,
        ignored: Callable[[str], bool] = lambda name: False,
        daw: str = AUTO,
    ) -> None:
        """Returns when what is plugged in now is open. A wanted port that is missing is waited for.

        What is `ignored`, by its name, is not opened unless it is wanted by a word of its own. A `daw` plays by our
        virtual input ("auto"; where there can be none, by the cable of its name), not at all ("none"), or by the port
        that this word means.

        Raises DeviceError when a wanted word may mean several of the ports there are.
        """
        self.errors: Counter[str] = Counter()
        self.last_error = ""
        self.waiting: tuple[str, ...] = ()
        self.backend = backend
        self.errands = Errands()
        """For what else has to happen on the driver's thread."""
        self._sink, self._clock, self._on_vanished, self._ignored = sink, clock, on_vanished, ignored
        self._follower: Follower | None = None
        self._wanted = (wanted,) if isinstance(wanted, str) else tuple(wanted)
        self._meant: dict[str, str] = {}
        self._slots: list[_Slot | None] = [None] * SLOTS
        self._daw = cable(MIDI_IN) if daw == AUTO and not backend.has_virtual else daw
        if self._wanted == (NONE,):
            self._daw = NONE
        self._look_s = look_s
        self._stop, self._ready = threading.Event(), threading.Event()
        self._refusal: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="midi-inputs", daemon=True)
        self._thread.start()
        self._ready.wait()
        if self._refusal is not None:
            self.close()
            raise self._refusal

    def follow(self, follower: Follower) -> None:
        """Tell one more of everything, beginning with a look."""
        self._follower = follower
        self.errands.ask(self._tell_looked)

    def status(self) -> list[SlotStatus]:
        """One line for each slot that ever had a device, lowest first. May be asked from any thread."""
        return [
            SlotStatus(port, slot.name, slot.port is not None, slot.messages, slot.last_s)
            for port, slot in enumerate(self._slots)
            if slot is not None
        ]

    def close(self) -> None:
        """End the thread, then close the ports; a second call does nothing. The backend stays its owner's."""
        self._stop.set()
        self._thread.join()
        self.errands.close()
        for slot in self._slots:
            if slot is not None:
                self._shut(slot)

    def _run(self) -> None:
        """The reader. All that touches the driver happens here: CoreMIDI lists ports for one thread only."""
        try:
            self._check_wanted()
            self._look()
        except Exception as refusal:  # told to whoever made us, on their thread
            self._refusal = refusal
        self._ready.set()
        next_look_s = time.monotonic() + self._look_s
        while not self._stop.is_set():
            for port, slot in enumerate(self._slots):
                if slot is not None:
                    self._read(port, slot, _BURST_MESSAGES)
            self.errands.run()
            if time.monotonic() >= next_look_s:
                self._look()
                self._tell_looked()
                next_look_s = time.monotonic() + self._look_s
            time.sleep(_POLL_S)

    def _check_wanted(self) -> None:
        """Raises DeviceError when a word may mean several ports: only the player can choose."""
        names = [port.name for port in self.backend.inputs()]
        for word in (*self._wanted, self._daw):
            if candidates(names, word):
                match(names, word)

    def _read(self, port: int, slot: _Slot, at_most: int) -> None:
        """Pass on what has come; a port that fails is gone until the next look."""
        opened = slot.port
        if opened is None:
            return
        for _ in range(at_most):
            try:
                received = opened.receive()
            except Exception as error:  # a driver must not end the reader
                self._count("receive", error)
                self._vanish(port, slot)
                break
            if received is None:
                break
            slot.messages += 1
            slot.last_s = slot.arrival.arrival(received.driver_s, self._clock())
            event = MidiIn(port, received.data, slot.last_s)
            self._tell("sink", self._sink, event)
            if self._follower is not None:
                self._tell("follower", self._follower.message, event)
        if opened.lost:
            self.errors.update(opened.lost)
            opened.lost.clear()

    def _look(self) -> None:
        """Compare the ports there are with those that are open: close what went, open what came."""
        try:
            present = {port.name: port.identity for port in self.backend.inputs()}
        except Exception as error:  # the list may be back at the next look
            self._count("list", error)
            return
        for port, slot in enumerate(self._slots):
            if slot is None or slot.port is None or not slot.identity:
                continue
            if present.get(slot.name) != slot.identity:
                self._read(port, slot, _LAST_MESSAGES)
                self._vanish(port, slot)
        wanted = self._wanted_names(list(present))
        by_daw = None if self._daw in (AUTO, NONE) else self._meant_by(self._daw, list(present))
        for name in wanted:
            if name != by_daw:
                self._open(self._slot_of(name), name, present[name])
        if by_daw is not None:
            self._open(DAW_SLOT, by_daw, present[by_daw])
        if self._daw == AUTO and self.backend.has_virtual and not self.backend.reason:
            self._daw = NONE  # it is tried once
            self._open_virtual()

    def _wanted_names(self, names: list[str]) -> list[str]:
        """The names to have open, each once. A word stays with the port it meant while that is there."""
        found: dict[str, None] = {}
        missing = []
        for word in self._wanted:
            if word in (AUTO, NONE):
                found |= dict.fromkeys(name for name in candidates(names, word) if not self._ignored(name))
            elif (name := self._meant_by(word, names)) is not None:
                found[name] = None
            else:
                missing.append(word)
        self.waiting = tuple(missing)
        return list(found)

    def _meant_by(self, word: str, names: list[str]) -> str | None:
        """The one port that a word means; None if there is none, or the choice is the player's."""
        if self._meant.get(word) not in names:
            found = candidates(names, word)
            if len(found) != 1:
                return None
            self._meant[word] = found[0]
        return self._meant[word]

    def _open(self, port: int | None, name: str, identity: str) -> None:
        if port is None:
            self._count("slots", DeviceError(f"{name!r} finds all {DAW_SLOT - FIRST_SLOT} MIDI slots taken"))
            return
        slot = self._slots[port]
        if slot is None or slot.name != name:
            slot = _Slot(name)
        if slot.port is not None:
            return
        try:
            slot.port = self.backend.open_input(name)
        except Exception as error:  # tried again at the next look
            self._count("open", error)
            return
        slot.identity, slot.arrival = identity, ArrivalClock()
        self._slots[port] = slot

    def _open_virtual(self) -> None:
        try:
            opened = self.backend.open_virtual_input(MIDI_IN)
        except Exception as error:  # the instrument plays on without it
            self._count("open", error)
            return
        self._slots[DAW_SLOT] = _Slot(own_port(MIDI_IN), opened)

    def _slot_of(self, name: str) -> int | None:
        """This name's slot, or the lowest nobody had, or that of who left first; None when all are in use."""
        hardware = list(enumerate(self._slots))[FIRST_SLOT:DAW_SLOT]
        for port, slot in hardware:
            if slot is not None and slot.name == name:
                return port
        for port, slot in hardware:
            if slot is None:
                return port
        left = [(slot.left_s, port) for port, slot in hardware if slot and not slot.port]
        return min(left)[1] if left else None

    def _vanish(self, port: int, slot: _Slot) -> None:
        if slot.port is None:
            return
        self._shut(slot)
        slot.left_s = time.monotonic()
        self._tell("vanished", self._on_vanished, port, slot.name)
        if self._follower is not None:
            self._tell("follower", self._follower.vanished, port)

    def _shut(self, slot: _Slot) -> None:
        opened, slot.port = slot.port, None
        if opened is None:
            return
        try:
            opened.close()
        except Exception as error:  # it is gone either way
            self._count("close", error)

    def _tell_looked(self) -> None:
        if self._follower is not None:
            self._tell("follower", self._follower.looked)

    def _tell(self, reason: str, listener: Callable[..., None], *news: object) -> None:
        """Call whoever listens, who must not end the reader either."""
        try:
            listener(*news)
        except Exception as error:
            self._count(reason, error)

    def _count(self, reason: str, error: Exception) -> None:
        self.errors[reason] += 1
        self.last_error = f"{reason}: {error}"
