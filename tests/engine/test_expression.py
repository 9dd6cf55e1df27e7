"""Wheels, fingers and knobs: bend and its range, pressure, controls of 7 and 14 bits, channel mode messages."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from support.player import SAMPLE_RATE, Player, play

from weaver.mapping.modes import compile_mode, load_mode
from weaver.mapping.profile import Bound
from weaver.mapping.tuning import standard_tuning
from weaver.model.parameters import INDEX

FULL_UP = (0x7F, 0x7F)
HALF_UP = (0x00, 0x60)
RPN_BEND = "B0 65 00 B0 64 00"
RPN_NULL = "B0 65 7F B0 64 7F"


def parameter(player: Player, name: str) -> float:
    return float(player.engine.state.target[INDEX[name]])


def test_bend_moves_the_channels_notes_by_its_range() -> None:
    player = play("keys")
    ours, other, far = player.note(60), player.note(64, channel=1), player.note(67, port=1)
    player.send(0xE0, *HALF_UP)
    assert player.semitones(ours) == 1.0
    assert player.semitones(other) == player.semitones(far) == 0.0
    player.send(0xE0, 0, 0)
    assert player.semitones(ours) == -2.0


def test_bend_is_heard() -> None:
    player = play("keys")
    player.engine.set_parameter("wet_db", -60)
    s = player.note(60, 60)
    player.send(0xE0, *HALF_UP)
    player.wait(0.3)
    sound = player.wait(1.0).sum(axis=1) * np.hanning(SAMPLE_RATE)
    peak_hz = int(np.argmax(np.abs(np.fft.rfft(sound))))
    assert peak_hz == round(261.6256 * 2 ** (1 / 12))
    assert player.engine.snapshot().pitch_hz[s] == pytest.approx(261.6256 * 2 ** (1 / 12), rel=1e-5)


def test_a_wheel_that_is_up_counts_for_the_next_note() -> None:
    player = play("keys")
    player.send(0xE0, *HALF_UP)
    assert player.semitones(player.note(60)) == 1.0


def test_on_pads_the_wheel_bends_every_sphere() -> None:
    player = play("pads")
    player.send(0xE4, *HALF_UP)
    assert [player.semitones(s) for s in range(16)] == [1.0] * 16


@pytest.mark.parametrize(
    ("messages", "semitones"),
    [
        ("B0 06 0C", 12.0),
        ("B0 06 07 B0 26 32", 7.5),
        ("B0 06 00", 0.0),
        ("B0 06 7F", 96.0),
        ("B0 60 00", 3.0),
        ("B0 61 00", 1.0),
        ("B0 06 00 B0 61 00", 0.0),
        ("B0 65 7F B0 64 7F B0 06 0C", 2.0),
        ("B0 63 00 B0 62 00 B0 06 0C", 2.0),
        ("B0 65 00 B0 64 01 B0 06 0C", 2.0),
    ],
)
def test_bend_range_by_rpn_0(messages: str, semitones: float) -> None:
    player = play("keys")
    s = player.note(60)
    player.send_all(RPN_BEND + messages + RPN_NULL)
    player.send(0xE0, 0, 0)
    assert player.semitones(s) == pytest.approx(-semitones)


def test_a_new_range_moves_a_note_that_is_bent() -> None:
    player = play("keys")
    s = player.note(60)
    player.send(0xE0, *HALF_UP)
    player.send_all(RPN_BEND + "B0 06 0C")
    assert player.semitones(s) == pytest.approx(6.0)


def test_the_parameter_is_the_range_that_nobody_has_said() -> None:
    player = play("keys")
    player.engine.set_parameter("bend_range_semitones", 7)
    player.wait(0.01)
    s, other = player.note(60), player.note(64, channel=1)
    player.send_all("B1 65 00 B1 64 00 B1 06 0C")
    for channel in (0, 1):
        player.send(0xE0 | channel, 0, 0)
    assert (player.semitones(s), player.semitones(other)) == (-7.0, -12.0)


@pytest.mark.parametrize("mode", ["pads", "keys", "mpe"])
@pytest.mark.parametrize("message", [(0xD0, 90), (0xA0, 67, 90)])
def test_pressure_rubs_the_held_sphere_until_it_sings_and_stops(mode: str, message: tuple[int, ...]) -> None:
    player = play(mode)
    player.engine.set_parameter("wet_db", -60)
    s = player.note(67, 1)
    player.wait(0.1)
    tapped = player.energy(s)
    player.send(*message)
    player.wait(1.5)
    sung = player.energy(s)
    assert sung > 0.05
    assert sung > 10 * tapped
    player.send(*message[:-1], 0)
    player.wait(0.2)
    assert player.engine.state.touch.rubbed[s] == 0
    player.off(67)
    player.wait(8.0 if mode == "pads" else 1.0)
    assert player.energy(s) < 0.01 * sung


def test_letting_go_lifts_the_finger() -> None:
    player = play("keys")
    s = player.note(67, 1)
    player.send(0xA0, 67, 127)
    player.wait(0.5)
    player.off(67)
    player.wait(0.2)
    assert player.engine.state.touch.rubbed[s] == 0


def test_pressure_on_a_channel_is_for_its_own_held_keys() -> None:
    player = play("keys")
    ours, other, gone = player.note(60), player.note(64, channel=1), player.note(67)
    player.off(67)
    player.send(0xD0, 127)
    fingers = player.engine.state.touch.key_pressure
    assert fingers[ours] == 1.0
    assert fingers[other] == fingers[gone] == 0.0


def test_poly_pressure_is_for_one_key() -> None:
    player = play("keys")
    ours, other = player.note(60), player.note(64)
    player.send(0xA0, 60, 127)
    player.send(0xA0, 61, 127)
    assert player.engine.state.touch.key_pressure[ours] == 1.0
    assert player.engine.state.touch.key_pressure[other] == 0.0


@pytest.mark.parametrize(
    ("cc", "name", "values"),
    [
        (1, "vibrato_cents", {0: 0, 64: 30, 127: 60}),
        (10, "turn_deg", {0: -90, 64: 0, 127: 90}),
        (91, "wet_db", {0: -60, 64: -30, 127: 0}),
        (73, "hardness", {0: 1, 64: 0.5, 127: 0}),
        (76, "vibrato_hz", {0: 1, 64: math.sqrt(12), 127: 12}),
        (72, "release_s", {0: 0.02, 64: math.sqrt(0.02 * 20), 127: 20}),
    ],
)
def test_knobs_turn_parameters(cc: int, name: str, values: dict[int, float]) -> None:
    player = play("keys")
    for value, wanted in values.items():
        player.control(cc, value)
        assert parameter(player, name) == pytest.approx(wanted, rel=1e-6, abs=1e-6)


def test_pan_is_heard_on_its_side() -> None:
    player = play("pads", "auditorium")
    player.engine.set_parameter("wet_db", -60)
    player.engine.set_parameter("hum_db", -60)
    sides = []
    for value in (0, 127):
        player.control(10, value)
        player.wait(0.5)
        player.note(51)
        sound = player.wait(0.2)
        left, right = (sound.astype(float) ** 2).sum(axis=0)
        sides.append(right / left)
    assert sides[0] < 0.5
    assert sides[1] > 2.0


def test_pairs_of_14_bits() -> None:
    player = play("keys")
    player.control(1, 64)
    player.control(33, 0)
    assert parameter(player, "vibrato_cents") == pytest.approx(30)
    player.control(33, 1)
    assert 30 < parameter(player, "vibrato_cents") < 30 + 60 / 16000
    player.control(1, 127)
    player.control(33, 127)
    assert parameter(player, "vibrato_cents") == 60
    assert not player.ignored


def test_the_lower_half_is_remembered_for_each_channel() -> None:
    player = play("keys")
    player.control(1, 127, channel=3)
    player.control(33, 0, channel=4)
    assert parameter(player, "vibrato_cents") == 0.0


@pytest.mark.parametrize("cc", [7, 11])
def test_volume_and_expression_by_40_log(cc: int) -> None:
    player = play("keys")
    ours, other = player.note(60), player.note(64, channel=1)
    player.control(cc, 64)
    assert player.engine.state.sphere.swell[ours] == pytest.approx(40 * math.log10(0.5))
    assert player.engine.state.sphere.swell[other] == 0.0


def test_volume_0_is_silence() -> None:
    player = play("keys")
    player.engine.set_parameter("wet_db", -60)
    player.note(60)
    loud = np.abs(player.wait(0.1)).max()
    player.control(7, 0)
    player.wait(0.5)
    assert np.abs(player.wait(0.05)).max() < 1e-4 * loud
    player.control(7, 127)
    player.wait(0.5)
    assert np.abs(player.wait(0.05)).max() > 0.1 * loud


def test_timbre_tilts_the_channels_notes() -> None:
    player = play("keys")
    s = player.note(60)
    tilts = []
    for value in (0, 64, 127):
        player.control(74, value)
        tilts.append(float(player.engine.state.sphere.timbre[s]))
    assert tilts == [-6.0, 0.0, 6.0]


def test_all_sound_off_silences_the_channels_voices_only() -> None:
    player = play("keys")
    ours, other = player.note(60), player.note(64, channel=1)
    player.off(60)
    player.control(120, 0)
    player.wait(0.02)
    assert player.energy(ours) == 0.0
    assert player.energy(other) > 1e-3
    assert player.held == [other]


@pytest.mark.parametrize("cc", [123, 124, 125, 126, 127])
def test_all_notes_off_lets_go(cc: int) -> None:
    player = play("keys")
    player.control(64, 127)
    ours, other = player.note(60), player.note(64, channel=1)
    pedalled = player.note(70)
    player.off(70)
    player.control(cc, 0)
    assert player.held == [other]
    assert player.engine.state.sphere.release[ours] > 0
    assert player.engine.state.sphere.release[pedalled] > 0
    assert player.energy(ours) > 1e-3, "it dies away, it is not cut"


def test_reset_controllers_as_rp_015() -> None:
    player = play("keys")
    s, pedalled = player.note(60), player.note(70)
    for message in ((0xE0, *FULL_UP), (0xD0, 90), (0xA0, 60, 90)):
        player.send(*message)
    for cc, value in ((1, 90), (7, 64), (11, 20), (64, 127), (74, 127)):
        player.control(cc, value)
    player.off(70)
    player.send_all(RPN_BEND)
    player.control(121, 0)
    state = player.engine.state
    assert player.semitones(s) == 0.0
    assert state.touch.key_pressure[s] == 0.0
    assert parameter(player, "vibrato_cents") == 0.0
    assert player.held == [s] and pedalled != s
    assert state.sphere.swell[s] == pytest.approx(40 * math.log10(0.5)), "volume stays, expression is full"
    assert state.sphere.timbre[s] == 6.0, "sound controllers stay"
    player.control(6, 12)
    assert player.ignored == {"control without use": 1}, "no parameter is selected any more"


def test_a_control_of_ones_own() -> None:
    mode = load_mode("keys")
    own = Bound("cc", 33, parameter="room_t60_s", low=1.0, high=4.0, curve="exponential")
    table = compile_mode(replace(mode, controls=(*mode.controls, own)), standard_tuning())
    player = play("keys")
    player.engine.state.midi_map = table
    player.control(33, 64)
    assert parameter(player, "room_t60_s") == pytest.approx(2.0)
    assert parameter(player, "vibrato_cents") == 0.0
