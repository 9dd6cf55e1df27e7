"""Connecting and disconnecting on JACK, where a port may go at any moment."""

from __future__ import annotations

from contextlib import suppress

import jack


def is_connected(client: jack.Client, other: str | None, own: jack.OwnPort | None) -> bool:
    """Whether a port of ours is connected to the one of this name."""
    return own is not None and any(port.name == other for port in client.get_all_connections(own))


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
