"""The surface protocol: what goes in comes out, what is damaged does not, and its page says what the code does."""

from __future__ import annotations

import random

import pytest
from support.protocol_page import EXAMPLES, PAGE, renewed, tables

from weaver.model.errors import ProtocolError
from weaver.model.surface_protocol import (
    HEADER,
    IDENTITY_REPLY,
    LIGHTS_PER_PICTURE,
    MAX_LIGHTS,
    MAX_MESSAGE_BYTES,
    MESSAGES,
    UNSPEAKABLE,
    VERSION,
    Ask,
    DeviceAlive,
    Hello,
    HostAlive,
    Message,
    Picture,
    Welcome,
    answer,
    decode,
    encode,
    is_ours,
)

WHITE = (127, 127, 127)
LONGEST = Hello(64, 3, 16, 64, 127, 2, "x" * 32)
FULL = Picture(127, 1, MAX_LIGHTS - 1, (WHITE,) * LIGHTS_PER_PICTURE)


def reason(data: bytes) -> str:
    with pytest.raises(ProtocolError) as refusal:
        decode(data)
    return str(refusal.value)


def sealed(version: int, number: int, body: bytes) -> bytes:
    """A message with these parts, of the right length and check, whatever they are."""
    inner = bytes((*HEADER[1:], version, number, len(body))) + body
    return b"\xf0" + inner + bytes((-sum(inner) & 0x7F, 0xF7))


@pytest.mark.parametrize("message", [*EXAMPLES.values(), LONGEST, FULL, Picture(0, 0, 0, ())])
def test_what_goes_in_comes_out(message: Message) -> None:
    data = encode(message)
    assert decode(data) == message
    assert len(data) <= MAX_MESSAGE_BYTES and is_ours(data)
    assert data[0] == 0xF0 and data[-1] == 0xF7 and max(data[1:-1]) < 0x80


def test_bytes_are_as_they_were_published() -> None:
    """Devices in the field know these."""
    assert encode(Ask()).hex() == "f07d535701010057f7"
    assert encode(Welcome()).hex() == "f07d5357010201015 4f7".replace(" ", "")
    assert encode(HostAlive()).hex() == "f07d535701040054f7"
    assert encode(Picture(5, 1, 300, ((1, 2, 3),))).hex() == "f07d535701030705 01022c 010203 14f7".replace(" ", "")
    assert encode(DeviceAlive(3, 0)).hex() == "f07d535701440203000ff7"


@pytest.mark.parametrize("message", [LONGEST, FULL, Welcome(), DeviceAlive(1, 2)])
def test_any_single_wrong_byte_is_noticed(message: Message) -> None:
    data = encode(message)
    for at in range(len(data)):
        for byte in {data[at] ^ 1, data[at] ^ 0x40, data[at] ^ 0x80}:
            reason(data[:at] + bytes((byte,)) + data[at + 1 :])


@pytest.mark.parametrize("message", [LONGEST, FULL, Welcome()])
def test_lost_and_doubled_bytes_are_noticed(message: Message) -> None:
    data = encode(message)
    for at in range(1, len(data)):
        reason(data[:at] + data[at + 1 :])
        reason(data[:at])
        reason(data[:at] + data[at - 1 :])


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not of this protocol"),
        (IDENTITY_REPLY, "not of this protocol"),
        (bytes.fromhex("f07d414201010057f7"), "not of this protocol"),
        (sealed(VERSION, 0x02, bytes(MAX_MESSAGE_BYTES)), "not of this protocol"),
        (sealed(VERSION, 0x3F, b""), "unknown type"),
        (sealed(0, 0x01, b""), "no version"),
        (sealed(VERSION + 1, 0x03, bytes(7)), "later version"),
        (sealed(VERSION, 0x02, b""), "too short"),
        (sealed(VERSION, 0x02, b"\1\2"), "surplus bytes"),
        (sealed(VERSION, 0x03, bytes(6)), "wrong number of lights"),
        (sealed(VERSION, 0x03, bytes(4 + 99)), "wrong number of lights"),
        (sealed(VERSION, 0x41, bytes(6)), "too short"),
        (sealed(VERSION, 0x41, bytes(6) + b"\x05abc"), "too short"),
    ],
)
def test_the_reason_is_said(data: bytes, why: str) -> None:
    assert reason(data) == why


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (sealed(9, 0x01, b"new"), Ask()),
        (sealed(9, 0x02, b"\x07new"), Welcome(7)),
        (sealed(9, 0x41, b"\1\2\3\4\5\6\2ab" + b"new"), Hello(1, 2, 3, 4, 5, 6, "ab")),
    ],
)
def test_introductions_of_later_versions_can_be_read(data: bytes, message: Message) -> None:
    assert decode(data) == message


@pytest.mark.parametrize(("theirs", "spoken"), [(1, 1), (2, 1), (127, 1), (0, UNSPEAKABLE)])
def test_the_version_that_both_speak(theirs: int, spoken: int) -> None:
    assert answer(sealed(theirs, 0x41, bytes(7))) == Welcome(spoken)


@pytest.mark.parametrize(
    "message",
    [
        Welcome(128),
        Welcome(-1),
        Picture(0, 0, MAX_LIGHTS, ()),
        Picture(0, 0, 0, (WHITE,) * (LIGHTS_PER_PICTURE + 1)),
        Picture(0, 0, 0, ((0, 0, 128),)),
        Picture(0, 0, 0, ((0, 0),)),  # type: ignore[arg-type]
        Hello(1, 1, 1, 1, 1, 1, "x" * 33),
        Hello(1, 1, 1, 1, 1, 1, "ü"),
    ],
)
def test_what_has_no_room_is_refused(message: Message) -> None:
    with pytest.raises(ProtocolError, match="has no room for"):
        encode(message)


def test_any_bytes_are_read_or_refused() -> None:
    chance = random.Random(3)
    read = 0
    for _ in range(5_000):
        number = chance.choice([kind.number for kind in MESSAGES])
        data = sealed(chance.randrange(3), number, bytes(chance.randrange(128) for _ in range(chance.randrange(20))))
        try:
            decode(data)
            read += 1
        except ProtocolError:
            pass
    assert read > 100


def test_the_page_is_written_from_the_code() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == renewed(page), "run: python tests/support/protocol_page.py"
    assert all(table in page for table in tables().values())
