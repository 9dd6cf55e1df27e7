"""The bank every synth is asked to ring: 512 decaying sines, and the check that it really rang them.

All get the same frequencies, decay, sample rate and block, a strike at the start, and a mono sum. What
counts is how many such modes one core keeps ringing in real time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from weaver.model.errors import WeaverError

MODES = 512
T60_S = 20.0
LOWEST_HZ, HIGHEST_HZ = 200.0, 8000.0
SAMPLE_RATE_HZ = 48_000
BLOCK_FRAMES = 64
SEED = 512

CHECKED_S = 4.0
"""Seconds of sound the check looks at: long enough to tell most neighbours (15 Hz apart on average) apart."""
SILENT_RMS = 1e-7
ON_MODE_BINS = 3
"""A mode under a Hann window fills two bins each side; one more for a synth that is a little off."""
LEAST_ON_MODES = 0.99
"""Share of the energy that must lie on the modes. White noise would put about a tenth there."""
FAINTEST_DB = -40.0
"""A mode this far below the median mode counts as missing."""
DECAY_WITHIN_DB = 1.0
"""How far the level of the last checked second may be from where T60 puts it, seen from the first."""


class PeerError(WeaverError):
    """A peer is missing, failed, or did not sound as it should; the message is the reason in its row."""


@dataclass(frozen=True)
class PeerResult:
    """What one synth did with the bank; `modes_per_core` is None where it could not be measured."""

    name: str
    version: str
    modes_per_core: float | None
    detail: str


def frequencies_hz() -> NDArray[np.float64]:
    """The bank's mode frequencies, ascending, shape (MODES,)."""
    return np.sort(np.random.default_rng(SEED).uniform(LOWEST_HZ, HIGHEST_HZ, MODES))


def modes_per_core(audio_s: float, cpu_s: float) -> float:
    """Modes one core rings in real time when the bank took `cpu_s` of its time for `audio_s` of sound.

    Raises PeerError where no time was counted, as on systems that do not report their children's.
    """
    if cpu_s <= 0:
        raise PeerError("no processor time was counted")
    return MODES * audio_s / cpu_s


def best(versions: dict[str, Callable[[], float]]) -> tuple[str, float, str]:
    """The version that rings most modes per core: its name, the figure, and a note on all.

    Raises PeerError with every reason when none works.
    """
    figures: dict[str, float] = {}
    notes: list[str] = []
    for name, ring in versions.items():
        try:
            figures[name] = ring()
            notes.append(f"{name} {figures[name]:,.0f}")
        except PeerError as error:
            notes.append(f"{name}: {error}")
    if not figures:
        raise PeerError("; ".join(notes))
    winner = max(figures, key=lambda name: figures[name])
    return winner, figures[winner], "; ".join(notes)


def check_file(path: Path) -> None:
    """`check` a mono sound file. Raises PeerError, also when there is none."""
    try:
        audio, _ = soundfile.read(path)
    except soundfile.LibsndfileError as error:
        raise PeerError(f"left no sound file: {error}") from error
    check(audio)


def check(audio: NDArray[np.floating]) -> None:
    """Raise PeerError unless `audio`, shape (frames,), is the bank's sound: every mode there, little else."""
    frames = int(CHECKED_S * SAMPLE_RATE_HZ)
    if len(audio) < frames:
        raise PeerError(f"gave {len(audio)} frames where {frames} were due")
    start = audio[:frames].astype(np.float64)
    if not np.isfinite(start).all():
        raise PeerError("gave samples that are not finite")
    if np.sqrt(np.mean(start**2)) < SILENT_RMS:
        raise PeerError("stayed silent")
    energy = np.abs(np.fft.rfft(start * np.hanning(frames))) ** 2
    bins = np.rint(frequencies_hz() * CHECKED_S).astype(int)
    near = bins[:, None] + np.arange(-ON_MODE_BINS, ON_MODE_BINS + 1)
    share = energy[np.unique(near)].sum() / energy.sum()
    if share < LEAST_ON_MODES:
        raise PeerError(f"put only {share:.0%} of its energy on the modes")
    peaks_db = 10 * np.log10(energy[near].max(axis=1) + np.finfo(float).tiny)
    missing = int((peaks_db < np.median(peaks_db) + FAINTEST_DB).sum())
    if missing:
        raise PeerError(f"left out {missing} of {MODES} modes")
    first, last = (float(np.mean(second**2)) for second in (start[:SAMPLE_RATE_HZ], start[-SAMPLE_RATE_HZ:]))
    fall_db, due_db = 10 * np.log10(first / last), 60 / T60_S * (CHECKED_S - 1)
    if abs(fall_db - due_db) > DECAY_WITHIN_DB:
        raise PeerError(f"fell by {fall_db:.1f} dB where {due_db:.1f} dB were due")
