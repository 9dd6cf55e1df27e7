"""Packets into messages, and driver stamps onto our clock."""

from __future__ import annotations

import itertools
import random
from collections import Counter

import pytest

from weaver.midi.arrival import ArrivalClock
from weaver.midi.framing import MAX_SYSEX_BYTES, Framer


def framed(*packets: str) -> tuple[list[str], Counter[str]]:
    lost: Counter[str] = Counter()
    framer = Framer(lost)
    return [message.hex() for packet in packets for message in framer.feed(bytes.fromhex(packet))], lost


@pytest.mark.parametrize(
    ("packets", "messages"),
    [
        (["903c40 803c00"], ["903c40", "803c00"]),
        (["903c40 3e40", "4040"], ["903c40", "903e40", "904040"]),
        (["c005 06", "d07f"], ["c005", "c006", "d07f"]),
        (["903c", "40"], ["903c40"]),
        (["903c f8 40"], ["f8", "903c40"]),
        (["f0 7e7f", "f8 0601", "f7"], ["f8", "f07e7f0601f7"]),
        (["f20102 f103 f304 f6"], ["f20102", "f103", "f304", "f6"]),
        (["f8 fa fb fc fe ff"], ["f8", "fa", "fb", "fc", "fe", "ff"]),
    ],
)
def test_whole_messages_come_out(packets: list[str], messages: list[str]) -> None:
    assert framed(*packets) == (messages, Counter())


@pytest.mark.parametrize(
    ("packets", "messages", "lost"),
    [
        (["3c40"], [], {"data without status": 2}),
        (["f001", "903c40"], ["903c40"], {"cut short": 1}),
        (["90 b00740"], ["b00740"], {"cut short": 1}),
        (["903c40 f6 3e40"], ["903c40", "f6"], {"data without status": 2}),
        (["f4 f7"], [], {"undefined status": 2}),
    ],
)
def test_nonsense_is_counted_by_reason(packets: list[str], messages: list[str], lost: dict[str, int]) -> None:
    assert framed(*packets) == (messages, Counter(lost))


def test_a_sysex_that_never_ends_is_given_up() -> None:
    lost: Counter[str] = Counter()
    framer = Framer(lost)
    assert framer.feed(b"\xf0" + bytes(MAX_SYSEX_BYTES)) == []
    assert lost["endless SysEx"] == 1
    assert framer.feed(b"\x90\x3c\x40") == [b"\x90\x3c\x40"]


def test_any_bytes_give_only_well_formed_messages() -> None:
    chance = random.Random(1)
    framer = Framer(Counter())
    for _ in range(2000):
        for message in framer.feed(chance.randbytes(chance.randrange(12))):
            assert message[0] >= 0x80
            assert all(byte < 0x80 for byte in message[1:] if message[0] != 0xF0)
            assert message[0] != 0xF0 or message[-1] == 0xF7


def test_arrivals_lose_the_readers_jitter_but_keep_the_drivers_spacing() -> None:
    clock, chance = ArrivalClock(), random.Random(2)
    spacing_s, zero_s = 0.01, 1000.0
    clock.arrival(0.0, zero_s)
    arrivals_s = []
    for k in range(1, 500):
        read_s = zero_s + k * spacing_s + chance.uniform(0, 0.005)
        arrivals_s.append(clock.arrival(k * spacing_s, read_s))
    gaps_s = [after - before for before, after in itertools.pairwise(arrivals_s)]
    assert max(abs(gap_s - spacing_s) for gap_s in gaps_s) < 0.001


def test_an_arrival_is_never_after_now_nor_before_the_last() -> None:
    clock, chance = ArrivalClock(), random.Random(3)
    driver_s, now_s, last_s = 0.0, 50.0, 0.0
    for _ in range(2000):
        driver_s = max(0.0, driver_s + chance.uniform(-0.001, 0.02))
        now_s += chance.uniform(0, 0.02)
        arrival_s = clock.arrival(driver_s, now_s)
        assert last_s <= arrival_s <= now_s
        last_s = arrival_s


def test_a_driver_clock_that_is_set_back_is_followed() -> None:
    clock = ArrivalClock()
    clock.arrival(100.0, 200.0)
    assert clock.arrival(0.0, 205.0) == pytest.approx(205.0)
    assert clock.arrival(1.0, 206.1) == pytest.approx(206.0, abs=0.01)


def test_clocks_that_drift_apart_are_followed() -> None:
    clock = ArrivalClock()
    for second in range(3600):
        arrival_s = clock.arrival(second * (1 - 1e-4), float(second))
    assert arrival_s == pytest.approx(3599, abs=0.001)
