"""The auditorium: early reflections of a shoebox hall and a feedback delay network of sixteen lines.

The room runs once per cell of 64 frames and hears what was sent in the cell before, so its sound does not
depend on how a host cuts its blocks. Level: steady noise of equal power on both bus channels leaves with that
same power on each wet channel (0 dB below 1 kHz; a quarter of it early, the rest late) at any T60 and size. A
room to which nothing is sent and whose tail is below -120 dB full scale costs nothing. Memory: 5.1 MB, enough
for 192 kHz.

Sources: images, Allen & Berkley, JASA 65 (1979); allpass, Schroeder, JAES 10 (1962); the network, its
absorption and lossy allpasses, Jot & Chaigne, AES preprint 3030 (1991); reads between frames, Laakso et al.,
IEEE Signal Processing Magazine 13 (1996).
"""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.hall import (
    ALLPASS,
    BUS_LIMIT,
    FLUSH,
    GUARD,
    HEAR_SIGN,
    HUSH_POWER,
    IMAGES,
    LAGRANGE,
    LINES,
    NEXT,
    ONE,
    RAMP,
    SEND_SIGN,
    STAGES,
    TAPS,
    WANDER_S,
    ZERO,
    draw,
    follow,
)
from weaver.dsp.jit import kernel, reduction
from weaver.dsp.sizes import CELL


@kernel
def wander(room):
    """Move every read position a little between its seeded aims."""
    depth = WANDER_S * room.sample_rate
    for line in range(LINES):
        phase = room.aim_phase[line] + room.aim_rate[line]
        if phase >= 1:
            phase -= 1
            room.aim_from[line], room.aim[line] = room.aim[line], draw(room)
        ease = phase * phase * (3 - 2 * phase)
        room.aim_phase[line], room.wander_from[line] = phase, room.wander[line]
        room.wander[line] = depth * (room.aim_from[line] + (room.aim[line] - room.aim_from[line]) * ease)


@kernel
def clean(bus, dry):
    """Copy the bus: what is not finite or too faint is zero, what is beyond +60 dB full scale is held."""
    for channel in range(2):
        for n in range(CELL):
            x = bus[channel, n]
            x = x if abs(x) >= FLUSH and abs(x) < np.inf else ZERO
            x = x if x < BUS_LIMIT else BUS_LIMIT
            dry[channel, n] = x if x > -BUS_LIMIT else -BUS_LIMIT


@reduction
def power(cell):
    """The sum of the squares of a whole cell."""
    total = ZERO
    for n in range(CELL):
        total += cell[n] * cell[n]
    return total


@kernel
def store(row, at, ring, cell):
    """Write a cell into a ring, and again after its end if it is one of the first two."""
    place = row[at : at + CELL]
    for n in range(CELL):
        place[n] = cell[n]
    if at < GUARD:
        again = row[ring + at : ring + at + CELL]
        for n in range(CELL):
            again[n] = cell[n]


@kernel
def add(out, row, start, gain, change):
    """Add a cell of a ring, its gain running in a straight line."""
    late = row[start : start + CELL]
    for n in range(CELL):
        out[n] += late[n] * (gain + change * RAMP[n])


@kernel
def lose_treble(cell, pole, state):
    """A one-pole of unit gain at DC, in place. Returns its state, or zero when that is too faint."""
    for n in range(CELL):
        state = state * pole + (ONE - pole) * cell[n]
        cell[n] = state
    return state if abs(state) > FLUSH else ZERO


@kernel
def allpass(cell, row, at, ring, frames, kept, change):
    """Schroeder's allpass, in place; its delay keeps a share of its sound, which runs in a straight line."""
    here, start = at & (ring - 1), (at - frames) & (ring - 1)
    late = row[start : start + CELL]
    for n in range(CELL):
        x = cell[n] + ALLPASS * (kept + change * RAMP[n]) * late[n]
        cell[n] = x if abs(x) > FLUSH else ZERO
    store(row, here, ring, cell)
    for n in range(CELL):
        cell[n] = (kept + change * RAMP[n]) * late[n] - ALLPASS * cell[n]


@kernel
def hear_images(room, wet):
    """The early reflections of the bus, fading to the next ones while these are moved."""
    moving = room.moving and room.part == LINES
    was, now = (room.fade_from, room.fade) if moving else (ZERO, ZERO)
    for ear in range(2):
        out = wet[ear]
        for n in range(CELL):
            out[n] = 0
        for seat in range(2 if moving else 1):
            start, end = (was, now) if seat else (ONE - was, ONE - now)
            for channel in range(2):
                for image in range(IMAGES):
                    late = (room.at - room.early_frames[seat, channel, ear, image]) & (room.ring - 1)
                    gain = room.early_gain[seat, channel, ear, image]
                    add(out, room.bus_memory[channel], late, gain * start, gain * (end - start))
        room.early_state[ear] = lose_treble(out, room.early_pole, room.early_state[ear])


@kernel
def diffuse(room):
    """Four allpasses for each channel of the bus, in place."""
    for channel in range(2):
        for stage in range(STAGES):
            row, frames = room.diffuser_memory[channel, stage], room.diffuser_frames[channel, stage]
            allpass(room.dry[channel], row, room.at, room.allpass_ring, frames, ONE, ZERO)


@kernel
def lagrange(taps, place, gain):
    """Weights for eight frames, oldest first, that read `place` frames after the fourth of them."""
    product = 1.0 * gain
    for k in range(TAPS):
        taps[k] = product * LAGRANGE[k]
        product *= place + 3.0 - k
    product = 1.0
    for k in range(TAPS - 1, -1, -1):
        taps[k] *= product
        product *= place + 3.0 - k


@kernel
def read_line(room, line, seat, start, end):
    """Add what leaves a line after the delay in `seat`; its crossfade goes from `start` to `end`.

    Position and gain run in straight lines over the cell, and so do the weights: no step, hence no click.
    """
    nearest = math.floor(-0.5 * (room.wander_from[line] + room.wander[line]))
    lagrange(room.taps[0], -room.wander_from[line] - nearest, room.gain_from[seat] * start)
    lagrange(room.taps[1], -room.wander[line] - nearest, room.gain[seat] * end)
    first = (room.at - room.frames[seat] + int(nearest) - 3) & (room.ring - 1)
    taps, out, late = room.taps, room.cell[line], room.line_memory[line][first : first + CELL + TAPS]
    for k in range(TAPS):
        taps[1, k] -= taps[0, k]
    for n in range(CELL):
        x = out[n]
        for k in range(TAPS):
            x += late[n + k] * (taps[0, k] + taps[1, k] * RAMP[n])
        out[n] = x


@kernel
def read_lines(room):
    """What leaves the lines in this cell, with their losses and allpasses."""
    for line in range(LINES):
        cell, pole = room.cell[line], room.pole[line]
        for n in range(CELL):
            cell[n] = 0
        moving = room.moving and room.part == line
        was, now = (room.fade_from, room.fade) if moving else (ZERO, ZERO)
        for turn in range(2 if moving else 1):
            start, end = (was, now) if turn else (ONE - was, ONE - now)
            read_line(room, line, NEXT if turn else line, start, end)
        if moving:
            pole += (room.pole[NEXT] - pole) * now
        room.pole_state[line] = lose_treble(cell, pole, room.pole_state[line])
        row, frames, kept = room.allpass_memory[line], room.allpass_frames[line], room.allpass_from[line]
        allpass(cell, row, room.at, room.allpass_ring, frames, kept, room.allpass_kept[line] - kept)


@kernel
def mix(cell):
    """The Hadamard matrix of order 16, in place (its 1/4 is in the lines' gains)."""
    for step in (1, 4):
        for group in range(4):
            first = group * (5 - step)
            a, b, c, d = cell[first], cell[first + step], cell[first + 2 * step], cell[first + 3 * step]
            for n in range(CELL):
                w, x, y, z = a[n] + b[n], a[n] - b[n], c[n] + d[n], c[n] - d[n]
                a[n], b[n], c[n], d[n] = w + y, x + z, w - y, x - z


@kernel
def feed_lines(room):
    """Send the mixed lines round again, with the diffused bus: left into even lines, right into odd ones."""
    for line in range(LINES):
        cell, sign = room.cell[line], SEND_SIGN[line]
        add(cell, room.dry[line % 2], 0, sign * room.send_from, sign * (room.send - room.send_from))
        for n in range(CELL):
            cell[n] = cell[n] if abs(cell[n]) > FLUSH else ZERO
        store(room.line_memory[line], room.at & (room.ring - 1), room.ring, cell)


@kernel
def run_room(room, bus, wet):
    """One cell: `bus`, float32[2, 64], was sent in the last, `wet`, float32[2, 64], is for the coming one.

    What is not finite in the bus counts as zero.
    """
    clean(bus, room.dry)
    sent = power(room.dry[0]) + power(room.dry[1])
    asleep = room.silent * CELL >= room.ring
    if sent == 0 and asleep:
        for n in range(CELL):
            wet[0, n] = wet[1, n] = 0
        return
    follow(room, asleep)
    wander(room)
    for channel in range(2):
        store(room.bus_memory[channel], room.at & (room.ring - 1), room.ring, room.dry[channel])
    hear_images(room, wet)
    diffuse(room)
    read_lines(room)
    for ear in range(2):
        for line in range(LINES):
            add(wet[ear], room.cell[line], 0, HEAR_SIGN[ear, line], ZERO)
    mix(room.cell)
    feed_lines(room)
    room.at += CELL
    quiet = sent == 0 and power(wet[0]) + power(wet[1]) < 2 * CELL * HUSH_POWER
    room.silent = room.silent + 1 if quiet else 0
