"""Native code that all tests share, compiled once however many processes run them."""

from __future__ import annotations

from weaver.dsp.jit import CACHE
from weaver.engine.hosts.heart import heart
from weaver.engine.precompile import compile_entries, compile_offline, units_beside

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment,unused-ignore]


def compile_kernels() -> None:
    """Have in the cache what engines and hosts call. Who comes while another compiles waits for it; on Windows
    both compile.
    """
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / "tests.lock", "w") as lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        with units_beside():
            compile_entries()
            compile_offline()
            heart()
