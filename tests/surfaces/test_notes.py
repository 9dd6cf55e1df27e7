"""What is said where there is no page."""

from __future__ import annotations

from dataclasses import replace

from support.pictures import PICTURE

from weaver.surfaces.notes import changes, greeting
from weaver.surfaces.picture import PortView


def test_the_greeting_is_one_line_with_all_that_matters() -> None:
    line = greeting(PICTURE)
    for word in (
        "The Grand Auditorium",
        "3 spheres",
        "pads",
        "jack (system)",
        "48000 Hz",
        "blocks of 64",
        "2.7 ms",
        "Launchpad",
    ):
        assert word in line
    assert "\n" not in line and "Faderfox" not in line


def test_only_changes_are_said() -> None:
    assert changes(PICTURE, PICTURE) == []
    there = (PortView("Launchpad", False, 7, 1.0), PortView("Faderfox", True, 0, None))
    now = replace(PICTURE, ports=there, is_running=False, note="the server has gone", title="Bells", underflows=2)
    assert changes(PICTURE, now) == [
        "jack: no sound",
        "the server has gone",
        "the set is now Bells",
        "2 underflows so far",
        "MIDI: Launchpad has gone",
        "MIDI: Faderfox is here",
    ]
    assert "jack: sounding again" in changes(now, PICTURE)
