"""Conversions between the units the instrument speaks in: decibels, hertz, notes, cents, seconds, frames.

Every pair here undoes itself. Nothing raises for a finite argument in the stated range.
"""

from __future__ import annotations

import math

SILENCE_DB = -120.0
"""At and below this a level is no sound at all: 24-bit audio ends at -144 dB, hearing in a room well
above."""

LN_1000 = math.log(1000.0)
"""Nepers in 60 dB: a decay by 60 dB in T60 seconds loses LN_1000 / T60 nepers per second."""

A4_HZ = 440.0
"""ISO 16: the standard tuning frequency."""

A4_NOTE = 69
"""MIDI note number of A4 (MIDI 1.0 specification, key 60 = middle C)."""

PLAYABLE_HZ = (8.0, 20_000.0)
"""Pitches that a note may be tuned to: MIDI note 0 is 8.18 Hz in standard tuning, and nobody hears more than 20 kHz."""

NOTES_PER_OCTAVE = 12
CENTS_PER_OCTAVE = 1200.0
DB_PER_TENFOLD = 20.0  # of amplitude, not of power


def clamp(value: float, low: float, high: float) -> float:
    """`value`, or the end of [low, high] it lies beyond; NaN becomes `low`, so that no NaN passes."""
    return min(high, value) if value > low else low


def db_to_gain(level_db: float) -> float:
    """Amplitude factor of a level in dB; exactly 0.0 at and below `SILENCE_DB`."""
    return 0.0 if level_db <= SILENCE_DB else math.pow(10.0, level_db / DB_PER_TENFOLD)


def gain_to_db(gain: float) -> float:
    """Level in dB of an amplitude factor (its sign is ignored); never below `SILENCE_DB`."""
    return max(SILENCE_DB, DB_PER_TENFOLD * math.log10(abs(gain))) if gain else SILENCE_DB


def note_to_hz(note: float) -> float:
    """Frequency of a (fractional) MIDI note number in equal temperament at A4 = 440 Hz."""
    return A4_HZ * math.exp2((note - A4_NOTE) / NOTES_PER_OCTAVE)


def hz_to_note(frequency_hz: float) -> float:
    """Fractional MIDI note number of a frequency above zero, equal temperament at A4 = 440 Hz."""
    return A4_NOTE + NOTES_PER_OCTAVE * math.log2(frequency_hz / A4_HZ)


def cents_to_ratio(interval_cents: float) -> float:
    """Frequency ratio of an interval in cents."""
    return math.exp2(interval_cents / CENTS_PER_OCTAVE)


def ratio_to_cents(ratio: float) -> float:
    """Interval in cents of a frequency ratio above zero."""
    return CENTS_PER_OCTAVE * math.log2(ratio)


def seconds_to_frames(duration_s: float, sample_rate: float) -> int:
    """The nearest whole number of frames."""
    return round(duration_s * sample_rate)
