"""What the samples of a performance hang on beside its commands: the code, the machine, and the tables it played from.

The same commands give the same samples where all of this is the same. Elsewhere they give the same music, but
another compiler or processor may round otherwise.
"""

from __future__ import annotations

import hashlib
import platform
from typing import cast

import llvmlite
import llvmlite.binding as llvm
import numba
import numpy as np

from weaver import __version__
from weaver.dsp.definition import define
from weaver.dsp.jit import CACHE
from weaver.dsp.records import DEFINITION
from weaver.dsp.sizes import new_record
from weaver.engine.staging import write_script
from weaver.life.records import LAW, write_law
from weaver.life.stage import SCRIPT
from weaver.model.law import Law
from weaver.model.show import Show
from weaver.model.spheres import SphereSet

DIGITS = 16
"""Hex digits of the short hashes."""


def provenance() -> dict[str, str]:
    """Of this process: versions, hash of the kernels' sources, and the processor that they are compiled for."""
    return {
        "weaver": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numba": numba.__version__,
        "llvmlite": llvmlite.__version__,
        "kernels": CACHE.name,
        "system": " ".join(filter(None, (platform.system(), platform.machine(), *platform.libc_ver()))),
        "cpu": numba.config.CPU_NAME or llvm.get_host_cpu_name(),
        "features": _short_hash(_features().encode()),
    }


def _features() -> str:
    return cast(str, numba.config.CPU_FEATURES or llvm.get_host_cpu_features().flatten())


def _short_hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:DIGITS]


def set_digest(spheres: SphereSet) -> str:
    """SHA-256 of the DEFINITION that a set becomes."""
    definition = new_record(DEFINITION)[0]
    define(definition, spheres)
    return _digest(definition)


def show_digest(show: Show, prelude_s: float) -> str:
    """SHA-256 of the SCRIPT that a show becomes."""
    script = new_record(SCRIPT)[0]
    write_script(script, show, prelude_s)
    return _digest(script)


def midi_digest(midi_map: np.record) -> str:
    """SHA-256 of a MIDI_MAP, but for the notes of the spheres, which every set lays out anew."""
    return _digest(midi_map, without="note_sphere")


def law_digest(law: Law) -> str:
    """SHA-256 of the LAW that a law becomes."""
    record = new_record(LAW)[0]
    write_law(record, law)
    return _digest(record)


def _digest(record: np.record, without: str = "") -> str:
    """Field by field: what lies between them may be anything."""
    digest = hashlib.sha256()
    for name in record.dtype.names or ():
        if name != without:
            digest.update(np.ascontiguousarray(record[name]).tobytes())
    return digest.hexdigest()
