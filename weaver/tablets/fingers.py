"""Where on its sphere each finger is. The sound does not keep that; it keeps what follows from it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from weaver.dsp.modes import POLE, RIM

_LEAST_RATIO = 0.5
"""A finger feels no mode more for being lower than that (`dsp.contact.set_finger`)."""


class Fingers:
    """The fingers on the first `count` spheres of a state. `unknown` is said of one that was never laid on."""

    def __init__(self, state: np.record, count: int, unknown: float) -> None:
        definition = state["definitions"][int(state["playing"])]
        rises = np.array(definition["rise"][:count])
        modes = np.argmin(np.where(rises > 0.0, rises, np.inf), axis=1)  # the mode that is felt best near the pole
        self._at = np.arange(count), modes
        self._rise = np.maximum(rises[self._at], np.finfo(np.float32).tiny)
        self._ratio = np.maximum(np.array(definition["ratio"][:count])[self._at], _LEAST_RATIO)
        self._heights = state["bank"]["finger_height"]
        self._unknown = unknown

    def positions(self) -> NDArray[np.float64]:
        """0 near the pole, 1 on the rim: the inverse of `dsp.modes.find_heights`."""
        felt = np.minimum(self._heights[self._at] * self._ratio, 1.0).astype(np.float64)
        colatitude = np.arcsin(felt ** (1.0 / self._rise))
        return np.where(felt > 0.0, np.clip((colatitude - POLE) / (RIM - POLE), 0.0, 1.0), self._unknown)
