"""The inner loop of a touched sphere, in explicit vectors: one frame after another, for hands and cracks push back.

With Numba's compiler disabled the same functions run as NumPy, as in `lanes`.
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
from weaver.dsp.vectors import I64, Emitter


@intrinsic
def _feel_vectors(typing, coupling, part, count):
    def emit(context, builder, signature, arguments):
        code = Emitter(context, builder, signature, arguments)
        coupling_, part_, count_ = code.data
        total = code.zero()
        with cgutils.for_range_slice(builder, ir.Constant(I64, 0), count_, ir.Constant(I64, LANES)) as (k, _):
            builder.store(code.fma(code.load(coupling_, k), code.load(part_, k), builder.load(total)), total)
        return code.sum(builder.load(total))

    return types.float32(coupling, part, count), emit


def _emit_touch(context, builder, signature, arguments):
    """One frame of a touched sphere; with twelve arguments it has no crack, with fifteen it has one."""
    code = Emitter(context, builder, signature, arguments)
    re_, im_, step_re_, step_im_, mallet_, finger_, reach_, ears_, modes_, count_, *rest = code.data
    crack = rest[2:]  # coupling, gape, force
    forces = [(coupling, code.spread_value(force)) for coupling, force in ((mallet_, rest[0]), (finger_, rest[1]))]
    depths = [(reach_, code.zero())]
    if crack:
        forces.append((crack[0], code.spread_value(crack[2])))
        depths.append((crack[1], code.zero()))
    left, right, ahead = (code.zero() for _ in range(3))
    with cgutils.for_range_slice(builder, ir.Constant(I64, 0), count_, ir.Constant(I64, LANES)) as (k, _):
        x, y, finger_here = code.load(re_, k), code.load(im_, k), code.load(finger_, k)
        for coupling, force in forces:
            x = code.fma(finger_here if coupling is finger_ else code.load(coupling, k), force, x)
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
        for reach, depth in depths:
            builder.store(code.fma(code.load(reach, k), y, builder.load(depth)), depth)
    sums = [code.sum(builder.load(total)) for total in (left, right, ahead, *(depth for _, depth in depths))]
    return context.make_tuple(builder, signature.return_type, sums)


@intrinsic
def _touch_vectors(typing, re, im, step_re, step_im, mallet, finger, reach, ears, modes, count, struck, rubbed):
    arrays = re, im, step_re, step_im, mallet, finger, reach, ears
    return types.UniTuple(types.float32, 4)(*arrays, modes, count, struck, rubbed), _emit_touch


@intrinsic
def _touch_cracked_vectors(
    typing, re, im, step_re, step_im, mallet, finger, reach, ears, modes, count, struck, rubbed, crack, gape, parted
):
    arrays = re, im, step_re, step_im, mallet, finger, reach, ears
    kinds = *arrays, modes, count, struck, rubbed, crack, gape, parted
    return types.UniTuple(types.float32, 5)(*kinds), _emit_touch


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


@kernel
def touch_cracked(re, im, step_re, step_im, mallet, finger, reach, ears, count, struck, rubbed, crack, gape, parted):
    """`touch`, with a crack whose faces are pushed apart.

    Parameters
    ----------
    crack, gape : float32[modes]
        Coupling where the crack is, and how far it opens per unit of state.
    parted : float32
        Momentum that its faces give in this frame.

    Returns
    -------
    left, right, ahead, sink, yawn : float32
        As `touch`; and how far the crack stands open in the next frame.
    """
    modes, count = np.int64(ears.shape[1]), np.int64(count)
    return _touch_cracked_vectors(
        re, im, step_re, step_im, mallet, finger, reach, ears, modes, count, struck, rubbed, crack, gape, parted
    )


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


def touch_cracked_interpreted(
    re, im, step_re, step_im, mallet, finger, reach, ears, count, struck, rubbed, crack, gape, parted
):
    """`touch_cracked` in NumPy."""
    re[:count] += crack[:count] * parted
    sums = touch_interpreted(re, im, step_re, step_im, mallet, finger, reach, ears, count, struck, rubbed)
    return *sums, feel_interpreted(gape, im, count)


if numba.config.DISABLE_JIT:
    feel, touch, touch_cracked = feel_interpreted, touch_interpreted, touch_cracked_interpreted
