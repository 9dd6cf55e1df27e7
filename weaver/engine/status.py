"""MIDI messages by their first byte."""

from __future__ import annotations

from collections.abc import Sequence

NOTE_OFF, NOTE_ON, POLY_PRESSURE, CONTROL = 0x80, 0x90, 0xA0, 0xB0
PROGRAM_CHANGE, CHANNEL_PRESSURE, PITCH_BEND = 0xC0, 0xD0, 0xE0
FIRST_MODE_MESSAGE = 120
"""From this control on, controls are messages to the whole channel."""


def is_release(data: Sequence[int]) -> bool:
    """Whether a MIDI message lets go of something, and so must get through."""
    kind = data[0] & 0xF0
    if kind == NOTE_OFF or (kind == NOTE_ON and len(data) > 2 and data[2] == 0):
        return True
    return kind == CONTROL and len(data) > 1 and data[1] >= FIRST_MODE_MESSAGE
