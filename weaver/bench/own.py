"""The instrument's own rows, measured without a sound card: the bank, a block's cost, offline rendering."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from weaver import __version__
from weaver.bench.bank import MODES, SAMPLE_RATE_HZ, T60_S, PeerResult, check, frequencies_hz, modes_per_core
from weaver.bench.table import Row
from weaver.dsp import lanes
from weaver.dsp.cells import add
from weaver.dsp.jit import ARITHMETIC
from weaver.dsp.records import BANK
from weaver.dsp.sizes import CELL, GROUP, new_record
from weaver.dsp.sizes import MODES as MODES_EACH
from weaver.engine.engine import Engine
from weaver.engine.harm import hurt
from weaver.engine.maps import empty_midi_map
from weaver.engine.performance import render
from weaver.model.law import DEFAULT_LAW, STAKES, load_law, timeless
from weaver.model.spheres import SphereSet, load_set
from weaver.model.units import LN_1000

SPHERES = MODES // MODES_EACH
BLOCKS_FRAMES = (32, 64, 128)
SEED = 64
STRIKE_S = 0.1
"""Every sphere is struck about ten times a second while a block's cost is measured: faster than hands are."""
OFFLINE_S = 60.0
BRINK = 0.9
"""Damage of a ruined sphere: it flickers, buzzes, crackles and sheds flakes as much as one does that stands."""
LONG_RUN_S = 10.0


@njit(error_model="numpy", fastmath=ARITHMETIC)
def _ring_bank(
    re: Any, im: Any, leap_re: Any, leap_im: Any, ears: Any, table: Any, amplitude: Any, sound: Any, out: Any
) -> None:
    """Ring the bank for out.shape[0] cells: the product's inner loop, as `dsp.spheres` calls it."""
    for cell in range(out.shape[0]):
        for s in range(re.shape[0]):
            lanes.lead(re[s], im[s], leap_re[s], leap_im[s], ears[s], MODES_EACH, amplitude)
            lanes.ring(amplitude, table[s], 0, MODES_EACH, sound)
            add(out[cell], sound[0])


def bare_bank(audio_s: float = 20.0, runs: int = 5) -> PeerResult:
    """The same 512 modes as the peers', rung by the product's inner loop, which hears with two ears."""
    bank = new_record(BANK)[0]
    step = np.exp(2j * np.pi * frequencies_hz() / SAMPLE_RATE_HZ - LN_1000 / (T60_S * SAMPLE_RATE_HZ))
    step = step.reshape(SPHERES, MODES_EACH)
    powers = step[..., None] ** np.arange(GROUP)
    leap = step**GROUP
    bank.table[:SPHERES, :, 0], bank.table[:SPHERES, :, 1] = powers.real, powers.imag
    bank.leap_re[:SPHERES], bank.leap_im[:SPHERES] = leap.real, leap.imag
    bank.ears[:SPHERES, 0] = bank.ears[:SPHERES, 2] = 1.0
    arrays = bank.re, bank.im, bank.leap_re, bank.leap_im, bank.ears, bank.table
    fastest = np.inf
    for _ in range(runs + 1):  # the first compiles
        bank.re[:], bank.im[:] = 1.0 / MODES, 0.0
        out = np.zeros((round(audio_s * SAMPLE_RATE_HZ / CELL), CELL), np.float32)
        began_s = time.process_time()
        _ring_bank(*(array[:SPHERES] for array in arrays), bank.amplitude, bank.fading, out)
        fastest = min(fastest, time.process_time() - began_s)
    check(out.reshape(-1))
    return PeerResult(
        "Sonic Weaver, bare bank", __version__, modes_per_core(audio_s, fastest), "both ears, weights complex"
    )


def instrument(spheres: SphereSet, seed: int = SEED) -> Engine:
    """An engine at 48 kHz that no MIDI plays; nothing is at stake, so its spheres stay whole."""
    engine = Engine(spheres, empty_midi_map(), float(SAMPLE_RATE_HZ), seed)
    engine.set_parameter("stakes", STAKES.index("off"))
    return engine


def ruined(spheres: SphereSet) -> Engine:
    """The same, but every sphere is at the brink and stays there, for the highest stakes, before a humming audience."""
    engine = Engine(spheres, empty_midi_map(), float(SAMPLE_RATE_HZ), SEED, timeless(load_law(DEFAULT_LAW)))
    engine.set_parameter("stakes", STAKES.index("virtuoso"))
    engine.set_parameter("audience_db", 0.0)
    engine.render(CELL)
    for s in range(len(spheres.spheres)):
        hurt(engine.address, s, BRINK)
    return engine


def strike_often(engine: Engine, rng: np.random.Generator, until_s: float) -> None:
    """Strike every sphere at its own moments until then: commands with frames, put in ahead of a block."""
    count = len(engine.spheres.spheres)
    now = int(engine.state.frame)
    for s in range(count):
        for at in np.arange(rng.uniform(0, STRIKE_S), until_s, STRIKE_S):
            velocity = float(rng.uniform(0.2, 0.9))
            engine.gesture("strike", s, frame=now + int(at * SAMPLE_RATE_HZ) + 1, velocity=velocity)


def rub_all(engine: Engine, rng: np.random.Generator, until_s: float) -> None:
    """Keep a finger on every sphere."""
    for s in range(len(engine.spheres.spheres)):
        engine.gesture("rub", s, pressure=0.6, speed=float(rng.uniform(0.3, 0.7)))


def weave(engine: Engine, rng: np.random.Generator, until_s: float) -> None:
    """All at once: every sphere struck over and over, one in eight rubbed, bent, tilted, moved; pairs bound."""
    strike_often(engine, rng, until_s)
    now = int(engine.state.frame)
    count = len(engine.spheres.spheres)
    for s in range(0, count, 8):
        frame = now + int(rng.uniform(0, until_s) * SAMPLE_RATE_HZ)
        engine.gesture("rub", s, frame=frame, pressure=0.5)
        engine.gesture("bend", (s + 1) % count, frame=frame, cents=float(rng.uniform(-200, 200)))
        engine.gesture("place", (s + 2) % count, frame=frame, azimuth=float(rng.uniform(-90, 90)))
        engine.gesture("bind", (s + 3) % count, frame=frame, other=(s + 4) % count, strength=0.3)


Play = Callable[[Engine, np.random.Generator, float], None]


def costs_us(engine: Engine, play: Play, block_frames: int, audio_s: float = 8.0) -> NDArray[np.float64]:
    """Wall time of every block while `play` plays, in microseconds, the call from Python included."""
    rng = np.random.default_rng(SEED)
    out = np.zeros((block_frames, 2), np.float32)
    costs = []
    chunk_s = 0.5
    for _ in range(round(audio_s / chunk_s)):
        play(engine, rng, chunk_s)
        for _ in range(round(chunk_s * SAMPLE_RATE_HZ / block_frames)):
            began_ns = time.perf_counter_ns()
            render(engine.address, out.ctypes.data, block_frames)
            costs.append(time.perf_counter_ns() - began_ns)
        engine.notices()
    return np.array(costs[len(costs) // 8 :]) / 1000.0


def some(spheres: SphereSet, count: int, modes: int) -> SphereSet:
    """So many spheres of a set, evenly taken, with at most so many modes each."""
    every = len(spheres.spheres) // count
    return replace(spheres, spheres=tuple(replace(s, modes=modes) for s in spheres.spheres[::every][:count]))


def block_rows(tell: Callable[[str], None]) -> list[Row]:
    """Cost of a block: 8 x 32 struck and rubbed at three sizes, 64 x 64 at 64 frames, room and limiter always on."""
    tell("blocks")
    grand = load_set("grand")
    rows = []
    for name, play in (("all struck", strike_often), ("all rubbed", rub_all)):
        for frames in BLOCKS_FRAMES:
            costs = costs_us(instrument(some(grand, 8, 32)), play, frames)
            rows.append(_block_row(f"8 spheres x 32 modes, {name}", frames, costs))
    costs = costs_us(ruined(some(grand, 8, 32)), rub_all, CELL, LONG_RUN_S)
    rows.append(_block_row("8 spheres x 32 modes, all at the brink, rubbed and shedding", CELL, costs))
    for name, play in (("all struck", strike_often), ("woven", weave), ("all rubbed", rub_all)):
        costs = costs_us(instrument(grand), play, 64)
        rows.append(_block_row(f"64 spheres x 64 modes, {name}", 64, costs))
    return rows


def _block_row(name: str, frames: int, costs: NDArray[np.float64]) -> Row:
    period_us = frames / SAMPLE_RATE_HZ * 1e6
    return Row(
        "block",
        name,
        {
            "block_frames": frames,
            "median_us": float(np.median(costs)),
            "p999_us": float(np.quantile(costs, 0.999)),
            "max_us": float(np.max(costs)),
            "over_half": int(np.count_nonzero(costs > 0.5 * period_us)),
            "core_percent": float(100.0 * np.median(costs) / period_us),
        },
    )


def full_instrument(audio_s: float = 8.0) -> PeerResult:
    """64 spheres of 64 modes, woven: struck, rubbed, bent, moved, bound, in their room, behind the limiter."""
    grand = load_set("grand")
    costs = costs_us(instrument(grand), weave, 64, audio_s)
    modes = sum(len(sphere.spectrum()) for sphere in grand.spheres)
    rate = modes * (64 / SAMPLE_RATE_HZ) / (float(np.median(costs)) * 1e-6)
    return PeerResult("Sonic Weaver, full instrument", __version__, rate, f"{modes} modes; see `weave` in bench.own")


def offline_row(tell: Callable[[str], None]) -> Row:
    """How much faster than real time the default set renders, all its spheres in play."""
    tell("offline rendering")
    engine = instrument(load_set("auditorium"))
    rng = np.random.default_rng(SEED)
    engine.render(64)
    began_s = time.perf_counter()
    for _ in range(int(OFFLINE_S)):
        weave(engine, rng, 1.0)
        engine.render(SAMPLE_RATE_HZ)
    took_s = time.perf_counter() - began_s
    return Row("offline", "default set, woven", {"times_real_time": OFFLINE_S / took_s}, __version__)
