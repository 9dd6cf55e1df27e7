"""All that leaves as MIDI, at the times when there is something to say: see `engine.midi_out`."""

from __future__ import annotations

import numpy as np

from weaver.dsp.jit import kernel
from weaver.engine.midi_out import EACH_A_CHANNEL, OFF
from weaver.engine.out_lanes import know_hands, tell_hands, tell_lanes
from weaver.engine.out_notes import end_notes, tell_notes
from weaver.engine.out_setup import begin_closing, begin_setup, tell_setup
from weaver.engine.out_words import NOTHING, forget_said


@kernel
def set_out(state, form, lanes, configures, echoes):
    """From now on what is woven leaves in this form; what sounds in the last one is over."""
    out, wanted = state.midi_out, min(max(np.int32(form), OFF), EACH_A_CHANNEL)
    end_notes(state, state.frame)
    if wanted != out.form:
        begin_closing(state)
    out.form = wanted
    out.lanes = np.int32(lanes)
    out.configures = np.int32(configures)
    out.echoes = np.int32(echoes)
    for s in range(out.key.shape[0]):
        out.key[s] = NOTHING
        out.owed[s] = 0
    for channel in range(out.holder.shape[0]):
        out.holder[channel] = NOTHING
    forget_said(out)
    know_hands(state)
    begin_setup(state)


@kernel
def tell_set(state):
    """Another set is on stage: notes of the last one are over, and if it has more or fewer spheres, so has the zone."""
    out = state.midi_out
    if out.form == OFF:
        return
    end_notes(state, state.frame)
    forget_said(out)
    know_hands(state)
    members, unsaid = out.members, out.setup
    begin_setup(state)
    if out.members == members and not unsaid:
        out.setup = 0


@kernel
def tell_panic(state):
    """All is silent."""
    end_notes(state, state.frame)


@kernel
def tell_cell(state):
    """At a cell's end: say what has moved, and what is over, as of its last frame."""
    out = state.midi_out
    if out.form == OFF and out.closing == 0:
        return
    frame = state.frame - 1
    if out.setup > 0 or out.closing > 0:
        tell_setup(state, frame)
    if out.form == OFF:
        return
    tell_notes(state, frame)
    if out.setup > 0 or out.closing > 0:
        return
    if out.lanes:
        tell_lanes(state, frame)
    if out.form == EACH_A_CHANNEL:
        tell_hands(state, frame)
