"""A controller to be measured with, as a process: `python -m weaver.bench.pads KIND SECONDS PRESSES`.

It has a device's name and ports on JACK, and listens. With PRESSES it also presses one pad now and then and times,
on its own clock, when that pad's light is told something new. KIND "echo" is no controller: it answers each note
with a light at once, and is what the way there and back costs. At the end, or on SIGTERM, it says what it saw as a
line of JSON.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from weaver.midi.ports import InputPort, OutputPort, best_backend

POLL_S = 0.0003
FIRST_S, BETWEEN_S, HELD_S = 4.0, 2.5, 0.1
"""Before the first press, so that all is painted; from press to press, so that all is at rest; and how long each is
held."""
LONGEST_S = 0.5
"""A light that has not changed by then is not counted."""
ECHO = "echo"
ENDED = threading.Event()


@dataclass(frozen=True, slots=True)
class Device:
    """Its name, that of its ports, the pad that is pressed, the button that silences all, and whether a message is for
    that pad's light."""

    client: str
    port: str
    press: bytes
    release: bytes
    panic: bytes
    lights: Callable[[bytes], bool]


def _novation(data: bytes) -> bool:
    """Whether a Launchpad's RGB message sets the light of pad 11: specs of five bytes after a header of seven."""
    if not data.startswith(bytes.fromhex("F0002029020C03")):
        return False
    return any(data[at : at + 2] == b"\x03\x0b" for at in range(7, len(data) - 1, 5))


def _akai(data: bytes) -> bool:
    """Whether an APC mini mk2's RGB message sets the light of pad 0: ranges of eight bytes after a header of seven."""
    if not data.startswith(bytes.fromhex("F0477F4F24")):
        return False
    return any(data[at] == 0 for at in range(7, len(data) - 1, 8))


DEVICES = {
    "launchpad-x": Device(
        "Launchpad X", "Launchpad X MIDI 2", b"\x90\x0b\x64", b"\x90\x0b\x00", b"\xb0\x5b\x7f", _novation
    ),
    "apc-mini-mk2": Device(
        "APC mini mk2", "APC mini mk2 Control", b"\x90\x00\x7f", b"\x80\x00\x00", b"\xb0\x5b\x7f", _akai
    ),
    ECHO: Device("Echo", "echo", b"\x90\x0b\x64", b"\x90\x0b\x00", b"", _novation),
}


def main() -> None:
    """Be the device until the time is up or SIGTERM comes, then report."""
    signal.signal(signal.SIGTERM, lambda *_: ENDED.set())
    device, seconds, presses = DEVICES[sys.argv[1]], float(sys.argv[2]), int(sys.argv[3])
    backend = best_backend("rtmidi-jack", device.client)
    output, into = backend.open_virtual_output(device.port), backend.open_virtual_input(device.port)
    try:
        seen = _echo(into, output, seconds) if sys.argv[1] == ECHO else _play(device, into, output, seconds, presses)
    finally:
        for port in (into, output):
            port.close()
        backend.close()
    sys.stdout.write(json.dumps(seen) + "\n")


def _echo(into: InputPort, output: OutputPort, seconds: float) -> dict[str, object]:
    """Answer each press with a light."""
    answer, ends_s = bytes.fromhex("F0002029020C03030B7F7F7FF7"), time.monotonic() + seconds
    while time.monotonic() < ends_s and not ENDED.is_set():
        if (received := into.receive()) is None:
            time.sleep(POLL_S)
        elif received.data[0] == 0x90 and received.data[2]:
            output.send(answer)
    return {}


def _play(device: Device, into: InputPort, output: OutputPort, seconds: float, presses: int) -> dict[str, object]:
    """Listen, and press."""
    began_s = time.monotonic()
    due_s, pressed_s, up_s = began_s + FIRST_S, 0.0, 0.0
    took_ms: list[float] = []
    messages = size = 0
    first_s = began_s
    while (now_s := time.monotonic()) < began_s + seconds and not ENDED.is_set():
        received = into.receive()
        if received is not None:
            first_s = first_s if messages else now_s
            messages, size = messages + 1, size + len(received.data)
            if pressed_s and device.lights(received.data):
                took_ms.append(1000.0 * (now_s - pressed_s))
                pressed_s = 0.0
            continue
        if presses and now_s >= due_s:
            output.send(device.press)
            presses, pressed_s, up_s, due_s = presses - 1, now_s, now_s + HELD_S, now_s + BETWEEN_S
        if up_s and now_s >= up_s:
            for message in (device.release, device.panic, device.panic[:2] + b"\x00"):
                output.send(message)
            up_s = 0.0
        if pressed_s and now_s - pressed_s > LONGEST_S:
            pressed_s = 0.0
        time.sleep(POLL_S)
    heard_s = time.monotonic() - first_s
    return {"took_ms": took_ms, "messages_s": messages / heard_s, "kbytes_s": size / heard_s / 1000.0}


if __name__ == "__main__":
    main()
