"""A controller as a file in configs/controllers describes it: how it is known, what it has, and how its lights speak.

    format = 1
    title = "Novation Launchpad X"
    description = "..."
    base = "launchpad-x"               # only what differs from another profile is said; [[controls]] come before its
                                       # own. A player's file may have the name of one of ours, and ours for its base
    evidence = "high"                  # high: an official document, or two sources that agree; medium; low
    sources = ["..."]                  # where the facts are from
    notes = "none"                     # what notes that no control claims are: none (ignored), mode (the player's
                                       # --mode), or pads, keys, mpe, channels, for the modes themselves
    [ports]                            # regular expressions, searched for in a port's name in any case
    input = ["...", "..."]             # any of them will do, on any system
    output = ["..."]                   # as input, if not given
    ignore = ["..."]                   # ports of the same device that are not to be played
    identity = "00 20 29 03 01"        # how its reply to an identity request goes on after F0 7E nn 06 02; ?? any byte
    [talk]  [talk.positions]  [[talk.reports]]  [[talk.repaints]]  [[talk.rewrites]]     # see `weaver.mapping.talk`
    [lights]                           # see Lights
    driver = "novation-rgb"
    [[pads]]  [[knobs]]  [[faders]]  [[buttons]]     # see Group
    [[controls]]                       # see Bound: single controls, whose meaning comes before their group's

Which of these a device has is up to it: a profile without [ports] is never recognised, only chosen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from weaver.mapping.talk import Bytes, Talk
from weaver.model.parameters import Curve

Evidence = Literal["high", "medium", "low"]
Kind = Literal["pads", "knobs", "faders", "buttons"]
Message = Literal["note", "cc", "bend"]
Encoding = Literal["absolute", "absolute-14", "twos-complement", "binary-offset", "sign-magnitude"]
Takeover = Literal["jump", "pickup", "scale"]
Pressure = Literal["none", "channel", "poly"]
Notes = Literal["none", "mode", "pads", "keys", "mpe", "channels"]
Led = Literal["none", "rgb", "palette", "duo", "switch", "ring", "level"]
"""What a light can show: any colour, one of a palette's, red and green mixed, on and off, a ring's length, or shades
of one colour."""

EVIDENCES: tuple[Evidence, ...] = ("high", "medium", "low")
KINDS: tuple[Kind, ...] = ("pads", "knobs", "faders", "buttons")
MESSAGES: tuple[Message, ...] = ("note", "cc", "bend")
ENCODINGS: tuple[Encoding, ...] = ("absolute", "absolute-14", "twos-complement", "binary-offset", "sign-magnitude")
TAKEOVERS: tuple[Takeover, ...] = ("jump", "pickup", "scale")
PRESSURES: tuple[Pressure, ...] = ("none", "channel", "poly")
NOTES: tuple[Notes, ...] = ("none", "mode", "pads", "keys", "mpe", "channels")
LEDS: tuple[Led, ...] = ("none", "rgb", "palette", "duo", "switch", "ring", "level")

DRIVERS = (
    *("novation-rgb", "novation-mk2", "palette", "apc-rgb", "apc40", "duo", "launch-control", "launch-control-3"),
    *("lpd8", "minilab", "beatstep", "twister", "x-touch-mini", "mackie", "nanokontrol", "push", "linnstrument"),
    *("monome", "weaver"),
)
"""Protocols of lights."""


@dataclass(frozen=True, slots=True)
class Control:
    """One thing to touch. `channel` counts from 0; `number` is the note's or control change's, 0 for a bend; `led` is
    the address of its light as the driver has it, None if it has none; `touch` the note that tells of a finger on it,
    on channel 0, None if it feels none. Rows count from the bottom, columns from the left."""

    group: str
    column: int
    row: int
    message: Message
    channel: int
    number: int
    led: int | None = None
    touch: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Controls of a kind that lie together. In the file:

    [[pads]]
    name = "grid"
    columns = 8
    rows = 8                   # 1 if not given
    message = "note"           # note for pads and buttons, cc for knobs and faders, if not given
    channel = 1                # as players count; of the first control
    channel_step = 0           # from column to column,
    channel_row_step = 0       # and from row to row
    channels = [...]           # or all of them, row by row from the bottom
    first = 11                 # number of the bottom left control,
    step = 1                   # from column to column,
    row_step = 10              # and from row to row; columns * step if not given
    numbers = [...]            # or all of them, row by row from the bottom
    velocity = true            # pads and buttons: false if every press is alike
    pressure = "poly"          # none, channel, poly
    encoding = "absolute"      # knobs and faders
    takeover = "pickup"        # of absolute ones; jump for those that follow what they turn
    touch_first = 0x68         # of those that feel a finger on them: the note, on channel 1, that tells of one on the
                               # first, and so on control by control. None is told anything while it is touched
    loom = "grid"              # pads: how spheres lie on them, a file of configs/looms
    do = ["lift"]              # others: what each does, in order; a single gesture of one sphere is for all, each
                               # for the sphere of its column. `mapping.loom.DEEDS` lists them
    led = "rgb"                # see Led; none if not given
    led_first, led_step, led_row_step, leds        # addresses of the lights, -1 for none; as the numbers, if not given
    show = "light"             # what lights of knobs and faders show: light, health or value; and of buttons for one
                               # sphere each
    """

    name: str
    kind: Kind
    columns: int
    rows: int
    controls: tuple[Control, ...]
    velocity: bool = True
    pressure: Pressure = "none"
    encoding: Encoding = "absolute"
    takeover: Takeover = "pickup"
    loom: str = ""
    do: tuple[str, ...] = ()
    led: Led = "none"
    show: str = "light"


@dataclass(frozen=True, slots=True)
class Bound:
    """One control that somebody has given a meaning, in a mode's file or by learning. In the file:

    [[controls]]
    cc = 20                        # or note = 36, or bend = true
    channel = 1                    # any, if not given
    encoding, takeover             # as in Group; jump if not given
    parameter = "wet_db"           # what it turns; or
    gesture = "lift"               # a gesture (of sphere = 3, counted from 1, or of all),
    argument = "level"             # one of its arguments, the first if not given; or
    do = "hush"                    # a deed of `mapping.loom.DEEDS`; or
    use = "sustain"                # sustain, volume, expression, timbre: as a mode's controls have it
    low = 0                        # at its one end, at the other, in the unit of what it turns
    high = 60
    curve = "linear"               # or exponential
    """

    message: Message
    number: int
    channel: int | None = None
    use: str = ""
    parameter: str = ""
    gesture: str = ""
    argument: str = ""
    sphere: int | None = None
    """Counted from 0."""
    do: str = ""
    low: float = 0.0
    high: float = 1.0
    curve: Curve = "linear"
    encoding: Encoding = "absolute"
    takeover: Takeover = "jump"


@dataclass(frozen=True, slots=True)
class Lights:
    """How a device's lights are told. In the file:

    [lights]
    driver = "novation-rgb"        # one of DRIVERS
    header = "F0 00 20 29 02 0C"   # what its messages begin with, where they do
    rate_hz = 60                   # pictures a second at most
    per_message = 80               # lights in one message at most, and
    per_picture = 0                # in one picture; 0: all
    pause_ms = 0                   # between two messages
    heal = 0                       # lights told again in each picture, though nothing changed: where some get lost
    overrides = false              # true: it changes a light by itself when its control is pressed or let go
    options = { template = 8 }     # numbers that this driver alone knows
    """

    driver: str
    header: Bytes = ()
    rate_hz: float = 60.0
    per_message: int = 64
    per_picture: int = 0
    pause_s: float = 0.0
    heal: int = 0
    overrides: bool = False
    options: tuple[tuple[str, int], ...] = ()

    def option(self, name: str, default: int = 0) -> int:
        """A number for this driver."""
        return dict(self.options).get(name, default)


@dataclass(frozen=True, slots=True)
class Ports:
    """How a device's ports are known: any pattern found in a name. `identity` is how its reply goes on after
    F0 7E nn 06 02; None if it gives none."""

    input: tuple[re.Pattern[str], ...] = ()
    output: tuple[re.Pattern[str], ...] = ()
    ignore: tuple[re.Pattern[str], ...] = ()
    identity: Bytes | None = None


@dataclass(frozen=True)
class Profile:
    """A controller. `name` is that of the file `path`, which is None for one that no file knows; `is_own` whether it is
    the player's own file."""

    name: str
    title: str
    description: str
    evidence: Evidence
    sources: tuple[str, ...]
    notes: Notes
    ports: Ports = field(default_factory=Ports)
    talk: Talk = field(default_factory=Talk)
    lights: Lights | None = None
    groups: tuple[Group, ...] = ()
    controls: tuple[Bound, ...] = ()
    is_own: bool = False
    path: Path | None = None
