"""MIDI ports through pylibremidi: for Pythons that python-rtmidi has no wheels for, and by choice.

Written against pylibremidi 5.4, whose binding queues everything in C++ and calls our functions only inside
`poll()`. What it shows of itself decides the rest:

- its Message type cannot hand over its bytes, so raw packets are taken and cut into messages here;
- an exception in one of our functions, or a send on a closed port, ends the process: neither may happen;
- asked for a system API that is not there it silently gives its dummy, which is how a missing ALSA
  sequencer shows;
- an observer tells of each port that goes, so that even one replugged between two looks is noticed;
- its Linux wheel brings an old libjack, so JACK works only where the system's is loaded before it; that of 5.4.3
  for Python 3.12 and later can be loaded by 3.12 alone.
"""

from __future__ import annotations

import sys
from collections import Counter, deque
from collections.abc import Sequence
from typing import Any

import pylibremidi

from weaver.midi.framing import Framer
from weaver.midi.ports import OWN_NAME, NameBook, PortInfo, Received, named, shown_name, unique
from weaver.model.errors import DeviceError

_APIS = {
    "ALSA": pylibremidi.API.ALSA_SEQ,
    "CoreMIDI": pylibremidi.API.COREMIDI,
    "WinMM": pylibremidi.API.WINDOWS_MM,
    "JACK": pylibremidi.API.JACK_MIDI,
}
_NATIVE = {"linux": "ALSA", "darwin": "CoreMIDI", "win32": "WinMM"}
_NS = 1e-9


class LibremidiBackend:
    """pylibremidi on one API: the system's own, or the one named ("JACK")."""

    name = "libremidi"

    def __init__(self, client_name: str = OWN_NAME, api: str = "") -> None:
        """Opens nothing yet. Clients go by the library's own name; `client_name` stands in the names of our ports."""
        self.api = api or _NATIVE.get(sys.platform, "ALSA")
        self.has_virtual = self.api != "WinMM"
        self._client = client_name
        self._observer: Any = None
        self._gone: Counter[str] = Counter()
        self._inputs, self._outputs = NameBook(), NameBook()

    @property
    def reason(self) -> str:
        """Why there can be no ports at all here; empty when there can."""
        if _APIS[self.api] not in pylibremidi.available_apis():
            return "no ALSA sequencer (modprobe snd-seq)" if self.api == "ALSA" else f"no {self.api} here"
        return ""

    def inputs(self) -> list[PortInfo]:
        """What can be listened to now."""
        return self._ports(self._inputs, "get_input_ports")[0]

    def outputs(self) -> list[PortInfo]:
        """What can be sent to now."""
        return self._ports(self._outputs, "get_output_ports")[0]

    def open_input(self, name: str) -> LibremidiInput:
        """Listen to the port of exactly this name. Raises DeviceError."""
        infos, ports = self._ports(self._inputs, "get_input_ports")
        port = ports[infos.index(named(infos, name, "input"))]
        return LibremidiInput(self._api(), name, port, self._client)

    def open_virtual_input(self, name: str) -> LibremidiInput:
        """An input of our own that others can send to. Raises DeviceError."""
        self._need_virtual()
        return LibremidiInput(self._api(), f"{self._client} {name}")

    def open_output(self, name: str) -> LibremidiOutput:
        """Send to the port of exactly this name. Raises DeviceError."""
        infos, ports = self._ports(self._outputs, "get_output_ports")
        port = ports[infos.index(named(infos, name, "output"))]
        return LibremidiOutput(self._api(), name, port, self._client)

    def open_virtual_output(self, name: str) -> LibremidiOutput:
        """An output of our own that others can listen to. Raises DeviceError."""
        self._need_virtual()
        return LibremidiOutput(self._api(), f"{self._client} {name}")

    def close(self) -> None:
        """Let go of the observer."""
        self._observer = None

    def _api(self) -> pylibremidi.API:
        if self.reason:
            raise DeviceError(self.reason)
        return _APIS[self.api]

    def _need_virtual(self) -> None:
        if not self.has_virtual:
            raise DeviceError(f"{self.api} has no virtual MIDI ports")

    def _ports(self, book: NameBook, ask: str) -> tuple[list[PortInfo], list[Any]]:
        """Our names and the library's ports, in the same order."""
        if self.reason:
            return book.update(()), []
        if self._observer is None:
            self._observer = self._observing()
        self._observer.poll()
        ports = getattr(self._observer, ask)()
        identities = unique(self._identity(port) for port in ports)
        shown = [self._shown(port) for port in ports]
        return book.update(zip(identities, shown, strict=True)), ports

    def _observing(self) -> Any:
        gone = self._gone

        def removed(port: Any) -> None:
            gone[f"{port.port} {port.port_name}"] += 1

        watch = pylibremidi.ObserverConfiguration()
        watch.track_hardware = watch.track_virtual = watch.track_any = True
        watch.input_removed = watch.output_removed = removed
        return pylibremidi.Observer(watch, self._api())

    def _shown(self, port: Any) -> str:
        """The name a player sees, the same as behind python-rtmidi, so that a config serves both."""
        if self.api == "ALSA":
            return shown_name(port.device_name, port.port_name)
        if self.api == "JACK":  # the library puts its own client's name for the device's
            client, _, short = port.port_name.partition(":")
            return shown_name(client, short)
        return str(port.display_name)

    def _identity(self, port: Any) -> str:
        """The system's number and name for a port, and how often it went: replugged, it is another one."""
        key = f"{port.port} {port.port_name}"
        return f"{key} {self._gone[key]}"


class LibremidiInput:
    """An open input; SysEx, clock and active sensing are delivered too."""

    def __init__(self, api: pylibremidi.API, name: str, port: Any = None, own: str = OWN_NAME) -> None:
        """Listens to `port`, or without one makes a virtual input called `name`. Raises DeviceError."""
        self.name = name
        self.lost: Counter[str] = Counter()
        self._framer = Framer(self.lost)
        self._whole: deque[Received] = deque()
        packets: deque[tuple[Sequence[int], int]] = deque()

        def arrived(data: Sequence[int], stamp_ns: int) -> None:
            packets.append((data, stamp_ns))

        settings = pylibremidi.InputConfiguration()
        settings.ignore_sysex = settings.ignore_timing = settings.ignore_sensing = False
        settings.on_raw_data = arrived
        self._packets = packets
        self._device: Any = _opened(pylibremidi.MidiIn(settings, api), name, port, own)

    def receive(self) -> Received | None:
        """The next message, with the driver's own stamp."""
        if self._device is None:
            return None
        if not self._whole:
            self._device.poll()
            while self._packets:
                data, stamp_ns = self._packets.popleft()
                for message in self._framer.feed(bytes(data)):
                    self._whole.append(Received(message, stamp_ns * _NS))
        return self._whole.popleft() if self._whole else None

    def close(self) -> None:
        """Let go of the port; a second call does nothing."""
        device, self._device = self._device, None
        if device is not None:
            device.close_port()


class LibremidiOutput:
    """An open output."""

    def __init__(self, api: pylibremidi.API, name: str, port: Any = None, own: str = OWN_NAME) -> None:
        """Sends to `port`, or without one makes a virtual output called `name`. Raises DeviceError."""
        self.name = name
        device = pylibremidi.MidiOut(pylibremidi.OutputConfiguration(), api)
        self._device: Any = _opened(device, name, port, own)

    def send(self, data: bytes) -> None:
        """Send one whole message. Raises DeviceError when the port is closed or the driver refuses."""
        if self._device is None or not self._device.is_port_open():
            raise DeviceError(f"MIDI port {self.name!r} is closed")
        if not data:
            raise DeviceError(f"MIDI port {self.name!r} does not take an empty message")
        if problem := self._device.send_message(list(data)):
            raise DeviceError(f"MIDI port {self.name!r} does not take {data.hex(' ')!r}: {problem}")

    def close(self) -> None:
        """Let go of the port; a second call does nothing."""
        device, self._device = self._device, None
        if device is not None:
            device.close_port()


def _opened(device: Any, name: str, port: Any, own: str) -> Any:
    """The device, connected to `port`, or as a virtual port without one. Raises DeviceError."""
    problem = device.open_virtual_port(name) if port is None else device.open_port(port, own)
    if problem or not device.is_port_open():
        raise DeviceError(f"cannot open MIDI port {name!r}: {problem}")
    return device
