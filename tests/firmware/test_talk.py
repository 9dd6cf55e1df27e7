"""What the sphere controller and its host say to each other, and what its lights show of it."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from support.circuitpython import LIGHTS, PADS, Wiring
from support.sphere_player import TURN_US, Player, channel_messages, press

from weaver.model import surface_protocol as protocol


def test_it_says_hello_once_and_is_what_it_says() -> None:
    player = Player()
    (hello,) = player.said(protocol.Hello, player.run(3.0))
    assert hello == protocol.Hello(PADS, 3, 2, PADS, LIGHTS // PADS, 2, "sphere-controller 1.0")


def test_identity(player: Player) -> None:
    player.tell(protocol.IDENTITY_REQUEST)
    assert protocol.IDENTITY_REPLY in player.run(0.02)


def test_a_picture_of_several_messages_appears_at_once(host: Player) -> None:
    red, green = ((127, 0, 0),) * 32, ((0, 127, 0),) * 32
    host.tell(*(protocol.Picture(7, 0, first, red) for first in (0, 32, 64)))
    host.run(0.1)
    assert not any(host.wiring.lights)
    written = host.wiring.written
    host.tell(protocol.Picture(7, 1, 96, green))
    host.run(0.1)
    assert host.wiring.written == written + 1
    assert {host.wiring.colour(light)[0] > 0 for light in range(96)} == {True}
    assert all(host.wiring.colour(light)[1] > 0 and not host.wiring.colour(light)[0] for light in range(96, LIGHTS))
    (alive,) = host.said(protocol.DeviceAlive, host.run(1.0))
    assert alive == protocol.DeviceAlive(7, 0)


def test_the_next_picture_waits_until_this_one_is_shown(host: Player) -> None:
    shown = set()
    dark, bright = ((0, 0, 0),) * 32, ((90, 90, 90),) * 32
    for frame in range(20):
        lights = bright if frame % 2 else dark
        host.tell(*(protocol.Picture(frame, int(first == 96), first, lights) for first in (0, 32, 64, 96)))
    for _ in range(400):
        host.run(TURN_US / 1e6)
        shown.add(len({host.wiring.colour(light) for light in range(LIGHTS)}))
    assert shown == {1} and host.controller.frame_shown == 19


def test_one_light_changes_one_light(host: Player) -> None:
    host.tell(protocol.Picture(1, 1, 0, ((0, 0, 0),)), protocol.Picture(2, 1, 37, ((127, 64, 1),)))
    host.run(0.1)
    red, green, blue = host.wiring.colour(37)
    assert red == 255 and 50 < green < 70 and blue <= 1
    assert sum(any(host.wiring.colour(light)) for light in range(LIGHTS)) == 1


def test_brighter_is_never_darker(host: Player) -> None:
    seen = []
    for level in range(128):
        host.tell(protocol.Picture(0, 1, 0, ((level, 0, 0),)))
        host.run(0.02)
        seen.append(host.wiring.colour(0)[0])
    assert seen == sorted(seen) and seen[0] == 0 and seen[-1] == 255


def milliamperes(wiring: Wiring) -> float:
    """By the data sheet: 1 mA for each light, and 20 mA for each of its channels in full."""
    return LIGHTS + 20 * sum(wiring.lights) / 255


def test_all_white_draws_no_more_than_the_supply_gives(host: Player) -> None:
    host.tell(*(protocol.Picture(1, int(first == 96), first, ((127,) * 3,) * 32) for first in (0, 32, 64, 96)))
    host.run(0.1)
    limit_ma = host.code.spheres.LIMIT_MA
    assert 0.95 * limit_ma < milliamperes(host.wiring) <= limit_ma


def test_a_host_that_falls_silent_is_missed_and_found_again(host: Player) -> None:
    host.tell(protocol.Picture(1, 1, 0, ((127, 0, 0),) * 16))
    for _ in range(4):
        host.tell(protocol.HostAlive())
        assert host.said(protocol.DeviceAlive, host.run(1.0))
    assert host.wiring.colour(0) == (255, 0, 0)
    heard = host.run(4.5)
    assert 2 <= len(host.said(protocol.DeviceAlive, heard)) <= 3
    assert host.wiring.colour(0) == pytest.approx(host.wiring.colour(LIGHTS - 1), abs=3)
    assert 0 < max(host.wiring.colour(0)) <= 60
    host.tell(protocol.HostAlive(), protocol.HostAlive())
    assert len(host.said(protocol.Hello, host.run(0.1))) == 1
    host.tell(protocol.Welcome())
    host.run(0.1)
    assert not any(host.wiring.lights)


@pytest.mark.parametrize("sign", [protocol.encode(protocol.HostAlive()), protocol.IDENTITY_REQUEST])
def test_signs_of_life(host: Player, sign: bytes) -> None:
    for _ in range(4):
        host.run(3.0)
        host.tell(sign)
    assert host.controller.is_welcome


def test_the_idle_look_breathes_fades_in_and_follows_the_finger(player: Player) -> None:
    levels = []
    for _ in range(40):
        player.run(0.1)
        levels.append(player.wiring.colour(0)[2])
    assert min(levels) < 15 and max(levels) > 30
    assert max(abs(a - b) for a, b in pairwise(levels)) < 8
    player.levels[6] = press(8, hold_ms=900)
    player.run(0.8)
    assert player.wiring.colour(6 * 16)[2] == 60 > player.wiring.colour(0)[2]


def test_goodbye_and_a_version_nobody_speaks_leave_it_idle(host: Player) -> None:
    for farewell in (protocol.HostGoodbye(), protocol.Welcome(protocol.UNSPEAKABLE), protocol.Ask()):
        host.tell(protocol.Welcome())
        host.run(0.05)
        assert host.controller.is_welcome
        host.tell(farewell)
        host.run(0.05)
        assert not host.controller.is_welcome
        host.levels[0] = press(8)
        assert len(channel_messages(host.run(0.4), 0x90)) == 1
        host.levels.clear()


def damaged(message: bytes, at: int, byte: int) -> bytes:
    return message[:at] + bytes((byte,)) + message[at + 1 :]


def test_what_cannot_be_read_is_counted_and_changes_nothing(host: Player) -> None:
    picture = protocol.encode(protocol.Picture(1, 1, 0, ((127, 127, 127),) * 4))
    later = bytearray(protocol.encode(protocol.Picture(1, 1, 0, ((1, 1, 1),)), version=2))
    wrong = [
        damaged(picture, 13, 5),
        damaged(picture, 6, 15),
        picture[:-3] + picture[-1:],
        picture[:-4],
        bytes(later),
        protocol.encode(protocol.Picture(1, 1, 127, ((1, 1, 1),) * 2)),
        protocol.HEADER + bytes(200) + b"\xf7",
        protocol.encode(protocol.DeviceAlive(0, 0)),
    ]
    host.tell(*wrong, protocol.HostAlive())
    host.run(0.3)
    assert host.controller.lost == len(wrong)
    assert not any(host.wiring.lights)
    host.tell(picture[:20] + b"\xf8" + picture[20:])
    host.run(0.1)
    assert host.wiring.colour(3) == (255, 255, 255) and host.controller.lost == len(wrong)


def test_others_messages_are_none_of_its_business(host: Player) -> None:
    host.tell(bytes.fromhex("903c40 f0002029020c0e01f7 b00740 f07d4142f7 f7 f8 fe c0 05 f07e7f0601"), b"\x90\x40\x40")
    assert not any(message[:2] == protocol.IDENTITY_REPLY[:2] for message in host.run(0.1))
    assert host.controller.lost == 0 and host.controller.is_welcome


def test_any_bytes_leave_it_playing(host: Player) -> None:
    chance = random.Random(7)
    for _ in range(60):
        start = b"" if chance.random() < 0.5 else protocol.HEADER + bytes((1, chance.randrange(6)))
        host.tell(start + bytes(chance.randrange(256) for _ in range(chance.randrange(150))))
        host.run(0.01)
    host.wiring.to_device.clear()
    host.run(0.1)
    host.tell(protocol.Welcome(), protocol.Picture(3, 1, 0, ((9, 9, 9),)))
    host.run(0.1)
    assert host.controller.frame_shown == 3
    host.levels[4] = press(8)
    assert len(channel_messages(host.run(0.4), 0x90)) == 1
