"""Programs of other people that speak OSC, each behind the same few calls.

What they do was seen on Debian 12: liblo 0.31, Pure Data 0.53, sclang 3.13, osc.js 2.4, node-osc 11, pyliblo3 0.17,
python-osc 1.10.
"""

from support.osc_peers.in_process import PyLiblo, PythonOsc
from support.osc_peers.liblo_tools import LibloTools
from support.osc_peers.node import NodeOsc, OscJs, OscJsTcp
from support.osc_peers.peer import OscPeer, Received
from support.osc_peers.pure_data import PureData
from support.osc_peers.sclang import SuperCollider

__all__ = [
    "LibloTools",
    "NodeOsc",
    "OscJs",
    "OscJsTcp",
    "OscPeer",
    "PureData",
    "PyLiblo",
    "PythonOsc",
    "Received",
    "SuperCollider",
]
