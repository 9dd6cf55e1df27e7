"""Draws the page of spheres on a tablet, in the middle of a show, for the README.

python -m weaver.commands.tablet_portrait PAGE.svg
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from weaver.model.spheres import load_set
from weaver.surfaces.touchosc.document import Node
from weaver.surfaces.touchosc.drawing import svg
from weaver.surfaces.touchosc.layout import layout
from weaver.surfaces.touchosc.sizes import size_of
from weaver.surfaces.touchosc.sphere import Look
from weaver.takes.audio_file import whole_file

LOOKS = {
    0: Look(light=0.8),
    1: Look(0.35, 0.72, (0.9, 0.5), "flickering", soothed=0.8),
    2: Look(light=1.0),
    3: Look(0.3, 0.45, (1.5, 1.2, 0.8, 0.5), "fractured"),
    4: Look(light=0.6),
    5: Look(0.2, 0.2, (1.8, 1.8, 1.5, 1.2, 0.9, 0.6, 0.3), "failing"),
    6: Look(0.0, 0.0, (), "shattered"),
    7: Look(0.15, 0.3, (), "reforming"),
}
"""One in each state, one that is soothed, and how brightly they shine as they are played."""
TOLD = {"clock": "0:12", "phase": "prelude", "mood": "violet"}
"""What labels of those names have been told."""


def told(node: Node) -> Node:
    """A control and all below it, when labels have been told `TOLD`."""
    text = {"text": TOLD[node.name]} if node.kind == "LABEL" and node.name in TOLD else node.values
    return replace(node, values=text, children=tuple(map(told, node.children)))


if __name__ == "__main__":
    root = layout(load_set("auditorium"), size_of("tablet", "landscape"), LOOKS)
    with whole_file(Path(sys.argv[1])) as hidden:
        hidden.write_text(svg(told(root)), encoding="utf-8")
