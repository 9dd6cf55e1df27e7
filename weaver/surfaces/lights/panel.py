"""The lights of one surface: what they show, what it was told, and how it is told."""

from __future__ import annotations

from collections.abc import Mapping

from weaver.mapping.loom import Laid
from weaver.mapping.profile import Lights
from weaver.surfaces.lights.drivers import make_driver
from weaver.surfaces.lights.looks import Looks
from weaver.surfaces.lights.memory import LightMemory
from weaver.surfaces.lights.shine import Knobs, Shine
from weaver.surfaces.lights.weaver import spread

NOTE_OFF, NOTE_ON = 0x80, 0x90


class Panel:
    """Made once for a surface and a page of its layout, `before` that of the page before. Raises ConfigError for lights
    that no driver can tell."""

    def __init__(self, laid: Laid, lights: Lights, before: Panel | None = None) -> None:
        self.laid = spread(laid, lights)
        self.looks = Looks(self.laid)
        self.driver = make_driver(lights, self.laid.spots)
        fingers = before.memory.fingers if before is not None else set()
        self.memory: LightMemory = LightMemory(self.driver, lights, self.laid.spots, fingers)

    def frame(
        self, shine: Shine, knobs: Knobs, now_s: float, deeds: Mapping[str, float] | None = None
    ) -> list[tuple[bytes, float]]:
        """What to send now: (message, seconds to wait after it). `now_s` is any clock that runs on; `deeds` stands for
        the shine's, where this surface can do others."""
        if not self.memory.is_due(now_s):
            return []
        wanted = self.looks.wanted(shine, knobs, deeds)
        urgency = self.looks.urgency(shine) if self.memory.has_to_choose else None
        return self.memory.frame(wanted, now_s, urgency, self.driver.extras(shine, self.laid.first))

    def forget(self) -> None:
        """Paint everything anew: the device may show anything."""
        self.memory.forget()

    def felt(self, data: bytes, now_s: float) -> None:
        """A message that may tell of a finger on a fader, or off it (`Group.touch_first`)."""
        if len(data) > 2 and data[0] in (NOTE_ON, NOTE_OFF):
            self.memory.felt(data[1], data[0] == NOTE_ON and data[2] > 0, now_s)

    def touched(self, place: int, now_s: float) -> None:
        """The control at a place of `Laid.assignments` was pressed, turned or let go."""
        self.memory.touched(place, now_s)
