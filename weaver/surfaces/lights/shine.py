"""How every sphere looks now, worked out once for all lights of all surfaces."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from weaver.model.law import STATES

BINS = 16
"""Stretches of a sphere's height in which its cracks are looked for, from the bottom."""
STEP_RAD = 0.16
"""Between the points of a crack's path."""
FULL_BIN_RAD = 0.4
"""Length of cracks in one stretch that fills it: twice its height."""
LEAST_GROWTH_RAD = 0.03
"""What a crack has to grow or close by for its sphere to be looked at again."""
DEBRIS_S = 3.0
"""How long the pieces of a shattered sphere are seen."""
SHATTERED = STATES.index("shattered")

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Shine:
    """Arrays are [sphere]. `now_s` is the sound's own clock, so that what pulses does so with it.

    `colour` is uint8[sphere, 3]; `light` 0 to 1, dimmed by flicker already; `flicker` 1 steady, 0 out; `health` 1 whole
    0 shattered; `state` the place in model.law.STATES; `soothed` 0 to 1; `held` bool; `cracked` float32[sphere, BINS],
    0 to 1: how much of a crack lies in each stretch; `growth` float32[sphere], rad of all cracks; `debris` 1 when a
    sphere shatters, 0 when its pieces have come to rest. `deeds` says of deeds that can be done, or are under way, how
    brightly they show, 0 to 1; what is not in it is dark. `is_beat`: one of the song's has just begun.
    """

    now_s: float
    names: tuple[str, ...]
    colour: NDArray[np.uint8]
    light: Floats
    flicker: Floats
    health: Floats
    state: NDArray[np.int32]
    soothed: Floats
    held: NDArray[np.bool_]
    cracked: Floats
    growth: Floats
    debris: Floats
    deeds: Mapping[str, float] = field(default_factory=dict)
    is_beat: bool = False


@dataclass(frozen=True)
class Knobs:
    """How a surface's controls stand, by their place in `Laid.assignments`: `aim` 0 to 1 where what it turns stands,
    below 0 for none; `hardware` where the knob is, below 0 unknown; `caught` whether it has taken over; `down` whether
    a pad is held."""

    aim: NDArray[np.float32]
    hardware: NDArray[np.float32]
    caught: NDArray[np.bool_]
    down: NDArray[np.bool_]


def crack_bins(lengths: Floats, latitudes: Floats) -> Floats:
    """float32[sphere, BINS] from float32[sphere, crack] rad that cracks have grown and float32[sphere, crack, point]
    latitudes (rad, -pi/2 the bottom) of the points of their paths, STEP_RAD apart."""
    spheres, _, points = latitudes.shape
    begins = np.arange(points - 1, dtype=np.float32) * np.float32(STEP_RAD)
    seen = np.clip(lengths[:, :, None] - begins, 0.0, STEP_RAD)
    middle = seen / (2.0 * STEP_RAD)
    latitude = latitudes[:, :, :-1] + middle * (latitudes[:, :, 1:] - latitudes[:, :, :-1])
    bins = np.clip((latitude / math.pi + 0.5) * BINS, 0, BINS - 1).astype(np.intp)
    places = bins + BINS * np.arange(spheres)[:, None, None]
    rad = np.bincount(places.ravel(), weights=seen.ravel(), minlength=spheres * BINS)
    return np.minimum(rad.reshape(spheres, BINS) / FULL_BIN_RAD, 1.0).astype(np.float32)


class Shining:
    """From a set and snapshots to Shines. It remembers where cracks were, and when spheres fell."""

    def __init__(self, names: Sequence[str], colours: Sequence[str], path: Floats) -> None:
        """`colours` as "#rrggbb"; `path` float32[sphere, crack, point, 2]: longitude and latitude of cracks (rad), read
        whenever they grow. It may have more spheres than there are names."""
        self.names = tuple(names)
        self.colour = np.array([tuple(bytes.fromhex(colour[1:])) for colour in colours], np.uint8).reshape(-1, 3)
        self.path = path
        count = len(self.names)
        self.lengths = np.zeros((count, path.shape[1]), np.float32)
        self.cracked = np.zeros((count, BINS), np.float32)
        self.fell_s = np.full(count, -math.inf)
        self.gone = np.ones(count, np.bool_)

    def look(
        self, snapshot: np.record | np.void, now_s: float, deeds: Mapping[str, float], is_beat: bool = False
    ) -> Shine:
        """How the spheres look. `snapshot` has light, flicker, health, soothed (f4), state and held (i4) of each
        sphere, and cracks (f4[sphere, crack], rad); it is copied. `now_s` is the sound's clock."""
        count = len(self.names)
        state = snapshot["state"][:count].copy()
        lengths = snapshot["cracks"][:count]
        return Shine(
            now_s=now_s,
            names=self.names,
            colour=self.colour,
            light=snapshot["light"][:count].copy(),
            flicker=snapshot["flicker"][:count].copy(),
            health=snapshot["health"][:count].copy(),
            state=state,
            soothed=snapshot["soothed"][:count].copy(),
            held=snapshot["held"][:count] != 0,
            cracked=self._look_at_cracks(lengths),
            growth=lengths.sum(axis=1),
            debris=self._debris(state, now_s),
            deeds=deeds,
            is_beat=is_beat,
        )

    def _look_at_cracks(self, lengths: Floats) -> Floats:
        differs = np.abs(lengths - self.lengths) > LEAST_GROWTH_RAD
        if differs.any():
            which = np.flatnonzero(differs.any(axis=1))
            self.lengths[which] = lengths[which]
            self.cracked = self.cracked.copy()  # the last Shine keeps its own
            self.cracked[which] = crack_bins(lengths[which], self.path[which, :, :, 1])
        return self.cracked

    def _debris(self, state: NDArray[np.int32], now_s: float) -> Floats:
        gone = state == SHATTERED
        if not gone.any():
            self.gone = gone
            return np.zeros(len(gone), np.float32)
        self.fell_s[gone & ~self.gone] = now_s
        self.gone = gone
        left = np.clip(1.0 - (now_s - self.fell_s) / DEBRIS_S, 0.0, 1.0)
        return np.where(gone, left, 0.0).astype(np.float32)
