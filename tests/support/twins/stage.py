"""An instrument that plays on a JACK server, and what its spheres and its surfaces show: to be compared."""

from __future__ import annotations

import colorsys
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from support.jack import settle
from support.twins.monome import GridPlug
from support.twins.plug import Plug
from support.twins.twin import DARK, Colour

from weaver.app import Instrument
from weaver.wishes import Wishes

SPHERES = 8
TURN_S = 1.0 / 15.0
LOOK_S = 0.004
WAKES_IN_S = 3.0
"""From plugged in to painted whole."""
GIVE_UP_S = 8.0
LINGERS_S = 0.05
"""Until what was played before has been heard."""
QUIET = 1e-6
HELD_UP = 0.03
"""Of all messages."""
LIT = 0.1
SICKLY_DEGREES, SICKLY_NEAR = 60.0, 22.0
"""Yellow: the hue of what is hurt."""


Surface = Plug | GridPlug


class Stage:
    """`instrument`, driven from here: whoever waits for anything turns it meanwhile."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self._turned_s = 0.0

    def turn(self) -> None:
        """As often as a page does."""
        if time.monotonic() - self._turned_s >= TURN_S:
            self._turned_s = time.monotonic()
            self.instrument.turn()

    def until(self, what: Callable[[], object], give_up_s: float = GIVE_UP_S) -> bool:
        """Whether `what()` becomes true."""
        until_s = time.monotonic() + give_up_s
        while not what():
            if time.monotonic() > until_s:
                return False
            self.turn()
            time.sleep(LOOK_S)
        return True

    def wait(self, seconds: float) -> None:
        self.until(lambda: False, seconds)

    @property
    def state(self) -> np.record:
        return self.instrument.engine.state

    def lights(self) -> NDArray[np.float32]:
        """The living light of every sphere, 0 to 1."""
        return np.array(self.instrument.engine.snapshot().light[:SPHERES])

    def states(self) -> list[str]:
        return [sphere.state for sphere in self.instrument.picture().spheres]

    def slots_heard(self) -> NDArray[np.int64]:
        """How many messages each slot of the decoder has had."""
        return np.array(self.state.midi.port_events)

    def hush(self) -> None:
        """All silent, once what was let go has been heard."""
        self.wait(LINGERS_S)
        self.instrument.engine.panic()
        assert self.until(lambda: self.state.sphere.energy[:SPHERES].max() < QUIET)
        assert self.until(lambda: self.lights().max() < LIT)

    def ring(self) -> None:
        """All spheres sound."""
        for sphere in range(SPHERES):
            self.instrument.engine.gesture("strike", sphere, velocity=0.9)
        assert self.until(lambda: self.lights().min() > LIT)

    def struck_by(self, deed: Callable[[], None], give_up_s: float = 1.0) -> int | None:
        """The sphere that begins to sound when this is done; None if none does."""
        before = self.lights()
        deed()
        self.until(lambda: (self.lights() - before).max() > LIT, give_up_s)
        risen = self.lights() - before
        return int(risen.argmax()) if risen.max() > LIT else None


@contextmanager
def on_stage(wishes: Wishes) -> Iterator[Stage]:
    with Instrument(wishes) as instrument:
        yield Stage(instrument)


def places(plug: Surface, sphere: int) -> list[Hashable]:
    """Where a surface shows a sphere of the first eight: its column with what lies above, or its pad of four by n."""
    twin = plug.twin
    if twin.columns >= SPHERES:
        pads: list[Hashable] = [(sphere, row) for row in range(twin.rows)]
        return pads + [("ring", sphere)] + [("knob", sphere + 8 * row) for row in range(3)]
    return [(sphere % twin.columns, sphere // twin.columns)]


def shown(plug: Surface, sphere: int) -> list[Colour]:
    """What a surface shows of a sphere, dark lights left out."""
    lights = plug.lights()
    return [lights[where] for where in places(plug, sphere) if lights.get(where, DARK) != DARK]  # type: ignore[misc]


def brightness(plug: Surface, sphere: int) -> int:
    """Of all lights of a sphere together."""
    return sum(sum(colour) for colour in shown(plug, sphere))


def is_painted(plug: Surface, spheres: int = SPHERES) -> bool:
    """Whether a surface shows something of every sphere."""
    return all(shown(plug, sphere) for sphere in range(spheres))


def hue_degrees(colour: Colour) -> float:
    return 360.0 * colorsys.rgb_to_hsv(*(channel / 255 for channel in colour))[0]


def hue_apart(colour: Colour, degrees: float) -> float:
    """How far a colour's hue is from one, 0 to 180."""
    return abs((hue_degrees(colour) - degrees + 180.0) % 360.0 - 180.0)


def is_grey(colour: Colour) -> bool:
    return colorsys.rgb_to_hsv(*(channel / 255 for channel in colour))[1] < 0.2


def is_sickly(colour: Colour) -> bool:
    return sum(colour) > 60 and not is_grey(colour) and hue_apart(colour, SICKLY_DEGREES) < SICKLY_NEAR


def rows_of(plug: Surface, sphere: int) -> list[tuple[int, int]]:
    """The pads that may be a sphere's, from below."""
    twin = plug.twin
    if twin.columns >= SPHERES:
        return [(sphere, row) for row in range(twin.rows)]
    return [(sphere % twin.columns, sphere // twin.columns)]


def striking_pad(stage: Stage, plug: Surface, sphere: int) -> tuple[int, int] | None:
    """The lowest pad of a sphere's that makes anything sound; it has been played, and let go."""
    for pad in rows_of(plug, sphere):
        struck = stage.struck_by(lambda pad=pad: plug.press(*pad), 0.4)  # type: ignore[misc]
        plug.release(*pad)
        if struck is not None:
            assert struck == sphere, f"{pad} of {plug.twin.kind} strikes sphere {struck}, not {sphere}"
            return pad
    return None


def slot_of(stage: Stage, plug: Surface) -> int:
    """The decoder's slot that hears a device."""
    stage.wait(LINGERS_S)
    if isinstance(plug, Plug):
        settle()
    before = stage.slots_heard()
    plug.press(0, 0, 1)
    plug.release(0, 0)
    assert stage.until(lambda: (stage.slots_heard() - before).sum() >= 2)
    heard = stage.slots_heard() - before
    assert np.count_nonzero(heard) == 1, f"heard by slots {np.flatnonzero(heard)}"
    return int(heard.argmax())


def ready(stage: Stage, *plugs: Surface) -> bool:
    """Whether all of them are painted, in time."""
    return stage.until(lambda: all(is_painted(plug) for plug in plugs), WAKES_IN_S)


def is_within_its_rate(apc: Plug) -> bool:
    """Whether an APC mini mk2 has had to drop nothing, but for what a moment's hold-up of the machine heaped up."""
    refused = apc.twin.refused
    return not refused["too many pads"] and refused["flood"] <= HELD_UP * len(apc.heard())
