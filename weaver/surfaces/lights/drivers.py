"""The drivers of lights by the names that profiles call them."""

from __future__ import annotations

from collections.abc import Sequence

from weaver.mapping.loom import Spot
from weaver.mapping.profile import Lights
from weaver.model.errors import ConfigError
from weaver.surfaces.lights.akai import Apc40, ApcRgb, Duo, Lpd8
from weaver.surfaces.lights.arturia import BeatStep, MiniLab
from weaver.surfaces.lights.channel import ChannelLights
from weaver.surfaces.lights.driver import Driver, DriverKind
from weaver.surfaces.lights.launch_control import LaunchControl, LaunchControl3
from weaver.surfaces.lights.linnstrument import LinnStrument
from weaver.surfaces.lights.mackie import Mackie, XTouchMini
from weaver.surfaces.lights.monome import Monome
from weaver.surfaces.lights.novation import NovationMk2, NovationRgb
from weaver.surfaces.lights.palette import PaletteLights
from weaver.surfaces.lights.push import Push
from weaver.surfaces.lights.twister import Twister
from weaver.surfaces.lights.weaver import WeaverSurface

DRIVERS: dict[str, DriverKind] = {
    "novation-rgb": NovationRgb,
    "novation-mk2": NovationMk2,
    "palette": PaletteLights,
    "apc-rgb": ApcRgb,
    "apc40": Apc40,
    "duo": Duo,
    "launch-control": LaunchControl,
    "launch-control-3": LaunchControl3,
    "lpd8": Lpd8,
    "minilab": MiniLab,
    "beatstep": BeatStep,
    "twister": Twister,
    "x-touch-mini": XTouchMini,
    "mackie": Mackie,
    "nanokontrol": ChannelLights,
    "push": Push,
    "linnstrument": LinnStrument,
    "monome": Monome,
    "weaver": WeaverSurface,
}
"""What a profile's `driver` may be; each driver's module says how it reads addresses."""


def make_driver(lights: Lights, spots: Sequence[Spot]) -> Driver:
    """The driver of a surface. Raises ConfigError for one that is not known, or that cannot work so."""
    kind = DRIVERS.get(lights.driver)
    if kind is None:
        raise ConfigError("lights.driver", "one of " + ", ".join(DRIVERS), repr(lights.driver))
    return kind(lights, spots)
