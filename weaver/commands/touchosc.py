"""`weaver touchosc`: a layout for TouchOSC, made for a set; or a picture of one of its pages."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console

from weaver.cli import FINE
from weaver.model.errors import ConfigError
from weaver.model.osc_space import RECEIVE_PORT, REPLY_PORT
from weaver.model.spheres import load_set
from weaver.surfaces.touchosc.document import tosc
from weaver.surfaces.touchosc.drawing import svg
from weaver.surfaces.touchosc.layout import PAGES, layout
from weaver.surfaces.touchosc.sizes import size_of
from weaver.takes.audio_file import check_folder, whole_file

LAYOUT, PICTURE = ".tosc", ".svg"
"""What the end of a name stands for."""


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Write it. Raises ConfigError for a file that is there already, and for all else, before anything is written."""
    path: Path = arguments.output
    if path.suffix.lower() not in (LAYOUT, PICTURE):
        raise ConfigError(str(path), f"a name that ends in {LAYOUT}, or in {PICTURE} for a picture", repr(path.name))
    check_folder(path)
    page = PAGES[0] if arguments.page is None else arguments.page.upper()
    if page not in PAGES:
        raise ConfigError("--page", "one of " + ", ".join(PAGES).lower(), repr(arguments.page))
    if arguments.page is not None and path.suffix.lower() == LAYOUT:
        raise ConfigError("--page", f"a picture, as a layout has all pages: a name in {PICTURE}", repr(path.name))
    if path.exists() and not arguments.force:
        raise ConfigError(str(path), "a new name, or --force", "a file that is there already")
    spheres = load_set(arguments.set)
    root = layout(spheres, size_of(arguments.size, arguments.orientation))
    is_layout = path.suffix.lower() == LAYOUT
    data = tosc(root) if is_layout else svg(root, PAGES.index(page)).encode("utf-8")
    with whole_file(path) as hidden:
        hidden.write_bytes(data)
    what = f"for a {arguments.size}, {arguments.orientation}: {spheres.title}"
    console.print(f"{path}: {'a layout' if is_layout else 'a picture of a layout'} {what}", soft_wrap=True)
    if is_layout:
        console.print(
            f"Open it in TouchOSC. Under Connections, OSC: the address that 'weaver play --lan' prints, "
            f"send port {RECEIVE_PORT}, receive port {REPLY_PORT}.",
            soft_wrap=True,
        )
    return FINE
