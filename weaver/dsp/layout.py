"""The state's layout: every number the running sound is made of, in one record that any process may map.

Arrays are [sphere] or [sphere, mode]. Every field has one writer: the audio
thread, but for what says otherwise: `definitions` (Python writes the one that is not playing), `commands` and
`notices` (see `engine.ring`), `midi_map` (Python, before a mode is entered), and what is set before the start.
"""

from __future__ import annotations

import numpy as np

from weaver.dsp.hall import ROOM
from weaver.dsp.limiter import LIMITER
from weaver.dsp.sizes import (
    CELL,
    CHANNELS,
    COMMANDS,
    GROUP,
    LINE,
    MODES,
    NOTES,
    NOTICES,
    ORDERS,
    PENDING,
    PORTS,
    SPHERES,
    THREADS,
    record,
)
from weaver.dsp.units import UNITS
from weaver.model.parameters import PARAMETERS

COMMAND = record(
    ("frame", "i8"),  # when it takes effect; 0 is at once
    ("kind", "i4"),  # model.gestures: a gesture's code, PARAMETER, MIDI, INSTALL or LET_GO
    ("sphere", "i4"),  # whom it is done to, -1 for all
    ("source", "i4"),  # port slot of a MIDI command
    ("values", "f4", (4,)),  # the gesture's arguments, in the units of its row
)

NOTICE = record(
    ("frame", "i8"),
    ("kind", "i4"),  # engine.notices
    ("sphere", "i4"),
    ("values", "f4", (4,)),
)

# What the spheres are, as a set says it. There are two: Python prepares the one that is not playing.
DEFINITION = record(
    ("count", "i4"),  # spheres in use
    ("base_note", "i4"),  # MIDI note of sphere 1 in pads mode
    ("pitch_hz", "f8", (SPHERES,)),
    ("gain", "f4", (SPHERES,)),  # calibrated: brings every sphere to the same loudness
    ("peak", "f4", (SPHERES,)),  # of a strike at full velocity, before `level`; the limiter's foresight
    ("azimuth_deg", "f4", (SPHERES,)),
    ("distance_m", "f4", (SPHERES,)),
    ("hum", "f4", (SPHERES,)),  # gain of the hum at rest; 0 has none
    ("hum_period_s", "f4", (SPHERES,)),  # of one pulse
    ("modes", "i4", (SPHERES,)),
    ("ratio", "f4", (SPHERES, MODES)),  # frequency beside the sphere's pitch
    ("loss", "f4", (SPHERES, MODES)),  # nepers per second; ln(1000) / T60
    ("weight", "f4", (SPHERES, MODES)),  # how well the mode radiates
    ("octaves", "f4", (SPHERES, MODES)),  # log2 of the ratio
    ("order", "i4", (SPHERES, MODES)),  # waves around the sphere
    ("lobe_cos", "f4", (SPHERES, MODES)),  # where the waves lie: 1, 0 the cosine, 0, -1 the sine of a pair
    ("lobe_sin", "f4", (SPHERES, MODES)),
    ("seen", "f4", (SPHERES, 2, MODES)),  # how much of the mode each ear looks at
    ("rise", "f4", (SPHERES, MODES)),  # exponent of the coupling's growth from pole to rim
    ("parameters", "f4", (len(PARAMETERS),)),  # the set's own defaults
)

# The modes at work.
BANK = record(
    ("used", "i4", (SPHERES,)),  # modes in use, rounded up to whole vectors
    ("re", "f4", (SPHERES, MODES)),  # velocity-like part of the state, now (a free sphere's: at the cell's end)
    ("im", "f4", (SPHERES, MODES)),  # displacement-like part
    ("start_re", "f4", (SPHERES, MODES)),  # the state at the cell's start, while the sphere is free
    ("start_im", "f4", (SPHERES, MODES)),
    ("step_re", "f4", (SPHERES, MODES)),  # rotation and decay over one frame
    ("step_im", "f4", (SPHERES, MODES)),
    ("leap_re", "f4", (SPHERES, MODES)),  # the same over a group
    ("leap_im", "f4", (SPHERES, MODES)),
    ("table", "f4", (SPHERES, MODES, 2, GROUP)),  # powers of the step
    ("ears", "f4", (SPHERES, 4, MODES)),  # weight at the ears now: left re, left im, right re, right im
    ("ears_before", "f4", (SPHERES, 4, MODES)),  # the same a cell ago; a moving sphere fades between them
    ("mallet", "f4", (SPHERES, MODES)),  # coupling where the mallet is
    ("reach", "f4", (SPHERES, MODES)),  # surface displacement under the mallet per unit of state
    ("finger", "f4", (SPHERES, MODES)),  # coupling where the finger is
    ("finger_height", "f4", (SPHERES, MODES)),  # its part that does not change as the finger goes round
    ("waves", "f4", (2, ORDERS)),  # scratch: cosine and sine of every order at an angle
    ("amplitude", "f4", (CELL // GROUP, 4, MODES)),  # scratch of `lanes`
    ("fading", "f4", (2, CELL)),  # scratch: a moving sphere as it was heard before
)

# The hands on the spheres.
TOUCH = record(
    ("struck", "i4", (SPHERES,)),  # 1 while the mallet may touch
    ("depth", "f8", (SPHERES,)),  # the mallet's way into the surface, in its speed times seconds
    ("speed", "f8", (SPHERES,)),  # the mallet's speed inwards
    ("impact", "f8", (SPHERES,)),  # the speed it came with
    ("stiffness", "f8", (SPHERES,)),
    ("patience", "i4", (SPHERES,)),  # frames until a mallet that never leaves is taken away
    ("rubbed", "i4", (SPHERES,)),  # 1 while the finger presses or slides
    ("pressure", "f4", (SPHERES,)),  # of the finger, smoothed
    ("pace", "f4", (SPHERES,)),  # of the finger, smoothed
    ("angle", "f8", (SPHERES,)),  # rad, where it is on its way round
    ("slide", "f4", (SPHERES,)),  # speed of the surface under the finger in this frame
    ("ahead", "f4", (SPHERES,)),  # and in the next, but for this frame's forces
    ("answer", "f4", (SPHERES, 2)),  # what a unit force of finger and mallet adds to it
    ("sink", "f4", (SPHERES,)),  # depth of the surface under the mallet in this frame
    ("grain", "f4", (SPHERES,)),  # low-passed noise of the wet surface
    ("pressure_target", "f4", (SPHERES,)),  # by the rub gesture
    ("pace_target", "f4", (SPHERES,)),
    ("key_pressure", "f4", (SPHERES,)),  # by MIDI; the stronger of the two presses
)

# What a sphere is doing, at the control rate.
SPHERE = record(
    ("awake", "i4", (SPHERES,)),  # 0: costs nothing
    ("held", "i4", (SPHERES,)),  # 1: touched, so rendered frame by frame; 0: free, a cell at a time
    ("aimed", "i4", (SPHERES,)),  # 1: its weights at the ears move in this cell
    ("detuned", "i4", (SPHERES,)),  # 1: its tables are older than its pitch
    ("pitch_hz", "f8", (SPHERES,)),  # of ratio 1, without bend; a note may move it
    ("bend", "f8", (SPHERES,)),  # cents, by the bend gesture
    ("wheel", "f8", (SPHERES,)),  # cents, by MIDI pitch bend
    ("cents", "f8", (SPHERES,)),  # both and the vibrato, glided
    ("cents_tuned", "f8", (SPHERES,)),  # those the coefficients were made for
    ("cents_aimed", "f8", (SPHERES,)),  # those the ears were aimed for
    ("damping", "f4", (SPHERES,)),  # 0..1, glided
    ("damping_target", "f4", (SPHERES,)),
    ("damping_tuned", "f4", (SPHERES,)),
    ("release", "f4", (SPHERES,)),  # extra loss after a note's release, nepers per second
    ("release_tuned", "f4", (SPHERES,)),
    ("tilt", "f4", (SPHERES,)),  # dB per octave, glided
    ("tilt_target", "f4", (SPHERES,)),
    ("timbre", "f4", (SPHERES,)),  # dB per octave, by MIDI, beside the gesture
    ("lift", "f4", (SPHERES,)),  # dB, glided
    ("lift_target", "f4", (SPHERES,)),
    ("swell", "f4", (SPHERES,)),  # dB, by MIDI volume and expression, beside the gesture
    ("azimuth", "f4", (SPHERES,)),  # degrees, glided
    ("azimuth_target", "f4", (SPHERES,)),
    ("distance", "f4", (SPHERES,)),  # m, glided
    ("distance_target", "f4", (SPHERES,)),
    ("hush", "f4", (SPHERES,)),  # gain that a hush takes to 0
    ("hush_target", "f4", (SPHERES,)),
    ("pulse", "f4", (SPHERES,)),  # phase of the hum's pulse, 0..1
    ("hum_re", "f8", (SPHERES,)),  # the hum, a phasor
    ("hum_im", "f8", (SPHERES,)),
    ("hum_cos", "f8", (SPHERES,)),  # of its angle per frame
    ("hum_sin", "f8", (SPHERES,)),
    ("hum_gain", "f4", (SPHERES, 2)),  # at the ears, now
    ("hum_gain_before", "f4", (SPHERES, 2)),  # a cell ago
    ("hum", "f4", (SPHERES, 2, CELL)),  # its sound in this cell
    ("vigour", "f4", (SPHERES,)),  # 0..1: how recently a gesture woke it
    ("energy", "f4", (SPHERES,)),  # sum of squares of the modes' states
    ("light", "f4", (SPHERES,)),  # 0..1: what every surface shows
    ("peak", "f4", (SPHERES,)),  # of its sound in the last cell
    ("out", "f4", (SPHERES, 2, CELL)),  # its sound in this cell
    ("tail", "f4", (SPHERES, 2, 2 * CELL)),  # of a voice cut short, faded out
    ("tail_cells", "i4", (SPHERES,)),  # how many more cells of it there are
    ("chance", "u8", (SPHERES,)),  # state of its random numbers
)


THREAD = record(
    ("first", "i4", (THREADS,)),
    ("second", "i4", (THREADS,)),
    ("strength", "f4", (THREADS,)),  # 0: untied
)

# The compiled tables by which MIDI becomes gestures (`mapping`).
MIDI_MAP = record(
    ("mode", "i4"),  # mapping.modes: PADS, KEYS or MPE
    ("note_sphere", "i4", (NOTES,)),  # pads: the sphere of a note, -1 none
    ("note_hz", "f8", (NOTES,)),  # keys, mpe: the tuning; 0 is unmapped
    ("cc_kind", "i4", (128,)),  # engine.controls: UNUSED, TO_PARAMETER, SUSTAIN...
    ("cc_parameter", "i4", (128,)),
    ("cc_low", "f4", (128,)),  # value at 0, in the parameter's unit
    ("cc_high", "f4", (128,)),  # value at 127
    ("cc_exponential", "i4", (128,)),  # 1: equal ratios per step
)

# What the decoder remembers of every port and channel.
MIDI = record(
    ("bend", "f4", (PORTS, CHANNELS)),  # -1..1
    ("bend_range", "f4", (PORTS, CHANNELS)),  # semitones; negative: as the parameter says
    ("pressure", "f4", (PORTS, CHANNELS)),  # 0..1
    ("timbre", "f4", (PORTS, CHANNELS)),  # dB per octave
    ("volume", "f4", (PORTS, CHANNELS)),  # 0..1
    ("expression", "f4", (PORTS, CHANNELS)),  # 0..1
    ("sustain", "i4", (PORTS, CHANNELS)),
    ("coarse", "u1", (PORTS, CHANNELS, 32)),  # upper halves of 14-bit controls
    ("rpn_coarse", "i4", (PORTS, CHANNELS)),  # the registered parameter that data entry changes; 127, 127 is none
    ("rpn_fine", "i4", (PORTS, CHANNELS)),
    ("lower", "i4", (PORTS,)),  # member channels of the lower MPE zone
    ("upper", "i4", (PORTS,)),
    ("voice_held", "i4", (SPHERES,)),  # decoder: FREE, KEY_DOWN or PEDAL
    ("voice_port", "i4", (SPHERES,)),
    ("voice_channel", "i4", (SPHERES,)),
    ("voice_note", "i4", (SPHERES,)),
    ("voice_pressure", "f4", (SPHERES,)),  # poly pressure
    ("incoming", "i8", (5,)),  # the message to decode: port, status, data 1, data 2, bytes there are
    ("events", "i8"),
    ("ignored", "i8", (8,)),  # by engine.decoder.REASONS
    ("last", "u1", (4,)),  # the latest message, for the eye
    ("port_events", "i8", (PORTS,)),
)

COUNTERS = record(
    ("blocks", "i8"),
    ("underflows", "i8"),  # blocks the host said came too late
    ("late_commands", "i8"),  # asked for a frame already played
    ("dropped_commands", "i8"),  # no room to wait
    ("refused_commands", "i8"),  # nonsense: unknown kind, sphere or numbers
    ("lost_notices", "i8"),  # the reader was too slow
    ("nan_spheres", "i8"),  # spheres silenced because their numbers were none
    ("stolen_voices", "i8"),
)

# Ring words stand 64 bytes apart, so that producer and consumer do not share a cache line.
COMMAND_RING = record(
    ("written", "i8", (8,)), ("read", "i8", (8,)), ("panics", "i8", (8,)), ("packets", COMMAND, (COMMANDS,))
)
NOTICE_RING = record(("written", "i8", (8,)), ("read", "i8", (8,)), ("packets", NOTICE, (NOTICES,)))

# What leaves the audio thread, guarded by `version`: odd while it is being written.
SNAPSHOT = record(
    ("version", "i8", (8,)),
    ("frame", "i8"),
    ("light", "f4", (SPHERES,)),
    ("pitch_hz", "f4", (SPHERES,)),
    ("peak", "f4", (SPHERES,)),
    ("held", "i4", (SPHERES,)),  # by a key, a pad or the pedal
    ("meter", "f4", (2,)),  # peak of each output since the last one
    ("reduction", "f4"),  # gain of the limiter, 1 is none
    ("awake", "i4"),  # spheres that cost something
)

# What the inner loops read comes first, each array a multiple of 64 bytes: no vector then straddles two cache lines.
STATE = record(
    ("bank", BANK),
    ("sphere", SPHERE),
    ("touch", TOUCH),
    ("bus", "f4", (2, CELL)),  # to the room
    ("wet", "f4", (2, CELL)),  # from the room
    ("mix", "f4", (2, CELL)),  # the cell's output
    ("units", "u8", (UNITS,)),  # addresses of native code, before the start (`engine.units`)
    ("asked", "i4"),  # what the unit that is called shall do
    ("sample_rate", "f8"),
    ("seed", "u8"),
    ("frame", "i8"),  # the sample clock
    ("counters", COUNTERS),
    ("host_time_s", "f8"),  # of the last block, in the host's clock
    ("host_frame", "i8"),  # sample clock at that time
    ("playing", "i4"),  # which definition
    ("definitions", DEFINITION, (2,)),
    ("target", "f4", (len(PARAMETERS),)),
    ("parameter", "f4", (len(PARAMETERS),)),  # glided
    ("hum_level", "f4"),  # gain of all hums
    ("turned", "i4"),  # 1: a parameter moved that all ears hang on
    ("vibrato_phase", "f8"),  # 0..1
    ("thread", THREAD),
    ("level", "f4", (2,)),  # gain of everything, at this cell's start and end
    ("wet_level", "f4", (2,)),  # gain of the room, likewise
    ("meter", "f4", (2,)),
    ("room", ROOM),
    ("limiter", LIMITER),
    ("midi_map", MIDI_MAP),
    ("midi", MIDI),
    ("waiting", "i4"),  # commands in `pending`
    ("panics_done", "i8"),
    ("pending", COMMAND, (PENDING,)),
    ("snapshot", SNAPSHOT),
    ("commands", COMMAND_RING),
    ("notices", NOTICE_RING),
)


def new_record(kind: np.dtype) -> np.recarray:
    """A zeroed record in an array of one: [0] is the record, its fields attributes; .ctypes.data its address.

    It begins on a cache line.
    """
    memory = np.zeros(kind.itemsize + LINE, np.uint8)
    start = -memory.ctypes.data % LINE
    return memory[start : start + kind.itemsize].view(kind).view(np.recarray)
