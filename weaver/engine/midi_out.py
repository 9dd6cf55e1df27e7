"""What is woven leaves as MIDI: how hands, tablets and the page are told to a DAW, natively and at the very frame."""

from __future__ import annotations

import numpy as np

from weaver.dsp.jit import entry, kernel
from weaver.dsp.rings import load_acquire, store_release
from weaver.dsp.sizes import CLOCK_EVENTS, MIDI_EVENTS, PORTS
from weaver.engine.address import out_events_at, state_at
from weaver.model.midi_out import FORMS

OFF, MPE_LOWER, MPE_UPPER, BY_CHANNEL = range(len(FORMS))
"""Forms in which it leaves."""
HANDS = -1
"""A strike that came by no port of MIDI's mode: from a controller's own map, a tablet, the page, a script."""
DAW_PORTS = (0, PORTS - 1)
"""Ports by which a DAW plays: JACK's merged one, and our virtual one elsewhere. What comes from there does not leave
again, unless it is asked for."""


@kernel
def tell_midi(state, frame, size, status, first, second):
    """Put a message into the ring, or count that nobody took it out."""
    ring = state.midi_out
    written = ring.written[0]
    if written - load_acquire(ring.read) >= MIDI_EVENTS:
        ring.lost += 1
        return
    packet = ring.packets[written % MIDI_EVENTS]
    packet.frame = frame
    packet.size = size
    packet.data[0] = status
    packet.data[1] = first
    packet.data[2] = second
    store_release(ring.written, written + 1)


@kernel
def set_out(state, form, lanes, configures, echoes):
    """From now on what is woven leaves in this form."""
    out = state.midi_out
    out.form = np.int32(form)
    out.lanes = np.int32(lanes)
    out.echoes = np.int32(echoes)
    out.setup = np.int32(configures)


@kernel
def tell_strike(state, s, velocity, source):
    """Sphere `s` was struck at the frame the clock is on. `source` : HANDS, or the port whose note it was."""


@kernel
def tell_cell(state):
    """At a cell's end: say what has moved, and what is over."""


@kernel
def copy_event(target, source):
    """An OUT_EVENT."""
    target.frame = source.frame
    target.size = source.size
    for place in range(source.data.shape[0]):
        target.data[place] = source.data[place]


@entry
def take_midi_out(address, out_address, most):
    """Python's side: move at most `most` messages to OUT_EVENT[most] at an address; how many there were."""
    ring, out = state_at(address).midi_out, out_events_at(out_address, most)
    read = ring.read[0]
    count = min(load_acquire(ring.written) - read, most)
    for index in range(count):
        copy_event(out[index], ring.packets[(read + index) % MIDI_EVENTS])
    store_release(ring.read, read + count)
    return count


@entry
def take_clock_out(address, out_address, most):
    """Python's side: the same of the clock's messages."""
    ring, out = state_at(address).clock_out, out_events_at(out_address, most)
    read = ring.read[0]
    count = min(load_acquire(ring.written) - read, most)
    for index in range(count):
        copy_event(out[index], ring.packets[(read + index) % CLOCK_EVENTS])
    store_release(ring.read, read + count)
    return count
