"""How every sphere looks now, worked out once for all lights of all surfaces."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

BINS = 16
"""Stretches of a sphere's height in which its cracks are looked for, from the bottom."""


@dataclass(frozen=True)
class Shine:
    """Arrays are [sphere]. `now_s` is the sound's own clock, so that what pulses does so with it.

    `colour` is uint8[sphere, 3]; `light` 0 to 1, dimmed by flicker already; `flicker` 1 steady, 0 out; `health` 1 whole
    0 shattered; `state` the place in model.law.STATES; `soothed` 0 to 1; `held` bool; `cracked` float32[sphere, BINS],
    0 to 1: how much of a crack lies in each stretch; `growth` float32[sphere], rad of all cracks. `deeds` says of
    deeds that can be done, or are under way, how brightly they show, 0 to 1; what is not in it is dark.
    """

    now_s: float
    names: tuple[str, ...]
    colour: NDArray[np.uint8]
    light: NDArray[np.float32]
    flicker: NDArray[np.float32]
    health: NDArray[np.float32]
    state: NDArray[np.int32]
    soothed: NDArray[np.float32]
    held: NDArray[np.bool_]
    cracked: NDArray[np.float32]
    growth: NDArray[np.float32]
    deeds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Knobs:
    """How a surface's controls stand, by their place in `Laid.assignments`: `aim` 0 to 1 where what it turns stands,
    below 0 for none; `hardware` where the knob is, below 0 unknown; `caught` whether it has taken over; `down` whether
    a pad is held."""

    aim: NDArray[np.float32]
    hardware: NDArray[np.float32]
    caught: NDArray[np.bool_]
    down: NDArray[np.bool_]
