"""The same commands give the same samples, whatever the host's block is; and nothing stops the sound."""

from __future__ import annotations

import numpy as np
import pytest
from support.handy import Map
from support.mpe_reader import Message
from support.playing import CEILING, engine, level_db, seconds, sphere
from support.playing_out import clashes, run, strikes

from weaver.engine.engine import Engine
from weaver.engine.hand import HOLD, PICKUP, STRIKE, TIE, TURN, TWOS_COMPLEMENT
from weaver.engine.harm import hurt
from weaver.engine.maps import empty_midi_map
from weaver.model.errors import ConfigError
from weaver.model.gestures import HAND, PLAY_OUT
from weaver.model.midi_out import FORMS
from weaver.model.spheres import load_set
from weaver.model.units import note_to_hz


def everything(instrument: Engine) -> None:
    """A performance with every gesture, at odd frames, for the highest stakes, before a humming audience.

    One sphere is failing, one fractured, and one shatters as it begins.
    """
    do = instrument.gesture
    for s, damage in ((7, 0.85), (2, 0.5), (5, 1.0)):
        hurt(instrument.address, s, damage)
    instrument.set_parameter("stakes", 3.0, frame=1)
    instrument.set_parameter("audience_db", 0.0, frame=300)
    do("strike", 3, frame=1000, velocity=0.8)
    do("strike", 7, frame=1517, velocity=1.0, hardness=0.9)
    do("rub", 2, frame=3001, pressure=0.6)
    do("bend", 3, frame=5003, cents=300.0)
    do("place", 3, frame=7000, azimuth=80.0, distance=4.0)
    do("bind", 3, frame=9000, other=5, strength=0.8)
    do("soothe", 7, frame=9_999)
    do("undo", frame=11_111)
    do("tap", frame=12_345)
    do("tap", frame=30_001)
    do("damp", 7, frame=15_000, amount=0.8)
    do("tilt", 2, frame=16_001, brightness=3.0)
    do("lift", 2, frame=17_003, level=-9.0)
    do("rub", 2, frame=20_000, pressure=0.0)
    instrument.set_parameter("room_size_m", 60.0, frame=21_111)
    instrument.set_parameter("vibrato_cents", 30.0, frame=22_222)
    instrument.midi((0x90, 50, 100), frame=25_001)
    instrument.midi((0xD0, 90), frame=26_000)
    instrument.midi((0x80, 50, 0), frame=29_000)
    play_by_hand(instrument)
    for s in range(8):
        do("strike", s, frame=27_000 + 17 * s, velocity=0.9)
    do("hush", frame=31_000)


def play_by_hand(instrument: Engine) -> None:
    """A controller strikes, rubs, damps, ties, turns and nudges, and its page changes with pads held."""
    made = Map()
    made.note(36, STRIKE, 4, values=(-1, -1, 0.7, 0), pressure=1)
    made.note(37, HOLD, 6, gesture="damp", low=0.0, high=1.0)
    made.note(38, TIE, 0)
    made.note(39, TIE, 1)
    made.cc(20, TURN, 3, gesture="lift", low=-20.0, high=6.0, takeover=PICKUP)
    made.cc(21, TURN, 0, gesture="bend", low=-300.0, high=300.0, encoding=TWOS_COMPLEMENT)
    assert instrument.give_hand(2, made.table)
    for n, data in enumerate(
        ((0x90, 36, 99), (0xD0, 80), (0x90, 37, 5), (0xB0, 20, 120), (0xB0, 20, 70), (0x90, 38, 1))
    ):
        instrument.midi(data, 2, frame=4_001 + 1_777 * n)
    for n, data in enumerate(((0xB0, 21, 5), (0xB0, 21, 2), (0x90, 39, 1), (0xB0, 21, 120), (0x80, 37, 0))):
        instrument.midi(data, 2, frame=16_001 + 777 * n)
    instrument.repeat(23_456, HAND, -1, 2, (0, 0, 0, 0))


def performance(block: int, seed: int = 5, frames: int = 36_000) -> tuple[np.ndarray, list[Message]]:
    """Its sound, and what left as MIDI meanwhile, in one form and then in another."""
    midi_map = empty_midi_map()
    midi_map.note_hz[:] = [note_to_hz(note) for note in range(128)]
    instrument = Engine(load_set("auditorium"), midi_map, 48_000.0, seed)
    everything(instrument)
    for frame, form in ((37, "mpe-lower"), (19_003, "channels")):
        instrument.repeat(frame, PLAY_OUT, -1, 0, (FORMS.index(form), 1, 1, 1))
    return run(instrument, frames, block)


@pytest.fixture(scope="module")
def reference() -> tuple[np.ndarray, list[Message]]:
    return performance(64)


@pytest.mark.parametrize("block", [1, 17, 48, 480, 4096])
def test_any_block_size_gives_the_same_samples(block, reference):
    sound, left = performance(block)
    assert np.array_equal(sound, reference[0])
    assert level_db(sound) > -40
    assert left == reference[1]


def test_a_performance_leaves_as_midi_in_the_order_of_its_frames(reference):
    left = reference[1]
    assert [frame for frame, _ in left] == sorted(frame for frame, _ in left)
    assert {data[0] & 0xF0 for _, data in left} == {0x80, 0x90, 0xB0, 0xD0, 0xE0}
    assert len(strikes(left)) > 10 and clashes(left) == []
    assert all(0 <= byte < 128 for _, data in left for byte in data[1:])


def test_a_seed_fixes_all_chance(reference):
    sound, left = performance(64)
    assert np.array_equal(sound, reference[0]) and left == reference[1]
    assert not np.array_equal(performance(64, seed=6)[0], reference[0])


def test_a_command_takes_effect_at_its_frame():
    for frame in (64, 65, 100, 127):
        instrument = engine(sphere("bell"))
        instrument.gesture("strike", 0, frame=frame, velocity=1.0)
        sound = instrument.render(256)
        assert int(np.argmax(np.abs(sound[:, 0]) > 1e-5)) == frame


def test_numbers_that_are_none_silence_their_sphere_only():
    instrument = engine(sphere("bell", 300.0, "A"), sphere("bell", 400.0, "B"))
    for s in range(2):
        instrument.gesture("strike", s)
    seconds(instrument, 0.2)
    instrument.state.bank.re[0, 3] = np.nan
    sound = seconds(instrument, 0.5)
    assert np.isfinite(sound).all() and np.abs(sound).max() <= CEILING
    assert instrument.state.counters.nan_spheres == 1
    assert level_db(sound[4800:]) > -45  # the other plays on
    instrument.gesture("strike", 0)
    seconds(instrument, 0.1)
    assert instrument.state.sphere.energy[0] > 1e-3  # and the first can be played again


def test_another_set_takes_over_without_a_click():
    midi_map = empty_midi_map()
    instrument = Engine(load_set("auditorium"), midi_map, 48_000.0)
    instrument.set_parameter("wet_db", -60.0)
    for s in range(8):
        instrument.gesture("strike", s, velocity=0.6, hardness=0.1)
    before = seconds(instrument, 0.5)
    assert instrument.change_set(load_set("bowls"))
    sound = seconds(instrument, 0.2)
    steepest = np.abs(np.diff(before[12_000:], axis=0)).max()
    assert np.abs(np.diff(np.vstack([before[-1:], sound]), axis=0)).max() < 1.5 * steepest
    assert len(instrument.notices()) == 1
    assert instrument.spheres.name == "bowls"
    assert int(instrument.state.definitions[int(instrument.state.playing)].count) == 7
    instrument.gesture("strike", 6)
    assert level_db(seconds(instrument, 0.3)) > -45
    assert instrument.change_set(load_set("glasses"))
    seconds(instrument, 0.1)
    instrument.notices()
    assert instrument.spheres.name == "glasses"


@pytest.mark.parametrize("rate", [44_100.0, 88_200.0, 96_000.0, 192_000.0])
def test_every_rate_sounds_alike(rate):
    levels = []
    for here in (48_000.0, rate):
        instrument = engine(sphere("glass"), rate=here)
        instrument.gesture("strike", 0)
        levels.append(level_db(seconds(instrument, 0.5)))
    assert levels[1] == pytest.approx(levels[0], abs=0.5)


def test_a_rate_out_of_range_is_refused():
    with pytest.raises(ConfigError, match="44100 to 192000"):
        engine(sphere(), rate=22_050.0)


def test_what_a_gesture_may_not_be_is_said():
    instrument = engine()
    with pytest.raises(ConfigError, match="strike velocity: expected 0 to 1, found 2"):
        instrument.gesture("strike", 0, velocity=2)
    with pytest.raises(ConfigError, match="gesture: expected one of strike"):
        instrument.gesture("kick", 0)
    with pytest.raises(ConfigError, match="sphere: expected 0 to 0, found 3"):
        instrument.gesture("strike", 3)
    with pytest.raises(ConfigError, match="wet_db: expected -60 to 6 dB"):
        instrument.set_parameter("wet_db", float("nan"))


def test_silence_is_free():
    """A sphere that sleeps is not rendered, and a room without sound rests: the state stands still."""
    instrument = engine(*[sphere("glass", 200.0 + 20 * s, f"S{s}") for s in range(64)])
    seconds(instrument, 1.0)
    snapshot = instrument.snapshot()
    assert snapshot.awake == 0
    before = instrument.state.bank.tobytes(), instrument.state.room.line_memory.tobytes()
    assert not np.any(seconds(instrument, 0.5))
    assert (instrument.state.bank.tobytes(), instrument.state.room.line_memory.tobytes()) == before
