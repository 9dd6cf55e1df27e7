"""All peers ring the bank, one after the other: who they are and what each of them manages on one core.

A peer that is missing, fails, or does not sound as the bank must has a result with the reason, not a figure.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from weaver.bench.bank import PeerError, PeerResult
from weaver.bench.faust_bank import faust
from weaver.bench.pyo_bank import pyo
from weaver.bench.scsynth_bank import scsynth


def attempt(name: str, ring: Callable[[], PeerResult]) -> PeerResult:
    """The result of one peer, or a result without a figure that says why."""
    try:
        return ring()
    except PeerError as error:
        return PeerResult(name, "", None, str(error))


def ring_peers(
    runs: int = 3, pyo_python: str = sys.executable, progress: Callable[[str], None] = lambda name: None
) -> list[PeerResult]:
    """Ring the bank in every peer and keep each one's best of `runs`. Takes about a minute, mostly g++'s.

    `pyo_python` is an interpreter that has pyo; `progress` is told each peer's name as its turn comes.
    """
    peers: dict[str, Callable[[], PeerResult]] = {
        "Faust": lambda: faust(runs=runs),
        "scsynth": lambda: scsynth(runs=runs),
        "pyo": lambda: pyo(runs=runs, python=pyo_python),
    }
    results = []
    for name, ring in peers.items():
        progress(name)
        results.append(attempt(name, ring))
    return results
