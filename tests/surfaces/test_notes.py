"""What is said where there is no page."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from support.pictures import NETWORK, PICTURE, SCENE, with_azure

from weaver.surfaces.notes import changes, greeting
from weaver.surfaces.picture import OutView, PortView


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


def test_the_greeting_says_where_osc_is_heard() -> None:
    assert "OSC" not in greeting(PICTURE)
    line = greeting(replace(PICTURE, network=NETWORK))
    assert line.endswith("; OSC: 192.168.1.2:8000, replies to port 9000") and "\n" not in line


def test_the_greeting_says_by_which_ports_we_leave_and_later_if_they_go() -> None:
    outs = (OutView("Cable 1", True, "channels"), OutView("weaver:clock_out", True), OutView("Cable 3", False))
    leaves = replace(PICTURE, outs=outs)
    assert greeting(leaves).endswith("; out by Cable 1 (channels), weaver:clock_out")
    gone = replace(PICTURE, outs=(replace(outs[0], is_open=False), *outs[1:]))
    assert changes(leaves, gone) == ["MIDI: Cable 1 has gone"]
    assert changes(gone, leaves) == ["MIDI: Cable 1 is here"]


def test_who_comes_by_the_network_is_said() -> None:
    none = replace(PICTURE, network=replace(NETWORK, peers=()))
    assert changes(none, replace(PICTURE, network=NETWORK)) == ["192.168.1.20:9000 is here, by udp"]


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


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("flickering", "Azure is flickering"),
        ("fractured", "Azure is fractured"),
        ("shattered", "Azure has shattered"),
        ("reforming", "Azure is gathering again"),
        ("whole", "Azure is whole again"),
    ],
)
def test_what_befalls_a_sphere_is_said(state: str, said: str) -> None:
    assert changes(SCENE, with_azure(SCENE, state=state)) == [said]
    assert changes(SCENE, with_azure(SCENE, health=0.1)) == []


def test_spheres_of_another_set_have_no_past() -> None:
    there = replace(
        SCENE, title="Bells", spheres=tuple(replace(s, name=f"Bell {s.name}", state="whole") for s in SCENE.spheres)
    )
    assert changes(SCENE, there) == ["the set is now Bells"]


def test_where_the_show_has_come_to_is_said() -> None:
    assert SCENE.show is not None
    scenes = [
        replace(SCENE, show=replace(SCENE.show, phase=phase, silence_s=4.2, elapsed_s=73.4))
        for phase in ("prelude", "silence", "performance", "finale", "reckoned")
    ]
    scenes = [replace(SCENE, show=None), *scenes, replace(SCENE, show=None)]
    said = [changes(before, now) for before, now in pairwise(scenes)]
    title = SCENE.show.title
    assert said == [
        [f"{title}: 0:20.0 to the first note"],
        [f"{title}: the silence before the first note"],
        [f"{title}: the first note, after 4.2 s of silence"],
        [f"{title}: the finale, after 1:13.4"],
        [f"{title}: the last note has rung, after 1:13.4"],
        [f"{title} is over"],
    ]
