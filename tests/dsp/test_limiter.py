"""Nothing leaves above the ceiling, whatever is played; and what is below it is not touched."""

from __future__ import annotations

import numpy as np
import pytest
from support.playing import CEILING, engine, seconds, sphere

from weaver.model.spheres import load_set


def test_everything_at_once_stays_below_the_ceiling():
    instrument = engine(*load_set("auditorium").spheres)
    instrument.set_parameter("level_db", 6.0)
    for _ in range(30):
        for s in range(8):
            instrument.gesture("lift", s, level=12.0)
            instrument.gesture("strike", s, velocity=1.0, hardness=0.8)
        sound = seconds(instrument, 0.1)
        assert np.isfinite(sound).all()
        assert np.abs(sound).max() <= CEILING + 1e-7
    assert instrument.snapshot().reduction < 0.5


def test_what_is_below_the_ceiling_passes_unchanged():
    soft, louder = engine(sphere("bell")), engine(sphere("bell"))
    louder.set_parameter("level_db", 3.0)
    seconds(soft, 0.3), seconds(louder, 0.3)
    for instrument in (soft, louder):
        instrument.gesture("strike", 0, velocity=0.3)
    a, b = seconds(soft, 0.5), seconds(louder, 0.5)
    np.testing.assert_allclose(b, a * 10 ** (3 / 20), atol=2e-5)


def test_a_strike_is_foreseen():
    """The gain is down before the peak is there: the guard hardly has to clip."""
    instrument = engine(sphere("bowl", 110.0))
    instrument.gesture("lift", 0, level=12.0)
    instrument.set_parameter("level_db", 6.0)
    seconds(instrument, 0.2)
    instrument.gesture("strike", 0, velocity=1.0, hardness=0.3)
    sound = seconds(instrument, 0.2)
    pinned = np.mean(np.abs(sound).max(axis=1) >= CEILING * 0.9999)
    assert np.abs(sound).max() > 0.3
    assert pinned < 0.02


def test_many_strikes_promise_no_more_than_they_keep():
    """However often a sphere is struck, the gain comes from what sounds: a moment later it is back."""
    instrument = engine(sphere("bell", t60_scale=0.2))
    for _ in range(300):
        instrument.gesture("strike", 0, velocity=0.9)
        seconds(instrument, 0.005)
    seconds(instrument, 1.5)
    assert instrument.state.limiter.promised == 0
    assert instrument.state.limiter.gain == 1


@pytest.mark.parametrize("hardness", [0.0, 0.5, 1.0])
def test_a_strike_below_the_ceiling_is_not_ducked(hardness):
    """What a strike promises is what it keeps: a lone strike at full speed passes as it is."""
    instrument = engine(sphere("glass", 880.0))
    instrument.gesture("lift", 0, level=-6.0)
    instrument.gesture("strike", 0, velocity=0.9, hardness=hardness)
    assert np.abs(seconds(instrument, 0.5)).max() < 0.9 * CEILING
    assert instrument.state.limiter.gain == 1
    assert instrument.snapshot().reduction > 0.999


def test_a_note_is_heard_in_the_very_frame_it_is_struck():
    """The limiter looks ahead without delay: the first frame of a strike is not silence."""
    for hardness in (0.0, 0.5, 1.0):
        instrument = engine(sphere("bell"))
        instrument.gesture("strike", 0, frame=100, velocity=1.0, hardness=hardness)
        sound = instrument.render(128)
        assert not np.any(sound[:100])
        assert np.abs(sound[100]).max() > (1e-4 if hardness >= 0.5 else 0)
