"""Controllers that flood, talk nonsense or lie: the sound and the others go on."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from support.twins import (
    ApcMiniMk2,
    LaunchpadMiniMk3,
    LaunchpadX,
    Mpd218,
)
from support.twins.plug import plugged
from support.twins.stage import (
    Stage,
    ready,
    striking_pad,
)
from support.twins.twin import Twin

FLOODS = {
    "controls": (b"\xb0\x6f\x01", b"\xb0\x6f\x02"),
    "sysex": (b"\xf0\x7d\x01\x02\x03\xf7", b"\xf0\x00\x20\x29\x02\x0c\x7f\xf7"),
    "pads": (b"\x90\x0b\x40", b"\x90\x0b\x00"),
}


@pytest.mark.parametrize("what", FLOODS)
def test_a_flood_harms_neither_sound_nor_others(stage: Stage, what: str) -> None:
    with plugged(LaunchpadX(), ApcMiniMk2()) as (launchpad, apc):
        stage.ring()
        assert ready(stage, launchpad, apc)
        stage.hush()
        apc.press(5, 3)  # a finger rubs through it all
        assert stage.until(lambda: stage.lights()[5] > 0.05)
        frame = int(stage.state.host_frame)
        launchpad.flood(5000, 1.0, FLOODS[what])
        picture = stage.instrument.picture()
        assert picture.is_running and int(stage.state.host_frame) - frame > 24_000
        assert stage.lights()[5] > 0.05
        apc.release(5, 3)
        stage.hush()
        assert striking_pad(stage, apc, 4) == (4, 0)
        stage.hush()
        assert striking_pad(stage, launchpad, 3) == (3, 0)
        stage.ring()
        assert ready(stage, launchpad, apc)


def test_nonsense_is_no_harm(stage: Stage) -> None:
    chance = random.Random(7)
    with plugged(LaunchpadX(), ApcMiniMk2()) as (launchpad, apc):
        stage.ring()
        assert ready(stage, launchpad, apc)
        for _ in range(200):
            body = bytes(chance.randrange(128) for _ in range(chance.choice((0, 1, 5, 60, 900))))
            apc.say(b"\xf0" + body + b"\xf7")
            head = chance.choice((b"\xf0\x7e\x00\x06\x02", b"\xf0\x47\x7f\x4f\x61", b"\xf0\x47\x7f\x4f\x62\x00\x01"))
            apc.say(head + body[:6] + b"\xf7")
        apc.say(b"\xf1\x05", b"\xf2\x01\x02", b"\xf6", b"\xfe", b"\xff")
        stage.hush()
        assert striking_pad(stage, launchpad, 2) == (2, 0)
        stage.ring()
        assert ready(stage, launchpad, apc)
        assert apc.mode == "session"
        stage.hush()
        assert striking_pad(stage, apc, 6) == (6, 0)


class Liar(LaunchpadX):
    """Says it is another Launchpad."""

    identity = LaunchpadMiniMk3.identity


class Stranger(Mpd218):
    """Nobody knows its name, and it says it is a Launchpad X."""

    kind = client = "Strange Pads"
    ports = tuple(type(port)("Strange Pads MIDI 1") for port in Mpd218.ports)
    identity = LaunchpadX.identity


class Babbler(ApcMiniMk2):
    """Its reply has no end worth the name."""

    identity = bytes.fromhex("F0 7E 00 06 02 47 F7")


@pytest.mark.parametrize("liar", [Liar, Stranger, Babbler])
def test_who_lies_about_itself_harms_nobody(stage: Stage, liar: Callable[[], Twin]) -> None:
    with plugged(liar(), LaunchpadMiniMk3()) as (_, honest):
        stage.ring()
        assert ready(stage, honest)
        stage.hush()
        assert striking_pad(stage, honest, 2) == (2, 0)
        assert stage.instrument.picture().is_running
