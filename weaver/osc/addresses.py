"""Our own addresses on the network, so that a player can be told where to point a tablet."""

from __future__ import annotations

import socket
import struct
import sys

_SIOCGIFADDR = 0x8915
"""netdevice(7): the address of an interface."""
_REQUEST = "40s"
"""struct ifreq: 16 bytes of name, then a struct sockaddr_in, whose address is in bytes 4 to 8."""
_ADDRESS = slice(20, 24)
_ELSEWHERE = ("192.0.2.1", 9)
"""An address that is nobody's (RFC 5737), by which the system says from where it would send. Nothing is sent."""


def own_addresses() -> tuple[str, ...]:
    """IPv4 addresses by which others can reach this machine, the one of the default route first; none without a
    network. Does not wait, nor ask any server."""
    found = dict.fromkeys([*_of_default_route(), *_of_interfaces()])
    return tuple(address for address in found if not address.startswith("127.") and address != "0.0.0.0")


def _of_default_route() -> list[str]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ELSEWHERE)
            return [probe.getsockname()[0]]
        except OSError:
            return []


def _of_interfaces() -> list[str]:
    if sys.platform != "linux":
        return []
    import fcntl

    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            try:
                answer = fcntl.ioctl(probe, _SIOCGIFADDR, struct.pack(_REQUEST, name.encode()))
            except OSError:  # it has none
                continue
            found.append(socket.inet_ntoa(answer[_ADDRESS]))
    return found
