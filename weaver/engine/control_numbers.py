"""MIDI's control changes by number, as the standard has them, and what their values mean."""

from __future__ import annotations

from weaver.dsp.jit import kernel

DATA_COARSE, DATA_FINE, DATA_UP, DATA_DOWN = 6, 38, 96, 97
RPN_FINE, RPN_COARSE, NRPN_FINE, NRPN_COARSE = 100, 101, 98, 99
ALL_SOUND_OFF, RESET_CONTROLLERS, ALL_NOTES_OFF, LOCAL_CONTROL = 120, 121, 123, 122
RPN_BEND_RANGE, RPN_MPE = 0, 6
MODULATION = 1
FINE = 32
"""From a control below 32 to the one that is the lower half of its 14 bits."""
WIDEST_BEND = 96.0
CENTRE_7, CENTRE_14 = 64.0, 8192.0


@kernel
def norm_of(value, centre):
    """0..1 of a control's value: 0, its centre and its greatest are 0, 1/2 and 1 (M2-115-U's min-center-max)."""
    if value < centre:
        return 0.5 * value / centre
    return 0.5 + 0.5 * (value - centre) / (centre - 1.0)
