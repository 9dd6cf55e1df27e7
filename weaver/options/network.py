"""The options of what is heard from a network, and of what a tablet shows."""

from __future__ import annotations

import argparse
from pathlib import Path

from weaver.model.osc_space import RECEIVE_PORT, REPLY_PORT
from weaver.options.values import network, port


def add_network(play: argparse.ArgumentParser) -> None:
    """Who may play by OSC, and where."""
    play.add_argument(
        "--lan", action="store_true", help="let tablets on the network ask to play, not only this machine"
    )
    play.add_argument(
        "--allow",
        type=network,
        action="append",
        default=[],
        metavar="CIDR",
        help="with --lan, who need not ask: 192.168.1.20, or 192.168.1.0/24; may be said several times",
    )
    play.add_argument("--no-osc", action="store_true", help="hear no OSC at all")
    play.add_argument(
        "--osc-port",
        type=port,
        default=RECEIVE_PORT,
        metavar="N",
        help=f"where OSC is heard, by UDP and TCP ({RECEIVE_PORT}, or the next that is free)",
    )
    play.add_argument(
        "--reply-port", type=port, default=REPLY_PORT, metavar="N", help=f"where tablets listen ({REPLY_PORT})"
    )
    play.add_argument("--no-discovery", action="store_true", help="do not make the instrument known on the network")


def add_osc(osc: argparse.ArgumentParser) -> None:
    """Which of the reference is printed, and how."""
    osc.add_argument("--set", default="auditorium", metavar="NAME|FILE", help="whose spheres (default: auditorium)")
    osc.add_argument("--all", action="store_true", help="every single address of that set, one in each line")
    osc.add_argument("--markdown", action="store_true", help="the table of the README")


def add_peers(peers: argparse.ArgumentParser) -> None:
    """What is changed about who is remembered."""
    peers.add_argument(
        "--allow", type=network, action="append", default=[], metavar="CIDR", help="let it play, from now on"
    )
    peers.add_argument(
        "--forget", action="append", default=[], metavar="ADDRESS|all", help="let it ask again the next time"
    )


def add_touchosc(layout: argparse.ArgumentParser) -> None:
    """For which screen and which spheres a layout is made."""
    layout.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="FILE",
        help="the layout, FILE.tosc; or FILE.svg, a picture of a page",
    )
    layout.add_argument("--size", choices=("tablet", "phone"), default="tablet", help="of the screen (default: tablet)")
    layout.add_argument(
        "--orientation",
        choices=("landscape", "portrait"),
        default="landscape",
        help="how it is held: TouchOSC turns no layout by itself (default: landscape)",
    )
    layout.add_argument("--set", default="auditorium", metavar="NAME|FILE", help="whose spheres (default: auditorium)")
    layout.add_argument("--page", metavar="PAGE", help="which one a picture shows (default: spheres)")
    layout.add_argument("--force", action="store_true", help="take the place of a file that is there already")
