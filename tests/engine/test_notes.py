"""From keys to spheres: who is struck, at what pitch, held by whom, and let go when."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from support.player import SAMPLE_RATE, Player, play, read_set

from weaver.engine.notices import INSTALLED
from weaver.engine.voices import FREE, KEY_DOWN, PEDAL
from weaver.model.units import note_to_hz

C4 = 60
GLASSES = 16


def strongest_hz(sound: NDArray[np.float32]) -> float:
    """The strongest partial, by a parabola through the peak of a Gaussian-windowed spectrum's logarithm."""
    count = 1 << 17
    window = np.exp(-0.5 * ((np.arange(len(sound)) - len(sound) / 2) / (len(sound) / 8)) ** 2)
    level = np.log(np.abs(np.fft.rfft(sound.sum(axis=1) * window, count)) + 1e-12)
    peak = int(np.argmax(level))
    left, middle, right = level[peak - 1 : peak + 2]
    return float((peak + 0.5 * (left - right) / (left - 2 * middle + right)) * SAMPLE_RATE / count)


def cents(hz: float, reference_hz: float) -> float:
    return 1200 * math.log2(hz / reference_hz)


def test_pads_strike_the_spheres_in_their_order() -> None:
    player = play("pads")
    assert [player.note(C4 + n) for n in range(GLASSES)] == list(range(GLASSES))
    player.wait(0.01)
    assert player.struck() == list(range(GLASSES))
    assert np.allclose(player.engine.state.sphere.pitch_hz[:3], [note_to_hz(C4 + n) for n in range(3)])
    assert not player.ignored


def test_notes_beside_the_pads_are_counted() -> None:
    player = play("pads")
    for note in (C4 - 1, C4 + GLASSES, 0, 127):
        player.note(note)
    assert player.struck() == []
    assert player.ignored == {"no sphere for note": 4}


def test_a_pad_let_go_rings_on() -> None:
    player = play("pads")
    player.note(C4)
    player.wait(0.05)
    before = player.energy(0)
    player.off(C4)
    player.wait(0.1)
    assert player.held == []
    assert player.energy(0) > 0.5 * before


@pytest.mark.parametrize("mode", ["pads", "keys", "mpe"])
def test_note_on_with_velocity_0_lets_go(mode: str) -> None:
    player = play(mode)
    s = player.note(C4)
    assert player.held == [s]
    player.send(0x90, C4, 0)
    assert player.held == []
    assert not player.ignored


def test_velocity_is_louder() -> None:
    energies = []
    for velocity in (20, 70, 127):
        player = play("keys")
        s = player.note(C4, velocity)
        player.wait(0.03)
        energies.append(player.energy(s))
    assert energies == sorted(energies)
    assert energies[2] > 100 * energies[0]


@pytest.mark.parametrize("note", [48, 61, 69, 75, 90])
def test_keys_give_the_sphere_the_pitch_of_the_note(note: int) -> None:
    player = play("keys")
    player.engine.set_parameter("wet_db", -60)
    s = player.note(note, 60)
    assert abs(cents(player.engine.state.sphere.pitch_hz[s], note_to_hz(note))) < 0.01
    player.wait(0.05)
    assert abs(cents(strongest_hz(player.wait(1.0)), note_to_hz(note))) < 1


@pytest.mark.parametrize(("note", "nearest"), [(40, 0), (60, 0), (67, 7), (75, 15), (110, 15)])
def test_keys_take_the_nearest_silent_sphere(note: int, nearest: int) -> None:
    assert play("keys").note(note) == nearest


def test_keys_pass_by_what_sounds() -> None:
    player = play("keys")
    assert player.note(C4 + 5) == 5
    assert player.note(C4 + 5, channel=1) in (4, 6)
    player.off(C4 + 5)
    assert player.note(C4 + 5, channel=2) == 5, "rings at this pitch, and nobody holds it"


def test_the_same_key_again_strikes_the_same_sphere() -> None:
    player = play("keys")
    taken = []
    for _ in range(20):
        taken.append(player.note(67))
        player.off(67)
    assert set(taken) == {7}
    assert [player.note(67) for _ in range(5)] == [7] * 5, "also without note-off"
    assert player.held == [7]


def test_the_same_key_again_under_the_pedal_strikes_the_same_sphere() -> None:
    player = play("keys")
    player.control(64, 127)
    for _ in range(30):
        assert player.note(67) == 7
        player.off(67)
    assert player.held == [7]
    assert player.engine.state.counters.stolen_voices == 0


def test_a_chord_at_one_frame_takes_a_sphere_for_each_note() -> None:
    player = play("keys")
    for note in range(40, 40 + GLASSES):
        player.engine.midi((0x90, note, 100))
    player.engine.render(64)
    assert sorted(player.engine.state.midi.voice_note[:GLASSES]) == list(range(40, 40 + GLASSES))
    assert player.engine.state.counters.stolen_voices == 0


def test_staccato_within_one_frame_does_not_cut_what_was_just_struck() -> None:
    player = play("keys")
    for note in (48, 50, 52):  # all nearest to the lowest sphere
        player.engine.midi((0x90, note, 100))
        player.engine.midi((0x80, note, 0))
    player.engine.render(640)
    assert player.struck() == [0, 1, 2]


def test_of_two_notes_at_one_frame_the_second_does_not_steal_the_first() -> None:
    player = play("keys", "auditorium")
    for note in range(50, 58):
        player.note(note, 40)
    player.wait(0.05)
    for note in (70, 71):
        player.engine.midi((0x90, note, 30))
    player.engine.render(64)
    assert {70, 71} < set(player.engine.state.midi.voice_note[:8])


def test_the_quietest_is_stolen_when_all_are_held() -> None:
    player = play("keys", "auditorium")
    taken = {note: player.note(note, 30 if note == 55 else 100) for note in range(50, 58)}
    assert sorted(taken.values()) == list(range(8))
    player.wait(0.1)
    quietest = min(range(8), key=player.energy)
    assert player.note(80) == quietest
    assert player.engine.state.counters.stolen_voices == 1
    assert len(player.held) == 8
    lost = next(note for note, s in taken.items() if s == quietest)
    player.off(lost)
    assert len(player.held) == 8, "the note-off of what was stolen is nobody's"


def test_what_the_pedal_holds_is_stolen_before_what_a_key_holds() -> None:
    player = play("keys", "auditorium")
    player.control(64, 127)
    pedalled = player.note(50, 127)
    player.off(50)
    for note in range(51, 58):
        player.note(note, 20)
    player.wait(0.05)
    assert player.note(90) == pedalled


@pytest.mark.parametrize("voices", [1, 2, 5, 64])
def test_no_more_voices_are_held_than_wanted(voices: int) -> None:
    player = play("keys")
    player.engine.set_parameter("voices", voices)
    player.wait(0.01)
    for note in range(40, 80):
        player.note(note)
        assert len(player.held) <= voices
    assert len(player.held) == min(voices, GLASSES)


def test_one_voice_still_takes_the_sphere_that_fits() -> None:
    player = play("keys")
    player.engine.set_parameter("voices", 1)
    player.wait(0.01)
    assert [player.note(60), player.note(75), player.note(67)] == [0, 15, 7]


def test_notes_die_away_in_the_release_time() -> None:
    player = play("keys")
    player.engine.set_parameter("release_s", 0.2)
    s = player.note(67)
    player.wait(0.1)
    start = player.energy(s)
    player.off(67)
    player.wait(0.1)
    assert player.energy(s) < start * 10**-3 * 2, "30 dB in half of it, beside its own decay"
    held = play("keys")
    s = held.note(67)
    held.wait(0.1)
    start = held.energy(s)
    held.wait(0.1)
    assert held.energy(s) > start * 0.3


def test_sustain_holds_until_the_pedal_comes_up() -> None:
    player = play("keys")
    player.control(64, 127)
    s, t = player.note(60), player.note(70)
    player.off(60)
    assert player.engine.state.midi.voice_held[s] == PEDAL
    assert player.engine.state.sphere.release[s] == 0
    player.control(64, 63)
    assert player.engine.state.midi.voice_held[s] == FREE
    assert player.engine.state.sphere.release[s] > 0
    assert player.engine.state.midi.voice_held[t] == KEY_DOWN, "a key that is still down holds on"


def test_the_pedal_is_its_channels_own() -> None:
    player = play("keys")
    player.control(64, 127, channel=1)
    player.note(60)
    player.off(60)
    assert player.held == []


def test_on_pads_the_pedal_keeps_the_finger() -> None:
    player = play("pads")
    player.note(C4, 1)
    player.send(0xD0, 100)
    player.control(64, 127)
    player.send(0xD0, 0)
    player.off(C4)
    player.wait(1.0)
    singing = player.energy(0)
    assert singing > 0.05
    player.control(64, 0)
    player.wait(0.5)
    assert player.engine.state.touch.rubbed[0] == 0
    assert player.energy(0) < singing


def release_by_going(player: Player, port: int) -> None:
    assert player.engine.let_go(port)
    player.wait(0.01)


@pytest.mark.parametrize("mode", ["pads", "keys", "mpe"])
def test_a_port_that_goes_lets_go_of_what_it_held_and_only_that(mode: str) -> None:
    player = play(mode)
    first, second = player.note(60, port=0), player.note(70, port=3)
    for port in (0, 3):
        player.send(0xD0, 100, port=port)
        player.send(0xE0, 0, 0x50, port=port)
    bent = player.semitones(second)
    release_by_going(player, 0)
    assert player.held == [second]
    assert player.engine.state.touch.key_pressure[first] == 0
    assert player.engine.state.touch.key_pressure[second] > 0
    if mode != "pads":  # where all ports share the spheres, the wheel that went is centred for all
        assert player.semitones(second) == bent
    player.off(60, port=0)
    assert player.held == [second]


def test_a_port_that_goes_takes_its_pedal_with_it() -> None:
    player = play("keys")
    player.control(64, 127)
    player.note(60)
    player.off(60)
    release_by_going(player, 0)
    assert player.held == []
    player.note(60)
    player.off(60)
    assert player.held == []


def test_on_pads_a_port_at_rest_goes_unnoticed() -> None:
    player = play("pads")
    player.send(0xE0, 0, 0x60, port=1)
    bent = player.semitones(0)
    release_by_going(player, 0)
    assert player.semitones(0) == bent == pytest.approx(1.0)


def test_program_change_is_told() -> None:
    player = play("keys")
    player.send(0xC5, 42, port=2)
    told = player.engine.notices()
    assert len(told) == 1
    assert list(told[0].values[:3]) == [42, 5, 2]


def test_panic_silences_at_once_and_the_next_note_sounds() -> None:
    player = play("keys")
    for note in (60, 64, 67):
        player.note(note)
    player.engine.panic()
    player.wait(0.01)
    assert player.struck() == []
    assert player.held == []
    assert player.note(72) >= 0
    assert player.struck() != []


def test_hush_is_soft_and_a_note_ends_it() -> None:
    player = play("keys")
    player.engine.set_parameter("wet_db", -60)
    player.note(60)
    player.wait(0.2)
    loud = np.abs(player.wait(0.05)).max()
    assert player.engine.gesture("hush")
    assert np.abs(player.wait(0.05)).max() > 0.3 * loud
    player.wait(4.0)
    assert np.abs(player.wait(0.05)).max() < 1e-3 * loud
    player.note(60)
    assert np.abs(player.wait(0.05)).max() > 0.3 * loud


@pytest.mark.parametrize("by_ring", [False, True])
def test_panic_lets_go_of_everything_and_keeps_what_was_set_up(by_ring: bool) -> None:
    player = play("mpe")
    player.send_all("B0 65 00 B0 64 06 B0 06 07 B1 65 00 B1 64 00 B1 06 18")
    player.control(7, 64)
    player.control(64, 127)
    player.note(60, channel=1)
    player.off(60, channel=1)
    player.note(62, channel=2)
    if by_ring:
        player.engine.gesture("panic")
    else:
        player.engine.panic()
    player.wait(0.01)
    assert player.held == []
    player.send(0xE1, 0x00, 0x60)
    s = player.note(60, channel=1)
    assert player.semitones(s) == 12.0
    assert player.engine.state.sphere.swell[s] < -10
    player.off(60, channel=1)
    assert player.held == [], "no pedal is down"


def test_a_new_set_keeps_what_was_set_up() -> None:
    player = play("keys")
    player.send_all("B0 65 00 B0 64 00 B0 06 0C")
    player.send(0xE0, 0x00, 0x60)
    player.control(7, 64)
    player.note(60)
    assert player.engine.change_set(read_set("auditorium"))
    player.wait(0.01)
    assert [int(kind) for kind in player.engine.notices().kind] == [INSTALLED]
    assert player.held == []
    s = player.note(60)
    assert player.semitones(s) == 6.0
    assert player.engine.state.sphere.swell[s] < -10


def test_on_pads_a_new_set_has_its_own_notes() -> None:
    player = play("pads")
    assert player.engine.change_set(read_set("auditorium"))
    player.wait(0.01)
    assert [player.note(note) for note in (47, 48, 55, 56)] == [-1, 0, 7, -1]


def test_sixty_four_spheres_are_sixty_four_voices() -> None:
    player = play("keys", "grand")
    taken = [player.note(note) for note in range(30, 94)]
    assert sorted(taken) == list(range(64))
    assert player.engine.state.counters.stolen_voices == 0
    player.note(100)
    assert len(player.held) == 64
    assert player.engine.state.counters.stolen_voices == 1
