"""What the sound is made of, as records: the spheres of a set, their modes, the hands on them, what they do.

Arrays are [sphere] or [sphere, mode]. `engine.layout` puts them into the one state.
"""

from __future__ import annotations

from weaver.dsp.sizes import CELL, GROUP, JUDGED, MODES, ORDERS, SPHERES, THREADS, record
from weaver.model.parameters import PARAMETERS

# What the spheres are, as a set says it. There are two: Python prepares the one that is not playing.
DEFINITION = record(
    ("count", "i4"),  # spheres in use
    ("base_note", "i4"),  # MIDI note of sphere 1 in pads mode
    ("pitch_hz", "f8", (SPHERES,)),
    ("gain", "f4", (SPHERES,)),  # calibrated: brings every sphere to the same loudness
    ("level", "f4", (SPHERES,)),  # the part of that which the set asks for
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
    ("crooked", "f4", (SPHERES, MODES)),  # what full damage adds to the ratio: multiplets spread
    ("radius", "f4", (SPHERES,)),  # beside the largest, 0..1
    ("judged_ratio", "f4", (SPHERES, JUDGED)),  # its strongest partials: frequency beside the pitch, 0 is none
    ("judged_level", "f4", (SPHERES, JUDGED)),  # and amplitude beside the strongest
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
    ("worn_ratio", "f4", (SPHERES, MODES)),  # the definition's ratio and loss, as damage has made them
    ("worn_loss", "f4", (SPHERES, MODES)),
    ("crack", "f4", (SPHERES, MODES)),  # coupling where the crack is that opens and closes
    ("gape", "f4", (SPHERES, MODES)),  # how far that opens per unit of state
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
    ("answer", "f4", (SPHERES, 4)),  # what a unit force of finger, mallet and crack adds to it
    ("sink", "f4", (SPHERES,)),  # depth of the surface under the mallet in this frame
    ("yawn", "f4", (SPHERES,)),  # how far the crack stands open in this frame
    ("parted", "f4", (SPHERES,)),  # what pushed its faces apart in the frame before
    ("grain", "f4", (SPHERES,)),  # low-passed noise of the wet surface
    ("pressure_target", "f4", (SPHERES,)),  # by the rub gesture
    ("pace_target", "f4", (SPHERES,)),
    ("key_pressure", "f4", (SPHERES,)),  # by MIDI; the stronger of the two presses
    ("place", "f4", (SPHERES,)),  # of the finger: 0 near the pole, 1 on the rim
    ("played", "i4", (SPHERES,)),  # how often it was struck or begun to be rubbed
    ("effort", "f4", (SPHERES,)),  # how hard, the last time
    ("soothe", "f4", (SPHERES,)),  # 0..1, a gentle hand, glided
    ("soothe_target", "f4", (SPHERES,)),
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
    ("beside", "f4", (SPHERES, 2, 2 * CELL)),  # what sounds beside its modes: splinters, a voice cut short
    ("beside_cells", "i4", (SPHERES,)),  # how many more cells of it there are
    ("damage", "f4", (SPHERES,)),  # 0..1, by `life`
    ("damage_worn", "f4", (SPHERES,)),  # that which the modes are worn for
    ("warp", "f4", (SPHERES,)),  # cents, by damage
    ("shine", "f4", (SPHERES,)),  # gain of its sound by flicker and presence, at this cell's end
    ("shine_before", "f4", (SPHERES,)),  # and at its start
    ("broken", "i4", (SPHERES,)),  # 1: there is nothing to play
    ("rattles", "i4", (SPHERES,)),  # 1: the crack opens and closes in this cell
    ("delta", "f4", (SPHERES,)),  # share of the stiffness that the crack takes while it is open
    ("gap", "f4", (SPHERES,)),  # how far it has to move until it opens
    ("bevel", "f4", (SPHERES,)),  # how softly it does, in the same unit
    ("gape_norm", "f4", (SPHERES,)),  # root of the sum of squares of `gape`
    ("stiffness", "f4", (SPHERES,)),  # momentum in a frame per unit of that push
    ("buzz", "f4", (SPHERES,)),  # gain of the sound of the faces
    ("give", "f4", (SPHERES,)),  # how far the surface yields there, beside a lone mode that is felt in full
    ("hum_scale", "f4", (SPHERES,)),  # from the hum at the left ear to how far it opens the crack
    ("chance", "u8", (SPHERES,)),  # state of its random numbers
)


THREAD = record(
    ("first", "i4", (THREADS,)),
    ("second", "i4", (THREADS,)),
    ("strength", "f4", (THREADS,)),  # 0: untied
)
