"""The mode in which a channel is a sphere, and numbers of the spheres' life that a DAW sends back."""

from __future__ import annotations

import numpy as np
import pytest
from support.player import Player, play
from support.playing_out import plays_out, run

from weaver.engine.harm import hurt
from weaver.engine.voices import KEY_DOWN
from weaver.life.records import FAILING, SHATTERED
from weaver.model.midi_out import CHANNEL_CONTROLS, LANES

HEALTH, LIGHT, FRACTURE, VALENCE, AROUSAL = (lane.control for lane in LANES)
PAN, DAMP, SOOTHE = (CHANNEL_CONTROLS[name] for name in ("pan", "damp", "soothe"))


@pytest.fixture
def player() -> Player:
    return play("channels", "auditorium")


def test_any_key_strikes_the_channels_sphere_at_its_own_pitch(player):
    own = player.engine.state.sphere.pitch_hz[3]
    for key in (0, 60, 127):
        assert player.note(key, channel=3) == 3
        assert player.engine.state.sphere.pitch_hz[3] == own and player.semitones(3) == 0.0
    assert player.struck() == [3]


def test_a_channel_without_a_sphere_is_counted(player):
    assert player.note(60, channel=8) == -1
    assert player.ignored == {"no sphere for note": 1}


def test_a_key_that_goes_up_lets_the_finger_go_and_the_sphere_rings_on(player):
    player.note(60, channel=3)
    player.send(0xD3, 100)
    assert player.engine.state.touch.key_pressure[3] == pytest.approx(100 / 127)
    player.off(60, channel=3)
    assert player.held == [] and player.engine.state.touch.key_pressure[3] == 0.0
    assert player.engine.state.sphere.release[3] == 0.0


def test_bends_are_of_48_semitones_and_for_their_sphere_alone(player):
    player.send(0xE3, 0x00, 0x60)
    assert player.semitones(3) == 24.0
    assert [player.semitones(s) for s in range(8) if s != 3] == [0.0] * 7
    player.send_all("B3 65 00 B3 64 00 B3 06 0C")
    assert player.semitones(3) == 6.0


def test_hands_have_controls(player):
    state = player.engine.state
    azimuth = state.sphere.azimuth_target.copy()
    for number in (PAN, DAMP, SOOTHE, 74):
        player.control(number, 127, channel=2)
    assert (state.sphere.azimuth_target[2], state.sphere.damping_target[2], state.touch.soothe_target[2]) == (180, 1, 1)
    assert state.sphere.timbre[2] == 6.0
    player.control(PAN, 64, channel=2)
    assert state.sphere.azimuth_target[2] == 0.0
    assert np.array_equal(np.delete(state.sphere.azimuth_target, 2), np.delete(azimuth, 2))
    player.control(121, 0, channel=2)
    assert state.sphere.damping_target[2] == state.touch.soothe_target[2] == 0.0
    player.control(DAMP, 127, channel=12)
    assert player.ignored == {"control without use": 1}


def test_sound_off_silences_the_sphere_and_no_other(player):
    for channel in (2, 3):
        player.note(60, channel=channel)
    player.control(120, 0, channel=2)
    player.wait(0.1)
    assert player.struck() == [3]


def test_sound_off_silences_what_hands_have_struck_too(player):
    for s in (3, 4):
        player.engine.gesture("strike", s)
    player.wait(0.01)
    player.control(120, 0, channel=3)
    player.wait(0.1)
    assert player.struck() == [4]


@pytest.mark.parametrize("mode", ["channels", "mpe"])
def test_health_and_fracture_are_heard(mode):
    player = play(mode, "auditorium")
    state = player.engine.state

    def say(control: int, value: int) -> None:
        player.control(control + (5 if mode == "mpe" else 0), value, channel=0 if mode == "mpe" else 5)

    say(HEALTH, 64)
    assert state.sphere.damage[5] == pytest.approx(0.5, abs=0.01)
    say(FRACTURE, 32)
    assert state.sphere.damage[5] == pytest.approx(0.25, abs=0.01)
    say(HEALTH, 127)
    assert state.sphere.damage[5] == 0.0 and not state.crack.length[5].any()
    assert not state.sphere.damage[np.arange(64) != 5].any()
    assert player.ignored == {}


def test_a_number_shatters_nothing_and_mends_nothing_that_has_shattered():
    player = play("channels", "auditorium")
    state = player.engine.state
    player.engine.set_parameter("stakes", 2.0)
    player.wait(0.05)
    player.engine.midi((0xB5, HEALTH, 0))
    player.engine.render(64)
    assert state.life.state[5] == FAILING and state.sphere.damage[5] == pytest.approx(0.999, abs=3e-4)
    hurt(player.engine.address, 4, 1.0)
    player.control(HEALTH, 127, channel=4)
    assert state.life.state[4] == SHATTERED and state.sphere.damage[4] == 1.0


def test_gentle_stakes_bound_it():
    player = play("channels", "auditorium")
    player.control(HEALTH, 0, channel=5)
    assert player.engine.state.sphere.damage[5] == pytest.approx(0.65, abs=0.01)


def test_with_the_stakes_off_health_is_not_heard():
    player = play("channels", "auditorium")
    player.engine.set_parameter("stakes", 0.0)
    player.wait(0.01)
    for control in (HEALTH, FRACTURE):
        player.control(control, 60, channel=5)
    assert not player.engine.state.sphere.damage.any()
    assert player.ignored == {"control without use": 2}
    player.control(LIGHT, 127, channel=5)
    assert player.ignored == {"control without use": 2}


@pytest.mark.parametrize(("mode", "channel"), [("channels", 15), ("mpe", 0)])
def test_light_and_mood_are_heard(mode, channel):
    player = play(mode, "auditorium")
    own = channel if mode == "mpe" else 5
    player.send(0xB0 | own, LIGHT + (5 if mode == "mpe" else 0), 127, frames=1)
    assert player.engine.state.sphere.light[5] == pytest.approx(1.0, abs=0.01)
    player.send(0xB0 | channel, VALENCE, 0, frames=1)
    player.send(0xB0 | channel, AROUSAL, 127, frames=1)
    assert player.engine.state.mood.valence == pytest.approx(-1.0, abs=0.01)
    assert player.engine.state.mood.arousal == pytest.approx(1.0, abs=0.01)


def test_lanes_are_for_a_manager_and_for_the_modes_that_have_them():
    player = play("mpe", "auditorium")
    player.control(HEALTH, 0, channel=3)
    assert player.ignored == {"control without use": 1}
    for mode in ("pads", "keys"):
        player = play(mode, "auditorium")
        player.control(HEALTH, 0)
        assert not player.engine.state.sphere.damage.any()


def test_the_first_eight_spheres_have_lanes_in_mpe():
    player = play("mpe", "glasses")
    player.control(HEALTH + 8, 0, channel=0)  # which is the first one's light
    assert not player.engine.state.sphere.damage.any() and player.ignored == {}


def test_what_a_daw_does_by_hand_is_not_told_to_it():
    for port, wanted in ((0, 0), (1, 1)):
        player = play("channels", "auditorium")
        plays_out(player.engine, "channels", lanes=False)
        player.engine.midi((0xB5, DAMP, 100), port)
        left = run(player.engine, 3200)[1]
        assert sum(data[:2] == bytes((0xB5, DAMP)) for _, data in left) == wanted


def test_what_a_daw_has_said_of_a_lane_is_not_told_to_it():
    for port, wanted in ((0, 0), (1, 1)):
        player = play("channels", "auditorium")
        plays_out(player.engine, "channels")
        run(player.engine, 9600)
        player.engine.midi((0xB5, HEALTH, 64), port)
        left = run(player.engine, 3200)[1]
        assert sum(data[:2] == bytes((0xB5, HEALTH)) for _, data in left) == wanted


def test_the_mode_leaves_a_key_to_who_holds_it(player):
    player.note(60, channel=3)
    player.note(64, channel=3)
    player.off(60, channel=3)
    assert player.engine.state.midi.voice_held[3] == KEY_DOWN
    player.off(64, channel=3)
    assert player.held == []
