"""MIDI ports through python-rtmidi: ALSA's sequencer, CoreMIDI, WinMM, and JACK when asked for by name.

Messages are polled, never called back: RtMidi calls from the driver's thread, and one that waits for the
interpreter makes everything on that thread late. Its default API raises where Linux has no sequencer, so the
API is chosen here.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import rtmidi

from weaver.midi.ports import OWN_NAME, NameBook, PortInfo, Received, named, shown_name, unique
from weaver.model.errors import DeviceError

_APIS: dict[str, int] = {
    "ALSA": rtmidi.API_LINUX_ALSA,
    "CoreMIDI": rtmidi.API_MACOSX_CORE,
    "WinMM": rtmidi.API_WINDOWS_MM,
    "JACK": rtmidi.API_UNIX_JACK,
}
_SHOWS_CLIENT = ("ALSA", "JACK")
"""Where other programs name a port together with its client; elsewhere (CoreMIDI) by its own name only."""
_NATIVE = {"linux": "ALSA", "darwin": "CoreMIDI", "win32": "WinMM"}
_SEQUENCER = Path("/dev/snd/seq")
_QUEUE_MESSAGES = 4096
"""What a port may hold between two polls; RtMidi's own 1024 is one dense second of aftertouch."""
_ALSA_NUMBERS = re.compile(r" \d+:\d+$")
"""RtMidi ends an ALSA name with "client:port" numbers, which the next session deals anew."""


class RtMidiBackend:
    """python-rtmidi on one API: the system's own, or the one named ("JACK")."""

    name = "rtmidi"

    def __init__(self, client_name: str = OWN_NAME, api: str = "") -> None:
        """Opens nothing yet. Raises DeviceError when this build of python-rtmidi lacks the API."""
        self.api = api or _NATIVE.get(sys.platform, "ALSA")
        if _APIS[self.api] not in rtmidi.get_compiled_api():
            raise DeviceError(f"this python-rtmidi was built without {self.api}")
        self.has_virtual = self.api != "WinMM"
        self._client = client_name
        self._listing: dict[Any, Any] = {}
        self._books = {rtmidi.MidiIn: NameBook(), rtmidi.MidiOut: NameBook()}

    @property
    def reason(self) -> str:
        """Why there can be no ports at all here; empty when there can."""
        if self.api == "ALSA" and not _SEQUENCER.exists():
            return f"no ALSA sequencer ({_SEQUENCER} is missing: modprobe snd-seq)"
        return ""

    def inputs(self) -> list[PortInfo]:
        """What can be listened to now. Raises DeviceError when the driver fails."""
        return self._ports(rtmidi.MidiIn)

    def outputs(self) -> list[PortInfo]:
        """What can be sent to now. Raises DeviceError when the driver fails."""
        return self._ports(rtmidi.MidiOut)

    def open_input(self, name: str) -> RtMidiInput:
        """Listen to the port of exactly this name. Raises DeviceError."""
        return RtMidiInput(self._opened(rtmidi.MidiIn, name), name)

    def open_virtual_input(self, name: str) -> RtMidiInput:
        """An input of our own that others can send to. Raises DeviceError."""
        return RtMidiInput(self._opened_virtual(rtmidi.MidiIn, name), name)

    def open_output(self, name: str) -> RtMidiOutput:
        """Send to the port of exactly this name. Raises DeviceError."""
        return RtMidiOutput(self._opened(rtmidi.MidiOut, name), name)

    def open_virtual_output(self, name: str) -> RtMidiOutput:
        """An output of our own that others can listen to. Raises DeviceError."""
        return RtMidiOutput(self._opened_virtual(rtmidi.MidiOut, name), name)

    def close(self) -> None:
        """Let go of the clients that list ports."""
        while self._listing:
            self._listing.popitem()[1].delete()

    def _ports(self, kind: Any) -> list[PortInfo]:
        if self.reason:
            return self._books[kind].update(())
        if kind not in self._listing:  # kept: a new client for each look takes 20 ms
            self._listing[kind] = self._made(kind)
        try:
            raw = self._listing[kind].get_ports()
        except (rtmidi.RtMidiError, UnicodeDecodeError) as error:
            raise DeviceError(f"{self.api} cannot list its MIDI ports: {error}") from error
        pairs = [self._identified(index, name) for index, name in enumerate(raw)]
        identities = unique(identity for identity, _ in pairs)
        return self._books[kind].update(zip(identities, (shown for _, shown in pairs), strict=True))

    def _identified(self, index: int, raw: str) -> tuple[str, str]:
        """(identity, shown name) of the port that RtMidi calls `raw`."""
        if self.api == "WinMM":  # RtMidi appends the index, which moves when another device goes
            shown = raw.removesuffix(f" {index}")
            return shown, shown
        if self.api == "CoreMIDI":
            return raw, raw
        client, _, port = _ALSA_NUMBERS.sub("", raw).partition(":")
        return raw, shown_name(client, port)

    def _made(self, kind: Any) -> Any:
        if self.reason:
            raise DeviceError(self.reason)
        extra = {"queue_size_limit": _QUEUE_MESSAGES} if kind is rtmidi.MidiIn else {}
        try:
            return kind(_APIS[self.api], name=self._client, **extra)
        except rtmidi.RtMidiError as error:
            raise DeviceError(f"{self.api} does not answer: {error}") from error

    def _opened(self, kind: Any, name: str) -> Any:
        ports = self._ports(kind)
        index = ports.index(named(ports, name, "input" if kind is rtmidi.MidiIn else "output"))
        device = self._made(kind)
        try:
            return device.open_port(index, name=OWN_NAME)
        except (rtmidi.RtMidiError, ValueError) as error:
            device.delete()
            raise DeviceError(f"cannot open MIDI port {name!r}: {error}") from error

    def _opened_virtual(self, kind: Any, name: str) -> Any:
        if not self.has_virtual:
            raise DeviceError(f"{self.api} has no virtual MIDI ports")
        device = self._made(kind)
        shown = name if self.api in _SHOWS_CLIENT else f"{self._client} {name}"
        try:
            return device.open_virtual_port(shown)
        except (rtmidi.RtMidiError, NotImplementedError) as error:
            device.delete()
            raise DeviceError(f"cannot make the virtual MIDI port {name!r}: {error}") from error


class RtMidiInput:
    """An open input; SysEx, clock and active sensing are delivered too."""

    def __init__(self, device: Any, name: str) -> None:
        device.ignore_types(sysex=False, timing=False, active_sense=False)
        self.name = name
        self.lost: Counter[str] = Counter()
        self._device = device
        self._driver_s = 0.0

    def receive(self) -> Received | None:
        """The next message. RtMidi tells the seconds since the last one: their sum is the driver's clock."""
        if self._device is None or (got := self._device.get_message()) is None:
            return None
        data, since_last_s = got
        self._driver_s += since_last_s
        return Received(bytes(data), self._driver_s)

    def close(self) -> None:
        """Let go of the port; a second call does nothing."""
        device, self._device = self._device, None
        if device is not None:
            device.close_port()
            device.delete()


class RtMidiOutput:
    """An open output."""

    def __init__(self, device: Any, name: str) -> None:
        self.name = name
        self._device = device

    def send(self, data: bytes) -> None:
        """Send one whole message. Raises DeviceError when the port is closed or the driver refuses."""
        if self._device is None:
            raise DeviceError(f"MIDI port {self.name!r} is closed")
        try:
            self._device.send_message(data)
        except (rtmidi.RtMidiError, ValueError) as error:
            raise DeviceError(f"MIDI port {self.name!r} does not take {data.hex(' ')!r}: {error}") from error

    def close(self) -> None:
        """Let go of the port; a second call does nothing."""
        device, self._device = self._device, None
        if device is not None:
            device.close_port()
            device.delete()
