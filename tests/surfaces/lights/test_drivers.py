"""What each device is told, byte for byte as its documents have it (written by hand from those)."""

from __future__ import annotations

import numpy as np
import pytest
from support.lighting import laid, lights, shining, spot, spots

from weaver.mapping.loom import Spot
from weaver.mapping.profile import Lights
from weaver.model import osc_packet
from weaver.model.errors import ConfigError
from weaver.model.surface_protocol import Picture, decode
from weaver.surfaces.lights.drivers import DRIVERS, make_driver
from weaver.surfaces.lights.palette import PALETTE, nearest
from weaver.surfaces.lights.weaver import spread

WHITE, BLACK, RED, GREEN, BLUE = (255, 255, 255), (0, 0, 0), (255, 0, 0), (0, 255, 0), (0, 0, 255)


def said(how: Lights, where: list[Spot], *colours: tuple[int, int, int]) -> list[str]:
    """All messages that set lights to colours, in hexadecimal."""
    driver = make_driver(how, where)
    codes = driver.codes(np.array(colours, np.uint8))
    assert codes.dtype == np.int32 and len(codes) == len(where)
    return [message.hex(" ").upper() for message in driver.messages(codes, range(len(where)))]


def grey(value: int) -> tuple[int, int, int]:
    return value, value, value


def test_all_lights_of_a_launchpad_go_into_one_message() -> None:
    how = lights("novation-rgb", "F0 00 20 29 02 0C", per_message=80)
    assert said(how, spots("rgb", 11, 99), (255, 128, 0), WHITE) == [
        "F0 00 20 29 02 0C 03 03 0B 7F 40 00 03 63 7F 7F 7F F7"
    ]
    assert [len(message.split()) for message in said(how, spots("rgb", *range(100)), *([RED] * 100))] == [
        6 + 1 + 80 * 5 + 1,
        6 + 1 + 20 * 5 + 1,
    ]


def test_launchpad_mk2_has_six_bits() -> None:
    how = lights("novation-mk2", "F0 00 20 29 02 18", per_message=80)
    assert said(how, spots("rgb", 11, 104), (255, 128, 0), BLUE) == ["F0 00 20 29 02 18 0B 0B 3F 20 00 68 00 00 3F F7"]


@pytest.mark.parametrize("driver", ["novation-rgb", "novation-mk2"])
def test_what_must_be_said_in_the_profile(driver: str) -> None:
    with pytest.raises(ConfigError, match="header"):
        make_driver(lights(driver), [])


def test_palette_by_notes_and_control_changes() -> None:
    where = [*spots("palette", 36, channel=1), *spots("palette", 104, message="cc", channel=1), *spots("switch", 100)]
    assert said(lights("palette"), where, RED, (255, 255, 0), WHITE) == ["91 24 05", "B1 68 0D", "90 64 7F"]
    on_channel = lights("palette", options=(("light_channel", 7),))
    assert said(on_channel, where, RED, BLACK, BLACK) == ["96 24 05", "B6 68 00", "90 64 00"]


@pytest.mark.parametrize(
    ("colour", "index"),
    [
        ("000000", (0,)),
        ("FFFFFF", (3,)),
        ("FF0000", (5, 72)),
        ("590000", (6,)),
        ("190000", (7,)),
        ("FFBD6C", (8,)),
        ("FF5400", (9,)),
        ("FFFF00", (13,)),
        ("595900", (14,)),
        ("191900", (15,)),
        ("54FF00", (17,)),
        ("00FF00", (21, 87)),
        ("005900", (22,)),
        ("001900", (23,)),
        ("00FF99", (33,)),
        ("00A9FF", (37, 78)),
        ("0000FF", (45, 67)),
        ("000059", (46,)),
        ("5400FF", (49,)),
        ("FF00FF", (53,)),
        ("FF0054", (57, 95)),
        ("E0FFFF", (119,)),
        ("A00000", (120, 106)),
        ("030000", (0, 7)),
    ],
)
def test_anchors_of_the_palette(colour: str, index: tuple[int, ...]) -> None:
    driver = make_driver(lights("palette"), spots("palette", 0))
    assert driver.codes(np.array([list(bytes.fromhex(colour))], np.uint8))[0, 0] in index


def test_dim_colours_keep_their_hue() -> None:
    for bright in (RED, GREEN, BLUE, (255, 0, 255), (255, 255, 0)):
        for share in (0.6, 0.3, 0.1, 0.05, 0.014):
            wanted = np.array([[int(part * share) for part in bright]], np.uint8)
            found = PALETTE[nearest(wanted)[0]].astype(float)
            lit = np.array(bright) > 0
            assert found[lit].min() > 1.5 * found[~lit].max(), (bright, share, found)


def test_apc_mini_mk2_has_eight_bits_in_two_bytes() -> None:
    how = lights("apc-rgb", "F0 47 7F 4F 24", per_message=4)
    assert said(how, spots("rgb", 0x3F), (255, 128, 5)) == ["F0 47 7F 4F 24 00 08 3F 3F 01 7F 01 00 00 05 F7"]
    messages = said(how, [*spots("rgb", 0, 1, 2, 3, 4), *spots("switch", 0x64, 0x70)], *([RED] * 5), WHITE, BLACK)
    assert [message[:20] for message in messages[:2]] == ["F0 47 7F 4F 24 00 20", "F0 47 7F 4F 24 00 08"]
    assert messages[2:] == ["90 64 01", "90 70 00"]


def test_apc40() -> None:
    where = [
        *spots("palette", 0x27),
        *spots("switch", 0x34, channel=7),
        *spots("ring", 0x30, message="cc"),
    ]
    assert said(lights("apc40"), where, GREEN, WHITE, WHITE) == ["90 27 15", "97 34 01", "B0 30 7F"]


def test_the_apc40_is_told_what_its_rings_look_like() -> None:
    where = [
        spot(led=0x30, kind="ring", message="cc", deed="turn"),
        spot(led=0x10, kind="ring", message="cc", deed="wet_db"),
    ]
    told = make_driver(lights("apc40"), where).extras(shining(), 0)
    assert [data.hex(" ").upper() for data in told.values()] == ["B0 38 03", "B0 18 02"]


def test_apc_mini() -> None:
    where = [*spots("duo", 0, 1, 2, 3), *spots("switch", 64)]
    colours = (GREEN, RED, (255, 255, 0), (20, 20, 0), WHITE)
    assert said(lights("duo"), where, *colours) == ["90 00 01", "90 01 03", "90 02 05", "90 03 00", "90 40 01"]


def test_launch_control_writes_behind_and_then_shows() -> None:
    how = lights("launch-control", "F0 00 20 29 02 11", options=(("template", 8),), per_message=48)
    where = [*spots("duo", 0x00, 0x10, 0x20), *spots("switch", 0x28)]
    assert said(how, where, RED, GREEN, (100, 150, 0), WHITE) == [
        "B8 00 34",
        "F0 00 20 29 02 11 78 08 00 03 10 30 20 21 28 33 F7",
        "B8 00 31",
    ]


def test_launch_control_3_has_a_message_a_light() -> None:
    how = lights("launch-control-3", "F0 00 20 29 02 15")
    assert said(how, spots("rgb", 0x0D, 0x25, message="cc"), WHITE, BLUE) == [
        "F0 00 20 29 02 15 01 53 0D 7F 7F 7F F7",
        "F0 00 20 29 02 15 01 53 25 00 00 7F F7",
    ]


def test_lpd8_is_told_all_eight_pads() -> None:
    driver = make_driver(lights("lpd8", "F0 47 7F 4C"), spots("rgb", 0, 7))
    codes = driver.codes(np.array([RED, (1, 2, 129)], np.uint8))
    pads = "01 7F 00 00 00 00 " + "00 00 00 00 00 00 " * 6 + "00 01 00 02 01 01 "
    for which in ([0], [1], [1, 0]):
        (message,) = driver.messages(codes, which)
        assert message.hex(" ").upper() == "F0 47 7F 4C 06 00 30 " + pads + "F7"
    with pytest.raises(ConfigError):
        make_driver(lights("lpd8"), spots("rgb", 36))


def test_minilab() -> None:
    assert said(lights("minilab", "F0 00 20 6B 7F 42"), spots("rgb", 0x34), (255, 0, 128)) == [
        "F0 00 20 6B 7F 42 02 02 16 34 7F 00 40 F7"
    ]


def test_beatstep_has_red_blue_and_both() -> None:
    how = lights("beatstep", "F0 00 20 6B 7F 42")
    head = "F0 00 20 6B 7F 42 02 00 10 "
    told = said(how, spots("palette", 0x70, 0x71, 0x72, 0x7F), RED, BLUE, (255, 0, 255), BLACK)
    assert told == [head + "70 01 F7", head + "71 10 F7", head + "72 11 F7", head + "7F 00 F7"]
    told = said(how, spots("duo", 0x70, 0x71, 0x72, 0x7F), RED, GREEN, (255, 255, 0), (10, 10, 0))
    assert told == [head + "70 01 F7", head + "71 10 F7", head + "72 11 F7", head + "7F 00 F7"]


@pytest.mark.parametrize(
    ("colour", "hue"), [(BLUE, 0x01), (GREEN, 0x2B), ((255, 255, 0), 0x40), (RED, 0x55), ((255, 0, 255), 106)]
)
def test_hues_of_the_twister(colour: tuple[int, int, int], hue: int) -> None:
    assert said(lights("twister"), spots("rgb", 5), colour) == [f"B1 05 {hue:02X}", "B2 05 30"]


def test_twister() -> None:
    where = [*spots("ring", 0), *spots("rgb", 0)]
    assert said(lights("twister"), where, WHITE, BLACK) == ["B0 00 7F", "B1 00 01", "B2 00 11"]
    native = lights("twister", options=(("native", 1),))
    assert said(native, where, BLACK, (255, 128, 0)) == ["B0 00 00", "F0 00 01 79 06 01 01 00 7F 40 00 F7"]


def test_x_touch_mini() -> None:
    where = [*spots("ring", 9, 10, 11, message="cc", channel=10), *spots("switch", 0, 1, channel=10)]
    colours = (BLACK, grey(1), WHITE, WHITE, BLACK)
    assert said(lights("x-touch-mini"), where, *colours) == ["B0 09 00", "B0 0A 01", "B0 0B 0D", "90 00 01", "90 01 00"]
    where = [*spots("ring", 48, 49, message="cc"), *spots("switch", 89)]
    mackie = lights("x-touch-mini", options=(("mackie", 1),))
    assert said(mackie, where, BLACK, WHITE, WHITE) == ["B0 30 00", "B0 31 2B", "90 59 7F"]


def test_mackie_rings_switches_and_faders() -> None:
    where = [
        *spots("ring", 0x30, 0x31, message="cc"),
        *spots("switch", 0x18),
        *spots("level", 0, 8, message="bend"),
    ]
    assert said(lights("mackie"), where, BLACK, WHITE, WHITE, BLACK, WHITE) == [
        "B0 30 00",
        "B0 31 2B",
        "90 18 7F",
        "E0 00 00",
        "E8 7F 7F",
    ]


def test_mackie_strips_and_meters() -> None:
    driver = make_driver(lights("mackie", "F0 00 00 66 14"), [])
    state = np.zeros(8, np.int32)
    state[2] = 3
    health = np.ones(8, np.float32)
    health[2] = 0.2
    light = np.zeros(8, np.float32)
    light[1] = 1.0
    shine = shining(now_s=10.0, state=state, health=health, light=light)
    said = {name: data.hex(" ").upper() for name, data in driver.extras(shine, 1).items()}
    assert bytes.fromhex(said["name 0"]) == b"\xf0\x00\x00\x66\x14\x12\x00Sphere \xf7"
    assert bytes.fromhex(said["health 1"]) == b"\xf0\x00\x00\x66\x14\x12\x3fFAILNG \xf7"
    assert bytes.fromhex(said["name 7"]) == b"\xf0\x00\x00\x66\x14\x12\x31       \xf7"
    assert said["colours"].startswith("F0 00 00 66 14 72 03 03 ") and said["colours"].endswith(" 00 F7")
    assert [data for name, data in said.items() if name.startswith("meter")] == ["D0 0D"]
    later = driver.extras(shining(now_s=10.2, light=light), 1)
    assert not {name for name in later if name.startswith("meter")} & set(said)  # it has fallen: told again


def test_nanokontrol() -> None:
    where = spots("switch", 32, 33, message="cc")
    assert said(lights("nanokontrol"), where, WHITE, BLACK) == ["B0 20 7F", "B0 21 00"]


def test_push_is_given_its_palette() -> None:
    where = [*spots("palette", 36), *spots("switch", 85, message="cc")]
    how = lights("push", "F0 00 21 1D 01 01")
    assert said(how, where, RED, WHITE) == ["90 24 05", "B0 55 03"]
    palette = make_driver(how, where).extras(shining(), 0)
    assert palette["colour 9"].hex(" ").upper() == "F0 00 21 1D 01 01 03 09 7F 01 54 00 00 00 7F 01 F7"
    assert list(palette)[-1] == "applied" and palette["applied"].hex(" ").upper() == "F0 00 21 1D 01 01 05 F7"
    assert len(palette) == 129


def test_linnstrument_cells() -> None:
    where = spots("palette", 32 * 3 + 5)
    for colour, code in ((RED, 1), (GREEN, 3), (BLUE, 5), (WHITE, 8), (BLACK, 7), ((0, 40, 0), 3), ((255, 50, 0), 9)):
        assert said(lights("linnstrument"), where, colour) == ["B0 14 05", "B0 15 03", f"B0 16 {code:02X}"]


def osc(packet: bytes) -> tuple[str, list[object]]:
    """Address and numbers."""
    message = osc_packet.decode(packet)
    return message.address, list(message.arguments)


def test_monome() -> None:
    where = spots("level", *(16 * row + column for row in range(8) for column in range(8)), 15)
    driver = make_driver(lights("monome"), where)
    assert driver.messages(np.full((65, 1), 9), [1])[0] == (
        b"/weaver/grid/led/level/set\0\0" + b",iii\0\0\0\0" + bytes((0, 0, 0, 1, 0, 0, 0, 7, 0, 0, 0, 9))
    )
    codes = driver.codes(np.array([grey(4 * n % 256) for n in range(64)] + [WHITE], np.uint8))
    assert [osc(message) for message in driver.messages(codes, [0, 64])] == [
        ("/weaver/grid/led/level/set", [0, 7, 0]),
        ("/weaver/grid/led/level/set", [15, 7, 15]),
    ]
    ((address, numbers),) = (osc(message) for message in driver.messages(codes, range(64)))
    assert address == "/weaver/grid/led/level/map" and numbers[:2] == [0, 0] and len(numbers) == 66
    assert numbers[2:10] == codes[56:64, 0].tolist()  # row by row from the top
    assert numbers[-8:] == codes[:8, 0].tolist()


def test_monome_without_shades() -> None:
    where = spots("level", *(16 * row + column for row in range(8) for column in range(8)))
    driver = make_driver(lights("monome", options=(("mono", 1),)), where)
    codes = driver.codes(np.array([grey(255 if n in (0, 2, 63) else 100) for n in range(64)], np.uint8))
    assert [osc(message) for message in driver.messages(codes, range(64))] == [
        ("/weaver/grid/led/map", [0, 0, 128, 0, 0, 0, 0, 0, 0, 5])
    ]
    assert osc(driver.messages(codes, [2])[0]) == ("/weaver/grid/led/set", [2, 7, 1])


def test_our_own_surface_shows_a_picture_at_once() -> None:
    where = spots("rgb", *range(40), 100)
    driver = make_driver(lights("weaver"), where)
    codes = driver.codes(np.full((41, 3), 255, np.uint8))
    told = [decode(message) for message in driver.messages(codes, range(41))]
    assert all(isinstance(picture, Picture) for picture in told)
    assert [(p.first, len(p.lights), p.show) for p in told] == [(0, 32, 0), (32, 8, 0), (100, 1, 1)]  # type: ignore[union-attr]
    assert len({p.frame for p in told}) == 1 and told[0].lights[0] == (127, 127, 127)  # type: ignore[union-attr]
    again = decode(driver.messages(codes, [3])[0])
    assert again.frame == told[0].frame + 1  # type: ignore[union-attr]


def test_a_ring_of_lights_stands_for_one_pad() -> None:
    page = laid(spot("body", led=16), spot("deed", "switch", None, led=3, deed="tap"))
    ring = spread(page, lights("weaver", options=(("lights_per_ring", 16),)))
    assert [s.led for s in ring.spots] == [*range(16, 32), 3]
    heights = [s.height for s in ring.spots[:16]]
    assert heights[0] == 0.0 and max(heights) == heights[8] and heights[1:8] == pytest.approx(heights[:8:-1])
    assert all(0.0 <= s.height and s.height + s.stretch <= 1.0 + 1e-9 for s in ring.spots[:16])
    assert spread(page, lights("weaver")) is page


@pytest.mark.parametrize("name", DRIVERS)
def test_no_driver_says_a_byte_too_many(name: str) -> None:
    """Whatever the picture, and whatever kinds a profile has: data bytes of seven bits, whole messages, equal codes for
    equal colours."""
    kinds = ("rgb", "palette", "duo", "switch", "ring", "level")
    leds = range(6) if name == "lpd8" else (0, 1, 2, 3, 4, 95)
    where = [spot(kind=kind, led=led) for kind, led in zip(kinds, leds, strict=True)]
    if name == "lpd8":
        where = spots("rgb", *leds)
    driver = make_driver(lights(name, "F0 47 01", per_message=3), where)
    chance = np.random.default_rng(5)
    for _ in range(40):
        wanted = chance.integers(0, 256, (6, 3)).astype(np.uint8) * chance.integers(0, 2)
        codes = driver.codes(wanted)
        assert (codes == driver.codes(wanted.copy())).all()
        which = chance.permutation(6)[: chance.integers(1, 7)].tolist()
        messages = driver.messages(codes, which)
        assert messages
        for message in messages:
            if name == "monome":
                osc(message)
            else:
                assert message[0] & 0x80 and all(byte < 0x80 for byte in message[1:-1])
                assert message[-1] == 0xF7 if message[0] == 0xF0 else len(message) == 3


def test_an_unknown_driver_is_refused() -> None:
    with pytest.raises(ConfigError, match="novation-rgb"):
        make_driver(lights("launchpad"), [])
