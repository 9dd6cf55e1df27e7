"""Life as one unit: what happens to the spheres at each grid point, before anything is rendered.

time          whose tempo, whether it rolls, the clock we send     at every grid point, before all else
the show      the script, the chronometer, the tally               at every grid point, after that
consonance    how loud, sour, in tune each is                      some spheres and pairs at every grid point
the law       who is stressed, cracks, heals, shatters, gathers    each sphere at every eighth grid point
its signals   flicker, crackle                                     of what is damaged, at every grid point
breath        hum and light                                        of what is awake
the audience  its mood, the player's heart, its hum                the mood at every eighth grid point
"""

from __future__ import annotations

import numpy as np

from weaver.dsp.chance import sow
from weaver.dsp.jit import kernel
from weaver.dsp.shards import prepare_shards, ring_shards
from weaver.dsp.sizes import SPHERES
from weaver.dsp.units import MEET_SET, PREPARE_LIFE
from weaver.life.clock_out import send_clock
from weaver.life.consonance import listen, meet_spheres
from weaver.life.crackle import crackle_along
from weaver.life.drone import drone, prepare_drone
from weaver.life.flicker import flicker
from weaver.life.heart import heart, prepare_heart
from weaver.life.hum import hum
from weaver.life.law import bring_to_life, weigh
from weaver.life.light import glow
from weaver.life.mood import mood, prepare_mood
from weaver.life.ruin import undo
from weaver.life.show import run_show
from weaver.life.transport import keep_time, prepare_transport
from weaver.life.witness import meet_witness

SOWN_APART = np.uint64(0x5EED)
"""Mixed into the seed, so that life's chance and the hands' are two."""


@kernel
def life_unit(state):
    """Do what `ask` says."""
    if state.asked == PREPARE_LIFE:
        sow(state.life.chance, state.seed ^ SOWN_APART)
        prepare_shards(state)
        prepare_mood(state)
        prepare_heart(state)
        prepare_transport(state)
        prepare_drone(state)
    elif state.asked == MEET_SET:
        bring_to_life(state)
        meet_witness(state)
        meet_spheres(state)
    else:
        live(state)


@kernel
def live(state):
    """A cell's length of life."""
    sphere, life = state.sphere, state.life
    keep_time(state)
    send_clock(state)
    run_show(state)
    if life.undo:
        life.undo = 0
        undo(state)
    listen(state)
    weigh(state)
    for s in range(SPHERES):
        if sphere.damage[s] > 0.0 or sphere.shine[s] != 1.0 or sphere.shine_before[s] != 1.0:
            flicker(state, s)
            if sphere.damage[s] > 0.0:
                crackle_along(state, s)
        if sphere.awake[s]:
            hum(state, s)
            glow(state, s)
    ring_shards(state)
    mood(state)
    heart(state)
    drone(state)
