"""What a show is made of, as records: its script, how far it is, and what is reckoned. Arrays are [incident] or
[sphere]; `engine.layout` holds them."""

from __future__ import annotations

from weaver.dsp.sizes import SPHERES, record
from weaver.model.show import MAX_INCIDENTS, PHASES

NONE, PRELUDE, SILENCE, PERFORMANCE, FINALE, RECKONED = range(len(PHASES))
"""The phases of a show."""
WAITING, ACTIVE, OVER, STAYED_AWAY = range(4)
"""The course of an incident."""
UNTOUCHED, AFFLICTED, HURT, HEALED = range(4)
"""The plight of a sphere: no incident yet; one has come over it; it has shown; it is whole again."""

# What is to happen. Python writes it while no show is on (`engine.staging`), then sends BEGIN.
SCRIPT = record(
    ("number", "i8"),  # counts the shows that were staged
    ("prelude_s", "f8"),  # as it will run
    ("silence_s", "f8"),  # that is rewarded in full
    ("most_s", "f8"),
    ("finale_s", "f8"),
    ("incidents", "i4"),
    ("is_after", "i4", (MAX_INCIDENTS,)),  # 1: counted from the first note, 0: from the show's beginning
    ("time_s", "f8", (MAX_INCIDENTS,)),
    ("over_s", "f8", (MAX_INCIDENTS,)),
    ("sphere", "i4", (MAX_INCIDENTS,)),
    ("to_state", "i4", (MAX_INCIDENTS,)),  # life.records: FLICKERING, FRACTURED or FAILING; 0: a damage is given
    ("to_damage", "f4", (MAX_INCIDENTS,)),
    ("spares_healed", "i4", (MAX_INCIDENTS,)),
    ("shatters", "i4", (MAX_INCIDENTS,)),
)

# How far it is. Times in frames are whole cells, so that phases begin at the very cell; they are counts, not frames
# of the sample clock, so that a restart at another rate can convert them.
SHOW = record(
    ("begun", "i8"),  # number of the script that is on, or was last
    ("begin", "i4"),  # 1: asked for, at the next grid point
    ("end", "i4"),
    ("phase", "i4"),  # NONE...
    ("frames", "i8"),  # since it began
    ("rest", "f8"),  # of a frame that a chronometer in time with the song has gone
    ("phase_frames", "i8"),  # since its phase began
    ("quiet_frames", "i8"),  # since the last sound that a hand made, or since it began
    ("chronometer_s", "f4"),  # left until the first note is due
    ("flow", "f4"),  # of the chronometer: 1 calm, the quicker the less is left; 0 when it has run out
    ("silence_s", "f4"),  # held so far, from the first note on the one that was held before it
    ("reward", "f4"),  # for that, 0..1
    ("elapsed_s", "f4"),  # since the first note; it stands still when the finale begins
    ("hushed", "i4"),  # 1: the finale has hushed all
    ("heard", "i4", (SPHERES,)),  # what `touch.played` was
    ("plight", "i4", (SPHERES,)),  # UNTOUCHED...
    ("breaking_s", "f4", (SPHERES,)),  # how much longer the first note's blow lasts
    ("course", "i4", (MAX_INCIDENTS,)),  # WAITING...
    ("cells_left", "i8", (MAX_INCIDENTS,)),  # of an active incident
    ("rate", "f4", (MAX_INCIDENTS,)),  # damage a second that it does
)
COUNTED = ("frames", "phase_frames", "quiet_frames")
"""Fields of SHOW that a restart at another rate converts."""

# What is reckoned at the end. It stands still when the show is RECKONED.
TALLY = record(
    ("least_health", "f4", (SPHERES,)),
    ("damage", "f4", (SPHERES,)),  # that the script went for; stakes may have let less come to pass
    ("state", "i4", (SPHERES,)),  # life.records: the last one
    ("worst", "i4", (SPHERES,)),  # and the worst; SHATTERED is
    ("saved", "i4", (SPHERES,)),  # 1: it was fractured or worse, and is whole
    ("lost", "i4", (SPHERES,)),  # 1: it is shattered, or only gathering
    ("shatters", "i4", (SPHERES,)),
    ("notes", "i4"),  # strikes and rubs of the performance
    ("coaxing", "i4"),  # and those before it
    ("consonance_s", "f8"),  # that is being held
    ("longest_s", "f8"),
    ("mood", "f4"),  # the last, 0..1
    ("mood_sum", "f8"),  # of every cell's
    ("cells", "i8"),
)
