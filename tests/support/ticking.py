"""A master of MIDI's clock on paper: when its ticks fall, and an engine that hears them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from support.playing import RATE

from weaver.engine.engine import Engine
from weaver.life.tempi import TICKS

TICK, START, CONTINUE, STOP, POSITION = 0xF8, 0xFA, 0xFB, 0xFC, 0xF2


def ideal_s(*tempi: tuple[float, float], begin_s: float = 0.01) -> NDArray[np.float64]:
    """When ticks fall, in seconds: so many beats at so many a minute, one tempo after another."""
    intervals = np.concatenate([np.full(round(beats * TICKS), 60.0 / bpm / TICKS) for beats, bpm in tempi])
    return begin_s + np.concatenate([[0.0], np.cumsum(intervals)[:-1]])


def frames_of(times_s: NDArray[np.float64], block: int = 1) -> NDArray[np.int64]:
    """In frames, in order, and rounded up to blocks."""
    frames = np.maximum.accumulate(np.round(times_s * RATE).astype(np.int64))
    return -(-frames // block) * block


def hear(
    instrument: Engine, ticks: Sequence[int] | NDArray[np.int64], port: int = 0, look: int = 480
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Let an engine hear ticks at these frames, counted from now; its tempo in bpm and beats, every `look` frames."""
    began = int(instrument.state.frame)
    bpm, beats = [], []
    waiting = [began + int(tick) for tick in ticks]
    while waiting:
        end = int(instrument.state.frame) + look
        while waiting and waiting[0] < end:
            instrument.midi((TICK,), port, max(waiting.pop(0), 1))
        instrument.render(look)
        bpm.append(float(instrument.state.transport.bpm))
        beats.append(float(instrument.snapshot().pulse))
    return np.array(bpm), np.array(beats)
