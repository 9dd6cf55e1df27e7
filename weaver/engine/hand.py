"""A controller's messages to gestures, natively: what each control does is looked up in its port's HAND_MAP.

What a message becomes is left in `midi.resolved`, as commands that name all they do: they are performed, and
logged, like any other. So a take needs no controller, nor its map, to sound again.

Of every port there are two maps. Python writes the one that is not in force, and a command HAND puts it in force:
what the port's pads hold is let go, knobs stay where they are known to stand, and each has to be caught again. A map
that is not `on` leaves the port to the mode. In a map that is, a message that no control claims goes by the mode, and
into the log as it is, if `falls` is set; else it is ignored.

    hand_port       whose message it is, and what it says of a port: a new map, that it is gone
    hand_pads       what is pressed, held and let go
    hand_knobs      what is turned, and soft takeover
    hands           Python's side: maps in, and how controls stand beside what they turn, for the eye
"""

from __future__ import annotations

import numpy as np

from weaver.dsp.jit import kernel
from weaver.dsp.rings import write_packet
from weaver.dsp.sizes import ACTIONS, RESOLVED

NOTHING, STRIKE, RUB, HOLD, TIE, FIRE, TURN, PARAMETER_TURN, CYCLE = range(9)
"""Kinds of action.

NOTHING         claimed, but not by the sound: pages and the like, which Python does
STRIKE          a press strikes `sphere` (values: fixed velocity or below 0, hardness or below 0, position); with
                `pressure` set, pressure afterwards rubs there
RUB             while it is held a finger rubs: values are (pressure, speed or below 0, position), and the pad's own
                pressure, once it says any, counts instead
HOLD            while it is held `argument` of the gesture is `high`, and `low` when the last such pad is let go
TIE             two such pads of one port held together tie their spheres, or untie them
FIRE            a press does `gesture` once, with `values`
TURN            a knob turns `argument` of `gesture` between `low` and `high`
PARAMETER_TURN  a knob turns `parameter` between `low` and `high`
CYCLE           a press sets `parameter` to the next whole number from `low` to `high`, and then `low` again
"""

ABSOLUTE, ABSOLUTE_14, TWOS_COMPLEMENT, BINARY_OFFSET, SIGN_MAGNITUDE = range(5)
"""How a control tells where it stands, or by how much it moved."""
JUMP, PICKUP, SCALE = range(3)
"""What an absolute control does when it stands elsewhere than what it turns."""
UNKNOWN = -1.0
"""Where a knob stands that has not said anything yet."""


NONE = -1
"""In a map: no control sends this."""


@kernel
def map_of(state, port):
    """The map that is in force at a port."""
    return state.hand_map[state.hand[port].map, port]


@kernel
def place_of(table, index):
    """The place of an action that a map names, or NONE."""
    return np.int64(index) if 0 <= index < min(table.count, ACTIONS) else np.int64(NONE)


@kernel
def say(state, port, kind, sphere):
    """One more command that the message becomes, its arguments 0; the caller fills them in."""
    midi = state.midi
    command = midi.resolved[min(midi.resolved_count, RESOLVED - 1)]
    midi.resolved_count = min(midi.resolved_count + 1, RESOLVED)
    nothing = np.float32(0.0)
    command.source = port
    write_packet(command, state.frame, kind, sphere, nothing, nothing, nothing, nothing)
    return command
