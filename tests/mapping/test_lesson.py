"""What a player teaches is kept in a file that is theirs, and can be taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from weaver.mapping.ear import Moved
from weaver.mapping.lay import lay
from weaver.mapping.lesson import Goal, Lesson, goals, pattern_of, slug
from weaver.mapping.loom_file import load_loom
from weaver.mapping.profile import Ports, Profile
from weaver.mapping.profile_file import load_profile, load_profiles
from weaver.model.errors import ConfigError

KNOB = Moved(0, "cc", 4, 21, "absolute")
PAD = Moved(0, "note", 0, 11, "absolute")
WHEEL = Moved(0, "bend", 0, 0, "absolute-14")
GOALS = {goal.word: goal for goal in goals()}


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The player's own folder of controllers, which does not exist yet."""
    monkeypatch.setenv("WEAVER_CONFIGS", str(tmp_path / "own"))
    return tmp_path / "own" / "controllers"


def stranger(port: str = "a2j:Foo Box [24] (capture): Foo Box MIDI 1") -> Lesson:
    return Lesson(Profile(slug(port), port, "", "low", (), "mode", Ports()), port, anonymous=True)


def test_a_stranger_becomes_a_controller_that_is_known_again(own: Path) -> None:
    taught = stranger().teach(GOALS["wet_db"], None, KNOB)
    assert (taught.does, taught.did) == ("wet_db", "")
    assert taught.control == "CC 21 on channel 5"
    profile = load_profile(own / "foo-box-midi-1.toml")
    assert [(bound.number, bound.channel, bound.parameter) for bound in profile.controls] == [(21, 4, "wet_db")]
    assert profile.controls[0].takeover == "pickup"
    assert profile.notes == "mode"
    (pattern,) = profile.ports.input
    assert pattern.search("a2j:Foo Box [31] (capture): Foo Box MIDI 1")
    assert not pattern.search("a2j:Foo Box [24] (capture): Foo Box MIDI 2")
    assert profile in load_profiles()[0]


def test_a_known_controller_keeps_all_the_rest(own: Path) -> None:
    shipped = load_profile("launchpad-x")
    Lesson(shipped, "Launchpad X").teach(GOALS["hush"], None, PAD)
    mine = load_profile("launchpad-x")
    assert mine.is_own
    assert mine.groups == shipped.groups
    assert mine.ports == shipped.ports
    laid = lay(mine, load_loom, 8)
    assert [a.deed for a in laid.assignments if a.control.number == 11 and a.control.message == "note"] == ["hush"]


def test_what_a_control_did_is_said_and_given_back(own: Path) -> None:
    lesson = stranger()
    lesson.teach(GOALS["wet_db"], None, KNOB)
    again = lesson.teach(GOALS["lift"], 2, KNOB)
    assert (again.does, again.did) == ("lift sphere 3", "wet_db")
    assert len(load_profile(lesson.path).controls) == 1
    assert lesson.undo()
    assert [bound.parameter for bound in load_profile(lesson.path).controls] == ["wet_db"]
    assert lesson.undo()
    assert not lesson.path.exists()
    assert not lesson.undo()


def test_what_a_player_wrote_into_the_file_stays(own: Path) -> None:
    lesson = stranger()
    lesson.teach(GOALS["wet_db"], None, KNOB)
    lesson.path.write_text(lesson.path.read_text() + "\n# my favourite\n[[controls]]\nnote = 60\ndo = 'panic'\n")
    with pytest.raises(ConfigError, match="nothing is undone"):
        lesson.undo()
    lesson.teach(GOALS["lift"], None, KNOB)
    text = lesson.path.read_text()
    assert "# my favourite" in text
    assert [bound.do or bound.gesture for bound in load_profile(lesson.path).controls] == ["lift", "panic"]


def test_an_encoder_is_taught_as_one(own: Path) -> None:
    lesson = stranger()
    lesson.teach(GOALS["stakes"], None, KNOB)
    lesson.teach(GOALS["bend"], 0, Moved(0, "cc", 0, 7, "twos-complement"))
    lesson.teach(GOALS["level_db"], None, WHEEL)
    pressed, turned, wheel = load_profile(lesson.path).controls
    assert pressed.do == "stakes"
    assert (turned.encoding, turned.sphere, turned.gesture) == ("twos-complement", 0, "bend")
    assert (wheel.message, wheel.parameter) == ("bend", "level_db")


def test_a_control_of_the_profile_tells_as_that_says(own: Path) -> None:
    """One way round, twos-complement and sign-magnitude sound alike."""
    profile = load_profile("x-touch")
    pot = next(group for group in profile.groups if group.encoding == "sign-magnitude").controls[0]
    lesson = Lesson(profile, "X-Touch")
    lesson.teach(GOALS["bend"], 0, Moved(0, pot.message, pot.channel, pot.number, "twos-complement"))
    assert load_profile(lesson.path).controls[0].encoding == "sign-magnitude"


@pytest.mark.parametrize(
    ("word", "sphere", "moved", "expected"),
    [
        ("wet_db", None, PAD, "a knob or a fader"),
        ("lift", 1, PAD, "a knob or a fader"),
        ("strike", 1, WHEEL, "a pad"),
        ("bind", None, PAD, "one sphere"),
    ],
)
def test_what_cannot_be_is_not_written(own: Path, word: str, sphere: int | None, moved: Moved, expected: str) -> None:
    with pytest.raises(ConfigError, match=expected):
        stranger().teach(GOALS[word], sphere, moved)
    assert not own.exists()


def test_a_broken_file_is_left_as_it_is(own: Path) -> None:
    lesson = stranger()
    own.mkdir(parents=True)
    lesson.path.write_text("title = \n")
    with pytest.raises(ConfigError, match="foo-box-midi-1"):
        lesson.teach(GOALS["wet_db"], None, KNOB)
    assert lesson.path.read_text() == "title = \n"
    lesson.path.write_text('format = 1\ntitle = "x"\nevidence = "low"\nnonsense = 3\n')
    with pytest.raises(ConfigError, match="nonsense"):
        lesson.teach(GOALS["wet_db"], None, KNOB)
    assert "wet_db" not in lesson.path.read_text()
    assert [path.name for path in own.iterdir()] == [lesson.path.name]


@pytest.mark.parametrize("goal", goals(), ids=lambda goal: goal.word)
def test_every_goal_can_be_taught(own: Path, goal: Goal) -> None:
    lesson = stranger()
    lesson.teach(goal, 0 if goal.of_sphere else None, PAD if goal.is_pressed else KNOB)
    laid = lay(load_profile(lesson.path), load_loom, 8)
    assert len(laid.assignments) == 1
    assert laid.assignments[0].deed != "none"


def test_names_of_files_and_ports() -> None:
    assert slug("a2j:Foo Box [24] (capture): Foo Box MIDI 1") == "foo-box-midi-1"
    assert slug("USB Pads 20:0") == "usb-pads"
    assert slug("★") == "controller"
    assert pattern_of("USB (Pads) 20:0") == r"^USB\ \(Pads\)\ \d+:\d+$"
