"""Explicit vectors of sixteen floats, as LLVM's language writes them: what the inner loops are made of.

LLVM maps sixteen lanes onto whatever the machine has.
"""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.core import cgutils

from weaver.dsp.sizes import LANES

VECTOR = ir.VectorType(ir.FloatType(), LANES)
I64 = ir.IntType(64)


class Emitter:
    """Loads, stores and fused multiply-adds of sixteen floats, at float offsets from a pointer."""

    def __init__(self, context, builder, signature, arguments):
        self.builder = builder
        self.data = [
            context.make_array(kind)(context, builder, value).data if isinstance(kind, types.Array) else value
            for kind, value in zip(signature.args, arguments, strict=True)
        ]
        signature_ = ir.FunctionType(VECTOR, [VECTOR] * 3)
        self.fused = cgutils.get_or_insert_function(builder.module, signature_, "llvm.fmuladd.v16f32")

    def at(self, pointer, index, offset=0):
        return self.builder.gep(pointer, [self.builder.add(index, ir.Constant(I64, offset))])

    def load(self, pointer, index, offset=0):
        place = self.builder.bitcast(self.at(pointer, index, offset), VECTOR.as_pointer())
        return self.builder.load(place, align=4)

    def store(self, value, pointer, index, offset=0):
        place = self.builder.bitcast(self.at(pointer, index, offset), VECTOR.as_pointer())
        self.builder.store(value, place, align=4)

    def spread(self, pointer, index, offset=0):
        """One float in all sixteen lanes."""
        return self.spread_value(self.builder.load(self.at(pointer, index, offset)))

    def spread_value(self, value):
        """One float, in a register, in all sixteen lanes."""
        empty = ir.Constant(VECTOR, ir.Undefined)
        one = self.builder.insert_element(empty, value, ir.Constant(ir.IntType(32), 0))
        nowhere = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
        return self.builder.shuffle_vector(one, empty, nowhere)

    def zero(self):
        """A place on the stack that holds sixteen zeros; LLVM keeps it in a register."""
        silence = ir.Constant(VECTOR, [0.0] * LANES)
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
        return self.builder.mul(modes, ir.Constant(I64, count))

    def fma(self, a, b, c):
        return self.builder.call(self.fused, [a, b, c])

    def complex_product(self, a_re, a_im, b_re, b_im):
        builder = self.builder
        real = self.fma(builder.fneg(a_im), b_im, builder.fmul(a_re, b_re))
        return real, self.fma(a_im, b_re, builder.fmul(a_re, b_im))
