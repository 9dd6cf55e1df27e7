"""The layouts that a tablet may fetch: made for the set on stage when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from weaver.engine.engine import Engine
from weaver.surfaces.touchosc.document import tosc
from weaver.surfaces.touchosc.layout import layout
from weaver.surfaces.touchosc.sizes import DEVICES, ORIENTATIONS, Device, Orientation, size_of


def layouts(engine: Engine) -> Mapping[str, Callable[[], bytes]]:
    """By their file names: what makes the bytes of a layout."""

    def maker(device: Device, orientation: Orientation) -> Callable[[], bytes]:
        return lambda: tosc(layout(engine.spheres, size_of(device, orientation)))

    return {
        f"sonic-weaver-{device}-{orientation}.tosc": maker(device, orientation)
        for device in DEVICES
        for orientation in ORIENTATIONS
    }
