"""Sets of spheres: what ships loads and is smooth, every bad one says where, and chance finds no way in."""

from __future__ import annotations

import math
import random
import string
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from weaver.model.configs import list_configs, shipped_folder
from weaver.model.errors import ConfigError
from weaver.model.spheres import Sphere, SphereSet, blend, load_set
from weaver.model.units import SILENCE_DB

ROOT_HZ = 65.40639
SHIPPED = sorted(path.stem for path in (shipped_folder() / "sets").glob("*.toml"))

GOOD = """
format = 1
title = "Test"
description = "A set with everything in it"
root_hz = 100.0
base_note = 40
keys_release_s = 0.5

[room]
t60_s = 3.0
size_m = 20.0
brightness = 0.5
wet_db = -12.0

[defaults]
material = "glass"
shape = 0.7
modes = 12
t60_scale = 0.9
hum_db = -40.0
level_db = -3.0

[[spheres]]
name = "One"
colour = "#FF0000"
ratio = "3/2"
size = 1.0
azimuth_deg = -30.0
distance_m = 1.5

[[spheres]]
name = "Two"
colour = "#00ff00"
f0_hz = 300.0
size = 0.5
azimuth_deg = 30.0
distance_m = 2.5
material = "bell"
modes = 20
t60_scale = 1.5
hum_db = "off"
level_db = 2.0

[[series]]
name = "Many"
count = 5
ratio = "4"
scale = ["9/8", "3/2", "2/1"]
colours = ["#000000", "#ff8000"]
size = [0.4, 0.2]
azimuth_deg = [-90.0, 90.0]
distance_m = [1.0, 3.0]
shape = 0.9
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "set.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_set_with_everything(tmp_path: Path) -> None:
    found = load_set(write(tmp_path, GOOD))
    assert (found.name, found.title, found.base_note, found.keys_release_s) == ("set", "Test", 40, 0.5)
    assert (found.room.t60_s, found.room.size_m, found.room.brightness, found.room.wet_db) == (
        3,
        20,
        0.5,
        -12,
    )
    one, two, *many = found.spheres
    assert (one.name, one.colour, one.f0_hz, one.size) == ("One", "#ff0000", 150.0, 1.0)
    assert (one.material.name, one.shape, one.modes, one.t60_scale) == ("glass", 0.7, 12, 0.9)
    assert (one.hum_db, one.level_db, one.azimuth_deg, one.distance_m) == (-40.0, -3.0, -30.0, 1.5)
    assert (two.material.name, two.shape, two.modes, two.hum_db) == ("bell", None, 20, SILENCE_DB)
    assert [sphere.name for sphere in many] == [f"Many {n}" for n in range(1, 6)]
    assert [sphere.f0_hz for sphere in many] == pytest.approx([400, 450, 600, 800, 900])
    assert [sphere.azimuth_deg for sphere in many] == [-90, -45, 0, 45, 90]
    assert [sphere.distance_m for sphere in many] == [1, 1.5, 2, 2.5, 3]
    assert [sphere.colour for sphere in many] == ["#000000", "#402000", "#804000", "#bf6000", "#ff8000"]
    assert all(sphere.shape == 0.9 and sphere.modes == 12 for sphere in many)


def test_what_a_set_need_not_say(tmp_path: Path) -> None:
    text = 'format = 1\ntitle = "Bare"\n[[spheres]]\nname = "Only"\ncolour = "#123456"\nf0_hz = 440\n'
    found = load_set(write(tmp_path, text))
    only = found.spheres[0]
    assert (only.material.name, only.hum_db, only.level_db, only.t60_scale) == ("glass", SILENCE_DB, 0.0, 1.0)
    assert only.shape == only.material.default_shape
    assert (found.base_note, found.description, found.room.wet_db) == (48, "", -14)


def test_colours_blend_through_every_stop() -> None:
    stops = ("#000000", "#ffffff", "#ff0000")
    assert [blend(stops, along) for along in (0.0, 0.25, 0.5, 0.75, 1.0)] == [
        "#000000",
        "#808080",
        "#ffffff",
        "#ff8080",
        "#ff0000",
    ]
    assert blend(("#2fb8ff",), 0.7) == "#2fb8ff"


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_set_loads(name: str) -> None:
    found = load_set(name)
    assert found.name == name
    assert found.description
    assert 1 <= len(found.spheres) <= 64
    assert found.base_note + len(found.spheres) <= 128
    for sphere in found.spheres:
        assert 1 <= len(sphere.spectrum()) <= sphere.modes
        assert math.isclose(min(abs(math.log(mode.ratio)) for mode in sphere.spectrum()), 0, abs_tol=0.005)


def partials_of(spheres: list[Sphere]) -> list[tuple[float, float]]:
    """(frequency, amplitude) of six harmonics 1/k of each, equal frequencies added as powers."""
    powers: dict[float, float] = {}
    for sphere in spheres:
        for k in range(1, 7):
            key = round(sphere.f0_hz * k, 2)
            powers[key] = powers.get(key, 0.0) + 1 / k**2
    return [(frequency, math.sqrt(power)) for frequency, power in sorted(powers.items())]


def hutchinson(partials: list[tuple[float, float]]) -> float:
    """Roughness after Hutchinson & Knopoff (1978)."""
    total = 0.0
    for (low, a), (high, b) in combinations(partials, 2):
        y = (high - low) / (1.72 * ((low + high) / 2) ** 0.65)
        total += a * b * (4 * y * math.exp(1 - 4 * y)) ** 2 if y < 1.2 else 0.0
    return total / sum(a * a for _, a in partials)


def test_the_auditorium_is_consonant_in_every_pair_and_as_a_whole() -> None:
    """On six harmonics each; an equal-tempered major third above middle C has 0.07, a semitone 0.5."""
    spheres = list(load_set("auditorium").spheres)
    for first, second in combinations(spheres, 2):
        assert hutchinson(partials_of([first, second])) < 0.085, (first.name, second.name)
    assert hutchinson(partials_of(spheres)) < 0.075


def test_the_auditorium_is_eight_overtones_of_one_low_c() -> None:
    found = load_set("auditorium")
    assert [sphere.f0_hz / ROOT_HZ for sphere in found.spheres] == pytest.approx([2, 3, 5, 6, 9, 12, 15, 20])
    assert 3 < math.log2(found.spheres[-1].f0_hz / found.spheres[0].f0_hz) < 3.5
    assert {sphere.material.name for sphere in found.spheres} == {"glass", "bell", "bowl", "sphere"}
    assert len({sphere.colour for sphere in found.spheres}) == 8
    assert all(larger.size > smaller.size for larger, smaller in pairwise(found.spheres))
    assert all(sphere.hum_db > -60 for sphere in found.spheres)
    azure = found.spheres[-1]
    assert (azure.name, azure.material.name, azure.colour) == ("Azure", "bell", "#2fb8ff")


def test_the_auditoriums_bells_and_glasses_fit_its_overtones() -> None:
    """Five partials of a bell and two of a glass are overtones, or lie halfway between two."""
    for sphere in load_set("auditorium").spheres:
        taken = {"bell": 10, "glass": 4}.get(sphere.material.name, 0)
        for mode in sphere.spectrum()[:taken]:
            overtone = 2 * mode.ratio * sphere.f0_hz / ROOT_HZ
            assert abs(1200 * math.log2(overtone / round(overtone))) < 5, (sphere.name, mode)


def test_the_other_sets_are_what_they_say() -> None:
    bowls, glasses, grand = load_set("bowls"), load_set("glasses"), load_set("grand")
    assert (len(bowls.spheres), len(glasses.spheres), len(grand.spheres)) == (7, 16, 64)
    assert all(sphere.hum_db == SILENCE_DB for sphere in glasses.spheres)
    notes = [69 + 12 * math.log2(sphere.f0_hz / 440) for sphere in glasses.spheres]
    assert notes == pytest.approx([glasses.base_note + n for n in range(16)], abs=1e-6)
    assert all(len(sphere.spectrum()) == 64 for sphere in grand.spheres)


@pytest.mark.parametrize(
    ("old", "new", "where", "expected", "found"),
    [
        (
            "azimuth_deg = 30.0",
            "azimuth_deg = 'left'",
            "spheres[1].azimuth_deg",
            "a number from -180 to 180",
            "'left'",
        ),
        ("size = 1.0", "size = 1.1", "spheres[0].size", "a number from 0 to 1", "1.1"),
        ("distance_m = 1.5", "distance_m = 0.1", "spheres[0].distance_m", "a number from 0.5 to 20", "0.1"),
        ("modes = 20", "modes = 65", "spheres[1].modes", "a whole number from 1 to 64", "65"),
        ("modes = 12", "modes = 1.5", "defaults.modes", "a whole number from 1 to 64", "1.5"),
        ("t60_scale = 1.5", "t60_scale = 0", "spheres[1].t60_scale", "a number from 0.05 to 10", "0"),
        ('hum_db = "off"', 'hum_db = "on"', "spheres[1].hum_db", 'a number from -90 to 0, or "off"', "'on'"),
        (
            'colour = "#00ff00"',
            'colour = "green"',
            "spheres[1].colour",
            'a colour such as "#2fb8ff"',
            "'green'",
        ),
        ("f0_hz = 300.0", "f0_hz = 15", "spheres[1].f0_hz", "a number from 16 to 8000", "15"),
        ("f0_hz = 300.0", "", "spheres[1]", "either f0_hz or ratio", "neither"),
        ("f0_hz = 300.0", 'f0_hz = 300\nratio = "2"', "spheres[1]", "either f0_hz or ratio", "both"),
        (
            'ratio = "3/2"',
            'ratio = "3:2"',
            "spheres[0].ratio",
            'a ratio of whole numbers such as "5/4", from 1/512 to 512',
            "'3:2'",
        ),
        (
            'ratio = "3/2"',
            'ratio = "0/1"',
            "spheres[0].ratio",
            'a ratio of whole numbers such as "5/4", from 1/512 to 512',
            "'0/1'",
        ),
        ('ratio = "3/2"', 'ratio = "90"', "spheres[0].ratio", "a pitch from 16 to 8000 Hz", "9000 Hz"),
        ("root_hz = 100.0", "", "root_hz", "a number from 16 to 8000, as spheres[0] has a ratio", "nothing"),
        (
            'name = "Two"',
            'name = "ONE"',
            "spheres[1].name",
            "a name no other sphere has",
            "'ONE', as in spheres[0]",
        ),
        (
            'name = "Two"',
            'name = "Many 3"',
            "series[0].name",
            "a name no other sphere has",
            "'Many 3', as in spheres[1]",
        ),
        ("base_note = 40", "base_note = 122", "base_note", "a whole number from 0 to 121", "122"),
        ("shape = 0.9", "shape = 2", "series[0].shape", "a number from 0 to 1.2", "2"),
        (
            "modes = 20",
            "shape = 0.5",
            "spheres[1].shape",
            "no shape, which the material bell does not have",
            "0.5",
        ),
        ("count = 5", "count = 1", "series[0].count", "a whole number from 2 to 64", "1"),
        ("count = 5", "count = 63", "series[0].scale", "a pitch from 16 to 8000 Hz", "9600 Hz"),
        ('"9/8", "3/2"', '"9/8", "x"', "series[0].scale[1]", "a ratio of whole numbers", "'x'"),
        ('scale = ["9/8", "3/2", "2/1"]', "", "series[0]", "either step_cents or scale", "neither"),
        (
            'scale = ["9/8", "3/2", "2/1"]',
            "step_cents = 2401",
            "series[0].step_cents",
            "a number from -2400",
            "2401",
        ),
        ("size = [0.4, 0.2]", "size = 0.4", "series[0].size", "an array of 2 numbers from 0 to 1", "0.4"),
        ("brightness = 0.5", "brightness = 2", "room.brightness", "a number from 0 to 1", "2"),
        (
            "wet_db = -12.0",
            "wet = 1",
            "room.wet",
            "wet_db perhaps, or one of the keys brightness",
            "an unknown key",
        ),
        (
            "title =",
            "subtitle = 1\ntitle =",
            "subtitle",
            "title perhaps, or one of the keys",
            "an unknown key",
        ),
        ("keys_release_s = 0.5", "keys_release_s = 0", "keys_release_s", "a number from 0.02 to 20", "0"),
    ],
)
def test_bad_sets(tmp_path: Path, old: str, new: str, where: str, expected: str, found: str) -> None:
    assert old in GOOD
    path = write(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(ConfigError) as caught:
        load_set(path)
    assert caught.value.where == f"{path}: {where}"
    assert caught.value.expected.startswith(expected)
    assert caught.value.found == found


def test_a_material_there_is_not(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD.replace('material = "bell"', 'material = "brass"'))
    with pytest.raises(ConfigError) as caught:
        load_set(path)
    assert caught.value.where == f"{path}: spheres[1].material"
    assert caught.value.expected == "a file, or one of the materials " + ", ".join(list_configs("materials"))
    assert caught.value.found == "'brass'"


def test_a_material_beside_the_set(tmp_path: Path) -> None:
    bell = (shipped_folder() / "materials" / "bell.toml").read_text(encoding="utf-8")
    (tmp_path / "mine.toml").write_text(bell.replace("ratio = 0.5", "ratio = 0.55"), encoding="utf-8")
    path = write(tmp_path, GOOD.replace('material = "bell"', 'material = "mine.toml"'))
    assert load_set(path).spheres[1].material.partials[0].ratio == 0.55
    (tmp_path / "mine.toml").write_text("format = 1\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_set(path)
    assert caught.value.where == f"{tmp_path / 'mine.toml'}: title"


def test_no_spheres_and_too_many(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_set(write(tmp_path, 'format = 1\ntitle = "None"\n'))
    assert (caught.value.expected, caught.value.found) == (
        "1 to 64 spheres, as [[spheres]] or [[series]]",
        "none",
    )
    many = GOOD.replace('scale = ["9/8", "3/2", "2/1"]', "step_cents = 10").replace("count = 5", "count = 63")
    with pytest.raises(ConfigError) as caught:
        load_set(write(tmp_path, many))
    assert caught.value.where.endswith("set.toml: series[0]")
    assert (caught.value.expected, caught.value.found) == ("at most 64 spheres in a set", "65 up to here")
    assert len(load_set(write(tmp_path, many.replace("count = 63", "count = 62"))).spheres) == 64


def mutate(text: str, chance: random.Random) -> bytes:
    """One to four random injuries of a text: values swapped, lines lost, doubled or mixed, bytes changed."""
    values = ["nan", "-inf", "1e999", "''", "[]", "{}", "true", "-1", "0", "9" * 25, "0x" + "f" * 40, "'9/8'"]
    values += ["['2/1']", "['512']", "[[1]]", "1979-05-27", "64", "'bell'", "'/'", "'..'", "'a\\u0000b.toml'"]
    lines = text.split("\n")
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(lines))
        kind = chance.randrange(7)
        if kind <= 2 and "=" in lines[at]:
            lines[at] = lines[at].split("=")[0] + "= " + chance.choice(values)
        elif kind == 3:
            del lines[at]
        elif kind == 4:
            lines.insert(at, lines[chance.randrange(len(lines))])
        elif kind == 5:
            cut = chance.randrange(len(lines[at]) + 1)
            lines[at] = lines[at][:cut] + chance.choice(string.printable) + lines[at][cut + 1 :]
        else:
            lines[at] = lines[at][: chance.randrange(len(lines[at]) + 1)]
        lines = lines or [""]
    data = bytearray("\n".join(lines).encode())
    if chance.random() < 0.2 and data:
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def test_random_injuries_only_ever_raise_config_errors(tmp_path: Path) -> None:
    chance = random.Random("spheres")
    path, refused = tmp_path / "set.toml", 0
    for _ in range(800):
        path.write_bytes(mutate(GOOD, chance))
        try:
            found = load_set(path)
        except ConfigError as error:
            assert str(error).isprintable()
            refused += 1
        else:
            assert_sound(found)
    assert 400 < refused < 800


def assert_sound(found: SphereSet) -> None:
    """What got through holds only what an instrument can play."""
    assert 1 <= len(found.spheres) <= 64
    for sphere in found.spheres:
        assert 16 <= sphere.f0_hz <= 8000
        assert all(map(math.isfinite, (sphere.size, sphere.azimuth_deg, sphere.distance_m, sphere.level_db)))
        for mode in sphere.spectrum():
            assert all(map(math.isfinite, (mode.ratio, mode.t60_s, mode.gain)))
