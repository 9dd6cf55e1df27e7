"""A parameter along its curve: 0 to 1 of a fader or a knob, and its value in its unit."""

from __future__ import annotations

import math

from weaver.model.parameters import Parameter


def value_at(parameter: Parameter, turn: float) -> float:
    """The value, in the parameter's unit, that 0..1 of a fader stands for; its ends are those of the range."""
    if parameter.curve == "exponential":
        return float(parameter.low * (parameter.high / parameter.low) ** turn)
    return parameter.low + (parameter.high - parameter.low) * turn


def turn_at(parameter: Parameter, value: float) -> float:
    """Where on 0..1 a value in the parameter's unit lies; beyond the range it is the nearer end."""
    value = min(max(value, parameter.low), parameter.high)
    if parameter.curve == "exponential":
        return math.log(value / parameter.low) / math.log(parameter.high / parameter.low)
    return (value - parameter.low) / (parameter.high - parameter.low)
