"""An instrument as surfaces see it, for tests of surfaces."""

from __future__ import annotations

import io
from dataclasses import replace

from rich.console import Console

from weaver.surfaces.picture import (
    MoodView,
    NetworkView,
    PeerView,
    Picture,
    PortView,
    ShowView,
    SphereView,
)
from weaver.surfaces.sky import STILL, Drift
from weaver.surfaces.terminal import page

SPHERES = (
    SphereView("Violet", "#8a4bff", 130.8128, 1.0, False),
    SphereView("Gold", "#f5b52e", 327.032, 0.5, True),
    SphereView("Azure", "#2fb8ff", 1308.128, 0.0, False),
)
PICTURE = Picture(
    title="The Grand Auditorium",
    host="jack",
    device="system",
    sample_rate=48_000.0,
    block_frames=64,
    latency_s=0.0027,
    load=0.034,
    underflows=0,
    is_running=True,
    note="",
    mode="pads",
    meter=(0.5, 0.0),
    reduction=1.0,
    spheres=SPHERES,
    ports=(PortView("Launchpad", True, 7, 0.1), PortView("Faderfox", False, 0, None)),
    ports_note="",
)
FAILING = replace(
    SPHERES[2], light=0.1, health=0.22, state="failing", cracks=(1.9, 1.2, 0.9, 0.5, 0.2), flicker=0.3, soothed=0.8
)
TENSE = MoodView(gold=0.62, crimson=0.27, violet=0.04, blue=0.04, emerald=0.03, gaze=0.85, pressure=0.7)
SCENE = replace(
    PICTURE,
    spheres=(*SPHERES[:2], FAILING),
    mood=TENSE,
    heart_bpm=132.0,
    heart_phase=0.05,
    stakes="performance",
    show=ShowView("The Grand Auditorium of Worlds", "prelude", 20.04, 5.8, 0.0, 0.0),
)
"""Twenty seconds before the first note, and Azure fails."""

TABLET = PeerView("192.168.1.20:9000", "192.168.1.20:9000", "udp", 7, 0.1, True, False, False)
NETWORK = NetworkView("weaver", ("192.168.1.2:8000",), True, 9000, "http://192.168.1.2:8010/", (TABLET,))


def with_azure(picture: Picture, **changes: object) -> Picture:
    """The same, but for Azure."""
    return replace(picture, spheres=(*picture.spheres[:2], replace(picture.spheres[2], **changes)))  # type: ignore[arg-type]


def text_of(
    picture: Picture,
    width: int = 110,
    height: int = 30,
    first: int = 0,
    drift: Drift = STILL,
    shows_network: bool = False,
) -> str:
    """The page without its colours."""
    console = Console(width=width, height=height, record=True, file=io.StringIO(), force_terminal=True)
    console.print(page(picture, width, height, first, drift, shows_network))
    return console.export_text()


def line_with(text: str, word: str) -> str:
    """The first line with a word in it."""
    return next(line for line in text.splitlines() if word in line)
