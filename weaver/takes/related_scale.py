"""The scale that a spectrum asks for: where two tones of it are smooth together.

"The related scale" of Sethares (JASA 94, 1993; "Tuning, Timbre, Spectrum, Scale", Springer 1998). One tone stands, a
second glides up from it; the minima of their roughness are the steps. Harmonic tones give just intonation; glasses,
bowls and balls give scales of their own, in which they are as smooth as strings are in ours. As everywhere here only
what is between the two tones counts, not what each is by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from weaver.dsp.definition import strongest_partials
from weaver.life.roughness import roughness_along
from weaver.model.errors import ConfigError
from weaver.model.spheres import Sphere
from weaver.model.units import CENTS_PER_OCTAVE, cents_to_ratio, ratio_to_cents
from weaver.takes.audio_file import check_folder, whole_file

REACH_CENTS = 1500
"""How far the second tone glides, in steps of a cent."""
PERIOD_FROM_CENTS = 1000
"""The period lies from here to `REACH_CENTS`."""
SHALLOWEST = 0.01
"""Depth of a minimum, beside the curve's height, from which it is a step."""
LARGEST_DENOMINATOR = 16
"""Of the just ratios that steps are compared with."""
OCTAVE = round(CENTS_PER_OCTAVE)


@dataclass(frozen=True)
class Step:
    """A minimum: its interval, the just ratio nearest to it, how far above that it lies, and its depth, 0 to 1."""

    cents: int
    just: Fraction
    off_cents: float
    depth: float


@dataclass(frozen=True)
class RelatedScale:
    """`curve` : float64[REACH_CENTS + 1], roughness at each cent, 1 at its highest. The last of `steps` is the period.

    `reason` says why that is the period.
    """

    curve: NDArray[np.float64]
    steps: tuple[Step, ...]
    reason: str


def related_scale(spheres: Sequence[Sphere], model: int) -> RelatedScale:
    """The scale of some spheres, by a model of roughness: the place of one of `model.parameters.JUDGES`."""
    curve = dissonance_curve(spheres, model)
    minima = [Step(cents, *_nearest_just(cents), depth) for cents, depth in find_minima(curve) if depth >= SHALLOWEST]
    period = max(
        (step for step in minima if step.cents >= PERIOD_FROM_CENTS), key=lambda step: step.depth, default=None
    )
    if period is None:
        period = Step(OCTAVE, Fraction(2), 0.0, 0.0)
        reason = f"the octave, as no interval from {PERIOD_FROM_CENTS} to {REACH_CENTS} cents is a minimum"
    else:
        name = "the octave" if period.cents == OCTAVE else "what this spectrum has for an octave"
        reason = f"{name}: the deepest minimum from {PERIOD_FROM_CENTS} to {REACH_CENTS} cents"
    below = tuple(step for step in minima if step.cents < period.cents)
    return RelatedScale(curve, (*below, period), reason)


def dissonance_curve(spheres: Sequence[Sphere], model: int) -> NDArray[np.float64]:
    """Roughness between a sphere and its like so many cents higher, float64[REACH_CENTS + 1], 1 at its highest.

    Each sphere at its own pitch; then the mean over the spheres of a voice, and over the voices that the set has, so
    that eight bells do not outvote one bowl.
    """
    ratios = np.exp2(np.arange(REACH_CENTS + 1) / CENTS_PER_OCTAVE)
    voices: dict[tuple[object, ...], list[NDArray[np.float64]]] = {}
    for sphere in spheres:
        partials = np.array(strongest_partials(sphere), np.float64)
        curve = roughness_along(model, sphere.f0_hz * partials[:, 0], partials[:, 1].copy(), ratios)
        voice = sphere.material.name, sphere.shape, sphere.modes, sphere.t60_scale
        voices.setdefault(voice, []).append(_of_height_1(curve))
    return _of_height_1(np.mean([np.mean(curves, axis=0) for curves in voices.values()], axis=0))


def _of_height_1(curve: NDArray[np.float64]) -> NDArray[np.float64]:
    highest = float(curve.max())
    return curve / highest if highest > 0.0 else curve


def find_minima(curve: NDArray[np.float64]) -> list[tuple[int, float]]:
    """(place, depth) of every minimum between the ends; of a flat one, its middle.

    The depth is how far one has to climb, on the easier side, before there is a way down to something lower.
    """
    found = []
    start = 1
    while start < len(curve) - 1:
        end = start
        while end < len(curve) - 1 and curve[end + 1] == curve[start]:
            end += 1
        if end < len(curve) - 1 and curve[start - 1] > curve[start] < curve[end + 1]:
            climbs = (_climb(curve[start::-1]), _climb(curve[end:]))
            found.append(((start + end) // 2, min(climbs)))
        start = end + 1
    return found


def _climb(way: NDArray[np.float64]) -> float:
    """Highest point above the first on the way until it falls below that, or ends."""
    lower = np.flatnonzero(way < way[0])
    reached = way[: lower[0]] if len(lower) else way
    return float(reached.max() - way[0])


def _nearest_just(cents: int) -> tuple[Fraction, float]:
    """The nearest ratio of small numbers, and how many cents above it this is."""
    just = Fraction(cents_to_ratio(cents)).limit_denominator(LARGEST_DENOMINATOR)
    return just, cents - ratio_to_cents(float(just))


def table_rows(scale: RelatedScale) -> list[tuple[str, str, str, str]]:
    """(cents, nearest just ratio, cents above that, depth in percent) of every step, as text."""
    return [
        (
            f"{step.cents}",
            f"{step.just.numerator}/{step.just.denominator}",
            f"{step.off_cents:+.1f}",
            f"{step.depth:.0%}",
        )
        for step in scale.steps
    ]


def scala_text(scale: RelatedScale, name: str, description: str) -> str:
    """The scale as a Scala file; what the steps are stands in its comments."""
    lines = [f"! {name}", "!", description, f" {len(scale.steps)}", "!"]
    lines += [
        f"! {cents:>5} cents  {just:>6} {off:>6}  depth {depth:>4}" for cents, just, off, depth in table_rows(scale)
    ]
    lines += [f"! period: {scale.reason}", "!"]
    lines += [f" {step.cents:.5f}" for step in scale.steps]
    return "\n".join(lines) + "\n"


def check_scala_path(path: Path) -> None:
    """ConfigError unless a scale of this name can be written."""
    if path.suffix.lower() != ".scl":
        raise ConfigError(str(path), "a name that ends in .scl", repr(path.name))
    check_folder(path)


def write_scala(path: Path, text: str) -> None:
    """Write it whole or not at all. Raises as `check_scala_path` and `whole_file` do."""
    check_scala_path(path)
    with whole_file(path) as hidden:
        hidden.write_text(text, encoding="utf-8")
