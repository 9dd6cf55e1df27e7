"""Twins on a JACK server: real ports, a thread for each twin that answers within a millisecond, and cables to pull.

RtMidi is polled, never called back: its callbacks would come on JACK's own thread and wait there for Python. What it
tells of the time between messages is measured on that thread, so a device's limits are judged by when a message came
and not by when Python got to it. Close before the server ends.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Hashable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from typing import Any, Literal

import pytest
from support.twins.twin import Colour, Port, Said, Twin

Naming = Literal["device", "a2j", "pipewire"]
"""How ports get their names: a client called as the device, or those two bridges from ALSA."""
POLL_S = 0.001
QUEUE_MESSAGES = 16_384
FLOOD_STEP_S = 0.002
SHOWN_IN_S = 0.4
"""Between out and back, where power is lost: as long as USB takes to find a device."""


class Plug:
    """A twin with a cable. What the player does goes out at once; what comes in, the twin hears."""

    def __init__(self, twin: Twin, naming: Naming = "device", card: int = 20) -> None:
        self.twin = twin
        self.failure: BaseException | None = None
        self.sent = 0
        self._naming, self._card = naming, card
        self._lock = threading.RLock()
        self._ins: list[Any] = []
        self._outs: list[Any] = []
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self.put_back()

    # the cable

    @property
    def is_in(self) -> bool:
        return self._thread is not None

    def put_back(self) -> None:
        """Plug it in. Raises what rtmidi raises."""
        if self.is_in:
            return
        with self._lock:
            for number, port in enumerate(self.twin.ports):
                self._open(number, port)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(self._ended,), name=self.twin.kind, daemon=True)
        self._thread.start()

    def pull(self) -> None:
        """Pull it out: all it knows but what it writes down is lost with the power. A second call does nothing."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._ended.set()
        thread.join()
        with self._lock:
            for device in (*self._outs, *self._ins):
                device.close_port()
                device.delete()
            self._ins, self._outs = [], []
            self.twin.reboot()

    def reboot(self, away_s: float = SHOWN_IN_S) -> None:
        """It loses power for a moment."""
        self.pull()
        time.sleep(away_s)
        self.put_back()

    def _open(self, number: int, port: Port) -> None:
        import rtmidi

        client, out, into = _names(self._naming, self.twin.client, self._card, number, port)
        device = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name=client)
        self._outs.append(device)
        device.open_virtual_port(out)
        device = rtmidi.MidiIn(rtmidi.API_UNIX_JACK, name=client, queue_size_limit=QUEUE_MESSAGES)
        self._ins.append(device)
        device.ignore_types(sysex=False, timing=False, active_sense=False)
        device.open_virtual_port(into)

    def _serve(self, ended: threading.Event) -> None:
        clocks: list[float | None] = [None] * len(self._ins)
        try:
            while not ended.is_set():
                if not any([self._listen(number, clocks) for number in range(len(self._ins))]):
                    time.sleep(POLL_S)
        except BaseException as error:
            self.failure = error

    def _listen(self, number: int, clocks: list[float | None]) -> bool:
        """Whether anything has come in by a port."""
        if (got := self._ins[number].get_message()) is None:
            return False
        with self._lock:
            while got is not None:
                data, since_last_s = got
                clock_s = clocks[number]
                clock_s = time.monotonic() if clock_s is None else clock_s + since_last_s
                clocks[number] = clock_s
                self._send(self.twin.hear(bytes(data), clock_s, number))
                got = self._ins[number].get_message()
        return True

    def _send(self, messages: Iterable[bytes]) -> None:
        for message in messages:
            port = message.port if isinstance(message, Said) else self.twin.played
            if self._outs:
                self._outs[port].send_message(message)
                self.sent += 1

    # the player

    def do(self, deed: str, *values: int) -> None:
        """Whatever a twin can do, by name: press, release, lean, turn, slide, button, drift..."""
        with self._lock:
            self._send(getattr(self.twin, deed)(*values))

    def press(self, column: int, row: int, velocity: int = 100) -> None:
        self.do("press", column, row, velocity)

    def release(self, column: int, row: int) -> None:
        self.do("release", column, row)

    def lean(self, column: int, row: int, pressure: int) -> None:
        self.do("lean", column, row, pressure)

    def turn(self, number: int, value: int) -> None:
        self.do("turn", number, value)

    def slide(self, number: int, value: int) -> None:
        self.do("slide", number, value)

    def say(self, *messages: bytes) -> None:
        """Anything at all, by the port that is played."""
        with self._lock:
            self._send(messages)

    def flood(self, rate: int, seconds: float, messages: Sequence[bytes] = (b"\xb0\x6f\x01", b"\xb0\x6f\x02")) -> int:
        """So many of these, in turn, a second: how many went out. Returns when all have."""
        began_s, count = time.monotonic(), 0
        while (gone_s := time.monotonic() - began_s) < seconds:
            while count < rate * gone_s:
                self.say(messages[count % len(messages)])
                count += 1
            time.sleep(FLOOD_STEP_S)
        return count

    # what is to be seen

    def light(self, column: int, row: int) -> Colour:
        with self._lock:
            return self.twin.light(column, row)

    def lights(self) -> dict[Hashable, Colour]:
        with self._lock:
            return dict(self.twin.lights)

    @property
    def mode(self) -> str:
        with self._lock:
            return self.twin.mode

    def heard(self) -> list[tuple[float, int, bytes]]:
        """All it was told: when, at which port, what."""
        with self._lock:
            return list(self.twin.log)

    def forget(self) -> None:
        """Begin the log, and the counts of what it refused, anew."""
        with self._lock:
            self.twin.log.clear()
            self.twin.refused.clear()


def _names(naming: Naming, client: str, card: int, number: int, port: Port) -> tuple[str, str, str]:
    """(client, the port it sends by, the one it listens at)."""
    if naming == "a2j":
        device = f"{client} [{card}]"
        return "a2j", f"{device} (capture): {port.out}", f"{device} (playback): {port.name_into}"
    if naming == "pipewire":
        device = f"{client} {card}"
        return (
            "Midi-Bridge",
            f"{device}:(capture_{number}) {port.out}",
            f"{device}:(playback_{number}) {port.name_into}",
        )
    return client, port.out, port.name_into


@contextmanager
def plugged(*twins: Twin, naming: Naming = "device") -> Iterator[tuple[Plug, ...]]:
    """These twins on the JACK server that libjack finds; skips where python-rtmidi is not to be had."""
    if find_spec("rtmidi") is None:
        pytest.skip("twins need python-rtmidi, which has no wheels for Python 3.13 and later")
    with ExitStack() as stack:
        plugs = []
        for number, twin in enumerate(twins):
            plugs.append(Plug(twin, naming, card=20 + 4 * number))
            stack.callback(plugs[-1].pull)
        yield tuple(plugs)
    for plug in plugs:
        if plug.failure is not None:
            raise plug.failure
