"""How a sphere shatters, what that does to those around it, and how it gathers again."""

from __future__ import annotations

import numpy as np

from weaver.dsp.chance import draw
from weaver.dsp.jit import kernel
from weaver.dsp.shatter import shatter
from weaver.dsp.sizes import SPHERES, THREADS
from weaver.dsp.spheres import cut, wake
from weaver.life.cracks import close, grow, seal, total_length
from weaver.life.records import REFORMING, SHATTERED, WHOLE
from weaver.life.stress import nearness, stakes_of

SOOTHED_PACE = 1.0
"""How much faster a shattered sphere gathers under a full soothing hand, beside its own pace."""
UNDONE_S = 1.5
"""How long one gathers that is mended by `undo`."""
STIR = 0.02
"""What gathers is stirred by this much a time, so that the tone comes out of a breath."""


@kernel
def break_up(state, s):
    """Shatter sphere `s`: fragments, then silence where it was; those around it are shaken."""
    life, sphere, touch = state.life, state.sphere, state.touch
    shatter(state, s)
    cut(state, s)
    touch.rubbed[s] = 0
    touch.pressure[s] = touch.pressure_target[s] = touch.key_pressure[s] = 0.0
    sphere.broken[s] = 1
    sphere.damage[s] = 1.0
    sphere.hum_re[s] = sphere.hum_im[s] = 0.0
    life.state[s] = SHATTERED
    life.presence[s] = life.stress[s] = life.gone_s[s] = life.growth[s] = 0.0
    life.mended[s] = 0
    life.falls += 1
    life.fall[s] = life.falls
    for index in range(THREADS):
        if state.thread.first[index] == s or state.thread.second[index] == s:
            state.thread.strength[index] = 0.0
    shake(state, s)


@kernel
def shake(state, s):
    """The shock of shattering sphere `s` to the others: cracks, by nearness, as far as the stakes let them."""
    law, life, full = state.law, state.life, state.law.cracks_full_length_rad
    for other in range(state.definitions[state.playing].count):
        life.shocked[other] = 0.0
        if other != s and life.state[other] < SHATTERED:
            room = law.stakes_worst[stakes_of(state)] * full - total_length(state.crack, other)
            harm = full * law.shatter_shock * nearness(state, s, other, law.shatter_shock_reach_m)
            harm = min(harm, max(room, 0.0))
            grow(state, other, harm)
            life.shocked[other] = harm


@kernel
def gather(state, s, seconds):
    """A shattered sphere waits, then its tone gathers; under a soothing hand it does so sooner."""
    law, life, touch = state.law, state.life, state.touch
    life.stress[s] = 0.0
    pace = touch.soothe[s] * (1.0 + SOOTHED_PACE)
    if law.stakes_returns[stakes_of(state)] > 0.5:
        pace += 1.0
    if life.mended[s]:
        pace = 1.0
    life.gone_s[s] += pace * seconds
    if life.state[s] == SHATTERED:
        if life.mended[s] or life.gone_s[s] >= law.reforming_after_s:
            return_from_silence(state, s)
        return
    takes_s = UNDONE_S if life.mended[s] else law.reforming_takes_s
    along = min(life.gone_s[s] / takes_s, 1.0)
    left = 0.0 if life.mended[s] else law.reforming_left
    life.presence[s] = along * along
    wanted = law.cracks_full_length_rad * (1.0 - (1.0 - left) * along)
    close(state, s, max(total_length(state.crack, s) - wanted, 0.0))
    state.sphere.damage[s] = total_length(state.crack, s) / law.cracks_full_length_rad
    stir_softly(state, s)
    if along >= 1.0:
        life.presence[s] = 1.0
        life.state[s] = WHOLE  # or what its damage makes of it, at once
        life.fall[s] = life.mended[s] = 0


@kernel
def return_from_silence(state, s):
    """Sphere `s` begins to gather."""
    life, sphere = state.life, state.sphere
    life.state[s] = REFORMING
    life.gone_s[s] = life.presence[s] = 0.0
    sphere.broken[s] = 0
    sphere.hush[s] = sphere.hush_target[s] = 1.0
    wake(state, s)
    sphere.vigour[s] = 1.0


@kernel
def stir_softly(state, s):
    """A breath over the modes of sphere `s`, from which its tone grows."""
    bank, chance = state.bank, state.life.chance
    if not state.sphere.awake[s]:
        return
    for k in range(state.definitions[state.playing].modes[s]):
        bank.re[s, k] += np.float32(STIR * (2.0 * draw(chance, s) - 1.0))


@kernel
def undo(state):
    """Mend the sphere that shattered last, and what its shock did to the others."""
    life = state.life
    last, latest = -1, 0
    for s in range(SPHERES):
        if life.fall[s] > latest and not life.mended[s]:
            last, latest = s, life.fall[s]
    if last < 0:
        state.counters.refused_commands += 1
        return
    life.mended[last] = 1
    seal(state, last)
    if latest == life.falls:
        for s in range(SPHERES):
            close(state, s, life.shocked[s])
            life.shocked[s] = 0.0
