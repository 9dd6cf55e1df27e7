"""Compiles what a controller's controls do into the tables by which the decoder finds it: a HAND_MAP record."""

from __future__ import annotations

import numpy as np

from weaver.dsp.sizes import ACTIONS, CHANNELS, new_record
from weaver.engine import hand
from weaver.engine.layout import HAND_MAP
from weaver.mapping.deeds import GESTURE_PRESSES, STAKES, argument_of
from weaver.mapping.loom import Assignment, Laid
from weaver.mapping.profile import ENCODINGS, TAKEOVERS, Message, Profile
from weaver.model.errors import ConfigError
from weaver.model.gestures import BY_NAME, gesture_named
from weaver.model.parameters import INDEX, parameter_named

NOBODY = -1
FIXED_VELOCITY = 0.7
"""Of a strike on a pad whose presses are all alike."""
FIXED_PRESSURE = 0.5
"""Of a finger on a pad that does not tell how firmly it is pressed."""
AS_SET = -1.0
"""For hardness and speed: as the parameters have it."""

KINDS = {"strike": hand.STRIKE, "rub": hand.RUB, "soothe": hand.HOLD, "damp": hand.HOLD, "bind": hand.TIE}
_ENCODINGS = dict(
    zip(
        ENCODINGS,
        (hand.ABSOLUTE, hand.ABSOLUTE_14, hand.TWOS_COMPLEMENT, hand.BINARY_OFFSET, hand.SIGN_MAGNITUDE),
        strict=True,
    )
)
_TAKEOVERS = dict(zip(TAKEOVERS, (hand.JUMP, hand.PICKUP, hand.SCALE), strict=True))


def compile_hand(laid: Laid, profile: Profile) -> np.record:
    """The decoder's map of a controller. An action's number is its assignment's place in `laid`.

    Where two claim the same message, the first has it. Raises ConfigError for more than ACTIONS assignments.
    """
    if len(laid.assignments) > ACTIONS:
        raise ConfigError(profile.name, f"at most {ACTIONS} controls in all", f"{len(laid.assignments)}")
    table: np.record = new_record(HAND_MAP)[0]
    table.on = 1
    table.falls = profile.notes == "mode"
    table.note[:] = table.cc[:] = NOBODY
    table.bend[:] = table.pressure[:] = NOBODY
    table.count = len(laid.assignments)
    for place, assignment in enumerate(laid.assignments):
        _compile(table.action[place], assignment)
        _claim(table, place, assignment)
    return table


def _claim(table: np.record, place: int, assignment: Assignment) -> None:
    """Note who sends what. Lower halves of 14 bits, and pads by their channel's pressure, the decoder finds itself."""
    control = assignment.control
    for channel in range(CHANNELS) if assignment.any_channel else (control.channel,):
        _claim_one(table, channel, control.message, control.number, place)


def _claim_one(table: np.record, channel: int, message: Message, number: int, place: int) -> None:
    if message == "bend":
        if table.bend[channel] == NOBODY:
            table.bend[channel] = place
    else:
        row = table.note[channel] if message == "note" else table.cc[channel]
        if row[number] == NOBODY:
            row[number] = place


def _compile(action: np.record, assignment: Assignment) -> None:
    """One action; those that only concern the surface stay NOTHING."""
    deed = assignment.deed
    action.kind = hand.NOTHING
    action.sphere = -1 if assignment.sphere is None else assignment.sphere
    action.encoding = _ENCODINGS[assignment.encoding]
    action.takeover = _TAKEOVERS[assignment.takeover]
    action.low, action.high = assignment.low, assignment.high
    action.exponential = assignment.curve == "exponential"
    action.pressure = assignment.pressure
    is_pressed = assignment.control.message == "note"
    if deed in KINDS:
        action.kind, action.gesture = KINDS[deed], BY_NAME[deed].code
        action.values = _values(assignment)
    elif deed in GESTURE_PRESSES:
        action.kind, action.gesture, action.values = hand.FIRE, BY_NAME[deed].code, BY_NAME[deed].values()
    elif deed == STAKES:
        row = parameter_named(STAKES)
        action.kind, action.parameter, action.low, action.high = hand.CYCLE, INDEX[STAKES], row.low, row.high
    elif assignment.parameter:
        action.kind = hand.CYCLE if is_pressed else hand.PARAMETER_TURN
        action.parameter = INDEX[assignment.parameter]
    elif assignment.gesture:
        gesture = gesture_named(assignment.gesture)
        action.kind = hand.HOLD if is_pressed else hand.TURN
        action.gesture = gesture.code
        action.argument = gesture.arguments.index(argument_of(gesture, assignment.argument))
        first, second, third, fourth = gesture.values()
        action.values = (first, AS_SET if gesture.name == "rub" else second, third, fourth)


def _values(assignment: Assignment) -> tuple[float, float, float, float]:
    """Of what a pad does: as `engine.hand` says for each kind."""
    if assignment.deed == "strike":
        return AS_SET if assignment.velocity else FIXED_VELOCITY, AS_SET, assignment.position, 0.0
    if assignment.deed == "rub":
        return FIXED_PRESSURE, AS_SET, assignment.position, 0.0
    return BY_NAME[assignment.deed].values()
