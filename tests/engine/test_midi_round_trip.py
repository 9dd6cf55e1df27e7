"""What has left as MIDI comes back the same: one instrument plays out, another hears it, and plays out what it did."""

from __future__ import annotations

import math

import numpy as np
import pytest
from support.handy import Map
from support.mpe_reader import Message, MpeReader
from support.playing import level_db
from support.playing_out import HAND_PORT, LEG, hear, instrument, plays_out, run, strikes

from weaver.engine.engine import Engine
from weaver.engine.hand import STRIKE, TURN

STEP_CENTS = 4800.0 / 8192.0
"""Of 14 bits over 48 semitones."""
PHRASE = ((5_000, 48, 100), (9_001, 50, 37), (9_001, 52, 127), (14_017, 53, 1), (20_000, 48, 64), (26_123, 55, 90))
"""Frame, note and velocity."""


def weave(engine: Engine) -> None:
    """Pads, a controller's pads and knobs, rubs, bends, tilts: a little of everything that has a pitch."""
    for frame, note, velocity in PHRASE:
        engine.midi((0x90, note, velocity), HAND_PORT, frame)
    made = Map()
    made.note(36, STRIKE, 6, values=(-1, -1, 0.8, 0), pressure=1)
    made.cc(20, TURN, 6, gesture="bend", low=-300.0, high=300.0)
    assert engine.give_hand(2, made.table)
    for n, data in enumerate(((0xB0, 20, 100), (0x90, 36, 80), (0xD0, 90), (0xB0, 20, 20), (0xD0, 10), (0x80, 36, 0))):
        engine.midi(data, 2, frame=11_003 + 1_777 * n)
    engine.gesture("bend", 1, frame=21_000, cents=-77.0)
    engine.gesture("strike", 1, frame=21_001, velocity=0.5)
    engine.gesture("tilt", 3, frame=22_000, brightness=-3.0)
    engine.gesture("rub", 3, frame=23_000, pressure=0.6)
    engine.gesture("rub", 3, frame=33_000, pressure=0.0)


def both_ways(form: str, mode: str, source: str = "pads") -> tuple[Engine, Engine, list[Message], list[Message]]:
    """Who wove, who heard, what the one said, and what the other said it did, a channel for each sphere."""
    first, second = instrument(source), instrument(mode)
    plays_out(second, "channels", lanes=False, settle=False, configures=False, echoes=True)
    said = plays_out(first, form, lanes=False)
    weave(first)
    said += run(first, 40_000)[1]
    _, back = hear(second, said, 45_000)
    return first, second, said, back


@pytest.mark.parametrize(("form", "mode"), [("mpe-lower", "mpe"), ("mpe-upper", "mpe"), ("channels", "channels")])
def test_the_same_spheres_are_struck_at_the_same_frames_as_hard(form, mode):
    _, second, said, back = both_ways(form, mode)
    place = {"mpe-lower": lambda c: c - 1, "mpe-upper": lambda c: 14 - c, "channels": lambda c: c}[form]
    struck = [(frame, place(channel), velocity) for frame, channel, velocity in strikes(said)]
    assert len(struck) == len(PHRASE) + 3
    assert strikes(back) == struck
    assert not second.state.midi.ignored.any()


@pytest.mark.parametrize(("form", "mode"), [("mpe-lower", "mpe"), ("channels", "channels")])
def test_pitch_pressure_and_timbre_come_back(form, mode):
    first, second = instrument(), instrument(mode)
    said = plays_out(first, form, lanes=False)
    chance = np.random.default_rng(3)
    for s in range(8):
        first.gesture("bend", s, cents=float(chance.uniform(-400, 400)))
        first.gesture("tilt", s, brightness=float(chance.uniform(-6, 6)))
        first.gesture("strike", s)
        first.gesture("rub", s, pressure=float(chance.uniform(0, 1)))
    said += run(first, 9600)[1]
    hear(second, said, int(first.state.frame))
    here, there = first.state.sphere, second.state.sphere
    midi = second.state.midi
    for s in range(8):
        at = s if form == "channels" else int(np.flatnonzero(midi.voice_channel == s + 1)[0])
        played = here.pitch_hz[s] * 2.0 ** (here.bend[s] / 1200.0)
        heard = there.pitch_hz[at] * 2.0 ** (there.wheel[at] / 1200.0)
        assert 1200.0 * math.log2(heard / played) == pytest.approx(0.0, abs=0.5 * STEP_CENTS + 1e-3)
        assert there.timbre[at] == pytest.approx(here.tilt_target[s], abs=0.5 * 6 / 63)
        assert second.state.touch.key_pressure[at] == pytest.approx(first.state.touch.pressure_target[s], abs=0.5 / 127)


def test_what_is_not_bent_comes_back_at_its_very_pitch():
    """Where a channel is a sphere, always; in MPE where the tuning has a key for it."""
    first, second, _, _ = both_ways("channels", "channels")
    for s in (0, 2, 4, 5, 7):
        assert second.state.sphere.wheel[s] == 0.0
        assert second.state.sphere.pitch_hz[s] == first.state.sphere.pitch_hz[s]


@pytest.mark.parametrize("source", ["keys", "mpe"])
def test_keys_come_back_as_keys_and_end_when_they_ended(source):
    first, second = instrument(source), instrument("mpe")
    plays_out(second, "mpe-lower", lanes=False, settle=False, configures=False, echoes=True)
    said = plays_out(first, "mpe-lower", lanes=False)
    for n, note in enumerate((60, 64, 67, 72)):
        first.midi((0x90 | n, note, 80 + n), HAND_PORT, 10_000 + 3_001 * n)
        first.midi((0x80 | n, note, 10 + n), HAND_PORT, 22_000 + 2_001 * n)
    said += run(first, 30_000)[1]
    _, back = hear(second, said, 35_000)
    outward, homeward = (MpeReader().read(messages) for messages in (said, [*said[:30], *back]))
    assert len(outward.notes) == 4
    for there, again in zip(outward.notes, homeward.notes, strict=True):
        assert (there.frame, there.key, there.velocity) == (again.frame, again.key, again.velocity)
        assert (there.end_frame, there.release) == (again.end_frame, again.release)
        assert again.semitones == there.semitones == there.key


def test_a_phrase_sounds_the_same_where_a_channel_is_a_sphere():
    """Struck by pads, with a mallet as a note brings it: to the last bit but for where fingers pressed in between."""
    first, second = instrument(), instrument("channels")
    said = plays_out(first, "channels", lanes=False)
    second.render(LEG)
    for frame, note, velocity in PHRASE:
        first.midi((0x90, note, velocity), HAND_PORT, frame)
    sound, left = run(first, 36_000)
    again, _ = hear(second, [m for m in left if m[0] >= LEG], 36_000)
    assert level_db(sound) > -40
    assert np.array_equal(sound, again)
    assert said


def test_it_sounds_alike_with_lanes_bends_and_fingers():
    first, second = instrument(), instrument("channels")
    said = plays_out(first, "channels")
    weave(first)
    sound, left = run(first, 36_000)
    again, _ = hear(second, said + left, LEG + 36_000)
    assert level_db(again[LEG:]) == pytest.approx(level_db(sound), abs=1.0)


def test_as_mpe_it_sounds_alike():
    first, second = instrument(), instrument("mpe")
    said = plays_out(first, "mpe-lower", lanes=False)
    for frame, note, velocity in PHRASE:
        first.midi((0x90, note, velocity), HAND_PORT, frame)
    sound, left = run(first, 36_000)
    again, _ = hear(second, said + left, LEG + 36_000)
    assert level_db(again[LEG:]) == pytest.approx(level_db(sound), abs=0.5)
    assert level_db(sound - again[LEG:]) < level_db(sound) - 12
