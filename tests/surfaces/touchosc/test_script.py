"""The layout's script, in a real Lua."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.tosc_script import ScriptedTablet

from weaver.model.osc_addresses import Space
from weaver.model.osc_space import CRACKS
from weaver.model.spheres import load_set
from weaver.surfaces.palette import GREY, MOODS, SICKLY, channels, glow
from weaver.surfaces.touchosc.layout import layout
from weaver.surfaces.touchosc.sizes import size_of
from weaver.surfaces.touchosc.sphere import SEGMENT_RAD, SEGMENTS

SET = load_set("auditorium")


@pytest.fixture(scope="module")
def made() -> ScriptedTablet:
    return ScriptedTablet(layout(SET, size_of("phone", "landscape")))


@pytest.fixture
def tablet() -> ScriptedTablet:
    return ScriptedTablet(layout(replace(SET, spheres=SET.spheres[:2]), size_of("phone", "landscape")))


def parts(colour: str) -> tuple[float, ...]:
    return tuple(part / 255 for part in channels(colour))


@pytest.mark.parametrize("light", [0.0, 0.3, 0.62, 1.0])
def test_the_body_shines_as_on_every_surface(tablet: ScriptedTablet, light: float) -> None:
    assert tablet.receive("/sphere/1/light", light)
    expected = parts(glow(SET.spheres[0].colour, light))
    assert tablet.colour("/sphere/1/light", "light") == pytest.approx((*expected, 1.0), abs=0.01)


def test_a_new_colour_is_the_body_s_the_ring_s_and_the_name_s(tablet: ScriptedTablet) -> None:
    tablet.receive("/sphere/2/light", 0.25)
    assert tablet.receive("/sphere/2/colour", 1.0, 0.5, 0.0)
    address = "/sphere/2/colour"
    assert [control["color"]["g"] for control in tablet.controls(address, "hue")] == [0.5, 0.5]
    assert tablet.colour(address, "hue")[3] < 0.5  # the halo is as faint as it was
    assert tablet.colour(address, "ink", "textColor") == (1.0, 0.5, 0.0, 1.0)
    assert tablet.colour("/sphere/2/light", "light")[:3] == pytest.approx(parts(glow("#ff8000", 0.25)), abs=0.01)


def test_small_differences_of_light_repaint_nothing(tablet: ScriptedTablet) -> None:
    tablet.receive("/sphere/1/light", 0.5)
    body = tablet.controls("/sphere/1/light", "light")[0]
    body["color"]["mark"] = True
    tablet.receive("/sphere/1/light", 0.505)
    tablet.receive("/sphere/1/light", 0.51)
    assert body["color"]["mark"]
    tablet.receive("/sphere/1/light", 0.517)
    assert body["color"]["mark"] is None


@pytest.mark.parametrize(
    ("length_rad", "pieces"),
    [(0.0, 0), (0.01, 1), (SEGMENT_RAD * 2.5, 3), (99.0, SEGMENTS), (SEGMENT_RAD, 1), (-1.0, 0)],
)
def test_a_crack_grows_and_closes_piece_by_piece(tablet: ScriptedTablet, length_rad: float, pieces: int) -> None:
    address = f"/sphere/2/crack/{CRACKS}"
    tablet.receive(address, 1.0)
    assert tablet.receive(address, length_rad)
    shown = [child["visible"] for child in tablet.controls(address, "crack")[0]["children"].values()]
    assert shown == [True] * pieces + [False] * (SEGMENTS - pieces)


def test_a_state_is_said_and_a_shattered_one_is_dark(tablet: ScriptedTablet) -> None:
    tablet.receive("/sphere/1/light", 0.5)
    tablet.receive("/sphere/1/state", "failing")
    assert tablet.text("/sphere/1/state", "state") == "failing"
    assert tablet.colour("/sphere/1/state", "state", "textColor")[:3] == pytest.approx(parts(SICKLY), abs=0.001)
    tablet.receive("/sphere/1/state", "shattered")
    assert tablet.colour("/sphere/1/light", "light") == pytest.approx((*parts(GREY), 0.25), abs=0.001)
    tablet.receive("/sphere/1/state", "whole")
    assert tablet.colour("/sphere/1/light", "light")[3] == 1.0


def test_cracks_are_counted_where_there_are_any(tablet: ScriptedTablet) -> None:
    tablet.receive("/sphere/1/fracture", 3)
    assert tablet.text("/sphere/1/fracture", "count") == "3 ×"
    tablet.receive("/sphere/1/fracture", 0)
    assert tablet.text("/sphere/1/fracture", "count") == ""


def test_hands_show_and_what_is_played_flashes_and_fades(tablet: ScriptedTablet) -> None:
    tablet.receive("/sphere/1/soothed", 0.5)
    assert tablet.colour("/sphere/1/soothed", "hand")[3] == 0.5
    tablet.receive("/sphere/1/soothed", 0.01)
    tablet.receive("/sphere/1/soothed", 0.0)
    assert tablet.colour("/sphere/1/soothed", "hand")[3] == 0.0
    tablet.run(64)
    tablet.receive("/sphere/1/played", 1.0)
    tablet.run(32)
    lit = tablet.colour("/sphere/1/played", "flash")[3]
    tablet.run(160)
    assert 0.0 < tablet.colour("/sphere/1/played", "flash")[3] < lit
    tablet.run(1000)
    assert tablet.colour("/sphere/1/played", "flash")[3] == 0.0


def test_numbers_are_told_in_their_unit(tablet: ScriptedTablet) -> None:
    assert tablet.receive("/set/level_db", -6.25)
    assert tablet.text("/set/level_db", "text") in ("-6.2 dB", "-6.3 dB")
    assert tablet.receive("/sphere/1/tone", 130.8128)
    assert tablet.text("/sphere/1/tone", "text") == "130.8 Hz"
    assert tablet.receive("/show/elapsed", 125.7)
    assert tablet.text("/show/elapsed", "clock") == "2:05"


def test_what_a_message_is_bound_to_as_well_goes_on_to_it(tablet: ScriptedTablet) -> None:
    assert not tablet.receive("/heart/bpm", 71.6)
    assert tablet.text("/heart/bpm", "+text") == "72 bpm"
    assert not tablet.receive("/sphere/1/health", 0.5)
    assert not tablet.receive("/no/such/address")


def test_the_mood_is_painted_and_weighed(tablet: ScriptedTablet) -> None:
    tablet.receive("/mood/colour", 0.25, 0.5, 0.75)
    assert tablet.colour("/mood/colour", "paint") == (0.25, 0.5, 0.75, 1.0)
    tablet.receive("/mood/weights", 0.1, 0.2, 0.3, 0.4, 2.0)
    bars = tablet.controls("/mood/weights", "bars")[0]["children"]
    assert [bar["values"]["x"] for bar in bars.values()] == [0.1, 0.2, 0.3, 0.4, 1.0]


def test_the_chosen_stake_is_bright(tablet: ScriptedTablet) -> None:
    tablet.receive("/stakes", 2)
    assert [control["color"]["a"] for control in tablet.controls("/stakes", "choice")] == [0.3, 0.3, 1.0, 0.3]


def test_it_pings_twice_a_second_and_tells_the_way_there_and_back(tablet: ScriptedTablet) -> None:
    assert tablet.sent == [("/sync", 1)]
    tablet.sent.clear()
    tablet.run(10_000)
    pings = [value for address, value in tablet.sent if address == "/ping"]
    assert pings == list(range(1, len(pings) + 1)) and 18 <= len(pings) <= 20
    tablet.sent.clear()
    while not tablet.sent:
        tablet.run(16)
    tablet.run(48)
    assert tablet.receive("/pong", tablet.sent[0][1])
    assert tablet.text("/pong", "pong") == "48 ms there and back"
    tablet.receive("/pong", 1.0)  # long ago
    assert tablet.text("/pong", "pong") == "48 ms there and back"
    tablet.receive("/pong")
    assert tablet.text("/pong", "pong") == "it is there"


def test_what_is_let_go_of_is_said_again_twice(tablet: ScriptedTablet) -> None:
    tablet.notify("let go", "/sphere/1/damp")
    tablet.notify("held", "/sphere/2/damp")
    assert said_again(tablet, 96) == []
    assert said_again(tablet, 16) == [("/sphere/1/damp", 0)]
    assert said_again(tablet, 176) == []
    assert said_again(tablet, 16) == [("/sphere/1/damp", 0)]
    assert said_again(tablet, 1000) == []


def test_what_is_held_again_is_not_let_go_of(tablet: ScriptedTablet) -> None:
    tablet.notify("let go", "/sphere/1/damp")
    tablet.notify("let go", "/sphere/1/finger/2/z")
    said_again(tablet, 112)
    tablet.notify("held", "/sphere/1/damp")
    assert said_again(tablet, 1000) == [("/sphere/1/finger/2/z", 0)]


def said_again(tablet: ScriptedTablet, milliseconds: int) -> list[tuple[str, object]]:
    """What is said in that time, beside pings."""
    tablet.sent.clear()
    tablet.run(milliseconds)
    return [(address, value) for address, value in tablet.sent if address != "/ping"]


def test_a_silent_instrument_is_veiled_and_asked_for_all_when_it_is_back(tablet: ScriptedTablet) -> None:
    def veils() -> set[bool]:
        return {control["visible"] for control in tablet.controls("veil", "silent")}

    assert veils() == {False}
    tablet.run(1500)
    assert veils() == {True} and tablet.text("word", "word") == "no answer"
    tablet.sent.clear()
    for count in range(10):
        tablet.receive("/alive", count)
        tablet.run(208)
    assert veils() == {False} and tablet.sent.count(("/sync", 1)) == 1
    assert tablet.colour("/alive", "alive")[:3] == pytest.approx(parts(MOODS[-1]), abs=0.001)
    tablet.run(1500)
    assert veils() == {True}
    assert tablet.colour("/alive", "alive")[:3] == pytest.approx(parts(GREY), abs=0.001)


def test_it_bears_all_that_is_ever_told(made: ScriptedTablet) -> None:
    """Every address with values of its type, and with numbers as floats, as some hosts have them."""
    for address, row in Space([sphere.name for sphere in SET.spheres]).nodes():
        if row.is_shown:
            values = [(value.words or ("?",))[0] if value.tag == "s" else (value.high or 1.0) for value in row.values]
            made.receive(address, *values)
    made.run(100)


def test_what_it_says_may_be_said(tablet: ScriptedTablet) -> None:
    tablet.run(600)
    tablet.receive("/alive", 1)
    space = Space(["one"])
    assert {address for address, _ in tablet.sent} == {"/ping", "/sync"}
    assert all(space.resolve(address) is not None for address, _ in tablet.sent)
