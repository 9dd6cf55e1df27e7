"""A show's clock and script: phases at their very cell, silence measured, harm as the script has it, all reckoned."""

from __future__ import annotations

import numpy as np
import pytest
from support.staging import AZURE, RATE, Stage, incident, show_of

from weaver.dsp.sizes import CELL
from weaver.life.notices import BREAKING, INCIDENT, PHASE, SPARED
from weaver.life.records import FAILING, FLICKERING, FRACTURED, LIFE_EVERY, REFORMING, SHATTERED, WHOLE
from weaver.life.show import DIE_AWAY_S, FASTEST_FLOW
from weaver.life.stage import FINALE, PERFORMANCE, PRELUDE, RECKONED, SILENCE
from weaver.life.stress import LEAST_LOUD
from weaver.life.tally import CONSONANT
from weaver.model.parameters import CHRONOMETER

LAW_TURN_S = LIFE_EVERY * CELL / RATE


def phases(stage: Stage) -> list[tuple[int, int]]:
    """(frame, phase) of each so far."""
    return [(frame, int(phase)) for frame, _, phase in stage.notices(PHASE)]


def performing(*incidents, **changes) -> Stage:
    """A stage at the first note, after two seconds of prelude and a cell of silence."""
    stage = Stage(show_of(*incidents, **changes))
    stage.run(2.0)
    stage.play()
    stage.run(CELL / RATE)
    assert stage.phase == PERFORMANCE
    return stage


@pytest.mark.parametrize("rate", [48_000, 44_100, 96_000])
def test_phases_begin_at_their_very_cell(rate):
    stage = Stage(show_of(), rate=rate)
    stage.run(3.0)
    silent = -(-2 * rate // CELL) * CELL
    assert phases(stage) == [(0, PRELUDE), (silent, SILENCE)]
    stage.play()
    first = int(stage.state.frame)
    stage.run(11.0)
    assert phases(stage)[2:] == [(first, PERFORMANCE), (first + -(-10 * rate // CELL) * CELL, FINALE)]


def test_the_chronometer_counts_down_and_its_flow_quickens():
    stage = Stage(show_of(prelude_s=4.0))
    left, flow = [], []
    for _ in range(19):
        stage.run(0.2)  # whole cells
        left.append(float(stage.state.show.chronometer_s))
        flow.append(float(stage.state.show.flow))
    assert left == pytest.approx([4.0 - 0.2 * n for n in range(1, 20)], abs=2 * CELL / RATE)
    rises = np.diff([1.0, *flow])
    assert rises[0] > 0 and (np.diff(rises) > 0).all()  # quicker and quicker
    assert 0.85 * FASTEST_FLOW < flow[-1] < FASTEST_FLOW
    stage.run(0.5)
    assert (stage.state.show.chronometer_s, stage.state.show.flow) == (0.0, 0.0)


def test_notes_of_the_prelude_coax_and_begin_nothing():
    stage = Stage(show_of())
    stage.run(1.0)
    for _ in range(3):
        stage.play()
        stage.run(0.1)
    stage.run(1.5)
    assert stage.phase == SILENCE
    assert (stage.state.tally.coaxing, stage.state.tally.notes) == (3, 0)
    stage.play(1)
    stage.play(2)
    stage.run(0.1)
    assert stage.phase == PERFORMANCE
    assert (stage.state.tally.coaxing, stage.state.tally.notes) == (3, 2)


@pytest.mark.parametrize(("bpm", "passed_s"), [(240.0, 2.0), (120.0, 1.0), (97.0, 97.0 / 120.0)])
def test_in_time_with_the_song_a_second_is_two_beats(bpm, passed_s):
    stage = Stage(show_of(prelude_s=4.0))
    stage.state.target[CHRONOMETER] = 1.0
    stage.run(1.0)
    assert stage.state.show.chronometer_s == 4.0, "the song stands"
    stage.state.transport.rolling, stage.state.transport.bpm = 1, bpm
    stage.run(1.0)
    assert stage.state.show.chronometer_s == pytest.approx(4.0 - passed_s, abs=2.1 * CELL / RATE)


def test_in_time_with_the_song_is_the_prelude_alone():
    stage = performing()
    stage.state.target[CHRONOMETER] = 1.0
    stage.run(11.0)
    assert stage.phase == FINALE, "though the song stands"


def test_a_note_as_the_chronometer_runs_out_is_the_first():
    stage = Stage(show_of())
    stage.run(2.0)
    stage.play()
    stage.run(CELL / RATE)
    assert phases(stage)[1:] == [(2 * RATE, SILENCE), (2 * RATE, PERFORMANCE)]


def test_silence_is_what_lies_between_the_last_sound_and_the_first_note():
    stage = Stage(show_of(silence_s=4.0))
    stage.run(3.0)
    stage.play()
    stage.run(1.0)
    assert (stage.state.show.silence_s, stage.state.show.reward) == pytest.approx((3.0, 0.75))
    stage = Stage(show_of(silence_s=4.0))
    stage.run(1.5)
    stage.play()  # breaks it
    stage.run(0.5)
    assert stage.phase == PRELUDE and stage.state.show.silence_s == pytest.approx(0.5, abs=CELL / RATE)
    stage.run(0.5)
    stage.play()
    stage.run(2.0)
    assert stage.state.show.silence_s == pytest.approx(1.0, abs=1e-6)  # and is kept
    stage = Stage(show_of(silence_s=4.0))
    stage.run(9.0)
    assert stage.phase == SILENCE and stage.state.show.reward == 1.0


def test_there_is_no_silence_while_a_finger_slides():
    stage = Stage(show_of())
    stage.state.touch.rubbed[3] = 1
    stage.run(2.5)
    assert stage.phase == SILENCE and stage.state.show.silence_s == 0.0  # it is no first note either
    stage.state.touch.rubbed[3] = 0
    stage.run(1.0)
    assert stage.state.show.silence_s == pytest.approx(1.0, abs=2 * CELL / RATE)


def test_the_finale_by_gesture_rings_out_is_hushed_and_reckoned():
    stage = performing()
    stage.run(3.0)
    stage.state.sphere.hush_target[:8] = 1.0
    stage.state.show.end = 1
    asked = int(stage.state.frame)
    stage.run(0.99)
    assert phases(stage)[-1] == (asked, FINALE)
    assert stage.state.show.elapsed_s == pytest.approx(3.0, abs=2 * CELL / RATE)
    assert (stage.state.sphere.hush_target[:8] == 1.0).all()
    stage.run(0.02)
    assert (stage.state.sphere.hush_target[:8] == 0.0).all()
    stage.run(DIE_AWAY_S)
    assert phases(stage)[-1] == (asked + round((1.0 + DIE_AWAY_S) * RATE), RECKONED)
    assert stage.state.show.elapsed_s == pytest.approx(3.0, abs=2 * CELL / RATE)
    before = stage.state.tally.tobytes(), stage.state.show.tobytes()
    stage.play()
    stage.run(1.0)
    assert (stage.state.tally.tobytes(), stage.state.show.tobytes()) == before


@pytest.mark.parametrize("seconds", [1.0, 3.0])
def test_the_finale_may_come_before_the_first_note(seconds):
    stage = Stage(show_of())
    stage.run(seconds)
    stage.state.show.end = 1
    stage.run(0.1)
    assert stage.phase == FINALE
    stage.run(7.0)
    assert stage.phase == RECKONED and stage.state.tally.notes == 0


def test_a_silence_that_nobody_ends_is_ended():
    stage = Stage(show_of(most_s=3.0))
    stage.run(5.1)
    assert phases(stage)[-1] == (5 * RATE, FINALE)


def test_an_incident_does_its_damage_in_its_time():
    stage = Stage(show_of(incident(1.5, 0.5)))
    wounds = []
    for _ in range(2 * RATE // CELL):
        stage.run(CELL / RATE, wounding=True)
        wounds.append(stage.state.life.wound[AZURE])
    wounded = np.flatnonzero(wounds)
    assert stage.notices(INCIDENT) == [(RATE // 2, AZURE, 0.0)]
    assert wounded[0] == RATE // 2 // CELL  # at its very cell
    assert wounded[-1] - wounded[0] + 1 == len(wounded) == pytest.approx(0.5 * RATE / CELL, abs=LIFE_EVERY)
    assert len(wounded) % LIFE_EVERY == 0  # the law looks once in so many
    assert stage.state.sphere.damage[AZURE] == pytest.approx(0.5, abs=1e-4)
    assert stage.state.tally.damage[AZURE] == pytest.approx(0.5, abs=1e-4)
    assert not stage.state.sphere.damage[:AZURE].any()


@pytest.mark.parametrize(
    ("word", "low", "high"), [("flickering", 0.08, 0.32), ("fractured", 0.32, 0.7), ("failing", 0.7, 1.0)]
)
def test_a_state_is_brought_about_but_not_the_next(word, low, high):
    stage = Stage(show_of(incident(1.5, word)))
    stage.run(2.0, wounding=True)
    assert low + 0.04 < stage.state.sphere.damage[AZURE] < high - 0.04


def test_a_sudden_blow_lasts_one_turn_of_the_law():
    stage = Stage(show_of(incident(1.0, 0.6, over_s=0.0)))
    stage.run(1.0, wounding=True)
    stage.run(LAW_TURN_S, wounding=True)
    assert stage.state.sphere.damage[AZURE] == pytest.approx(0.6, abs=1e-4)
    stage.run(CELL / RATE)
    assert stage.state.life.wound[AZURE] == 0.0


def test_only_what_is_lacking_is_done_and_what_is_healed_meanwhile_stays_healed():
    stage = Stage(show_of(incident(1.5, 0.5), incident(0.9, 0.5), incident(0.3, 0.2)))
    stage.run(1.05, wounding=True)
    stage.become(AZURE, FRACTURED, 0.4)
    stage.run(0.6, wounding=True)
    assert stage.state.sphere.damage[AZURE] == pytest.approx(0.5, abs=1e-3)
    stage.run(1.0, wounding=True)
    assert stage.state.sphere.damage[AZURE] == pytest.approx(0.5, abs=1e-3)  # 0.2 is long past


def test_incidents_after_the_first_note_wait_for_it():
    stage = Stage(show_of(incident(1.0, 0.5, is_after=True)))
    stage.run(6.0)
    assert stage.notices(INCIDENT) == []
    stage.play()
    first = int(stage.state.frame)
    stage.run(1.1)
    assert stage.notices(INCIDENT) == [(first + RATE, AZURE, 0.0)]


def test_another_prelude_moves_incidents_in_proportion():
    show = show_of(incident(1.5, 0.5), incident(0.5, 0.8), incident(1.0, 0.9, is_after=True))
    stages = [Stage(show), Stage(show, prelude_s=8.0)]
    for stage, stretch in zip(stages, (1, 4), strict=True):
        stage.run(2.0 * stretch, wounding=True)
        assert stage.notices(INCIDENT) == [
            (stretch * RATE // 2, AZURE, 0.0),
            (stretch * RATE * 3 // 2, AZURE, 1.0),
        ]
        assert stage.state.tally.damage[AZURE] == pytest.approx(0.8, abs=1e-3)
        stage.play()
        stage.run(1.5, wounding=True)
        assert stage.notices(INCIDENT)[2] == (stretch * 2 * RATE + RATE, AZURE, 2.0)  # not this one
    assert phases(stages[1])[1] == (8 * RATE, SILENCE)


@pytest.mark.parametrize(("hurt", "healed", "comes"), [(True, True, False), (True, False, True), (False, False, True)])
def test_a_sphere_that_was_healed_is_spared(hurt, healed, comes):
    stage = Stage(show_of(incident(1.8, 0.5), incident(0.5, 0.9, is_spared_when_healed=True)))
    stage.run(1.0)
    if hurt:
        stage.become(AZURE, FLICKERING, 0.1)
        stage.run(0.2)
    if healed:
        stage.become(AZURE, WHOLE, 0.0)
    stage.run(0.6)
    spared = stage.notices(SPARED)
    assert [number for _, _, number in stage.notices(INCIDENT)] == ([0.0, 1.0] if comes else [0.0])
    assert spared == ([] if comes else [(RATE * 3 // 2, AZURE, 1.0)])


def test_one_without_that_mercy_comes_all_the_same():
    stage = Stage(show_of(incident(1.8, 0.5), incident(0.5, 0.9)))
    stage.run(0.5)
    stage.become(AZURE, FLICKERING, 0.1)
    stage.run(0.1)
    stage.become(AZURE, WHOLE, 0.0)
    stage.run(1.5)
    assert len(stage.notices(INCIDENT)) == 2 and stage.notices(SPARED) == []


def test_what_has_shattered_is_left_alone():
    stage = Stage(show_of(incident(1.0, 1.0)))
    stage.become(AZURE, SHATTERED, 1.0)
    stage.run(1.5)
    assert stage.notices(INCIDENT) == [] and not stage.state.life.wound.any()


def test_the_first_note_breaks_what_is_failing():
    stage = Stage(show_of(incident(1.0, 0.9, is_shattering=True)))
    stage.run(1.5, wounding=True)
    stage.become(AZURE, FAILING, 0.9)
    stage.play()  # a note of the prelude does not
    stage.run(1.0, wounding=True)
    assert stage.notices(BREAKING) == [] and not stage.state.life.wound.any()
    stage.play()
    first = int(stage.state.frame)
    stage.run(2 * LAW_TURN_S, wounding=True)
    assert stage.notices(BREAKING) == [(first, AZURE, 0.0)]
    assert stage.state.sphere.damage[AZURE] > 1.0  # within twenty milliseconds
    stage.become(AZURE, SHATTERED, 1.0)
    stage.run(CELL / RATE)
    assert not stage.state.life.wound.any()


@pytest.mark.parametrize("state", [FRACTURED, FLICKERING, WHOLE])
def test_what_was_healed_out_of_failing_does_not_break(state):
    stage = Stage(show_of(incident(1.0, 0.9, is_shattering=True)))
    stage.run(1.2)
    stage.become(AZURE, FAILING, 0.9)
    stage.run(2.0)
    assert stage.phase == SILENCE
    stage.become(AZURE, state, 0.3)  # even in the silence
    stage.run(0.5)
    stage.play()
    stage.run(1.0)
    assert stage.phase == PERFORMANCE
    assert stage.notices(BREAKING) == [] and not stage.state.life.wound.any()


def test_a_blow_that_the_law_refuses_ends():
    stage = Stage(show_of(incident(1.0, 0.9, is_shattering=True)))
    stage.run(2.0)
    stage.become(AZURE, FAILING, 0.9)
    stage.play()
    stage.run(0.1)
    assert stage.state.life.wound[AZURE] > 0
    stage.run(0.5)
    assert stage.state.life.wound[AZURE] == 0


def test_the_finale_ends_all_harm():
    stage = performing(incident(0.5, 1.0, is_after=True, over_s=5.0), incident(3.0, 1.0, is_after=True))
    stage.run(1.0)
    assert stage.state.life.wound[AZURE] > 0
    stage.state.show.end = 1
    stage.run(0.1)
    assert not stage.state.life.wound.any()
    stage.run(3.0)
    assert not stage.state.life.wound.any() and len(stage.notices(INCIDENT)) == 1


def test_fates_are_tallied():
    stage = performing()
    for s, course in enumerate(
        [
            [(WHOLE, 0.0)],
            [(FLICKERING, 0.2), (WHOLE, 0.05)],
            [(FAILING, 0.8), (FRACTURED, 0.4), (WHOLE, 0.0)],
            [(FRACTURED, 0.5), (WHOLE, 0.0), (FRACTURED, 0.4)],
            [(SHATTERED, 1.0)],
            [(SHATTERED, 1.0), (REFORMING, 1.0), (FRACTURED, 0.4), (SHATTERED, 1.0), (REFORMING, 1.0)],
            [(SHATTERED, 1.0), (REFORMING, 1.0), (FRACTURED, 0.4), (WHOLE, 0.0)],
        ]
    ):
        for word, damage in course:
            stage.become(s, word, damage)
            stage.run(0.05)
    reckoning = stage.reckoning()
    names = [sphere.name for sphere in stage.show.spheres.spheres]
    assert [fate.name for fate in reckoning.kept] == [names[0], names[1], names[AZURE]]
    assert [fate.name for fate in reckoning.saved] == [names[2], names[6]]
    assert [fate.name for fate in reckoning.hurt] == [names[3]]
    assert [fate.name for fate in reckoning.lost] == [names[4], names[5]]
    assert [fate.shatters for fate in reckoning.fates] == [0, 0, 0, 0, 1, 2, 1, 0]
    assert [fate.least_health for fate in reckoning.fates] == pytest.approx([1.0, 0.8, 0.2, 0.5, 0, 0, 0, 1.0])


def test_the_longest_consonance_is_measured():
    stage = performing()
    harmony, loudness = stage.state.harmony, stage.state.life.loudness
    harmony.consonance = 1.0
    loudness[0] = 2 * LEAST_LOUD
    stage.run(1.0)
    assert stage.state.tally.longest_s == 0  # one by itself is none
    loudness[1] = 2 * LEAST_LOUD
    stage.run(2.0)
    harmony.consonance = CONSONANT - 0.1
    stage.run(1.0)
    harmony.consonance = CONSONANT + 0.1
    stage.run(0.5)
    assert stage.reckoning().consonance_s == pytest.approx(2.0, abs=2 * CELL / RATE)
    stage.run(2.0)
    assert stage.reckoning().consonance_s == pytest.approx(2.5, abs=4 * CELL / RATE)


def test_the_audiences_mood_is_averaged():
    stage = Stage(show_of())
    for valence in (1.0, 0.0, -0.6, -1.0):
        stage.state.mood.valence = valence
        stage.run(1.0)
    reckoning = stage.reckoning()
    assert reckoning.mean_mood == pytest.approx(np.mean([1.0, 0.5, 0.2, 0.0]), abs=1e-3)
    assert reckoning.last_mood == 0.0


def test_another_show_begins_anew():
    stage = performing(incident(1.0, 0.9))
    stage.become(AZURE, FRACTURED, 0.4)
    stage.run(1.0)
    stage.state.show.end = 1
    stage.run(7.0)
    assert stage.phase == RECKONED
    stage.become(AZURE, WHOLE, 0.0)
    stage.play()  # between shows
    stage.begin()
    began = int(stage.state.frame)
    stage.run(1.1)
    assert phases(stage)[-1] == (began, PRELUDE)
    assert stage.notices(INCIDENT)[-1] == (began + RATE, AZURE, 0.0)
    reckoning = stage.reckoning()
    assert (reckoning.notes, reckoning.coaxing, reckoning.is_over) == (0, 0, False)
    assert reckoning.fates[AZURE].worst == "whole"


def test_free_play_has_no_script():
    stage = Stage(show_of(incident(1.0, 0.9)))
    stage.state.show.begin = 0
    stage.play()
    before = stage.state.show.tobytes(), stage.state.tally.tobytes()
    stage.run(5.0)
    assert (stage.state.show.tobytes(), stage.state.tally.tobytes()) == before
    assert not stage.state.life.wound.any()
