"""A sphere through one cell of the grid: asleep, free, or held by a hand.

A free sphere's next 64 frames are known when the cell begins, so they are rendered at once, by `lanes`. When a
hand falls on it in mid-cell, `grasp` finds the state it has at that very frame, and from there on it is rendered
frame by frame, because what the hand does depends on how the surface moves. It is free again at the first grid
point after the hand has left. A sphere that has died away sleeps and costs nothing.
"""

from __future__ import annotations

import numpy as np

from weaver.dsp.cells import add, cross, scale_along
from weaver.dsp.contact import push_finger, push_mallet
from weaver.dsp.crack import RATTLE, breathe, part
from weaver.dsp.ears import aim_at_once
from weaver.dsp.jit import copy_into, fill, kernel
from weaver.dsp.lanes import lead, ring
from weaver.dsp.modes import energy_of, flush, hear, rotate, still, stir, tabulate, tune, whole_vectors
from weaver.dsp.sizes import CELL, GROUP
from weaver.dsp.touched import touch, touch_cracked
from weaver.dsp.wear import wear

ASLEEP = 1e-11
"""Energy below which modes are still: 110 dB under a full strike."""


@kernel
def arrive(sphere, s):
    """Put sphere `s`, which nobody hears, where its glides would take it."""
    sphere.cents[s] = sphere.bend[s] + sphere.wheel[s] + sphere.warp[s]
    sphere.damping[s] = sphere.damping_target[s]
    sphere.tilt[s] = sphere.tilt_target[s] + sphere.timbre[s]
    sphere.lift[s] = sphere.lift_target[s] + sphere.swell[s]
    sphere.azimuth[s] = sphere.azimuth_target[s]
    sphere.distance[s] = sphere.distance_target[s]


@kernel
def wake(state, s):
    """Let sphere `s` take part in the coming cells."""
    sphere, bank = state.sphere, state.bank
    if not sphere.awake[s]:
        sphere.awake[s] = 1
        sphere.aimed[s] = 0
        arrive(sphere, s)
        bank.used[s] = whole_vectors(state.definitions[state.playing].modes[s])
        wear(state, s)
        tune(state, s)
        aim_at_once(state, s)


@kernel
def grasp(state, s):
    """Hold sphere `s` from this frame on: its state is found where it is now, not at the cell's end."""
    sphere, bank = state.sphere, state.bank
    wake(state, s)
    sphere.vigour[s] = 1.0
    at = np.int64(state.frame % CELL)
    if sphere.held[s]:
        return
    sphere.held[s] = 1
    if at == 0:  # the cell has not begun: the state is that of this frame
        return
    for k in range(bank.used[s]):
        re, im = bank.start_re[s, k], bank.start_im[s, k]
        for _ in range(at // GROUP):
            leap_re, leap_im = bank.leap_re[s, k], bank.leap_im[s, k]
            re, im = leap_re * re - leap_im * im, leap_im * re + leap_re * im
        power_re, power_im = bank.table[s, k, 0, at % GROUP], bank.table[s, k, 1, at % GROUP]
        bank.re[s, k] = power_re * re - power_im * im
        bank.im[s, k] = power_im * re + power_re * im


@kernel
def cut(state, s):
    """Stop sphere `s` at this frame; what it was doing fades out within a cell, beside whatever comes next."""
    sphere, bank = state.sphere, state.bank
    if sphere.awake[s]:
        grasp(state, s)
        at = np.int64(state.frame % CELL)
        for n in range(CELL):
            left, right = hear(bank.re[s], bank.im[s], bank.ears[s], bank.used[s])
            gain = np.float32(1.0) - np.float32(n + 1) / np.float32(CELL)
            sphere.beside[s, 0, at + n] += left * gain
            sphere.beside[s, 1, at + n] += right * gain
            rotate(bank.re[s], bank.im[s], bank.step_re[s], bank.step_im[s], bank.used[s])
        sphere.beside_cells[s] = 2
    still(bank, s)
    state.touch.struck[s] = 0


@kernel
def sleep(state, s):
    """Let sphere `s` rest: it is still, silent and free."""
    sphere = state.sphere
    still(state.bank, s)
    sphere.awake[s] = sphere.held[s] = 0
    sphere.energy[s] = sphere.light[s] = sphere.peak[s] = 0.0
    sphere.hum_re[s] = sphere.hum_im[s] = 0.0
    for side in range(2):
        fill(sphere.out[s, side], 0.0)
        fill(sphere.hum[s, side], 0.0)


@kernel
def settle(state, s):
    """At a grid point: measure sphere `s`, free it if the hand has left, silence it if its numbers are none.

    Returns whether it takes part in this cell.
    """
    sphere, touch, bank, definition = state.sphere, state.touch, state.bank, state.definitions[state.playing]
    flush(bank.re[s], bank.used[s])
    flush(bank.im[s], bank.used[s])
    energy = energy_of(bank.re[s], bank.im[s], definition.modes[s])
    if not energy < 1e12:  # also true of what is not a number
        state.counters.nan_spheres += 1
        touch.struck[s] = touch.rubbed[s] = 0
        sleep(state, s)
        return False
    sphere.energy[s] = energy
    breathe(state, s)
    sphere.held[s] = touch.struck[s] or touch.rubbed[s] or sphere.rattles[s]
    if 0.0 < energy < ASLEEP and not sphere.held[s]:
        still(bank, s)
    may_hum = definition.hum[s] > 0.0 and sphere.hush[s] > 0.0 and not sphere.broken[s]
    hums = may_hum or sphere.hum_re[s] != 0.0 or sphere.hum_im[s] != 0.0
    if (energy < ASLEEP or sphere.hush[s] <= 0.0) and not hums and not sphere.held[s]:
        sleep(state, s)
        return False
    return True


@kernel
def let_shine(sphere, s):
    """What flickers, or is not all there, is softer."""
    before, now = sphere.shine_before[s], sphere.shine[s]
    if before != 1.0 or now != 1.0:
        for side in range(2):
            scale_along(sphere.out[s, side], sphere.out[s, side], before, now, 0, CELL)


@kernel
def ring_freely(state, s):
    """Render the whole of this cell for a free sphere; its state moves to the cell's end."""
    sphere, bank = state.sphere, state.bank
    count = state.definitions[state.playing].modes[s]
    re, im, out, used = bank.re[s], bank.im[s], sphere.out[s], bank.used[s]
    if sphere.energy[s] < ASLEEP:  # only its hum is left
        copy_into(out, sphere.hum[s])
        let_shine(sphere, s)
        return
    if sphere.detuned[s]:
        tabulate(bank.step_re[s], bank.step_im[s], count, bank.table[s])
        sphere.detuned[s] = 0
    for k in range(used):
        bank.start_re[s, k] = re[k]
        bank.start_im[s, k] = im[k]
    if sphere.aimed[s]:  # it moves: fade from where it was heard to where it is heard
        lead(re, im, bank.leap_re[s], bank.leap_im[s], bank.ears_before[s], used, bank.amplitude)
        ring(bank.amplitude, bank.table[s], 0, count, bank.fading)
        for k in range(used):
            re[k] = bank.start_re[s, k]
            im[k] = bank.start_im[s, k]
    lead(re, im, bank.leap_re[s], bank.leap_im[s], bank.ears[s], used, bank.amplitude)
    ring(bank.amplitude, bank.table[s], 0, count, out)
    for side in range(2):
        if sphere.aimed[s]:
            cross(out[side], bank.fading[side])
        add(out[side], sphere.hum[s, side])
    let_shine(sphere, s)


@kernel
def push_crack(state, s, yawn, n):
    """One frame of the crack of sphere `s`: the momentum its faces give, and what is heard of them."""
    sphere, hands = state.sphere, state.touch
    parted = part(sphere, s, yawn, n)
    sound = RATTLE * (parted - hands.parted[s]) * sphere.buzz[s]
    hands.parted[s] = parted
    return parted * sphere.stiffness[s], sound


@kernel
def play_held(state, s, first, last):
    """Render frames `first` to `last` of this cell for a sphere that a hand is on, or whose crack rattles."""
    sphere, hands, bank = state.sphere, state.touch, state.bank
    frame_s = np.float32(1.0 / state.sample_rate)
    used, aimed, rattles = bank.used[s], sphere.aimed[s], sphere.rattles[s]
    re, im, step_re, step_im, ears = bank.re[s], bank.im[s], bank.step_re[s], bank.step_im[s], bank.ears[s]
    mallet, finger, reach = bank.mallet[s], bank.finger[s], bank.reach[s]
    slide, ahead, sink, yawn = hands.slide[s], hands.ahead[s], hands.sink[s], hands.yawn[s]
    answer = hands.answer[s]
    parted = sound = np.float32(0.0)
    for n in range(first, last):
        struck = push_mallet(hands, s, frame_s, sink) if hands.struck[s] else np.float32(0.0)
        rubbed = push_finger(state, s, frame_s, slide) if hands.rubbed[s] else np.float32(0.0)
        if rattles:
            parted, sound = push_crack(state, s, yawn, n)
        slide = ahead + answer[0] * rubbed + answer[1] * struck + answer[2] * parted
        left_before = right_before = np.float32(0.0)
        if aimed:
            stir(re, mallet, finger, struck, rubbed, used)
            struck = rubbed = np.float32(0.0)
            left_before, right_before = hear(re, im, bank.ears_before[s], used)
        if rattles:
            left, right, ahead, sink, yawn = touch_cracked(
                *(re, im, step_re, step_im, mallet, finger, reach, ears, used, struck, rubbed),
                *(bank.crack[s], bank.gape[s], parted),
            )
        else:
            left, right, ahead, sink = touch(
                re, im, step_re, step_im, mallet, finger, reach, ears, used, struck, rubbed
            )
        along = np.float32(n) / np.float32(CELL)
        if aimed:
            left = left_before + along * (left - left_before)
            right = right_before + along * (right - right_before)
        shine = sphere.shine_before[s] + along * (sphere.shine[s] - sphere.shine_before[s])
        sphere.out[s, 0, n] = (left + sphere.hum[s, 0, n] + sound * sphere.hum_gain[s, 0]) * shine
        sphere.out[s, 1, n] = (right + sphere.hum[s, 1, n] + sound * sphere.hum_gain[s, 1]) * shine
    hands.slide[s], hands.ahead[s], hands.sink[s], hands.yawn[s] = slide, ahead, sink, yawn


@kernel
def shift_beside(state, s):
    """At a cell's end: what is left of a cut voice moves to the front."""
    sphere = state.sphere
    for side in range(2):
        for n in range(CELL):
            sphere.beside[s, side, n] = sphere.beside[s, side, CELL + n]
            sphere.beside[s, side, CELL + n] = 0.0
    sphere.beside_cells[s] -= 1
