"""Numbers that a DAW sends back: lanes of the spheres' life, and where a channel is a sphere, hands on it.

The table is `model.midi_out`. A lane is heard in `mpe` on a channel that is no member, and in `channels` on the
sphere's; what a mode's file gives such a control to do comes first.
"""

from __future__ import annotations

from weaver.dsp.jit import kernel
from weaver.engine.lanes import (
    DAMP,
    LANE_CONTROL,
    LANE_HIGH,
    LANE_LOW,
    LAST_CHANNEL,
    LEFT,
    PAN,
    RIGHT,
    SOOTHE,
    SPHERES_LANES,
    control_place,
)
from weaver.engine.midi_out import EACH_A_CHANNEL, OFF
from weaver.engine.out_notes import is_echo
from weaver.engine.out_words import control_of, is_mpe
from weaver.engine.zones import BY_CHANNEL, MPE
from weaver.life.told import set_damage, set_light, set_mood
from weaver.model.midi_out import FRACTURE, HEALTH, LANED_SPHERES, LIGHT, VALENCE


@kernel
def hear_number(state, port, channel, number, norm):
    """A control that the mode's file leaves alone, at 0..1; False if it has no use here either."""
    mode, count = state.midi_map.mode, state.definitions[state.playing].count
    if mode == BY_CHANNEL:
        if channel < count and lay_hand(state, channel, number, norm):
            if state.midi_out.form == EACH_A_CHANNEL:
                know(state, port, channel, number, norm)
            return True
    elif mode != MPE:
        return False
    for lane in range(LANE_CONTROL.shape[0]):
        s = number - LANE_CONTROL[lane]
        if lane < SPHERES_LANES:
            if mode == BY_CHANNEL and s == 0 and channel < count:
                return hear_lane(state, port, lane, channel, norm)
            if mode == MPE and 0 <= s < min(count, LANED_SPHERES):
                return hear_lane(state, port, lane, s, norm)
        elif s == 0 and (mode == MPE or channel == LAST_CHANNEL):
            return hear_lane(state, port, lane, 0, norm)
    return False


@kernel
def hear_lane(state, port, lane, s, norm):
    """A lane stands at 0..1 from now on; False if it is not heard, because nothing is at stake."""
    value = LANE_LOW[lane] + (LANE_HIGH[lane] - LANE_LOW[lane]) * norm
    if lane == HEALTH or lane == FRACTURE:
        if not set_damage(state, s, value if lane == FRACTURE else 1.0 - value):
            return False
    elif lane == LIGHT:
        set_light(state, s, value)
    else:
        set_mood(state, value, lane == VALENCE)
    if not is_mpe(state.midi_out.form) or s < LANED_SPHERES:
        channel, number = control_place(state.midi_out.form, lane, s)
        know(state, port, channel, number, norm)
    return True


@kernel
def know(state, port, channel, number, norm):
    """Who has said so need not be told, unless it wants an echo."""
    out = state.midi_out
    if out.form != OFF and is_echo(out, port):
        out.control[channel, number] = control_of(norm)


@kernel
def lay_hand(state, s, number, norm):
    """Where a channel is a sphere: a hand on it, or its place; False for any other control."""
    if number == PAN:
        state.sphere.azimuth_target[s] = LEFT + (RIGHT - LEFT) * norm
    elif number == DAMP:
        state.sphere.damping_target[s] = norm
    elif number == SOOTHE:
        state.touch.soothe_target[s] = norm
    else:
        return False
    return True


@kernel
def lift_hand(state, channel):
    """All controllers of a channel are reset: where that is a sphere, no hand lies on it."""
    if state.midi_map.mode == BY_CHANNEL and channel < state.definitions[state.playing].count:
        state.sphere.damping_target[channel] = state.touch.soothe_target[channel] = 0.0
