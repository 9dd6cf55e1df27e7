"""What damage sounds like, measured: a whole sphere shows none of its signs, and every sign grows with damage.

And the measuring itself, on sounds whose parts are known.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from weaver.cli import main
from weaver.life.crackle import EXPONENT
from weaver.model.spheres import load_set
from weaver.takes.anatomy import Crackle, Flicker, asked_loudest_share, measure_crackle, measure_flicker
from weaver.takes.measure import Bands, Samples, find_clicks, find_tones, fit_power_law, share_of_loudest
from weaver.takes.partials import Multiplet, measure_multiplets
from weaver.takes.signs import Signs, measure_signs
from weaver.takes.specimen import Specimen

RATE = 48_000.0
DAMAGES = (0.0, 0.15, 0.35, 0.6, 0.85)
BELL, GLASS, BALL = "Azure", "Emerald", "Cobalt"


def specimen(name: str) -> Specimen:
    return Specimen(next(sphere for sphere in load_set("auditorium").spheres if sphere.name == name))


@cache
def multiplets(name: str, damage: float) -> tuple[Multiplet, ...]:
    return measure_multiplets(specimen(name), damage)


@cache
def signs(name: str, damage: float) -> Signs:
    return measure_signs(specimen(name), damage)


@cache
def crackle(name: str, damage: float, seconds: float = 30.0) -> Crackle:
    return measure_crackle(specimen(name), damage, seconds)


@cache
def flicker(name: str, damage: float) -> Flicker:
    return measure_flicker(specimen(name), damage, 20.0)


def rises(values: Sequence[float]) -> bool:
    """Whether each is more than the one before."""
    return all(more > less for less, more in pairwise(values))


def ringing(*modes: tuple[float, float, float], seconds: float = 2.0) -> Samples:
    """Two ears' sound of modes (Hz, T60 in s, amplitude), which the right ear hears at half and later."""
    time_s = np.arange(round(seconds * RATE)) / RATE
    ears = [
        sum(a * gain * 10.0 ** (-3.0 * time_s / t60_s) * np.cos(2.0 * np.pi * hz * time_s + hz * late)
            for hz, t60_s, a in modes)
        for gain, late in ((1.0, 0.0), (0.5, 0.3))
    ]  # fmt: skip
    return np.stack(ears, axis=1)


def test_tones_closer_than_the_length_of_sound_are_told_apart() -> None:
    sound = ringing((1000.0, 1.5, 1.0), (1000.2, 1.5, 0.7), (1080.0, 1.0, 1.0))  # beats of five seconds, in two
    sound += 1e-6 * np.random.default_rng(1).standard_normal(sound.shape)
    tones = find_tones([Bands(sound, RATE).cut(1000.0, 30.0)], 2)
    assert tones.hz == pytest.approx([1000.0, 1000.2], abs=0.002)
    assert tones.t60_s == pytest.approx(1.5, rel=0.01)


def test_what_noise_hides_is_not_made_up() -> None:
    sound = ringing((1000.0, 1.5, 1.0), (1000.2, 1.5, 0.7))
    sound += 0.01 * np.random.default_rng(1).standard_normal(sound.shape)
    assert len(find_tones([Bands(sound, RATE).cut(1000.0, 30.0)], 2).hz) == 1


def test_clicks_are_counted_with_their_energies() -> None:
    sound = np.zeros((48_000, 2))
    time_s = np.arange(1_500) / RATE
    click = np.exp(-200.0 * time_s) * np.sin(2.0 * np.pi * 5000.0 * time_s)
    for at, gain in ((4_000, 1.0), (9_000, 0.1), (9_800, 0.5), (30_000, 0.001)):
        sound[at : at + len(click)] += gain * click[:, np.newaxis]
    times, energies = find_clicks(sound, RATE, 1e-4)
    assert times == pytest.approx([4_000 / RATE, 9_000 / RATE, 9_800 / RATE], abs=0.001)
    assert np.sqrt(energies / energies[0]) == pytest.approx([1.0, 0.1, 0.5], rel=0.05)


def test_the_exponent_of_a_power_law_is_found() -> None:
    uniform = np.random.default_rng(2).random(20_000)
    for exponent in (1.39, 2.0):
        slope = 1.0 - exponent
        energies = (1e-5**slope + uniform * (1.0 - 1e-5**slope)) ** (1.0 / slope)
        found, error = fit_power_law(energies, 1e-5, 1.0)
        assert abs(found - exponent) < 4.0 * error < 0.05
    slope = 1.0 - EXPONENT
    energies = (1e-5**slope + uniform * (1.0 - 1e-5**slope)) ** (1.0 / slope)
    assert share_of_loudest(energies, 0.01) == pytest.approx(asked_loudest_share(), abs=0.04)


@pytest.mark.parametrize("name", [BELL, GLASS])
@pytest.mark.parametrize("damage", [0.0, 0.35])
def test_partials_splits_and_decays_are_those_asked_for(name: str, damage: float) -> None:
    for multiplet in multiplets(name, damage):
        assert multiplet.resolved
        assert abs(multiplet.cents_off) < 0.01
        assert multiplet.found_split_hz == pytest.approx(multiplet.asked_split_hz, rel=0.005)
        assert multiplet.found.t60_s == pytest.approx(multiplet.asked_t60_s, rel=0.01)


def test_the_members_of_a_balls_multiplets_are_told_apart_where_they_can_be() -> None:
    """Nine members within a hertz that ring for two seconds cannot; a crack parts them."""
    whole, cracked = multiplets(BALL, 0.0), multiplets(BALL, 0.35)
    assert [len(multiplet.asked_hz) for multiplet in whole] == [5, 3, 7, 1, 5, 9, 2]
    assert not all(multiplet.resolved for multiplet in whole)
    for multiplet in whole:
        assert len(multiplet.found.hz) <= len(multiplet.asked_hz)
        assert abs(multiplet.cents_off) < 0.5
        if multiplet.resolved and len(multiplet.asked_hz) > 1:
            assert multiplet.found_split_hz == pytest.approx(multiplet.asked_split_hz, rel=0.05)
    assert sum(multiplet.resolved for multiplet in cracked) >= 6
    for multiplet in cracked:
        if multiplet.resolved:
            assert multiplet.found.hz == pytest.approx(np.sort(multiplet.asked_hz), rel=1e-4)


@pytest.mark.parametrize("name", [BELL, GLASS, BALL])
def test_a_whole_sphere_shows_none_of_it(name: str) -> None:
    whole = signs(name, 0.0)
    assert len(whole.lines) >= 3
    assert all(line.level_db < -100.0 for line in whole.lines)
    assert whole.pitch_cents == pytest.approx((0.0, 0.0, 0.0), abs=0.05) and whole.sag_cents == 0.0
    silent, steady = crackle(name, 0.0), flicker(name, 0.0)
    assert len(silent.energies) == silent.made == silent.flakes == 0
    assert np.abs(steady.sound - 1.0).max() < 0.01 and np.all(steady.light == 1.0)


@pytest.mark.parametrize("name", [BELL, GLASS, BALL])
def test_buzz_and_roughness_grow_with_damage(name: str) -> None:
    found = [signs(name, damage) for damage in DAMAGES]
    buzz = [each.buzz_db for each in found]
    assert rises(buzz)
    assert buzz[1] < -35.0 and buzz[-1] > -20.0
    roughness = [each.roughness for each in found]
    assert rises(roughness)
    sums = [next(line for line in each.lines if line.name == "f2+f1") for each in found[1:]]
    assert all(line.level_db > line.floor_db + 6.0 for line in sums)


@pytest.mark.parametrize("name", [BELL, GLASS])
def test_splits_grow_and_quality_falls_of_high_modes_first(name: str) -> None:
    found = [multiplets(name, damage)[:12] for damage in DAMAGES]
    for places in zip(*found, strict=True):
        splits = [place.found_split_hz for place in places]
        assert rises(splits)
        decays = [place.found.t60_s for place in places]
        assert rises(decays[::-1])
    for worn in found[1:]:
        left = [place.found.t60_s / whole.found.t60_s for place, whole in zip(worn, found[0], strict=True)]
        assert rises(left[::-1])


@pytest.mark.parametrize("name", [BELL, GLASS])
def test_the_pitch_of_what_is_cracked_falls_with_force(name: str) -> None:
    soft, firm, hard = signs(name, 0.35).pitch_cents
    assert soft > firm > hard and soft - hard > 1.5
    assert signs(name, 0.35).sag_cents == pytest.approx(soft, abs=1.0)


def test_crackle_follows_its_law() -> None:
    found = crackle(BELL, 0.85, 120.0)
    assert len(found.energies) == pytest.approx(found.made, rel=0.15)  # a flake that lands clicks too
    assert found.exponent == pytest.approx(EXPONENT, abs=3.0 * found.error) and found.error < 0.1
    assert found.loudest_share == pytest.approx(asked_loudest_share(), abs=0.15)
    assert found.dispersion > 1.3  # as they come in bursts; at random it were 1
    rates = [len(crackle(BELL, damage).energies) for damage in DAMAGES]
    assert rises(rates)


def test_sound_and_light_flicker_as_one_and_more_with_damage() -> None:
    found = [flicker(GLASS, damage) for damage in DAMAGES]
    assert all(each.agreement > 0.95 for each in found[1:])
    assert [each.light.mean() for each in found] == pytest.approx([each.sound.mean() for each in found], abs=0.06)
    light = [float(each.light.mean()) for each in found]
    assert rises(light[::-1])


def test_another_sample_rate_changes_nothing_that_is_found() -> None:
    sphere = specimen(GLASS).sphere
    for multiplet in measure_multiplets(Specimen(sphere, 44_100.0, seed=5), 0.2)[:10]:
        assert multiplet.resolved and abs(multiplet.cents_off) < 0.01
        assert multiplet.found.t60_s == pytest.approx(multiplet.asked_t60_s, rel=0.01)


def test_the_command_prints_what_was_found(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    picture = tmp_path / "glass.png"
    assert main(["anatomy", "auditorium", "emerald", "--damage", "0.35", "--plot", str(picture)]) == 0
    text = capsys.readouterr().out
    for word in ("Emerald", "392.438", "T60", "Buzz", "f2+f1", "Pitch", "Roughness", "Crackle", "1.39", "Flicker"):
        assert word in text
    from matplotlib.image import imread

    assert imread(picture)[:, :, :3].std() > 0.05


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["nowhere", "1"], "auditorium"),
        (["auditorium", "Mauve"], "Violet, Crimson"),
        (["auditorium", "9"], "1 to 8"),
        (["auditorium", "1", "--damage", "1"], "shatters"),
        (["auditorium", "1", "--damage", "nan"], "--damage"),
        (["auditorium", "1", "--damage", "some"], "some"),
        (["auditorium", "1", "--rate", "8000"], "--rate"),
        (["auditorium", "1", "--plot", "a.png"], "--damage"),
        (["auditorium", "1", "--damage", "0.5", "--plot", "a.pdf"], ".png"),
    ],
)
def test_the_command_refuses(capsys: pytest.CaptureFixture[str], arguments: list[str], word: str) -> None:
    assert main(["anatomy", *arguments]) == 2
    assert word in capsys.readouterr().err
