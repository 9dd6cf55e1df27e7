"""The signs of a crack, measured as they are known of bells (Los Alamos, nonlinear elasticity).

Struck harder, its pitch drops; harmonics of a tone appear; two tones make their sum and their difference. And all of
that makes it rough. They are told from the partials by where they lie, so only lines that no partial is near are used.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from weaver.life.roughness import SETHARES, roughness
from weaver.model.units import cents_to_ratio, ratio_to_cents
from weaver.takes.measure import LOBE, Samples, line_and_floor, peaks, power_spectrum, strongest_near
from weaver.takes.specimen import Specimen

STRIKES, SPEED = 9, 0.7
"""Strikes whose medians are taken, each with a crack in another place; and their speed."""
HEARD_S = (0.02, 0.25)
"""Harmonics and sidebands: from, for so long. Short, as the pitch of what is cracked rises while it dies away."""
ROUGH_S = (0.02, 1.0)
PITCH_S = (0.02, 0.5)
SPEEDS = (0.05, 0.25, 1.0)
"""Strengths of the strikes whose pitches are compared."""
HARMONICS = (2, 3, 4)
CLEAR, LINE = 0.025, 0.012
"""A line is told from the partials if it lies this far from all of them, beside its frequency, and two lobes of the
window more; half a line's width."""
LEAST_APART_HZ = 60.0
LOWERED, RAISED = -250.0, 50.0
"""Cents by which a tone may be off."""
ROUGH_LINES, ROUGH_LEAST = 48, 1e-6
FAINTEST_DB = -150.0


@dataclass(frozen=True)
class Line:
    """A tone that is not a mode's: where, its level beside the tones it comes from, and that of the floor there."""

    name: str
    hz: float
    level_db: float
    floor_db: float


@dataclass(frozen=True)
class Signs:
    """Of a crack. `lines` are harmonics of `tone_hz` and sidebands of `pair_hz`, those that no partial hides.

    `buzz_db` is all of them together; `pitch_cents` at `SPEEDS`, beside modes that are only worn; `sag_cents` what
    the model takes from the pitch at any strength; `roughness` by Sethares, of amplitudes whose squares add up to 1.
    """

    tone_hz: float
    pair_hz: tuple[float, ...]
    lines: tuple[Line, ...]
    buzz_db: float
    pitch_hz: float
    pitch_cents: tuple[float, ...]
    sag_cents: float
    roughness: float


@dataclass(frozen=True)
class _Tones:
    """Which partials to look at: the strongest; the strongest with clear harmonics; the strongest clear pair."""

    partials_hz: Samples
    loudest_hz: float
    tone_hz: float
    harmonics: tuple[int, ...]
    pair_hz: tuple[float, ...]

    def clear(self, hz: float) -> bool:
        """Whether a line there would not be taken for a partial."""
        return bool(np.abs(self.partials_hz - hz).min() > CLEAR * hz + 2.0 * LOBE / HEARD_S[1])


def _choose_tones(specimen: Specimen) -> _Tones:
    """From a strike on the whole sphere."""
    centres_hz = np.unique([mode.centre for mode in specimen.sphere.spectrum()]) * specimen.sphere.f0_hz
    hz, power = power_spectrum(specimen.strike(0.0, SPEED, sum(HEARD_S), 0)[0], specimen.rate, *HEARD_S)
    loud = np.array([line_and_floor(hz, power, centre, LINE * centre)[0] for centre in centres_hz])
    order = [float(centre) for centre in centres_hz[np.argsort(loud)[::-1]]]
    tones = _Tones(centres_hz, order[0], order[0], (), ())
    tone_hz = next((tone for tone in order if tones.clear(2.0 * tone)), order[0])
    harmonics = tuple(number for number in HARMONICS if tones.clear(number * tone_hz))
    pairs = [(first, second) for place, second in enumerate(order) for first in order[:place]]
    clear = (
        tuple(sorted(pair))
        for pair in pairs
        if abs(pair[0] - pair[1]) > LEAST_APART_HZ and tones.clear(abs(pair[0] - pair[1])) and tones.clear(sum(pair))
    )
    return replace(tones, tone_hz=tone_hz, harmonics=harmonics, pair_hz=next(clear, ()))


def measure_signs(specimen: Specimen, damage: float) -> Signs:
    """Harmonics, sidebands, roughness, and the pitch at three strengths: medians over strikes."""
    tones = _choose_tones(specimen)
    rows: list[list[Line]] = []
    rough = []
    for take in range(STRIKES):
        sound, _ = specimen.strike(damage, SPEED, sum(ROUGH_S), take)
        rows.append(_lines(tones, *power_spectrum(sound, specimen.rate, *HEARD_S)))
        rough.append(own_roughness(*power_spectrum(sound, specimen.rate, *ROUGH_S)))
    together = [10.0 * math.log10(sum(10.0 ** (line.level_db / 10.0) for line in row) + 1e-15) for row in rows]
    lines = tuple(
        Line(
            same[0].name,
            float(np.median([line.hz for line in same])),
            float(np.median([line.level_db for line in same])),
            float(np.median([line.floor_db for line in same])),
        )
        for same in zip(*rows, strict=True)
    )
    cents, sag_cents = _pitches(specimen, damage, tones.loudest_hz)
    return Signs(
        *(tones.tone_hz, tones.pair_hz, lines, float(np.median(together))),
        *(tones.loudest_hz, cents, sag_cents, float(np.median(rough))),
    )


def _lines(tones: _Tones, hz: Samples, power: Samples) -> list[Line]:
    """Harmonics and sidebands where they belong to the tones as they are, which a crack has lowered."""

    def heard(near_hz: float) -> tuple[float, float]:
        return _find(hz, power, near_hz), line_and_floor(hz, power, near_hz, LINE * near_hz)[0]

    tone_hz, tone = heard(tones.tone_hz)
    wanted = [(f"{number}f", number * tone_hz, tone) for number in tones.harmonics]
    if tones.pair_hz:
        (low_hz, low), (high_hz, high) = (heard(near_hz) for near_hz in tones.pair_hz)
        wanted += [("f2-f1", high_hz - low_hz, low + high), ("f2+f1", high_hz + low_hz, low + high)]
    lines = []
    for name, at_hz, beside in wanted:
        level, floor = line_and_floor(hz, power, at_hz, LINE * at_hz)
        lines.append(Line(name, at_hz, _db(level / beside), _db(floor / beside)))
    return lines


def _find(hz: Samples, power: Samples, near_hz: float, half_hz: float = 0.0) -> float:
    """A tone that was there, and may be lower by now; with what lies within `half_hz` of it."""
    return strongest_near(hz, power, near_hz * cents_to_ratio(LOWERED), near_hz * cents_to_ratio(RAISED), half_hz)


def _db(power: float) -> float:
    return max(10.0 * math.log10(max(power, 1e-30)), FAINTEST_DB)


def own_roughness(hz: Samples, power: Samples) -> float:
    """Of a spectrum's own lines among each other (Sethares), their amplitudes' squares adding up to 1."""
    at_hz, amplitude = peaks(hz, power, ROUGH_LINES, ROUGH_LEAST)
    return float(roughness(SETHARES, at_hz, amplitude / math.sqrt(float(np.square(amplitude).sum()))))


def _pitches(specimen: Specimen, damage: float, near_hz: float) -> tuple[tuple[float, ...], float]:
    """Cents of the loudest tone at each strength, beside the same strikes on modes so worn; the sag of the model."""
    cents: list[float] = []
    sags: list[float] = []
    for speed in SPEEDS:
        apart = []
        for take in range(STRIKES):
            sound, sag = specimen.strike(damage, speed, sum(PITCH_S), take)
            worn = specimen.strike_worn(damage, speed, sum(PITCH_S), take)
            found, beside = (
                _find(*power_spectrum(heard, specimen.rate, *PITCH_S), near_hz, LINE * near_hz)
                for heard in (sound, worn)
            )
            apart.append(ratio_to_cents(found / beside))
            sags.append(sag)
        cents.append(float(np.median(apart)))
    return tuple(cents), float(np.mean(sags))
