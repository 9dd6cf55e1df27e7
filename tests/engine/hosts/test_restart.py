"""An engine that is made anew for another sample rate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from weaver.engine.engine import Engine
from weaver.model.errors import ConfigError
from weaver.model.parameters import BEND_RANGE
from weaver.model.spheres import SphereSet, load_set


def strike(engine: Engine) -> np.ndarray:
    engine.gesture("strike", 2)
    return engine.render(8192)


def test_a_restarted_engine_plays_as_a_new_one_would(make_engine: Callable[..., Engine]) -> None:
    used = make_engine(48_000.0)
    used.gesture("bind", 0, other=1)
    used.midi((0x90, 50, 90))
    used.render(1000)
    used.restart(96_000.0)
    assert used.sample_rate == 96_000.0
    assert used.state.frame == 1024, "the clock goes on, on the grid"
    new = make_engine(96_000.0)
    new.render(1024)  # chance is drawn by spheres that sound, which none does
    np.testing.assert_array_equal(strike(used), strike(new))


def test_what_was_turned_stays(make_engine: Callable[..., Engine]) -> None:
    engine = make_engine()
    engine.set_parameter("level_db", -20.0)
    engine.set_parameter("bend_range_semitones", 7.0)
    engine.render(64)
    engine.restart(44_100.0)
    soft = strike(engine)
    assert engine.state.parameter[BEND_RANGE] == 7.0
    loud = strike(make_engine(44_100.0))
    np.testing.assert_allclose(np.abs(soft).max() / np.abs(loud).max(), 0.1, rtol=0.01)


def test_the_set_stays_and_one_on_its_way_arrives(make_engine: Callable[..., Engine], dry_set: SphereSet) -> None:
    other = load_set("bowls")
    engine = make_engine()
    engine.change_set(other)
    engine.render(64)
    engine.notices()
    assert engine.state.playing == 1
    engine.restart(96_000.0)
    assert engine.state.definitions[engine.state.playing].pitch_hz[0] == pytest.approx(other.spheres[0].f0_hz)
    third = replace(dry_set, name="third", spheres=dry_set.spheres[3:])
    engine.change_set(third)
    engine.restart(48_000.0)
    engine.render(64)
    engine.notices()
    assert engine.spheres is third
    assert engine.state.definitions[engine.state.playing].pitch_hz[0] == pytest.approx(third.spheres[0].f0_hz)


def test_a_rate_out_of_range_changes_nothing(make_engine: Callable[..., Engine]) -> None:
    engine = make_engine()
    with pytest.raises(ConfigError, match="sample rate"):
        engine.restart(8_000.0)
    assert engine.sample_rate == 48_000.0
