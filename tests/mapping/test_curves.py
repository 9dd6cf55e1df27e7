"""Parameters along their curves."""

from __future__ import annotations

import pytest

from weaver.mapping.curves import turn_at, value_at
from weaver.model.parameters import PARAMETERS, Parameter, parameter_named


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda parameter: parameter.name)
def test_the_ends_are_those_of_the_range_and_there_and_back_is_the_same(parameter: Parameter) -> None:
    assert value_at(parameter, 0.0) == pytest.approx(parameter.low)
    assert value_at(parameter, 1.0) == pytest.approx(parameter.high)
    for turn in (0.0, 0.1, 0.5, 0.9, 1.0):
        assert turn_at(parameter, value_at(parameter, turn)) == pytest.approx(turn)


def test_the_middle_of_an_exponential_one_is_the_geometric_mean() -> None:
    assert value_at(parameter_named("room_t60_s"), 0.5) == pytest.approx(2.0)  # of 0.2 and 20 s
    assert value_at(parameter_named("level_db"), 0.5) == pytest.approx(-27.0)


def test_beyond_the_range_lies_the_nearer_end() -> None:
    assert turn_at(parameter_named("room_t60_s"), 0.0) == 0.0
    assert turn_at(parameter_named("level_db"), 20.0) == 1.0
