"""What the keys of the terminal do to controllers."""

from __future__ import annotations

from support.jack import JackServer, environment
from support.twins.launchpad_mk3 import LaunchpadX
from support.twins.plug import plugged
from support.twins.stage import on_stage, ready

from weaver.commands.play import do
from weaver.surfaces.presses import press_of
from weaver.wishes import Wishes


def test_lights_anew_pages_and_lessons(jackd: JackServer, tmp_path: object) -> None:
    """Sixteen glasses are two pages of a Launchpad."""
    wishes = Wishes(audio="jack", spheres="glasses", stakes="off")
    with environment(WEAVER_DATA=str(tmp_path)), on_stage(wishes) as stage, plugged(LaunchpadX()) as (plug,):
        instrument = stage.instrument

        def press(key: str) -> None:
            do(instrument, press_of(key, 16, learning=instrument.listening.lesson is not None))

        stage.ring()
        assert ready(stage, plug)
        stage.hush()
        stage.wait(1.0)  # until no light fades any more
        shown = set(plug.lights())
        plug.twin.lights.clear()
        stage.wait(0.1)
        assert len(shown) > 50 and len(plug.lights()) < 40, "what does not change is not told again by itself"
        press("*")
        assert stage.until(lambda: set(plug.lights()) == shown, 2.0)
        press(">")
        assert stage.until(lambda: instrument.picture().hands[0].page == 1)
        press("<")
        assert stage.until(lambda: instrument.picture().hands[0].page == 0)
        press("+")
        lesson = instrument.listening.lesson
        assert lesson is not None
        before = lesson.goal
        press("↓")
        assert lesson.goal != before
        press("↑")
        assert lesson.goal == before
        press("→")
        assert lesson.view().sphere == instrument.engine.spheres.spheres[1].name
        press("-")
        assert "nothing has been taught" in lesson.said
        press("+")
        assert instrument.listening.lesson is None
