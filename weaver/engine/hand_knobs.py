"""What a controller's knobs, faders and encoders turn: parameters, and arguments of gestures.

A control and what it turns are compared as 0..1 between the action's `low` and `high`. What it turns stands at its
aim, which is worked out anew from the state each time, so that it does not matter who moved it.
"""

from __future__ import annotations

import math

import numpy as np

from weaver.dsp.jit import kernel
from weaver.dsp.sizes import THREADS
from weaver.engine.hand import (
    BINARY_OFFSET,
    CYCLE,
    PARAMETER_TURN,
    PICKUP,
    SCALE,
    SIGN_MAGNITUDE,
    TURN,
    TWOS_COMPLEMENT,
    UNKNOWN,
    map_of,
    say,
)
from weaver.model.gestures import BEND, BIND, DAMP, LIFT, PARAMETER, PLACE, RUB, SOOTHE, TILT
from weaver.model.parameters import PARAMETERS, RUB_SPEED

WINDOW = 3.0 / 128.0
"""A knob this near to its aim takes over (as Mixxx has it: two steps of 7 bits, and room for noise)."""
SAME = 1.0 / 1024.0
"""An aim this near to what the knob wrote was moved by nobody else: less than a step of 7 bits, more than rounding."""
TICK = 1.0 / 128.0
"""Of its range: what an encoder's tick turns."""
QUICK_S = 0.06
"""Time between two messages of an encoder below which it turns further: as many times as it is quicker,"""
MOST = 6.0
"""but not more."""
_PARAMETERS = len(PARAMETERS)


@kernel
def norm_at(action, value):
    """Where a value lies between `low` and `high`, 0..1, beyond them at the nearer; UNKNOWN if they are no range."""
    low, high = np.float64(action.low), np.float64(action.high)
    if action.exponential:
        if low <= 0.0 or high <= 0.0:
            return UNKNOWN
        norm = math.log(max(value, min(low, high)) / low) / math.log(high / low)
    else:
        norm = (value - low) / (high - low)
    return min(max(norm, 0.0), 1.0) if abs(norm) < np.inf else UNKNOWN


@kernel
def value_at(action, norm):
    """What 0..1 of a control means, in the unit of what it turns."""
    low, high = np.float64(action.low), np.float64(action.high)
    return low * (high / low) ** norm if action.exponential else low + (high - low) * norm


@kernel
def strength_between(state, one, other):
    """How strong the thread between two spheres is; 0 if there is none."""
    thread = state.thread
    for index in range(THREADS):
        if thread.strength[index] > 0.0:
            first, second = thread.first[index], thread.second[index]
            if (first == one and second == other) or (first == other and second == one):
                return np.float64(thread.strength[index])
    return 0.0


@kernel
def argument_now(state, action, place, s):
    """What an argument of the action's gesture stands at for sphere `s`; NaN if the state does not know."""
    sphere, touch, gesture = state.sphere, state.touch, action.gesture
    value = np.nan
    if gesture == PLACE and place < 2:
        value = np.float64(sphere.distance_target[s] if place else sphere.azimuth_target[s])
    elif gesture == RUB and place == 1:  # how fast a finger goes that nobody has laid on yet is not said
        if touch.pressure_target[s] > 0.0 or touch.pace_target[s] > 0.0:
            value = np.float64(touch.pace_target[s])
    elif gesture == BIND and place == 1:
        value = strength_between(state, s, np.int64(action.values[0]))
    elif place > 0:
        return value
    elif gesture == RUB:
        value = np.float64(touch.pressure_target[s])
    elif gesture == DAMP:
        value = np.float64(sphere.damping_target[s])
    elif gesture == BEND:
        value = np.float64(sphere.bend[s])
    elif gesture == TILT:
        value = np.float64(sphere.tilt_target[s])
    elif gesture == LIFT:
        value = np.float64(sphere.lift_target[s])
    elif gesture == SOOTHE:
        value = np.float64(touch.soothe_target[s])
    return value


@kernel
def aim_of(state, action):
    """Where what the action turns stands, 0..1; UNKNOWN if it turns nothing, or nobody knows. All stand as the first.

    Raises nothing, whatever is in the map.
    """
    if action.kind == PARAMETER_TURN or action.kind == CYCLE:
        index = np.int64(action.parameter)
        return norm_at(action, np.float64(state.target[index])) if 0 <= index < _PARAMETERS else UNKNOWN
    s = max(np.int64(action.sphere), 0)
    if action.kind != TURN or s >= state.definitions[state.playing].count:
        return UNKNOWN
    now = argument_now(state, action, np.int64(action.argument), s)
    return UNKNOWN if math.isnan(now) else norm_at(action, now)


@kernel
def say_turned(state, port, action, s, value):
    """The action's gesture to sphere `s` with one argument turned, and the others as they are now."""
    command = say(state, port, action.gesture, s)
    for place in range(4):
        now = argument_now(state, action, place, max(s, 0))
        command.values[place] = action.values[place] if math.isnan(now) else now
    if action.gesture == RUB and command.values[1] < 0.0:
        command.values[1] = state.parameter[RUB_SPEED]
    if 0 <= action.argument < 4:
        command.values[action.argument] = value


@kernel
def write(state, port, index, norm):
    """Turn what a control turns to 0..1. Where it is all spheres' and each keeps something of its own, it is each's."""
    action = map_of(state, port).action[index]
    value = value_at(action, norm)
    state.hand[port].written[index] = norm
    if action.kind == PARAMETER_TURN:
        command = say(state, port, PARAMETER, -1)
        command.values[0] = action.parameter
        command.values[1] = value
        return
    first = np.int64(action.sphere)
    last = first + 1
    if first < 0 and (action.gesture == PLACE or action.gesture == RUB):
        first, last = np.int64(0), np.int64(state.definitions[state.playing].count)
    for s in range(first, last):
        say_turned(state, port, action, s, value)


@kernel
def scaled(aim, last, norm):
    """An aim moved towards the end that a knob turns to, from `last` to `norm`, so that both get there together."""
    if norm > last:
        return aim + (norm - last) * (1.0 - aim) / (1.0 - last)
    return aim - (last - norm) * aim / last if norm < last else aim


@kernel
def turn(state, port, index, norm):
    """A control that tells where it stands says 0..1; what it turns follows as the action's takeover has it."""
    hand, action = state.hand[port], map_of(state, port).action[index]
    last, aim = np.float64(hand.hardware[index]), aim_of(state, action)
    hand.hardware[index] = norm
    if action.takeover == PICKUP and aim >= 0.0:
        if not hand.caught[index] or abs(aim - hand.written[index]) > SAME:
            swept = last >= 0.0 and (last - aim) * (norm - aim) <= 0.0
            hand.caught[index] = swept or abs(norm - aim) <= WINDOW
            if not hand.caught[index]:
                return
    elif action.takeover == SCALE and aim >= 0.0:
        target = aim if last < 0.0 else scaled(aim, last, norm)
        hand.caught[index] = abs(target - norm) <= WINDOW
        if last < 0.0:
            return
        norm = target
    else:
        hand.caught[index] = 1
    write(state, port, index, norm)


@kernel
def ticks_of(encoding, value):
    """How far an encoder says it was turned, in ticks; to the right is positive."""
    if encoding == BINARY_OFFSET:
        return value - 64
    if value == 64:
        return np.int64(0)
    if encoding == SIGN_MAGNITUDE:
        return value if value < 64 else 64 - value
    return value if value < 64 else value - 128


@kernel
def is_relative(encoding):
    """Whether a control tells by how much it moved."""
    return TWOS_COMPLEMENT <= encoding <= SIGN_MAGNITUDE


@kernel
def nudge(state, port, index, ticks):
    """An encoder was turned; what it turns moves from where it stands, the further the quicker it is turned."""
    hand = state.hand[port]
    if ticks == 0:
        return
    since_s = (state.frame - hand.turned_frame[index]) / state.sample_rate
    hand.turned_frame[index] = state.frame
    further = min(max(QUICK_S / max(since_s, QUICK_S / MOST), 1.0), MOST)
    aim = aim_of(state, map_of(state, port).action[index])
    if aim < 0.0:
        aim = max(np.float64(hand.written[index]), 0.0)
    hand.caught[index] = 1
    write(state, port, index, min(max(aim + ticks * TICK * further, 0.0), 1.0))
