"""Our own addresses on the network, so that a player can be told where to point a tablet."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import ifaddr

_ELSEWHERE = ("192.0.2.1", 9)
"""An address that is nobody's (RFC 5737), by which the system says from where it would send. Nothing is sent."""


def own_addresses() -> tuple[str, ...]:
    """IPv4 addresses by which others can reach this machine, the one of the default route first; none without a
    network. Does not wait, nor ask any server."""
    found = dict.fromkeys([*_of_default_route(), *_of_interfaces()])
    return tuple(address for address in found if not address.startswith("127.") and address != "0.0.0.0")


def _of_default_route() -> Iterator[str]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ELSEWHERE)
            yield probe.getsockname()[0]
        except OSError:  # there is none
            return


def _of_interfaces() -> Iterator[str]:
    try:
        adapters = list(ifaddr.get_adapters())
    except OSError:  # the system does not say
        return
    for adapter in adapters:
        for ip in adapter.ips:
            if isinstance(ip.ip, str):  # IPv6 is a tuple
                yield ip.ip
