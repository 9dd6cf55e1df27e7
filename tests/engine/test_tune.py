"""Notes that are tuned while they sound."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from support.player import Player, play
from support.playing import cents, peak_hz

from weaver.dsp.sizes import CELL
from weaver.engine.engine import Engine
from weaver.model.gestures import RETUNE
from weaver.model.law import load_law
from weaver.model.spheres import load_set
from weaver.model.units import cents_to_ratio, note_to_hz
from weaver.takes.recorder import Origin, Recorder
from weaver.takes.replay import Library, engine_for, replay, summary_of
from weaver.takes.take import Take
from weaver.wishes import midi_tables

A4 = 69
SETTLED_S = 0.2


def ringing(mode: str = "keys") -> tuple[Player, int]:
    player = play(mode)
    player.engine.set_parameter("wet_db", -60.0)
    s = player.note(A4)
    player.wait(0.4)
    return player, s


def roughest(sound: NDArray[np.float32]) -> float:
    """The largest second difference: what a click is made of."""
    return float(np.abs(np.diff(sound[:, 0].astype(np.float64), 2)).max())


@pytest.mark.parametrize("moved_cents", [30.0, 100.0, -500.0, 1200.0])
def test_a_sounding_note_glides_as_a_bend_does(moved_cents: float) -> None:
    sounds = []
    for tuned in (True, False):
        player, s = ringing()
        hz = 440.0 * cents_to_ratio(moved_cents)
        if tuned:
            player.engine.tunings.tune(A4, hz)
        else:
            player.engine.gesture("bend", s, cents=moved_cents)
        sounds.append(player.wait(1.0))
    by_tuning, by_bend = sounds
    assert roughest(by_tuning[:4800]) <= 1.001 * roughest(by_bend[:4800])
    np.testing.assert_allclose(by_tuning[:4800], by_bend[:4800], atol=1e-3 * np.abs(by_bend).max())
    settled = [peak_hz(sound[9600:, 0], 440.0 * cents_to_ratio(moved_cents)) for sound in sounds]
    assert abs(cents(*settled)) < 0.01


@pytest.mark.parametrize("mode", ["keys", "mpe"])
def test_its_pitch_is_right_to_a_tenth_of_a_cent(mode: str) -> None:
    """Against the same note struck where it is tuned: a struck sphere's partials lie a little beside its pitch."""
    hz = 451.3
    player, s = ringing(mode)
    player.engine.tunings.tune(A4, hz)
    player.wait(SETTLED_S)
    assert abs(cents(player.engine.snapshot().pitch_hz[s], hz)) < 1e-3
    slid = peak_hz(player.wait(1.0)[:, 0], hz)
    fresh = play(mode)
    fresh.engine.set_parameter("wet_db", -60.0)
    fresh.engine.tunings.tune(A4, hz)
    fresh.engine.render(CELL)
    assert fresh.note(A4) == s
    fresh.wait(0.4 + SETTLED_S)
    assert abs(cents(slid, peak_hz(fresh.wait(1.0)[:, 0], hz))) < 0.1


def test_what_rings_on_after_its_key_and_what_the_pedal_holds_glide_too() -> None:
    player = play("keys")
    player.engine.set_parameter("release_s", 20.0)
    first = player.note(60)
    player.off(60)
    player.control(64, 127)
    second = player.note(64)
    player.off(64)
    for note in (60, 64):
        player.engine.tunings.tune(note, note_to_hz(note) * 1.02)
    player.wait(SETTLED_S)
    pitches = player.engine.snapshot().pitch_hz
    assert abs(cents(pitches[first], note_to_hz(60) * 1.02)) < 1e-3
    assert abs(cents(pitches[second], note_to_hz(64) * 1.02)) < 1e-3


def test_bends_and_wheels_stay_what_they_are() -> None:
    player, s = ringing()
    player.engine.gesture("bend", s, cents=50.0)
    player.send(0xE0, 0, 96)  # half of two semitones up
    player.engine.tunings.tune(A4, 430.0)
    player.wait(SETTLED_S)
    assert abs(cents(player.engine.snapshot().pitch_hz[s], 430.0 * cents_to_ratio(150.0))) < 0.01


def test_other_notes_do_not_move() -> None:
    player, s = ringing()
    player.engine.tunings.tune(A4 + 1, 500.0)
    player.wait(SETTLED_S)
    assert player.engine.snapshot().pitch_hz[s] == pytest.approx(440.0)
    assert player.engine.state.sphere.pitch_hz[player.note(A4 + 1)] == pytest.approx(500.0)


def test_on_pads_spheres_keep_their_own_pitch() -> None:
    player = play("pads")
    s = player.note(62)
    own = float(player.engine.state.sphere.pitch_hz[s])
    player.engine.tunings.tune(62, 100.0)
    player.wait(SETTLED_S)
    assert player.engine.state.sphere.pitch_hz[s] == own
    assert player.engine.state.midi_map.note_hz[62] == 100.0


def test_a_note_that_is_taken_away_rings_on_and_is_not_played_again() -> None:
    player, s = ringing()
    player.engine.tunings.tune(A4, 0.0)
    player.wait(SETTLED_S)
    assert player.energy(s) > 1e-6
    player.off(A4)
    assert player.note(A4) == -1
    assert player.ignored == {"no sphere for note": 1}
    player.engine.tunings.tune(A4, 441.0)
    assert player.note(A4) >= 0


@pytest.mark.parametrize("hz", [float("nan"), float("inf"), -1.0, 1e6])
def test_what_is_no_pitch_is_refused(hz: float) -> None:
    player = play("keys")
    before = float(player.engine.state.midi_map.note_hz[A4])
    player.engine.tunings.tune(A4, hz)
    player.engine.render(CELL)
    assert player.engine.state.counters.refused_commands == 1
    assert player.engine.state.midi_map.note_hz[A4] == before


def test_any_block_size_gives_the_same_samples() -> None:
    sounds = []
    for block in (1, 64, 333, 4_800):
        player = play("mpe")
        player.engine.midi((0x91, 60, 100), frame=200)
        for n in range(9):
            player.engine.tunings.tune(60, 262.0 + 3 * n, frame=1_001 + 417 * n)
        sounds.append(np.concatenate([player.engine.render(min(block, 9_600 - at)) for at in range(0, 9_600, block)]))
    for sound in sounds[1:]:
        np.testing.assert_array_equal(sound, sounds[0])


def rendered(path: Path) -> NDArray[np.float32]:
    """A take, played again."""
    take = Take(path)
    summary = summary_of(take)
    library = Library({reference.source: load_set(reference.source) for reference in summary.sets}, {})
    header = take.header
    law = load_law(header.law.source)
    again = engine_for(header, library.sets[header.set.source], midi_tables(header.mode), law)
    return np.concatenate([np.array(block) for block in replay(again, take, summary.end_frame, library, 480)])


def test_takes_replay_tunings_and_times_also_after_a_restart(tmp_path: Path) -> None:
    instrument = Engine(load_set("glasses"), midi_tables("keys"), 48_000.0, 3)
    recorder = Recorder(instrument, tmp_path, Origin("keys"))
    instrument.give_time(3, 133.0, 7.25, True, frame=300)
    instrument.set_parameter("quantise", 4.0)
    for note in (60, 64, 67):
        instrument.midi((0x90, note, 100), frame=500)
    instrument.tunings.tune(64, 327.0, frame=9_001)
    early = [instrument.render(20_000)]
    instrument.tunings.tune(60, 0.0)
    early.append(instrument.render(1))
    instrument.restart(44_100.0)
    assert instrument.state.midi_map.note_hz[64] == 327.0, "the tuning stays"
    instrument.midi((0x90, 64, 100))
    instrument.midi((0x90, 60, 100))
    instrument.tunings.tune(67, 393.0, frame=30_001)
    late = [instrument.render(20_000)]
    recorder.close()
    paths = sorted(tmp_path.iterdir(), key=lambda path: Take(path).header.frame)
    assert len({Take(path).header.midi_sha256 for path in paths}) == 1, "the mode's own table"
    for path, heard in zip(paths, (early, late), strict=True):
        np.testing.assert_array_equal(rendered(path), np.concatenate(heard))
    tuned = [event.values[:2] for event in Take(paths[1]).events() if getattr(event, "kind", 0) == RETUNE]
    assert tuned == [(60.0, 0.0), (64.0, 327.0), (67.0, 393.0)]


@pytest.mark.parametrize("hz", [1e-45, 1e-30, 3.9, 20_001.0])
def test_a_pitch_that_nobody_could_hear_is_refused(hz: float) -> None:
    player, s = ringing()
    player.engine.tunings.tune(A4, hz)
    player.wait(0.1)
    assert player.engine.state.counters.refused_commands == 1
    assert player.engine.state.sphere.pitch_hz[s] == pytest.approx(440.0)
