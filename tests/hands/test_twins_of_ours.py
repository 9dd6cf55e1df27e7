"""Our own controller, by its own firmware: welcomed, painted, played with force, missed and found again."""

from __future__ import annotations

from collections.abc import Iterable

from support.twins.plug import Plug, plugged
from support.twins.sphere_controller import SphereController
from support.twins.stage import WAKES_IN_S, Stage, hue_apart, is_painted, shown

from weaver.model import surface_protocol as protocol

AZURE_HUE = (7, 200.0)
LIGHTS = 8 * 16


class Hung(SphereController):
    """Its firmware can hang: it neither hears nor says anything then."""

    hangs = False

    def _hear(self, message: bytes, now_s: float, port: int) -> Iterable[bytes]:
        return [] if self.hangs else super()._hear(message, now_s, port)


def is_ready(stage: Stage, plug: Plug) -> bool:
    """Whether it is painted in time. Its idle look is no picture."""
    return stage.until(lambda: plug.mode == "welcome" and is_painted(plug), WAKES_IN_S + protocol.ALIVE_EVERY_S)


def says(plug: Plug) -> list[protocol.Message]:
    """All it was told in our protocol."""
    return [protocol.decode(data) for _, _, data in plug.heard() if protocol.is_ours(data)]


def state(stage: Stage) -> str:
    """What the page says of it, the latest to have come."""
    return next(hand.state for hand in stage.instrument.picture().hands if hand.title == "Sphere controller")


def test_it_is_welcomed_painted_and_played_pulled_and_back(stage: Stage) -> None:
    stage.ring()
    with plugged(SphereController()) as (plug,):
        assert is_ready(stage, plug)
        sphere, hue = AZURE_HUE
        assert all(hue_apart(colour, hue) < 30.0 for colour in shown(plug, sphere))
        assert stage.until(lambda: any(isinstance(said, protocol.HostAlive) for said in says(plug)))
        energies = []
        for velocity in (20, 120):
            stage.hush()
            assert stage.struck_by(lambda velocity=velocity: plug.press(4, 0, velocity)) == 4  # type: ignore[misc]
            energies.append(float(stage.state.sphere.energy[4]))
            plug.release(4, 0)
        assert energies[1] > 3.0 * energies[0]
        stage.hush()
        plug.press(4, 0, 1)
        plug.lean(4, 0, 127)
        assert stage.until(lambda: stage.state.touch.pressure[4] > 0.5), "pressure rubs"
        plug.pull()
        assert stage.until(lambda: stage.state.touch.pressure[4] < 0.01), "and is let go with the cable"
        assert plug.mode == "idle"
        plug.put_back()
        stage.ring()
        assert is_ready(stage, plug)
        assert plug.twin.refused["lost"] == 0


def test_who_hangs_is_asleep_and_comes_back_when_it_says_so(stage: Stage) -> None:
    stage.ring()
    twin = Hung()
    with plugged(twin) as (plug,):
        assert is_ready(stage, plug)
        twin.hangs = True
        assert stage.until(lambda: state(stage) == "asleep", protocol.LOST_AFTER_S + 1.0)
        twin.hangs = False
        plug.do("pass_time", protocol.LOST_AFTER_S)
        assert plug.mode == "idle"
        stage.ring()
        assert is_ready(stage, plug)
        assert stage.until(lambda: state(stage) == "ready")


def test_what_it_could_not_read_is_painted_anew(stage: Stage) -> None:
    with plugged(SphereController()) as (plug,):
        stage.ring()
        assert is_ready(stage, plug)
        stage.hush()
        assert stage.until(lambda: any(isinstance(said, protocol.HostAlive) for said in says(plug)))

        def told() -> set[int]:
            pictures = [said for said in says(plug) if isinstance(said, protocol.Picture)]
            return {light for said in pictures for light in range(said.first, said.first + len(said.lights))}

        stage.wait(1.2)
        plug.forget()
        stage.instrument.engine.gesture("strike", 3, velocity=0.3)
        stage.wait(2.2)
        assert 0 < len(told()) < LIGHTS
        plug.twin._controller.lost += 1  # type: ignore[attr-defined]
        assert stage.until(lambda: len(told()) == LIGHTS)
