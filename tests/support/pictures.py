"""An instrument as surfaces see it, for tests of surfaces."""

from __future__ import annotations

from weaver.surfaces.picture import Picture, PortView, SphereView

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
