"""The law: what cracks a sphere, what heals it, how its states follow, and how it comes back."""

from __future__ import annotations

import numpy as np
import pytest
from support.harming import law, living, states_told, timeless, wound
from support.playing import level_db, seconds, sphere

from weaver.life.records import FAILING, FLICKERING, FRACTURED, REFORMING, SHATTERED, WHOLE
from weaver.model.parameters import STAKES

PAIR = sphere("glass", 440.0, "One"), sphere("glass", 440.0 * 2 ** (1 / 12), "Semitone above")
FIFTH = sphere("glass", 440.0, "One"), sphere("glass", 660.0, "Fifth above")


def damage(instrument, s=0):
    return float(instrument.state.sphere.damage[s])


def strike_often(instrument, velocity, duration_s, members=1, apart_s=0.3):
    start = int(instrument.state.frame)
    for n in range(int(duration_s / apart_s)):
        for s in range(members):
            frame = start + round((n * apart_s + 0.01) * instrument.sample_rate)
            instrument.gesture("strike", s, frame=frame, velocity=velocity, hardness=0.7)
    seconds(instrument, duration_s)


def test_gentle_consonant_play_harms_nothing():
    instrument = living(*FIFTH, stakes=3)
    strike_often(instrument, 0.4, 8.0, members=2, apart_s=0.8)
    assert damage(instrument, 0) == damage(instrument, 1) == 0.0


def test_overdrive_cracks_and_the_harder_the_sooner():
    found = []
    for velocity, apart_s in ((0.6, 0.25), (1.0, 0.25), (1.0, 0.1)):
        instrument = living(sphere("glass", 440.0), by=law(cracks_nucleation_per_s=5.0))
        strike_often(instrument, velocity, 6.0, apart_s=apart_s)
        found.append(damage(instrument))
    assert 0.0 == found[0] < found[1] < found[2]
    assert found[2] > 0.1


def test_sourness_cracks_where_consonance_does_not():
    by = law(cracks_growth_rad_per_s=0.5, cracks_nucleation_per_s=5.0)
    sour, sweet = living(*PAIR, by=by), living(*FIFTH, by=by)
    for instrument in (sour, sweet):
        strike_often(instrument, 0.55, 12.0, members=2, apart_s=0.5)
    assert damage(sour, 0) > 0.02
    assert damage(sweet, 0) == 0.0


def test_neglect_strains_the_unplayed():
    by = law(stress_neglect_after_s=1.0, stress_neglect_over_s=1.0, stress_neglect=1.0)
    instrument = living(*FIFTH, by=by)
    for _ in range(12):
        instrument.gesture("strike", 0, velocity=0.4)
        seconds(instrument, 0.5)
    assert damage(instrument, 1) > 0.02
    assert damage(instrument, 0) == 0.0


def test_a_ruined_neighbour_and_a_ruined_partner_strain():
    by = law(stakes_healing=0.0, stress_sourness=0.0, stakes_tension=0.0)
    near, far = sphere(azimuth_deg=10.0, name="Near", f0_hz=880.0), sphere(azimuth_deg=170.0, name="Far", f0_hz=1320.0)
    bound = living(sphere(), near, far, by=by)
    bound.gesture("bind", 0, other=2, strength=1.0)
    wound(bound, 0.8, 0)
    alone = living(sphere(), near, far, by=by)
    wound(alone, 0.8, 0)
    for instrument in (bound, alone):
        instrument.gesture("rub", 0, pressure=0.3, speed=0.3)
        seconds(instrument, 3.0)
    stress = alone.state.life.stress
    assert stress[1] > 2 * stress[2]
    assert bound.state.life.stress[2] > stress[2] + 0.2


def test_nothing_breaks_when_nothing_is_at_stake():
    instrument = living(*PAIR, stakes=0)
    strike_often(instrument, 1.0, 5.0, members=2, apart_s=0.1)
    assert damage(instrument, 0) == damage(instrument, 1) == 0.0


def test_gentle_stakes_stop_short_of_failing():
    instrument = living(sphere(), by=law(cracks_growth_rad_per_s=8.0, cracks_nucleation_per_s=5.0), stakes=1)
    strike_often(instrument, 1.0, 8.0, apart_s=0.1)
    assert 0.3 < damage(instrument) <= 0.66
    assert SHATTERED not in states_told(instrument)


def test_stakes_change_at_once():
    instrument = living(sphere(), by=law(cracks_growth_rad_per_s=2.0), stakes=0)
    strike_often(instrument, 1.0, 2.0, apart_s=0.1)
    assert damage(instrument) == 0.0
    instrument.set_parameter("stakes", 3)
    strike_often(instrument, 1.0, 2.0, apart_s=0.1)
    assert damage(instrument) > 0.0


def test_soothing_heals_and_the_better_the_more_in_tune():
    left = []
    for other in (PAIR[1], FIFTH[1]):
        instrument = living(sphere("glass", 440.0), other, by=law(stakes_stress=0.0, healing_rest_per_s=0.0))
        wound(instrument, 0.5)
        instrument.gesture("soothe", 0, care=1.0)
        for s in range(2):
            instrument.gesture("rub", s, pressure=0.4, speed=0.4)
        seconds(instrument, 2.5)
        left.append(damage(instrument))
    sour, sweet = left
    assert sweet < sour < 0.5
    assert sweet < 0.3


def test_a_light_rub_soothes_and_a_firm_one_does_not():
    left = []
    for pressure in (0.2, 0.7):
        instrument = living(sphere(), by=law(stakes_stress=0.0, healing_rest_per_s=0.0, healing_play_per_s=0.0))
        wound(instrument, 0.4)
        instrument.gesture("rub", 0, pressure=pressure, speed=0.3)
        seconds(instrument, 2.0)
        left.append(damage(instrument))
    assert left[0] < 0.3 and left[1] == pytest.approx(0.4, abs=1e-3)


def test_rest_heals_with_the_logarithm_of_time():
    instrument = living(sphere(), by=law(healing_rest_per_s=0.05, healing_log_time_s=2.0, healing_rest_after_s=0.0))
    wound(instrument, 0.6)
    found = []
    for _ in range(3):
        before = damage(instrument)
        seconds(instrument, 2.0)
        found.append(before - damage(instrument))
    # the law is -0.05 * 2 s * ln((t + 2) / 2), so 2 s bring ln 2, ln 3/2, ln 4/3
    np.testing.assert_allclose(found, 0.1 * np.log([2, 1.5, 4 / 3]), rtol=0.06)


def test_states_follow_damage_with_hysteresis_and_are_told():
    instrument = living(sphere(), by=timeless())
    for harm, state in ((0.05, WHOLE), (0.1, FLICKERING), (0.4, FRACTURED), (0.75, FAILING)):
        wound(instrument, harm)
        seconds(instrument, 0.05)
        assert instrument.state.life.state[0] == state
        assert instrument.snapshot().health[0] == pytest.approx(1 - harm, abs=0.01)
    assert states_told(instrument) == [FLICKERING, FRACTURED, FAILING]
    instrument.state.crack.length[0] *= 0.68 / 0.75  # a little better, but not by the hysteresis
    seconds(instrument, 0.05)
    assert instrument.state.life.state[0] == FAILING
    instrument.state.crack.length[0] *= 0.6 / 0.68
    seconds(instrument, 0.05)
    assert states_told(instrument) == [FRACTURED]


def test_shattered_is_silence_then_the_tone_gathers_again():
    by = law(stakes_stress=0.0, reforming_after_s=9.0, reforming_takes_s=2.0)
    instrument = living(sphere("bowl", 220.0, hum_db=-20.0), by=by)
    seconds(instrument, 1.0)
    wound(instrument, 1.0)
    assert level_db(seconds(instrument, 0.2)) > -40  # fragments
    seconds(instrument, 3.0)
    crackles = int(instrument.state.life.crackles[0])
    silence = seconds(instrument, 5.0)
    instrument.gesture("strike", 0, velocity=1.0)
    silence = np.concatenate([silence, seconds(instrument, 0.5)])
    assert instrument.state.life.state[0] == SHATTERED
    assert instrument.state.life.crackles[0] == crackles
    assert np.abs(silence).max() < 1e-4
    seconds(instrument, 0.5)
    assert instrument.state.life.state[0] == REFORMING
    seconds(instrument, 3.0)
    assert instrument.state.life.state[0] == FRACTURED
    assert damage(instrument) < 0.45
    assert states_told(instrument) == [SHATTERED, REFORMING, FRACTURED]
    instrument.gesture("strike", 0, velocity=0.8)
    assert level_db(seconds(instrument, 0.3)) > -35


def test_for_the_highest_stakes_only_a_soothing_hand_brings_it_back():
    instrument = living(sphere(), by=law(reforming_after_s=0.5, reforming_takes_s=1.0), stakes=3)
    wound(instrument, 1.0)
    seconds(instrument, 2.0)
    assert instrument.state.life.state[0] == SHATTERED
    instrument.gesture("soothe", 0)
    seconds(instrument, 0.5)
    assert instrument.state.life.state[0] == REFORMING


def test_a_shatter_shakes_the_near_more_than_the_far():
    near, far = sphere(azimuth_deg=15.0, name="Near"), sphere(azimuth_deg=175.0, name="Far")
    instrument = living(sphere(), near, far, by=law(stakes_stress=0.0, stakes_healing=0.0))
    wound(instrument, 1.0)
    seconds(instrument, 0.05)
    assert 0.25 > damage(instrument, 1) > damage(instrument, 2) > 0.0


def test_undo_mends_the_last_shatter_and_its_shock():
    near = sphere(azimuth_deg=15.0, name="Near")
    instrument = living(sphere(), near, by=timeless())
    wound(instrument, 1.0)
    seconds(instrument, 0.5)
    assert damage(instrument, 1) > 0.1
    instrument.gesture("undo")
    seconds(instrument, 2.0)
    assert instrument.state.life.state[0] == WHOLE and damage(instrument, 0) == 0.0
    assert damage(instrument, 1) == pytest.approx(0.0, abs=1e-4)
    refused = int(instrument.state.counters.refused_commands)
    instrument.gesture("undo")
    seconds(instrument, 0.1)
    assert instrument.state.counters.refused_commands == refused + 1


def test_a_new_set_is_whole():
    instrument = living(*FIFTH, by=timeless())
    wound(instrument, 0.9)
    seconds(instrument, 0.1)
    assert instrument.change_set(instrument.spheres)
    seconds(instrument, 0.1)
    assert damage(instrument) == 0.0 and instrument.state.life.state[0] == WHOLE
    assert instrument.state.parameter[STAKES] == 2.0  # the stakes stay
