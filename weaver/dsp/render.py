"""From spheres to sound: a cell begins, is played in spans, and ends.

    begin_cell    parameters, hands and threads move on; free spheres and the room are rendered to the cell's end
    play_span     held spheres, frame by frame; everything is summed, levelled and limited
    end_cell      what goes to the room is gathered, lights and meters move

A host's block is cut at commands and at grid points, so spans are of any length, and every frame is the same
whatever they are.
"""

from __future__ import annotations

import numpy as np

from weaver.dsp.cells import add, add_part, add_scaled, peak_of, scale_along
from weaver.dsp.contact import feel_surface
from weaver.dsp.ears import room_send
from weaver.dsp.glide import glide_finger, glide_parameters, glide_pitch, glide_place
from weaver.dsp.jit import fill, kernel
from weaver.dsp.limiter import announce, block_dc, clip, limit
from weaver.dsp.sizes import CELL, SPHERES
from weaver.dsp.spheres import play_held, ring_freely, settle, shift_beside
from weaver.dsp.threads import pass_energy
from weaver.dsp.units import ROOM, RUN_ROOM, ask


@kernel
def begin_cell(state):
    """Everything that happens once in 64 frames, before their first."""
    sphere, touch = state.sphere, state.touch
    glide_parameters(state)
    for s in range(SPHERES):
        if sphere.awake[s] and settle(state, s):
            if touch.rubbed[s]:
                glide_finger(state, s)
            glide_pitch(state, s)
            glide_place(state, s)
    pass_energy(state)
    for s in range(SPHERES):
        if sphere.awake[s] and sphere.held[s]:
            feel_surface(state, s)
        elif sphere.awake[s]:
            ring_freely(state, s)
    ask(state, ROOM, RUN_ROOM)
    foresee(state)


@kernel
def add_spheres(state, first, last, free_only):
    """Sum room, audience and spheres into the mix, frames `first` to `last`, always in the same order."""
    sphere, mix = state.sphere, state.mix
    for side in range(2):
        scale_along(mix[side], state.wet[side], state.wet_level[0], state.wet_level[1], first, last)
        if state.drone.sounding:
            add_part(mix[side], state.drone.out[side], first, last)
    for s in range(SPHERES):
        for side in range(2):
            if sphere.awake[s] and not (free_only and sphere.held[s]):
                add_part(mix[side], sphere.out[s, side], first, last)
            if sphere.beside_cells[s] > 0:
                add_part(mix[side], sphere.beside[s, side], first, last)


@kernel
def foresee(state):
    """Tell the limiter the peak of all that is already known of this cell."""
    add_spheres(state, 0, CELL, True)
    peak = max(peak_of(state.mix[0]), peak_of(state.mix[1]))
    announce(state.limiter, peak * max(state.level[0], state.level[1]))


@kernel
def play_span(state, first, last):
    """Render frames `first` to `last` of this cell into the mix."""
    sphere, mix, limiter = state.sphere, state.mix, state.limiter
    for s in range(SPHERES):
        if sphere.held[s]:
            play_held(state, s, first, last)
    add_spheres(state, first, last, False)
    for side in range(2):
        scale_along(mix[side], mix[side], state.level[0], state.level[1], first, last)
    for n in range(first, last):
        left = block_dc(limiter, 0, clip_wild(mix[0, n]))
        right = block_dc(limiter, 1, clip_wild(mix[1, n]))
        gain = limit(limiter, left, right)
        mix[0, n] = clip(left * gain)
        mix[1, n] = clip(right * gain)


@kernel
def clip_wild(value):
    """Keep what is not a number, or beyond all measure, out of the recursions that follow."""
    return value if abs(value) < np.float32(1e6) else np.float32(0.0)


@kernel
def end_cell(state):
    """Everything that happens once in 64 frames, after their last."""
    sphere, bus = state.sphere, state.bus
    for side in range(2):
        fill(bus[side], 0.0)
        if state.drone.sounding:
            add(bus[side], state.drone.out[side])
    for s in range(SPHERES):
        if sphere.awake[s] or sphere.beside_cells[s] > 0:
            send = room_send(sphere.distance[s])
            for side in range(2):
                if sphere.beside_cells[s] > 0:
                    add(sphere.out[s, side], sphere.beside[s, side])
                add_scaled(bus[side], sphere.out[s, side], send)
                sphere.peak[s] = max(sphere.peak[s], peak_of(sphere.out[s, side]))
            if sphere.beside_cells[s] > 0:
                shift_beside(state, s)
            if not sphere.awake[s]:  # only its tail sounded
                for side in range(2):
                    fill(sphere.out[s, side], 0.0)
    for side in range(2):
        state.meter[side] = max(state.meter[side], peak_of(state.mix[side]))
