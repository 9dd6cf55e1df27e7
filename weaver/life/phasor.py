"""A phasor rendered a cell at a time: the hums, of the spheres and of the audience, are made of such."""

from __future__ import annotations

import numpy as np

from weaver.dsp.jit import kernel
from weaver.dsp.sizes import CELL


@kernel
def double(re, im, filled, step_re, step_im):
    """Frames filled .. 2 filled - 1 from those before, turned by the step."""
    for n in range(filled):
        re[filled + n] = re[n] * step_re - im[n] * step_im
        im[filled + n] = im[n] * step_re + re[n] * step_im


@kernel
def sweep(re_row, im_row, re, im, step_re, step_im):
    """Turn a phasor through the cell, into two rows of float32[64]; where it is after it: (re, im).

    Twice as far at every pass: frames 0..n-1 times the step's n-th power are frames n..2n-1, so that the loop
    vectorises.
    """
    re_row[0], im_row[0] = re, im
    filled = 1
    while filled < CELL:
        double(re_row, im_row, filled, np.float32(step_re), np.float32(step_im))
        step_re, step_im = step_re * step_re - step_im * step_im, 2.0 * step_re * step_im
        filled *= 2
    return re * step_re - im * step_im, im * step_re + re * step_im
