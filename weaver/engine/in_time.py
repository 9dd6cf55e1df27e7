"""Strikes: at once, or, with `quantise`, when the next part of a beat comes.

A note is held and let go when the key is; only the mallet's blow waits, as a command among those that wait for their
frame. It is not logged: the strike is, and waits again when the take is played.
"""

from __future__ import annotations

import math

from weaver.dsp.hands import strike
from weaver.dsp.jit import kernel
from weaver.dsp.rings import write_packet
from weaver.dsp.sizes import PENDING
from weaver.engine.out_notes import tell_strike
from weaver.engine.schedule import schedule
from weaver.life.transport import frames_until
from weaver.model.gestures import BLOW
from weaver.model.parameters import QUANTISE

LATE = 0.1
"""Of a part of a beat: who strikes so little after it meant it."""
GIVEN_UP = -1.0
"""Velocity of a blow that a panic has called off."""


@kernel
def strike_in_time(state, s, velocity, hardness, position, source):
    """Strike sphere `s`, now or on the next part of a beat; `source` as in `out_notes.tell_strike`."""
    parts = math.floor(state.target[QUANTISE] + 0.5)
    wait = frames_until(state, parts, LATE) if parts >= 1.0 else 0
    if wait <= 0:
        blow(state, s, velocity, hardness, position, source)
        return
    command = state.blow
    command.source = source
    write_packet(command, state.frame + wait, BLOW, s, velocity, hardness, position, 0.0)
    schedule(state, command)


@kernel
def blow(state, s, velocity, hardness, position, source):
    """The mallet lands, and whoever listens by MIDI is told."""
    if velocity >= 0.0:
        strike(state, s, velocity, hardness, position)
        tell_strike(state, s, velocity, source)


@kernel
def give_up_blows(state):
    """No blow that waits will land."""
    for index in range(min(state.waiting, PENDING)):
        if state.pending[index].kind == BLOW:
            state.pending[index].values[0] = GIVEN_UP
