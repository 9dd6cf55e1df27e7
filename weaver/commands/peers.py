"""`weaver peers`: who may play from the network without having to ask, remembered in a file of the player's own."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import date

from rich.console import Console
from rich.text import Text

from weaver.model.errors import ConfigError
from weaver.model.networks import network_words, parse_network
from weaver.osc.remembered import peers_file, read_remembered, write_remembered
from weaver.surfaces.palette import FAINT, GOLD

EVERYBODY = "all"


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Forget and allow what is asked for, then list who is remembered. Raises ConfigError, and changes nothing then."""
    path = peers_file()
    networks = forgotten(read_remembered(path), arguments.forget)
    for network in arguments.allow:
        networks.setdefault(network, date.today().isoformat())
    write_remembered(path, networks)
    if not networks:
        console.print("nobody is remembered; who wants to play is seen on the page of 'weaver play --lan'")
        return 0
    cells = max(map(len, networks))
    for network, since in networks.items():
        console.print(Text.assemble((f"{network:<{cells}}", GOLD), (f"  since {since}" if since else "", FAINT)))
    console.print(Text(str(path), FAINT), soft_wrap=True)
    return 0


def forgotten(networks: dict[str, str], wanted: Iterable[str]) -> dict[str, str]:
    """Those that are left without the ones to forget. Raises ConfigError for one that is not among them."""
    left = dict(networks)
    for text in wanted:
        if text == EVERYBODY:
            left.clear()
            continue
        network = parse_network(text)
        words = "" if network is None else network_words(network)
        if words not in networks:
            who = ", ".join(networks) or "nobody is remembered"
            raise ConfigError("--forget", f"{EVERYBODY}, or who is remembered ({who})", repr(text))
        left.pop(words, None)
    return left
