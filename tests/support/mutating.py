"""Datagrams as an enemy, a bad cable or a bad program would send them: good ones, damaged by seeded chance."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator

from weaver.model.osc_packet import encode, encode_bundle


def words(address: bytes, tags: bytes, body: bytes = b"") -> bytes:
    """A message that says whatever it is told to, padded as one is."""
    return b"".join(text + bytes(4 - len(text) % 4) for text in (address, tags)) + body


def bundle(*elements: bytes, time_tag: int = 1, sizes: tuple[int, ...] = ()) -> bytes:
    """A bundle, if need be with sizes that lie."""
    sizes = sizes or tuple(map(len, elements))
    inner = b"".join(
        struct.pack(">i", size) + element for size, element in zip(sizes, elements or (b"",) * len(sizes), strict=True)
    )
    return b"#bundle\0" + struct.pack(">Q", time_tag) + inner


def nested(depth: int) -> bytes:
    """A bundle in a bundle in a bundle..."""
    packet = bundle(encode("/hush"))
    for _ in range(depth - 1):
        packet = bundle(packet)
    return packet


GOOD = (
    encode("/sphere/3/rub", 0.25, 0.5),
    encode("/sphere/azure/strike", 1.0),
    encode("/sphere/all/damp", 1),
    encode("/sphere/2/finger/1", 0.5, 0.25, True),
    encode("/weave/1/2", 0.5),
    encode("/set/master_db", -6.0),
    encode("/hello", 9001),
    encode("/ping", 1, "text", b"blob", None),
    encode("/stakes", "gentle"),
    words(b"/set/master_db", b",hd", struct.pack(">qd", 2**40, 0.1)),
    words(b"/sphere/1/lift", b",cf", struct.pack(">4sf", b"\0\0\0a", 0.5)),
    bundle(encode("/sphere/1/rub", 0.1, 0.2), encode("/sphere/2/rub", 0.3, 0.4), time_tag=1 << 40),
    encode_bundle([encode_bundle([encode("/sync")]), encode("/panic")]),
    nested(4),
)
_SIGNS = (b"{,}", b"*", b"?", b"[a-z]", b"\xff\xfe", b"#bundle\0", b"/z", bytes(4), struct.pack(">i", -4))
_EXTREMES = (0, 1, 3, 4, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFC, 0x7FC00000, 0x7F800000, 0xFF800000)
"""Sizes that lie, and floats that are no numbers."""


def mutated(seed: int, count: int) -> Iterator[bytes]:
    """So many datagrams; the same for the same seed."""
    chance = random.Random(seed)
    for _ in range(count):
        data = bytearray(chance.choice(GOOD))
        for _ in range(chance.randrange(4)):
            at = chance.randrange(len(data) + 1)
            match chance.randrange(7):
                case 0 if data:
                    data[at % len(data)] = chance.randrange(256)
                case 1:
                    del data[at : at + chance.choice((1, 4, 8))]
                case 2:
                    data[at:at] = chance.randbytes(chance.choice((1, 4, 16)))
                case 3:
                    del data[at:]
                case 4:
                    data[at:at] = chance.choice(_SIGNS)
                case 5:
                    data[at & ~3 : (at & ~3) + 4] = struct.pack(">I", chance.choice(_EXTREMES))
                case _:
                    data += chance.choice(GOOD)
        yield bytes(data[:60_000])
