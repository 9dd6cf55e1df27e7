"""What a controller's pads and buttons do when they are pressed, held, squeezed and let go."""

from __future__ import annotations

import numpy as np

from weaver.dsp.jit import kernel
from weaver.dsp.sizes import ACTIONS, NOTES, PORTS, SPHERES
from weaver.engine.hand import CYCLE, FIRE, HOLD, NONE, RUB, STRIKE, TIE, UNKNOWN, map_of, place_of, say
from weaver.engine.hand_knobs import say_turned, strength_between
from weaver.engine.notes import mallet_hardness, mallet_speed
from weaver.model.gestures import BIND, BY_CODE, PARAMETER
from weaver.model.gestures import RUB as RUB_GESTURE
from weaver.model.gestures import STRIKE as STRIKE_GESTURE
from weaver.model.parameters import PARAMETERS, RUB_SPEED

TIE_STRENGTH = BY_CODE[BIND].arguments[1].default
"""Of a thread tied by two pads."""
HALF = 0.5
_PARAMETERS = len(PARAMETERS)


@kernel
def count_hold(state, action, change):
    """One pad more, or fewer, holds the action's sphere."""
    s = np.int64(action.sphere)
    if STRIKE <= action.kind <= TIE and 0 <= s < SPHERES:
        state.midi.hand_held[s] += change


@kernel
def press(state, port, index, velocity):
    """A pad or button goes down. `velocity` : 1 to 127."""
    hand, action = state.hand[port], map_of(state, port).action[index]
    if not hand.down[index]:
        hand.down[index] = 1
        hand.pressing[index] = 0.0
        count_hold(state, action, 1)
    if action.kind == STRIKE:
        say_strike(state, port, action, velocity / 127.0)
    elif action.kind == RUB:
        hand.caught[index] = 0
        hand.pressing[index] = action.values[0]
        rub_anew(state, port, action)
    elif action.kind == HOLD:
        say_turned(state, port, action, np.int64(action.sphere), np.float64(action.high))
    elif action.kind == TIE:
        tie(state, port, index)
    elif action.kind == FIRE:
        say_fired(state, port, action)
    elif action.kind == CYCLE:
        say_next(state, port, action)


@kernel
def lift(state, port, index):
    """A pad or button comes up."""
    hand, action = state.hand[port], map_of(state, port).action[index]
    if not hand.down[index]:
        return
    pressing = hand.pressing[index]
    hand.down[index] = 0
    hand.pressing[index] = 0.0
    count_hold(state, action, -1)
    if action.kind == HOLD:
        if not is_held(state, port, action):
            say_turned(state, port, action, np.int64(action.sphere), np.float64(action.low))
    elif pressing > 0.0:
        rub_anew(state, port, action)


@kernel
def say_strike(state, port, action, norm):
    """Strike, as hard as the pad was: `norm` is its velocity, 0..1; or as the action has it."""
    command = say(state, port, STRIKE_GESTURE, action.sphere)
    speed = np.float64(mallet_speed(state, norm))
    if action.values[0] >= 0.0:
        speed = norm = np.float64(action.values[0])
    command.values[0] = speed
    command.values[1] = action.values[1] if action.values[1] >= 0.0 else mallet_hardness(state, norm)
    command.values[2] = action.values[2]


@kernel
def say_fired(state, port, action):
    """The action's gesture, as the action has it."""
    command = say(state, port, action.gesture, action.sphere)
    for place in range(4):
        command.values[place] = action.values[place]


@kernel
def say_next(state, port, action):
    """The next whole number for a parameter; after `high` comes `low`."""
    index = np.int64(action.parameter)
    if not 0 <= index < _PARAMETERS:
        return
    following = np.floor(state.target[index] + HALF) + 1.0
    command = say(state, port, PARAMETER, -1)
    command.values[0] = index
    command.values[1] = following if action.low <= following <= action.high else action.low


@kernel
def is_held(state, port, action):
    """Whether some pad of the port holds this very argument of this gesture to this very sphere."""
    table, down = map_of(state, port), state.hand[port].down
    for index in range(place_count(table)):
        other = table.action[index]
        if down[index] and other.kind == HOLD and other.gesture == action.gesture:
            if other.sphere == action.sphere and other.argument == action.argument:
                return True
    return False


@kernel
def place_count(table):
    """How many actions there are in a map."""
    return max(min(np.int64(table.count), ACTIONS), 0)


@kernel
def tie(state, port, index):
    """Tie or untie the sphere of this pad and those of the others that are held for it."""
    table, down = map_of(state, port), state.hand[port].down
    s = np.int64(table.action[index].sphere)
    for place in range(place_count(table)):
        other = np.int64(table.action[place].sphere)
        if down[place] and table.action[place].kind == TIE and other != s and other >= 0 and s >= 0:
            command = say(state, port, BIND, s)
            command.values[0] = other
            command.values[1] = 0.0 if strength_between(state, s, other) > 0.0 else TIE_STRENGTH


@kernel
def listens(action):
    """Whether pressure on the pad is for the action."""
    return action.kind == RUB or (action.kind == STRIKE and action.pressure != 0)


@kernel
def squeeze(state, port, index, pressure):
    """A pad says how firmly it is pressed, 0..1. A rub's own pressure counts until then."""
    hand, action = state.hand[port], map_of(state, port).action[index]
    if hand.down[index] and listens(action) and (pressure > 0.0 or hand.caught[index] or action.kind == STRIKE):
        hand.caught[index] = 1
        hand.pressing[index] = pressure
        rub_anew(state, port, action)


@kernel
def squeeze_channel(state, port, channel, pressure):
    """All held pads of a channel say how firmly they are pressed; False if no pad of it could."""
    table, claimed = map_of(state, port), False
    for _ in range(2):  # again, so that the firmest is found among those that have all been told
        for note in range(NOTES):
            index = place_of(table, table.note[channel, note])
            if index != NONE and listens(table.action[index]):
                claimed = True
                squeeze(state, port, index, pressure)
    return claimed


@kernel
def rub_anew(state, port, action):
    """Rub the action's sphere as the firmest of the port's pads that rub it does; if none does, lift the finger."""
    table, hand, midi = map_of(state, port), state.hand[port], state.midi
    firmest, pressure = action, np.float32(0.0)
    for index in range(place_count(table)):
        if hand.down[index] and hand.pressing[index] > pressure and table.action[index].sphere == action.sphere:
            firmest, pressure = table.action[index], hand.pressing[index]
    place = 0
    while place < midi.resolved_count and (
        midi.resolved[place].kind != RUB_GESTURE or midi.resolved[place].sphere != action.sphere
    ):
        place += 1
    if place == midi.resolved_count:
        say(state, port, RUB_GESTURE, action.sphere)
    values = midi.resolved[place].values
    values[0] = pressure
    fixed = firmest.kind == RUB and firmest.values[1] >= 0.0
    values[1] = firmest.values[1] if fixed else state.parameter[RUB_SPEED]
    values[2] = firmest.values[2]


@kernel
def let_go_pads(state, port):
    """Let go of all that a port's pads hold."""
    for index in range(ACTIONS):
        if state.hand[port].down[index]:
            lift(state, port, index)


@kernel
def forget_pads(state):
    """Nothing is held on any port, and nobody is told: a new set is on stage, and knows of no hands."""
    for s in range(SPHERES):
        state.midi.hand_held[s] = 0
    for port in range(PORTS):
        hand = state.hand[port]
        for index in range(ACTIONS):
            hand.down[index] = 0
            hand.pressing[index] = 0.0


@kernel
def lose_positions(state, port):
    """Nobody knows where the knobs of a port stand."""
    hand = state.hand[port]
    for index in range(ACTIONS):
        hand.hardware[index] = UNKNOWN
        hand.caught[index] = 0
