"""What the instrument shows by OSC, from engines that sound: every address, within its row, and what it says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.harming import law, living, timeless, wound
from support.playing import engine, seconds, sphere, spheres
from support.staging import show_of

from weaver.dsp.sizes import CRACKS as NATIVE_CRACKS
from weaver.engine.controls import TO_PARAMETER
from weaver.engine.engine import Engine
from weaver.life.transport import LINK
from weaver.model.osc_addresses import Space
from weaver.model.osc_space import CRACKS, ROWS, STANDING, Row
from weaver.model.parameters import INDEX
from weaver.model.spheres import load_set
from weaver.osc.fact import Arguments
from weaver.osc.telling import Telling
from weaver.tablets.shown import EXACT_EVERY, Shown

BY_THE_WIRING = {"/alive", "/peers", "/pong"}
"""Addresses whose truth is not the sound's."""
WHEN_IT_HAPPENS = {"/sphere/{sphere}/played", "/weave/{sphere}/{other}"}


class Screen:
    """What has been put, and how often."""

    def __init__(self, instrument: Engine, **how: object) -> None:
        self.engine = instrument
        self.spaces: list[Space] = []
        self.shown = Shown(instrument, self.spaces.append, **how)  # type: ignore[arg-type]
        self.now: dict[str, Arguments] = {}
        self.put_since: list[str] = []

    def put(self, address: str, arguments: Arguments) -> None:
        self.now[address] = arguments
        self.put_since.append(address)

    def look(self, duration_s: float = 0.05, is_full: bool = True) -> dict[str, Arguments]:
        """Let the engine sound for a while, and look; what was put in this look."""
        seconds(self.engine, duration_s)
        self.put_since.clear()
        self.shown.look(self.put, is_full)
        return {address: self.now[address] for address in self.put_since}

    def row_of(self, address: str) -> Row:
        return dict(self.spaces[-1].nodes())[address]


def pair() -> tuple:
    return sphere(name="One"), sphere(name="Two", f0_hz=660.0, colour="#ff8000")


def check(row: Row, arguments: Arguments) -> None:
    assert len(arguments) == len(row.values), row.pattern
    for value, argument in zip(row.values, arguments, strict=True):
        assert type(argument) is {"f": float, "i": int, "s": str}[value.tag], row.pattern
        if isinstance(argument, str):
            assert not value.words or argument in value.words, row.pattern
        else:
            assert value.low is None or argument >= value.low, row.pattern
            assert value.high is None or argument <= value.high, row.pattern


def test_every_address_is_shown_as_its_row_has_it():
    instrument = living(*pair(), by=timeless())
    screen = Screen(instrument)
    screen.look()
    instrument.gesture("strike", 0, velocity=1.0)
    instrument.gesture("bind", 0, other=1, strength=0.5)
    wound(instrument, 0.9)
    screen.look()
    shown = [(address, row) for address, row in screen.spaces[-1].nodes() if row.is_shown]
    for address, row in shown:
        if row.pattern in BY_THE_WIRING:
            assert address not in screen.now
        elif row.pattern not in WHEN_IT_HAPPENS:
            check(row, screen.now[address])
    assert {row.pattern for row in ROWS if row.is_shown} - BY_THE_WIRING == {
        screen.row_of(address).pattern for address in screen.now
    }
    assert CRACKS == NATIVE_CRACKS


def test_a_set_says_who_its_spheres_are():
    screen = Screen(engine(*pair()))
    screen.look()
    assert screen.now["/stage"] == (screen.engine.spheres.name,)
    assert screen.now["/spheres"] == (2,)
    assert screen.now["/sphere/2/name"] == ("Two",)
    assert screen.now["/sphere/2/colour"] == pytest.approx((1.0, 0.5, 0.0), abs=0.01)
    assert screen.now["/sphere/2/tone"] == pytest.approx((660.0,))


def test_nothing_is_put_that_has_not_moved():
    screen = Screen(engine(*pair()))
    for _ in range(EXACT_EVERY + 1):
        screen.look(0.01)
    assert not [address for address in screen.look(0.01) if address.startswith(("/sphere", "/weave", "/set", "/turn"))]


def test_what_moves_by_less_than_a_step_is_put_within_a_second():
    screen = Screen(engine(*pair()))
    screen.look(0.01)
    screen.engine.gesture("damp", 1, amount=0.002)
    put = [address for _ in range(EXACT_EVERY) for address in screen.look(0.01)]
    assert put.count("/sphere/2/damp") == 1
    assert screen.now["/sphere/2/damp"] == pytest.approx((0.002,))
    assert "/sphere/1/damp" not in put


def test_what_is_played_is_an_edge_that_says_how_hard():
    screen = Screen(engine(*pair()))
    assert "/sphere/1/played" not in screen.look()
    for velocity in (0.75, 0.75, 0.25):
        screen.engine.gesture("strike", 0, velocity=velocity)
        put = screen.look(is_full=False)
        assert put["/sphere/1/played"] == pytest.approx((velocity,))
        assert "/sphere/2/played" not in put
        assert "/sphere/1/light" not in put
        assert "/sphere/1/played" not in screen.look()
    assert screen.now["/sphere/1/light"][0] > 0.05
    assert screen.now["/meter/left"][0] > -60.0


@pytest.mark.parametrize(
    ("gesture", "arguments"),
    [
        ("rub", {"pressure": 0.5, "speed": 0.25, "position": 0.3}),
        ("damp", {"amount": 0.75}),
        ("bend", {"cents": -150.0}),
        ("tilt", {"brightness": 6.0}),
        ("lift", {"level": -12.0}),
        ("place", {"azimuth": -90.0, "distance": 4.0}),
        ("soothe", {"care": 0.5}),
    ],
)
def test_what_stands_is_shown_as_it_was_left_at_once(gesture, arguments):
    screen = Screen(engine(*pair()))
    before = screen.look()
    screen.engine.gesture(gesture, 1, **arguments)
    put = screen.look(0.002)
    assert put[f"/sphere/2/{gesture}"] == pytest.approx(tuple(arguments.values()), abs=0.002)
    assert screen.now[f"/sphere/1/{gesture}"] == before[f"/sphere/1/{gesture}"]


def test_all_that_stands_is_tried_here():
    assert {
        mark.args[1][index][0]
        for mark in test_what_stands_is_shown_as_it_was_left_at_once.pytestmark
        for index in range(len(mark.args[1]))
    } == set(STANDING)


def test_a_finger_lies_where_it_was_laid():
    for material in ("glass", "bell", "bowl", "sphere"):
        screen = Screen(engine(sphere(material)))
        assert screen.look()["/sphere/1/rub"][2] == pytest.approx(0.8)
        for position in (0.0, 0.45, 0.95):
            screen.engine.gesture("rub", 0, pressure=0.4, speed=0.5, position=position)
            screen.look()
            assert screen.now["/sphere/1/rub"] == pytest.approx((0.4, 0.5, position), abs=0.01), material


def test_cracks_show_as_edges_and_with_their_lengths():
    screen = Screen(living(*pair(), by=timeless()))
    screen.look()
    assert screen.now["/sphere/1/fracture"] == (0,)
    wound(screen.engine, 0.6)
    edges = screen.look(is_full=False)
    lengths = [float(length) for length in screen.engine.state.crack.length[0]]
    count = sum(length > 0.0 for length in lengths)
    assert count > 0
    assert edges["/sphere/1/fracture"] == (count,)
    assert edges["/sphere/1/state"] == ("fractured",)
    assert "/sphere/2/state" not in edges
    assert "/sphere/1/crack/1" not in edges
    screen.look()
    assert [screen.now[f"/sphere/1/crack/{k + 1}"][0] for k in range(CRACKS)] == pytest.approx(lengths, abs=0.02)
    assert screen.now["/sphere/1/health"] == pytest.approx((0.4,), abs=0.02)


def test_a_sphere_shatters_and_comes_back():
    screen = Screen(living(*pair(), by=law(reforming_after_s=0.2, reforming_takes_s=0.5, reforming_left=0.0)))
    screen.look()
    wound(screen.engine, 1.0)
    states = []
    for _ in range(60):
        put = screen.look(is_full=False)
        if "/sphere/1/state" in put:
            states.append(put["/sphere/1/state"][0])
    assert states[0] == "shattered"
    assert "reforming" in states
    assert states[-1] == "whole"
    screen.look()
    assert screen.now["/sphere/1/health"][0] > 0.95
    assert screen.now["/sphere/1/crack/1"] == (0.0,)


def test_a_pair_is_shown_from_when_it_is_tied():
    screen = Screen(engine(*pair(), sphere(name="Three")))
    assert not [address for address in screen.look() if address.startswith("/weave")]
    screen.engine.gesture("bind", 2, other=0, strength=0.75)
    assert screen.look()["/weave/1/3"] == (0.75,)
    screen.engine.gesture("bind", 0, other=2, strength=0.0)
    assert screen.look()["/weave/1/3"] == (0.0,)
    assert not [address for address in screen.look() if address.startswith("/weave")]


def test_a_parameter_that_a_knob_of_midi_turns_is_shown():
    instrument = engine(*pair())
    table = instrument.state.midi_map
    table.cc_kind[20], table.cc_parameter[20] = TO_PARAMETER, INDEX["room_t60_s"]
    table.cc_low[20], table.cc_high[20], table.cc_exponential[20] = 0.2, 20.0, 1
    screen = Screen(instrument)
    assert screen.look()["/set/room_t60_s"] == pytest.approx((2.0,))
    instrument.midi((0xB0, 20, 32))
    put = screen.look()
    assert put["/turn/room_t60_s"] == pytest.approx((0.25,), abs=1e-5)
    assert put["/set/room_t60_s"] == pytest.approx((0.2 * 100**0.25,), rel=1e-5)
    instrument.midi((0xB0, 20, 127))
    assert screen.look()["/turn/room_t60_s"] == pytest.approx((1.0,))
    instrument.set_parameter("stakes", 3)
    assert screen.look()["/stakes"] == (3,)
    assert screen.now["/turn/stakes"] == (1.0,)


def test_a_key_that_is_held_shows():
    screen = Screen(engine(*pair()))
    assert screen.look()["/sphere/1/held"] == (0,)
    screen.engine.state.midi_map.note_sphere[60] = 0
    screen.engine.midi((0x90, 60, 100))
    assert screen.look()["/sphere/1/held"] == (1,)
    screen.engine.midi((0x80, 60, 0))
    assert screen.look()["/sphere/1/held"] == (0,)


def test_the_songs_time_is_told():
    screen = Screen(engine(*pair()))
    screen.look()
    time = {name: screen.now[f"/time/{name}"] for name in ("source", "rolling", "tempo", "beat")}
    assert time == {"source": ("own",), "rolling": (0,), "tempo": (120.0,), "beat": (0,)}
    screen.engine.gesture("roll", beat=8)
    screen.engine.set_parameter("tempo_bpm", 90.0)
    told = screen.look(0.1)
    assert told["/time/rolling"] == (1,) and told["/time/tempo"] == (90.0,) and told["/time/beat"] == (8,)
    assert screen.look(0.7, is_full=False)["/time/beat"] == (9,)
    screen.engine.gesture("halt")
    assert screen.look(is_full=False)["/time/rolling"] == (0,)
    screen.engine.give_time(LINK, 133.0, 17.5, True)
    told = screen.look()
    assert told["/time/source"] == ("link",) and told["/time/beat"] == (17,) and told["/time/tempo"] == (133.0,)


def test_the_heart_beats():
    screen = Screen(engine(*pair()))
    screen.engine.set_parameter("heart_bpm", 120)
    screen.look(3.0)
    assert screen.now["/heart/bpm"] == pytest.approx((120.0,), abs=0.5)
    before = screen.now["/heart/beat"][0]
    assert screen.look(2.0, is_full=False)["/heart/beat"] == (before + 4,)


def test_a_show_is_shown():
    show = show_of()
    instrument = Engine(show.spheres, engine().state.midi_map, 48_000.0)
    screen = Screen(instrument, show=lambda: show)
    screen.look()
    assert screen.now["/show/phase"] == ("none",)
    assert screen.now["/show/title"] == ("",)
    instrument.begin_show(show)
    assert screen.look(0.5, is_full=False)["/show/phase"] == ("prelude",)
    screen.look(0.25)
    assert screen.now["/show/title"] == (show.title,)
    assert screen.now["/show/chronometer"] == pytest.approx((show.prelude_s - 0.75,), abs=0.02)
    assert screen.now["/show/clock"][0].startswith("0:01.2")


def test_the_mood_has_the_colour_that_is_strongest():
    screen = Screen(engine(*pair()))
    screen.look()
    screen.engine.state.mood.colours[:] = 0.0, 1.0, 0.0, 0.0, 0.0
    screen.look(0.002)
    assert screen.now["/mood/name"] == ("crimson",)
    red, green, blue = screen.now["/mood/colour"]
    assert red > 2 * max(green, blue)
    assert sum(screen.now["/mood/weights"]) == pytest.approx(1.0, abs=1e-3)


def test_another_set_shows_other_spheres():
    screen = Screen(engine(*pair()))
    screen.engine.gesture("bind", 0, other=1, strength=0.5)
    screen.look()
    other = replace(spheres(sphere(name="Alone", f0_hz=220.0)), name="other")
    assert screen.engine.change_set(other)
    seconds(screen.engine, 0.2)
    screen.engine.notices()
    put = screen.look(is_full=False)
    assert len(screen.spaces) == 2
    assert put["/stage"] == ("other",)
    assert put["/spheres"] == (1,)
    assert put["/sphere/1/name"] == ("Alone",)
    assert put["/sphere/1/tone"] == pytest.approx((220.0,))
    assert not [address for address in put if address.startswith("/sphere/2") or address.startswith("/weave")]


def test_all_that_is_put_can_be_told():
    instrument = Engine(load_set("auditorium"), engine().state.midi_map, 48_000.0)
    telling = Telling(lambda peer, packet: True)
    shown = Shown(instrument, lambda space: telling.renew(space.nodes()))
    instrument.gesture("strike", None)
    for _ in range(EXACT_EVERY + 2):
        seconds(instrument, 0.01)
        shown.look(telling.put, True)
    assert not +telling.lost
    assert telling.value("/sphere/8/name") == (instrument.spheres.spheres[7].name,)
