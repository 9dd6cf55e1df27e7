"""Controls are taught while the instrument plays: those of a stranger, and those of a controller that is known."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.twins.launchpad_mk3 import LaunchpadX
from support.twins.plain import Box
from support.twins.plug import Plug, plugged
from support.twins.stage import Stage

from weaver.hands.learning import Learning
from weaver.mapping.profile_file import load_profile
from weaver.model.errors import ConfigError
from weaver.model.parameters import INDEX

TURN_S = 0.01


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WEAVER_CONFIGS", str(tmp_path))
    return tmp_path / "controllers"


@pytest.fixture
def lesson(stage: Stage, own: Path) -> Iterator[Learning]:
    listening = stage.instrument.listening
    yield listening.learn()
    listening.learn_no_more()


def target(stage: Stage, name: str) -> float:
    return float(stage.state.target[INDEX[name]])


def teach(stage: Stage, lesson: Learning, move: Callable[[], None]) -> str:
    """Move a control once the lesson listens; what the lesson says then."""
    before = lesson.said
    move()

    def is_answered() -> bool:
        lesson.turn()
        return lesson.said != before

    assert stage.until(is_answered, 4.0), "no answer"
    return lesson.said


def is_seated(stage: Stage, title: str) -> Callable[[], bool]:
    def look() -> bool:
        hands = stage.instrument.picture().hands
        return any(title in hand.title and hand.is_connected and hand.state == "ready" for hand in hands)

    return look


def sweep(plug: Plug, number: int, *values: int) -> None:
    for value in values:
        plug.turn(number, value)
        time.sleep(TURN_S)


def test_a_stranger_is_taught_and_plays_at_once(stage: Stage, lesson: Learning, own: Path) -> None:
    with plugged(Box()) as (box,):
        assert stage.until(is_seated(stage, "Box of Knobs"))
        lesson.plan([("wet_db", None), ("strike", 2), ("lift", 4)])
        assert "wet_db" in teach(stage, lesson, lambda: sweep(box, 0, 60, 61, 62, 63))
        assert "strike sphere 3" in teach(stage, lesson, lambda: box.press(1, 0))
        assert "lift sphere 5" in teach(stage, lesson, lambda: sweep(box, 1, 10, 11, 12, 13))
        assert lesson.planned == 0
        profile = load_profile("box-of-knobs-midi-1")
        assert profile.is_own and len(profile.controls) == 3
        stage.hush()
        sweep(box, 0, *range(0, 128, 4), 127)  # past where it stands: it takes over
        assert stage.until(lambda: target(stage, "wet_db") == pytest.approx(6.0))
        box.release(1, 0)
        box.press(1, 0)
        assert stage.until(lambda: stage.lights().argmax() == 2 and stage.lights()[2] > 0.3)
        sweep(box, 1, *range(0, 128, 4), 127)
        assert stage.until(lambda: float(stage.state.sphere.lift_target[4]) == pytest.approx(6.0))
        assert (own / "box-of-knobs-midi-1.toml").read_text().startswith("# What `weaver learn` was taught")


def test_a_stranger_plays_by_the_mode_until_it_is_taught(stage: Stage, lesson: Learning) -> None:
    """Pads: the set's base note is the first sphere."""
    with plugged(Box()) as (box,):
        assert stage.until(is_seated(stage, "Box of Knobs"))
        base = stage.instrument.engine.spheres.base_note

        def sixth_rings() -> bool:
            """What falls into a period that the machine loses is lost with it: the key is played again."""
            box.say(bytes((0x90, base + 5, 100)))
            stage.wait(0.1)
            box.say(bytes((0x80, base + 5, 0)))
            return bool(stage.lights().argmax() == 5 and stage.lights()[5] > 0.3)

        assert stage.until(sixth_rings)


def test_a_known_controller_is_taught_on_top_of_what_it_does(stage: Stage, lesson: Learning, own: Path) -> None:
    with plugged(LaunchpadX()) as (plug,):

        def does(what: Callable[[], object]) -> bool:
            """Whether the lowest pad does this; the map that makes it so may be on its way yet."""
            plug.press(0, 0)
            stage.wait(0.1)
            is_done = bool(what())
            plug.release(0, 0)
            return is_done

        assert stage.until(is_seated(stage, "Launchpad X"))
        lesson.plan([("soothe", 7)])
        said = teach(stage, lesson, lambda: plug.press(0, 0))
        plug.release(0, 0)
        assert "soothe sphere 8" in said and "it did: strike" in said and "launchpad-x.toml" in said
        assert stage.until(lambda: does(lambda: stage.state.touch.soothe_target[7] == 1.0))
        assert stage.until(lambda: float(stage.state.touch.soothe_target[7]) == 0.0)
        stage.hush()
        plug.press(3, 0)  # all else is as it was
        assert stage.until(lambda: stage.lights().argmax() == 3 and stage.lights()[3] > 0.3)
        plug.release(3, 0)
        lesson.undo()
        assert not (own / "launchpad-x.toml").exists()
        stage.hush()
        assert stage.until(lambda: does(lambda: stage.lights()[0] > 0.3))


def test_what_cannot_be_taught_is_said_and_nothing_is_written(stage: Stage, lesson: Learning, own: Path) -> None:
    with plugged(Box()) as (box,):
        assert stage.until(is_seated(stage, "Box of Knobs"))
        lesson.plan([("wet_db", None)])
        assert "a knob or a fader" in teach(stage, lesson, lambda: box.press(0, 0))
        assert lesson.view().is_wrong and lesson.planned == 1
        assert not own.exists()
        lesson.undo()
        assert "nothing has been taught" in lesson.said


def test_goals_that_are_not_there(lesson: Learning) -> None:
    with pytest.raises(ConfigError, match="wet_db"):
        lesson.plan([("wet", None)])
    with pytest.raises(ConfigError, match="1 to 8"):
        lesson.plan([("lift", 8)])


def test_the_page_goes_round(stage: Stage, lesson: Learning) -> None:
    assert lesson.view().sphere == stage.instrument.engine.spheres.spheres[0].name
    lesson.choose_sphere(-1)
    assert lesson.view().sphere == "all"
    lesson.choose(-1)
    assert lesson.view().at == len(lesson.view().goals) - 1
    assert stage.instrument.picture().lesson == lesson.view()
