"""The twins are what the devices are documented to be: bytes by hand, from the makers' pages and from measurements."""

from __future__ import annotations

import pytest
from support.twins import (
    KINDS,
    Apc40Mk2,
    ApcMiniMk1,
    ApcMiniMk2,
    LaunchpadMiniMk3,
    LaunchpadMk2,
    LaunchpadProMk3,
    LaunchpadX,
)
from support.twins.apc_mini_mk2 import NOTES, NOTES_PORT
from support.twins.palette import PALETTE
from support.twins.twin import DARK, IDENTITY_REQUEST, Said, Splitter, Twin

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def b(text: str) -> bytes:
    return bytes.fromhex(text)


def test_a_stream_is_split_into_messages() -> None:
    splitter = Splitter()
    assert splitter.feed(b("90 3C 40 3D 41 B0 07")) == [b("90 3C 40"), b("90 3D 41")]
    assert splitter.feed(b("F8 7F F0 7E")) == [b("F8"), b("B0 07 7F")]
    assert splitter.feed(b("7F 06 FE 01 F7 40 C0 05")) == [b("FE"), b("F0 7E 7F 06 01 F7"), b("C0 05")]
    assert splitter.feed(b("F0 01 90 3C 00")) == [b("90 3C 00")]  # SysEx that was broken off


def test_the_palette_has_the_documented_anchors() -> None:
    assert len(PALETTE) == 128
    assert [PALETTE[at] for at in (0, 3, 5, 13, 21, 37, 45, 53)] == [
        DARK, (255, 255, 255), RED, (255, 255, 0), GREEN, (0, 0xA9, 255), BLUE, (255, 0, 255)
    ]  # fmt: skip
    assert [PALETTE[at] for at in (7, 9, 96, 127)] == [(0x19, 0, 0), (255, 0x54, 0), (255, 0x7F, 0), (0x4B, 0x15, 2)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_every_twin_says_who_it_is_or_nothing_and_bears_nonsense(kind: type[Twin]) -> None:
    twin = kind()
    answer = twin.hear(IDENTITY_REQUEST)
    assert answer == ([] if twin.identity is None else [twin.identity])
    if twin.identity is not None:
        assert twin.identity[:2] == b("F0 7E") and twin.identity[3:5] == b("06 02") and twin.identity[-1] == 0xF7
    before = dict(twin.lights)
    for nonsense in (b("F0 F7"), b("F0 00 20 29 F7"), b("F0 47 7F F7"), b("F1 01 F2 01 02 F6 FF"), bytes(range(128))):
        twin.hear(nonsense)
        twin.hear(nonsense, port=len(twin.ports) - 1)
    assert twin.lights == before
    for header in {getattr(twin, "header", b("F0 47 7F 4F")), b("F0 00 20 6B 7F 42"), b("F0 00 00 66 14")}:
        for command in range(128):
            twin.hear(header + bytes((command, 0xF7)), 1000.0)


def test_launchpad_x_obeys_in_programmer_mode_only() -> None:
    twin = LaunchpadX()
    light = b("F0 00 20 29 02 0C 03 03 0B 7F 00 00 03 58 00 7F 40 00 5B 15 F7")
    twin.hear(light)
    assert twin.lights == {} and twin.refused["light in live mode"]
    assert twin.press(0, 0) != [b("90 0B 64")]
    twin.hear(b("F0 00 20 29 02 0C 0E 01 F7"))
    assert twin.hear(b("F0 00 20 29 02 0C 0E F7")) == [b("F0 00 20 29 02 0C 0E 01 F7")]
    twin.hear(light)
    assert twin.light(0, 0) == RED and twin.light(7, 7) == (0, 255, 129) and twin.lights["cc", 0x5B] == GREEN
    assert twin.press(0, 0) == [b("90 0B 64")] and twin.press(7, 7, 1) == [b("90 58 01")]
    assert twin.lean(2, 3, 50) == [b("A0 2B 32")] and twin.release(7, 0) == [b("90 12 00")]
    assert twin.button(89) == [b("B0 59 7F")]
    twin.reboot()
    assert twin.mode == "live" and twin.lights == {}


def test_launchpad_x_takes_palette_messages_and_keeps_what_pulses() -> None:
    twin = LaunchpadX()
    twin.hear(b("F0 00 20 29 02 0C 00 7F F7"))
    assert twin.mode == "programmer"
    twin.hear(b("90 0B 2D 92 0C 05 B0 5B 15"))
    assert twin.lights == {(0, 0): BLUE, (1, 0): RED, ("cc", 0x5B): GREEN} and twin.moving == {(1, 0)}
    twin.hear(b("F0 00 20 29 02 0C 0E 00 F7 F0 00 20 29 02 0C 0E 01 F7"))
    assert twin.lights == {(1, 0): RED} and twin.moving == {(1, 0)}
    twin.hear(b("92 0C 00"))
    assert twin.lights == {}


def test_launchpad_x_shows_nothing_of_too_many_or_broken_specs_nor_by_its_daw_port() -> None:
    twin = LaunchpadX()
    twin.hear(b("F0 00 20 29 02 0C 0E 01 F7"))
    head, spec = b("F0 00 20 29 02 0C 03"), b("03 0B 7F 00 00")
    twin.hear(head + spec * 82 + b("F7"))
    twin.hear(head + spec + b("03 0C 7F F7"))
    twin.hear(head + b("07 0B F7"))
    twin.hear(head + spec + b("F7"), port=0)
    assert twin.lights == {} and twin.hear(IDENTITY_REQUEST, port=0) == []
    twin.hear(head + spec * 81 + b("F7"))
    assert twin.light(0, 0) == RED


def test_launchpad_x_sleeps_and_wakes() -> None:
    twin = LaunchpadX()
    twin.hear(b("F0 00 20 29 02 0C 0E 01 F7 90 0B 05 F0 00 20 29 02 0C 09 00 F7"))
    assert twin.light(0, 0) == DARK
    twin.hear(b("F0 00 20 29 02 0C 09 01 F7"))
    assert twin.light(0, 0) == RED


def test_the_other_launchpads_of_the_third_kind() -> None:
    mini, pro = LaunchpadMiniMk3(), LaunchpadProMk3()
    mini.hear(b("F0 00 20 29 02 0D 0E 01 F7 90 0B 05"))
    assert mini.light(0, 0) == RED and mini.press(0, 0, 20) == [b("90 0B 7F")] and mini.lean(0, 0, 9) == []
    pro.hear(b("F0 00 20 29 02 0E 00 11 00 00 F7 F0 00 20 29 02 0E 03 03 65 00 7F 00 F7"))
    assert pro.mode == "programmer" and pro.lights == {("cc", 0x65): GREEN}
    pro.hear(b("F0 00 20 29 02 0E 03") + b("03 0B 7F 00 00") * 106 + b("F7"))
    assert pro.light(0, 0) == RED


def test_launchpad_mk2() -> None:
    twin = LaunchpadMk2()
    twin.hear(b("F0 00 20 29 02 18 0B 0B 3F 00 00 59 00 3F 00 68 00 00 3F F7"))
    assert twin.lights == {(0, 0): RED, ("note", 0x59): GREEN, ("cc", 0x68): BLUE}
    twin.hear(b("F0 00 20 29 02 18 0B 0C 40 00 00 F7"))
    assert twin.light(1, 0) == DARK and twin.refused["colour over 3F"]
    twin.hear(b("F0 00 20 29 02 18 0E 2D F7 F0 00 20 29 02 18 28 00 0C 05 F7 F0 00 20 29 02 18 0D 07 15 F7"))
    assert twin.light(3, 3) == BLUE and twin.light(1, 0) == RED and twin.light(0, 7) == GREEN
    assert twin.moving == {(1, 0)}
    twin.hear(b("F0 00 20 29 02 18 0A") + b("0B 05") * 81 + b("F7"))
    assert twin.light(0, 0) == BLUE
    twin.hear(b("90 0B 05 B0 68 05"))
    assert twin.light(0, 0) == RED and twin.lights["cc", 0x68] == RED
    assert twin.press(7, 7, 3) == [b("90 58 03")]
    twin.hear(b("F0 00 20 29 02 18 22 01 F7"))
    assert twin.mode == "user 1" and twin.press(7, 7, 3) != [b("90 58 03")]
    twin.hear(b("F0 00 20 29 02 18 40 F7"))
    assert twin.mode == "session" and twin.lights == {}


INTRODUCTION = b("F0 47 7F 4F 60 00 04 00 01 00 00 F7")


def test_apc_mini_mk2_in_session_mode() -> None:
    twin = ApcMiniMk2()
    assert twin.slide(0, 100) == [b("B0 30 64")] and twin.slide(8, 5) == [b("B0 38 05")]
    assert twin.hear(INTRODUCTION) == [b("F0 47 7F 4F 61 00 09 64 00 00 00 00 00 00 00 05 F7")]
    twin.hear(b("F0 47 7F 4F 24 00 08 00 01 01 7F 00 00 00 40 F7"))
    assert twin.lights == {(0, 0): (255, 0, 64), (1, 0): (255, 0, 64)}
    twin.hear(b("96 3F 15 90 08 15 9A 09 05 90 64 01 90 70 02"), 1.0)
    assert twin.light(7, 7) == GREEN and twin.light(0, 1) == (0, 26, 0) and twin.light(1, 1) == RED
    assert twin.lights["note", 0x64] == RED and twin.moving == {(1, 1), ("note", 0x70)}
    assert twin.press(1, 1, 3) == [b("90 09 7F")] and twin.release(1, 1) == [b("80 09 00")]
    twin.hear(b("F0 47 7F 4F 24 00 07 00 01 00 00 00 00 00 40 F7"), 2.0)
    assert twin.refused["length"]


def test_apc_mini_mk2_drops_what_a_flood_drops_and_keeps_what_it_had() -> None:
    twin = ApcMiniMk2()

    def paint(note: int, red: int, n: int, now_s: float) -> None:
        ranges = b"".join(bytes((note + at, note + at, red >> 7, red & 0x7F, 0, 0, 0, 0)) for at in range(n))
        twin.hear(b("F0 47 7F 4F 24") + bytes((len(ranges) >> 7, len(ranges) & 0x7F)) + ranges + b("F7"), now_s)

    paint(0, 255, 5, 0.0)
    assert twin.lights == {} and twin.refused["too many pads"] == 1
    for frame in range(6):  # 12 pads in each sixtieth of a second
        for part in range(3):
            paint((12 * frame + 4 * part) % 64, 255, 4, frame / 60)
    assert len(twin.lights) == 64 and not twin.refused["flood"]
    for start in range(0, 64, 4):
        paint(start, 100, 4, 1.0)
    assert twin.refused["flood"] == 7
    assert sum(colour == (100, 0, 0) for colour in twin.lights.values()) == 36
    assert twin.light(7, 7) == RED
    twin.hear(b"".join(bytes((0x96, note, 21)) for note in range(64)), 2.0)
    assert sum(colour == GREEN for colour in twin.lights.values()) == 36


def test_apc_mini_mk2_remembers_its_mode_and_is_silent_in_notes_mode() -> None:
    twin = ApcMiniMk2(NOTES)
    (said,) = twin.press(0, 0)
    assert isinstance(said, Said) and said.port == NOTES_PORT
    twin.hear(b("96 00 05"))
    assert twin.lights == {}
    twin.reboot()
    assert twin.mode == "notes"
    twin.hear(b("F0 47 7F 4F 62 00 01 00 F7"))
    assert twin.mode == "session" and twin.press(0, 0) == [b("90 00 7F")]
    twin.hear(b("96 00 05 90 64 01"))
    assert twin.drift() == [b("F0 47 7F 4F 62 00 01 01 F7")]
    assert twin.lights == {("note", 0x64): RED}


def test_apc_mini_mk1() -> None:
    twin = ApcMiniMk1()
    twin.hear(b("90 00 01 90 01 04 90 3F 05 90 02 07 90 40 01 90 52 02 91 03 01"))
    assert twin.lights == {
        (0, 0): GREEN, (1, 0): RED, (7, 7): (255, 255, 0), ("note", 0x40): RED, ("note", 0x52): GREEN
    }  # fmt: skip
    assert twin.moving == {(1, 0), ("note", 0x52)} and twin.identity is not None
    assert twin.press(0, 1) == [b("90 08 7F")] and twin.slide(8, 1) == [b("B0 38 01")]


def test_apc40_mk2_is_introduced_and_pads_move_between_two_colours() -> None:
    twin = Apc40Mk2()
    twin.hear(b("90 00 05"))
    assert twin.lights == {}
    twin.slide(0, 9)
    assert twin.hear(b("F0 47 7F 29 60 00 04 42 01 00 00 F7")) == [
        b("F0 47 00 29 61 00 09 09 00 00 00 00 00 00 00 00 F7")
    ]
    twin.hear(b("90 00 05 97 00 15 90 27 2D"))
    assert twin.light(0, 0) == GREEN and twin.moving == {(0, 0)} and twin.light(7, 4) == BLUE
    twin.hear(b("97 00 00"))
    assert twin.light(0, 0) == RED and twin.moving == set()
    twin.hear(b("B0 30 7F B0 38 02 B0 10 40"))
    assert twin.rings[8] == 127 and twin.rings[0] == 64 and twin.ring_types[8] == 2
    assert twin.turn(8, 3) == [b("B0 30 03")] and twin.rings[8] == 127  # the host draws
    twin.hear(b("F0 47 7F 29 60 00 04 41 01 00 00 F7"))
    twin.turn(8, 3)
    assert twin.rings[8] == 3
    assert twin.slide(3, 1) == [b("B3 07 01")] and twin.slide(8, 2) == [b("B0 0E 02")]
