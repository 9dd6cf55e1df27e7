"""How a shard comes to be: a draft gets its level and its place, and becomes a voice in the pool."""

from __future__ import annotations

import math

from weaver.dsp.ears import (
    LOWEST_HZ,
    NEAREST_M,
    PIVOT_HZ,
    REFERENCE_M,
    air_and_tilt,
    below_nyquist,
    lateral,
    place_between_ears,
    share,
)
from weaver.dsp.jit import fill, kernel
from weaver.dsp.modes import energy_of, tabulate, tune_modes
from weaver.dsp.shards import BEYOND, FAINT, SLOTS, free_slot
from weaver.dsp.spheres import arrive
from weaver.model.parameters import TILT_DB
from weaver.model.units import LN_1000

HARDEST_PEAK = 0.5 * math.sqrt(2.0)
"""Of a sphere's strike with full velocity and hardness, at 2 m, before the ears share it. All spheres are equally loud
(`definition`), and so are their peaks within 2 dB."""


@kernel
def slot_for(shards, energy):
    """Where a voice of this energy goes: a free slot, or the quietest's. -1 if it were itself the quietest of all."""
    quietest, least = -1, energy
    for slot in range(SLOTS):
        if shards.modes[slot] == 0:
            return slot
        loudest = max(shards.energy[slot], shards.coming[slot])
        if loudest < least:
            quietest, least = slot, loudest
    return quietest


@kernel
def level_draft(state, s):
    """Bring the draft's amplitudes to the level that it has where it is, heard as sphere `s` is set."""
    draft, sphere = state.shards.draft, state.sphere
    distance = max(draft.distance, NEAREST_M)
    tilt = sphere.tilt[s] + state.parameter[TILT_DB]
    level = HARDEST_PEAK * state.definitions[state.playing].level[s] * REFERENCE_M / distance
    level *= 10.0 ** (sphere.lift[s] / 20.0) * sphere.hush[s]
    for k in range(draft.modes):
        hz = max(draft.hz[k], LOWEST_HZ)
        gain = air_and_tilt(math.log2(hz / PIVOT_HZ), 0.001 * hz, distance, tilt)
        draft.part[k] *= level * gain * below_nyquist(hz, state.sample_rate)


@kernel
def spawn(state, s):
    """Let the draft be a voice of sphere `s`, unless all others are louder."""
    shards, draft, sphere = state.shards, state.shards.draft, state.sphere
    if not sphere.awake[s]:
        arrive(sphere, s)
    level_draft(state, s)
    energy = energy_of(draft.part, draft.part, draft.modes)
    slot = slot_for(shards, energy)
    if slot < 0 or not FAINT < energy < BEYOND:
        return
    free_slot(shards, slot)
    shards.live += 1
    shards.sphere[slot] = s
    shards.modes[slot] = draft.modes
    shards.kicks[slot] = draft.kicks
    shards.next[slot] = draft.frame
    shards.flight[slot] = draft.flight_s * state.sample_rate
    shards.restitution[slot] = draft.restitution
    shards.coming[slot] = energy
    tune_draft(state, slot)
    place_draft(state, slot)


@kernel
def tune_draft(state, slot):
    """Give a slot the draft's kick, and make its coefficients and table."""
    shards, draft = state.shards, state.shards.draft
    fill(shards.kick[slot], 0.0)
    for k in range(draft.modes):
        shards.kick[slot, k] = draft.part[k]
        shards.loss[k] = LN_1000 / draft.t60_s[k]
    rate = state.sample_rate
    leap_re, leap_im, modes = shards.leap_re[slot], shards.leap_im[slot], draft.modes
    step_re, step_im = shards.step_re, shards.step_im
    hz_to_angle = 2.0 * math.pi / rate
    tune_modes(draft.hz, shards.loss, modes, hz_to_angle, 0.0, 0.0, 1.0 / rate, step_re, step_im, leap_re, leap_im)
    tabulate(step_re, step_im, modes, shards.table[slot])


@kernel
def place_draft(state, slot):
    """Put a slot's modes where the draft is."""
    shards, draft = state.shards, state.shards.draft
    side = lateral(state, draft.azimuth)
    near = 1 if side > 0.0 else 0
    shaded = abs(side)
    near_gain, far_gain = share(shaded)
    for k in range(draft.modes):
        place_between_ears(shards.ears[slot], k, draft.hz[k], near, shaded, near_gain, far_gain)
