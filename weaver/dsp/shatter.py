"""What splinters from a sphere, as drafts of `shards`: the click of a crack, a flake, and the end of all.

Zheng & James ("Rigid-body fracture sound with precomputed soundbanks", SIGGRAPH 2010) make brittle fracture of
impulses and of rigid pieces that each ring by their own modes; so it is here, with pieces whose sizes, times and
bounces are drawn.
"""

from __future__ import annotations

import math

from weaver.dsp.chance import between, draw, power_law
from weaver.dsp.jit import kernel
from weaver.dsp.shards import PARTIALS
from weaver.dsp.splinter import spawn
from weaver.model.units import LN_1000

INAUDIBLE = 1e-6
"""Energy of an event from which it is heard: 60 dB under a firm strike."""
FIRM = 0.8
"""Peak of an event of energy 1, that of a firm strike, beside that of the hardest."""
PITCH_HZ = 440.0
"""Where a sphere splinters neither higher nor lower than most."""
HEIGHT_POWER, LEAST_HEIGHT, MOST_HEIGHT = 1.0 / 3.0, 0.7, 1.6
"""Clicks lie higher the higher the sphere, by this power of its pitch, within these."""

CRACKLE_MODES, CRACKLE_HZ, CRACKLE_T60_S = (3, 5), (2500.0, 9000.0), (0.005, 0.025)
CRACKLE_HIGHEST_HZ = 14_000.0
FLAKE_MODES, FLAKE_HZ, FLAKE_T60_S = (3, 6), (4000.0, 13_000.0), (0.02, 0.09)
FLAKE_FLIGHT_S, FLAKE_RESTITUTION = (0.08, 0.3), (0.35, 0.7)
FLAKE_SCATTER_DEG = 35.0

FEWEST, MOST = 20, 60
"""Fragments of a shattering sphere."""
SMALLEST, LARGEST, SIZE_EXPONENT = 0.05, 0.5, 2.0
"""Sizes of fragments beside the sphere's, and how their density falls."""
FRAGMENT_PITCH, FRAGMENT_POWER = 1.2, 0.5
"""Lowest mode of a fragment as large as the sphere, beside the pitch of one of PITCH_HZ (a plate is stiffer than a
shell), and with what power it follows the sphere's: whatever breaks has pieces that the ear takes for splinters."""
FRAGMENT_HZ = (700.0, 10_000.0)
PLATE = (1.0, 1.444, 1.685, 2.546, 2.546, 4.336, 4.336, 4.645)
"""Modes of a free square plate of Poisson's ratio 0.22, as of glass (Rayleigh-Ritz with Legendre polynomials)."""
CROOKED = 0.12
"""How far a ragged edge takes a mode from its place."""
RING_SHARE, CYCLES = 0.15, (150.0, 900.0)
"""Cycles that a fragment rings for 60 dB beside those of the sphere: edges and stone take the rest; within these."""
LARGER_LOUDER = 0.6
"""Exponent of a fragment's amplitude over its size."""
FRAGMENT_GAIN = 0.75
"""Amplitude of the largest fragment, as root of its modes' squares, beside the peak of the hardest strike."""
BURST_S, BURST_OFFSET_S, BURST_EXPONENT = 0.05, 0.01, 1.0
"""Fragments break off within this time, most of them at once."""
FALL_S, FALL_SHORTEST_S, FALL_OFFSET_S, FALL_EXPONENT = 1.45, 0.03, 0.05, 1.0
"""They land as aftershocks come (Omori & Utsu): n(t) ~ 1 / (t + c)^p, up to the first, after the second."""
BOUNCES, FRAGMENT_RESTITUTION = (1, 3), (0.4, 0.75)
FRAGMENT_SCATTER_DEG, NEARER, FARTHER = 60.0, 0.75, 1.5
"""How far from where the sphere was a fragment falls: to either side, and distance beside its own."""

CRACK_GAIN = 1.5
"""Peak of the first crack beside that of the hardest strike."""
CRACK_VOICES, CRACK_APART_S, CRACK_WEAKER = 3, 0.0013, 0.6
"""It runs in jumps, each this much later and weaker."""
CRACK_HZ, CRACK_T60_S = (1200.0, 15_000.0), (0.008, 0.03)


@kernel
def count_between(chance, fewest, most):
    """A whole number drawn from `fewest` to `most`, both of them too."""
    return fewest + int((most - fewest + 1) * draw(chance, 0))


@kernel
def pitch_of(state, s):
    """Hz of ratio 1 of sphere `s`, bent as it is."""
    return state.sphere.pitch_hz[s] * 2.0 ** (state.sphere.cents[s] / 1200.0)


@kernel
def height_of(state, s):
    """How much higher than at PITCH_HZ the clicks of sphere `s` lie."""
    return min(max((pitch_of(state, s) / PITCH_HZ) ** HEIGHT_POWER, LEAST_HEIGHT), MOST_HEIGHT)


@kernel
def begin_draft(state, s, at):
    """A draft of one kick at frame `at` of the coming cell, where sphere `s` is."""
    draft, sphere = state.shards.draft, state.sphere
    draft.frame = state.frame + at
    draft.kicks = 1
    draft.flight_s = draft.restitution = 0.0
    draft.azimuth = sphere.azimuth_target[s]
    draft.distance = sphere.distance_target[s]


@kernel
def draw_modes(state, modes, low_hz, high_hz, shortest_s, longest_s, gain):
    """Give the draft modes that are kicked alike and begin in phase, a click whose peak is `gain`."""
    draft, chance = state.shards.draft, state.shards.chance
    draft.modes = modes
    for k in range(modes):
        draft.hz[k] = power_law(draw(chance, 0), low_hz, high_hz, 1.0)
        draft.t60_s[k] = power_law(draw(chance, 0), shortest_s, longest_s, 1.0)
        draft.part[k] = gain / modes


@kernel
def crackle(state, s, energy, at):
    """The click of one crack of sphere `s`, at frame `at` (0..63) of the coming cell.

    `energy` 1 peaks as a firm strike of the sphere does; amplitude goes with its root. What is inaudible is skipped.
    """
    if not energy > INAUDIBLE:
        return
    modes = count_between(state.shards.chance, CRACKLE_MODES[0], CRACKLE_MODES[1])
    height = height_of(state, s)
    low_hz, high_hz = max(CRACKLE_HZ[0] * height, CRACKLE_HZ[0]), min(CRACKLE_HZ[1] * height, CRACKLE_HIGHEST_HZ)
    begin_draft(state, s, at)
    draw_modes(state, modes, low_hz, high_hz, CRACKLE_T60_S[0], CRACKLE_T60_S[1], FIRM * math.sqrt(energy))
    spawn(state, s)


@kernel
def flake(state, s, energy, at):
    """A splinter leaves sphere `s` at frame `at` (0..63) of the coming cell: a bright grain that falls and bounces.

    `energy` as of `crackle`.
    """
    if not energy > INAUDIBLE:
        return
    draft, chance = state.shards.draft, state.shards.chance
    begin_draft(state, s, at)
    modes = count_between(chance, FLAKE_MODES[0], FLAKE_MODES[1])
    gain = FIRM * math.sqrt(energy)
    draw_modes(state, modes, FLAKE_HZ[0], FLAKE_HZ[1], FLAKE_T60_S[0], FLAKE_T60_S[1], gain)
    draft.kicks = count_between(chance, 2, 3)
    draft.flight_s = between(chance, 0, FLAKE_FLIGHT_S[0], FLAKE_FLIGHT_S[1])
    draft.restitution = between(chance, 0, FLAKE_RESTITUTION[0], FLAKE_RESTITUTION[1])
    draft.azimuth += between(chance, 0, -FLAKE_SCATTER_DEG, FLAKE_SCATTER_DEG)
    spawn(state, s)


@kernel
def crack_open(state, s, gain):
    """The first sound of a shatter: a broadband crack, whose peak is `gain`, and its echoes in the body."""
    draft, chance = state.shards.draft, state.shards.chance
    for voice in range(CRACK_VOICES):
        begin_draft(state, s, 0)
        draft.frame += int(voice * CRACK_APART_S * state.sample_rate)
        draw_modes(state, PARTIALS, CRACK_HZ[0], CRACK_HZ[1], CRACK_T60_S[0], CRACK_T60_S[1], gain)
        draft.azimuth += between(chance, 0, -FRAGMENT_SCATTER_DEG, FRAGMENT_SCATTER_DEG) * min(voice, 1)
        spawn(state, s)
        gain *= CRACK_WEAKER


@kernel
def draw_plate(state, s, size, gain):
    """Give the draft the modes of a fragment, `size` beside sphere `s`: those of a ragged plate."""
    draft, chance = state.shards.draft, state.shards.chance
    definition = state.definitions[state.playing]
    cycles = RING_SHARE * definition.pitch_hz[s] * LN_1000 / definition.loss[s, 0]
    cycles = min(max(cycles, CYCLES[0]), CYCLES[1])
    whole_hz = FRAGMENT_PITCH * PITCH_HZ * (pitch_of(state, s) / PITCH_HZ) ** FRAGMENT_POWER
    lowest_hz = min(max(whole_hz / size, FRAGMENT_HZ[0]), FRAGMENT_HZ[1])
    draft.modes = count_between(chance, 5, PARTIALS)
    for k in range(draft.modes):
        hz = lowest_hz * PLATE[k] * (1.0 + between(chance, 0, -CROOKED, CROOKED))
        draft.hz[k] = hz
        draft.t60_s[k] = cycles / hz
        draft.part[k] = gain * math.sqrt(3.0 / draft.modes) * between(chance, 0, -1.0, 1.0)  # root mean square 1


@kernel
def fragment(state, s, gain):
    """One piece of sphere `s`: it breaks off, falls, and bounces."""
    draft, chance, sphere = state.shards.draft, state.shards.chance, state.sphere
    begin_draft(state, s, 0)
    size = power_law(draw(chance, 0), SMALLEST, LARGEST, SIZE_EXPONENT)
    draw_plate(state, s, size, gain * (size / LARGEST) ** LARGER_LOUDER)
    broken_s = power_law(draw(chance, 0), BURST_OFFSET_S, BURST_OFFSET_S + BURST_S, BURST_EXPONENT) - BURST_OFFSET_S
    fall_s = power_law(draw(chance, 0), FALL_OFFSET_S, FALL_OFFSET_S + FALL_S, FALL_EXPONENT) - FALL_OFFSET_S
    draft.frame += int(broken_s * state.sample_rate)
    draft.flight_s = FALL_SHORTEST_S + fall_s
    draft.kicks = 2 + count_between(chance, BOUNCES[0], BOUNCES[1])
    draft.restitution = between(chance, 0, FRAGMENT_RESTITUTION[0], FRAGMENT_RESTITUTION[1])
    draft.azimuth += between(chance, 0, -FRAGMENT_SCATTER_DEG, FRAGMENT_SCATTER_DEG)
    draft.distance = sphere.distance_target[s] * between(chance, 0, NEARER, FARTHER)
    spawn(state, s)


@kernel
def shatter(state, s):
    """Sphere `s` breaks to pieces at the coming cell: a crack, a burst, then glints as what it was falls on stone."""
    chance = state.shards.chance
    crack_open(state, s, CRACK_GAIN)
    radius = state.definitions[state.playing].radius[s]
    fragments = FEWEST + int((MOST - FEWEST + 0.999) * 0.5 * (radius + draw(chance, 0)))
    for _ in range(fragments):
        fragment(state, s, FRAGMENT_GAIN)
