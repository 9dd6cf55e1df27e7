"""Tables by which MIDI becomes gestures, before `mapping` has filled them."""

from __future__ import annotations

import numpy as np

from weaver.engine.hand import NONE
from weaver.engine.layout import HAND_MAP, MIDI_MAP


def empty_midi_map() -> np.record:
    """A MIDI_MAP record that maps nothing."""
    return np.zeros(1, MIDI_MAP).view(np.recarray)[0]


def empty_hand_map() -> np.record:
    """A HAND_MAP record that is not on, and by which no control does anything."""
    table = np.zeros(1, HAND_MAP).view(np.recarray)[0]
    for sent in ("note", "cc", "bend", "pressure"):
        table[sent] = NONE
    return table
