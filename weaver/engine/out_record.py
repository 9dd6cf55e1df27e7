"""What is remembered of what has left as MIDI: the record, and the ring in which it waits."""

from __future__ import annotations

from weaver.dsp.sizes import CHANNELS, MIDI_EVENTS, SPHERES, record
from weaver.life.clock_out import OUT_EVENT

CONTROLS = 128

MIDI_OUT = record(
    ("form", "i4"),  # its place in model.midi_out.FORMS
    ("lanes", "i4"),  # 1: lanes leave too
    ("configures", "i4"),  # 1: zones and ranges are said
    ("echoes", "i4"),  # 1: what came from a DAW leaves too
    ("setup", "i4"),  # messages of the beginning still to be said
    ("closing", "i4"),  # of those by which the last form's zone ends, which come before,
    ("closed", "i4"),  # and the channel that managed it
    ("members", "i4"),  # channels for notes, as has been or will be said
    ("key", "i4", (SPHERES,)),  # of the note that each sphere sounds, -1 none
    ("channel", "i4", (SPHERES,)),  # that it is on
    ("owed", "i4", (SPHERES,)),  # velocity of a note that waits for the zone to be said, 0 none
    ("holder", "i4", (CHANNELS,)),  # the sphere whose note sounds there, -1 none
    ("turned_frame", "i8", (CHANNELS,)),  # when a note last began or ended there
    ("bend", "i4", (CHANNELS,)),  # what was said last, 14 bits; -1 nothing yet
    ("bend_frame", "i8", (CHANNELS,)),  # and when
    ("pressure", "i4", (CHANNELS,)),
    ("pressure_frame", "i8", (CHANNELS,)),
    ("control", "i2", (CHANNELS, CONTROLS)),
    ("control_frame", "i8", (CHANNELS, CONTROLS)),
    ("any_control_frame", "i8", (CHANNELS,)),  # of the last control change of all
    ("lost", "i8"),
    ("written", "i8", (8,)),
    ("read", "i8", (8,)),
    ("packets", OUT_EVENT, (MIDI_EVENTS,)),
)
