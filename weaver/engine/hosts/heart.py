"""The heart, compiled once: `advance` as one native function with an address and a name.

Every host calls this same machine code, whether its callback is native (by name, as a C symbol) or it has a thread
of its own (by address). So there is one long compilation rather than one for each host, and whoever calls it gets
the same samples.
"""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

import llvmlite.binding as llvm
import numpy as np
from numba import carray, cfunc, types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

from weaver.engine.address import FLOAT_POINTER, STATE_POINTER
from weaver.engine.performance import advance
from weaver.engine.units import NATIVE

SYMBOL = "weaver_advance"

advance_frames = types.ExternalFunction(
    SYMBOL, types.void(types.voidptr, types.voidptr, types.voidptr, types.int64, types.int64)
)
"""The heart as native callbacks call it: addresses of STATE, left and right; stride; frames. Call `heart` before
such a callback is compiled or loaded, or its name means nothing."""


@intrinsic
def pointer(typing, address):
    """An address kept as a number (uint64), as a pointer."""

    def emit(context, builder, signature, arguments):
        return builder.inttoptr(arguments[0], cgutils.voidptr_t)

    return types.voidptr(types.uint64), emit


def _advance(state, left, right, stride, frames):
    """`performance.advance`, from addresses."""
    length = frames * stride
    record = carray(state, (1,))[0]
    advance(record, carray(left, (length,)), carray(right, (length,)), stride, frames)


@cache
def heart() -> Any:
    """The compiled function, made or loaded at the first call: seconds when new, an instant from disk."""
    signature = types.void(STATE_POINTER, FLOAT_POINTER, FLOAT_POINTER, types.int64, types.int64)
    compiled = cfunc(signature, **NATIVE)(_advance)
    llvm.add_symbol(SYMBOL, compiled.address)
    return compiled


class Block:
    """A block of sound, of `frames` at most, that Python has the heart render, without the GIL."""

    def __init__(self, state: np.record, frames: int) -> None:
        self._state = state
        self.sound = np.zeros((2, frames), np.float32)
        """float32[2, frames]: left and right of the latest block."""
        self._call = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 3, *[ctypes.c_int64] * 2)(heart().address)
        left, right = self.sound
        self._addresses = (address_of(state), left.ctypes.data, right.ctypes.data)

    def render(self, frames: int | None = None) -> NDArray[np.float32]:
        """Advance the state by a whole block, or so many frames of it: float32[2, frames], until the next one."""
        rendered = self.sound[:, :frames]
        self._call(*self._addresses, 1, rendered.shape[1])
        return rendered


def address_of(state: np.record) -> int:
    """Where a record lives; it must be kept alive by whoever holds the address."""
    return int(state.__array_interface__["data"][0])
