"""What lights show: the sphere's colour and light, its damage in step with the sound, its health without a colour."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from support.lighting import knobs, laid, shining, spot

from weaver.model.law import STATES
from weaver.surfaces.lights.looks import REST, Looks
from weaver.surfaces.lights.patterns import PATTERNS

FPS = 60


def brightness(looks: Looks, **changes: object) -> np.ndarray:
    """float[spot], 0 to 255."""
    return looks.wanted(shining(**changes), knobs()).max(axis=1).astype(float)


def course(show: str, kind: str, state: str, seconds: float = 2.0) -> np.ndarray:
    """Brightness of one light at every picture, of a sphere that does not flicker just now."""
    looks = Looks(laid(spot(show, kind)))
    health = {"whole": 1.0, "flickering": 0.9, "fractured": 0.5, "failing": 0.2, "shattered": 0.0, "reforming": 0.3}
    pictures = range(round(seconds * FPS))
    return np.array(
        [brightness(looks, now_s=n / FPS, state=state, health=health[state])[0] for n in pictures], dtype=float
    )


def test_colour_is_the_spheres_and_brightness_its_light() -> None:
    looks = Looks(laid(spot(sphere=1), spot(sphere=2)))
    gold, azure = looks.wanted(shining(light=1.0), knobs()).astype(int)
    assert gold[0] > gold[1] > gold[2] and azure[2] > azure[1] > azure[0]
    levels = [brightness(looks, light=light)[0] for light in (0.0, 0.25, 0.5, 1.0)]
    assert levels == sorted(set(levels)) and levels[-1] == 255.0


def test_a_silent_sphere_is_found_in_the_dark() -> None:
    assert brightness(Looks(laid(spot())))[0] == pytest.approx(255 * REST**2.2, abs=1.0)


def test_spheres_at_rest_beat_with_the_song() -> None:
    looks = Looks(laid(spot(), spot(kind="switch"), spot("health")))
    between, beat = (looks.wanted(shining(is_beat=is_beat), knobs()) for is_beat in (False, True))
    assert beat[0].max() > 1.5 * between[0].max() > 0
    assert np.array_equal(beat[1:], between[1:]), "a switch stays out, and health has a pattern of its own"


def test_half_as_bright_to_the_eye_is_a_fifth_to_the_led() -> None:
    half = brightness(Looks(laid(spot(sphere=5))), light=(0.5 - REST) / (1.0 - REST))[0]
    assert half / 255.0 == pytest.approx(0.5**2.2, abs=0.01)


def test_held_and_soothed_are_brighter_and_soothed_is_warm() -> None:
    looks = Looks(laid(spot(sphere=7)))
    rest, held, soothed = (looks.wanted(shining(**how), knobs())[0] for how in ({}, {"held": 1}, {"soothed": 1.0}))
    assert held.max() > rest.max() and soothed.max() > rest.max()
    assert soothed[0] / soothed[2] > 4.0 * rest[0] / rest[2]


@pytest.mark.parametrize(("show", "kind"), [("light", "rgb"), ("body", "rgb"), ("light", "level"), ("health", "rgb")])
def test_lights_flicker_as_the_sound_does(show: str, kind: str) -> None:
    looks = Looks(laid(spot(show, kind)))
    flicker = 0.5 + 0.5 * np.sin(np.arange(40) * 1.7)
    state = "flickering" if show == "health" else "fractured"
    lit = [
        brightness(looks, now_s=0.5, flicker=value, light=0.7 * value, health=0.6, state=state)[0] for value in flicker
    ]
    order = np.argsort(flicker)
    assert (np.diff(np.array(lit)[order]) >= -1.0).all()
    assert max(lit) > 2.0 * min(lit)


def test_damage_is_sickly_above_all_where_the_light_dips() -> None:
    looks = Looks(laid(spot(sphere=7)))
    hues = []
    for flicker in (1.0, 0.3):
        red, green, blue = looks.wanted(shining(light=0.8, health=0.3, flicker=flicker), knobs())[0].astype(float)
        hues.append((red + green) / (2.0 * blue + 1.0))
    whole = looks.wanted(shining(light=0.8), knobs())[0].astype(float)
    assert hues[1] > hues[0] > (whole[0] + whole[1]) / (2.0 * whole[2] + 1.0)


def test_what_has_shattered_is_grey_and_then_dark() -> None:
    looks = Looks(laid(spot("light"), spot("body"), spot("health"), spot("cracks")))
    fresh = looks.wanted(shining(state="shattered", health=0.0, debris=1.0, light=0.5), knobs()).astype(int)
    assert np.ptp(fresh[0]) < 12 and fresh[0].min() > 30 and not fresh[2].any()
    assert not looks.wanted(shining(state="shattered", health=0.0, light=0.5, growth=3.0), knobs()).any()


def test_what_reforms_brightens_slowly_as_dust_gathers() -> None:
    looks = Looks(laid(spot()))
    heights = [
        max(brightness(looks, now_s=n / FPS, state="reforming", health=health)[0] for n in range(150))
        for health in (0.05, 0.3, 0.6)
    ]
    assert heights == sorted(heights) and heights[0] < 0.5 * heights[-1]


def test_cracks_crawl_where_they_are() -> None:
    column = [spot("body", height=row / 8, stretch=1 / 8, sphere=0) for row in range(8)]
    looks = Looks(laid(*column))
    cracked = np.zeros((8, 16), np.float32)
    cracked[0, 4:8] = 0.8
    sound = looks.wanted(shining(light=0.5, health=0.8), knobs()).astype(int)
    broken = looks.wanted(shining(light=0.5, health=0.8, cracked=cracked, growth=2.0), knobs()).astype(int)
    changed = np.flatnonzero((sound != broken).any(axis=1))
    assert changed.tolist() == [2, 3]
    assert (broken[changed, 1] > broken[changed, 2]).all() and (sound[changed, 1] < sound[changed, 2]).all()


def test_cracks_glow_as_the_light_fails_and_the_more_the_more_there_are() -> None:
    looks = Looks(laid(spot("body", height=0.5, stretch=1 / 8)))

    def glow(crack: float, flicker: float) -> float:
        return brightness(looks, cracked=crack, growth=1.0, flicker=flicker, health=0.5)[0]

    assert glow(0.8, 0.1) > glow(0.8, 1.0) > glow(0.2, 1.0)
    told = Looks(laid(spot("cracks")))
    levels = [brightness(told, growth=growth, flicker=0.5)[0] for growth in (0.0, 0.5, 2.0, 8.0)]
    assert levels[0] == 0.0 and levels == sorted(set(levels))


@pytest.mark.parametrize("kind", ["rgb", "palette", "duo", "switch", "ring", "level"])
def test_health_reads_without_a_colour(kind: str) -> None:
    courses = {state: course("health", kind, state) for state in STATES}
    for one, other in itertools.combinations(STATES, 2):
        a, b = courses[one] / 255.0, courses[other] / 255.0
        assert np.abs(a - b).mean() > 0.04, (one, other)


def test_patterns_differ_by_how_often_they_go_out() -> None:
    outs = {}
    for state in STATES:
        lit = course("health", "switch", state, 4.0) > 0.0
        outs[state] = int((lit[:-1] & ~lit[1:]).sum())
    assert outs["whole"] == outs["shattered"] == 0
    assert 1 <= outs["flickering"] <= 2 and 7 <= outs["fractured"] <= 9 and 16 <= outs["failing"] <= 20
    assert outs["reforming"] in (1, 2)
    assert set(PATTERNS) == set(STATES)


@pytest.mark.parametrize("show", ["light", "body", "health", "cracks"])
def test_a_switch_is_never_stuck(show: str) -> None:
    looks = Looks(laid(spot(show, "switch")))
    assert brightness(looks, state="shattered", health=0.0, growth=5.0)[0] == 0.0
    if show in ("light", "body"):
        assert brightness(looks)[0] == 0.0 and brightness(looks, light=0.9)[0] == 255.0


def test_red_and_green_tell_health() -> None:
    looks = Looks(laid(spot(kind="duo")))
    whole, ill, dying = (looks.wanted(shining(light=1.0, health=health), knobs())[0] for health in (1.0, 0.6, 0.1))
    assert (whole > 128).tolist() == [False, True, False]
    assert (ill > 128).tolist() == [True, True, False]
    assert (dying > 128).tolist() == [True, False, False]


def test_a_ring_is_as_long_as_what_it_shows() -> None:
    looks = Looks(laid(spot("value", "ring", None, place=0), spot("light", "ring", 6)))
    ring, light = looks.wanted(shining(light=1.0), knobs(1, aim=0.4))
    assert ring.tolist() == [102] * 3 and light.tolist() == [255] * 3


@pytest.mark.parametrize(("kind", "show"), [("ring", "value"), ("rgb", "value"), ("switch", "value"), ("rgb", "light")])
def test_a_knob_that_has_not_caught_up_is_seen(kind: str, show: str) -> None:
    looks = Looks(laid(spot(show, kind, 0, place=0)))

    def looked(now_s: float, **how: object) -> list[int]:
        return looks.wanted(shining(now_s=now_s), knobs(1, **how))[0].tolist()  # type: ignore[arg-type]

    caught = {looked(t, aim=0.7, hardware=0.2)[0] for t in (0.1, 0.3, 0.6, 0.8)}
    unknown = {looked(t, aim=0.7, hardware=-1.0, caught=False)[0] for t in (0.1, 0.3, 0.6, 0.8)}
    apart = [looked(t, aim=0.7, hardware=0.2, caught=False)[0] for t in (0.1, 0.3, 0.6, 0.8)]
    assert len(caught) == len(unknown) == 1
    assert apart[0] == apart[2] != apart[1] == apart[3]
    if kind == "ring":
        assert apart[:2] == [round(255 * 0.7), round(255 * 0.2)]


def test_deeds_show_how_far_they_are() -> None:
    looks = Looks(laid(spot("deed", sphere=None, deed="stakes"), spot("deed", sphere=None, deed="panic")))
    levels = [looks.wanted(shining(deeds={"stakes": level}), knobs())[0].max() for level in (0.0, 1 / 3, 2 / 3, 1.0)]
    assert levels == sorted(set(levels)) and levels[0] == 0
    stakes, panic = looks.wanted(shining(deeds={"stakes": 1.0, "panic": 1.0}), knobs())
    assert stakes[1] > 100 > panic[1] and panic[0] == 255


def test_a_light_of_no_sphere_is_dark() -> None:
    looks = Looks(
        laid(spot(sphere=70), spot(sphere=None), spot("dark"), spot("body", sphere=9), spot("health", sphere=8))
    )
    assert not looks.wanted(shining(light=1.0, cracked=1.0, growth=2.0), knobs()).any()
    assert len(looks.urgency(shining())) == 5


@pytest.mark.parametrize("kind", ["rgb", "switch", "ring", "duo"])
def test_numbers_that_are_none_are_dark(kind: str) -> None:
    looks = Looks(laid(spot("light", kind), spot("body", kind), spot("health", kind), spot("value", kind, place=0)))
    nothing = float("nan")
    shine = shining(light=nothing, flicker=nothing, health=nothing, cracked=nothing, growth=nothing, state="flickering")
    assert not looks.wanted(shine, knobs(1, aim=nothing)).any()


def test_cracks_come_first() -> None:
    looks = Looks(laid(*(spot(sphere=sphere) for sphere in range(7)), spot("deed", sphere=None, deed="tap")))
    state = np.array([0, 1, 2, 3, 4, 5, 0, 0])
    pressing = looks.urgency(shining(state=state))
    whole, flickering, fractured, failing, _, _, other, deed = pressing.tolist()
    assert failing > fractured > flickering > deed > whole == other
    growth = np.zeros(8, np.float32)
    growth[6] = 0.1
    assert looks.urgency(shining(state=state, growth=growth))[6] == 1.0
