"""MIDI ports behind one small protocol, the names players see, and how a name in a config finds its port.

Two libraries can stand behind the protocol: python-rtmidi, and pylibremidi where the first has no wheels. A
port goes by the name its maker gave it, never by an index or a client number, because those change from one
session to the next; equal names are numbered ("Launchpad", "Launchpad #2").
"""

from __future__ import annotations

import platform
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Protocol, cast

from weaver.model.errors import DeviceError

OWN_NAME = "weaver"
"""What our own ports and clients are called; 'auto' leaves alone what goes by this name."""
_OWN = re.compile(rf"(^|:){OWN_NAME}\b", re.IGNORECASE)
"""Client or port: not every library lets a client choose its name."""

MIDI_IN, MIDI_OUT, CLOCK_OUT = "midi_in", "midi_out", "clock_out"
"""Our ports, on every system: DAWs remember ports by their names."""

AUTO, NONE = "auto", "none"
_THROUGH = re.compile(r"\bmidi[ _-]?through\b", re.IGNORECASE)
"""ALSA's "Midi Through Port-0": it repeats what is written to it, so listening to it invites feedback."""


@dataclass(frozen=True, slots=True)
class PortInfo:
    """A port that is there now: the name a player sees, and an identity that replugging may change."""

    name: str
    identity: str


@dataclass(frozen=True, slots=True)
class Received:
    """One message, and when the driver says it came: seconds on a clock whose zero is the driver's own."""

    data: bytes
    driver_s: float


class InputPort(Protocol):
    """An open input. `lost` counts, by reason, bytes that never became a message."""

    name: str
    lost: Counter[str]

    def receive(self) -> Received | None:
        """The next message, or None when there is none. Never waits; raises DeviceError on a dead port."""

    def close(self) -> None:
        """Let go of the port; a second call does nothing."""


class OutputPort(Protocol):
    """An open output. Sending to a device that was pulled out raises nothing: watch the port list."""

    name: str

    def send(self, data: bytes) -> None:
        """Send one whole message. Raises DeviceError when the driver refuses it."""

    def close(self) -> None:
        """Let go of the port; a second call does nothing."""


class Backend(Protocol):
    """A MIDI library on one system API. For one thread only: CoreMIDI refreshes its port list there."""

    name: str
    api: str
    """The system's MIDI, as a player knows it: ALSA, CoreMIDI, WinMM, JACK."""
    has_virtual: bool
    """Whether ports of our own can appear in other programs (WinMM cannot do it)."""

    @property
    def reason(self) -> str:
        """Why there can be no ports at all here; empty when there can."""

    def inputs(self) -> list[PortInfo]:
        """What can be listened to now, in the system's order."""

    def outputs(self) -> list[PortInfo]:
        """What can be sent to now, in the system's order."""

    def open_input(self, name: str) -> InputPort:
        """Listen to the port of exactly this name. Raises DeviceError."""

    def open_virtual_input(self, name: str) -> InputPort:
        """Offer an input of our own to other programs, which see it as our client's. Raises DeviceError where there is
        no such thing."""

    def open_output(self, name: str) -> OutputPort:
        """Send to the port of exactly this name. Raises DeviceError."""

    def open_virtual_output(self, name: str) -> OutputPort:
        """Offer an output of our own to other programs, likewise."""

    def close(self) -> None:
        """Let go of what listing needed. Ports that were opened are closed by whoever opened them."""


class NameBook:
    """Gives each port a name that stays its own for as long as it is plugged in.

    Of two equal devices the second is "#2", and is still "#2" when the first is pulled out; what is plugged
    in next takes the lowest number that is free.
    """

    def __init__(self) -> None:
        self._given: dict[str, str] = {}

    def update(self, found: Iterable[tuple[str, str]]) -> list[PortInfo]:
        """`found` is (identity, shown name) of each port there is now, identities unique; keeps the order."""
        present = dict(found)
        self._given = {identity: name for identity, name in self._given.items() if identity in present}
        taken = set(self._given.values())
        for identity, shown in present.items():
            if identity in self._given:
                continue
            name, number = shown, 1
            while name in taken:
                number += 1
                name = f"{shown} #{number}"
            taken.add(name)
            self._given[identity] = name
        return [PortInfo(self._given[identity], identity) for identity in present]


def unique(identities: Iterable[str]) -> list[str]:
    """The same strings in the same order, later equal ones marked with how many came before."""
    seen: Counter[str] = Counter()
    marked = []
    for identity in identities:
        marked.append(f"{identity}\0{seen[identity]}" if seen[identity] else identity)
        seen[identity] += 1
    return marked


def shown_name(client: str, port: str) -> str:
    """One readable name from a client's and its port's: ALSA repeats the client's in most port names."""
    if not client or port.startswith(client):
        return port
    return f"{client}:{port}"


def is_own(name: str) -> bool:
    """Whether a port is ours, or another instance's, by the name a player sees."""
    return bool(_OWN.search(name))


def own_port(name: str) -> str:
    """What players know a port of ours as."""
    return f"{OWN_NAME}:{name}"


def cable(name: str) -> str:
    """What a cable to or from another program has to be called, where we can have no such port of our own (Windows)."""
    return f"{OWN_NAME} {name}"


def named(ports: Sequence[PortInfo], name: str, kind: str) -> PortInfo:
    """The port of exactly this name. Raises DeviceError, which lists what there is."""
    for port in ports:
        if port.name == name:
            return port
    raise DeviceError(f"no MIDI {kind} {name!r}; there is {_listed([port.name for port in ports])}")


def candidates(names: Sequence[str], wanted: str) -> list[str]:
    """The ports a config's word may mean: 'auto' all but our own and through ports, 'none' none, else an
    exact
    name alone, else every name that contains the word in any case.

    Exact comes first, because "Port 1" is also a part of "Port 10".
    """
    if wanted == NONE:
        return []
    if wanted == AUTO:
        return [name for name in names if not is_own(name) and not _THROUGH.search(name)]
    if wanted in names:
        return [wanted]
    return [name for name in names if wanted.casefold() in name.casefold()]


def match(names: Sequence[str], wanted: str) -> list[str]:
    """`candidates`, but a word that is neither 'auto' nor 'none' must mean exactly one port.

    Raises DeviceError when it means none, or several; it lists the candidates.
    """
    found = candidates(names, wanted)
    if wanted in (AUTO, NONE) or len(found) == 1:
        return found
    if found:
        raise DeviceError(f"{wanted!r} may mean {_listed(found)}: write one of these names in full")
    raise DeviceError(f"no MIDI port is called {wanted!r}; there is {_listed(names)}")


def _listed(names: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in names) or "none"


_KINDS = {
    "rtmidi": ("rtmidi", "weaver.midi.rtmidi_backend", "RtMidiBackend", ""),
    "rtmidi-jack": ("rtmidi", "weaver.midi.rtmidi_backend", "RtMidiBackend", "JACK"),
    "libremidi": ("pylibremidi", "weaver.midi.libremidi_backend", "LibremidiBackend", ""),
    "libremidi-jack": ("pylibremidi", "weaver.midi.libremidi_backend", "LibremidiBackend", "JACK"),
}
"""Name -> (library, module, class, API). JACK is never chosen unasked: the instrument has a host for it."""

_PREFERENCE = ("rtmidi", "libremidi")
_PACKAGE = {"rtmidi": "python-rtmidi", "pylibremidi": "pylibremidi"}


def best_backend(name: str | None = None, client_name: str = OWN_NAME) -> Backend:
    """The backend of this name, or the first whose library can be loaded: python-rtmidi, then pylibremidi.

    Raises DeviceError when the name is unknown, or there is no library: it says what to install.
    """
    if name is not None and name not in _KINDS:
        raise DeviceError(f"no MIDI backend {name!r}; there is {_listed(list(_KINDS))}")
    absent, useless = [], []
    for kind in _PREFERENCE if name is None else (name,):
        library, module, class_name, api = _KINDS[kind]
        package = _PACKAGE[library]
        try:
            if find_spec(library) is not None:
                return cast(Backend, getattr(import_module(module), class_name)(client_name, api))
            useless.append(f"{package} {version(package)} does not work with Python {platform.python_version()}")
        except PackageNotFoundError:
            absent.append(package)
        except ImportError as error:
            useless.append(f"{package}: {error}")
    install = f"install {' or '.join(absent)} with pip" if absent else ""
    raise DeviceError("no MIDI library: " + "; ".join(filter(None, (*useless, install))))
