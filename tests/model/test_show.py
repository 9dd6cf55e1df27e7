"""Shows: what ships is the story, and whatever is wrong with a file is said with its key."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from weaver.model.configs import list_configs
from weaver.model.durations import parse_duration, show_duration
from weaver.model.errors import ConfigError
from weaver.model.law import STATES
from weaver.model.show import HURTS, MAX_INCIDENTS, load_show

HEAD = """
format = 1
title = "Test"
"""
GOOD = (
    HEAD
    + """
description = "A show with everything in it"
set = "glasses"
stakes = "virtuoso"
seed = 9
prelude = "1:30"
silence = 4.5
most = "5m"
finale = "0:03"
audience_db = -20.0
heart_bpm = 66.0

[[incidents]]
at = "0:45"
sphere = "GLASS 2"
to = "failing"
over = "10s"
unless_healed = true
shatter = true
say = "Two is failing"

[[incidents]]
after = 30
sphere = "Glass 1"
to = 0.5
"""
)


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_default_show_is_the_storys() -> None:
    show = load_show("auditorium")
    assert show.prelude_s == 120.0
    assert {show.spheres.spheres[incident.sphere].name for incident in show.incidents} == {"Azure"}
    assert [incident.time_s for incident in show.incidents] == [120.0, 90.0, 60.0, 10.0]
    assert [incident.is_shattering for incident in show.incidents] == [False, False, False, True]
    assert [incident.is_spared_when_healed for incident in show.incidents] == [False, True, True, True]


def test_every_show_that_ships_can_be_read() -> None:
    assert {"auditorium", "calm"} <= set(list_configs("shows"))
    for name in list_configs("shows"):
        show = load_show(name)
        assert show.name == name and show.description
    assert load_show("calm").incidents == ()


def test_everything_in_a_file_is_read(tmp_path: Path) -> None:
    show = load_show(write(tmp_path, GOOD))
    assert (show.name, show.title, show.spheres.name, show.stakes, show.seed) == (
        "mine",
        "Test",
        "glasses",
        "virtuoso",
        9,
    )
    assert (show.prelude_s, show.silence_s, show.most_s, show.finale_s) == (90.0, 4.5, 300.0, 3.0)
    assert (show.audience_db, show.heart_bpm) == (-20.0, 66.0)
    first, second = show.incidents
    assert (first.time_s, first.is_after, first.sphere, first.to, first.over_s) == (45.0, False, 1, "failing", 10.0)
    assert (first.is_spared_when_healed, first.is_shattering, first.say) == (True, True, "Two is failing")
    assert (second.time_s, second.is_after, second.sphere, second.to) == (30.0, True, 0, 0.5)
    assert "Glass 1" in second.say


def test_the_set_may_be_a_file_beside_the_show(tmp_path: Path) -> None:
    (tmp_path / "pair.toml").write_text(
        HEAD + '[defaults]\nmaterial = "glass"\n'
        '[[spheres]]\nname = "Left"\ncolour = "#ffffff"\nf0_hz = 300.0\n'
        '[[spheres]]\nname = "Right"\ncolour = "#ffffff"\nf0_hz = 400.0\n'
    )
    incident = '[[incidents]]\nat = 0\nsphere = "Right"\nto = 1\n'
    show = load_show(write(tmp_path, HEAD + 'set = "pair.toml"\nprelude = 10\n' + incident))
    assert show.spheres.name == "pair" and show.incidents[0].sphere == 1


@pytest.mark.parametrize(
    ("old", "new", "place", "expected", "found"),
    [
        ('title = "Test"', "", "title", "text of 1 to 60", "nothing"),
        ('"glasses"', '"nowhere"', "set", "one of the sets", "'nowhere'"),
        ('"glasses"', '"no/where.toml"', "set", "a file", "'no/where.toml'"),
        ('"virtuoso"', '"deadly"', "stakes", "one of: off, gentle", "'deadly'"),
        ("seed = 9", "seed = -1", "seed", "a whole number from 0", "-1"),
        ("seed = 9", "seed = 1.5", "seed", "a whole number from 0", "1.5"),
        ('"1:30"', '"soon"', "prelude", "a time from 0:01 to 60:00", "'soon'"),
        ('prelude = "1:30"', "", "prelude", "a time from 0:01", "nothing"),
        ('"1:30"', "0.5", "prelude", "a time from 0:01", "0.5"),
        ('"1:30"', '"61m"', "prelude", "a time from 0:01", "'61m'"),
        ('"1:30"', "true", "prelude", "a time from 0:01", "true"),
        ('"1:30"', "nan", "prelude", "a time from 0:01", "nan"),
        ('"1:30"', '"1:75"', "prelude", "a time from 0:01", "'1:75'"),
        ('"1:30"', '"-5"', "prelude", "a time from 0:01", "'-5'"),
        ("silence = 4.5", "silence = 0", "silence", "a time from 0:00.5", "0"),
        ('"5m"', '"5h"', "most", "a time from 0:01 to 240:00", "'5h'"),
        ('"0:03"', '"3:00"', "finale", "a time from 0:00 to 2:00", "'3:00'"),
        ("-20.0", "40", "audience_db", "a number from -60 to 12", "40"),
        ("66.0", '"fast"', "heart_bpm", "a number from 0 to 240", "'fast'"),
        ('at = "0:45"', "", "incidents[0]", "either at or after", "neither"),
        ('at = "0:45"', 'at = "0:45"\nafter = 3', "incidents[0]", "either at or after", "both"),
        ('at = "0:45"', 'at = "1:31"', "incidents[0].at", "a time from 0:00 to 1:30", "'1:31'"),
        ("after = 30", 'after = "5:01"', "incidents[1].after", "a time from 0:00 to 5:00", "'5:01'"),
        ('"GLASS 2"', '"Azure"', "incidents[0].sphere", "a sphere of the set glasses: Glass 1, Glass 2", "'Azure'"),
        ('"GLASS 2"', "2", "incidents[0].sphere", "text", "2"),
        ('"failing"', '"shattered"', "incidents[0].to", "one of: flickering, fractured, failing, or a", "'shattered'"),
        ("to = 0.5", "to = 1.5", "incidents[1].to", "or a number from 0 to 1", "1.5"),
        ("to = 0.5", "to = true", "incidents[1].to", "or a number from 0 to 1", "true"),
        ("to = 0.5", "", "incidents[1].to", "or a number from 0 to 1", "nothing"),
        ('"10s"', "-1", "incidents[0].over", "a time from 0:00", "-1"),
        ("unless_healed = true", 'unless_healed = "yes"', "incidents[0].unless_healed", "true or false", "'yes'"),
        ("to = 0.5", "to = 0.5\nshatter = true", "incidents[1].shatter", "false where there is after", "true"),
        ("to = 0.5", "to = 0.5\nsphinx = 1", "incidents[1].sphinx", "one of the keys", "an unknown key"),
        ("seed = 9", "seed = 9\nencore = true", "encore", "one of the keys", "an unknown key"),
        ("[[incidents]]", "[incidents]", "line", "", ""),
        ('"Two is failing"', '"a\\u0007b"', "incidents[0].say", "printable", ""),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, old: str, new: str, place: str, expected: str, found: str) -> None:
    assert old in GOOD
    path = write(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(ConfigError) as caught:
        load_show(path)
    error = caught.value
    assert error.where.startswith(f"{path}: {place}")
    assert expected in error.expected and found in str(error.found)


def test_too_many_incidents_are_refused(tmp_path: Path) -> None:
    incident = '[[incidents]]\nat = 0\nsphere = "Azure"\nto = 1\n'
    assert len(load_show(write(tmp_path, HEAD + "prelude = 9\n" + MAX_INCIDENTS * incident)).incidents) == MAX_INCIDENTS
    with pytest.raises(ConfigError, match=f"0 to {MAX_INCIDENTS} tables"):
        load_show(write(tmp_path, HEAD + "prelude = 9\n" + (MAX_INCIDENTS + 1) * incident))


def test_a_show_there_is_not() -> None:
    with pytest.raises(ConfigError, match=r"show: expected a file, or one of the shows auditorium, calm"):
        load_show("nowhere")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90.0),
        ("90s", 90.0),
        ("2m", 120.0),
        ("1:30", 90.0),
        ("0:00", 0.0),
        ("1.5", 1.5),
        ("0.5m", 30.0),
        ("1:30.5", 90.5),
        (" 7 ", 7.0),
        ("100:00", 6000.0),
    ],
)
def test_durations(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text",
    ["", "s", "m", "1:", ":30", "1:5", "1:60", "-1", "+1", "1e3", "1h", "1 m", "1:30s", "nan", "inf", "٣", "1_0"],
)
def test_what_is_no_duration(text: str) -> None:
    assert parse_duration(text) is None


@pytest.mark.parametrize(("seconds", "text"), [(0.0, "0:00"), (9.96, "0:10"), (59.97, "1:00"), (90.5, "1:30.5")])
def test_durations_are_shown_as_they_are_read(seconds: float, text: str) -> None:
    assert show_duration(seconds) == text
    assert parse_duration(text) == pytest.approx(seconds, abs=0.05)


def test_words_for_states_are_the_laws() -> None:
    assert HURTS == ("flickering", "fractured", "failing")
    assert all(re.fullmatch("[a-z]+", word) for word in STATES)
