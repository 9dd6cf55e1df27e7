"""Differences only, within what a device can take: whatever is lost on the way, it shows the picture in the end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from support.lighting import lights, spot

from weaver.mapping.profile import Lights
from weaver.surfaces.lights.memory import LightMemory

SPOTS = 64
SENT = Lights("test", rate_hz=60.0, per_message=4)


class Frank:
    """A driver whose messages are readable: place, red, green and blue of each light."""

    def codes(self, wanted: np.ndarray) -> np.ndarray:
        return wanted.astype(np.int32) // 16

    def messages(self, codes: np.ndarray, which: Sequence[int]) -> list[bytes]:
        rows = [bytes((index, *codes[index].tolist())) for index in which]
        return [b"".join(rows[start : start + 4]) for start in range(0, len(rows), 4)]

    def extras(self, shine: object, first: int) -> dict[str, bytes]:
        return {}


class Device:
    """What such a device shows."""

    def __init__(self) -> None:
        self.lit = np.full((SPOTS, 3), -1)

    def hear(self, message: bytes) -> list[int]:
        told = []
        for start in range(0, len(message), 4):
            self.lit[message[start]] = list(message[start + 1 : start + 4])
            told.append(message[start])
        return told


def memory(how: Lights = SENT, kind: str = "rgb") -> LightMemory:
    return LightMemory(Frank(), how, [spot(kind=kind, led=n, place=n) for n in range(SPOTS)])  # type: ignore[arg-type]


def told(sent: list[tuple[bytes, float]]) -> list[int]:
    """Places of lights, in the order they were told in."""
    device = Device()
    return [place for message, _ in sent for place in device.hear(message)]


def picture(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (SPOTS, 3)).astype(np.uint8)


def with_options(**more: object) -> Lights:
    return lights("test", rate_hz=60.0, per_message=4, **more)


def test_only_differences_are_told() -> None:
    lit, first = memory(), picture(1)
    assert sorted(told(lit.frame(first, 0.0))) == list(range(SPOTS))
    assert lit.frame(first, 1.0) == []
    changed = first.copy()
    changed[7] ^= 0x80
    changed[9] ^= 0x01  # the same to the device
    assert told(lit.frame(changed, 2.0)) == [7]
    assert lit.is_settled(changed)


def test_no_more_than_the_device_can_take() -> None:
    lit = memory(with_options(per_picture=12, heal=2, pause_s=0.002))
    for n in range(50):
        sent = lit.frame(picture(n), n / 60)
        assert len(told(sent)) <= 12 and all(pause == 0.002 for _, pause in sent)
        assert len(set(told(sent))) == len(told(sent))


@pytest.mark.parametrize("rate_hz", [10.0, 25.0, 60.0])
def test_no_more_pictures_than_its_rate(rate_hz: float) -> None:
    lit = memory(lights("test", rate_hz=rate_hz))
    chance = np.random.default_rng(3)
    clock = np.cumsum(chance.uniform(0.001, 0.02, 1000))
    sent = [now for n, now in enumerate(clock) if lit.frame(picture(n), now)]
    assert len(sent) <= (clock[-1] - clock[0]) * rate_hz + 2
    assert np.diff(sent).min() > 0.64 / rate_hz
    assert len(sent) > 0.6 * (clock[-1] - clock[0]) * min(rate_hz, 1.0 / np.diff(clock).mean())


def test_a_clock_that_trembles_misses_no_picture() -> None:
    lit = memory()
    clock = np.arange(300) / 60 + np.random.default_rng(4).uniform(0.0, 0.001, 300)
    assert all(lit.frame(picture(n), now) for n, now in enumerate(clock))


def test_after_rest_the_first_change_goes_at_once() -> None:
    lit = memory(lights("test", rate_hz=10.0))
    lit.frame(picture(1), 0.0)
    for n in range(60):
        lit.frame(picture(1), n / 60)
    assert told(lit.frame(picture(2), 1.001))


@pytest.mark.parametrize("seed", range(6))
def test_the_device_shows_the_picture_in_the_end(seed: int) -> None:
    chance = np.random.default_rng(seed)
    lit, device = memory(with_options(per_picture=int(chance.integers(3, 20)))), Device()
    wanted = picture(seed)
    for n in range(200):
        if n < 100:
            places = chance.integers(0, SPOTS, 5)
            wanted[places] = chance.integers(0, 256, (5, 3))
        for message, _ in lit.frame(wanted, n / 60, chance.random(SPOTS).astype(np.float32)):
            device.hear(message)
    assert (device.lit == wanted // 16).all()


@pytest.mark.parametrize("loss", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("heal", [1, 2])
def test_whatever_was_lost_is_told_again(loss: float, heal: int) -> None:
    chance = np.random.default_rng(int(loss * 10) + heal)
    lit, device = memory(with_options(per_picture=12, heal=heal)), Device()
    for n in range(120):
        for message, _ in lit.frame(picture(n // 20), n / 60):
            if chance.random() > loss:
                device.hear(message)
    wrong = (device.lit != picture(5) // 16).any(axis=1).sum()
    assert wrong  # it did lose some
    for n in range(120, 120 + SPOTS // heal + 12):
        for message, _ in lit.frame(picture(5), n / 60):
            device.hear(message)
    assert (device.lit == picture(5) // 16).all()


def test_the_urgent_come_first_and_none_waits_for_ever() -> None:
    lit = memory(with_options(per_picture=8))
    lit.frame(picture(0), 0.0)
    lit.sent[:] = lit.driver.codes(picture(0))  # type: ignore[index]
    urgency = np.zeros(SPOTS, np.float32)
    urgency[20:40] = 1.0
    assert set(told(lit.frame(picture(0) ^ 0x80, 1.0, urgency))) <= set(range(20, 40))
    seen: set[int] = set()
    for n in range(60):  # the urgent ones change in every picture, and there are more of them than have room
        wanted = picture(0) ^ 0x80
        wanted[20:40] = picture(n + 1)[20:40]
        seen |= set(told(lit.frame(wanted, 2.0 + n / 60, urgency)))
    assert seen == set(range(SPOTS))


def test_of_equals_the_larger_change_comes_first() -> None:
    lit = memory(with_options(per_picture=4))
    wanted = np.zeros((SPOTS, 3), np.uint8)
    for n in range(20):
        lit.frame(wanted, n / 60)
    wanted[:, 0] = np.arange(SPOTS) * 3 + 16
    assert told(lit.frame(wanted, 1.0)) == [63, 62, 61, 60]


def test_what_is_late_is_replaced_by_what_is_newer() -> None:
    lit, device = memory(with_options(per_picture=4)), Device()
    wanted = np.zeros((SPOTS, 3), np.uint8)
    for n in range(200):
        wanted[:] = n
        for message, _ in lit.frame(wanted, n / 60):
            now = device.hear(message)
            assert (device.lit[now] == n // 16).all()


def test_what_was_forgotten_is_told_again() -> None:
    lit = memory(with_options(per_picture=40))
    for n in range(3):
        lit.frame(picture(1), n / 60, extras={"name": b"a"})
    lit.forget([3, 5])
    assert sorted(told(lit.frame(picture(1), 1.0, extras={"name": b"a"}))) == [3, 5]
    lit.forget()
    sent = [lit.frame(picture(1), 2.0 + n / 60, extras={"name": b"a"}) for n in range(3)]
    assert sent[0][-1][0] == b"a"
    assert len(told(sent[0][:-1])) == 40 and len(told(sent[1])) == SPOTS - 40 and sent[2] == []


def test_a_light_that_its_device_changes_is_told_again_and_once_more() -> None:
    lit = memory(with_options(overrides=True))
    lit.frame(picture(1), 0.0)
    lit.touched(9, 1.0)
    lit.touched(1000, 1.0)
    assert told(lit.frame(picture(1), 1.0)) == [9]
    assert lit.frame(picture(1), 1.05) == []
    assert told(lit.frame(picture(1), 1.11)) == [9]
    assert lit.frame(picture(1), 1.2) == []
    plain = memory()
    plain.frame(picture(1), 0.0)
    plain.touched(9, 1.0)
    assert plain.frame(picture(1), 1.0) == []


def test_a_ring_does_not_fight_the_finger() -> None:
    lit = memory(SENT, "ring")
    lit.frame(picture(1), 0.0)
    lit.touched(9, 1.0)
    assert sorted(told(lit.frame(picture(1) ^ 0x80, 1.02))) == [n for n in range(SPOTS) if n != 9]
    assert told(lit.frame(picture(1) ^ 0x80, 1.11)) == [9]


def test_a_fader_that_is_touched_is_told_nothing_until_it_is_let_go() -> None:
    spots = [spot(kind="level", led=n, place=n, touch=0x68 + n if n else -1) for n in range(SPOTS)]
    lit = LightMemory(Frank(), with_options(heal=2), spots)  # type: ignore[arg-type]
    lit.frame(picture(1), 0.0)
    lit.felt(0x68 + 9, True, 1.0)
    lit.felt(0x68, True, 1.0)  # nobody's
    lit.touched(9, 1.0)
    assert sorted(set(told(lit.frame(picture(1) ^ 0x80, 1.02)))) == [n for n in range(SPOTS) if n != 9]
    lit.forget()
    for turn in range(SPOTS):
        assert 9 not in told(lit.frame(picture(1), 1.5 + turn / 50)), "neither painted anew nor healed"
    later = LightMemory(Frank(), with_options(), spots, lit.fingers)  # type: ignore[arg-type]
    assert 9 not in told(later.frame(picture(1), 3.0)), "nor on another page"
    later.felt(0x68 + 9, False, 4.0)
    assert later.frame(picture(1), 4.05) == []
    assert told(later.frame(picture(1), 4.11)) == [9], "a finger has moved it, whatever it was told"
    assert later.frame(picture(1), 4.3) == []


def test_names_are_said_when_they_change_and_a_few_at_a_time() -> None:
    lit = memory()
    names = {f"name {n}": bytes((0xF0, n, 0xF7)) for n in range(20)}
    lit.frame(picture(1), 0.0)
    said: list[bytes] = []
    for n in range(5):
        now = [message for message, _ in lit.frame(picture(1), 1.0 + n / 60, extras=names)]
        assert len(now) <= 8
        said += now
    assert said == list(names.values())
    names["name 3"] = b"\xf0\x09\xf7"
    assert [message for message, _ in lit.frame(picture(1), 2.0, extras=names)] == [b"\xf0\x09\xf7"]


def test_a_surface_without_lights_is_told_nothing() -> None:
    lit = LightMemory(Frank(), with_options(heal=2), [])  # type: ignore[arg-type]
    assert lit.frame(np.zeros((0, 3), np.uint8), 0.0) == []
