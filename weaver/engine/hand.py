"""A controller's messages to gestures, natively: what each control does is looked up in its port's HAND_MAP.

What a message becomes is left in `midi.resolved`, as commands that name all they do: they are performed, and
logged, like any other. So a take needs no controller, nor its map, to sound again.
"""

from __future__ import annotations

from weaver.dsp.jit import kernel

NOTHING, STRIKE, RUB, HOLD, TIE, FIRE, TURN, PARAMETER_TURN, CYCLE = range(9)
"""Kinds of action.

NOTHING         claimed, but not by the sound: pages and the like, which Python does
STRIKE          a press strikes `sphere` (values: fixed velocity or below 0, hardness or below 0, position); with
                `pressure` set, pressure afterwards rubs there
RUB             while it is held a finger rubs: values are (pressure, speed or below 0, position), and the pad's own
                pressure, once it says any, counts instead
HOLD            while it is held the gesture's first argument is `high`, and `low` when it is let go
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


@kernel
def resolve(state, port, status, first, second, length):
    """Leave what this message of a controller becomes in `midi.resolved`; False if no control claims it."""
    return False
