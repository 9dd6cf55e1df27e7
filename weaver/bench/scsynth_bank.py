"""The bank in SuperCollider's server, offline: `Klank` (one unit, 512 modes) and 512 `Ringz`, without sclang.

The synth definition ("SCgf", version 2) is written byte by byte and the score is OSC bundles, each after its size, as
SuperCollider's help pages "Synth Definition File Format" and "Non-Realtime Synthesis" have them.
"""

from __future__ import annotations

import struct
import tempfile
from functools import partial
from pathlib import Path

from weaver.bench.bank import (
    BLOCK_FRAMES,
    MODES,
    SAMPLE_RATE_HZ,
    T60_S,
    PeerResult,
    best,
    check_file,
    frequencies_hz,
    modes_per_core,
)
from weaver.bench.process import cpu_s, version_of
from weaver.model.osc_packet import encode, encode_bundle

LONG_S, SHORT_S = 20.0, 0.1
"""A long render and a short one, whose difference is the sound without the start of the program."""

AUDIO_RATE = 2
FORMAT_VERSION = 2
CONSTANT = -1
"""In an input's place of a unit's index: the input is a constant."""
DEFINITION = "bank.scsyndef"
NODE = 1000


class SynthDef:
    """A graph of units being written: each call of `unit` returns the index that later inputs name."""

    def __init__(self) -> None:
        self._constants: dict[float, int] = {}
        self._units: list[bytes] = []

    def constant(self, value: float) -> tuple[int, int]:
        """An input that never changes."""
        return CONSTANT, self._constants.setdefault(value, len(self._constants))

    def unit(self, kind: str, inputs: list[tuple[int, int]], outputs: int = 1) -> tuple[int, int]:
        """Add an audio-rate unit and return its first output, to be an input of others."""
        head = pascal(kind) + struct.pack(">biih", AUDIO_RATE, len(inputs), outputs, 0)
        wires = b"".join(struct.pack(">ii", *wire) for wire in inputs)
        self._units.append(head + wires + bytes([AUDIO_RATE] * outputs))
        return len(self._units) - 1, 0

    def encode(self, name: str) -> bytes:
        """The file's bytes: one definition without parameters or variants."""
        constants = b"".join(struct.pack(">f", value) for value in self._constants)
        return b"".join(
            (
                b"SCgf" + struct.pack(">ih", FORMAT_VERSION, 1) + pascal(name),
                struct.pack(">i", len(self._constants)) + constants,
                struct.pack(">iii", 0, 0, len(self._units)) + b"".join(self._units),
                struct.pack(">h", 0),
            )
        )


def pascal(text: str) -> bytes:
    """A string after its length in one byte."""
    return bytes([len(text)]) + text.encode("ascii")


def klank() -> bytes:
    """Inputs: excitation, frequency scale and offset, decay scale; then each mode's frequency, gain, T60."""
    graph = SynthDef()
    zero, one, t60 = graph.constant(0.0), graph.constant(1.0), graph.constant(T60_S)
    strike = graph.unit("Impulse", [zero, zero])
    gain = graph.constant(1 / MODES)
    modes = [wire for hz in frequencies_hz() for wire in (graph.constant(hz), gain, t60)]
    graph.unit("Out", [zero, graph.unit("Klank", [strike, one, zero, one, *modes])], outputs=0)
    return graph.encode("bank")


def ringz() -> bytes:
    """512 filters summed by fours, as sclang's own optimiser would."""
    graph = SynthDef()
    zero, t60 = graph.constant(0.0), graph.constant(T60_S)
    strike = graph.unit("Impulse", [zero, zero])

    def total(modes_hz: list[float]) -> tuple[int, int]:
        if len(modes_hz) == 1:
            return graph.unit("Ringz", [strike, graph.constant(modes_hz[0]), t60])
        if len(modes_hz) == 2:
            return graph.unit("BinaryOpUGen", [total([hz]) for hz in modes_hz])  # its operator 0 is the sum
        return graph.unit("Sum4", [total(modes_hz[part::4]) for part in range(4)])

    graph.unit("Out", [zero, total(frequencies_hz().tolist())], outputs=0)
    return graph.encode("bank")


def score(audio_s: float) -> bytes:
    """What scsynth reads with -N: load the definition, start it, and end after `audio_s`."""
    return b"".join(
        (
            timed(0.0, encode("/d_load", DEFINITION)),
            timed(0.0, encode("/s_new", "bank", NODE, 0, 0)),
            timed(audio_s, encode("/c_set", 0, 0)),
        )
    )


def timed(seconds: float, message: bytes) -> bytes:
    """One message in a bundle with its time (32.32 fixed point), after the bundle's size."""
    bundle = encode_bundle([message], round(seconds * 2**32))
    return struct.pack(">i", len(bundle)) + bundle


def render_cpu_s(folder: Path, definition: bytes, audio_s: float) -> float:
    """Processor seconds scsynth takes for its start and `audio_s` of sound, left in `folder`/out.wav."""
    (folder / DEFINITION).write_bytes(definition)
    (folder / "score").write_bytes(score(audio_s))
    output = ["out.wav", str(SAMPLE_RATE_HZ), "WAV", "float", "-i", "0", "-o", "1"]
    return cpu_s(["scsynth", "-z", str(BLOCK_FRAMES), "-D", "0", "-N", "score", "_", *output], folder)


def ring(definition: bytes, audio_s: float, runs: int) -> float:
    """Modes per core of one definition, the best of `runs`; the start is taken off by a very short render."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        start_s = min(render_cpu_s(folder, definition, SHORT_S) for _ in range(runs))
        long_s = min(render_cpu_s(folder, definition, audio_s) for _ in range(runs))
        check_file(folder / "out.wav")
    return modes_per_core(audio_s - SHORT_S, long_s - start_s)


def scsynth(audio_s: float = LONG_S, runs: int = 3) -> PeerResult:
    """The faster of scsynth's two ways. Raises PeerError when it is missing or does not sound right."""
    version = version_of(["scsynth", "-v"])
    ways = {"Klank": klank, "512 Ringz": ringz}
    name, figure, note = best({way: partial(ring, write(), audio_s, runs) for way, write in ways.items()})
    return PeerResult(f"scsynth, {name}", version, figure, f"offline; {note}")
