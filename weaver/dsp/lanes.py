"""The inner loop of the bank, in explicit vectors of sixteen: what a compiler would not find by itself.

Between two grid points a free sphere is linear and unforced, so its next 64 frames are known. They are computed
in four groups of sixteen: `lead` finds every mode's complex amplitude at the start of each group, seen from both
ears, and `ring` sums amplitude times the table of the mode's first sixteen powers. No sum crosses frames, so each
frame's value is the same however a host cuts its blocks. LLVM maps sixteen lanes onto whatever the machine has.

With Numba's compiler disabled the same functions run as NumPy, for debugging and for the tests that compare them.
"""

from __future__ import annotations

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from weaver.dsp.jit import kernel
from weaver.dsp.sizes import LANES

_VECTOR = ir.VectorType(ir.FloatType(), LANES)
_I64 = ir.IntType(64)


class _Emitter:
    """Loads, stores and fused multiply-adds of sixteen floats, at float offsets from a pointer."""

    def __init__(self, context, builder, signature, arguments):
        self.builder = builder
        self.data = [
            context.make_array(kind)(context, builder, value).data if isinstance(kind, types.Array) else value
            for kind, value in zip(signature.args, arguments, strict=True)
        ]
        signature_ = ir.FunctionType(_VECTOR, [_VECTOR] * 3)
        self.fused = cgutils.get_or_insert_function(builder.module, signature_, "llvm.fmuladd.v16f32")

    def at(self, pointer, index, offset=0):
        return self.builder.gep(pointer, [self.builder.add(index, ir.Constant(_I64, offset))])

    def load(self, pointer, index, offset=0):
        place = self.builder.bitcast(self.at(pointer, index, offset), _VECTOR.as_pointer())
        return self.builder.load(place, align=4)

    def store(self, value, pointer, index, offset=0):
        place = self.builder.bitcast(self.at(pointer, index, offset), _VECTOR.as_pointer())
        self.builder.store(value, place, align=4)

    def spread(self, pointer, index, offset=0):
        """One float in all sixteen lanes."""
        empty = ir.Constant(_VECTOR, ir.Undefined)
        one = self.builder.insert_element(
            empty, self.builder.load(self.at(pointer, index, offset)), ir.Constant(ir.IntType(32), 0)
        )
        nowhere = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
        return self.builder.shuffle_vector(one, empty, nowhere)

    def fma(self, a, b, c):
        return self.builder.call(self.fused, [a, b, c])

    def complex_product(self, a_re, a_im, b_re, b_im):
        builder = self.builder
        real = self.fma(builder.fneg(a_im), b_im, builder.fmul(a_re, b_re))
        return real, self.fma(a_im, b_re, builder.fmul(a_re, b_im))


@intrinsic
def _lead_vectors(typing, re, im, leap_re, leap_im, ears, modes, count, groups, lead):
    def emit(context, builder, signature, arguments):
        code = _Emitter(context, builder, signature, arguments)
        re_, im_, leap_re_, leap_im_, ears_, modes_, count_, groups_, lead_ = code.data
        times = lambda row: builder.mul(modes_, ir.Constant(_I64, row))  # noqa: E731
        with cgutils.for_range_slice(builder, ir.Constant(_I64, 0), count_, ir.Constant(_I64, LANES)) as (k, _):
            state = code.load(re_, k), code.load(im_, k)
            leap = code.load(leap_re_, k), code.load(leap_im_, k)
            ear = [code.load(ears_, builder.add(k, times(row))) for row in range(4)]
            rows = cgutils.alloca_once_value(builder, state[0]), cgutils.alloca_once_value(builder, state[1])
            with cgutils.for_range(builder, groups_) as loop:
                state = builder.load(rows[0]), builder.load(rows[1])
                base = builder.add(k, builder.mul(loop.index, times(4)))
                for side in range(2):
                    real, imaginary = code.complex_product(*state, ear[2 * side], ear[2 * side + 1])
                    code.store(real, lead_, builder.add(base, times(2 * side)))
                    code.store(builder.fneg(imaginary), lead_, builder.add(base, times(2 * side + 1)))
                for row, part in zip(rows, code.complex_product(*state, *leap), strict=True):
                    builder.store(part, row)
            code.store(builder.load(rows[0]), re_, k)
            code.store(builder.load(rows[1]), im_, k)
        return context.get_dummy_value()

    return types.void(re, im, leap_re, leap_im, ears, modes, count, groups, lead), emit


@intrinsic
def _ring_vectors(typing, lead, modes, side, first, last, table, out):
    def emit(context, builder, signature, arguments):
        code = _Emitter(context, builder, signature, arguments)
        lead_, modes_, side_, first_, last_, table_, out_ = code.data
        silence = ir.Constant(_VECTOR, [0.0] * LANES)
        sums = [cgutils.alloca_once_value(builder, silence) for _ in range(4)]
        for row in sums:
            builder.store(silence, row)
        two_sides = builder.mul(side_, builder.mul(modes_, ir.Constant(_I64, 2)))
        with cgutils.for_range_slice(builder, first_, last_, ir.Constant(_I64, 1)) as (k, _):
            at = builder.mul(k, ir.Constant(_I64, 2 * LANES))
            cosines, sines = code.load(table_, at), code.load(table_, at, LANES)
            for group, row in enumerate(sums):
                place = builder.add(builder.add(k, two_sides), builder.mul(modes_, ir.Constant(_I64, 4 * group)))
                total = code.fma(code.spread(lead_, place), cosines, builder.load(row))
                place = builder.add(place, modes_)
                builder.store(code.fma(code.spread(lead_, place), sines, total), row)
        for group, row in enumerate(sums):
            code.store(builder.load(row), out_, builder.mul(side_, ir.Constant(_I64, 64)), LANES * group)
        return context.get_dummy_value()

    return types.void(lead, modes, side, first, last, table, out), emit


@kernel
def lead(re, im, leap_re, leap_im, ears, count, amplitude):
    """Find every mode's amplitude at the four groups of a cell, and move its state to the cell's end.

    Parameters
    ----------
    re, im : float32[modes]
        The modes' complex state; at the cell's start when called, at its end afterwards.
    leap_re, leap_im : float32[modes]
        Rotation and decay over sixteen frames.
    ears : float32[4, modes]
        Complex weight of each mode at the left and the right ear: left re, left im, right re, right im.
    count : int
        Modes in use, a multiple of `LANES`.
    amplitude : float32[4, 4, modes]
        Written: for each group, re and -im of state times weight, left then right.
    """
    _lead_vectors(re, im, leap_re, leap_im, ears, np.int64(ears.shape[1]), np.int64(count), np.int64(4), amplitude)


@kernel
def ring(amplitude, table, first, last, out):
    """Sum modes `first` to `last` of a cell at both ears.

    Parameters
    ----------
    amplitude : float32[4, 4, modes]
        From `lead`.
    table : float32[modes, 2, 16]
        Real and imaginary part of each mode's powers 0 to 15.
    out : float32[2, 64]
        Written: left and right.
    """
    modes = np.int64(amplitude.shape[2])
    _ring_vectors(amplitude, modes, np.int64(0), np.int64(first), np.int64(last), table, out)
    _ring_vectors(amplitude, modes, np.int64(1), np.int64(first), np.int64(last), table, out)


def lead_interpreted(re, im, leap_re, leap_im, ears, count, amplitude):
    """`lead` in NumPy: the same mathematics, for comparison."""
    state = re[:count] + 1j * im[:count]
    weights = ears[0::2, :count] + 1j * ears[1::2, :count]
    for group in range(4):
        seen = state * weights
        amplitude[group, 0::2, :count] = seen.real
        amplitude[group, 1::2, :count] = -seen.imag
        state = (state * (leap_re[:count] + 1j * leap_im[:count])).astype(np.complex64)
    re[:count], im[:count] = state.real, state.imag


def ring_interpreted(amplitude, table, first, last, out):
    """`ring` in NumPy: the same mathematics, for comparison."""
    for side in range(2):
        for group in range(4):
            rows = amplitude[group, 2 * side : 2 * side + 2, first:last]
            out[side, 16 * group : 16 * group + 16] = np.einsum("pk,kpn->n", rows, table[first:last])


if numba.config.DISABLE_JIT:
    lead, ring = lead_interpreted, ring_interpreted
