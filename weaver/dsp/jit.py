"""How Python becomes native code here: the one decorator, and where compiled code is kept.

Numba's cache does not notice a change in *another* file that a cached function calls, so the cache folder is
named by a hash of every kernel source: change one and all are compiled anew. Import this before any kernel.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
from numba import njit

from weaver.dsp.linked import LinkedCompiler
from weaver.dsp.numba_pace import widened

PACKAGE = Path(__file__).resolve().parent.parent
NATIVE = ("model", "dsp", "life", "engine")
"""The folders whose sources are compiled, or whose constants are, and so are part of the cache's key."""

ARITHMETIC = {"contract", "nsz", "arcp"}
"""Fused multiply-add and reciprocals are welcome. Reordering is not: a sum must not depend on how a block was
cut. NaN and infinity keep their meaning, because the guard at the end of a sphere looks for them."""


def source_hash() -> str:
    """Sixteen hex digits that change with any kernel source, the interpreter or Numba."""
    digest = hashlib.sha256(f"{sys.version}{numba.__version__}".encode())
    for folder in NATIVE:
        for path in sorted((PACKAGE / folder).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def cache_root() -> Path:
    """The user's cache folder for compiled kernels (`WEAVER_CACHE` overrides it)."""
    if override := os.environ.get("WEAVER_CACHE"):
        return Path(override)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData/Local")) / "sonic-weaver" / "kernels"
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches/sonic-weaver/kernels"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sonic-weaver" / "kernels"


CACHE = cache_root() / source_hash()
numba.config.CACHE_DIR = str(CACHE)


INNER = {
    "error_model": "numpy",
    "nogil": True,
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
    "pipeline_class": LinkedCompiler,
}


def kernel(function: Callable[..., Any]) -> Any:
    """An inner kernel: no exceptions from arithmetic, no GIL, arithmetic that any block size repeats."""
    return widened(njit(fastmath=ARITHMETIC, **INNER)(function))


def reduction(function: Callable[..., Any]) -> Any:
    """A kernel whose sums may be reordered, so that they vectorise.

    Only for functions that see the same whole arrays whatever the block size is.
    """
    return widened(njit(fastmath=ARITHMETIC | {"reassoc"}, **INNER)(function))


@kernel
def fill(array, value):
    """Set every element of a one-dimensional array (slice assignment would compile its own error messages)."""
    for index in range(array.shape[0]):
        array[index] = value


@kernel
def copy_into(target, source):
    """Copy one two-dimensional array into another of its shape."""
    for row in range(target.shape[0]):
        for index in range(target.shape[1]):
            target[row, index] = source[row, index]


def entry(function: Callable[..., Any]) -> Any:
    """A kernel that Python calls: kept on disk, so that the next start does not compile it."""
    return njit(error_model="numpy", nogil=True, fastmath=ARITHMETIC, cache=True)(function)
