"""The hum: what a sphere breathes at rest, a soft pulse of its own tone that a gesture wakes.

One phasor beside the modes, which no hand touches. Its decay over a cell is chosen so that its amplitude arrives
at the pulse's value by the cell's end: a glide, exponential and free of steps.
"""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.cells import scale_along
from weaver.dsp.jit import fill, kernel
from weaver.dsp.sizes import CELL
from weaver.life.phasor import sweep

VIGOUR_S = 25.0
"""Time in which a woken sphere settles back into its rest."""
REST = 0.35
"""Share of the hum that is left at rest."""
PULSE_DEPTH = 0.75
FASTEST_RISE = 1.03
"""Per cell: a hum takes a third of a second to come out of nothing."""
FASTEST_FALL = 0.5
"""Per cell: a hum that must end has ended after a dozen milliseconds."""
FAINT = 1e-5
"""Amplitude from which a hum begins, and at which it has ended."""


@kernel
def wanted_hum(state, s, cell_s):
    """Amplitude that the hum of sphere `s` shall have at the end of this cell; its pulse moves on."""
    sphere, definition = state.sphere, state.definitions[state.playing]
    if definition.hum[s] <= 0.0 or sphere.hush[s] <= 0.0 or sphere.broken[s]:
        return 0.0
    sphere.vigour[s] -= sphere.vigour[s] * np.float32(cell_s / VIGOUR_S)
    sphere.pulse[s] += np.float32(cell_s / definition.hum_period_s[s])
    if sphere.pulse[s] >= 1.0:
        sphere.pulse[s] -= np.float32(1.0)
    breath = 1.0 - PULSE_DEPTH * (0.5 + 0.5 * math.cos(2.0 * math.pi * sphere.pulse[s]))
    stirred = REST + (1.0 - REST) * max(sphere.vigour[s], sphere.damage[s])  # what is hurt finds no rest
    return definition.hum[s] * breath * stirred * state.hum_level


@kernel
def hum(state, s):
    """Render this cell of the hum of sphere `s`."""
    sphere = state.sphere
    cell_s = CELL / state.sample_rate
    amplitude = math.hypot(sphere.hum_re[s], sphere.hum_im[s])
    wanted = min(wanted_hum(state, s, cell_s), max(amplitude, FAINT) * FASTEST_RISE)
    wanted = max(wanted, amplitude * FASTEST_FALL)
    if wanted < FAINT and amplitude < FAINT:
        sphere.hum_re[s] = sphere.hum_im[s] = 0.0
        fill(sphere.hum[s, 0], 0.0)
        fill(sphere.hum[s, 1], 0.0)
        return
    if amplitude < FAINT:
        sphere.hum_re[s], sphere.hum_im[s], amplitude = 0.0, FAINT, FAINT
    radius = math.exp(math.log(max(wanted, 0.5 * FAINT) / amplitude) / CELL)
    draw_hum(sphere, s, radius * sphere.hum_cos[s], radius * sphere.hum_sin[s])


@kernel
def draw_hum(sphere, s, step_re, step_im):
    """Turn the phasor of sphere `s` through the cell, into both ears: its real part left, its imaginary part right."""
    left, right = sphere.hum[s, 0], sphere.hum[s, 1]
    re, im = sweep(left, right, sphere.hum_re[s], sphere.hum_im[s], step_re, step_im)
    sphere.hum_re[s], sphere.hum_im[s] = re, im
    before, now = sphere.hum_gain_before[s], sphere.hum_gain[s]
    scale_along(right, left, before[1], now[1], 0, CELL)
    scale_along(left, left, before[0], now[0], 0, CELL)
    before[0], before[1] = now[0], now[1]
