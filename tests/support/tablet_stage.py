"""An instrument that tablets play: where it listens, and tablets with its own layouts beside it."""

from __future__ import annotations

import math
from typing import Any

from support.osc_peers.peer import LOOPBACK, free_port
from support.touch_osc import Control, Finger, Tablet
from support.twins.stage import Stage

from weaver.tablets.layouts import layouts
from weaver.wishes import Wishes

LARGE, SMALL = "sonic-weaver-tablet-landscape.tosc", "sonic-weaver-phone-portrait.tosc"
_STEP_S = 1 / 60


def wishes(**more: Any) -> Wishes:
    """On ports of its own; the network is the tablet's only way to it."""
    found: dict[str, Any] = {"audio": "silent", "midi": "none", "discovery": False}
    return Wishes(**(found | {"osc_port": free_port(), "reply_port": free_port()} | more))


def listens_at(stage: Stage) -> tuple[str, int]:
    """Where the instrument says it listens."""
    assert stage.instrument.tablets is not None
    host, _, port = stage.instrument.tablets.view().addresses[0].rpartition(":")
    return host, int(port)


def tablet(stage: Stage, source: str = LOOPBACK, layout: str = LARGE, **more: Any) -> Tablet:
    """A tablet at that address with one of the instrument's layouts, set up as the page says."""
    data = layouts(stage.instrument.engine)[layout]()
    return Tablet(data, more.pop("to", listens_at(stage)), stage.instrument.wishes.reply_port, source, **more)


def pad(tablet: Tablet, address: str) -> Control:
    """The control that sends to an address, on its page, which is turned to."""
    control = tablet.senders(address)[0]
    tablet.open(control)
    return control


def strike(tablet: Tablet, sphere: int, x: float = 0.5, y: float = 0.8) -> None:
    """Tap a sphere, counted from 1."""
    tablet.tap(pad(tablet, f"/sphere/{sphere}/finger/1"), x, y)


def go_round(stage: Stage, finger: Finger, rounds: float, rounds_per_s: float = 1.0, radius: float = 0.4) -> None:
    """A finger goes round its sphere, by sixtieths of a second."""
    for step in range(round(rounds / rounds_per_s / _STEP_S)):
        angle = 2 * math.pi * step * rounds_per_s * _STEP_S
        finger.move(0.5 + radius * math.sin(angle), 0.5 + radius * math.cos(angle))
        stage.wait(_STEP_S)


def drawn(tablet: Tablet, address: str) -> Control:
    """The control that the script draws for an address: it is its name."""
    return next(control for control in tablet.root.walk() if control.name == address)


def brightness(tablet: Tablet, sphere: int) -> float:
    """How bright a sphere's disc is, 0 to 3."""
    return float(sum(drawn(tablet, f"/sphere/{sphere}/light").properties["color"][:3]))


def cracks_drawn(tablet: Tablet, sphere: int) -> int:
    """Pieces of cracks that are seen on a sphere."""
    wanted = f"/sphere/{sphere}/crack/"
    cracks = (control for control in tablet.root.walk() if control.name.startswith(wanted))
    return sum(piece.properties["visible"] for crack in cracks for piece in crack.children)


def value(tablet: Tablet, address: str) -> float:
    """Where the fader or knob of an address stands, 0 to 1."""
    return float(tablet.senders(address)[0].values["x"])


def is_veiled(tablet: Tablet) -> bool:
    """Whether it shows that the instrument does not answer."""
    return any(c.properties["visible"] for c in tablet.root.walk() if c.properties["tag"] == "silent")


def is_painted(tablet: Tablet) -> bool:
    """Whether it has been told how every sphere is, and shows that the instrument answers."""
    return not is_veiled(tablet) and all(tablet.last(f"/sphere/{n}/light") for n in range(1, 9))
