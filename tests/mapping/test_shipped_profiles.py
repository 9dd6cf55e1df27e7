"""The controllers that ship: each is read, lies on sets of every size, and says what public documents say of it.

The numbers were worked out by hand from the makers' documents, not from the files.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from support.shipped import NAMES

from weaver.mapping.hand import compile_hand
from weaver.mapping.lay import lay
from weaver.mapping.loom import PAGE_NEXT, PAGE_PREVIOUS, Laid
from weaver.mapping.loom_file import load_loom
from weaver.mapping.profile import Group, Profile
from weaver.mapping.talk import fits
from weaver.model import surface_protocol as protocol
from weaver.model.configs import shipped_folder

PAGES = shipped_folder().parent / "firmware-notes"
NOT_DEVICES = {"README", "midi-by-system", *(path.stem for path in PAGES.glob("daw*.md"))}


def laid(profile: Profile, spheres: int = 8, page: int = 0) -> Laid:
    return lay(profile, load_loom, spheres, page)


def group(profile: Profile, name: str) -> Group:
    return next(group for group in profile.groups if group.name == name)


IDENTITIES = {
    "launchpad-x": "00 20 29 03 01 00 00 00 04 02 02",
    "launchpad-mini-mk3": "00 20 29 13 01 00 00 00 03 07 01",
    "launchpad-pro-mk3": "00 20 29 23 01 00 00 00 04 05 06",
    "launchpad-mk2": "00 20 29 69 00 00 00 00 01 07 01",
    "launch-control-xl": "00 20 29 61 00 00 00 00 01 00 05",
    "apc-mini-mk2": "47 4F 00 19 05 21 00 00 7F",
    "apc-mini": "47 28 00 19 00 01 00 00 7F",
    "apc40-mk2": "47 29 00 19 00 01 00 00 7F",
    "nanokontrol2": "42 13 01 00 00 00 00 01 00",
    "push-2": "00 21 1D 67 32 02 00 01 00 2F 00 12 34 56 00 00 01",
    "midi-fighter-twister": "00 01 79 05 00 01 00 20 16 09 09",
    "minilab-3": "00 20 6B 02 00 04 06 00 00 01 01",
    "sphere-controller": "7D 53 57 01 00 01 00 00 00",
}


def test_identity_replies_tell_them_apart(profiles: dict[str, Profile]) -> None:
    for name, reply in IDENTITIES.items():
        data = bytes.fromhex(reply)
        claimants = [p.name for p in profiles.values() if p.ports.identity and fits(p.ports.identity, data)]
        assert claimants == [name]
    assert {profile.name for profile in profiles.values() if profile.ports.identity} == set(IDENTITIES)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("spheres", [1, 8, 64])
def test_it_lies_on_sets_of_any_size(profiles: dict[str, Profile], name: str, spheres: int) -> None:
    profile = profiles[name]
    whole = laid(profile, spheres)
    reached = set()
    for page in range(whole.pages):
        here = laid(profile, spheres, page)
        assert compile_hand(here, profile).count == len(here.assignments)
        reached |= {item.sphere for item in here.assignments if item.deed == "strike"}
        sent = [(item.control.message, item.control.channel, item.control.number) for item in here.assignments]
        assert len(sent) == len(set(sent)), "no two controls share a message"
        lights = [(spot.led, spot.kind == "ring", spot.message, spot.channel) for spot in here.spots]
        assert len(lights) == len(set(lights)), "nor two lights an address"
    assert reached == set(range(spheres)), "every sphere can be struck on some page"


@pytest.mark.parametrize("name", NAMES)
def test_every_control_with_a_deed_reaches_one(profiles: dict[str, Profile], name: str) -> None:
    profile = profiles[name]
    here = laid(profile, 64)
    reached = {(item.control.group, item.control.column, item.control.row): item for item in here.assignments}
    for each in profile.groups:
        assert each.loom or each.do, f"{each.name} does nothing"
        for control, word in zip(each.controls, each.do, strict=False):
            found = reached.get((each.name, control.column, control.row))
            if word == "none":
                assert found is None or found.deed == "none"
            else:
                assert found is not None and word in (found.deed, found.parameter, found.argument, found.gesture)


@pytest.mark.parametrize("name", NAMES)
def test_what_ends_an_evening_has_quiet_neighbours(profiles: dict[str, Profile], name: str) -> None:
    """Finale is alone: no neighbour in its row or column of buttons is anything that one presses while playing."""
    for each in profiles[name].groups:
        for place, word in enumerate(each.do):
            if word == "finale":
                row, column = divmod(place, each.columns)
                beside = [(row, column - 1), (row, column + 1), (row - 1, column), (row + 1, column)]
                inside = [(r, c) for r, c in beside if 0 <= r < each.rows and 0 <= c < each.columns]
                assert {each.do[r * each.columns + c] for r, c in inside} <= {"none", "undo", "resync", "panic"}


WITHOUT_PAGES = {"beatstep", "lpd8-mk2", "monome-64", "mpd218", "mpk-mini-3"}
"""These have nothing to turn pages with: no button that is known to send anything."""


@pytest.mark.parametrize("name", NAMES)
def test_pages_can_be_turned(profiles: dict[str, Profile], name: str) -> None:
    words = {word for each in profiles[name].groups for word in each.do}
    assert ({PAGE_PREVIOUS, PAGE_NEXT} <= words) == (name not in WITHOUT_PAGES)


TIES_NOTHING = {
    *("beatstep", "launch-control-xl", "launch-control-xl-3", "lpd8-mk2", "minilab-3", "mpk-mini-3", "nanokontrol2"),
    "sphere-controller",
}
"""Their pads and buttons are too few for damping and ties beside strikes and care."""


@pytest.mark.parametrize("name", NAMES)
def test_hands_can_help_as_well_as_strike(profiles: dict[str, Profile], name: str) -> None:
    words = {item.deed for item in laid(profiles[name]).assignments}
    assert words & {"soothe", "care"} or name == "sphere-controller"
    assert ({"damp", "bind"} <= words) == (name not in TIES_NOTHING)


@pytest.mark.parametrize("name", NAMES)
def test_what_it_says_of_itself_is_whole(profiles: dict[str, Profile], name: str) -> None:
    profile = profiles[name]
    assert profile.evidence in ("high", "medium", "low") and profile.sources
    comment = (shipped_folder() / "controllers" / f"{name}.toml").read_text().split("format = 1")[0]
    assert 2 <= comment.count("\n") <= 5 and all(line.startswith("# ") for line in comment.splitlines())
    lit = any(each.led != "none" for each in profile.groups)
    assert lit == (profile.lights is not None)
    if profile.lights and profile.lights.header:
        messages = (
            *profile.talk.enter,
            *profile.talk.leave,
            *profile.talk.wake,
            *profile.talk.ask,
            *profile.talk.alive,
        )
        maker = bytes(profile.lights.header[:2])
        assert all(m[:2] == maker for m in messages if m[0] == 0xF0), "all is said to the same maker"


def test_every_profile_has_a_page_and_every_page_a_profile() -> None:
    pages = {path.stem for path in PAGES.glob("*.md")} - NOT_DEVICES
    assert set(NAMES) <= pages
    index = (PAGES / "README.md").read_text()
    for name in NAMES:
        assert f"({name}.md)" in index and f"controllers/{name}.toml" in index, name
        text = (PAGES / f"{name}.md").read_text()
        wanted = ["Set on the device", "Port", "Lights", "Quirks", "Evidence", "Not tried yet"]
        assert [line[3:] for line in text.splitlines() if line.startswith("## ")] == wanted, name
    linked = {part.split(")")[0] for part in index.split("](")[1:]}
    assert all((PAGES / link).exists() for link in linked if "://" not in link)


# --- numbers, by hand from the makers' documents ------------------------------------------------------------------


def numbers(each: Group) -> list[int]:
    return [control.number for control in each.controls]


def leds(each: Group) -> list[int | None]:
    return [control.led for control in each.controls]


@pytest.mark.parametrize("name", ["launchpad-x", "launchpad-mini-mk3", "launchpad-pro-mk3", "launchpad-mk2"])
def test_launchpads_count_by_tens(profiles: dict[str, Profile], name: str) -> None:
    grid = group(profiles[name], "grid")
    for control in grid.controls:
        assert control.number == control.led == 10 * (control.row + 1) + control.column + 1
    assert (numbers(grid)[0], numbers(grid)[7], numbers(grid)[-1]) == (11, 18, 88)
    assert numbers(group(profiles[name], "right")) == [19, 29, 39, 49, 59, 69, 79, 89]
    assert group(profiles[name], "right").controls[0].message == ("note" if name == "launchpad-mk2" else "cc")
    top = group(profiles[name], "top")
    assert numbers(top)[0] == (104 if name == "launchpad-mk2" else 91)
    left = 0 if name == "launchpad-pro-mk3" else 2
    assert top.do[left : left + 2] == (PAGE_PREVIOUS, PAGE_NEXT), "the arrows left and right"


def test_launchpads_are_told_what_their_documents_say(profiles: dict[str, Profile]) -> None:
    for name, product in (("launchpad-x", 0x0C), ("launchpad-mini-mk3", 0x0D), ("launchpad-pro-mk3", 0x0E)):
        talk = profiles[name].talk
        assert talk.enter == (bytes([0xF0, 0, 0x20, 0x29, 2, product, 0x0E, 1, 0xF7]),), "programmer mode"
        assert talk.leave == (bytes([0xF0, 0, 0x20, 0x29, 2, product, 0x0E, 0, 0xF7]),), "back to live"
        assert talk.pause_s >= 0.05
        lights = profiles[name].lights
        assert lights is not None and lights.header == (0xF0, 0, 0x20, 0x29, 2, product)
        spots = len({spot.led for spot in laid(profiles[name]).spots})
        assert spots <= lights.per_message or name == "launchpad-pro-mk3", "a picture goes into one message"
    assert group(profiles["launchpad-mini-mk3"], "grid").velocity is False
    assert group(profiles["launchpad-x"], "grid").pressure == "poly"


def test_the_second_apc_mini(profiles: dict[str, Profile]) -> None:
    profile = profiles["apc-mini-mk2"]
    for control in group(profile, "grid").controls:
        assert control.number == control.led == 8 * control.row + control.column
    assert numbers(group(profile, "track")) == list(range(0x64, 0x6C))
    assert numbers(group(profile, "scene")) == list(range(0x77, 0x6F, -1)), "0x70 is the uppermost"
    assert numbers(group(profile, "faders")) == list(range(48, 57)) and profile.talk.positions is not None
    assert profile.talk.enter[0] == bytes.fromhex("F0 47 7F 4F 62 00 01 00 F7"), "session mode"
    assert len(profile.talk.enter[1]) == 12 and profile.talk.enter[1][4:7] == bytes.fromhex("60 00 04")
    lights = profile.lights
    assert lights is not None
    assert (lights.per_message, lights.per_picture, lights.heal, lights.pause_s) == (4, 12, 2, 0.002)
    notes_mode, session = bytes.fromhex("F0 47 7F 4F 62 00 01 01 F7"), bytes.fromhex("F0 47 7F 4F 62 00 01 00 F7")
    report = profile.talk.reports[0]
    assert report.unless and fits(report.match, notes_mode) and not fits(report.unless, notes_mode)
    assert fits(report.unless, session)
    assert fits(profile.talk.positions.match, bytes.fromhex("F0 47 7F 4F 61 00 09") + bytes(9) + b"\xf7")
    assert len(profile.talk.positions.match) == 7, "nine bytes of positions follow"


def test_the_first_apc_mini(profiles: dict[str, Profile]) -> None:
    profile = profiles["apc-mini"]
    assert numbers(group(profile, "grid")) == list(range(64))
    assert numbers(group(profile, "track")) == list(range(64, 72))
    assert numbers(group(profile, "scene")) == list(range(89, 81, -1))


def test_the_apc40(profiles: dict[str, Profile]) -> None:
    profile = profiles["apc40-mk2"]
    assert numbers(group(profile, "grid")) == list(range(40))
    faders = group(profile, "faders")
    assert [(c.channel, c.number) for c in faders.controls] == [(n, 7) for n in range(8)] + [(0, 14)]
    assert [c.channel for c in group(profile, "clip stop").controls] == list(range(8))
    assert set(numbers(group(profile, "clip stop"))) == {0x34}
    assert leds(group(profile, "track knobs")) == list(range(0x30, 0x38))
    assert profile.talk.enter[0][7] == 0x41


def test_launch_controls(profiles: dict[str, Profile]) -> None:
    profile = profiles["launch-control-xl"]
    assert all(c.channel == 8 for each in profile.groups for c in each.controls), "factory template 1 is on channel 9"
    knobs = [group(profile, f"{name} knobs") for name in ("top", "middle", "bottom")]
    assert [numbers(each)[0] for each in knobs] == [13, 29, 49] and [leds(each)[0] for each in knobs] == [0, 8, 16]
    buttons = group(profile, "buttons")
    assert numbers(buttons)[8:] == [41, 42, 43, 44, 57, 58, 59, 60] and leds(buttons)[8:] == list(range(0x18, 0x20))
    assert numbers(buttons)[:8] == [73, 74, 75, 76, 89, 90, 91, 92] and leds(buttons)[:8] == list(range(0x20, 0x28))
    mode = group(profile, "mode")
    assert dict(zip(numbers(mode), leds(mode), strict=True)) == {105: 0x28, 106: 0x29, 107: 0x2A, 108: 0x2B}
    third = profiles["launch-control-xl-3"]
    spots = {spot.led for spot in laid(third).spots}
    assert set(range(0x0D, 0x25)) | set(range(0x25, 0x35)) <= spots
    rows = [group(third, f"{name} knobs") for name in ("top", "middle", "bottom")]
    assert all(each.encoding == "binary-offset" for each in rows)
    assert [n for each in rows for n in numbers(each)] == list(range(0x4D, 0x65)), "relative, they count from 4D"
    assert [n for each in rows for n in leds(each)] == list(range(0x0D, 0x25))


def test_small_boxes(profiles: dict[str, Profile]) -> None:
    assert [numbers(each)[0] for each in profiles["mpd218"].groups if each.kind == "pads"] == [36, 52, 68]
    for name in ("mpd218", "mpk-mini-3", "lpd8-mk2", "beatstep", "minilab-3"):
        assert {c.channel for each in profiles[name].groups if each.kind == "pads" for c in each.controls} == {9}
    lpd8 = profiles["lpd8-mk2"]
    assert numbers(group(lpd8, "pads")) == list(range(36, 44)) and leds(group(lpd8, "pads")) == list(range(8))
    beatstep = group(profiles["beatstep"], "pads")
    assert numbers(beatstep) == list(range(36, 52))
    assert leds(beatstep) == [*range(0x78, 0x80), *range(0x70, 0x78)], "the upper row's lights are 0x70 to 0x77"
    minilab = profiles["minilab-3"]
    assert leds(group(minilab, "bank A")) == list(range(0x34, 0x3C))
    assert leds(group(minilab, "bank B")) == list(range(0x44, 0x4C))
    assert leds(group(minilab, "transport")) == list(range(0x57, 0x5C))
    assert [profiles[name].notes for name in ("mpk-mini-3", "minilab-3")] == ["mode", "mode"]


def test_desks(profiles: dict[str, Profile]) -> None:
    nano = profiles["nanokontrol2"]
    assert numbers(group(nano, "faders")) == list(range(8)) and numbers(group(nano, "knobs")) == list(range(16, 24))
    (scene,) = nano.talk.rewrites
    assert scene.ask == bytes.fromhex("F0 42 40 00 01 13 00 1F 10 00 F7") and (scene.place, scene.value) == (3, 1)
    assert fits(scene.match, bytes.fromhex("F0 42 40 00 01 13 00 7F 7F 02 03 05 40")) and len(scene.match) == 13
    assert fits(nano.talk.repaints[0].match, bytes.fromhex("F0 42 40 00 01 13 00 5F 23 00 F7")), "it has taken it"
    assert numbers(group(nano, "record and mute")) == [*range(64, 72), *range(48, 56)]
    mini = profiles["x-touch-mini"]
    assert leds(group(mini, "knobs")) == list(range(9, 17)) and numbers(group(mini, "knobs")) == list(range(1, 9))
    assert leds(group(mini, "upper buttons")) + leds(group(mini, "lower buttons")) == list(range(16))
    assert {c.channel for each in mini.groups for c in each.controls} == {10}
    desk = profiles["x-touch"]
    faders = group(desk, "faders")
    assert [c.channel for c in faders.controls] == list(range(9)) and faders.controls[0].message == "bend"
    assert [c.touch for c in faders.controls] == list(range(0x68, 0x71))
    assert leds(group(desk, "knobs")) == list(range(0x30, 0x38)) and group(desk, "knobs").encoding == "sign-magnitude"
    assert numbers(group(desk, "select and mute")) == [*range(0x18, 0x20), *range(0x10, 0x18)]


def test_rings_grids_and_strings(profiles: dict[str, Profile]) -> None:
    twister = group(profiles["midi-fighter-twister"], "pressed, bank 1")
    assert numbers(twister)[:4] == [12, 13, 14, 15] and numbers(twister)[-4:] == [0, 1, 2, 3]
    assert {c.channel for c in twister.controls} == {1}
    push = profiles["push-2"]
    assert numbers(group(push, "grid")) == list(range(36, 100))
    assert bytes.fromhex("F0 00 21 1D 01 01 1E 01 F7") in push.talk.enter, "pressure of every pad"
    linn = profiles["linnstrument"]
    for control in group(linn, "grid").controls:
        assert (control.channel, control.number) == (control.row, control.column + 1)
        assert control.led == 32 * control.row + control.number
    assert linn.talk.enter[:4] == tuple(bytes.fromhex(text) for text in ("B06301", "B06275", "B00600", "B02601"))
    assert 0x01 * 128 + 0x75 == 245
    monome = profiles["monome-grid"]
    for control in (*group(monome, "grid").controls, *group(monome, "right").controls):
        assert control.number == control.led == 16 * control.row + control.number % 16
    talk = profiles["sphere-controller"].talk
    assert talk.alive == (protocol.encode(protocol.HostAlive()),) and talk.enter == (
        protocol.encode(protocol.Welcome()),
    )
    assert (talk.alive_s, talk.silent_s) == (protocol.ALIVE_EVERY_S, protocol.LOST_AFTER_S)
    alive = protocol.encode(protocol.DeviceAlive(frame=5, lost=99))
    (lost,) = talk.repaints
    assert fits(lost.match, alive) and lost.place is not None and alive[len(lost.match) + lost.place] == 99
    ours = group(profiles["sphere-controller"], "pads")
    assert numbers(ours) == list(range(36, 44)) and leds(ours) == list(range(0, 128, 16))


def test_whatever_a_device_that_is_entered_may_say_by_a_note_is_known(profiles: dict[str, Profile]) -> None:
    """For a note that it should not be able to send is taken to mean that it is in another mode."""

    def notes(name: str) -> set[tuple[int, int]]:
        return {(c.channel, c.number) for g in profiles[name].groups for c in g.controls if c.message == "note"}

    assert {(0, number) for number in (*range(11), 12)} <= notes("push-2"), "touched knobs"
    everywhere = {(track, number) for track in range(8) for number in (*range(0x30, 0x35), 0x42)}
    others = {0x33, 0x50, *range(0x51, 0x5B), 0x5B, 0x5D, *range(0x5E, 0x68), *range(0x3A, 0x42)}
    assert everywhere | {(0, number) for number in others} <= notes("apc40-mk2")
    assert {(10, number) for number in range(48)} <= notes("x-touch-mini")


def test_what_has_no_lights_says_so(profiles: dict[str, Profile]) -> None:
    assert {name for name, profile in profiles.items() if profile.lights is None} == {"mpd218", "mpk-mini-3"}


def test_pages_are_files_that_ship() -> None:
    assert isinstance(PAGES, Path) and PAGES.is_dir()
