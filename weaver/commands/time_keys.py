"""What the page's keys for the song's time do."""

from __future__ import annotations

import math
from collections.abc import Callable

from weaver.engine.engine import Engine
from weaver.model.parameters import QUANTISE, parameter_named
from weaver.model.units import clamp
from weaver.surfaces.beats import QUANTISES

NEARLY_BPM = 0.05
"""What is so near a whole number is shown as that."""


def roll_or_halt(engine: Engine) -> None:
    """Start the song, or stop it."""
    engine.gesture("halt" if engine.snapshot().rolling else "roll")


def go_faster(engine: Engine) -> None:
    """To the next whole number of beats a minute."""
    set_tempo(engine, math.floor(float(engine.snapshot().tempo_bpm) + NEARLY_BPM) + 1.0)


def go_slower(engine: Engine) -> None:
    """To the one below."""
    set_tempo(engine, math.ceil(float(engine.snapshot().tempo_bpm) - NEARLY_BPM) - 1.0)


def take_tempo(engine: Engine) -> None:
    """The tempo becomes that of the heart, which follows taps."""
    set_tempo(engine, round(float(engine.snapshot().heart_bpm), 1))


def set_tempo(engine: Engine, bpm: float) -> None:
    """Of our own time, as near as it may be."""
    tempo = parameter_named("tempo_bpm")
    engine.set_parameter(tempo.name, clamp(bpm, tempo.low, tempo.high))


def change_quantise(engine: Engine) -> None:
    """On to the next of QUANTISES."""
    now = float(engine.state.target[QUANTISE])
    engine.set_parameter("quantise", next((parts for parts in QUANTISES if parts > now), min(QUANTISES)))


TIME_KEYS: dict[str, Callable[[Engine], None]] = {
    "roll": roll_or_halt,
    "slower": go_slower,
    "faster": go_faster,
    "tempo": take_tempo,
    "quantise": change_quantise,
}
"""By the name of a `Press`'s action."""
