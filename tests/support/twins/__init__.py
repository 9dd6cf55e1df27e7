"""Device twins: programs that behave as controllers are documented to. See `twin`; `plug` gives them cables."""

from __future__ import annotations

from support.twins.apc40_mk2 import Apc40Mk2
from support.twins.apc_mini_mk1 import ApcMiniMk1
from support.twins.apc_mini_mk2 import ApcMiniMk2
from support.twins.arturia import BeatStep, MiniLab3
from support.twins.launch_control import LaunchControlXl, LaunchControlXl3
from support.twins.launchpad_mk2 import LaunchpadMk2
from support.twins.launchpad_mk3 import LaunchpadMiniMk3, LaunchpadProMk3, LaunchpadX
from support.twins.linnstrument import LinnStrument
from support.twins.lpd8_mk2 import Lpd8Mk2
from support.twins.mackie import Mackie
from support.twins.nanokontrol2 import NanoKontrol2
from support.twins.plain import Mpd218, MpkMini3
from support.twins.push2 import Push2
from support.twins.twin import Twin
from support.twins.twister import Twister
from support.twins.xtouch_mini import XTouchMini

KINDS: tuple[type[Twin], ...] = (
    LaunchpadX,
    LaunchpadMiniMk3,
    LaunchpadProMk3,
    LaunchpadMk2,
    ApcMiniMk2,
    ApcMiniMk1,
    Apc40Mk2,
    LaunchControlXl,
    LaunchControlXl3,
    Lpd8Mk2,
    Mpd218,
    MpkMini3,
    NanoKontrol2,
    XTouchMini,
    Mackie,
    Twister,
    Push2,
    BeatStep,
    MiniLab3,
    LinnStrument,
)
"""All that have MIDI ports; a monome has a socket, and is in `monome`."""
