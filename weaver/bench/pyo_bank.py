"""The bank in pyo, offline, in a process of its own: with `ComplexRes` and with `Reson`."""

from __future__ import annotations

import sys
import tempfile
from functools import partial
from pathlib import Path

from weaver.bench.bank import (
    BLOCK_FRAMES,
    SAMPLE_RATE_HZ,
    T60_S,
    PeerError,
    PeerResult,
    best,
    check_file,
    frequencies_hz,
    modes_per_core,
)
from weaver.bench.process import run

CHILD = Path(__file__).with_name("pyo_child.py")
KINDS = ("ComplexRes", "Reson")


def ring(python: str, kind: str, audio_s: float, runs: int) -> float:
    """Modes per core of one of pyo's resonators: the best of `runs`, after a check of its sound."""
    modes = "\n".join(str(hz) for hz in frequencies_hz())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.wav"
        settings = map(str, (audio_s, SAMPLE_RATE_HZ, BLOCK_FRAMES, T60_S, path))
        call = [python, str(CHILD), kind, *settings]
        spent_s = min(float(run(call, text_in=modes).split()[-1]) for _ in range(runs))
        check_file(path)
    return modes_per_core(audio_s, spent_s)


def pyo(audio_s: float = 10.0, runs: int = 3, python: str = sys.executable) -> PeerResult:
    """The faster of pyo's resonators, under the interpreter `python`.

    Raises PeerError when pyo cannot be imported there (it has wheels for Python 3.11 only) or sounds wrong.
    """
    try:
        said = run([python, "-c", "import pyo; print(); print(pyo.PYO_VERSION)"])
    except PeerError as error:
        raise PeerError(f"cannot be imported: {error}") from error
    name, figure, note = best({kind: partial(ring, python, kind, audio_s, runs) for kind in KINDS})
    return PeerResult(f"pyo, {name}", said.split()[-1], figure, f"offline; {note}")
