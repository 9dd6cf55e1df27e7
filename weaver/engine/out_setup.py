"""What is said before anything else: zones by MPE's configuration message, ranges of bends by RPN 0.

Each byte that matters leaves at a grid point of its own, at least a millisecond after the one before: what has one
timestamp comes back from a DAW in the reverse order, which would undo a configuration.
"""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.jit import kernel
from weaver.dsp.sizes import CELL, CHANNELS
from weaver.engine.control_numbers import DATA_COARSE, RPN_BEND_RANGE, RPN_COARSE, RPN_FINE, RPN_MPE
from weaver.engine.midi_out import EACH_A_CHANNEL, OFF
from weaver.engine.out_notes import ZONE_MESSAGES, setup_length
from weaver.engine.out_words import is_mpe, manager_channel, note_channel, say_control
from weaver.engine.zones import MANAGER_RANGE, MOST_MEMBERS
from weaver.model.midi_out import BEND_SEMITONES

APART_S = 0.001
"""Between two messages, at least."""


@kernel
def begin_setup(state):
    """All is to be said, as the form and the set on stage need it."""
    out, count = state.midi_out, np.int64(state.definitions[state.playing].count)
    out.members = min(count, CHANNELS if out.form == EACH_A_CHANNEL else MOST_MEMBERS)
    out.setup = setup_length(out.form, out.members) if out.form != OFF and out.configures else 0


@kernel
def begin_closing(state):
    """What stands of the form that ends is to be taken back."""
    out = state.midi_out
    if is_mpe(out.form) and out.configures and out.closing == 0:  # else nothing of this form has been said yet
        out.closing = ZONE_MESSAGES
        out.closed = manager_channel(out.form)


@kernel
def say_parameter(state, frame, channel, part, parameter, value):
    """One of the three messages that set a registered parameter; False if it has to wait."""
    if part == 0:
        return say_control(state, frame, channel, RPN_COARSE, 0)
    if part == 1:
        return say_control(state, frame, channel, RPN_FINE, parameter)
    return say_control(state, frame, channel, DATA_COARSE, value)


@kernel
def say_setup(state, frame, step):
    """The message at a place of the setup: the zone, each channel's range, the manager's; False if it has to wait."""
    out, part = state.midi_out, step % ZONE_MESSAGES
    place = step // ZONE_MESSAGES
    if is_mpe(out.form):
        manager = manager_channel(out.form)
        if place == 0:
            return say_parameter(state, frame, manager, part, RPN_MPE, out.members)
        if place > out.members:
            return say_parameter(state, frame, manager, part, RPN_BEND_RANGE, np.int64(MANAGER_RANGE))
        place -= 1
    return say_parameter(state, frame, note_channel(out.form, place), part, RPN_BEND_RANGE, BEND_SEMITONES)


@kernel
def tell_setup(state, frame):
    """At a cell's end: the next message, if its time has come."""
    out = state.midi_out
    cells = max(np.int64(math.ceil(APART_S * state.sample_rate / CELL)), 1)
    if state.frame // CELL % cells != 0:
        return
    if out.closing > 0:
        if say_parameter(state, frame, np.int64(out.closed), ZONE_MESSAGES - out.closing, RPN_MPE, 0):
            out.closing -= 1
    elif out.setup > 0 and say_setup(state, frame, setup_length(out.form, out.members) - out.setup):
        out.setup -= 1
