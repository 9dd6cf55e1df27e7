"""How the instrument is joined to a DAW: its three ports, and who is connected to them."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from weaver.commands.surroundings import Line
from weaver.midi.ports import CLOCK_OUT, MIDI_IN, MIDI_OUT, OWN_NAME, best_backend, cable, own_port
from weaver.model.errors import DeviceError

PORTS = {MIDI_IN: "a DAW plays by it", MIDI_OUT: "what is woven leaves by it", CLOCK_OUT: "the clock leaves by it"}
HAS_VIRTUAL = sys.platform != "win32"
"""WinMM lets no program make ports."""
CABLES = ", ".join(f"'{cable(name)}'" for name in PORTS)
INSTALL = (
    "to play with a DAW make cables for MIDI: install loopMIDI, or take loopback endpoints of Windows MIDI Services "
    f"(Windows 11); call them {CABLES}, or say --midi-in, --midi-out and --clock-out with parts of their names; they "
    "have to be there before the instrument, and the instrument before the DAW"
)


def daw_lines() -> list[Line]:
    """Our ports as other programs see them now; where there can be none, the cables in their place."""
    if not HAS_VIRTUAL:
        return _cable_lines()
    lines = _jack_lines() or _system_lines()
    if lines:
        return lines
    return [
        Line(
            f"{', '.join(map(own_port, PORTS))}: there while the instrument plays, and away from JACK if ALSA or "
            "CoreMIDI answers"
        )
    ]


def _jack_lines() -> list[Line]:
    """The ports of instruments that play on JACK."""
    try:
        import jack
    except (ImportError, OSError):
        return []
    jack.set_error_function(lambda _: None)
    jack.set_info_function(lambda _: None)
    try:
        client = jack.Client(f"{OWN_NAME}-doctor", no_start_server=True)
    except jack.JackOpenError:
        return []
    try:
        return [
            Line(f"{port.name}: {_joined(_connections(client, port), name)}")
            for name in PORTS
            for port in client.get_ports(rf"^{OWN_NAME}(-[0-9]+)?:{name}$", is_midi=True)
        ]
    except jack.JackError:  # a port that went while we looked
        return []
    finally:
        client.close()


def _connections(client: Any, port: Any) -> list[str]:
    import jack

    with suppress(jack.JackError):
        return [other.name for other in client.get_all_connections(port)]
    return []


def _joined(others: Iterable[str], name: str) -> str:
    arrow = "from" if name == MIDI_IN else "to"
    return f"{arrow} {', '.join(others)}" if others else f"connected to nothing ({PORTS[name]})"


def _system_lines() -> list[Line]:
    """The ports of instruments that play away from JACK. The system's MIDI does not tell who is connected."""
    ours = re.compile(rf"\b{OWN_NAME}\b.*\b({'|'.join(PORTS)})$")
    return [Line(f"{name}: {PORTS[found[1]]}") for name in _system_names() if (found := ours.search(name))]


def _cable_lines() -> list[Line]:
    """Which cables with our names there are."""
    names = _system_names()
    lines = []
    for name, use in PORTS.items():
        found = [port for port in names if cable(name).casefold() in port.casefold()]
        lines.append(Line(f"{found[0]}: {use}") if found else Line(f"no cable {cable(name)!r}: {use}", INSTALL))
    return lines


def _system_names() -> list[str]:
    """Every port that the system's MIDI shows, each once."""
    try:
        backend = best_backend(None, f"{OWN_NAME}-doctor")
    except DeviceError:
        return []
    try:
        return list(dict.fromkeys(port.name for port in (*backend.outputs(), *backend.inputs())))
    except DeviceError:
        return []
    finally:
        backend.close()
