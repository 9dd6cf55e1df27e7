"""What is woven leaves as MIDI: zones, notes and their ends, what moves, lanes; each at its frame, in order."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from support.mpe_reader import Message, MpeReader
from support.playing_out import HAND_PORT, LEG, RATE, clashes, instrument, plays_out, run, strikes, told

from weaver.dsp.sizes import MIDI_EVENTS
from weaver.engine.engine import Engine
from weaver.engine.harm import hurt
from weaver.model.midi_out import HEALTH, LANES, LIGHT, VALENCE, PlayOut
from weaver.model.spheres import load_set

MS = int(RATE / 1000)


def spaced(messages: list[Message]) -> bool:
    frames = [frame for frame, _ in messages]
    return all(b - a >= MS for a, b in pairwise(frames))


def strike(engine: Engine, s: int, frames: int = 480, **how: float) -> list[Message]:
    engine.gesture("strike", s, **how)
    return run(engine, frames)[1]


def heard(messages: list[Message], said: list[Message] | None = None) -> MpeReader:
    return MpeReader().read([*(said or []), *messages])


@pytest.mark.parametrize(("form", "zones"), [("mpe-lower", (8, 0)), ("mpe-upper", (0, 8))])
def test_a_zone_is_said_with_as_many_members_as_there_are_spheres(form, zones):
    engine = instrument()
    said = plays_out(engine, form, lanes=False)
    reader = heard(said)
    assert (reader.lower, reader.upper) == zones
    members = [channel for channel in range(16) if reader.manager(channel) is not None]
    assert [reader.channels[channel].range for channel in members] == [48.0] * 8
    assert reader.channels[0 if form == "mpe-lower" else 15].range == 2.0
    assert len(said) == 3 * 10 and spaced(said) and not reader.controls


@pytest.mark.parametrize("form", ["mpe-lower", "channels"])
def test_numbers_wait_until_all_is_set_up(form):
    said = [data[1] for _, data in plays_out(instrument(), form) if data[0] & 0xF0 == 0xB0]
    last = max(place for place, number in enumerate(said) if number == 6)
    assert set(said[: last + 1]) == {101, 100, 6} and len(said) > last + 1


@pytest.mark.parametrize("rate", [44_100.0, 96_000.0, 192_000.0])
def test_each_byte_of_the_setup_is_a_millisecond_after_the_one_before(rate):
    engine = instrument(rate=rate)
    engine.outward.play(PlayOut("mpe-lower", lanes=False))
    frames = [frame for frame, _ in run(engine, int(rate / 10))[1]]
    assert len(frames) == 30
    assert min(np.diff(frames)) >= rate / 1000


def test_channels_are_given_their_range():
    said = plays_out(instrument(), "channels", lanes=False)
    assert [data.hex(" ") for _, data in said[:3]] == ["b0 65 00", "b0 64 00", "b0 06 30"]
    assert [channel.range for channel in heard(said).channels] == [48.0] * 8 + [2.0] * 8


def test_the_player_may_configure_the_daw():
    assert plays_out(instrument(), lanes=False, configures=False) == []


def test_nothing_leaves_while_it_is_off():
    engine = instrument()
    strike(engine, 0)
    assert plays_out(engine, "off") == []


def test_a_strike_leaves_at_its_frame_with_the_velocity_it_came_with():
    engine = instrument()
    plays_out(engine, lanes=False)
    for n, velocity in enumerate((1, 2, 33, 64, 100, 126, 127)):
        engine.midi((0x90, 48 + n, velocity), HAND_PORT, frame=10_001 + 517 * n)
    left = run(engine, 12_000)[1]
    assert strikes(left) == [(10_001 + 517 * n, n + 1, v) for n, v in enumerate((1, 2, 33, 64, 100, 126, 127))]


def test_the_key_is_the_nearest_and_the_bend_is_the_rest():
    engine = instrument()
    said = plays_out(engine, lanes=False)
    engine.gesture("bend", 3, cents=-130.0)
    run(engine, 64)
    left = strike(engine, 3)
    note = heard(left, said).notes[0]
    wanted = 69.0 + 12.0 * np.log2(engine.spheres.spheres[3].f0_hz / 440.0) - 1.3
    assert note.key == round(wanted)
    assert note.semitones == pytest.approx(wanted, abs=0.5 * 48 / 8192)
    assert [data[0] & 0xF0 for _, data in left[:4]] == [0xE0, 0xD0, 0xB0, 0x90], "what it is comes before that it is"


def test_bend_pressure_and_timbre_follow_at_most_every_four_cells():
    engine = instrument()
    said = plays_out(engine, lanes=False)
    for n in range(100):
        engine.gesture("bend", 1, frame=10_000 + 37 * n, cents=3.0 * n)
        engine.gesture("tilt", 1, frame=10_000 + 37 * n, brightness=-0.05 * n)
        engine.gesture("rub", 1, frame=10_000 + 37 * n, pressure=0.1 + 0.005 * n)
    engine.gesture("strike", 1, frame=10_000)
    left = run(engine, 12_000)[1]
    note = heard(left, said).notes[0]
    for moves in (note.pitches, note.pressures, note.timbres):
        frames = [note.frame, *(frame for frame, _ in moves)]
        assert len(frames) > 10 and min(np.diff(frames)) >= 4 * 64
    assert note.pitches[-1][1] == pytest.approx(note.semitones + 2.97, abs=0.006)
    assert note.pressures[-1][1] == round(0.595 * 127)
    assert note.timbres[-1][1] == round(64 - 4.95 / 6 * 64)
    assert clashes(left) == []


def test_what_moves_a_key_s_note_is_told():
    engine = instrument("mpe")
    said = plays_out(engine, lanes=False)
    engine.set_parameter("vibrato_cents", 50.0)
    left = []
    for data in ((0x91, 60, 100), (0xD1, 90), (0xB1, 74, 127)):
        engine.midi(data, HAND_PORT)
        left += run(engine, 24_000)[1]
    note = heard(left, said).notes[0]
    assert note.pressures[-1][1] == 90 and note.timbres[-1][1] == 127
    swing = [semitones - 60.0 for _, semitones in note.pitches]
    assert max(swing) == pytest.approx(0.5, abs=0.05) and min(swing) == pytest.approx(-0.5, abs=0.05)


def test_a_finger_begins_a_note_softly_and_it_lasts_as_long_as_it_rings():
    engine = instrument(spheres="glasses")
    said = plays_out(engine, lanes=False)
    engine.gesture("rub", 1, pressure=0.5)
    first = run(engine, 24_000)[1]
    engine.gesture("rub", 1, pressure=0.0)
    note = heard(first + run(engine, 30 * int(RATE))[1], said).notes
    assert len(note) == 1
    assert note[0].velocity == 8 and note[0].pressure == 64
    assert note[0].pressures[-1][1] == 0
    assert note[0].end_frame is not None and note[0].end_frame > 60_000


@pytest.mark.parametrize(
    ("gesture", "arguments", "release"),
    [("damp", {"amount": 0.6}, 76), ("damp", {"amount": 1.0}, 127), ("hush", {}, 64), ("panic", {}, 64)],
)
def test_a_hand_ends_it(gesture, arguments, release):
    engine = instrument()
    said = plays_out(engine, lanes=False)
    left = strike(engine, 2)
    engine.gesture(gesture, **arguments)
    note = heard(left + run(engine, 480)[1], said).notes[0]
    assert note.release == release


def test_a_light_hand_does_not_end_it():
    engine = instrument()
    said = plays_out(engine, lanes=False)
    left = strike(engine, 2)
    engine.gesture("damp", 2, amount=0.4)
    assert heard(left + run(engine, 480)[1], said).notes[0].end_frame is None


def test_a_strike_ends_the_note_of_the_one_before():
    engine = instrument()
    said = plays_out(engine, lanes=False)
    reader = heard(strike(engine, 2, velocity=0.9) + strike(engine, 2), said)
    assert reader.strays == []
    assert reader.notes[0].end_frame == reader.notes[1].frame


def test_a_shatter_ends_it():
    engine = instrument()
    said = plays_out(engine, lanes=False)
    left = strike(engine, 2)
    hurt(engine.address, 2, 1.0)
    assert heard(left + run(engine, 480)[1], said).notes[0].end_frame is not None
    assert strikes(strike(engine, 2)) == [], "there is nothing to strike"


@pytest.mark.parametrize("mode", ["keys", "mpe"])
def test_a_keys_release_ends_it_with_its_velocity(mode):
    engine = instrument(mode)
    said = plays_out(engine, lanes=False)
    left = []
    for data in ((0x91, 60, 100), (0x81, 60, 31)):
        engine.midi(data, HAND_PORT)
        left += run(engine, 480)[1]
    note = heard(left, said).notes[0]
    assert (note.release, note.end_frame) == (31, note.frame + 480)
    assert note.semitones == pytest.approx(60.0, abs=1e-9)


def test_a_pad_that_is_let_go_rings_on():
    engine = instrument()
    said = plays_out(engine, lanes=False)
    left = []
    for data in ((0x90, 50, 100), (0x80, 50, 31)):
        engine.midi(data, HAND_PORT)
        left += run(engine, 480)[1]
    assert heard(left, said).notes[0].end_frame is None


@pytest.mark.parametrize("port", [0, 15])
def test_what_a_daw_plays_does_not_leave_again_unless_asked(port):
    for echoes in (False, True):
        engine = instrument()
        plays_out(engine, lanes=False, echoes=echoes)
        engine.midi((0x90, 50, 100), port)
        engine.midi((0xD0, 100), port)
        assert len(strikes(run(engine, 480)[1])) == echoes


def test_a_daws_strike_ends_the_hands_note():
    engine = instrument()
    said = plays_out(engine, lanes=False)
    left = strike(engine, 2)
    engine.midi((0x90, 50, 100), 0)
    reader = heard(left + run(engine, 480)[1], said)
    assert len(reader.notes) == 1 and reader.notes[0].end_frame is not None


def test_more_spheres_than_members_take_the_one_least_recently_released():
    engine = instrument(spheres="grand")
    assert len(engine.spheres.spheres) > 15
    said = plays_out(engine, lanes=False)
    assert heard(said).lower == 15
    left = []
    for s in range(15):
        left += strike(engine, s)
    assert [channel for _, channel, _ in strikes(left)] == list(range(1, 16))
    for s in (4, 2):
        engine.gesture("damp", s)
        left += run(engine, 480)[1]
    fresh = strike(engine, 15) + strike(engine, 16)
    assert [channel for _, channel, _ in strikes(fresh)] == [5, 3]
    taken = strike(engine, 17)
    assert [channel for _, channel, _ in strikes(taken)] == [1], "all sound: the oldest gives way"
    assert heard(left + fresh + taken, said).strays == []
    engine.gesture("rub", 18, pressure=0.5)
    assert strikes(run(engine, 480)[1]) == [], "a finger takes no other's"


def test_a_chord_of_all_at_one_frame():
    engine = instrument(spheres="grand")
    said = plays_out(engine)
    for s in range(len(engine.spheres.spheres)):
        engine.gesture("tilt", s, frame=10_000, brightness=0.15 * s)
        engine.gesture("strike", s, frame=10_000)
    left = run(engine, LEG)[1] + run(engine, LEG)[1]
    assert clashes(left) == []
    assert heard(left, said).strays == []
    assert {frame for frame, _, _ in strikes(left)} == {10_000}
    channels = len(engine.spheres.spheres)
    assert len(strikes(left)) == channels


@pytest.mark.parametrize("new", ["off", "mpe-upper", "channels"])
def test_another_form_ends_notes_and_takes_the_zone_back(new):
    engine = instrument()
    said = plays_out(engine, lanes=False)
    left = strike(engine, 2)
    changed = plays_out(engine, new, lanes=False)
    reader = heard(left + changed, said)
    assert reader.notes[0].end_frame == engine.state.frame - LEG
    assert reader.lower == 0
    assert (reader.upper == 8) == (new == "mpe-upper")
    assert [data.hex(" ") for _, data in changed[1:4]] == ["b0 65 00", "b0 64 06", "b0 06 00"]
    assert spaced(changed[1:])


@pytest.mark.parametrize(("last", "zones"), [("off", (0, 0)), ("channels", (0, 0)), ("mpe-lower", (8, 0))])
def test_however_soon_forms_follow_no_zone_stays_behind(last, zones):
    engine = instrument()
    said = plays_out(engine, lanes=False)
    engine.outward.play(PlayOut("mpe-upper"))
    left = run(engine, 128)[1]
    left += plays_out(engine, last, lanes=False)
    reader = heard(left, said)
    assert (reader.lower, reader.upper) == zones


def test_another_form_at_the_frame_of_a_strike_says_no_control_twice():
    engine = instrument()
    plays_out(engine, "channels")
    engine.gesture("tilt", 2, brightness=5.0)
    engine.gesture("strike", 2)
    engine.outward.play(PlayOut("channels", lanes=False, configures=False))
    left = strike(engine, 2)
    assert len(strikes(left)) == 2 and clashes(left) == []


def test_what_is_struck_while_the_zone_is_said_comes_after_it():
    engine = instrument()
    engine.outward.play(PlayOut())
    engine.gesture("strike", 4, frame=1)
    reader = heard(run(engine, LEG)[1])
    assert [(note.channel, note.end_frame) for note in reader.notes] == [(5, None)]


def test_a_key_that_is_let_go_while_the_zone_is_said_is_no_note():
    engine = instrument("keys")
    engine.outward.play(PlayOut())
    engine.midi((0x90, 60, 100), HAND_PORT, 1)
    engine.midi((0x80, 60, 64), HAND_PORT, 100)
    assert strikes(run(engine, LEG)[1]) == []


def test_the_same_form_once_more_leaves_the_zone_alone():
    engine = instrument()
    plays_out(engine, lanes=False)
    again = [data.hex(" ") for _, data in plays_out(engine, lanes=False)]
    assert again[:3] == ["b0 65 00", "b0 64 06", "b0 06 08"] and "b0 06 00" not in again


def test_another_set_of_as_many_spheres_is_told_of_by_lanes_alone():
    engine = instrument()
    before = heard(plays_out(engine) + run(engine, LEG)[1]).controls
    spheres = engine.spheres
    engine.change_set(replace(spheres, spheres=spheres.spheres[::-1]))
    left = run(engine, LEG)[1]
    assert not [data for _, data in left if data[:2] == b"\xb0\x65"]
    assert {number for *_, number, _ in heard(left).controls} == {number for *_, number, _ in before}


def test_what_a_hand_stops_before_the_zone_is_said_never_was():
    engine = instrument()
    engine.outward.play(PlayOut())
    engine.gesture("strike", 4, frame=1)
    engine.gesture("damp", 4, frame=2)
    engine.gesture("damp", 4, frame=LEG, amount=0.0)
    assert strikes(run(engine, 2 * LEG)[1]) == []


def test_another_set_ends_notes_and_is_given_as_many_members():
    engine = instrument()
    said = plays_out(engine, lanes=False)
    left = strike(engine, 2)
    engine.change_set(load_set("bowls"))
    left += run(engine, LEG)[1]
    reader = heard(left, said)
    assert reader.notes[0].end_frame is not None
    assert reader.lower == 7


def test_a_panic_ends_all():
    engine = instrument()
    said = plays_out(engine, lanes=False)
    left = strike(engine, 2) + strike(engine, 3, frames=500)
    at = int(engine.state.frame)
    engine.panic()
    reader = heard(left + run(engine, 480)[1], said)
    assert [note.end_frame for note in reader.notes] == [at, at]


@pytest.mark.parametrize("form", ["mpe-lower", "mpe-upper", "channels"])
def test_lanes_are_told_once_and_then_as_they_move(form):
    engine = instrument()
    said = plays_out(engine, form) + run(engine, LEG)[1]
    lanes = heard(said).controls
    numbers = {(channel, number) for _, channel, number, _ in lanes}
    manager = 0 if form == "mpe-lower" else 15
    for lane in LANES:
        for s in range(8 if lane.of_sphere else 1):
            channel = (s if lane.of_sphere else 15) if form == "channels" else manager
            assert (channel, lane.control + (s if form != "channels" else 0)) in numbers
    assert len(numbers) == 26
    together = Counter(frame for frame, _, number, _ in lanes if number < LANES[VALENCE].control)
    assert max(together.values()) == 1, "they take turns"
    hurt(engine.address, 6, 0.5)
    moved = heard(run(engine, LEG)[1]).controls
    channel, number = (6, LANES[HEALTH].control) if form == "channels" else (manager, LANES[HEALTH].control + 6)
    values = [value for _, c, n, value in moved if (c, n) == (channel, number)]
    assert values[0] == pytest.approx(64, abs=1)
    frames = [frame for frame, c, n, _ in lanes + moved if (c, n) == (channel, LANES[VALENCE].control)]
    assert all(b - a >= 32 * 64 for a, b in pairwise(frames))


def test_light_is_told_as_it_flickers():
    engine = instrument()
    plays_out(engine)
    engine.gesture("strike", 5)
    hurt(engine.address, 5, 0.8)
    lane, sphere, looked = LANES[LIGHT].control + 5, engine.state.sphere, []
    for _ in range(1500):
        for *_, number, value in heard(run(engine, 64)[1]).controls:
            if number == lane:
                assert value == pytest.approx(127 * sphere.light[5] * sphere.shine[5], abs=1)
                looked.append(float(sphere.shine[5]))
    assert min(looked) < 0.95


@pytest.mark.parametrize("form", ["mpe-lower", "channels"])
def test_no_two_controls_leave_on_one_channel_at_one_frame(form):
    engine = instrument()
    said = plays_out(engine, form)
    chance = np.random.default_rng(7)
    for _ in range(40):
        for _ in range(20):
            frame = int(engine.state.frame) + int(chance.choice((64, 128, 63, 127, 100, 1)))
            s = int(chance.integers(8))
            engine.gesture("tilt", s, frame=frame, brightness=float(chance.uniform(-6, 6)))
            engine.gesture("damp", s, frame=frame, amount=float(chance.choice((0, 0.3))))
            engine.gesture("place", s, frame=frame, azimuth=float(chance.uniform(-180, 180)))
            engine.gesture("soothe", s, frame=frame, care=float(chance.uniform(0, 1)))
            engine.gesture("strike", s, frame=frame, velocity=float(chance.uniform(0, 1)))
        said += run(engine, 640)[1]
    assert clashes(said) == []
    assert [frame for frame, _ in said] == sorted(frame for frame, _ in said)
    assert heard(said).strays == []
    assert engine.state.midi_out.lost == 0


def test_where_nobody_takes_it_out_ends_of_notes_still_fit():
    engine = instrument()
    plays_out(engine)
    for _ in range(3 * MIDI_EVENTS // 16):
        for s in range(8):
            engine.gesture("strike", s)
        engine.render(64)
        engine.notices()
    assert engine.state.midi_out.lost > 0
    engine.panic()
    engine.render(64)
    reader = heard(told(engine))
    assert reader.notes and all(note.end_frame is not None for note in reader.notes)


def test_it_changes_nothing_of_the_sound():
    sounds = []
    for form in ("off", "mpe-lower"):
        engine = instrument()
        plays_out(engine, form)
        for s in range(8):
            engine.gesture("strike", s, frame=5000 + 321 * s)
        sounds.append(run(engine, 12_000)[0])
    assert np.array_equal(*sounds)
