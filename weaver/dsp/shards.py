"""Shards: short modal voices beside the spheres' own modes. What splinters, clicks or falls is one of these.

A voice is a handful of modes that is kicked at given frames: when it breaks off, when it lands, and again as it
bounces. Between kicks it rings freely, so a whole cell of it is known when the cell begins (`lanes`). A kick inside a
cell is rendered as if the voice had always rung: turned back to the cell's start, of which only the frames from the
kick on are heard. So a kick falls on its exact frame, whatever a host's block is.

`shatter` says what voices there are and `splinter` makes them; this is where they wait, ring and die.
"""

from __future__ import annotations

import numpy as np

from weaver.dsp.cells import add_part, scale_along
from weaver.dsp.chance import between, sow
from weaver.dsp.jit import fill, kernel
from weaver.dsp.lanes import GROUPS, lead, ring
from weaver.dsp.modes import energy_of, flush
from weaver.dsp.sizes import CELL, GROUP, LANES, record

SLOTS = 64
"""Voices at most."""
PARTIALS = 8
"""Modes of a voice at most."""
FAINT = 1e-10
"""Energy at the ears at which a voice has ended: 100 dB under full scale."""
BEYOND = 1e12
"""Energy that only a fault can have, as of the spheres."""
LONGEST_HOP_S, SHORTEST_HOP_S = 0.25, 0.004
"""Time between bounces: what a longer fall leaves goes into spin; and a cell may hold but one landing."""
EVENNESS = 0.4
"""Every landing is on another edge or corner: a mode gets from this to 2 less this of its share."""
SOWN_APART = np.uint64(0x54A2D5)
"""Mixed into the seed, so that the shards' chance is none of the others'."""

# A voice to be. Whoever wants one fills this in, and has it spawned (`splinter`).
DRAFT = record(
    ("hz", "f4", (LANES,)),
    ("t60_s", "f4", (LANES,)),
    ("part", "f4", (LANES,)),  # amplitude; 1 is a peak as of the sphere's own hardest strike
    ("modes", "i4"),
    ("kicks", "i4"),  # how often it will sound
    ("frame", "i8"),  # of the first time
    ("flight_s", "f4"),  # until the second
    ("restitution", "f4"),  # of speed, at every landing
    ("azimuth", "f4"),  # degrees
    ("distance", "f4"),  # m
)

SHARDS = record(
    ("table", "f4", (SLOTS, PARTIALS, 2, GROUP)),  # powers of the step
    ("re", "f4", (SLOTS, LANES)),  # the modes' state at the coming cell's start
    ("im", "f4", (SLOTS, LANES)),
    ("leap_re", "f4", (SLOTS, LANES)),  # rotation and decay over a group
    ("leap_im", "f4", (SLOTS, LANES)),
    ("ears", "f4", (SLOTS, 4, LANES)),  # where it is: left re, left im, right re, right im
    ("kick", "f4", (SLOTS, LANES)),  # what its next landing gives every mode; levels of distance and lift are in it
    ("amplitude", "f4", (GROUPS, 4, LANES)),  # scratch of `lanes`
    ("out", "f4", (2, CELL)),  # scratch: a voice's sound in this cell
    ("turned_re", "f4", (LANES,)),  # scratch: a kick turned back to the cell's start
    ("turned_im", "f4", (LANES,)),
    ("step_re", "f4", (LANES,)),  # scratch of the tables
    ("step_im", "f4", (LANES,)),
    ("loss", "f4", (LANES,)),
    ("energy", "f4", (SLOTS,)),  # sum of squares of its modes' states; 0: it does not ring
    ("coming", "f4", (SLOTS,)),  # the same of its next kick; 0: there is none
    ("sphere", "i4", (SLOTS,)),  # that it came from
    ("modes", "i4", (SLOTS,)),  # 0: the slot is free
    ("kicks", "i4", (SLOTS,)),  # still to come
    ("ending", "i4", (SLOTS,)),  # 1: it fades out in the coming cell
    ("next", "i8", (SLOTS,)),  # frame of its next kick
    ("flight", "f4", (SLOTS,)),  # frames from then until the one after
    ("restitution", "f4", (SLOTS,)),
    ("live", "i4"),  # slots that are not free
    ("draft", DRAFT),
    ("chance", "u8", (1,)),
)


@kernel
def prepare_shards(state):
    """Sow the chance that all of them share."""
    sow(state.shards.chance, state.seed ^ SOWN_APART)


@kernel
def free_slot(shards, slot):
    """Let a slot be as if nothing had been in it."""
    shards.live -= 1 if shards.modes[slot] > 0 else 0
    shards.modes[slot] = shards.kicks[slot] = shards.ending[slot] = 0
    shards.energy[slot] = shards.coming[slot] = 0.0
    fill(shards.re[slot], 0.0)
    fill(shards.im[slot], 0.0)


@kernel
def ring_voice(shards, slot, re, im):
    """Render a cell into `shards.out` from a state of the slot's modes at its start; the state moves to its end."""
    lead(re, im, shards.leap_re[slot], shards.leap_im[slot], shards.ears[slot], LANES, shards.amplitude)
    ring(shards.amplitude, shards.table[slot], 0, shards.modes[slot], shards.out)


@kernel
def turn_back(shards, slot, at):
    """Find the state at the cell's start from which the slot's kick comes to be at frame `at`."""
    fill(shards.turned_re, 0.0)
    fill(shards.turned_im, 0.0)
    table = shards.table[slot]
    for k in range(shards.modes[slot]):
        re, im = np.float64(table[k, 0, at % GROUP]), np.float64(table[k, 1, at % GROUP])
        if at >= GROUP:
            leap_re, leap_im = shards.leap_re[slot, k], shards.leap_im[slot, k]
            re, im = re * leap_re - im * leap_im, im * leap_re + re * leap_im
        inverse = shards.kick[slot, k] / (re * re + im * im)
        shards.turned_re[k] = inverse * re
        shards.turned_im[k] = -inverse * im


@kernel
def kick(state, slot, at):
    """The voice is kicked at frame `at` of this cell, and heard from there on."""
    shards, beside = state.shards, state.sphere.beside[state.shards.sphere[slot]]
    turn_back(shards, slot, at)
    ring_voice(shards, slot, shards.turned_re, shards.turned_im)
    for side in range(2):
        add_part(beside[side], shards.out[side], at, CELL)
    for k in range(LANES):
        shards.re[slot, k] += shards.turned_re[k]
        shards.im[slot, k] += shards.turned_im[k]
    fly(state, slot)


@kernel
def fly(state, slot):
    """After a landing: when the next one is, and what it will give the modes."""
    shards = state.shards
    restitution = shards.restitution[slot]
    shards.kicks[slot] -= 1
    shards.coming[slot] = 0.0
    if shards.kicks[slot] > 0:
        shards.next[slot] += np.int64(max(shards.flight[slot], SHORTEST_HOP_S * state.sample_rate))
        shards.flight[slot] = min(shards.flight[slot] * restitution, LONGEST_HOP_S * state.sample_rate)
        for k in range(shards.modes[slot]):
            shards.kick[slot, k] *= restitution * between(shards.chance, 0, EVENNESS, 2.0 - EVENNESS)
        shards.coming[slot] = energy_of(shards.kick[slot], shards.kick[slot], LANES)


@kernel
def ring_on(state, slot):
    """A cell of what a voice was already doing; one that is to end fades out."""
    shards, beside = state.shards, state.sphere.beside[state.shards.sphere[slot]]
    ring_voice(shards, slot, shards.re[slot], shards.im[slot])
    for side in range(2):
        if shards.ending[slot]:
            scale_along(shards.out[side], shards.out[side], np.float32(1.0), np.float32(0.0), 0, CELL)
        add_part(beside[side], shards.out[side], 0, CELL)


@kernel
def settle_slot(state, slot):
    """After a cell: measure a voice; one that has died away, or whose numbers are none, leaves its slot."""
    shards = state.shards
    re, im = shards.re[slot], shards.im[slot]
    flush(re, LANES)
    flush(im, LANES)
    energy = energy_of(re, im, LANES)
    if not energy < BEYOND:  # also true of what is not a number
        state.counters.nan_spheres += 1
        free_slot(shards, slot)
    elif energy >= FAINT and not shards.ending[slot]:
        shards.energy[slot] = energy
    elif shards.kicks[slot] > 0:  # still, until it lands
        shards.energy[slot] = 0.0
        fill(re, 0.0)
        fill(im, 0.0)
    else:
        free_slot(shards, slot)


@kernel
def ring_shards(state):
    """Render the coming cell of all voices there are, beside the spheres that they came from."""
    shards = state.shards
    if shards.live == 0:
        return
    for slot in range(SLOTS):
        if shards.modes[slot] > 0:
            at = shards.next[slot] - state.frame
            lands = shards.kicks[slot] > 0 and at < CELL
            if shards.energy[slot] > 0.0:
                ring_on(state, slot)
            if lands:
                kick(state, slot, max(at, 0))
            if lands or shards.energy[slot] > 0.0:
                s = shards.sphere[slot]
                state.sphere.beside_cells[s] = max(state.sphere.beside_cells[s], 1)
                settle_slot(state, slot)


@kernel
def end_shards(shards, s):
    """Let all voices of sphere `s` fall silent within the coming cell, and what has not landed never land."""
    for slot in range(SLOTS):
        if shards.modes[slot] > 0 and shards.sphere[slot] == s:
            shards.kicks[slot] = 0
            shards.ending[slot] = 1
            if shards.energy[slot] == 0.0:
                free_slot(shards, slot)
