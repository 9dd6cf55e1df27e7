"""What this machine has of networks, asked so that nothing missing is an error: addresses, ports, firewalls."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import IPv4Address
from pathlib import Path

from weaver.commands.firewalls import firewall_lines
from weaver.commands.surroundings import Line
from weaver.model.errors import ConfigError
from weaver.model.osc_space import QUERY_PORT, RECEIVE_PORT, REPLY_PORT
from weaver.osc.ears import EVERYWHERE
from weaver.osc.guests import Remembered, peers_file

IFF_MULTICAST = 0x1000
"""linux/if.h"""
TCP_LISTEN = "0A"
"""net/tcp_states.h, as /proc/net/tcp prints it."""
UNKNOWN = "a program that cannot be named"


def network_lines() -> list[Line]:
    """Addresses, who could be found by multicast, ports, who is remembered, firewalls."""
    return [*address_lines(), discovery_line(), *port_lines(), peers_line(), *firewall_lines()]


def address_lines() -> list[Line]:
    """This machine's name, and each IPv4 address by which others may reach it."""
    lines = [Line(f"this machine is {socket.gethostname()}")]
    try:
        import ifaddr
    except ImportError:
        return [*lines, Line("its addresses cannot be told: no ifaddr package", "pip install ifaddr")]
    found = 0
    for adapter in ifaddr.get_adapters():
        for ip in adapter.ips:
            if not isinstance(ip.ip, str) or (address := IPv4Address(ip.ip)).is_loopback:
                continue
            found += 1
            how = "  (given by itself, as on a cable straight to a tablet)" if address.is_link_local else ""
            cast = "" if has_multicast(adapter.name) else "  (no multicast: nobody finds us there by name)"
            lines.append(Line(f"  {adapter.nice_name}: {address}/{ip.network_prefix}{how}{cast}"))
    if not found:
        lines.append(Line("  no address but its own: no tablet can come", "join the network that the tablet is in"))
    return lines


def has_multicast(interface: str, folder: Path = Path("/sys/class/net")) -> bool:
    """Whether an interface passes on what is said to many; taken for granted where it is not told."""
    try:
        return bool(int((folder / interface / "flags").read_text(), 16) & IFF_MULTICAST)
    except (OSError, ValueError):
        return True


def discovery_line() -> Line:
    """Whether the instrument can make itself known."""
    try:
        import zeroconf
    except ImportError as error:
        return Line(f"no zeroconf: tablets have to be told the address ({error})", "pip install zeroconf")
    return Line(f"zeroconf {zeroconf.__version__}: tablets find the instrument by its name")


def port_lines() -> list[Line]:
    """Whether the ports that are ours are free, and whether anybody here listens where tablets do."""
    lines = []
    for kind, port, what in (
        ("UDP", RECEIVE_PORT, "where OSC is heard"),
        ("TCP", RECEIVE_PORT, "where OSC is heard"),
        ("TCP", QUERY_PORT, "for OSCQuery and the tablet's browser"),
    ):
        title = f"{kind} {port}, {what}"
        if is_free(kind, port):
            lines.append(Line(f"{title}: free"))
            continue
        who = holder(kind, port)
        other = "the instrument takes the next one and says which; or end that program"
        lines.append(Line(f"{title}: taken by {who}", "" if "weaver" in who else other))
    if not is_free("UDP", REPLY_PORT):
        who = holder("UDP", REPLY_PORT)
        lines.append(Line(f"UDP {REPLY_PORT}, where tablets listen: on this machine {who} does"))
    return lines


def is_free(kind: str, port: int) -> bool:
    """Whether a UDP or TCP port can be had on all interfaces."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM if kind == "UDP" else socket.SOCK_STREAM) as probe:
        if kind == "TCP" and sys.platform != "win32":  # what lingers of old connections is in nobody's way
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((EVERYWHERE, port))
        except OSError:
            return False
        return True


def holder(kind: str, port: int, proc: Path = Path("/proc")) -> str:
    """Who has a port, as "name (process id)"; only Linux tells, and only of one's own programs unless one is root."""
    wanted = {f"socket:[{inode}]" for inode in _inodes(kind, port, proc)}
    for process in proc.glob("[0-9]*") if wanted else ():
        with suppress(OSError):
            for descriptor in (process / "fd").iterdir():
                if os.readlink(descriptor) in wanted:
                    return f"{_name(process)} ({process.name})"
    return UNKNOWN


def _inodes(kind: str, port: int, proc: Path) -> Iterator[str]:
    """Of the sockets at a port, by proc(5): the second column is the address, the fourth the state, the tenth it."""
    for table in (kind.lower(), f"{kind.lower()}6"):
        with suppress(OSError):
            for line in (proc / "net" / table).read_text().splitlines()[1:]:
                columns = line.split()
                if int(columns[1].rpartition(":")[2], 16) == port and (kind == "UDP" or columns[3] == TCP_LISTEN):
                    yield columns[9]


def _name(process: Path) -> str:
    """What a process was called with: the program, and of an interpreter what it runs."""
    words = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
    names = [Path(word).name for word in words if word and not word.startswith("-")]
    return " ".join(names[:2]) or (process / "comm").read_text().strip()


def peers_line() -> Line:
    """How many are remembered."""
    try:
        count = len(Remembered(peers_file()).networks())
    except ConfigError as error:
        return Line(str(error), "mend or remove this file: until then nobody is remembered")
    return Line(f"remembered, and let in by --lan: {count} ('weaver peers' lists them)")
