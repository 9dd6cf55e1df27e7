"""What splinters, as it is heard: the click of a crack, a flake that falls, and a sphere that goes to pieces."""

from __future__ import annotations

import numpy as np
import pytest
from numba import njit
from support.playing import CEILING, RATE, centroid_hz, engine, level_db, rms, seconds, sphere

from weaver.dsp import chance, shatter
from weaver.dsp.shards import FAINT, SLOTS
from weaver.engine.address import state_at

MATERIALS = {"glass": 440.0, "bell": 523.25, "bowl": 147.0, "sphere": 330.0}


@njit
def crackle(address, s, energy, at):
    shatter.crackle(state_at(address), s, energy, at)


@njit
def flake(address, s, energy, at):
    shatter.flake(state_at(address), s, energy, at)


@njit
def break_up(address, s):
    shatter.shatter(state_at(address), s)


@njit
def power_law(u, low, high, exponent, values):
    for index in range(u.shape[0]):
        values[index] = chance.power_law(u[index], low, high, exponent)


@njit
def draw_power_law(streams, low, high, exponent, values):
    for index in range(values.shape[0]):
        values[index] = chance.power_law(chance.draw(streams, 0), low, high, exponent)


def broken(seed: int = 1, material: str = "glass", **changes):
    """An engine whose one sphere has just shattered, 12 dB down so that the limiter leaves it alone."""
    instrument = engine(sphere(material, MATERIALS[material], level_db=-12.0, **changes), seed=seed)
    break_up(instrument.address, 0)
    return instrument


def fragments(instrument) -> np.ndarray:
    """The slots that fall: a crack's own voices are kicked but once."""
    return np.flatnonzero(instrument.state.shards.kicks > 1)


def voiced(sound: np.ndarray) -> np.ndarray:
    """Frames in which anything sounds."""
    return np.flatnonzero(np.abs(sound).max(axis=1) > 0.0)


@pytest.mark.parametrize("spawn", [crackle, flake])
@pytest.mark.parametrize("at", [0, 1, 37, 63])
def test_it_begins_at_its_frame(spawn, at):
    instrument = engine()
    instrument.render(3 * 64)
    spawn(instrument.address, 0, 1.0, at)
    assert voiced(seconds(instrument, 0.1))[0] == at


@pytest.mark.parametrize("spawn", [crackle, flake])
@pytest.mark.parametrize("at", [1, 31, 32, 63])
def test_where_in_a_cell_it_begins_makes_no_other_sound(spawn, at):
    instrument, later = engine(), engine()
    spawn(instrument.address, 0, 1.0, 0)
    spawn(later.address, 0, 1.0, at)
    sound, shifted = instrument.render(9600), later.render(9600 + at)[at:]
    np.testing.assert_allclose(shifted, sound, atol=5e-5 * np.abs(sound).max())


def test_a_flake_bounces_when_it_should_and_softer():
    for seed in range(1, 6):
        instrument = engine(seed=seed)
        flake(instrument.address, 0, 1.0, 10)
        shards = instrument.state.shards
        assert shards.kicks[0] in (2, 3)
        lands = 10 + int(shards.flight[0])
        assert 0.08 * RATE <= lands <= 0.3 * RATE + 10
        sound = seconds(instrument, 1.0)
        assert rms(sound[lands : lands + 96]) > 3.0 * rms(sound[lands - 96 : lands])
        assert np.abs(sound[lands : lands + 4800]).max() < 0.9 * np.abs(sound[:4800]).max()


@pytest.mark.parametrize("block", [1, 17, 480])
def test_the_same_samples_at_any_block_size(block):
    whole, cut = broken(), broken()
    frames = 14_400
    wanted = np.concatenate([whole.render(64) for _ in range(frames // 64)])
    found = np.concatenate([cut.render(block) for _ in range(frames // block)])
    assert np.array_equal(found, wanted[: len(found)])
    assert whole.state.shards.live > 10


def test_nothing_is_left_when_it_has_died():
    instrument = broken()
    seconds(instrument, 5.0)
    shards, beside = instrument.state.shards, instrument.state.sphere
    assert shards.live == 0
    assert not shards.modes.any() and not shards.energy.any() and not shards.coming.any()
    assert not beside.beside.any() and not beside.beside_cells.any()
    assert not seconds(instrument, 0.1).any()


def test_amplitude_goes_with_the_root_of_energy():
    loud, soft = engine(), engine()
    crackle(loud.address, 0, 1.0, 5)
    crackle(soft.address, 0, 1e-2, 5)
    loud, soft = seconds(loud, 0.1), seconds(soft, 0.1)
    assert level_db(loud) - level_db(soft) == pytest.approx(20.0, abs=0.01)
    assert 20 * np.log10(np.abs(loud).max()) == pytest.approx(-9.0, abs=3.0)  # the peak of a firm strike


@pytest.mark.parametrize("energy", [0.0, 1e-6, -1.0, np.nan, np.inf])
def test_what_nobody_can_hear_takes_no_slot(energy):
    instrument = engine()
    crackle(instrument.address, 0, energy, 0)
    flake(instrument.address, 0, energy, 0)
    assert instrument.state.shards.live == 0


def test_clicks_are_brief_and_lie_higher_for_higher_spheres():
    brightness = {}
    for f0_hz in (110.0, 1760.0):
        clicks = []
        for seed in range(1, 13):
            instrument = engine(sphere(f0_hz=f0_hz), seed=seed)
            crackle(instrument.address, 0, 1.0, 0)
            clicks.append(seconds(instrument, 0.1))
            assert level_db(clicks[-1][2400:]) < level_db(clicks[-1][:480]) - 60.0
        brightness[f0_hz] = np.mean([centroid_hz(click[:, 0]) for click in clicks])
    assert 3000.0 < 1.15 * brightness[110.0] < brightness[1760.0] < 14_000.0


def test_flakes_are_bright():
    for seed in range(1, 9):
        instrument = engine(seed=seed)
        flake(instrument.address, 0, 1.0, 0)
        sound = seconds(instrument, 1.0)
        assert min(centroid_hz(sound[:, 0]), centroid_hz(sound[:, 1])) > 4000.0


def test_large_spheres_break_into_more():
    counts = {size: [len(fragments(broken(seed, size=size))) for seed in range(1, 25)] for size in (0.0, 0.5, 1.0)}
    assert min(counts[0.0]) >= 20
    assert max(counts[1.0]) <= 60
    assert np.mean(counts[0.0]) + 10 < np.mean(counts[0.5]) < np.mean(counts[1.0]) - 10
    assert len(set(counts[0.5])) > 5


def test_the_sizes_of_fragments_follow_their_power_law():
    """Density as size ** -2 and pitch as 1 / size: then pitches are drawn evenly."""
    hz = []
    for seed in range(1, 41):
        instrument = broken(seed)
        power = instrument.state.shards.table[fragments(instrument), 0, :, 1]
        hz.extend(np.angle(power[:, 0] + 1j * power[:, 1]) * RATE / (2 * np.pi))
    middle = np.array([f for f in hz if 1500.0 < f < 9000.0])
    assert len(middle) > 1000
    shares = np.histogram(middle, 5, (1500.0, 9000.0))[0] / len(middle)
    np.testing.assert_allclose(shares, 0.2, atol=0.04)


def test_fragments_land_as_aftershocks_come():
    landings = []
    for seed in range(1, 21):
        instrument = broken(seed)
        shards, which = instrument.state.shards, fragments(instrument)
        assert shards.next[which].max() <= 0.05 * RATE  # all have broken off
        landings.extend((shards.next[which] + shards.flight[which]) / RATE)
    counts = np.histogram(landings, 5, (0.0, 1.6))[0]
    assert counts.sum() == len(landings)
    assert np.all(np.diff(counts) < 0)
    assert counts[0] > 0.4 * len(landings)


@pytest.mark.parametrize("material", MATERIALS)
def test_a_shatter_is_as_loud_as_the_hardest_strike(material):
    struck = engine(sphere(material, MATERIALS[material], level_db=-12.0))
    struck.gesture("strike", 0, velocity=1.0, hardness=1.0)
    struck = seconds(struck, 0.5)
    levels, peaks = [], []
    for seed in range(1, 9):
        sound = seconds(broken(seed, material), 0.5)
        levels.append(level_db(sound) - level_db(struck))
        peaks.append(20 * np.log10(np.abs(sound).max() / np.abs(struck).max()))
        assert level_db(sound[:4800]) > level_db(sound[9600:]) + 6.0  # a burst, then glints
    assert abs(np.mean(levels)) < 6.0
    assert 2.0 < np.median(peaks) < 8.0


def test_it_is_scattered_in_space():
    means = []
    for seed in range(1, 9):
        windows = seconds(broken(seed), 1.0).reshape(-1, 960, 2)
        levels = 20 * np.log10(np.sqrt((windows**2).mean(axis=1)) + 1e-9)
        sides = levels[:, 1] - levels[:, 0]
        assert sides.max() - sides.min() > 4.0
        means.append(sides.mean())
    assert min(means) < 0.0 < max(means)
    assert abs(np.mean(means)) < 1.5


def test_the_ceiling_holds_when_all_break_at_once():
    instrument = engine(*(sphere(material, hz, distance_m=0.5, level_db=6.0) for material, hz in MATERIALS.items()))
    for s in range(4):
        break_up(instrument.address, s)
    sound = seconds(instrument, 1.0)
    assert np.isfinite(sound).all()
    assert 0.5 < np.abs(sound).max() <= CEILING + 1e-6


def test_chance_is_the_seeds():
    first, second = seconds(broken(3), 0.3), seconds(broken(3), 0.3)
    assert np.array_equal(first, second)
    assert not np.array_equal(first, seconds(broken(4), 0.3))


def test_the_quietest_gives_way_when_the_pool_is_full():
    instrument = engine()
    energies = np.geomspace(1e-3, 1e-1, SLOTS)
    for energy in energies:
        crackle(instrument.address, 0, energy, 0)
    shards = instrument.state.shards
    assert shards.live == SLOTS
    before = shards.coming.copy()
    crackle(instrument.address, 0, 1e-5, 0)
    assert np.array_equal(shards.coming, before)  # it was itself the quietest
    crackle(instrument.address, 0, 1.0, 0)
    changed = np.flatnonzero(shards.coming != before)
    assert shards.live == SLOTS
    assert list(changed) == [np.argmin(before)]
    seconds(instrument, 1.0)
    assert shards.live == 0


def test_a_panic_silences_shards():
    instrument = broken()
    instrument.render(2400)
    instrument.panic()
    assert np.abs(instrument.render(14_400)[192:]).max() < 1e-4  # what is left is the block of DC
    assert instrument.state.shards.live == 0


def test_a_voice_whose_numbers_are_none_is_dropped():
    instrument = broken()
    instrument.render(2400)
    shards = instrument.state.shards
    ringing = np.flatnonzero(shards.energy > FAINT)
    shards.re[ringing[0], 0] = np.nan
    seconds(instrument, 1.0)
    assert instrument.state.counters.nan_spheres == 1
    sound = seconds(instrument, 0.3)
    assert np.isfinite(sound).all()
    assert sound.any()


def exponent_of(values: np.ndarray, low: float, high: float) -> float:
    """The likeliest exponent of a bounded power law that these were drawn from."""
    grid = np.linspace(0.5, 3.0, 2501) + 1e-7
    norm = np.log((low ** (1 - grid) - high ** (1 - grid)) / (grid - 1))
    return float(grid[np.argmax(-grid * np.log(values).mean() - norm)])


@pytest.mark.parametrize("exponent, low, high", [(1.0, 0.02, 2.0), (1.39, 1e-6, 1.0), (2.0, 0.05, 0.5)])
def test_a_drawn_power_law_has_its_exponent(exponent, low, high):
    values, streams = np.zeros(40_000), np.array([7], np.uint64)
    draw_power_law(streams, low, high, exponent, values)
    assert low <= values.min()
    assert values.max() <= high * (1 + 1e-12)
    assert exponent_of(values, low, high) == pytest.approx(exponent, abs=0.03)


@pytest.mark.parametrize("exponent, share", [(1.0, 0.13), (1.39, 0.83), (1.6, 0.92)])
def test_the_top_hundredth_carries_its_share(exponent, share):
    values = np.zeros(1_000_000)
    power_law((np.arange(len(values)) + 0.5) / len(values), 1e-6, 1.0, exponent, values)
    assert values[-10_000:].sum() / values.sum() == pytest.approx(share, abs=0.01)
    if exponent != 1.0:
        u, low = 0.73, 1e-6 ** (1 - exponent)
        wanted = (low + u * (1.0 - low)) ** (1 / (1 - exponent))
        assert np.interp(u, (np.arange(len(values)) + 0.5) / len(values), values) == pytest.approx(wanted, rel=1e-4)
