"""Profiles as files: what is not said, what builds on what, and everything that is wrong with one says where."""

from __future__ import annotations

from pathlib import Path

import pytest

from weaver.mapping.loom_file import load_loom
from weaver.mapping.profile import Bound, Control
from weaver.mapping.profile_file import load_profile, load_profiles
from weaver.mapping.talk import ANY, Repaint, Rewrite
from weaver.model.configs import list_configs
from weaver.model.errors import ConfigError

HEAD = 'format = 1\ntitle = "Box"\nevidence = "low"\n'
BOX = (
    HEAD
    + """
[ports]
input = ['^box (in|1)$']
identity = "00 20 29 ?? 01"
[talk]
enter = ["F0 00 20 29 02 0C 0E 01 F7", "9F 0C 7F"]
pause_ms = 50
ask = ["F0 41 F7"]
alive = ["90 00 00"]
alive_s = 0.4
silent_s = 3.5
[[talk.reports]]
match = "F0 47 ?? F7"
note = "it was in another mode"
[[talk.repaints]]
match = "F0 47 44"
place = 1
[[talk.repaints]]
match = "F0 47 45"
[[talk.rewrites]]
ask = "F0 42 1F F7"
match = "F0 42 7F"
place = 3
value = 1
[talk.positions]
match = "F0 47 61 ?? ??"
group = "faders"
[lights]
driver = "apc-rgb"
header = "F0 47 7F 4F"
options = { template = 8 }
[[pads]]
name = "grid"
columns = 8
rows = 8
first = 11
row_step = 10
pressure = "poly"
loom = "grid"
led = "rgb"
[[faders]]
name = "faders"
columns = 3
channel = 2
channel_step = 1
message = "bend"
do = ["lift"]
touch_first = 0x68
[[buttons]]
name = "side"
columns = 1
rows = 2
message = "cc"
numbers = [89, 79]
do = ["page-previous", "hush"]
led = "switch"
led_first = 100
led_row_step = -10
"""
)


def write(folder: Path, text: str, name: str = "box") -> Path:
    (folder / "controllers").mkdir(exist_ok=True)
    path = folder / "controllers" / f"{name}.toml"
    path.write_text(text)
    return path


def test_everything_that_is_said_is_read(no_own_configs: Path) -> None:
    box = load_profile(write(no_own_configs, BOX))
    assert (box.name, box.title, box.notes, box.is_own) == ("box", "Box", "none", True)
    assert box.ports.input[0].search("BOX IN") and not box.ports.input[0].search("my box in")
    assert box.ports.output == box.ports.input, "what is not given is as the input"
    assert box.ports.identity == (0, 0x20, 0x29, ANY, 1)
    assert box.talk.enter[1] == b"\x9f\x0c\x7f" and box.talk.pause_s == pytest.approx(0.05)
    assert box.talk.reports[0].match == (0xF0, 0x47, ANY, 0xF7) and box.talk.reports[0].unless is None
    assert (box.talk.ask, box.talk.alive) == ((b"\xf0\x41\xf7",), (b"\x90\x00\x00",))
    assert (box.talk.alive_s, box.talk.silent_s) == (0.4, 3.5)
    assert box.talk.repaints == (Repaint((0xF0, 0x47, 0x44), 1), Repaint((0xF0, 0x47, 0x45)))
    assert box.talk.rewrites == (Rewrite(b"\xf0\x42\x1f\xf7", (0xF0, 0x42, 0x7F), 3, 1),)
    assert box.talk.positions is not None and box.talk.positions.group == "faders"
    assert box.lights is not None and box.lights.driver == "apc-rgb" and box.lights.option("template") == 8
    grid, faders, side = box.groups
    assert grid.controls[0] == Control("grid", 0, 0, "note", 0, 11, 11)
    assert grid.controls[8 * 7 + 3] == Control("grid", 3, 7, "note", 0, 84, 84)
    assert [(control.channel, control.number) for control in faders.controls] == [(1, 0), (2, 0), (3, 0)]
    assert [control.touch for control in faders.controls] == [0x68, 0x69, 0x6A]
    assert faders.do == ("lift", "lift", "lift") and faders.takeover == "pickup"
    assert [(control.number, control.led) for control in side.controls] == [(89, 100), (79, 90)]


def test_rows_may_be_channels_and_all_may_be_listed(no_own_configs: Path) -> None:
    rows = '[[pads]]\nname = "p"\ncolumns = 2\nrows = 3\nfirst = 1\nrow_step = 0\nchannel_row_step = 4\n'
    listed = '[[faders]]\nname = "f"\ncolumns = 3\nnumbers = [7, 7, 14]\nchannels = [1, 2, 1]\n'
    pads, faders = load_profile(write(no_own_configs, HEAD + rows + listed)).groups
    sent = [(control.channel, control.number) for control in pads.controls]
    assert sent == [(0, 1), (0, 2), (4, 1), (4, 2), (8, 1), (8, 2)]
    assert [(control.channel, control.number) for control in faders.controls] == [(0, 7), (1, 7), (0, 14)]


def test_a_base_gives_all_that_is_not_said(no_own_configs: Path) -> None:
    write(no_own_configs, BOX + "[[controls]]\ncc = 1\ndo = 'hush'\n[[controls]]\ncc = 2\ndo = 'tap'\n")
    more = """format = 1
base = "box"
title = "Box two"
[lights]
rate_hz = 20
[[faders]]
name = "knobs instead"
columns = 2
first = 40
[[controls]]
cc = 2
parameter = "wet_db"
"""
    two = load_profile(write(no_own_configs, more, "two"))
    box = load_profile("box")
    assert (two.title, two.evidence, two.ports) == ("Box two", "low", box.ports)
    assert two.lights is not None and (two.lights.driver, two.lights.rate_hz) == ("apc-rgb", 20)
    assert [group.name for group in two.groups] == ["grid", "knobs instead", "side"]
    assert [(bound.number, bound.parameter or bound.do) for bound in two.controls] == [(2, "wet_db"), (1, "hush")]


def test_a_players_file_builds_on_ours_of_its_own_name(no_own_configs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = no_own_configs / "of the player"
    own.mkdir()
    write(own, 'format = 1\nbase = "pads"\ntitle = "Mine"\n[[controls]]\ncc = 33\nparameter = "room_t60_s"\n', "pads")
    monkeypatch.setenv("WEAVER_CONFIGS", str(own))
    mine = load_profile("pads")
    assert mine.title == "Mine" and mine.notes == "pads" and mine.is_own
    assert mine.controls[0].number == 33 and len(mine.controls) > 5


def test_a_circle_of_bases_is_told_of(no_own_configs: Path) -> None:
    write(no_own_configs, 'format = 1\nbase = "two"\n', "one")
    write(no_own_configs, 'format = 1\nbase = "one"\n', "two")
    with pytest.raises(ConfigError, match=r"two\.toml: base"):
        load_profile("one")
    with pytest.raises(ConfigError, match="'nowhere'"):
        load_profile(write(no_own_configs, 'format = 1\nbase = "nowhere"\n', "three"))


def test_one_that_is_broken_leaves_the_rest(no_own_configs: Path) -> None:
    write(no_own_configs, "format = 1\ncolour = 3\n", "broken")
    write(no_own_configs, "format = 1\n", "keys")
    write(no_own_configs, BOX)
    profiles, errors = load_profiles()
    names = [profile.name for profile in profiles]
    assert names[0] == "box", "the player's own come first"
    assert not {profile.name: profile for profile in profiles}["keys"].is_own, "ours stands in for a broken one"
    assert sorted(Path(error.where.split(":")[0]).stem for error in errors) == ["broken", "keys"]


def test_all_that_ship_are_read() -> None:
    profiles, errors = load_profiles()
    assert errors == []
    assert sorted(profile.name for profile in profiles) == list_configs("controllers")
    assert all(profile.description for profile in profiles)
    for name in list_configs("looms"):
        assert load_loom(name).description


KNOBS = '[[knobs]]\nname = "knobs"\ncolumns = 4\nfirst = 20\n'
OTHER = '[[faders]]\nname = "faders"\ncolumns = 2\n'
PADS = '[[pads]]\nname = "pads"\ncolumns = 8\nrows = 8\nfirst = 0\n'
BOUND = "[[controls]]\n"
BAD = [
    ("colour = 3\n", "colour", "unknown"),
    ("[ports]\ninput = ['ok', '(oops']\n", "ports.input[1]", "(oops"),
    ('[ports]\nidentity = "00 2G"\n', "ports.identity", "2G"),
    ('[talk]\nenter = ["F0 00 20 29"]\n', "talk.enter[0]", "29"),
    ('[talk]\nenter = ["F0 90 F7"]\n', "talk.enter[0]", "90"),
    ('[talk]\nenter = ["B0 7F"]\n', "talk.enter[0]", "2"),
    ('[talk]\nenter = ["7F 00"]\n', "talk.enter[0]", "7F 00"),
    ('[talk]\nwake = ["F0 1 F7"]\n', "talk.wake[0]", "'1'"),
    ("[talk]\npause_ms = 5000\n", "talk.pause_ms", "5000"),
    ('[talk.positions]\nmatch = "F0"\ngroup = "faders"\n' + KNOBS, "talk.positions.group", "faders"),
    ("[talk]\nalive_s = 0\n", "talk.alive_s", "0"),
    ("[talk]\nsilent_s = -1\n", "talk.silent_s", "-1"),
    ('[[talk.repaints]]\nmatch = "F0"\nplace = -1\n', "talk.repaints[0].place", "-1"),
    ('[[talk.rewrites]]\nask = "F0"\n', "talk.rewrites[0].ask", "F0"),
    ('[[talk.rewrites]]\nask = "F0 F7"\nmatch = "F0"\nplace = 0\nvalue = 128\n', "talk.rewrites[0].value", "128"),
    (KNOBS + "touch_first = 125\n", "knobs[0].touch_first", "125"),
    ('[lights]\ndriver = "disco"\n', "lights.driver", "disco"),
    ('[lights]\ndriver = "lpd8"\nheader = "47 7F"\n', "lights.header", "47 7F"),
    ('[lights]\ndriver = "lpd8"\noptions = { speed = "fast" }\n', "lights.options.speed", "fast"),
    ('[[knobs]]\nname = "k"\ncolumns = 4\n', "knobs[0].first", "nothing"),
    ('[[knobs]]\nname = "k"\ncolumns = 4\nfirst = 126\n', "knobs[0].first", "128"),
    ('[[knobs]]\nname = "k"\ncolumns = 4\nnumbers = [1, 2, 3]\n', "knobs[0].numbers", "array of 3"),
    ('[[knobs]]\nname = "k"\ncolumns = 4\nnumbers = [1, 2, 2, 3]\n', "knobs[0]", "cc 2"),
    ('[[knobs]]\nname = "k"\ncolumns = 4\nfirst = 1\nchannel = 14\nchannel_step = 1\n', "knobs[0].channel_step", "17"),
    (KNOBS + OTHER + "first = 23\n", "faders[0]", "cc 23 on channel 1, which is one of 'knobs' too"),
    (KNOBS + OTHER.replace('"faders"', '"knobs"') + "first = 1\n", "faders[0].name", "knobs"),
    (KNOBS.replace("20", "52") + OTHER + 'first = 20\nencoding = "absolute-14"\n', "faders[0]", "cc 52"),
    (OTHER + 'first = 31\nencoding = "absolute-14"\n', "faders[0].encoding", "absolute-14"),
    (KNOBS + 'do = ["lift", "tilt", "turn", "bend", "level_db"]\n', "knobs[0].do", "array of 5"),
    (KNOBS + 'do = ["lift", "strike"]\n', "knobs[0].do[1]", "strike"),
    (KNOBS + "velocity = false\n", "knobs[0].velocity", "unknown"),
    (KNOBS + "led_first = 3\n", "knobs[0].led_first", "unknown"),
    (KNOBS + 'led = "rgb"\nleds = [1, 2]\n', "knobs[0].leds", "array of 2"),
    (PADS + 'loom = "pads-8x2"\n', "pads[0].loom", "8 columns and 2 rows"),
    (PADS + 'loom = "rug"\n', "pads[0].loom", "rug"),
    (PADS + 'pressure = "firm"\n', "pads[0].pressure", "firm"),
    (BOUND + "do = 'hush'\n", "controls[0]", "none"),
    (BOUND + "cc = 1\nnote = 2\ndo = 'hush'\n", "controls[0]", "note and cc"),
    (BOUND + "cc = 1\n", "controls[0]", "none"),
    (BOUND + "cc = 1\ndo = 'sing'\n", "controls[0].do", "sing"),
    (BOUND + "note = 1\ndo = 'lift'\n", "controls[0].do", "lift"),
    (BOUND + "cc = 1\nuse = 'sustain'\n", "controls[0].use", "sustain"),
    (BOUND + "cc = 1\ngesture = 'lift'\nargument = 'cents'\n", "controls[0].argument", "cents"),
    (BOUND + "cc = 1\ngesture = 'lift'\nlow = -61\n", "controls[0].low", "-61"),
    (BOUND + "cc = 1\ngesture = 'lift'\nsphere = 0\n", "controls[0].sphere", "0"),
    (BOUND + "note = 1\ngesture = 'bind'\n", "controls[0].sphere", "nothing"),
    (BOUND + "note = 1\nparameter = 'wet_db'\n", "controls[0].parameter", "wet_db"),
    (BOUND + "cc = 1\ngesture = 'bend'\ncurve = 'exponential'\n", "controls[0].curve", "-200"),
    (BOUND + "cc = 1\ndo = 'hush'\n" + BOUND + "cc = 1\nchannel = 3\ndo = 'tap'\n", "controls[1].cc", "1"),
    ('notes = "drums"\n', "notes", "drums"),
]


@pytest.mark.parametrize(("text", "key", "found"), BAD)
def test_what_is_wrong_says_where(no_own_configs: Path, text: str, key: str, found: str) -> None:
    path = write(no_own_configs, HEAD + text)
    with pytest.raises(ConfigError) as caught:
        load_profile(path)
    assert caught.value.where == f"{path}: {key}"
    assert found in str(caught.value.found)


def test_more_controls_than_there_is_room_for(no_own_configs: Path) -> None:
    groups = "".join(
        f'[[knobs]]\nname = "{place}"\ncolumns = 32\nrows = 2\nfirst = 0\nchannel = {place + 1}\n' for place in range(5)
    )
    with pytest.raises(ConfigError, match="at most 256 controls in all, found 320"):
        load_profile(write(no_own_configs, HEAD + groups))


def test_what_a_gesture_becomes(no_own_configs: Path) -> None:
    entries = """
[[controls]]
cc = 1
gesture = "lift"
sphere = 3
[[controls]]
cc = 2
gesture = "place"
argument = "distance"
low = 10
high = 1
[[controls]]
note = 3
channel = 4
gesture = "soothe"
sphere = 1
[[controls]]
note = 4
gesture = "bend"
high = 100
[[controls]]
cc = 5
gesture = "hush"
[[controls]]
bend = true
do = "turn"
sphere = 2
"""
    assert load_profile(write(no_own_configs, HEAD + entries)).controls == (
        Bound("cc", 1, gesture="lift", argument="level", sphere=2, low=-24, high=6),
        Bound("cc", 2, gesture="place", argument="distance", low=10, high=1),
        Bound("note", 3, 3, do="soothe", sphere=0),
        Bound("note", 4, gesture="bend", argument="cents", low=0, high=100),
        Bound("cc", 5, do="hush"),
        Bound("bend", 0, gesture="place", argument="azimuth", sphere=1, low=-90, high=90),
    )


LOOM = 'format = 1\ntitle = "L"\ndescription = "D"\ncolumns = 2\n'


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "rows"),
        ('[[rows]]\ndo = "lift"\n', "rows[0].do"),
        ('[[rows]]\ndo = "soothe"\nposition = 0.5\n', "rows[0].position"),
        ('[[rows]]\ndo = "strike"\nposition = 1.5\n', "rows[0].position"),
        ('[[rows]]\nshow = "deed"\n', "rows[0].show"),
        ("[[rows]]\nfirst = 64\n", "rows[0].first"),
        ("[[rows]]\nlast = 64\n", "rows[0].last"),
    ],
)
def test_a_bad_loom_says_where(tmp_path: Path, text: str, key: str) -> None:
    path = tmp_path / "loom.toml"
    path.write_text(LOOM + text)
    with pytest.raises(ConfigError) as caught:
        load_loom(path)
    assert caught.value.where == f"{path}: {key}"
