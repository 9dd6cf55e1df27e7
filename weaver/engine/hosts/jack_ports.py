"""Who is connected to us on JACK: what should be, as it appears; what was, when it comes back.

A connection that the player undoes by hand stays undone until its other end has gone and come again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import jack

from weaver.engine.hosts.base import MIDI_AUTO, MIDI_NONE, Claims, claims_nothing
from weaver.engine.hosts.jack_connections import (
    AUDIO_TYPE,
    INPUT,
    MIDI_TYPE,
    OUTPUT,
    PHYSICAL,
    connected,
    connections,
    known_as,
    port_names,
)

MIDI_IN, MIDI_OUT, CLOCK_OUT, OUT_1, OUT_2 = "midi_in", "midi_out", "clock_out", "out_1", "out_2"
_THROUGH = re.compile(r"\bmidi[ _-]?through\b", re.IGNORECASE)
"""ALSA's "Midi Through" repeats what is written to it, so that listening to it invites feedback."""


def wanted_sources(
    sources: Mapping[str, Iterable[str]], wanted: str, own_name: str, claims: Claims = claims_nothing
) -> set[str]:
    """Which MIDI outputs to listen to. `sources` : port name -> its aliases, our own left out.

    `auto` means all but what is claimed, other instances of ours and through ports; `none` none; any other word the
    port of that very name or alias, or else all with the word in it, in any case. Exact comes first, because "Port 1"
    is also a part of "Port 10".
    """
    names = {port: (port, *aliases) for port, aliases in sources.items()}
    if wanted == MIDI_NONE:
        return set()
    if wanted == MIDI_AUTO:
        ours = re.compile(rf"(^|:){re.escape(own_name)}\b", re.IGNORECASE)
        return {
            port
            for port, known_as in names.items()
            if not any(ours.search(name) or _THROUGH.search(name) for name in known_as) and not claims(known_as)
        }
    exact = {port for port, known_as in names.items() if wanted in known_as}
    word = wanted.casefold()
    return exact or {port for port, known_as in names.items() if any(word in name.casefold() for name in known_as)}


class Changes(NamedTuple):
    """Whether a source of MIDI has left, and whether somebody has come who listens to what is woven."""

    source_left: bool
    listener_came: bool


class Patchbay:
    """Our connections over all clients that we have been."""

    def __init__(self, own_name: str, midi: str, connect: bool, claims: Claims = claims_nothing) -> None:
        """`midi` and `claims` as in `wanted_sources`; `connect` to the physical outputs."""
        self._own_name, self._midi, self._connect, self._claims = own_name, midi, connect, claims
        self._owed: dict[str, set[str]] = {port: set() for port in (MIDI_IN, MIDI_OUT, CLOCK_OUT, OUT_1, OUT_2)}
        self._had: dict[str, set[str]] = {port: set() for port in self._owed}
        self._known: set[str] = set()

    def enter(self, client: jack.Client) -> None:
        """We are a new client: what the last one was connected to is owed, or else the physical outputs."""
        for port, others in self._had.items():
            self._owed[port] |= others
            others.clear()
        self._known.clear()
        if self._connect and not self._owed[OUT_1] and not self._owed[OUT_2]:
            speakers = port_names(client, AUDIO_TYPE, INPUT | PHYSICAL)
            if speakers:  # a single one gets both sides
                self._owed[OUT_1].add(speakers[0])
                self._owed[OUT_2].add(speakers[min(1, len(speakers) - 1)])

    def look(self, client: jack.Client, own: Mapping[str, jack.OwnPort], arrived: set[str]) -> Changes:
        """Connect what is owed and there; what has changed since the last look.

        `own` : short name -> our port. `arrived` : names of ports that JACK has told of since the last look; one
        of them may have been there then, and have been pulled out and put back meanwhile.
        """
        present = set(port_names(client))
        new = present - self._known | present & arrived
        self._known = present
        self._notice_sources(client, new)
        source_left = listener_came = False
        for port, others in self._had.items():
            now = connections(client, own[port])
            left = others - now
            source_left |= port == MIDI_IN and bool(left)
            self._owed[port] |= left - (present - new)  # who left and stayed was disconnected by hand
            for other in self._owed[port] & present - now:
                if connected(client, other, own[port]):
                    now.add(other)
            self._owed[port] -= now
            listener_came |= port == MIDI_OUT and bool(now - others)
            self._had[port] = now
        return Changes(source_left, listener_came)

    def _notice_sources(self, client: jack.Client, new: set[str]) -> None:
        """Owe a connection to each new port that is a source."""
        if not new or self._midi == MIDI_NONE:
            return
        sources = known_as(client, MIDI_TYPE, OUTPUT)
        self._owed[MIDI_IN] |= wanted_sources(sources, self._midi, self._own_name, self._claims) & new
