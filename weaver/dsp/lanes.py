"""The inner loop of the bank, in explicit vectors of sixteen: what a compiler would not find by itself.

Between two grid points a free sphere is linear and unforced, so its next 64 frames are known. They are computed
in groups of 32: `lead` finds every mode's complex amplitude at the start of each group, seen from both ears, and
`ring` sums amplitude times the table of the mode's first 32 powers. No sum crosses frames, so each
frame's value is the same however a host cuts its blocks.

With Numba's compiler disabled the same functions run as NumPy, for debugging and for the tests that compare them.
"""

from __future__ import annotations

import numba
import numpy as np
from llvmlite import binding as llvm
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from weaver.dsp.jit import kernel
from weaver.dsp.sizes import CELL, GROUP, LANES
from weaver.dsp.vectors import I64, VECTOR, Emitter

GROUPS = CELL // GROUP
VECTORS = GROUP // LANES
SIDES_AT_ONCE = 2 if llvm.get_host_cpu_features().get("avx512f") else 1
"""Both ears in one pass need eight sums in registers, which is part of what AVX-512 has, and all of AVX2."""


@intrinsic
def _lead_vectors(typing, re, im, leap_re, leap_im, ears, modes, count, groups, lead):
    def emit(context, builder, signature, arguments):
        code = Emitter(context, builder, signature, arguments)
        re_, im_, leap_re_, leap_im_, ears_, modes_, count_, groups_, lead_ = code.data
        with cgutils.for_range_slice(builder, ir.Constant(I64, 0), count_, ir.Constant(I64, LANES)) as (k, _):
            state = code.load(re_, k), code.load(im_, k)
            leap = code.load(leap_re_, k), code.load(leap_im_, k)
            ear = [code.load(ears_, builder.add(k, code.rows(modes_, row))) for row in range(4)]
            rows = cgutils.alloca_once_value(builder, state[0]), cgutils.alloca_once_value(builder, state[1])
            with cgutils.for_range(builder, groups_) as loop:
                state = builder.load(rows[0]), builder.load(rows[1])
                base = builder.add(k, builder.mul(loop.index, code.rows(modes_, 4)))
                for side in range(2):
                    real, imaginary = code.complex_product(*state, ear[2 * side], ear[2 * side + 1])
                    code.store(real, lead_, builder.add(base, code.rows(modes_, 2 * side)))
                    code.store(builder.fneg(imaginary), lead_, builder.add(base, code.rows(modes_, 2 * side + 1)))
                for row, part in zip(rows, code.complex_product(*state, *leap), strict=True):
                    builder.store(part, row)
            code.store(builder.load(rows[0]), re_, k)
            code.store(builder.load(rows[1]), im_, k)
        return context.get_dummy_value()

    return types.void(re, im, leap_re, leap_im, ears, modes, count, groups, lead), emit


@intrinsic
def _ring_vectors(typing, lead, modes, side, first, last, table, out):
    def emit(context, builder, signature, arguments):
        code = Emitter(context, builder, signature, arguments)
        lead_, modes_, side_, first_, last_, table_, out_ = code.data
        silence = ir.Constant(VECTOR, [0.0] * LANES)
        rows = [(group, side) for group in range(GROUPS) for side in range(SIDES_AT_ONCE)]
        sums = {(*row, part): cgutils.alloca_once_value(builder, silence) for row in rows for part in range(VECTORS)}
        for total in sums.values():
            builder.store(silence, total)
        with cgutils.for_range_slice(builder, first_, last_, ir.Constant(I64, 1)) as (k, _):
            at = builder.mul(k, ir.Constant(I64, 2 * GROUP))
            cosines = [code.load(table_, at, LANES * part) for part in range(VECTORS)]
            sines = [code.load(table_, at, GROUP + LANES * part) for part in range(VECTORS)]
            for group, side in rows:
                row = builder.add(side_, ir.Constant(I64, 2 * group + side))
                place = builder.add(k, builder.mul(modes_, builder.mul(row, ir.Constant(I64, 2))))
                re, im = code.spread(lead_, place), code.spread(lead_, builder.add(place, modes_))
                for part in range(VECTORS):
                    total = sums[group, side, part]
                    both = code.fma(im, sines[part], code.fma(re, cosines[part], builder.load(total)))
                    builder.store(both, total)
        for (group, side, part), total in sums.items():
            row = builder.mul(builder.add(side_, ir.Constant(I64, side)), ir.Constant(I64, CELL))
            code.store(builder.load(total), out_, row, group * GROUP + part * LANES)
        return context.get_dummy_value()

    return types.void(lead, modes, side, first, last, table, out), emit


@kernel
def lead(re, im, leap_re, leap_im, ears, count, amplitude):
    """Find every mode's amplitude at the groups of a cell, and move its state to the cell's end.

    Parameters
    ----------
    re, im : float32[modes]
        The modes' complex state; at the cell's start when called, at its end afterwards.
    leap_re, leap_im : float32[modes]
        Rotation and decay over a group.
    ears : float32[4, modes]
        Complex weight of each mode at the left and the right ear: left re, left im, right re, right im.
    count : int
        Modes in use, a multiple of `LANES`.
    amplitude : float32[groups, 4, modes]
        Written: for each group, re and -im of state times weight, left then right.
    """
    _lead_vectors(re, im, leap_re, leap_im, ears, np.int64(ears.shape[1]), np.int64(count), np.int64(GROUPS), amplitude)


@kernel
def ring(amplitude, table, first, last, out):
    """Sum modes `first` to `last` of a cell at both ears.

    Parameters
    ----------
    amplitude : float32[groups, 4, modes]
        From `lead`.
    table : float32[modes, 2, 32]
        Real and imaginary part of each mode's powers 0 to 31.
    out : float32[2, 64]
        Written: left and right.
    """
    modes = np.int64(amplitude.shape[2])
    for side in range(0, 2, SIDES_AT_ONCE):
        _ring_vectors(amplitude, modes, np.int64(side), np.int64(first), np.int64(last), table, out)


def lead_interpreted(re, im, leap_re, leap_im, ears, count, amplitude):
    """`lead` in NumPy: the same mathematics, for comparison."""
    state = re[:count] + 1j * im[:count]
    weights = ears[0::2, :count] + 1j * ears[1::2, :count]
    for group in range(GROUPS):
        seen = state * weights
        amplitude[group, 0::2, :count] = seen.real
        amplitude[group, 1::2, :count] = -seen.imag
        state = (state * (leap_re[:count] + 1j * leap_im[:count])).astype(np.complex64)
    re[:count], im[:count] = state.real, state.imag


def ring_interpreted(amplitude, table, first, last, out):
    """`ring` in NumPy: the same mathematics, for comparison."""
    for side in range(2):
        for group in range(GROUPS):
            rows = amplitude[group, 2 * side : 2 * side + 2, first:last]
            out[side, GROUP * group : GROUP * (group + 1)] = np.einsum("pk,kpn->n", rows, table[first:last])


if numba.config.DISABLE_JIT:
    lead, ring = lead_interpreted, ring_interpreted
