"""`weaver peers`: who may play from the network without having to ask, remembered in a file of the player's own."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network

from rich.console import Console
from rich.text import Text

from weaver.model.errors import ConfigError
from weaver.model.networks import parse_network, words_of
from weaver.osc.guests import Remembered, network_of, peers_file
from weaver.surfaces.palette import FAINT, GOLD

EVERYBODY = "all"


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Forget and allow what is asked for, then list who is remembered. Raises ConfigError, and changes nothing then."""
    file = Remembered(peers_file())
    going = meant(arguments.forget, [network for network, _ in file.networks()])
    file.forget(lambda network: network in going)
    file.add([network_of(text, "--allow") for text in arguments.allow])
    found = [(words_of(network), since) for network, since in file.networks()]
    if not found:
        console.print("nobody is remembered; who wants to play is seen on the page of 'weaver play --lan'")
        return 0
    cells = max(len(words) for words, _ in found)
    for words, since in found:
        console.print(Text.assemble((f"{words:<{cells}}", GOLD), (f"  since {since}" if since else "", FAINT)))
    console.print(Text(str(file.path), FAINT), soft_wrap=True)
    return 0


def meant(texts: Iterable[str], remembered: Sequence[IPv4Network]) -> list[IPv4Network]:
    """Those to forget. Raises ConfigError for one that is not among the `remembered`."""
    going: list[IPv4Network] = []
    for text in texts:
        network = parse_network(text)
        if text == EVERYBODY:
            going += remembered
        elif network is not None and network in remembered:
            going.append(network)
        else:
            who = ", ".join(map(words_of, remembered)) or "nobody is remembered"
            raise ConfigError("--forget", f"{EVERYBODY}, or who is remembered ({who})", repr(text))
    return going
