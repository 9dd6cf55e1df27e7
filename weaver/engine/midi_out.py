"""What is woven leaves as MIDI: how hands, tablets and the page are told to a DAW, natively and at the very frame.

    out_words      messages: what has been said on each channel, and how often anything may be
    out_notes      notes: which sphere's is on which channel, when it begins and ends, its bend, pressure and timbre
    out_lanes      numbers of the spheres' life, and of gestures that are no notes
    out_setup      zones and ranges, said when it begins
    playing_out    all of it: at a grid point, when the form changes, when a set comes, at a panic

What happens at a frame leaves at that frame: a note with its strike. What moves is looked at when a cell is over, and
leaves at the cell's last frame. Events in the ring are in the order of their frames. While the form is `off` nothing of
this is done.
"""

from __future__ import annotations

from weaver.dsp.jit import entry, kernel
from weaver.dsp.rings import load_acquire, store_release
from weaver.dsp.sizes import MIDI_EVENTS, PORTS, SPHERES
from weaver.engine.address import out_events_at, state_at
from weaver.life.clock_out import put_event
from weaver.model.midi_out import FORMS

OFF, MPE_LOWER, MPE_UPPER, EACH_A_CHANNEL = range(len(FORMS))
"""Forms in which it leaves."""
HANDS = -1
"""A strike that came by no port of MIDI's mode: from a controller's own map, a tablet, the page, a script."""
DAW_PORTS = (0, PORTS - 1)
"""Ports by which a DAW plays: JACK's merged one, and our virtual one elsewhere. What comes from there does not leave
again, unless it is asked for."""
RELEASES = SPHERES
"""Places in the ring for note-offs only: as many as notes can sound, so that each has one."""


@kernel
def is_daws(port):
    """Whether a DAW plays by this port."""
    return port == DAW_PORTS[0] or port == DAW_PORTS[1]


@kernel
def tell_midi(state, frame, size, status, first, second, is_release):
    """Put a message into the ring; False, and counted, if there is no room because nobody takes it out."""
    ring, room = state.midi_out, MIDI_EVENTS - (0 if is_release else RELEASES)
    return put_event(ring, ring.packets, room, frame, size, status, first, second)


@kernel
def copy_event(target, source):
    """An OUT_EVENT."""
    target.frame = source.frame
    target.size = source.size
    for place in range(source.data.shape[0]):
        target.data[place] = source.data[place]


@kernel
def take_events(ring, packets, out, most):
    """Move at most so many messages from a ring to `out`; how many there were."""
    read = ring.read[0]
    count = min(load_acquire(ring.written) - read, most)
    for index in range(count):
        copy_event(out[index], packets[(read + index) % packets.shape[0]])
    store_release(ring.read, read + count)
    return count


@entry
def take_midi_out(address, out_address, most):
    """Python's side: move at most `most` messages to OUT_EVENT[most] at an address; how many there were."""
    ring = state_at(address).midi_out
    return take_events(ring, ring.packets, out_events_at(out_address, most), most)


@entry
def take_clock_out(address, out_address, most):
    """Python's side: the same of the clock's messages."""
    ring = state_at(address).clock_out
    return take_events(ring, ring.packets, out_events_at(out_address, most), most)
