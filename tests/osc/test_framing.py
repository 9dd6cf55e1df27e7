"""Packets in a stream, cut anywhere, in both ways; and streams that are none."""

from __future__ import annotations

import random
import struct

import pytest

from weaver.model.errors import ProtocolError
from weaver.model.osc_packet import MAX_PACKET_BYTES, encode
from weaver.osc.framing import Framing

WAYS = ("size", "slip")


def framing(way: str) -> Framing:
    """One whose peer speaks so, and has said nothing that counts yet."""
    framing = Framing()
    if way == "slip":
        assert framing.feed(b"\xc0") == []
    return framing


def some_packets(chance: random.Random) -> list[bytes]:
    """Of every length, and with many bytes that SLIP has to escape."""
    signs = b"\xc0\xdb\xdc\xdd\x00/#"
    return [
        b"/" + bytes(chance.choice(signs) if chance.random() < 0.5 else chance.randrange(256) for _ in range(length))
        for length in (chance.choice((3, 7, 31, 500, MAX_PACKET_BYTES - 1)) for _ in range(chance.randrange(1, 8)))
    ]


def in_pieces(chance: random.Random, stream: bytes) -> list[bytes]:
    cuts = sorted(chance.randrange(len(stream) + 1) for _ in range(chance.randrange(40)))
    return [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("seed", range(25))
def test_whatever_is_framed_comes_out_wherever_it_is_cut(way: str, seed: int) -> None:
    chance = random.Random(seed)
    packets = some_packets(chance)
    stream = b"".join(map(framing(way).frame, packets))
    ours, found = Framing(), []
    for piece in in_pieces(chance, stream):
        found += ours.feed(piece)
    assert found == packets
    assert ours.way == way and not ours.is_begun


@pytest.mark.parametrize("way", WAYS)
def test_byte_by_byte(way: str) -> None:
    packets = [encode("/a", 1), encode("/b", b"\xc0\xdb")]
    stream = b"".join(map(framing(way).frame, packets))
    ours = Framing()
    assert [packet for byte in stream for packet in ours.feed(bytes((byte,)))] == packets


def test_one_end_is_enough_and_the_first_may_be_missing() -> None:
    a, b = encode("/a", 1), encode("/b", 2)
    assert Framing().feed(b"\xc0" + a + b"\xc0" + b + b"\xc0") == [a, b]
    assert Framing().feed(a + b"\xc0" + b + b"\xc0") == [a, b]
    assert Framing().feed(b"\xc0\xc0\xc0" + a + b"\xc0\xc0\xc0") == [a]
    bundle = b"#bundle\0" + bytes(8)
    assert Framing().feed(bundle + b"\xc0") == [bundle]


def test_an_answer_goes_as_the_peer_speaks() -> None:
    packet = b"/\xc0\xdb\0"
    assert Framing().frame(packet) == b"\0\0\0\4" + packet
    assert framing("slip").frame(packet) == b"\xc0/\xdb\xdc\xdb\xdd\0\xc0"


def test_what_has_begun_is_said() -> None:
    for way, part in (("size", b"\0\0"), ("size", b"\0\0\0\x08/a"), ("slip", b"\xc0/a")):
        ours = Framing()
        ours.feed(part)
        assert ours.is_begun and ours.way == way
    ours = framing("slip")
    assert not ours.is_begun
    assert ours.feed(b"") == []


@pytest.mark.parametrize(
    ("stream", "why"),
    [
        pytest.param(b"GET / HTTP/1.1\r\n", "neither size nor SLIP", id="a browser"),
        pytest.param(b"\xff\xff\xff\xff", "neither size nor SLIP", id="4 GiB"),
        pytest.param(b"\x16\x03\x01", "neither size nor SLIP", id="TLS"),
        pytest.param(b"\0\xff\xff\xff", "bad size of a frame", id="16 MiB"),
        pytest.param(struct.pack(">i", MAX_PACKET_BYTES + 4), "bad size of a frame", id="a little too long"),
        pytest.param(bytes(4), "bad size of a frame", id="nothing at all"),
        pytest.param(b"\0\0\0\4/a\0\0\xff\xff\xff\xff", "bad size of a frame", id="4 GiB later on"),
        pytest.param(b"\xc0" + b"a" * (2 * MAX_PACKET_BYTES + 1), "frame without end", id="endless SLIP"),
    ],
)
def test_what_is_no_stream_of_packets_is_refused(stream: bytes, why: str) -> None:
    with pytest.raises(ProtocolError, match=why):
        Framing().feed(stream)


@pytest.mark.parametrize("first", [b"\0", b"\xc0", b"/", b"#", b""])
def test_nonsense_is_bounded(first: bytes) -> None:
    """Whatever comes, what waits is a packet's worth, or it is over."""
    chance = random.Random(first)
    for _ in range(20):
        ours = Framing()
        try:
            ours.feed(first)
            for _ in range(50):
                ours.feed(chance.randbytes(chance.randrange(4096)))
                assert len(ours._waiting) <= 2 * MAX_PACKET_BYTES + 4
        except ProtocolError:
            pass
