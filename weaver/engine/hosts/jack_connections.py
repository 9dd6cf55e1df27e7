"""Ports and connections on JACK, where a port may go at any moment.

JACK-Client looks every listed name up again, and raises if that port has gone since; here names are only read.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import jack

INPUT, OUTPUT, PHYSICAL = jack._lib.JackPortIsInput, jack._lib.JackPortIsOutput, jack._lib.JackPortIsPhysical
AUDIO_TYPE, MIDI_TYPE, ANY_TYPE = b"32 bit float mono audio", b"8 bit raw midi", b""


def port_names(client: jack.Client, kind: bytes = ANY_TYPE, flags: int = 0) -> list[str]:
    """Names of the ports there are now, of a type and with all these flags, in the server's order."""
    return _names(jack._lib.jack_get_ports(client._ptr, b"", kind, flags))


def known_as(client: jack.Client, kind: bytes, flags: int) -> dict[str, tuple[str, ...]]:
    """Ports of other clients -> their names, aliases included."""
    found = {}
    for name in port_names(client, kind, flags):
        with suppress(jack.JackError):  # it has gone meanwhile
            port = client.get_port_by_name(name)
            if not client.owns(port):
                found[name] = (name, *port.aliases)
    return found


def connections(client: jack.Client, own: jack.OwnPort) -> set[str]:
    """Names of what a port of ours is connected to."""
    return set(_names(jack._lib.jack_port_get_all_connections(client._ptr, own._ptr)))


def is_connected(client: jack.Client, other: str | None, own: jack.OwnPort | None) -> bool:
    """Whether a port of ours is connected to the one of this name."""
    return own is not None and other in connections(client, own)


def connected(client: jack.Client, other: str, own: jack.OwnPort | None) -> bool:
    """Connect a port of ours to the one of this name, if it is not; whether it is then."""
    if own is None or is_connected(client, other, own):
        return own is not None
    try:
        client.connect(*((other, own) if own.is_input else (own, other)))
    except jack.JackError:
        return False
    return True


def disconnect(client: jack.Client, other: str | None, own: jack.OwnPort | None) -> None:
    """Undo a connection, if there is one."""
    if other is None or own is None or not is_connected(client, other, own):
        return
    with suppress(jack.JackError):
        client.disconnect(*((other, own) if own.is_input else (own, other)))


def _names(pointers: Any) -> list[str]:
    """The strings of a list that libjack has made, which is freed."""
    if not pointers:
        return []
    names: list[str] = []
    while pointers[len(names)]:
        names.append(jack._ffi.string(pointers[len(names)]).decode())
    jack._lib.jack_free(pointers)
    return names
