"""Bundles: taken whole, in order, with their times; and what was said before is read as if for the first time."""

from __future__ import annotations

import math
import struct

import pytest
from support.mutating import GOOD, bundle, mutated, nested, words

from weaver.model import osc_packet
from weaver.model.errors import ProtocolError
from weaver.model.osc_addresses import Space
from weaver.model.osc_packet import (
    AT_ONCE,
    MAX_DEPTH,
    MAX_MESSAGES,
    MAX_PACKET_BYTES,
    OscMessage,
    Together,
    decode,
    decode_packet,
    encode,
    encode_bundle,
)

A, B = encode("/a", 1), encode("/b", 0.5)
SAID_A, SAID_B = OscMessage("/a", (1,)), OscMessage("/b", (0.5,))


def reason(packet: bytes) -> str:
    with pytest.raises(ProtocolError) as refusal:
        decode_packet(packet)
    return str(refusal.value)


def test_a_message_by_itself_is_at_once() -> None:
    assert decode_packet(A) == (Together(AT_ONCE, (SAID_A,)),)


def test_a_bundle_is_together_at_its_time() -> None:
    assert decode_packet(encode_bundle([A, B], 1 << 40)) == (Together(1 << 40, (SAID_A, SAID_B)),)
    assert decode_packet(encode_bundle([])) == ()


def test_a_bundle_within_stands_by_itself_in_its_place() -> None:
    packet = encode_bundle([A, encode_bundle([B], 7), A], 5)
    assert decode_packet(packet) == (Together(5, (SAID_A,)), Together(7, (SAID_B,)), Together(5, (SAID_A,)))
    assert len(decode_packet(nested(MAX_DEPTH))) == 1


@pytest.mark.parametrize(
    ("packet", "why"),
    [
        pytest.param(bundle(sizes=(-4,)), "bad size in a bundle", id="20 bytes with an element of -4"),
        pytest.param(bundle(sizes=(0,)), "bad size in a bundle", id="an empty element"),
        pytest.param(bundle(*[b""] * 1000), "bad size in a bundle", id="1000 empty elements"),
        pytest.param(bundle(A, sizes=(2**31 - 1,)), "bad size in a bundle", id="an element of 2 GiB"),
        pytest.param(bundle(A + b"\0", sizes=(len(A) + 1,)), "bad size in a bundle", id="odd size"),
        pytest.param(bundle(A) + b"\0\0", "too short", id="half a size"),
        pytest.param(b"#bundle\0\0\0", "too short", id="no time"),
        pytest.param(nested(MAX_DEPTH + 1), "too deep", id="one too deep"),
        pytest.param(nested(400), "too deep", id="400 deep, as many as fit"),
        pytest.param(nested(900), "too long", id="900 deep"),
        pytest.param(bundle(*[encode("/a")] * (MAX_MESSAGES + 1)), "too many messages", id="too many"),
        pytest.param(bundle(words(b"/" + b"{,}" * 16, b",")), "bad address", id="{,} {,} {,}"),
        pytest.param(bundle(A, words(b"/a\xff", b",")), "not UTF-8", id="one that is not UTF-8 spoils all"),
        pytest.param(bundle(words(b"/a", b",f", struct.pack(">f", math.nan))), "not a finite number", id="NaN"),
        pytest.param(words(b"/a", b"," + b"x" * 60_000), "too long", id="60 kB of unknown types"),
        pytest.param(words(b"/a", b"," + b"x" * 100), "unknown type", id="100 unknown types"),
        pytest.param(words(b"/a", b",ff", bytes(6)), "not a multiple of four bytes", id="half a float"),
        pytest.param(words(b"/a", b",b", struct.pack(">i", -1) + bytes(4)), "too short", id="negative blob"),
    ],
)
def test_hostile_packets_are_refused_whole(packet: bytes, why: str) -> None:
    assert reason(packet) == why


def test_a_bundle_that_is_too_long_cannot_be_said() -> None:
    with pytest.raises(ProtocolError, match="too long"):
        encode_bundle([A] * MAX_PACKET_BYTES)


def read(packet: bytes) -> object:
    try:
        return decode_packet(packet)
    except ProtocolError as error:
        return str(error)


def test_said_again_it_means_the_same() -> None:
    """Addresses and types that were good are remembered: damage behind, within and before them is still seen."""
    packets = [*GOOD, *mutated(3, 2000)]
    for good in GOOD:
        decode_packet(good)
    remembered = [read(packet) for packet in packets]
    anew = []
    for packet in packets:
        osc_packet._heads.clear()
        anew.append(read(packet))
    assert remembered == anew
    assert len(set(map(str, anew))) > 50


def test_a_number_that_is_none_is_refused_where_good_ones_were_said() -> None:
    decode(encode("/same", 0.5, 0.5))
    for bad in (math.nan, math.inf, -math.inf):
        assert reason(words(b"/same", b",ff", struct.pack(">ff", 0.5, bad))) == "not a finite number"
    assert reason(encode("/same", 0.5, 0.5) + bytes(4)) == "surplus bytes"
    assert reason(encode("/same", 0.5, 0.5)[:-4]) == "too short"


def test_what_is_remembered_is_bounded() -> None:
    for number in range(3000):
        decode(encode(f"/{number}", 1.0))
    assert len(osc_packet._heads) <= 1024


def test_hostile_datagrams_are_read_or_refused() -> None:
    """Nothing else is raised; what is read is finite, and an address that means something means it again."""
    space = Space(("Azure", "Mist", "3", "grün"))
    refused: set[str] = set()
    understood = 0
    for packet in mutated(7, 20_000):
        found = read(packet)
        if isinstance(found, str):
            refused.add(found)
            continue
        assert isinstance(found, tuple)
        for message in (message for together in found for message in together.messages):
            assert all(math.isfinite(a) for a in message.arguments if isinstance(a, int | float))
            understood += (target := space.resolve(message.address)) is not None
            assert target is space.resolve(message.address)
    assert understood > 3000
    assert len(refused) > 10
