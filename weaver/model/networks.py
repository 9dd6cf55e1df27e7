"""Networks of addresses as a player writes them: 192.168.1.20, or 192.168.1.0/24 for all that begin so (IPv4)."""

from __future__ import annotations

from ipaddress import IPv4Network

EXPECTED = "an address such as 192.168.1.20, or a network such as 192.168.1.0/24"
"""As errors say it."""
MOST_CHARACTERS = len("255.255.255.255/255.255.255.255")


def parse_network(text: str) -> IPv4Network | None:
    """The network that is written; None if it is none. An address within it stands for it (192.168.1.20/24)."""
    if len(text) > MOST_CHARACTERS:
        return None
    try:
        return IPv4Network(text, strict=False)
    except ValueError:
        return None


def words_of(network: IPv4Network) -> str:
    """A network as files and pages write it: a single address without the length of its mask."""
    return str(network.network_address) if network.num_addresses == 1 else str(network)
