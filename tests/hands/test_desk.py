"""Controllers at the desk: twins at the end of cables in memory, an engine without a host, a clock of our own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from support.cables import Cables, Clock
from support.twins import ApcMiniMk2, LaunchpadX, Mackie, NanoKontrol2, Twin

from weaver.engine.engine import Engine
from weaver.hands.desk import MOST_HEARD, Desk
from weaver.hands.recognise import Recogniser
from weaver.hands.seat import Said, Shown
from weaver.listening import layer
from weaver.mapping.hand import compile_hand
from weaver.mapping.profile import Profile
from weaver.mapping.profile_file import load_profile
from weaver.model.spheres import load_set
from weaver.surfaces.picture import HandView
from weaver.wishes import midi_tables

APPEARS_S = 3.0
BLOCK = 480


class Room:
    """A desk and all around it; `run` lets time go by for all of them."""

    def __init__(self, *profiles: Profile, spheres: str = "auditorium") -> None:
        self.clock = Clock()
        self.engine = Engine(load_set(spheres), midi_tables("pads"), 48_000.0)
        self.cables = Cables(self.engine, self.clock)
        known = profiles or tuple(map(load_profile, ("apc-mini-mk2", "launchpad-x", "nanokontrol2")))
        self.desk = Desk(self.engine, self.cables, Recogniser(known), layer(), compile_hand, clock=self.clock)

    def run(self, seconds: float) -> None:
        until_s = self.clock.now_s + seconds
        block_s = self.clock.now_s
        while self.clock.now_s < until_s:
            self.desk.turn()
            self.clock.now_s += 0.002
            while block_s < self.clock.now_s:
                self.engine.render(BLOCK)
                block_s += BLOCK / 48_000.0
            self.engine.notices()

    def until(self, what: Callable[[], object], seconds: float = APPEARS_S) -> bool:
        """Whether it comes about in time."""
        until_s = self.clock.now_s + seconds
        while not what() and self.clock.now_s < until_s:
            self.run(0.02)
        return bool(what())

    def plug(self, twin: Twin) -> str:
        """A twin that is taken, entered and painted."""
        name = self.cables.plug(twin)
        assert self.until(lambda: self.state(name) == "ready" and twin.lights)
        self.run(0.5)
        return name

    def state(self, name: str) -> str:
        return next((view.state for view in self.desk.views() if view.name == name), "")

    def view(self, name: str) -> HandView:
        return next(view for view in self.desk.views() if view.name == name)

    def energy(self, sphere: int) -> float:
        return float(self.engine.state.sphere.energy[sphere])


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room()
    yield made
    assert made.desk.last_error == ""


def test_two_controllers_appear_are_entered_painted_and_play(room: Room) -> None:
    apc, launchpad = ApcMiniMk2(mode_number=1), LaunchpadX()
    room.plug(apc)
    name = room.plug(launchpad)
    assert apc.mode == "session" and launchpad.mode == "programmer"
    assert not apc.refused and not launchpad.refused
    assert launchpad.light(0, 0) != (0, 0, 0) and apc.light(0, 0) != (0, 0, 0)
    room.cables.says(name, launchpad.press(5, 0, 110))
    room.run(0.1)
    assert room.energy(5) > 100 * room.energy(2)
    assert [view.slot for view in room.desk.views()] == [1, 2]
    assert room.view(name).title == "Novation Launchpad X" and room.view(name).evidence == "high"


def test_a_press_changes_a_light_in_less_than_50_ms(room: Room) -> None:
    launchpad = LaunchpadX()
    name = room.plug(launchpad)
    before = dict(launchpad.lights)
    room.cables.says(name, launchpad.press(3, 0, 120))
    began_s = room.clock.now_s
    assert room.until(lambda: sum(launchpad.light(3, 5)) > 1.5 * sum(before[3, 5]), 1.0)
    assert room.clock.now_s - began_s < 0.05


def test_one_that_is_pulled_out_lets_go_and_comes_back_to_its_seat(room: Room) -> None:
    apc, launchpad = ApcMiniMk2(), LaunchpadX()
    room.plug(apc)
    name = room.plug(launchpad)
    slot = room.view(name).slot
    room.cables.says(name, launchpad.press(2, 4, 100))  # a hand that soothes
    room.run(0.1)
    assert room.engine.state.touch.soothe_target[2] > 0.0
    room.cables.pull(name)
    assert room.until(lambda: room.state(name) == "gone", 0.5)
    assert room.engine.state.touch.soothe_target[2] == 0.0
    assert launchpad.mode == "live" and not launchpad.lights
    told = len(apc.log)
    room.run(0.5)
    assert len(apc.log) > told, "the other one shines on"
    room.plug(launchpad)
    assert room.view(name).slot == slot and launchpad.mode == "programmer"
    room.cables.says(name, launchpad.press(6, 0, 110))
    room.run(0.1)
    assert room.energy(6) > 100 * room.energy(1)


def test_one_that_leaves_its_mode_or_reboots_is_brought_back(room: Room) -> None:
    apc, launchpad = ApcMiniMk2(), LaunchpadX()
    apc_name, name = room.plug(apc), room.plug(launchpad)
    room.run(1.0)
    room.cables.says(apc_name, apc.drift(1))
    room.run(0.05)
    assert room.until(lambda: apc.mode == "session" and "Notes" in room.view(apc_name).note)
    room.cables.says(apc_name, [apc.identity])  # type: ignore[list-item]
    launchpad.reboot()
    room.cables.says(name, [b"\x90\x1d\x7f"])  # a note that none of its pads has in programmer mode
    assert room.until(lambda: launchpad.mode == "programmer" and launchpad.lights)


def test_two_of_a_kind_have_a_seat_each(room: Room) -> None:
    first, second = NanoKontrol2(), NanoKontrol2()
    names = room.cables.plug(first), room.cables.plug(second, " #2")
    assert room.until(lambda: all(room.state(name) == "ready" for name in names))
    room.cables.pull(names[0])
    room.run(1.0)
    assert (room.state(names[0]), room.state(names[1])) == ("gone", "ready")


def test_pages_are_turned_by_hand_and_set_changes_are_followed() -> None:
    room = Room(spheres="glasses")
    launchpad = LaunchpadX()
    name = room.plug(launchpad)
    count = len(room.engine.spheres.spheres)
    assert count > 8 and room.view(name).pages == -(-count // 8)
    room.desk.turn_pages(1)  # from the page of the terminal
    assert room.until(lambda: room.view(name).page == 1)
    room.desk.turn_pages(-5)
    assert room.until(lambda: room.view(name).page == 0)
    room.cables.says(name, [b"\xb0\x5e\x7f", b"\xb0\x5e\x00"])
    assert room.until(lambda: room.view(name).page == 1)
    room.run(0.2)
    room.cables.says(name, launchpad.press(0, 0, 110))
    room.run(0.1)
    assert int(np.argmax(room.engine.state.sphere.energy)) == 8
    assert room.engine.change_set(load_set("auditorium"))
    assert room.until(lambda: (room.view(name).page, room.view(name).pages) == (0, 1))
    assert room.desk.last_error == ""


def test_lights_are_painted_anew_on_demand(room: Room) -> None:
    launchpad = LaunchpadX()
    room.plug(launchpad)
    launchpad.lights.clear()
    room.run(0.03)
    assert len(launchpad.lights) < 50
    room.desk.resync()
    room.run(0.03)
    assert len(launchpad.lights) > 60


def test_a_flood_is_shed_and_the_others_shine(room: Room) -> None:
    apc, launchpad = ApcMiniMk2(), LaunchpadX()
    room.plug(apc)
    name = room.plug(launchpad)
    room.cables.says(name, [bytes((0xB0, 111, value % 128)) for value in range(3 * MOST_HEARD)])
    told = len(apc.log)
    room.run(0.5)
    assert room.desk.counts["shed"] == 2 * MOST_HEARD
    assert len(apc.log) > told


def test_a_driver_that_goes_mad_ends_nothing() -> None:
    room = Room()
    apc = ApcMiniMk2()
    name = room.plug(apc)
    room.cables.fails = True
    room.run(1.0)
    assert room.desk.counts["hear"] and "mad" in room.desk.last_error
    room.cables.fails = False
    room.cables.says(name, apc.press(0, 0))
    room.run(0.1)
    assert room.state(name) == "ready"


def test_what_cannot_be_sent_is_sent_again_when_it_can() -> None:
    room = Room()
    launchpad = LaunchpadX()
    room.plug(launchpad)
    room.cables.refuses = True
    room.run(2.0)
    assert room.desk.counts["unsent"]
    launchpad.lights.clear()
    room.cables.refuses = False
    assert room.until(lambda: len(launchpad.lights) > 40)


def test_closing_leaves_every_device_as_it_was(room: Room) -> None:
    apc, launchpad = ApcMiniMk2(), LaunchpadX()
    room.plug(apc)
    room.plug(launchpad)
    began_s = room.clock.now_s
    room.desk.leave()
    assert room.clock.now_s - began_s < 0.6
    assert not apc.lights and not launchpad.lights and launchpad.mode == "live"
    assert not room.cables.joined()


def test_whoever_listens_hears_what_was_touched_and_what_was_told(room: Room) -> None:
    said: list[Said] = []
    shown: list[Shown] = []
    end = room.desk.said.add(said.append)
    room.desk.shown.add(shown.append)
    launchpad = LaunchpadX()
    name = room.plug(launchpad)
    said.clear()
    room.cables.says(name, launchpad.press(4, 1, 90))
    room.run(0.05)
    assert said[0].touch is not None and said[0].touch.is_press
    assert (said[0].touch.assignment.deed, said[0].touch.assignment.sphere) == ("strike", 4)
    assert sum(told.lights for told in shown) >= 64
    end()
    room.cables.says(name, launchpad.release(4, 1))
    room.run(0.05)
    assert len(said) == 1


def test_a_profile_whose_lights_are_impossible_still_plays() -> None:
    sound = load_profile("launchpad-x")
    assert sound.lights is not None
    room = Room(replace(sound, lights=replace(sound.lights, driver="nonsense")))
    launchpad = LaunchpadX()
    name = room.cables.plug(launchpad)
    assert room.until(lambda: room.state(name) == "ready")
    room.run(0.2)
    room.cables.says(name, launchpad.press(5, 0, 110))
    room.run(0.1)
    assert room.energy(5) > 100 * room.energy(2)
    assert re.search("nonsense", room.view(name).note)


def test_profiles_may_change_while_it_plays(room: Room) -> None:
    launchpad = LaunchpadX()
    name = room.plug(launchpad)
    other = replace(load_profile("launchpad-x"), title="Mine")
    room.desk.know([other])
    room.run(0.2)
    assert room.view(name).title == "Mine" and room.state(name) == "ready"


def test_a_page_turned_under_a_finger_leaves_its_fader_alone() -> None:
    room = Room(load_profile("x-touch"), spheres="glasses")
    desk = Mackie()
    name = room.plug(desk)
    room.cables.says(name, desk.touch(0))
    room.run(0.1)
    desk.faders[:2] = [11, 11]
    room.cables.says(name, [*desk.button(0x2F), *desk.button(0x2F, False)])
    assert room.until(lambda: room.view(name).page == 1 and desk.faders[1] != 11)
    room.run(0.3)
    assert desk.faders[0] == 11 and desk.refused["fader while touched"] == 0
    room.cables.says(name, desk.touch(0, False))
    assert room.until(lambda: desk.faders[0] == desk.faders[1])
