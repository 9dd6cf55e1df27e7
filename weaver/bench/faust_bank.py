"""The bank in Faust, translated to C++ and compiled by g++ for this very processor."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from weaver.bench.bank import (
    BLOCK_FRAMES,
    CHECKED_S,
    MODES,
    SAMPLE_RATE_HZ,
    T60_S,
    PeerResult,
    best,
    check,
    frequencies_hz,
    modes_per_core,
)
from weaver.bench.process import need, run, version_of

COMPILER = ["g++", "-O3", "-march=native", "-ffast-math", "-std=c++17"]

POLE_PAIR = r"""
polePair(f, t60, gain) = *(gain) : + ~ (\(y).(2*r*cos(w)*y - r*r*y'))
with { r = pow(0.001, 1/(t60*ma.SR)); w = 2*ma.PI*f/ma.SR; };
"""
"""A mode as the barest recursion: two multiplications, and without the two zeros of the library's."""


@dataclass(frozen=True)
class Version:
    """One way to write a mode in Faust, and to compile it."""

    mode: str
    options: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return " ".join((self.mode, *self.options))


VERSIONS = (
    Version("pm.modeFilter"),
    Version("pm.modeFilter", ("-vec", "-fun", "-vs", str(BLOCK_FRAMES))),
    Version("pm.modeFilter", ("-mcd", "0")),
    Version("polePair", ("-mcd", "0")),
)
"""As one would write it; in vector loops; and with all delays as ring buffers (`-mcd 0`), which lets g++
vectorise across modes. Of many combinations tried, these are the plain one and the fast ones."""

MAIN = """
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <vector>
#define FAUSTFLOAT float
struct Meta { void declare(const char*, const char*) {} };
struct UI {
    void openVerticalBox(const char*) {}
    void closeBox() {}
};
struct dsp {};
#include "bank.cpp"

static double cpu_ns() {
    timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}

// bank SAMPLE_RATE BLOCK BLOCKS SOUND_BLOCKS FILE: prints ns per block; the first SOUND_BLOCKS go to FILE
int main(int, char** arguments) {
    const int rate = atoi(arguments[1]), block = atoi(arguments[2]);
    const int blocks = atoi(arguments[3]), sound_blocks = atoi(arguments[4]);
    std::unique_ptr<Bank> bank(new Bank());
    bank->init(rate);
    std::vector<float> out(block), sound(size_t(block) * sound_blocks);
    float* outs[] = {out.data()};
    double sum = 0;
    const double start = cpu_ns();
    for (int b = 0; b < blocks; b++) {
        bank->compute(block, nullptr, outs);
        if (b < sound_blocks)
            for (int i = 0; i < block; i++) sound[size_t(b) * block + i] = out[i];
        sum += out[0];
    }
    const double spent = cpu_ns() - start;
    FILE* file = fopen(arguments[5], "wb");
    if (!file || fwrite(sound.data(), sizeof(float), sound.size(), file) != sound.size()) return 1;
    fclose(file);
    printf("%f\\n", spent / blocks);
    return std::isfinite(sum) ? 0 : 2;
}
"""


def source(mode: str) -> str:
    """The bank as Faust text: one impulse at the start, all modes in parallel, summed."""
    modes = ",\n  ".join(f"{mode}({hz:.6f}, {T60_S}, {1 / MODES:.9f})" for hz in frequencies_hz())
    return f'import("stdfaust.lib");\n{POLE_PAIR}\nprocess = 1-1\' <:\n  {modes} :> _;\n'


def ring(version: Version, audio_s: float, runs: int) -> float:
    """Compile one version, check its sound, and return its modes per core (best of `runs`)."""
    blocks, checked = (round(seconds * SAMPLE_RATE_HZ / BLOCK_FRAMES) for seconds in (audio_s, CHECKED_S))
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "bank.dsp").write_text(source(version.mode), encoding="ascii")
        (folder / "main.cpp").write_text(MAIN, encoding="ascii")
        run(["faust", "-lang", "cpp", "-cn", "Bank", *version.options, "bank.dsp", "-o", "bank.cpp"], folder)
        run([*COMPILER, "main.cpp", "-o", "bank"], folder)
        numbers = map(str, (SAMPLE_RATE_HZ, BLOCK_FRAMES, max(blocks, checked), checked))
        call = [str(folder / "bank"), *numbers, "sound.raw"]
        block_ns = min(float(run(call, folder)) for _ in range(runs))
        check(np.fromfile(folder / "sound.raw", np.float32))
    return modes_per_core(BLOCK_FRAMES / SAMPLE_RATE_HZ, block_ns * 1e-9)


def faust(audio_s: float = 20.0, runs: int = 3) -> PeerResult:
    """The fastest of VERSIONS. Raises PeerError when none can be built or sounds right."""
    version = version_of(["faust", "--version"])
    need(COMPILER[0])
    name, figure, note = best({each.name: partial(ring, each, audio_s, runs) for each in VERSIONS})
    return PeerResult(f"Faust, {name}", version, figure, f"{' '.join(COMPILER)}; {note}")
