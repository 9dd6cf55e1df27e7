"""Consonance in the running engine: what it finds sour, what in tune, and how it follows the player."""

from __future__ import annotations

import numpy as np
import pytest
from support.playing import engine, seconds, sphere, spheres

from weaver.engine.engine import Engine
from weaver.life.consonance import SEMITONE
from weaver.life.roughness import HUTCHINSON, SETHARES, VASSILAKIS, roughness
from weaver.model.parameters import JUDGES
from weaver.model.spheres import load_set

C4_HZ = 261.6256
FIFTH, TRITONE = 3 / 2, 2**0.5
MODELS = (HUTCHINSON, SETHARES, VASSILAKIS)


def struck(*f0s_hz: float, material: str = "glass", **parameters: float) -> Engine:
    """Spheres that were all struck alike, and have settled."""
    instrument = engine(*[sphere(material, hz, f"S{s}") for s, hz in enumerate(f0s_hz)])
    for name, value in parameters.items():
        instrument.set_parameter(name, value)
    instrument.gesture("strike", velocity=0.7)
    seconds(instrument, 0.8)
    return instrument


def sourness(instrument: Engine) -> np.ndarray:
    return instrument.state.life.sourness[: len(instrument.spheres.spheres)].copy()


def test_a_triad_is_more_consonant_than_a_cluster():
    triad = struck(C4_HZ, C4_HZ * 5 / 4, C4_HZ * 3 / 2).state.harmony
    minor = struck(C4_HZ, C4_HZ * 6 / 5, C4_HZ * 3 / 2).state.harmony
    cluster = struck(C4_HZ, C4_HZ * SEMITONE, C4_HZ * SEMITONE**2).state.harmony
    assert triad.consonance > 0.85 > minor.consonance > 0.5 > cluster.consonance
    assert triad.roughness < 0.25 and cluster.roughness > 1.0
    assert triad.harmonicity > 0.98 > 0.6 > cluster.harmonicity
    assert triad.series.root_hz == pytest.approx(C4_HZ / 4, rel=1e-5)


@pytest.mark.parametrize("connoisseur", [0.0, 1.0])
@pytest.mark.parametrize("model", MODELS)
def test_an_equal_tone_a_semitone_away_is_the_unit(model, connoisseur):
    instrument = struck(C4_HZ, C4_HZ * SEMITONE, judge=model, connoisseur=connoisseur)
    instrument.state.sphere.energy[1] = instrument.state.sphere.energy[0]
    assert sourness(instrument) == pytest.approx([1.0, 1.0], abs=0.2)
    assert instrument.state.harmony.consonance < 0.1
    assert instrument.state.life.attunement[:2].max() < 0.2


@pytest.mark.parametrize("model", MODELS)
def test_it_is_the_roughness_that_the_pair_adds(model):
    """Beside the same roughness, reckoned from whole spectra of six harmonics at the loudness there is."""
    instrument = struck(C4_HZ, C4_HZ * 1.17, judge=model)
    instrument.gesture("lift", 1, level=-8.0)
    seconds(instrument, 0.5)
    k = np.arange(1.0, 7.0)
    loudness = instrument.state.life.loudness[:2].astype(np.float64)
    gains = loudness / loudness.max()

    def added(first_hz, second_hz, first, second):
        lists = (first_hz * k, first / k), (second_hz * k, second / k)
        both = tuple(np.concatenate(pair) for pair in zip(*lists, strict=True))
        powers = [np.sum(amplitude**2) if model == HUTCHINSON else 1.0 for _, amplitude in (both, *lists)]
        found = [roughness(model, *list_) * power for list_, power in zip((both, *lists), powers, strict=True)]
        return (found[0] - found[1] - found[2]) / powers[0]

    expected = added(C4_HZ, C4_HZ * 1.17, *gains) / added(C4_HZ, C4_HZ * SEMITONE, 1.0, 1.0)
    assert instrument.state.harmony.pair[0, 1] == pytest.approx(expected, rel=0.01)
    assert expected > 0.05


@pytest.mark.parametrize("connoisseur", [0.0, 1.0])
def test_a_lone_bell_is_not_rough(connoisseur):
    instrument = struck(C4_HZ, material="bell", connoisseur=connoisseur)
    state = instrument.state
    assert state.life.loudness[0] > 0.1
    assert sourness(instrument)[0] == 0.0 and state.life.attunement[0] == 1.0
    assert state.harmony.roughness == 0.0 and state.harmony.consonance == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize("f0_hz", [130.81, C4_HZ])
def test_glass_among_glasses_likes_the_tritone(f0_hz):
    """For its partials are no harmonics (1 : 2.3 : 4.3); ears used to other instruments like the fifth."""
    reduced = [sourness(struck(f0_hz, f0_hz * interval)).max() for interval in (TRITONE, FIFTH)]
    real = [sourness(struck(f0_hz, f0_hz * interval, connoisseur=1.0)).max() for interval in (TRITONE, FIFTH)]
    assert reduced[0] > 2.0 * reduced[1]
    assert real[0] < 0.9 * real[1]


def test_a_bend_is_heard_at_once():
    instrument = struck(C4_HZ, C4_HZ)
    assert sourness(instrument).max() < 0.05
    instrument.gesture("bend", 1, cents=100.0)
    seconds(instrument, 0.1)
    assert sourness(instrument).min() > 0.8
    instrument.gesture("bend", 1, cents=0.0)
    seconds(instrument, 0.1)
    assert sourness(instrument).max() < 0.05


def test_the_judge_can_be_changed_while_it_sounds():
    instrument = struck(C4_HZ, C4_HZ * 6 / 5)
    found = {}
    for place, name in (*enumerate(JUDGES), (0, "again")):
        instrument.set_parameter("judge", place)
        seconds(instrument, 0.05)
        found[name] = float(sourness(instrument)[0])
    assert len({round(value, 2) for value in found.values()}) == 3
    assert found["again"] == pytest.approx(found["hutchinson"], abs=0.02)
    instrument.set_parameter("connoisseur", 1.0)
    seconds(instrument, 0.05)
    assert abs(float(sourness(instrument)[0]) - found["again"]) > 0.02


def test_resting_hums_are_judged_among_themselves_but_are_not_loud():
    members = [sphere("glass", C4_HZ * ratio, f"S{s}", hum_db=-40.0) for s, ratio in enumerate((1.0, 1.5))]
    instrument = engine(*members)
    seconds(instrument, 4.0)
    assert 0.001 < instrument.state.life.loudness[:2].max() < 0.05
    in_tune = sourness(instrument).max()
    instrument.gesture("bend", 1, cents=-600.0)  # as far as a semitone above the first
    seconds(instrument, 0.1)
    assert in_tune < 0.02 < 0.1 < sourness(instrument).min()
    instrument.gesture("strike", 0, velocity=0.8)
    seconds(instrument, 0.3)
    assert instrument.state.life.loudness[0] > 0.3
    assert sourness(instrument).max() < 0.15  # what hardly sounds does not sour what does


def test_a_softer_sphere_clashes_less():
    instrument = struck(C4_HZ, C4_HZ * SEMITONE)
    equal = sourness(instrument)[0]
    instrument.gesture("lift", 1, level=-24.0)
    seconds(instrument, 0.5)
    lifted = sourness(instrument)[0]
    assert lifted == pytest.approx(equal * 2 * 0.063 / (1 + 0.063**2), rel=0.1)
    instrument.gesture("lift", 1, level=0.0)
    instrument.gesture("hush", 1)
    seconds(instrument, 4.0)
    assert sourness(instrument)[0] == 0.0 == instrument.state.life.loudness[1]


def test_a_set_may_have_one_softer_than_the_others():
    instrument = engine(sphere("glass", C4_HZ), sphere("glass", C4_HZ, "Soft", level_db=-12.0))
    instrument.gesture("strike", velocity=0.7)
    seconds(instrument, 0.5)
    loud, soft = instrument.state.life.loudness[:2]
    assert soft / loud == pytest.approx(10 ** (-12 / 20), rel=0.1)


def test_a_broken_sphere_is_silent_and_a_new_set_knows_nothing():
    instrument = struck(C4_HZ, C4_HZ * SEMITONE)
    instrument.state.sphere.broken[1] = 1
    seconds(instrument, 0.1)
    assert sourness(instrument).tolist() == [0.0, 0.0] and instrument.state.life.loudness[1] == 0.0
    instrument.state.sphere.broken[1] = 0
    seconds(instrument, 0.1)
    assert sourness(instrument).min() > 0.8
    assert instrument.change_set(spheres(sphere("bell"), sphere("bell", 450.0, "Two")))
    seconds(instrument, 0.1)
    assert sourness(instrument).max() == 0.0 == instrument.state.life.loudness.max()
    assert instrument.state.harmony.pair.max() == 0.0


@pytest.mark.parametrize("connoisseur", [0.0, 1.0])
@pytest.mark.parametrize("model", MODELS)
def test_it_stays_finite_with_none_and_with_64(model, connoisseur):
    instrument = engine(*load_set("grand").spheres)
    instrument.set_parameter("judge", model)
    instrument.set_parameter("connoisseur", connoisseur)
    instrument.set_parameter("vibrato_cents", 80.0)
    seconds(instrument, 0.05)
    state = instrument.state
    assert state.harmony.count == 0 and state.harmony.consonance == 1.0
    instrument.gesture("strike", velocity=1.0)
    seconds(instrument, 0.8)
    assert state.harmony.count == 64
    first, second = np.nonzero(state.harmony.pair)
    assert len(first) > 1500 and np.all(state.harmony.pair == state.harmony.pair.T) and np.all(first != second)
    for found in (state.life.loudness, state.life.sourness, state.life.attunement, state.harmony.pair):
        assert np.all(np.isfinite(found)) and found.min() >= 0
    assert state.life.attunement.max() <= 1.0 and state.harmony.consonance < 0.2
    assert 0 <= state.harmony.harmonicity <= 1


def test_the_default_set_is_consonant_as_a_whole():
    instrument = engine(*load_set("auditorium").spheres)
    instrument.gesture("strike", velocity=0.7)
    seconds(instrument, 1.0)
    assert instrument.state.harmony.count == 8
    assert instrument.state.harmony.consonance > 0.8
    assert instrument.state.harmony.harmonicity > 0.95
    assert sourness(instrument).max() < 0.5
