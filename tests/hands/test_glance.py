"""One look at the sound for all lights, from an engine that keeps time."""

from __future__ import annotations

from support.playing import engine, seconds, sphere

from weaver.engine.engine import Engine
from weaver.hands.glance import IDLE, READY, Glance, deeds
from weaver.life.transport import LINK

TENTHS = 20


def shown(instrument: Engine, deed: str) -> tuple[list[float], list[bool]]:
    """What a deed's light and the spheres do in two beats of half a second, ten looks a beat."""
    glance = Glance(instrument)
    lights, beats = [], []
    for _ in range(TENTHS):
        shine = glance.shine()
        lights.append(round(shine.deeds[deed], 3))
        beats.append(shine.is_beat)
        seconds(instrument, 0.05)
    return lights, beats


def test_two_beats_are_seen_where_the_song_rolls() -> None:
    instrument = engine(sphere())
    instrument.gesture("roll", beat=4)
    seconds(instrument, 0.01)
    for deed in ("tap", "roll"):
        lights, beats = shown(instrument, deed)
        assert lights[:5] == sorted(lights[:5], reverse=True) and min(lights[0], lights[10]) > 0.9
        assert max(lights[6:10] + lights[16:]) <= READY
        assert [place for place in range(1, TENTHS) if beats[place] and not beats[place - 1]] == [10]
        assert beats[0] and not any(beats[4:9])


def test_the_tap_follows_the_heart_where_nobody_keeps_time() -> None:
    instrument = engine(sphere())
    instrument.set_parameter("heart_bpm", 120)
    seconds(instrument, 3.0)
    lights, beats = shown(instrument, "tap")
    assert max(lights) > 0.8 > min(lights) == IDLE and not any(beats)


def test_a_song_that_is_followed_and_stands_beats_too_and_can_be_started() -> None:
    instrument = engine(sphere())
    instrument.give_time(LINK, 120.0, 0.0, False)
    seconds(instrument, 0.02)
    lights, beats = shown(instrument, "tap")
    assert max(lights) > 0.9 and any(beats) and not all(beats)
    snapshot = instrument.snapshot()
    assert deeds(snapshot, False)["roll"] == deeds(snapshot, False)["halt"] == IDLE
    instrument.give_time(LINK, 120.0, 0.0, True)
    seconds(instrument, 0.02)
    assert deeds(instrument.snapshot(), False)["halt"] == READY
