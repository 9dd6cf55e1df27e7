"""The state's layout: every number the running sound is made of, in one record that any process may map.

Arrays are [sphere] or [sphere, mode]. Every field has one writer: the audio thread, but for what says otherwise:
`definitions` and `hand_map` (Python writes the one that is not in force), `commands`, `notices` and `log` (see
`engine.ring`), `midi_map` (Python, before the start), `script` (Python, while no show is on), and what is set
before the start.
"""

from __future__ import annotations

from weaver.dsp.hall import ROOM
from weaver.dsp.limiter import LIMITER
from weaver.dsp.predelay import PREDELAY
from weaver.dsp.records import BANK, DEFINITION, SPHERE, THREAD, TOUCH
from weaver.dsp.shards import SHARDS
from weaver.dsp.sizes import (
    ACTIONS,
    CELL,
    CHANNELS,
    COMMANDS,
    CRACKS,
    LOGGED,
    NOTES,
    NOTICES,
    PENDING,
    PORTS,
    RESOLVED,
    SPHERES,
    record,
)
from weaver.dsp.units import UNITS
from weaver.engine.out_record import MIDI_OUT
from weaver.life.clock_out import CLOCK_OUT
from weaver.life.consonance import HARMONY
from weaver.life.drone import DRONE
from weaver.life.heart import HEART
from weaver.life.mood import COLOURS, MOOD
from weaver.life.records import CRACK, LAW, LIFE
from weaver.life.stage import SCRIPT, SHOW, TALLY
from weaver.life.transport import TRANSPORT
from weaver.model.parameters import PARAMETERS

COMMAND = record(
    ("frame", "i8"),  # when it takes effect; 0 is at once
    ("kind", "i4"),  # model.gestures: a gesture's code, PARAMETER, MIDI...
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

# The compiled tables by which MIDI becomes gestures (`mapping`).
MIDI_MAP = record(
    ("mode", "i4"),  # engine.zones: PADS, KEYS, MPE or BY_CHANNEL
    ("note_sphere", "i4", (NOTES,)),  # pads: the sphere of a note, -1 none
    ("note_hz", "f8", (NOTES,)),  # keys, mpe: the tuning, which commands may change; 0 is unmapped
    ("cc_kind", "i4", (128,)),  # engine.controls: UNUSED, TO_PARAMETER, SUSTAIN...
    ("cc_parameter", "i4", (128,)),
    ("cc_low", "f4", (128,)),  # value at 0, in the parameter's unit
    ("cc_high", "f4", (128,)),  # value at 127
    ("cc_exponential", "i4", (128,)),  # 1: equal ratios per step
)

# What one control of a controller does: `engine.hand` says what the kinds are, `mapping.hand` compiles them.
ACTION = record(
    ("kind", "i4"),  # engine.hand: NOTHING, STRIKE...
    ("gesture", "i4"),  # its code
    ("argument", "i4"),  # which of the gesture's arguments the control turns
    ("sphere", "i4"),  # -1 all
    ("parameter", "i4"),
    ("low", "f4"),  # what 0 and 1 of the control mean, in the argument's or parameter's unit
    ("high", "f4"),
    ("exponential", "i4"),  # 1: equal ratios per step
    ("values", "f4", (4,)),  # the gesture's arguments that the control does not turn
    ("encoding", "i4"),  # engine.hand: ABSOLUTE...
    ("takeover", "i4"),  # engine.hand: JUMP...
    ("pressure", "i4"),  # 1: pressure after a strike rubs
)

# A controller's controls, by what they send. -1 is none.
HAND_MAP = record(
    ("on", "i4"),  # 0: the port is no controller, all goes by the mode
    ("falls", "i4"),  # 1: what no control claims goes by the mode, 0: it is ignored
    ("note", "i2", (CHANNELS, NOTES)),
    ("cc", "i2", (CHANNELS, 128)),
    ("bend", "i2", (CHANNELS,)),
    ("pressure", "i2", (CHANNELS,)),
    ("count", "i4"),
    ("action", ACTION, (ACTIONS,)),
)

# What the decoder remembers of a controller's controls.
HAND = record(
    ("map", "i4"),  # which of the two staged maps is in force
    ("hardware", "f4", (ACTIONS,)),  # where a knob stands, 0..1; negative: nobody knows
    ("caught", "i4", (ACTIONS,)),  # 1: the knob has taken over, or the pad has said how firmly it is pressed
    ("written", "f4", (ACTIONS,)),  # 0..1: what it wrote last
    ("down", "u1", (ACTIONS,)),  # 1: a pad is held
    ("pressing", "f4", (ACTIONS,)),  # 0..1: how firmly
    ("turned_frame", "i8", (ACTIONS,)),  # when an encoder last moved
    ("coarse", "u1", (CHANNELS, 32)),  # upper halves of 14-bit controls
    ("taken", "i8"),  # messages that some action was for,
    ("unclaimed", "i8"),  # and that none was
)

# How a controller's controls stand beside what they turn, for the eye.
HAND_VIEW = record(
    ("aim", "f4", (ACTIONS,)),  # 0..1: what the control turns stands here; negative: it turns nothing
    ("hardware", "f4", (ACTIONS,)),
    ("caught", "i4", (ACTIONS,)),
    ("down", "u1", (ACTIONS,)),
    ("pressing", "f4", (ACTIONS,)),
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
    ("resolved", COMMAND, (RESOLVED,)),  # what a controller's message has become, for `performance` to do
    ("resolved_count", "i4"),
    ("raw", "i4"),  # 1: the message went by the mode, and is logged as it is; 0: as what it was resolved to
    ("panicked", "i4"),  # 1: after a panic, controllers' pads are still to be let go
    ("hand_held", "i4", (SPHERES,)),  # pads of controllers that hold a sphere
    ("events", "i8"),
    ("ignored", "i8", (16,)),  # by engine.decoder.REASONS
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
    ("lost_log", "i8"),  # commands that the log had no room for
)

# Ring words stand 64 bytes apart, so that producer and consumer do not share a cache line.
COMMAND_RING = record(
    ("written", "i8", (8,)), ("read", "i8", (8,)), ("panics", "i8", (8,)), ("packets", COMMAND, (COMMANDS,))
)
NOTICE_RING = record(("written", "i8", (8,)), ("read", "i8", (8,)), ("packets", NOTICE, (NOTICES,)))
# What has been done, at the frame and in the order it was. All that took effect before frame `until` has been written.
LOG_RING = record(("written", "i8", (8,)), ("read", "i8", (8,)), ("until", "i8", (8,)), ("packets", COMMAND, (LOGGED,)))

# What leaves the audio thread, guarded by `version`: odd while it is being written. Paths of cracks are read from the
# state itself: they are written before their length is, and stay.
SNAPSHOT = record(
    ("version", "i8", (8,)),
    ("frame", "i8"),
    ("light", "f4", (SPHERES,)),
    ("health", "f4", (SPHERES,)),  # 1 whole, 0 shattered
    ("state", "i4", (SPHERES,)),  # life.records: WHOLE...
    ("flicker", "f4", (SPHERES,)),  # 1 steady, 0 out
    ("soothed", "f4", (SPHERES,)),  # 0..1
    ("cracks", "f4", (SPHERES, CRACKS)),  # length of each, rad
    ("pitch_hz", "f4", (SPHERES,)),
    ("peak", "f4", (SPHERES,)),
    ("held", "i4", (SPHERES,)),  # by a key, a pad or the pedal
    ("phase", "i4"),  # of the show, life.stage: NONE...
    ("chronometer_s", "f4"),  # left until the first note is due
    ("flow", "f4"),  # of the chronometer: 1 calm, the quicker the less is left; 0 when it has run out
    ("silence_s", "f4"),  # before the first note, held so far or in the end
    ("reward", "f4"),  # for that, 0..1
    ("elapsed_s", "f4"),  # since the first note
    ("meter", "f4", (2,)),  # peak of each output since the last one
    ("reduction", "f4"),  # gain of the limiter, 1 is none
    ("awake", "i4"),  # spheres that cost something
    ("stakes", "f4"),  # the parameter
    ("valence", "f4"),  # the audience's mood (`life.mood`): -1..1
    ("arousal", "f4"),  # 0..1
    ("attention", "f4"),  # 0..1
    ("colours", "f4", (len(COLOURS),)),  # weights of life.mood.COLOURS; their sum is 1
    ("gaze", "f4"),  # 0..1
    ("pressure", "f4"),  # 0..1
    ("tone", "f4"),  # -1 questioning .. 1 warm
    ("heart_bpm", "f4"),
    ("heart_phase", "f4"),  # 0..1 of a beat, at `frame`
    ("heart_beats", "i8"),
    ("time_source", "i4"),  # life.transport: OWN...
    ("rolling", "i4"),
    ("tempo_bpm", "f4"),
    ("beat", "f8"),  # quarter notes of the song, at `frame`
    ("pulse", "f8"),  # that go by, whether it rolls or not
)

# What the inner loops read comes first, each array a multiple of 64 bytes: no vector then straddles two cache lines.
STATE = record(
    ("bank", BANK),
    ("sphere", SPHERE),
    ("touch", TOUCH),
    ("bus", "f4", (2, CELL)),  # to the room
    ("wet", "f4", (2, CELL)),  # from the room
    ("mix", "f4", (2, CELL)),  # the cell's output
    ("shards", SHARDS),
    ("drone", DRONE),
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
    ("law", LAW),
    ("crack", CRACK),
    ("life", LIFE),
    ("mood", MOOD),
    ("heart", HEART),
    ("harmony", HARMONY),
    ("script", SCRIPT),
    ("show", SHOW),
    ("tally", TALLY),
    ("transport", TRANSPORT),
    ("midi_out", MIDI_OUT),
    ("clock_out", CLOCK_OUT),
    ("level", "f4", (2,)),  # gain of everything, at this cell's start and end
    ("wet_level", "f4", (2,)),  # gain of the room, likewise
    ("meter", "f4", (2,)),
    ("room", ROOM),
    ("predelay", PREDELAY),
    ("limiter", LIMITER),
    ("midi_map", MIDI_MAP),
    ("midi", MIDI),
    ("hand_map", HAND_MAP, (2, PORTS)),  # [staged in, port]; Python writes the one that is not in force
    ("hand", HAND, (PORTS,)),
    ("waiting", "i4"),  # commands in `pending`
    ("panics_done", "i8"),
    ("pending", COMMAND, (PENDING,)),
    ("blow", COMMAND),  # scratch of `in_time`
    ("snapshot", SNAPSHOT),
    ("commands", COMMAND_RING),
    ("notices", NOTICE_RING),
    ("recording", "i4"),  # 1: somebody reads the log; Python writes it
    ("log", LOG_RING),
)

OUTLIVES_RESTART = (
    *("seed", "frame", "counters", "definitions", "target", "midi_map", "law"),
    *("waiting", "panics_done", "pending", "snapshot", "commands", "notices", "script", "show", "tally"),
    *("recording", "log", "hand_map", "hand", "midi_out", "clock_out"),
)
"""What of the state is not remade for a new sample rate: the set, the show, controllers, what was turned, and all that
others look at."""
