"""`model.midi_out`'s table of lanes, as kernels look it up, and where a lane has its control."""

from __future__ import annotations

import numpy as np

from weaver.dsp.jit import kernel
from weaver.dsp.sizes import CHANNELS
from weaver.engine.out_words import is_mpe, manager_channel
from weaver.model.gestures import BY_CODE, PLACE
from weaver.model.midi_out import CHANNEL_CONTROLS, LANES

LAST_CHANNEL = CHANNELS - 1
LANE_CONTROL = np.array([lane.control for lane in LANES], np.int64)
LANE_LOW, LANE_HIGH = np.array([(lane.low, lane.high) for lane in LANES]).T.copy()
SPHERES_LANES = sum(lane.of_sphere for lane in LANES)
"""They come first in the table."""
PAN, DAMP, SOOTHE = CHANNEL_CONTROLS["pan"], CHANNEL_CONTROLS["damp"], CHANNEL_CONTROLS["soothe"]
LEFT, RIGHT = BY_CODE[PLACE].arguments[0].low, BY_CODE[PLACE].arguments[0].high


@kernel
def control_place(form, lane, s):
    """Channel and control of a lane, of sphere `s` if it is a sphere's."""
    if is_mpe(form):
        return manager_channel(form), LANE_CONTROL[lane] + (s if lane < SPHERES_LANES else 0)
    return np.int64(s if lane < SPHERES_LANES else LAST_CHANNEL), LANE_CONTROL[lane]
