"""The inner loop of the bank, in explicit vectors of sixteen: what a compiler would not find by itself.

Between two grid points a free sphere is linear and unforced, so its next 64 frames are known. They are computed
in groups of 32: `lead` finds every mode's complex amplitude at the start of each group, seen from both ears, and
`ring` sums amplitude times the table of the mode's first 32 powers. No sum crosses frames, so each
frame's value is the same however a host cuts its blocks. LLVM maps sixteen lanes onto whatever the machine has.

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

_VECTOR = ir.VectorType(ir.FloatType(), LANES)
_I64 = ir.IntType(64)
GROUPS = CELL // GROUP
VECTORS = GROUP // LANES
SIDES_AT_ONCE = 2 if llvm.get_host_cpu_features().get("avx512f") else 1
"""Both ears in one pass need eight sums in registers, which is part of what AVX-512 has, and all of AVX2."""


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
        return self.spread_value(self.builder.load(self.at(pointer, index, offset)))

    def spread_value(self, value):
        """One float, in a register, in all sixteen lanes."""
        empty = ir.Constant(_VECTOR, ir.Undefined)
        one = self.builder.insert_element(empty, value, ir.Constant(ir.IntType(32), 0))
        nowhere = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
        return self.builder.shuffle_vector(one, empty, nowhere)

    def zero(self):
        """A place on the stack that holds sixteen zeros; LLVM keeps it in a register."""
        silence = ir.Constant(_VECTOR, [0.0] * LANES)
        place = cgutils.alloca_once_value(self.builder, silence)
        self.builder.store(silence, place)
        return place

    def sum(self, vector):
        """Sum of sixteen lanes, by halves: always in the same order."""
        width = LANES
        while width > 1:
            width //= 2
            empty = ir.Constant(vector.type, ir.Undefined)
            kind = ir.VectorType(ir.IntType(32), width)
            low = self.builder.shuffle_vector(vector, empty, ir.Constant(kind, list(range(width))))
            high = self.builder.shuffle_vector(vector, empty, ir.Constant(kind, list(range(width, 2 * width))))
            vector = self.builder.fadd(low, high)
        return self.builder.extract_element(vector, ir.Constant(ir.IntType(32), 0))

    def rows(self, modes, count):
        """Floats in `count` rows of `modes`."""
        return self.builder.mul(modes, ir.Constant(_I64, count))

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
        with cgutils.for_range_slice(builder, ir.Constant(_I64, 0), count_, ir.Constant(_I64, LANES)) as (k, _):
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
        code = _Emitter(context, builder, signature, arguments)
        lead_, modes_, side_, first_, last_, table_, out_ = code.data
        silence = ir.Constant(_VECTOR, [0.0] * LANES)
        rows = [(group, side) for group in range(GROUPS) for side in range(SIDES_AT_ONCE)]
        sums = {(*row, part): cgutils.alloca_once_value(builder, silence) for row in rows for part in range(VECTORS)}
        for total in sums.values():
            builder.store(silence, total)
        with cgutils.for_range_slice(builder, first_, last_, ir.Constant(_I64, 1)) as (k, _):
            at = builder.mul(k, ir.Constant(_I64, 2 * GROUP))
            cosines = [code.load(table_, at, LANES * part) for part in range(VECTORS)]
            sines = [code.load(table_, at, GROUP + LANES * part) for part in range(VECTORS)]
            for group, side in rows:
                row = builder.add(side_, ir.Constant(_I64, 2 * group + side))
                place = builder.add(k, builder.mul(modes_, builder.mul(row, ir.Constant(_I64, 2))))
                re, im = code.spread(lead_, place), code.spread(lead_, builder.add(place, modes_))
                for part in range(VECTORS):
                    total = sums[group, side, part]
                    both = code.fma(im, sines[part], code.fma(re, cosines[part], builder.load(total)))
                    builder.store(both, total)
        for (group, side, part), total in sums.items():
            row = builder.mul(builder.add(side_, ir.Constant(_I64, side)), ir.Constant(_I64, CELL))
            code.store(builder.load(total), out_, row, group * GROUP + part * LANES)
        return context.get_dummy_value()

    return types.void(lead, modes, side, first, last, table, out), emit


@intrinsic
def _feel_vectors(typing, coupling, part, count):
    def emit(context, builder, signature, arguments):
        code = _Emitter(context, builder, signature, arguments)
        coupling_, part_, count_ = code.data
        total = code.zero()
        with cgutils.for_range_slice(builder, ir.Constant(_I64, 0), count_, ir.Constant(_I64, LANES)) as (k, _):
            builder.store(code.fma(code.load(coupling_, k), code.load(part_, k), builder.load(total)), total)
        return code.sum(builder.load(total))

    return types.float32(coupling, part, count), emit


@intrinsic
def _touch_vectors(typing, re, im, step_re, step_im, mallet, finger, reach, ears, modes, count, struck, rubbed):
    def emit(context, builder, signature, arguments):
        code = _Emitter(context, builder, signature, arguments)
        re_, im_, step_re_, step_im_, mallet_, finger_, reach_, ears_, modes_, count_, struck_, rubbed_ = code.data
        push, draw = code.spread_value(struck_), code.spread_value(rubbed_)
        left, right, ahead, sink = (code.zero() for _ in range(4))
        with cgutils.for_range_slice(builder, ir.Constant(_I64, 0), count_, ir.Constant(_I64, LANES)) as (k, _):
            x, y, finger_here = code.load(re_, k), code.load(im_, k), code.load(finger_, k)
            x = code.fma(finger_here, draw, code.fma(code.load(mallet_, k), push, x))
            for side, heard in enumerate((left, right)):
                ear = [code.load(ears_, builder.add(k, code.rows(modes_, 2 * side + part))) for part in range(2)]
                total = code.fma(ear[0], x, builder.load(heard))
                builder.store(code.fma(builder.fneg(ear[1]), y, total), heard)
            turn = code.load(step_re_, k), code.load(step_im_, k)
            x, y = code.complex_product(x, y, *turn)
            code.store(x, re_, k)
            code.store(y, im_, k)
            next_x, _ = code.complex_product(x, y, *turn)
            builder.store(code.fma(finger_here, next_x, builder.load(ahead)), ahead)
            builder.store(code.fma(code.load(reach_, k), y, builder.load(sink)), sink)
        sums = [code.sum(builder.load(total)) for total in (left, right, ahead, sink)]
        return context.make_tuple(builder, signature.return_type, sums)

    arrays = re, im, step_re, step_im, mallet, finger, reach, ears
    return types.UniTuple(types.float32, 4)(*arrays, modes, count, struck, rubbed), emit


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


@kernel
def feel(coupling, part, count):
    """The surface's motion at a place: sum of coupling times one part of the state. Arrays float32[modes]."""
    return _feel_vectors(coupling, part, np.int64(count))


@kernel
def touch(re, im, step_re, step_im, mallet, finger, reach, ears, count, struck, rubbed):
    """Move a touched sphere on by one frame: forces in, sound out, then rotation and decay.

    Parameters
    ----------
    re, im, step_re, step_im, mallet, finger, reach : float32[modes]
    ears : float32[4, modes]
    count : int
        Modes in use, a multiple of `LANES`.
    struck, rubbed : float32
        Momentum that mallet and finger give in this frame.

    Returns
    -------
    left, right, ahead, sink : float32
        What the ears hear of this frame; the speed there will be under the finger in two frames, but for the next
        one's forces; the depth under the mallet in the next. Knowing the speed so early, the caller need not wait
        for a sum over all modes between one frame's force and the next.
    """
    modes = np.int64(ears.shape[1])
    return _touch_vectors(re, im, step_re, step_im, mallet, finger, reach, ears, modes, np.int64(count), struck, rubbed)


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


def feel_interpreted(coupling, part, count):
    """`feel` in NumPy."""
    return np.float32(coupling[:count] @ part[:count])


def touch_interpreted(re, im, step_re, step_im, mallet, finger, reach, ears, count, struck, rubbed):
    """`touch` in NumPy."""
    state = re[:count] + mallet[:count] * struck + finger[:count] * rubbed + 1j * im[:count]
    left, right = ((ears[0::2, :count] + 1j * ears[1::2, :count]) * state).real.sum(axis=1)
    step = step_re[:count] + 1j * step_im[:count]
    state = (state * step).astype(np.complex64)
    re[:count], im[:count] = state.real, state.imag
    return left, right, finger[:count] @ (state * step).real, feel_interpreted(reach, im, count)


if numba.config.DISABLE_JIT:
    lead, ring, feel, touch = lead_interpreted, ring_interpreted, feel_interpreted, touch_interpreted
