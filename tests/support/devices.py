"""Devices on a JACK server, as far as their ports: polled in Python, so that none of it runs on JACK's threads."""

from __future__ import annotations

from typing import Any

from weaver.midi.ports import best_backend


class Device:
    """Something with a port to hear it by, `source`, and one to tell it by, `sink`; it keeps what it is told."""

    def __init__(self, name: str) -> None:
        self.source, self.sink = f"{name}:out", f"{name} in:in"
        self.told: list[bytes] = []
        self._out = best_backend("rtmidi-jack", name).open_virtual_output("out")
        self._in = best_backend("rtmidi-jack", f"{name} in").open_virtual_input("in")

    def say(self, *data: int) -> None:
        """Send one message."""
        self._out.send(bytes(data))

    def listen(self) -> list[bytes]:
        """All that it has been told up to now."""
        while (received := self._in.receive()) is not None:
            self.told.append(received.data)
        return self.told

    def unplug(self) -> None:
        """Go; a second call does nothing."""
        self._out.close()
        self._in.close()


class Shelf:
    """Devices to plug in; all are out of the way when it is closed."""

    def __init__(self) -> None:
        self._devices: list[Device] = []

    def plug(self, name: str) -> Device:
        """A new device, or an old one again."""
        self._devices.append(Device(name))
        return self._devices[-1]

    def close(self) -> None:
        """Unplug everything."""
        for device in self._devices:
            device.unplug()

    def __enter__(self) -> Shelf:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()
